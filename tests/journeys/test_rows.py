"""Random histories, told row by row to pages that stay open: they show what a page shows that is loaded anew."""

import json
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import DeclarativeBase

from cpts_net.directory.models import Person
from cpts_net.folding import fold
from cpts_net.leave.models import Absence
from cpts_net.meetings.models import Poll, PollAnswer, PollOption
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.factories import Factory
from tests.journeys.conftest import PHONE

TRADES = ("10", "60", "21", "70", "26", "80", "96")
COMMUNES = ("Arrou", "Bonneval", "Brou", "Châteaudun", "Cloyes", "Droué", "Marboué")
NAMES = ("Ay", "Boyer", "Élie", "Martin", "Petit", "Roy", "Vidal", "Zed")
TODAY = date(2026, 8, 12)
HOUR = timedelta(hours=1)
SHOWN = """() => {
  const copy = document.querySelector("[data-live]").cloneNode(true);
  copy.querySelectorAll("form:not([data-filters]), .page-head").forEach((each) => each.remove());
  copy.querySelectorAll("[selected]").forEach((each) => each.removeAttribute("selected"));
  const chosen = [...document.querySelectorAll("[data-filters] :is(select, input)")].map((each) => each.value);
  for (const each of copy.querySelectorAll("*")) {
    each.classList.remove("changed");
    if (!each.classList.length) each.removeAttribute("class");
  }
  return chosen + copy.innerHTML.replace(/\\s+/g, " ").replace(/> ?</g, ">\\n<");
}"""
HAS_REVISION = "(revision) => document.querySelector('[data-live]').dataset.revision === revision"


class History:
    """What may happen to a board, at random and in the base itself."""

    def __init__(self, make: Factory, seed: int) -> None:
        self.make, self.app = make, make.app
        self.random = random.Random(seed)
        self.members: list[Person] = []
        self.absences: list[Absence] = []
        self.lines: list[DutyLine] = []
        self.slots: list[DutySlot] = []
        self.seats: list[DutySeat] = []
        self.acts: list[Callable[[], object]] = [self.leave] * 4
        self.acts += [self.cancel, self.cancel, self.rename, self.rename, self.line, self.slot, self.slot]
        self.acts += [self.seat, self.seat, self.unseat, self.close, self.newcomer, self.move]

    def go_on(self) -> None:
        """Let one to three things happen at once."""
        for _ in range(self.random.randint(1, 3)):
            self.random.choice(self.acts)()
        self.make.announce("continuity", "directory")

    def newcomer(self) -> Person:
        name = self.random.choice(NAMES)
        trade, commune = self.random.choice(TRADES), self.random.choice(COMMUNES)
        self.members.append(self.make.person("Anne", name, profession=trade, commune=commune))
        return self.members[-1]

    def leave(self) -> None:
        person = self.newcomer() if self.random.random() < 0.5 else self.random.choice(self.members)
        first = TODAY + timedelta(self.random.randint(-2, 3))
        relays = self.random.sample(self.members, self.random.randint(0, min(2, len(self.members))))
        relays = [relay for relay in relays if relay.id != person.id]
        last = first + timedelta(self.random.randint(0, 5))
        self.absences.append(self.make.absence(person, first, last, relays=relays))

    def cancel(self) -> None:
        if self.absences:
            absence = self.absences.pop(self.random.randrange(len(self.absences)))
            self._set(Absence, absence.id, cancelled_at=NOW)

    def rename(self) -> None:
        """Which may change who stands where."""
        person, name = self.random.choice(self.members), self.random.choice(NAMES)
        self._set(Person, person.id, family_name=name, sort_key=fold(f"{name} anne"))

    def move(self) -> None:
        """To another trade; not a reader: what they are is told when a page is loaded."""
        person = self.random.choice(self.members[2:])
        self._set(Person, person.id, profession_code=self.make.profession(self.random.choice(TRADES)))

    def line(self) -> None:
        slug = f"ligne-{len(self.lines)}"
        position = self.random.randint(0, 9)
        self.lines.append(self.make.line(slug, position=position, professions=[self.random.choice(TRADES)]))

    def slot(self) -> None:
        if self.lines:
            starts_at = NOW + self.random.randint(-1, 200) * HOUR
            self.slots.append(self.make.slot(self.random.choice(self.lines), starts_at, starts_at + 6 * HOUR))

    def seat(self) -> None:
        self._forget_swept_slots()
        free = [slot for slot in self.slots if slot.id not in {seat.slot_id for seat in self.seats}]
        if free:
            self.seats.append(self.make.seat(self.random.choice(free), self.random.choice(self.members)))

    def _forget_swept_slots(self) -> None:
        """The worker takes away, at its start, what no pattern opens and nobody holds."""
        with self.app.app_context():
            there = set(db.session.scalars(select(DutySlot.id)))
        self.slots = [slot for slot in self.slots if slot.id in there]

    def unseat(self) -> None:
        if self.seats:
            seat = self.seats.pop(self.random.randrange(len(self.seats)))
            with self.app.app_context(), transaction():
                db.session.get(DutySeat, seat.id).released_at = NOW

    def close(self) -> None:
        if self.slots:
            self._set(DutySlot, self.random.choice(self.slots).id, state=SlotState.CLOSED, message="Appelez le 15")

    def _set(self, model: type[DeclarativeBase], row_id: int, **columns: object) -> None:
        write(self.app, model, row_id, **columns)


def write(app: Flask, model: type[DeclarativeBase], row_id: int, **columns: object) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(model).where(model.id == row_id).values(**columns))


class Open:
    """A page that stays open, and what it is told."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.told: list[dict[str, object]] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        page.goto(address)
        expect(page.locator("[data-freshness]")).to_have_text("en direct")
        self.fresh = page.context.new_page()

    def _hear(self, frame: str) -> None:
        if isinstance(frame, str) and frame.startswith('42["picture"'):
            self.told.append(json.loads(frame[2:])[1])

    def shows_what_is_loaded_anew(self) -> None:
        self.fresh.goto(self.address)
        # It may be drawn of what was so half a second ago, and says so until it is brought up to date.
        expect(self.fresh.locator("[data-freshness]")).to_have_text("en direct")
        revision = self.fresh.locator("[data-live]").get_attribute("data-revision")
        self.page.wait_for_function(HAS_REVISION, arg=revision)
        assert self.page.evaluate(SHOWN) == self.fresh.evaluate(SHOWN)

    def put(self) -> list[dict[str, str]]:
        return [put for news in self.told for put in news.get("changes", {}).get("put", [])]

    def gone(self) -> list[str]:
        return [gone for news in self.told for gone in news.get("changes", {}).get("gone", [])]


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_open_boards_show_what_they_would_if_loaded_anew(window, make, seed):
    history = History(make, seed)
    doctor, nurse = make.person("Luc", "Aubry"), make.person("Inès", "Boyer", profession="60")
    history.members += [doctor, nurse]
    history.newcomer()
    for _ in range(25):  # Of a board that is not small, a change is a part.
        history.go_on()
    boards = [
        Open(window(make.account(doctor)), "/continuite/"),
        Open(window(make.account(nurse), size=PHONE), "/continuite/?" + urlencode({"commune": "Brou", "nom": "anne"})),
        Open(window(make.account(role="secretary")), "/continuite/"),
    ]

    for _ in range(10):
        history.go_on()
        for board in boards:
            board.shows_what_is_loaded_anew()

    for board in boards:
        assert any("inside" in put for put in board.put())
        assert any("inside" not in put for put in board.put())
        assert board.gone()


class Answers:
    """What may happen to a poll."""

    def __init__(self, make: Factory, poll: Poll, options: list[PollOption], people: list[Person]) -> None:
        self.make, self.poll, self.options, self.people = make, poll, options, people
        self.random = random.Random(7)
        self.given: dict[tuple[int, int], int] = {}

    def go_on(self) -> None:
        option, person = self.random.choice(self.options), self.random.choice(self.people)
        word = self.random.choice(["yes", "if_need_be", "no"])
        if answer_id := self.given.get((option.id, person.id)):
            write(self.make.app, PollAnswer, answer_id, answer=word)
        else:
            answer = PollAnswer(option_id=option.id, person_id=person.id, answer=word, answered_at=NOW)
            self.given[option.id, person.id] = self.make.save(answer).id
        if self.random.random() < 0.2:
            write(self.make.app, Person, person.id, family_name=self.random.choice(NAMES))
        self.make.announce(f"poll:{self.poll.id}", "directory")


def test_whatever_is_answered_open_polls_show_what_they_would_if_loaded_anew(window, make):
    people = [make.person("Anne", name, profession=TRADES[place]) for place, name in enumerate(NAMES[:6])]
    group = make.group(leads=people[:1], members=people[1:])
    deadline = datetime(2026, 8, 20, 21, 59, tzinfo=NOW.tzinfo)
    poll = make.save(Poll(group_id=group.id, title="Bilan", deadline=deadline, created_at=NOW))
    starts = [NOW + timedelta(20 + day) for day in range(6)]
    options = [make.save(PollOption(poll_id=poll.id, starts_at=each, ends_at=each + HOUR)) for each in starts]
    answers = Answers(make, poll, options, people)
    page = Open(window(make.account(people[1])), f"/reunions/sondages/{poll.id}")

    for _ in range(12):
        answers.go_on()
        page.shows_what_is_loaded_anew()

    assert page.put()  # A row came anew; none moves among the others.
