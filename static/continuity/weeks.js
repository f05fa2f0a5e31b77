// Arrow keys walk through the weeks: within what is drawn where only a part of it is in sight, else to the next four.
"use strict";

(() => {
  const view = document.querySelector("[data-weeks]");
  const step = { ArrowLeft: -1, ArrowRight: 1 };
  const links = { "-1": "[rel=prev]", 1: "[rel=next]" };

  document.addEventListener("keydown", (event) => {
    const way = step[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.matches("input, select, textarea")) {
      return;
    }
    event.preventDefault();
    const left = way < 0 ? view.scrollLeft : view.scrollWidth - view.clientWidth - view.scrollLeft;
    if (left > 1) {
      const week = (view.scrollWidth - view.querySelector("th").offsetWidth) / 4;
      view.scrollBy({ left: way * week });
    } else {
      document.querySelector(links[way]).click();
    }
  });
})();
