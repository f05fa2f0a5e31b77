"""A gap is told: at once where a deed opens it soon, else two weeks before; once, to coordinators, as long as it is."""

from datetime import timedelta

import pytest

from cpts_net import clock, wiring
from cpts_net.oncall import actions, slot_actions, undoing
from cpts_net.oncall.gap_reminders import tell_of_gaps_ahead
from cpts_net.oncall.models import SlotState
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.telling import drawn_mails, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON, FAR = NOW + 3 * DAY, NOW + 20 * DAY

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def line(make):
    return make.line()


@pytest.fixture
def coordinator(make):
    return make.account(role=Role.COORDINATOR, name="Camille Roy", email="camille@cpts.example")


@pytest.fixture
def anne(make):
    return make.account(make.person())


@pytest.fixture
def paul(make):
    return make.account(make.person("Paul", "Roy"))


@pytest.fixture
def seat(make, line, anne):
    return make.seat(make.slot(line, SOON, SOON + 4 * HOUR), _person(anne))


def _person(account):
    return type("Person", (), {"id": account.person_id})


def do(deed, *args, **kwargs):
    db.session.rollback()
    with transaction():
        return deed(*args, now=clock.now(), **kwargs)


def gaps():
    return [each for each in told() if each[0].startswith("oncall.gap")]


def ahead(frozen, at=NOW):
    frozen.move_to(at)
    db.session.rollback()
    tell_of_gaps_ahead(now=clock.now())
    db.session.rollback()
    return gaps()


def test_who_gives_a_duty_back_leaves_a_gap_that_the_coordinator_hears_of(coordinator, anne, seat):
    do(actions.give_back_seat, seat.id, actor_id=anne.id)

    assert told() == [("oncall.gap_opened", f"slot:{seat.slot_id}", coordinator.person_id)]
    (mail,) = drawn_mails()
    assert (mail.to, mail.subject) == (
        "camille@cpts.example",
        "Personne pour Ligne snp, samedi 15 août de 10 h à 14 h",
    )
    assert f"/astreintes/snp/?mois=2026-08#creneau-{seat.slot_id}" in mail.body


def test_whoever_opens_it_knows(coordinator, anne, seat):
    do(actions.give_back_seat, seat.id, actor_id=coordinator.id)

    assert told() == [("oncall.removed", f"seat:{seat.id}", anne.person_id)]


def test_a_coordinator_whose_duty_is_taken_from_them_is_told_that_alone(make, coordinator, line):
    doctor = make.account(make.person("Léa", "Blanc"), role=Role.COORDINATOR)
    seat = make.seat(make.slot(line, SOON, SOON + HOUR), _person(doctor))

    do(actions.give_back_seat, seat.id, actor_id=coordinator.id)

    assert told() == [("oncall.removed", f"seat:{seat.id}", doctor.person_id)]


def test_where_enough_serve_there_is_no_gap(make, coordinator, anne, paul):
    slot = make.slot(make.line("two", seats_max=2), SOON, SOON + HOUR)
    make.seat(slot, _person(anne))
    seat = make.seat(slot, _person(paul), number=2)

    do(actions.give_back_seat, seat.id, actor_id=paul.id)

    assert told() == []


def test_two_missing_where_one_was_is_another_gap(make, coordinator, anne):
    slot = make.slot(make.line("two", seats_min=2, seats_max=2), SOON, SOON + HOUR)
    seat = make.seat(slot, _person(anne))

    do(actions.give_back_seat, seat.id, actor_id=anne.id)

    assert len(gaps()) == 1


def test_the_rest_of_a_duty_without_a_taker_is_one(coordinator, anne, seat):
    do(actions.split_seat, seat.id, SOON + HOUR, actor_id=anne.id)

    assert [(kind, person) for kind, _subject, person in told()] == [("oncall.gap_opened", coordinator.person_id)]
    (mail,) = drawn_mails()
    assert mail.subject == "Personne pour Ligne snp, samedi 15 août de 11 h à 14 h"


def test_with_a_taker_it_is_none(coordinator, anne, paul, seat):
    do(actions.split_seat, seat.id, SOON + HOUR, paul.person_id, actor_id=anne.id)

    assert gaps() == []


def test_a_taking_undone_opens_it_again(make, coordinator, line, anne):
    slot = make.slot(line, SOON, SOON + HOUR)
    done = do(actions.take_seat, slot.id, anne.person_id, actor_id=anne.id)
    do(undoing.undo, done.change_id, actor_id=anne.id)

    assert told() == [("oncall.gap_opened", f"slot:{slot.id}", coordinator.person_id)]


def test_a_slot_opened_again_lacks_somebody(make, coordinator, line):
    slot = make.slot(line, SOON, SOON + HOUR, state=SlotState.CLOSED, message="Appelez le 15")

    do(slot_actions.open_slot, slot.id)

    assert len(gaps()) == 1


def test_whoever_takes_it_before_the_mail_goes_ends_it(coordinator, anne, paul, seat):
    do(actions.give_back_seat, seat.id, actor_id=anne.id)
    do(actions.take_seat, seat.slot_id, paul.person_id, actor_id=paul.id)

    assert drawn_mails() == []


def test_who_coordinates_no_more_gets_no_mail(coordinator, anne, seat):
    do(actions.give_back_seat, seat.id, actor_id=anne.id)
    with transaction():
        db.session.merge(coordinator).role = Role.MEMBER

    assert drawn_mails() == []


def test_what_opens_far_ahead_is_told_when_it_is_near(frozen, make, coordinator, line, anne):
    seat = make.seat(make.slot(line, FAR, FAR + HOUR), _person(anne))
    do(actions.give_back_seat, seat.id, actor_id=anne.id)
    assert gaps() == []

    assert ahead(frozen, FAR - 14 * DAY) == []
    once = [("oncall.gap_ahead", f"slot:{seat.slot_id}", coordinator.person_id)]
    assert ahead(frozen, FAR - 14 * DAY + HOUR) == once
    assert ahead(frozen, FAR - 14 * DAY + 2 * HOUR) == once


def test_what_was_told_as_it_opened_is_not_told_again(frozen, coordinator, anne, seat):
    do(actions.give_back_seat, seat.id, actor_id=anne.id)

    assert len(ahead(frozen)) == 1


def test_closed_and_cancelled_slots_lack_nobody(frozen, make, coordinator, line):
    make.slot(line, SOON, SOON + HOUR, state=SlotState.CLOSED)
    make.slot(line, SOON + DAY, SOON + DAY + HOUR, state=SlotState.CANCELLED)

    assert ahead(frozen) == []


def test_many_are_told_in_parts(frozen, make, coordinator, line, monkeypatch):
    monkeypatch.setattr("cpts_net.oncall.gap_reminders.AT_ONCE", 2)
    for number in range(5):
        make.slot(line, SOON + number * HOUR, SOON + (number + 1) * HOUR)

    assert len(ahead(frozen)) == 5


def test_the_worker_tells_it():
    assert tell_of_gaps_ahead in wiring.LONG_CHORES
