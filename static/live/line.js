// The line that tells how fresh a page is, and what a screen reader hears of it.
"use strict";

window.freshnessLine = (() => {
  const line = document.querySelector("[data-freshness]");
  const spoken = document.querySelector("[data-announce]");
  const says = { live: "saysLive", connecting: "saysConnecting", stale: "saysStale", ended: "saysEnded", gone: "saysGone" };
  const clock = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: line.dataset.zone });
  let announced = "live";

  const hour = (time) => clock.format(time).replace(":", "\u202fh\u202f");

  function write(element, text) {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  return {
    // The address of the push process.
    server: line.dataset.server,

    // The state that the page is in; `at` is the moment of what it shows. The hour in the line goes on
    // by itself, and a line that is lost for a second comes back: only what lasts is said aloud, once.
    say(state, at) {
      const old = navigator.onLine ? line.dataset.saysStale : line.dataset.saysOffline;
      const text = state === "stale" ? `${old} ${hour(at)}` : line.dataset[says[state]];
      write(line, text);
      line.dataset.state = state;
      if (state !== "connecting" && state !== announced) {
        announced = state;
        write(spoken, text);
      }
      document.dispatchEvent(new CustomEvent("freshness", { detail: { state, at } }));
    },

    announceChange() {
      write(spoken, `${spoken.dataset.saysChanged} ${hour(Date.now())}`);
    },
  };
})();
