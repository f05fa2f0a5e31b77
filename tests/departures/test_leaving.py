"""Somebody leaves the community: what they have ends, and from that day on they are offered nowhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.departures.actions import (
    ChangedMeanwhile,
    OnlyLead,
    close_departed,
    come_back,
    leave_community,
    since,
)
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import LeftInThePast
from cpts_net.directory import queries as directory
from cpts_net.directory.models import Person
from cpts_net.directory.presence import is_present, those_present
from cpts_net.directory.trades import trade_of
from cpts_net.groups.models import Membership
from cpts_net.leave.models import Absence, Relay
from cpts_net.oncall import queries as oncall
from cpts_net.oncall.actions import take_seat
from cpts_net.oncall.availability import servable
from cpts_net.oncall.rules import NotEligible
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 8, 12)
FRIDAY = date(2026, 8, 14)
EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(make):
    return make.account(role=Role.COORDINATOR)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def leaves(desk):
    """Lets somebody leave on a day, as a page showed what they have."""

    def do(person, day):
        seen = belongings(person.id, since(day, clock.now())).as_seen
        with transaction():
            leave_community(person.id, day, seen=seen, actor_id=desk.id, now=clock.now())
        db.session.expire_all()

    return do


def held(person):
    return [seat.slot.starts_at for seat in belongings(person.id, clock.now()).seats]


def test_duties_absences_and_relays_from_that_day_on_end_and_the_others_stand(make, anne, leaves):
    line, other = make.line(), make.person("Zoé", "Ay")
    for starts_at in (EIGHT - 24 * HOUR, EIGHT, EIGHT + 48 * HOUR):
        make.seat(make.slot(line, starts_at, starts_at + 2 * HOUR), anne)
    before, across, after = (
        make.absence(anne, date(2026, 8, first), date(2026, 8, last)) for first, last in ((10, 11), (13, 15), (20, 21))
    )
    relayed = [make.absence(other, date(2026, 8, first), date(2026, 8, first), relays=[anne]) for first in (13, 14)]

    leaves(anne, FRIDAY)

    assert held(anne) == [EIGHT - 24 * HOUR]
    assert db.session.get(Absence, before.id).last_day == date(2026, 8, 11)
    assert db.session.get(Absence, across.id).last_day == date(2026, 8, 13)
    assert db.session.get(Absence, after.id).cancelled_at == clock.now()
    assert db.session.scalars(select(Relay.absence_id).where(Relay.withdrawn_at.is_(None))).all() == [relayed[0].id]
    assert is_present(anne.id, TODAY)
    assert not is_present(anne.id, FRIDAY)


def test_who_leaves_today_leaves_groups_and_is_signed_out(make, anne, leaves):
    account = make.account(anne)
    group = make.group(leads=[make.person("Luc", "Roy")], members=[anne])

    leaves(anne, TODAY)

    assert db.session.get(Account, account.id).suspended_at == clock.now()
    stays = select(Membership.left_at).where(Membership.person_id == anne.id, Membership.group_id == group.id)
    assert db.session.scalars(stays).all() == [clock.now()]
    assert db.session.get(Person, anne.id).left_on == TODAY


def test_who_leaves_later_stays_in_until_the_day_comes(make, anne, leaves, frozen):
    account = make.account(anne)
    make.group(leads=[make.person("Luc", "Roy"), anne])

    leaves(anne, FRIDAY)

    assert db.session.get(Account, account.id).suspended_at is None
    assert not _closed()
    frozen.shift(timedelta(days=2))
    assert _closed()
    assert db.session.get(Account, account.id).suspended_at == clock.now()
    stays = select(Membership.left_at).where(Membership.person_id == anne.id)
    assert db.session.scalars(stays).all() == [clock.now()]
    assert not _closed()


def _closed():
    with transaction():
        number = close_departed(now=clock.now())
    db.session.expire_all()
    return number


def test_from_that_day_on_nobody_is_offered_them_and_nobody_counts_them(make, anne, leaves, frozen):
    make.person("Zoé", "Ay")
    trade = trade_of("10")
    slot = make.slot(make.line("nuit"), EIGHT + 200 * HOUR, EIGHT + 201 * HOUR)
    assert len(directory.book().search("petit")) == 1

    leaves(anne, FRIDAY)

    assert (len(directory.book().search("petit")), directory.strength(trade)) == (1, 2)
    frozen.shift(timedelta(days=2))
    assert (len(directory.book().search("petit")), directory.strength(trade)) == (0, 1)
    assert those_present([anne.id]) == set()
    assert servable([(oncall.slot(slot.id), Span(slot.starts_at, slot.ends_at))]) == {slot.id}


def test_nobody_takes_a_duty_on_a_day_on_which_they_have_left(make, anne, leaves, desk):
    line = make.line()
    before, after = (make.slot(line, EIGHT + day * HOUR, EIGHT + (day + 2) * HOUR) for day in (-24, 24))
    leaves(anne, FRIDAY)

    with transaction():
        take_seat(before.id, anne.id, now=clock.now(), actor_id=desk.id)
    with pytest.raises(NotEligible), transaction():
        take_seat(after.id, anne.id, now=clock.now(), actor_id=desk.id)


def test_whoever_leads_a_group_alone_names_somebody_first(make, anne, leaves):
    group = make.group(leads=[anne])

    with pytest.raises(OnlyLead) as refused:
        leaves(anne, TODAY)

    assert refused.value.group_ids == (group.id,)


def test_a_day_that_is_over_is_refused(anne, leaves):
    with pytest.raises(LeftInThePast):
        leaves(anne, TODAY - timedelta(days=1))


def test_what_was_not_seen_is_not_ended(make, anne, desk):
    seen = belongings(anne.id, since(FRIDAY, clock.now())).as_seen
    db.session.rollback()
    make.seat(make.slot(make.line(), EIGHT, EIGHT + HOUR), anne)

    with pytest.raises(ChangedMeanwhile), transaction():
        leave_community(anne.id, FRIDAY, seen=seen, actor_id=desk.id, now=clock.now())
    assert held(anne) == [EIGHT]


def test_who_comes_back_is_found_again(make, anne, leaves, desk, rows):
    leaves(anne, TODAY)
    assert directory.book().search("petit") == []

    with transaction():
        come_back(anne.id, actor_id=desk.id, now=clock.now())

    assert [entry.id for entry in directory.book().search("petit")] == [anne.id]
    assert [entry.action for entry in rows(AuditEntry)] == ["directory.left", "directory.came_back"]
