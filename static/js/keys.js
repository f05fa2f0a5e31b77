// Keys for those who keep a hand on the keyboard: / searches, j and k walk
// through a list, ? shows the keys.
"use strict";

const keys = document.getElementById("touches");

document.querySelector("[data-keys]")?.addEventListener("click", () => keys.showModal());
keys?.querySelector("[data-close]").addEventListener("click", () => keys.close());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) {
    return;
  }
  if (keys?.open) {
    return;
  }
  if (event.key === "?") {
    keys?.showModal();
  } else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "j" || event.key === "k") {
    const stops = [...document.querySelectorAll("[data-walk] a:first-of-type")].filter((stop) => stop.offsetParent);
    const here = stops.indexOf(document.activeElement);
    const next = event.key === "j" ? here + 1 : here - 1;
    if (stops[next]) {
      stops[next].focus();
    }
  }
});
