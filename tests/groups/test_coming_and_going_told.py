"""Whoever is brought into a group, or taken out of it, by somebody else is told, once."""

from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.departures import actions as departures
from cpts_net.departures.queries import belongings
from cpts_net.groups import actions
from cpts_net.meetings.models import Meeting
from cpts_net.notices import reading
from cpts_net.notices.actions import see
from cpts_net.notices.models import Notice
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.factories import held_by
from tests.telling import drawn_mails, told

pytestmark = pytest.mark.usefixtures("context")
ADDED, REMOVED = "groups.added", "groups.removed"


@pytest.fixture
def ines(make):
    return make.person("Inès", "Boyer")


@pytest.fixture
def hers(make, ines):
    return make.account(ines)


@pytest.fixture
def lead(make):
    return make.account(make.person("Claire", "Morel"))


@pytest.fixture
def group(make, lead):
    return make.group("Plaies", leads=[lead.person], purpose="Suivre les plaies qui durent.")


@pytest.fixture
def hidden(make, lead):
    return make.group("Secret", leads=[lead.person], is_private=True)


def bring(group, person, by):
    with transaction():
        actions.add_member(group.id, person.id, actor_id=by, now=clock.now())


def take(group, person, by):
    with transaction():
        actions.remove_member(group.id, person.id, actor_id=by, now=clock.now())


def read(person):
    """What stands on their page, as they may read it now; it is seen by that."""
    notices = db.session.query(Notice).filter_by(person_id=person.id).order_by(Notice.id).all()
    lines = [(line.words, line.path) for line in reading.lines(notices, clock.now())]
    with transaction():
        see(person.id, [notice.id for notice in notices], now=clock.now())
    return lines


def test_who_is_brought_in_is_told_once_with_what_the_group_is_for(group, ines, hers, lead):
    bring(group, ines, lead.id)
    bring(group, ines, lead.id)

    assert told() == [(ADDED, f"group:{group.id}", ines.id)]
    (mail,) = drawn_mails()
    assert (mail.to, mail.subject) == (hers.email, "Vous faites partie du groupe « Plaies »")
    assert "Suivre les plaies qui durent." in mail.body
    assert read(ines) == [("Vous faites partie du groupe «\u202fPlaies\u202f»", f"/groupes/{group.id}")]


def test_who_comes_or_goes_by_themselves_knows(group, ines, hers):
    bring(group, ines, hers.id)
    take(group, ines, hers.id)

    assert told() == []


def test_who_is_asked_to_several_meetings_is_told_of_the_group_by_that_mail(make, group, ines, hers, lead):
    for day in (5, 6):
        start = NOW + timedelta(days=day)
        hours = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
        make.save(Meeting(title="Bilan", created_at=NOW, meeting_groups=held_by(group.id), **hours))

    bring(group, ines, lead.id)

    assert told() == [("meetings.welcome", f"group:{group.id}", ines.id)]
    (mail,) = drawn_mails()
    assert "Vous faites maintenant partie du groupe" in mail.body


def test_who_is_taken_out_is_told_once_and_led_nowhere(group, ines, hers, lead):
    bring(group, ines, lead.id)
    read(ines)

    take(group, ines, lead.id)

    assert told() == [(ADDED, f"group:{group.id}", ines.id), (REMOVED, f"group:{group.id}", ines.id)]
    (mail,) = drawn_mails()  # The other one is not so any more.
    assert mail.subject == "Vous ne faites plus partie du groupe « Plaies »"
    assert f"/groupes/{group.id}" not in mail.body
    assert read(ines)[1] == ("Vous ne faites plus partie du groupe «\u202fPlaies\u202f»", "")


def test_who_has_not_heard_of_it_yet_is_told_neither(group, ines, hers, lead):
    bring(group, ines, lead.id)
    take(group, ines, lead.id)

    assert (told(), drawn_mails()) == ([], [])


def test_who_is_brought_in_again_reads_no_more_that_they_are_out(group, ines, hers, lead):
    bring(group, ines, lead.id)
    read(ines)
    take(group, ines, lead.id)
    bring(group, ines, lead.id)

    assert {mail.subject for mail in drawn_mails()} == {"Vous faites partie du groupe « Plaies »"}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST])
def test_the_name_of_a_group_that_one_may_not_know_of_any_more_is_not_said(make, group, hidden, ines, lead, role):
    make.account(ines, role)
    left = hidden if role is Role.MEMBER else group  # A guest knows of no group but their own.
    bring(left, ines, lead.id)
    read(ines)

    take(left, ines, lead.id)

    (mail,) = drawn_mails()
    assert mail.subject == "Vous ne faites plus partie d’un de vos groupes"
    assert left.name not in mail.body
    assert read(ines)[1] == ("Vous ne faites plus partie d’un de vos groupes", "")


def test_who_leaves_the_community_is_told_of_no_group_and_nobody_has_to_tell_them(group, ines, hers, lead):
    bring(group, ines, lead.id)
    read(ines)
    day = clock.today()
    seen = belongings(ines.id, departures.since(day, clock.now())).as_seen

    with transaction():
        departures.leave_community(ines.id, day, seen=seen, actor_id=lead.id, now=clock.now())

    assert told() == [(ADDED, f"group:{group.id}", ines.id)]


def test_those_who_lead_a_group_that_somebody_else_opens_are_told(ines, hers, lead):
    with transaction():
        given = {"is_private": False, "lead_ids": [ines.id, lead.person_id]}
        number = actions.create_group("Vaccins", "", **given, actor_id=lead.id, now=clock.now())

    assert told() == [("groups.lead_named", f"group:{number}", ines.id)]
