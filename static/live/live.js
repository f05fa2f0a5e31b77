// The live part of a page: says what it shows, takes the sections that differ,
// and always tells how fresh it is. Without a socket it asks over HTTP.
"use strict";

(() => {
  const page = document.querySelector("[data-live]");
  const scope = page.dataset.live;
  const line = document.querySelector("[data-freshness]");
  const announcement = document.querySelector("[data-announce]");
  const EVERY = 30_000; // Milliseconds between two questions over HTTP.
  const GRACE = 1_500; // Milliseconds of silence before the page calls itself old.
  let freshAt = new Date();
  let waiting = null;
  let asking = null;
  let hasEnded = false;

  const hour = (time) => `${String(time.getHours()).padStart(2, "0")}\u202fh\u202f${String(time.getMinutes()).padStart(2, "0")}`;

  function say(state) {
    const says = {
      live: line.dataset.saysLive,
      connecting: line.dataset.saysConnecting,
      stale: `${line.dataset.saysStale} ${hour(freshAt)}`,
      ended: line.dataset.saysEnded,
    };
    line.textContent = says[state];
    line.dataset.state = state;
  }

  function replace(id, html) {
    const old = document.getElementById(id);
    if (!old) {
      return;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const shown = new Set([...old.querySelectorAll("li, tr")].map((item) => item.textContent));
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    old.replaceWith(fresh);
    for (const item of fresh.querySelectorAll("li, tr")) {
      item.classList.toggle("changed", !shown.has(item.textContent));
    }
    if (focused) {
      fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  function take(news) {
    const ids = Object.keys(news.sections);
    for (const id of ids) {
      replace(id, news.sections[id]);
    }
    freshAt = new Date();
    page.dataset.revision = news.revision;
    if (ids.length) {
      page.dispatchEvent(new CustomEvent("live:changed", { bubbles: true, detail: { ids } }));
      announcement.textContent = `${announcement.dataset.saysChanged} ${hour(freshAt)}`;
    }
  }

  async function ask() {
    try {
      const answer = await fetch(page.dataset.fragments, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        end();
      } else if (answer.ok && !socket.connected) {
        take(await answer.json());
        say("stale");
      }
    } catch {
      say("stale");
    }
  }

  function end() {
    hasEnded = true;
    calm();
    socket.disconnect();
    say("ended");
  }

  function calm() {
    clearInterval(asking);
    clearTimeout(waiting);
    asking = waiting = null;
  }

  function lost() {
    if (hasEnded || waiting || asking) {
      return;
    }
    say("connecting");
    waiting = setTimeout(() => {
      say("stale");
      asking = setInterval(ask, EVERY);
      ask();
    }, GRACE);
  }

  const server = new URL(line.dataset.server);
  if (server.port) {
    server.hostname = location.hostname; // Without a proxy: another port of whatever name brought us here.
  }
  const socket = io(server.origin, {
    transports: ["websocket"],
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });

  lost();
  socket.on("connect", () => socket.emit("watch", { scope, revision: page.dataset.revision }));
  socket.on("picture", (news) => {
    if (news.scope === scope) {
      calm();
      take(news);
      say("live");
    }
  });
  socket.on("disconnect", (reason) => {
    lost();
    if (reason === "io server disconnect" && !hasEnded) {
      socket.connect();
    }
  });
  socket.on("connect_error", lost);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !socket.connected && !hasEnded) {
      socket.connect();
      ask();
    }
  });
})();
