/* Choosing people: a combobox with a list, as WAI-ARIA 1.2 describes it, over /annuaire/choisir. */
"use strict";
const PAUSE_MS = 180; // Between the last key and the question.
const SHORTEST = 2;

function give(element, attributes) {
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

function element(tag, attributes, ...inside) {
  const made = give(document.createElement(tag), attributes);
  made.append(...inside);
  return made;
}

class PeoplePicker extends HTMLElement {
  connectedCallback() {
    if (this.rows) {
      return;
    }
    this.input = this.querySelector("input[type=search]");
    this.said = this.querySelector(".picker-said");
    this.rows = [];
    this.at = -1;
    this.build();
    this.listen();
  }

  get isSeveral() {
    return "several" in this.dataset;
  }

  get isOpen() {
    return !this.popup.hidden;
  }

  get chosen() {
    return [...this.people.querySelectorAll("input")];
  }

  /* What the server drew for those without JavaScript becomes the widget; what was chosen stays chosen. */
  build() {
    const people = this.querySelector(".picker-people");
    const before = [...people.querySelectorAll("[data-name]:has(:checked)")].map((row) => row.dataset);
    this.querySelector(".picker-go").remove();
    people.replaceChildren();
    people.className = "picker-chosen";
    this.people = people;
    this.list = element("ul", {
      class: "picker-list",
      id: `${this.input.id}-list`,
      role: "listbox",
      "aria-labelledby": `${this.input.id}-label`,
    });
    // What the screen reader hears stands below the list, too.
    this.more = element("p", { class: "hint", "aria-hidden": "true" });
    this.popup = element("div", { class: "picker-popup", hidden: "" }, this.list, this.more);
    this.input.after(this.popup);
    // A search box brings a cross of its own, and a screen reader another word than "combobox".
    this.input.type = "text";
    give(this.input, {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    });
    before.forEach((person) => this.add(person));
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // Words that choose nobody yet change nothing.
    this.input.addEventListener("change", (event) => event.stopPropagation());
    // The words keep the focus while a finger or the mouse chooses.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /* An answer to fewer letters is no answer to these, and none is wanted once somebody is chosen. */
  forget() {
    clearTimeout(this.waiting);
    this.asked?.abort();
  }

  typed(pause = PAUSE_MS) {
    this.forget();
    const words = this.input.value.trim();
    if (words.length < SHORTEST) {
      this.close();
      this.say("");
      return;
    }
    this.waiting = setTimeout(() => this.ask(words), pause);
  }

  async ask(words) {
    const asked = (this.asked = new AbortController());
    try {
      const answer = await fetch(this.address(words), { signal: asked.signal });
      // Signed out meanwhile: to reload would lose what was typed, to send it leads back here.
      const { people, said } = answer.redirected ? { people: [], said: this.dataset.saysOut } : await answer.json();
      if (!asked.signal.aborted) {
        this.show(people, said);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        this.close();
        this.say(this.dataset.saysMute);
      }
    }
  }

  address(words) {
    const address = new URL(this.dataset.source, location.href);
    address.searchParams.set("q", words);
    const form = new FormData(this.input.form);
    for (const name of this.dataset.along.split(" ").filter(Boolean)) {
      if (form.get(name)) {
        address.searchParams.set(name, form.get(name));
      }
    }
    return address;
  }

  show(people, said) {
    this.rows = people;
    this.list.replaceChildren(...people.map((person, at) => this.row(person, at)));
    this.popup.hidden = !people.length;
    this.more.textContent = said;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.move(-1);
    this.say(said, this.isOpen);
    this.popup.scrollIntoView({ block: "nearest" });
  }

  row(person, at) {
    const isChosen = this.isSeveral && this.chosen.some(({ value }) => value === String(person.id));
    const why = person.hindrance || (isChosen && this.dataset.saysChosen);
    const row = element("li", { role: "option", id: `${this.input.id}-option-${at}`, "aria-selected": "false" });
    row.append(...this.named(person));
    row.addEventListener("click", () => this.choose(person));
    if (why) {
      row.setAttribute("aria-disabled", "true");
      row.querySelector(".picker-person > span").append(" ", element("span", { class: "picker-why" }, why));
    }
    return row;
  }

  pressed(event) {
    const last = this.rows.length - 1;
    const isChoosing = this.isOpen && this.at >= 0;
    const keys = {
      ArrowDown: () => (this.isOpen ? this.move(this.at < last ? this.at + 1 : 0) : this.typed(0)),
      ArrowUp: () => this.isOpen && this.move(this.at > 0 ? this.at - 1 : last),
      Home: isChoosing && (() => this.move(0)),
      End: isChoosing && (() => this.move(last)),
      Enter: this.isOpen && (() => this.at >= 0 && this.choose(this.rows[this.at])),
      Escape: (this.isOpen || this.input.value) && (() => this.escape()),
    };
    if (keys[event.key] && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    }
  }

  /* First the list goes, then the words. */
  escape() {
    if (this.isOpen) {
      this.close();
    } else {
      this.input.value = "";
      this.typed();
    }
  }

  move(at) {
    this.at = at;
    [...this.list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    const row = this.list.children[at];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  choose(person) {
    const row = this.list.children[this.rows.indexOf(person)];
    if (row.getAttribute("aria-disabled")) {
      this.say(`${person.name} – ${row.querySelector(".picker-why").textContent}`, true);
      return;
    }
    this.forget();
    if (!this.isSeveral) {
      this.people.replaceChildren();
    }
    this.add(person);
    this.input.value = "";
    this.close();
    this.say(`${this.dataset.saysChoice} ${person.name}`, true);
    this.changed();
  }

  /* Somebody chosen, with a button that takes them out again. */
  add(person) {
    const whose = element("span", { class: "visually-hidden" }, ` ${person.name}`);
    const out = element("button", { class: "button button-quiet", type: "button" }, this.dataset.saysRemove, whose);
    const kept = element("input", { type: "hidden", name: this.dataset.name, value: person.id });
    const row = element("li", { class: "row row-apart" }, element("span", {}, ...this.named(person)), out, kept);
    out.addEventListener("click", () => {
      row.remove();
      this.input.focus();
      this.changed();
    });
    this.people.append(row);
  }

  named(person) {
    const family = person.family ? ` face-${person.family}` : "";
    const face = element("b", { class: `face face-small${family}`, "data-i": person.initials });
    const about = element("span", { class: "hint" }, person.about);
    const name = element("span", { class: "picker-name" }, person.name);
    return [element("span", { class: "picker-person" }, face, element("span", {}, name, " ", about))];
  }

  /* Says so to the form, and ticks the choice that goes with a name. */
  changed() {
    const choice = document.getElementById(this.dataset.ticks ?? "");
    if (choice && this.chosen.length) {
      choice.checked = true;
    }
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
  }

  say(words, isSeen = false) {
    this.said.textContent = words;
    this.said.classList.toggle("visually-hidden", isSeen);
  }
}

customElements.define("people-picker", PeoplePicker);
