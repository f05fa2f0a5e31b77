// Keys for those who keep a hand on the keyboard: / goes to the search of the frame, or to its page, j and k walk through the rows of a list, ? shows the keys.
"use strict";

const keys = document.getElementById("touches");

document.querySelector("[data-keys]")?.addEventListener("click", () => keys.showModal());
keys?.querySelector("[data-close]").addEventListener("click", () => keys.close());

document.querySelector("[data-search]:target")?.focus();

function walk(step) {
  const rows = [...document.querySelectorAll("[data-walk] > *")].filter((row) => row.offsetParent && row.querySelector("a"));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  rows[here < 0 ? 0 : here + step]?.querySelector("a").focus();
}

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
    event.preventDefault();
    const search = [...document.querySelectorAll("[data-search]")].find((each) => each.offsetParent);
    if (search) {
      search.focus();
    } else if (keys) {
      location.assign(keys.dataset.searchPage);
    }
  } else if (event.key === "j" || event.key === "k") {
    walk(event.key === "j" ? 1 : -1);
  }
});
