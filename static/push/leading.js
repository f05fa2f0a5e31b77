// On every page: tells the service worker, which would lead this window elsewhere after a touch on a
// notification, whether something would be lost by it. What a form in error brought back counts as written.
"use strict";

(() => {
  const WRITTEN = "textarea, select, input:not([type=hidden], [type=submit], [type=search])";

  function isChanged(field) {
    if (field.options) {
      const chosen = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  }

  const isWriting = () => Boolean(document.querySelector(".flash-error, [aria-invalid=true]")) || [...document.querySelectorAll(WRITTEN)].some(isChanged);

  navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => data === "may-lead" && ports[0].postMessage(!isWriting()));
})();
