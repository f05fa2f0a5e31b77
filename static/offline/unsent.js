// Without network nothing can be sent: the form says so and stays as it is, with all that was typed in it.
"use strict";

window.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post") {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const known = form.querySelector("[data-unsent]");
  const said = known || Object.assign(document.createElement("p"), { className: "flash flash-error" });
  said.dataset.unsent = "";
  said.setAttribute("role", "alert");
  said.textContent = document.body.dataset.saysUnsent;
  form.append(said);
  said.scrollIntoView({ block: "nearest" });
});

window.addEventListener("online", () => document.querySelectorAll("[data-unsent]").forEach((said) => said.remove()));
