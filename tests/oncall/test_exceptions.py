"""Days on which a line is closed, or open at other hours."""

import re
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall import slot_actions
from cpts_net.oncall.exception_actions import ExceptionDraft, add_exception, remove_exception
from cpts_net.oncall.models import DutySlot, LineException, SlotState
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

FRIDAY = date(2026, 8, 14)


@pytest.fixture
def line(make):
    line = make.line()
    make.pattern(line)
    return line


def slots(day=FRIDAY):
    found = db.session.scalars(select(DutySlot).order_by(DutySlot.starts_at, DutySlot.id)).all()
    return [
        ((slot.starts_at.hour + 2, slot.ends_at.hour + 2), slot.state, slot.message)
        for slot in found
        if slot.starts_at.date() == day
    ]


def add(line, **given):
    with transaction():
        draft = ExceptionDraft(FRIDAY, FRIDAY, message="Appelez le 15", **given)
        add_exception(line.id, draft, actor_id=None, now=clock.now())
    db.session.expire_all()


@pytest.fixture
def opened(context, line):
    with transaction():
        slot_actions.follow_patterns(line.id, now=clock.now(), weeks=2)
    return slots()


def test_a_closed_day_says_why_but_for_what_somebody_holds(line, opened, make):
    first = db.session.scalars(select(DutySlot).where(DutySlot.starts_at >= datetime(2026, 8, 14, tzinfo=UTC))).first()
    make.seat(first, make.person())

    add(line)

    assert slots() == [opened[0], *((hours, SlotState.CLOSED, "Appelez le 15") for hours, *_rest in opened[1:])]


def test_other_hours_replace_those_of_the_day(line, opened):
    add(line, opens_at=time(9), closes_at=time(13))

    assert [hours for hours, *_rest in slots()] == [(9, 11), (11, 13)]
    assert [hours for hours, *_rest in slots(date(2026, 8, 13))] == [hours for hours, *_rest in opened]


def test_other_hours_say_why_on_the_month_and_on_the_board(make, sign_in, line, app, frozen):
    reader = sign_in(make.account(make.person()))
    with app.app_context():
        with transaction():
            slot_actions.follow_patterns(line.id, now=clock.now())
        add(line, opens_at=time(9), closes_at=time(13))
    frozen.move_to(datetime(2026, 8, 14, 8, tzinfo=UTC))

    month, board = (reader.get(page).text for page in ("/astreintes/snp/", "/continuite/"))

    assert month.count("Appelez le 15") == 1
    assert "Appelez le 15" in month.partition('id="jour-2026-08-14"')[2].partition('id="jour-2026-08-17"')[0]
    assert board.count("Appelez le 15") == 1


def test_a_long_preview_counts_what_it_leaves_out(make, sign_in, line, app):
    holders = [make.person() for _ in range(3)]
    with app.app_context():
        with transaction():
            slot_actions.follow_patterns(line.id, now=clock.now())
        coming = db.session.scalars(select(DutySlot).where(DutySlot.starts_at > clock.now()).limit(20)).all()
    for number, slot in enumerate(coming):
        make.seat(slot, holders[number % 3])
    form = {"first_day": "2026-08-12", "last_day": "2026-08-31", "message": "Appelez le 15"}

    page = sign_in(make.account(role=Role.COORDINATOR)).post(f"/astreintes/lignes/{line.id}/jours", data=form).text

    assert page.partition('id="staying-title"')[2].partition("</ul>")[0].count("<li>") == 14
    assert "et 6 autres créneaux" in page


def test_a_day_that_is_no_exception_any_more_opens_again(line, opened):
    add(line)
    with transaction():
        remove_exception(db.session.scalars(select(LineException.id)).one(), actor_id=None, now=clock.now())
    db.session.expire_all()

    assert slots() == opened


def test_what_the_horizon_reaches_later_is_closed_too(line, opened, frozen):
    with transaction():
        far = date(2026, 9, 4)
        add_exception(line.id, ExceptionDraft(far, far, message="Pont"), actor_id=None, now=clock.now())
    db.session.expire_all()

    assert {state for _hours, state, _message in slots(date(2026, 9, 4))} == {SlotState.CLOSED}


def test_the_page_shows_first_what_changes(make, sign_in, app, line):
    with app.app_context(), transaction():
        slot_actions.follow_patterns(line.id, now=clock.now())
    coordinator = sign_in(make.account(role=Role.COORDINATOR))
    address, form = f"/astreintes/lignes/{line.id}/jours", {"first_day": "2026-08-14", "message": "Appelez le 15"}

    shown = coordinator.post(address, data=form)
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)[1]
    done = coordinator.post(address, data={**form, "seen": seen})

    assert (shown.status_code, done.status_code) == (200, 303)
    assert "le vendredi 14 août" in coordinator.get(address).text
    assert "Appelez le 15" in coordinator.get("/astreintes/snp/").text
    again = coordinator.post(address, data={**form, "message": "Appelez le 3237", "seen": seen})
    assert "déjà une exception" in again.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_day": "2026-08-11"}, "Ce jour est passé"),
        ({"last_day": "2026-08-13"}, "avant le premier"),
        ({"opens_at": "09:00"}, "Donnez les deux heures"),
        ({"message": ""}, "Dites quoi faire"),
    ],
)
def test_what_makes_no_exception_is_said_beside_the_field(make, sign_in, line, wrong, sentence):
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    answer = coordinator.post(
        f"/astreintes/lignes/{line.id}/jours", data={"first_day": "2026-08-14", "message": "Appelez le 15", **wrong}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
