// The part of the service worker that hears of something while no page is open: a word on the screen, and where it
// leads when it is touched. SETTINGS stand above this text. A subscription that the browser exchanges
// (`pushsubscriptionchange`) is told to the server by the next page that is opened, renew.js: a worker has no token.
"use strict";

// What was sent, or nothing where it is not what we send.
function told(data) {
  try {
    const message = data.json();
    return typeof message.title === "string" && message.title.trim() ? message : null;
  } catch {
    return null;
  }
}

// Where a path leads: into this network, or else to what is new. Browsers read "//there" and "/\there" as another host.
function leading(path) {
  try {
    const { origin, href } = new URL(path, location.origin);
    return origin === location.origin && path.startsWith("/") ? href : whole(SETTINGS.push.path);
  } catch {
    return whole(SETTINGS.push.path);
  }
}

// Something is always shown: a browser that was promised so says something of its own otherwise.
function show(message) {
  const { title, body = "", path, tag = "", at } = message || SETTINGS.push;
  const { icon, badge, lang } = SETTINGS.push;
  const timestamp = Number.isFinite(at) ? at : Date.now();
  return self.registration.showNotification(title, { body, tag, icon, badge, lang, timestamp, data: { path } });
}

let askedFor = 500; // Milliseconds: a browser lets us open a window only shortly after the touch, some within a second.

// Whether a window may be led elsewhere: its page says that nothing can be lost there. One that sleeps says nothing.
function mayLead(taken) {
  const { port1, port2 } = new MessageChannel();
  taken.postMessage("may-lead", [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true);
    setTimeout(resolve, askedFor, false);
  });
}

// A window that shows it already, or the one that was looked at last if nothing is being written there, or a new one.
// In front before it has loaded: a browser lets us do so only shortly after the touch.
async function lead(path) {
  const address = leading(path);
  const windows = await self.clients.matchAll({ type: "window" });
  const shown = windows.find(({ url }) => url === address);
  const taken = shown || (windows[0] && (await mayLead(windows[0])) ? windows[0] : null);
  await taken?.focus().catch(() => {});
  if (!taken || !(shown || (await taken.navigate(address).catch(() => null)))) {
    await self.clients.openWindow(address);
  }
}

self.addEventListener("push", (event) => event.waitUntil(show(told(event.data))));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.path));
});
