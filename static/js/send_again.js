// Sends what an expired session had kept back, once: not again when somebody comes back to the page.
"use strict";

const [arrival] = performance.getEntriesByType("navigation");
const kept = document.querySelector("form[data-send-at-once]");

if (arrival?.type === "navigate" && kept?.checkValidity()) {
  kept.requestSubmit();
}
