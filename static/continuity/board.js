// Filters the absents at once, keeps the filter in the address, and hides what
// does not concern the reader; again after every push.
"use strict";

(() => {
  const board = document.querySelector(".board");
  const form = board.querySelector("[data-filters]");

  function filter() {
    const { metier, commune, nom } = Object.fromEntries(new FormData(form));
    const words = folding.words(nom);
    for (const section of board.querySelectorAll(".absents")) {
      let shown = 0;
      for (const row of section.querySelectorAll("[data-row]")) {
        row.hidden = !((!metier || row.dataset.trade === metier) && (!commune || row.dataset.commune === commune) && words.every((word) => row.dataset.name.includes(word)));
        shown += row.hidden ? 0 : 1;
      }
      section.hidden = !shown;
    }
    board.querySelector("[data-total]").textContent = board.querySelectorAll("[data-row]").length;
  }

  function concern() {
    if ("staff" in board.dataset) {
      return;
    }
    for (const entry of board.querySelectorAll("#to-settle li")) {
      const members = (entry.dataset.members || "").split(" ");
      const professions = (entry.dataset.professions || "").split(" ");
      const isMine = members.includes(board.dataset.member) || professions.includes(board.dataset.ownProfession);
      entry.hidden = !isMine;
    }
  }

  form.addEventListener("input", () => {
    filter();
    const wanted = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", wanted.size ? `?${wanted}` : location.pathname);
  });
  board.querySelector("[data-everybody]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of form.elements) {
      field.value = "";
    }
    form.dispatchEvent(new Event("input"));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-without-script]").hidden = true;
  board.addEventListener("live:changed", () => {
    filter();
    concern();
  });
  filter();
})();
