// Filters the absents at once, keeps the filter in the address, and hides what
// does not concern the reader; again after every push.
"use strict";

(() => {
  const board = document.querySelector(".board");
  const form = board.querySelector("[data-filters]");
  const absents = board.querySelector(".absents-all");
  const every = (what, within) => within.flatMap((part) => [...(part.matches(what) ? [part] : []), ...part.querySelectorAll(what)]);

  function filter(within) {
    const { metier, commune, nom } = Object.fromEntries(new FormData(form));
    const words = folding.words(nom);
    for (const row of every("[data-row]", within)) {
      row.hidden = !((!metier || row.dataset.trade === metier) && (!commune || row.dataset.commune === commune) && words.every((word) => row.dataset.name.includes(word)));
    }
    for (const section of absents.querySelectorAll(".absents")) {
      section.hidden = !section.querySelector("[data-row]:not([hidden])");
    }
  }

  function concern(within) {
    if ("staff" in board.dataset) {
      return;
    }
    const own = board.dataset.ownProfessions.split(" ").filter(Boolean);
    for (const entry of every("#to-settle li", within)) {
      const members = (entry.dataset.members || "").split(" ");
      const professions = (entry.dataset.professions || "").split(" ");
      const isMine = members.includes(board.dataset.person) || own.some((code) => professions.includes(code));
      entry.hidden = !isMine;
    }
  }

  // What is put stands where it does for everybody; the reader's own group stands first.
  function arrange(within) {
    const place = (group) => (group.id === board.dataset.ownGroup ? "" : group.dataset.order);
    for (const group of every(".absents", within)) {
      const next = [...group.parentElement.children].find((other) => place(other) > place(group)) || null;
      if (group.nextElementSibling !== next) {
        group.parentElement.insertBefore(group, next);
      }
    }
  }

  form.addEventListener("input", () => {
    filter([absents]);
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
  board.addEventListener("live:changed", ({ detail }) => {
    filter(detail.parts.some((part) => form.contains(part)) ? [absents] : detail.parts);
    concern(detail.parts);
    arrange(detail.parts);
  });
  filter([absents]);
})();
