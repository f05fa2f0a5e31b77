"""A duty that seeks somebody is told to coordinators: at once where a leave makes it so, and once."""

from datetime import date, timedelta

import pytest

from cpts_net import clock, wiring
from cpts_net.continuity import declaring
from cpts_net.continuity.closings import ClosingSaid, close
from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.continuity.seeking import tell_of_sought
from cpts_net.leave.rules import Declaration
from cpts_net.notices.queries import notices_of
from cpts_net.notices.reading import lines
from cpts_net.oncall import actions as oncall
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted
from tests.factories import working_at
from tests.telling import drawn_mails, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON, FRIDAY = NOW + 2 * DAY, date(2026, 8, 14)
THAT_DAY = Declaration(FRIDAY, FRIDAY)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def coordinator(make):
    return make.account(role=Role.COORDINATOR, name="Camille Roy", email="camille@cpts.example")


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def hers(make, anne):
    return make.account(anne)


@pytest.fixture
def seat(make, anne):
    return make.seat(make.slot(make.line(), SOON, SOON + 2 * HOUR), anne)


def declare(seat, choice, *, by, wanted=THAT_DAY, taker=0):
    settled = {seat.id: Settlement(choice, taker)}
    with transaction():
        return declaring.declare(seat.person_id, wanted, settled, actor_id=by.id, now=clock.now())


def sought():
    return [(subject, person) for kind, subject, person in told() if kind == "continuity.sought"]


def test_a_leave_that_hits_a_duty_is_told_at_once(coordinator, hers, seat):
    declare(seat, Choice.SEEK, by=hers)

    assert told() == [("continuity.sought", f"seat:{seat.id}", coordinator.person_id)]
    (mail,) = drawn_mails()
    assert mail.to == "camille@cpts.example"
    assert mail.subject == "Dr Anne Petit s’absente, à remplacer : Ligne snp, vendredi 14 août de 10 h à 12 h"
    assert f"/astreintes/sieges/{seat.id}" in mail.body


def test_whoever_declares_it_knows(coordinator, anne, seat):
    declare(seat, Choice.SEEK, by=coordinator)

    assert sought() == []


@pytest.mark.parametrize(
    ("choice", "others"),
    [(Choice.KEEP, []), (Choice.RELEASE, ["oncall.gap_opened"])],
)
def test_what_is_settled_seeks_nobody(coordinator, hers, seat, choice, others):
    declare(seat, choice, by=hers)

    assert [kind for kind, _subject, _person in told()] == others


def test_what_was_handed_over_seeks_nobody(make, coordinator, hers, seat):
    paul = make.person("Paul", "Roy")

    declare(seat, Choice.HAND_OVER, by=hers, taker=paul.id)

    assert [(kind, person) for kind, _subject, person in told()] == [
        ("oncall.removed", seat.person_id),
        ("oncall.assigned", paul.id),
    ]


@pytest.mark.parametrize("end", ["keep", "pass on", "cancel"])
def test_what_ends_it_before_the_mail_goes_voids_the_mail(make, coordinator, hers, seat, end):
    absence_id, paul = declare(seat, Choice.SEEK, by=hers), make.person("Paul", "Roy")
    with transaction():
        if end == "keep":
            oncall.keep_seat(seat.id, now=clock.now(), actor_id=hers.id)
        elif end == "pass on":
            oncall.hand_over_seat(seat.id, paul.id, now=clock.now(), actor_id=hers.id)
        else:
            declaring.cancel(absence_id, actor_id=hers.id, now=clock.now())

    assert [mail for mail in drawn_mails() if mail.to == "camille@cpts.example"] == []


def test_a_longer_leave_tells_only_of_what_it_hits_more(make, coordinator, hers, anne, seat):
    absence_id = declare(seat, Choice.SEEK, by=hers)
    other = make.seat(make.slot(make.line("nuit"), SOON + DAY, SOON + DAY + HOUR), anne)

    with transaction():
        longer = Declaration(FRIDAY, FRIDAY + DAY)
        settled = {other.id: Settlement(Choice.SEEK)}
        declaring.change(absence_id, longer, settled, actor_id=hers.id, now=clock.now())

    assert sought() == [(f"seat:{each.id}", coordinator.person_id) for each in (seat, other)]


def test_a_structure_that_closes_sends_its_people_away_from_their_duties(make, coordinator, anne, seat):
    desk = make.account(role=Role.SECRETARY)
    house = make.save(working_at("MSP du Dunois", person_id=anne.id, rank=1)).structure_id
    with transaction():
        close(house, ClosingSaid(FRIDAY, FRIDAY), [anne.id], actor_id=desk.id, now=clock.now())

    assert sought() == [(f"seat:{seat.id}", coordinator.person_id)]


def test_many_are_read_in_as_many_statements_as_one(app, make, coordinator, hers, anne):
    line = make.line()
    seats = [make.seat(make.slot(line, SOON + n * DAY, SOON + n * DAY + 2 * HOUR), anne) for n in range(4)]
    asked = []
    for seat in seats:
        day = FRIDAY + (seat.starts_at - SOON)
        declare(seat, Choice.SEEK, by=hers, wanted=Declaration(day, day))
        notices = notices_of(coordinator.person_id, 1).items
        with counted(app) as statements:
            found = lines(notices, clock.now())
        asked.append((len([line for line in found if line.words]), len(statements)))

    assert [number for number, _statements in asked] == [1, 2, 3, 4]
    assert len({statements for _number, statements in asked}) == 1


def run(frozen, at):
    frozen.move_to(at)
    db.session.rollback()
    tell_of_sought(now=clock.now())
    db.session.rollback()
    return sought()


def test_what_is_far_is_told_when_it_is_near_and_once(frozen, make, coordinator, hers, anne):
    far = NOW + 20 * DAY
    seat = make.seat(make.slot(make.line(), far, far + HOUR), anne)
    day = far.date()
    declare(seat, Choice.SEEK, by=hers, wanted=Declaration(day, day))
    once = [(f"seat:{seat.id}", coordinator.person_id)]

    assert run(frozen, far - 14 * DAY) == []
    assert run(frozen, far - 14 * DAY + HOUR) == once
    assert run(frozen, far - 14 * DAY + 2 * HOUR) == once


def test_what_was_told_at_once_is_not_told_again(frozen, coordinator, hers, seat):
    declare(seat, Choice.SEEK, by=hers)

    assert len(run(frozen, NOW + HOUR)) == 1


def test_the_worker_tells_it():
    assert tell_of_sought in wiring.LONG_CHORES
