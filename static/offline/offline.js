// On pages that the device shows without network: says how old they are, and goes back to the real page
// as soon as there is a network again.
"use strict";

(() => {
  const { zone, why } = document.body.dataset;
  const AGAIN = why === "slow" ? 60_000 : 5_000; // Milliseconds between two looks for the network, on an average.
  const PATIENCE = 2_500;
  const format = (options) => new Intl.DateTimeFormat("fr-FR", { timeZone: zone, ...options });
  const hourOf = (time) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(time).replace(":", "\u202fh\u202f");
  const dayOf = (time) => format({ weekday: "long", day: "numeric", month: "long" }).format(time);

  // « données de 12 h 03 »; of another day, which one, and what is to be said of an old page alone.
  function say(element, at) {
    const { saysToday, saysBefore, saysIn } = element.dataset;
    const isToday = dayOf(at) === dayOf(Date.now());
    const words = isToday ? saysToday : saysBefore;
    if (words) {
      const said = words.replace("{day}", dayOf(at)).replace("{hour}", hourOf(at));
      (saysIn ? document.getElementById(saysIn) : element).textContent = said;
      element.hidden = false;
    }
  }

  for (const element of document.querySelectorAll("[data-carries]")) {
    if (element.dataset.at) {
      say(element, Number(element.dataset.at));
    }
  }

  for (const way of document.querySelectorAll("[data-way]")) {
    way.hidden = !way.querySelector("[data-at]").dataset.at;
  }
  for (const none of document.querySelectorAll("[data-none]")) {
    none.hidden = Boolean(document.querySelector("[data-way]:not([hidden])"));
  }

  // --- The way back

  const { heals, own } = document.body.dataset;

  async function look() {
    const answer = await fetch("/manifest.webmanifest", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    if (answer?.ok) {
      heals ? location.replace(heals) : location.reload();
    }
  }

  function lookAgain() {
    setTimeout(async () => {
      if (!document.hidden) {
        await look();
      }
      lookAgain();
    }, AGAIN * (0.5 + Math.random()));
  }

  document.querySelector("[data-again]")?.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  if (location.pathname === own) {
    return; // Opened for its own sake: there is no other page in whose place it stands.
  }
  navigator.serviceWorker?.addEventListener("message", () => location.reload()); // The real page arrived after all.
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  lookAgain();
})();
