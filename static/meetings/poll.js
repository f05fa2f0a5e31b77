// A date that comes, or has other hours, while the page is open: what is pushed is the same for all, so the cell
// in which its reader answers is taken from the page as it would be drawn for them now. What they ticked stays.
"use strict";

(() => {
  const WITHIN = 300; // Milliseconds: not all who look at a poll ask at the same time.
  const DATES = "poll-fix-dates"; // Of which one is fixed, by whoever leads.
  const page = document.querySelector(".poll");
  const places = () => [...page.querySelectorAll("td.mine:not([data-stays])")];
  const rows = () => [...page.querySelectorAll("[data-date]")].map((row) => row.dataset.date).join(" ");
  const isAsked = page.classList.contains("is-asked");
  let known = rows();

  function take(found) {
    for (const place of isAsked ? places() : []) {
      const own = found.getElementById(place.id);
      if (own?.matches("[data-stays]")) {
        place.replaceWith(document.adoptNode(own));
      }
    }
    const fresh = found.getElementById(DATES);
    if (fresh) {
      document.getElementById(DATES)?.replaceWith(document.adoptNode(fresh));
    }
  }

  async function bring() {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * WITHIN));
    const headers = { Accept: "text/html", "X-Live": "1" };
    const answer = await fetch(location.href, { headers, redirect: "manual" }).catch(() => null);
    if (answer?.ok) {
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  }

  page.addEventListener("live:changed", () => {
    if (known !== rows()) {
      known = rows();
      bring();
    }
  });
})();
