// « Notifications »: has this browser subscribe at its maker's service, once somebody asked for it, and hands the
// server what it was given by an ordinary form. renew.js, on every page, goes on from there.
"use strict";

(() => {
  const form = document.querySelector("[data-push-add]");
  const button = document.querySelector("[data-push-on]");
  const failed = document.querySelector("[data-push-failed]");
  const { serviceWorker } = navigator;
  const PATIENCE = 20_000; // Milliseconds.

  function say(state) {
    for (const words of document.querySelectorAll("[data-push-says]")) {
      words.hidden = words.dataset.pushSays !== state;
    }
    button.hidden = !["off", "lost"].includes(state);
  }

  function isOff() {
    if (!serviceWorker || !window.PushManager || !window.Notification) {
      return navigator.standalone === false ? "install" : "unsupported"; // Only an iPhone says that it could be installed.
    }
    return Notification.permission === "denied" ? "denied" : "off";
  }

  function sayFailed() {
    const words = Object.assign(document.createElement("p"), { className: "flash flash-error" });
    words.textContent = failed.dataset.pushFailed;
    failed.append(words);
  }

  async function ready() {
    if (!(await serviceWorker.getRegistration())) {
      throw new Error("no service worker");
    }
    return serviceWorker.ready;
  }

  async function subscribed() {
    const { pushManager } = await ready();
    await (await pushManager.getSubscription())?.unsubscribe(); // Another's, or for another key.
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.pushKey });
  }

  async function turnOn() {
    if ((await Notification.requestPermission()) !== "granted") {
      say(isOff());
      return;
    }
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    const { endpoint, keys } = (await Promise.race([subscribed(), late])).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) {
      form.elements[name].value = value;
    }
    window.push.begin();
    form.requestSubmit();
  }

  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled")) {
      return;
    }
    button.setAttribute("aria-disabled", "true");
    failed.replaceChildren();
    await turnOn().catch(sayFailed);
    button.removeAttribute("aria-disabled");
  });

  // The server takes it for on: the browser may have lost what it was given, or not be allowed to any more.
  async function check(on) {
    const registration = await serviceWorker?.getRegistration();
    const isHeld = isOff() === "off" && (await registration?.pushManager.getSubscription());
    on.hidden = !isHeld;
    say(isHeld ? "on" : isOff() === "off" ? "lost" : isOff());
  }

  const on = document.querySelector("[data-push-is-on]");
  on ? check(on) : say(isOff());
})();
