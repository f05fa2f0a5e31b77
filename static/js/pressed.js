// A pressed button waits for its answer: the second tap of an impatient thumb sends nothing.
"use strict";

const PATIENCE = 10000; // Milliseconds; then the line is taken for dead, and one may press again.

function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

function release(form) {
  delete form.dataset.sent;
  buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
}

// Last of all who listen: what a script sends itself does not leave the page.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(release, PATIENCE, form);
});

// Back from the next page, which the browser may have kept just as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
