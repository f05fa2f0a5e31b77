// Notes what the page shows as seen: at once what it was opened for, and what comes while it is open as soon
// as somebody is there. What is new stands out until the page is opened again.
"use strict";

(() => {
  const page = document.querySelector("[data-live]");
  const rows = () => [...page.querySelectorAll(".notice")];
  let shown = new Set(rows().map((row) => row.id));

  async function note() {
    const form = page.querySelector("[data-seen]");
    if (!form || form.hidden || document.hidden) {
      return;
    }
    form.hidden = true;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Live": "1" } }).catch(() => null);
    if (answer?.ok) {
      window.bell.show((await answer.json()).unread);
    } else {
      form.hidden = false; // There is a button.
    }
  }

  // A row that stood here before is read by now, which is no change of it.
  page.addEventListener("live:changed", () => {
    for (const row of rows().filter((each) => shown.has(each.id))) {
      row.classList.remove("changed");
    }
    shown = new Set(rows().map((row) => row.id));
  });

  note();
  document.addEventListener("visibilitychange", note);
  for (const sign of ["pointermove", "pointerdown", "keydown", "wheel", "focus"]) {
    window.addEventListener(sign, note, { passive: true });
  }
})();
