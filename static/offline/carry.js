// On every page of somebody who is signed in: has the device carry the board and the planning as they were
// seen last, and forget them when the session is over. What is kept, and how, is worker.js's business.
"use strict";

(() => {
  const { account, build } = document.body.dataset;
  const { serviceWorker } = navigator;
  if (!serviceWorker) {
    return; // Without TLS browsers have no workers.
  }
  if (!account) {
    serviceWorker.getRegistration().then((registration) => registration?.active?.postMessage({ has: "ended" }));
    return;
  }
  const page = document.querySelector("[data-carried]");
  // Both in milliseconds.
  const TELL_EVERY = 60_000; // While the page stays the same, which costs no request.
  const SOON = 30_000; // After a change, on an average: all who look at the board fetch it, and not at the same time.
  let sureAt = performance.timeOrigin; // When the page was sure of what it shows.
  let told = {};
  let later = null;

  const registered = serviceWorker.register("/service-worker.js", { updateViaCache: "none" }).catch(() => null);
  const ready = registered.then((registration) => registration && serviceWorker.ready);

  async function tell(message) {
    // None is active once another window has signed out: the device has been cleared.
    (await ready)?.active?.postMessage({ account, ...message });
  }

  const version = () => `${build}-${page.dataset.revision}`;

  function tellSeen() {
    clearTimeout(later);
    later = null;
    told = { version: version(), at: sureAt };
    tell({ has: "seen", path: page.dataset.carried, ...told });
  }

  document.addEventListener("freshness", ({ detail }) => detail.state === "ended" && tell({ has: "ended" }));
  if (!page) {
    tell({ has: "seen" });
    return;
  }
  tellSeen();
  document.addEventListener("freshness", ({ detail: { state, at } }) => {
    if (state !== "live") {
      return;
    }
    sureAt = at;
    if (version() !== told.version) {
      later ??= setTimeout(tellSeen, SOON * (0.5 + Math.random()));
    } else if (at - told.at > TELL_EVERY) {
      tellSeen();
    }
  });
  document.addEventListener("visibilitychange", () => document.hidden && tellSeen()); // Into a pocket, perhaps into a valley.
})();
