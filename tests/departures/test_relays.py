"""Relays of somebody who leaves, or who turns out to be somebody else: withdrawn, never deleted, and told."""

from datetime import date

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.departures.actions import leave_community, merge, since
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import Side, clashes
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import Answer, Declaration
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails, told

pytestmark = pytest.mark.usefixtures("context")
TODAY, MONDAY, FRIDAY = date(2026, 8, 12), date(2026, 8, 17), date(2026, 8, 21)


@pytest.fixture
def desk(make):
    return make.account(role=Role.COORDINATOR)


@pytest.fixture
def other_desk(make, desk):
    """A coordinator who does none of this, and is told."""
    return make.account(role=Role.COORDINATOR)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit", specialty="SM54", phone="")


@pytest.fixture
def again(make):
    """Another row of Anne’s."""
    return make.person("Anne", "Petit", profession="60", title="DR")


@pytest.fixture
def zoe(make):
    return make.person("Zoé", "Ay")


@pytest.fixture
def luc(make):
    return make.person("Luc", "Roy")


def declare(person, *relays):
    wanted = Declaration(MONDAY, FRIDAY, relay_ids=tuple(relay.id for relay in relays))
    with transaction():
        return declaring.declare(person.id, wanted, {}, actor_id=None, now=clock.now())


def leaves(person, desk):
    seen = belongings(person.id, since(TODAY, clock.now())).as_seen
    with transaction():
        leave_community(person.id, TODAY, seen=seen, actor_id=desk.id, now=clock.now())


def merged(one, other, desk):
    found = clashes(*(belongings(each.id, clock.now()).standing for each in (one, other)))
    with transaction():
        survivor = merge(one.id, other.id, {each.key: Side.ONE for each in found}, actor_id=desk.id, now=clock.now())
    db.session.expire_all()
    return survivor


def news(since=0):
    return sorted(
        (kind.removeprefix("leave."), person) for kind, _, person in told()[since:] if kind.startswith("leave.")
    )


def rows(absence_id):
    found = select(Relay).where(Relay.absence_id == absence_id).order_by(Relay.rank, Relay.id)
    return [(each.person_id, each.answer, each.withdrawn_at is None) for each in db.session.scalars(found)]


def test_who_leaves_is_withdrawn_and_the_absent_person_and_the_coordinators_hear_that_nobody_is_left(
    make, anne, zoe, desk, other_desk
):
    make.account(zoe)
    absence_id = declare(zoe, anne)
    before = len(told())

    leaves(anne, desk)

    assert rows(absence_id) == [(anne.id, "", False)]
    assert news(before) == sorted(
        [("relay_released", anne.id), ("relay_lost", zoe.id), ("relay_lost", other_desk.person_id)]
    )
    subjects = [mail.subject for mail in drawn_mails()][-2:]
    assert sorted(subjects) == [
        "Plus personne ne relaie Dr Zoé Ay du lundi 17 au vendredi 21 août",
        "Plus personne ne vous relaie du lundi 17 au vendredi 21 août",
    ]


def test_where_another_stands_in_instead_they_are_asked_and_nothing_is_lost(anne, zoe, luc, desk, other_desk):
    absence_id = declare(zoe, anne, luc)
    before = len(told())

    leaves(anne, desk)

    assert rows(absence_id) == [(anne.id, "", False), (luc.id, "", True)]
    assert news(before) == sorted([("relay_released", anne.id), ("relay", luc.id)])


def test_a_relay_behind_who_leaves_tells_nobody_of_those_before(anne, zoe, luc, desk, other_desk):
    declare(zoe, luc, anne)
    before = len(told())

    leaves(anne, desk)

    assert news(before) == []


def test_the_relays_of_who_leaves_are_released(anne, zoe, desk):
    declare(anne, zoe)
    before = len(told())

    leaves(anne, desk)

    assert ("relay_released", zoe.id) in news(before)


def test_of_two_who_are_one_the_relay_goes_on_as_it_was_and_nobody_is_told(anne, again, zoe, desk, other_desk):
    absence_id = declare(zoe, again)
    before = len(told())

    survivor = merged(anne, again, desk)

    assert rows(absence_id) == [(survivor, "", True)]
    assert news(before) == []


def test_a_row_that_was_withdrawn_takes_over_what_the_other_row_says(anne, again, zoe, desk):
    absence_id = declare(zoe, anne)
    with transaction():
        declaring.change(
            absence_id, Declaration(MONDAY, FRIDAY, relay_ids=(again.id,)), {}, actor_id=None, now=clock.now()
        )
    (theirs,) = db.session.scalars(select(Relay.id).where(Relay.person_id == again.id))
    with transaction():
        by = {"person_id": again.id, "actor_id": None}
        declaring.answer(theirs, Answer.ACCEPTED, "", **by, now=clock.now(), seen=None)

    survivor = merged(anne, again, desk)

    assert sorted(rows(absence_id)) == sorted([(survivor, "accepted", True), (again.id, "", False)])


def test_named_twice_in_one_absence_one_remains(anne, again, zoe, desk):
    absence_id = declare(zoe, anne, again)

    survivor = merged(anne, again, desk)

    assert [person_id for person_id, _answer, is_live in rows(absence_id) if is_live] == [survivor]
    assert len(rows(absence_id)) == 2
