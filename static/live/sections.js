// Puts a section of a page in place of the one that is shown; marks the rows that are new,
// and leaves the reader where they were.
"use strict";

window.putSection = (id, html) => {
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
};
