// Brings the live part of a page to another version: puts the parts that changed or came, drops
// those that went, marks the rows that are new, and leaves the reader where they were.
"use strict";

window.parts = (() => {
  const known = (id) => document.getElementById(id);

  function drawn(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const { reader } = document.querySelector("[data-reader]")?.dataset || {};
    for (const each of reader ? holder.content.querySelectorAll(`[data-of="${reader}"]`) : []) {
      each.hidden = true; // The page shows it as the reader's own.
    }
    return holder.content.firstElementChild;
  }

  const rowsOf = (part) => [part, ...part.querySelectorAll("*")].filter((each) => each.matches("li, tr"));

  // What is chosen or typed in the fields of a part; returns what puts it into those that come in their place.
  function said(part) {
    const fields = [part, ...part.querySelectorAll("*")].filter((each) => each.matches("select, input, textarea"));
    return () => {
      for (const { id, value, checked } of fields.filter((field) => known(field.id))) {
        known(id).value = value;
        known(id).checked = checked;
        if (known(id).selectedIndex === -1) {
          known(id).selectedIndex = 0; // There is no such choice any more.
        }
      }
    };
  }

  // Puts what is the reader's own, which nothing that is told knows of, where a part has its place.
  function takeOver(part) {
    for (const own of document.querySelectorAll("[data-stays]")) {
      part.querySelector(`#${CSS.escape(own.id)}`)?.replaceWith(own);
    }
  }

  const words = (row) => `${row.id} ${row.textContent}`;

  // Whether what is told speaks of a page like this one; if not it would become a mixture of two.
  function fits({ gone, put }) {
    const placed = new Set();
    return gone.every(known) && put.every(({ id, inside, before }) => {
      if (inside === undefined) {
        return known(id);
      }
      placed.add(id);
      const parent = known(inside);
      return parent && (!before || placed.has(before) || known(before)?.parentElement === parent);
    });
  }

  // Where the keyboard is; returns what brings it back there, or to the row beside if that one went.
  function reader() {
    const here = document.activeElement;
    const row = here?.closest("[id]");
    if (!row) {
      return () => {};
    }
    const within = (id, what) => id && known(id)?.querySelector(what);
    const href = here.getAttribute("href");
    const beside = [row.nextElementSibling?.id, row.previousElementSibling?.id];
    return () => {
      if (here !== document.activeElement) {
        const again = here.id ? known(here.id) : href && within(row.id, `[href="${CSS.escape(href)}"]`);
        (again || [row.id, ...beside].map((id) => within(id, "a[href]")).find(Boolean))?.focus({ preventScroll: true });
      }
    };
  }

  // Makes the changes `{ gone, put }` as `cpts_net/pictures/changes.py` tells them, and lets the page
  // settle the parts that are new on it.
  function merge(changes, settle) {
    const comeBack = reader();
    const shown = new Set();
    const letGo = (part) => rowsOf(part).forEach((row) => shown.add(words(row)));
    for (const id of changes.gone) {
      letGo(known(id));
      known(id).remove();
    }
    const fresh = changes.put.map(({ id, html, inside, before }) => {
      const old = known(id);
      const part = drawn(html);
      if (old) {
        letGo(old);
      }
      if (inside === undefined) {
        const sayAgain = said(old);
        takeOver(part);
        old.replaceWith(part);
        sayAgain();
      } else {
        takeOver(part);
        old?.remove();
        known(inside).insertBefore(part, before ? known(before) : null);
      }
      return part;
    });
    for (const row of fresh.flatMap(rowsOf)) {
      row.classList.toggle("changed", !shown.has(words(row)));
    }
    settle(fresh);
    comeBack();
  }

  const wholeOf = (sections) => ({ gone: [], put: Object.entries(sections).map(([id, html]) => ({ id, html })) });

  return {
    // Returns whether the news has its place here. If not the page is to be brought to the whole.
    take(news, settle) {
      const changes = news.changes || wholeOf(news.sections);
      const isOurs = fits(changes);
      if (isOurs) {
        merge(changes, settle);
      }
      return isOurs;
    },
  };
})();
