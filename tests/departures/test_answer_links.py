"""Links in mails of before two rows became one: they speak for who remains, and for nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.departures.actions import merge
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import Side, clashes
from cpts_net.directory.models import Person
from cpts_net.leave.answer_links import answer_token as relay_token
from cpts_net.leave.models import Relay
from cpts_net.meetings.answer_links import answer_token
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollAnswer, PollOption
from cpts_net.meetings.poll_links import poll_token
from cpts_net.notices.choice_queries import choices_of
from cpts_net.notices.fewer_links import fewer_token
from cpts_net.notices.models import Channel
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.take_links import take_address
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

LATER = NOW + timedelta(days=9)
TWO_HOURS = timedelta(hours=2)
WEEK = (date(2026, 9, 1), date(2026, 9, 4))


@dataclass
class Twice:
    """Anne has two rows, and signs in by either; she goes on by the first. The mails were written to the second."""

    kept: Person
    gone: Person
    account: Account
    merge: Callable[[], None]


@pytest.fixture
def anne(app, make):
    kept, gone = (make.person("Anne", "Petit", specialty="SM54", phone="") for _ in range(2))
    make.account(gone, email="encore@cpts.example")
    account, desk = make.account(kept, email="anne@cpts.example"), make.account(role=Role.COORDINATOR)

    def merged():
        with app.app_context():
            both = [belongings(each.id, clock.now()).standing for each in (kept, gone)]
            chosen = {clash.key: Side.ONE for clash in clashes(*both)}
            with transaction():
                assert merge(kept.id, gone.id, chosen, actor_id=desk.id, now=clock.now()) == kept.id

    return Twice(kept, gone, account, merged)


@pytest.fixture
def luc(make):
    return make.person("Luc", "Martin")


@pytest.fixture
def in_app(app):
    """Does something where the application is, and returns what came of it."""

    def done(deed, *arguments, **named):
        with app.app_context():
            return deed(*arguments, **named)

    return done


def meeting_with(make, *people):
    asked = [Invitation(person_id=each.id) for each in people]
    return make.save(
        Meeting(title="Bilan", starts_at=LATER, ends_at=LATER + TWO_HOURS, created_at=NOW, invitations=asked)
    )


def test_a_poll_is_answered_by_who_remains(make, client, in_app, anne, luc, rows):
    group = make.group(leads=[luc], members=[anne.gone])
    poll = make.save(Poll(group_id=group.id, title="Bilan", deadline=LATER, created_at=NOW))
    option = make.save(PollOption(poll_id=poll.id, starts_at=LATER, ends_at=LATER + TWO_HOURS))
    address = f"/sondages/reponse/{in_app(poll_token, poll.id, anne.gone.id)}"
    anne.merge()

    assert "Réponse de Dr Anne Petit." in client.get(address).text
    client.post(address, data={f"date-{option.id}": "yes"})

    assert [(each.person_id, each.answer) for each in rows(PollAnswer)] == [(anne.kept.id, "yes")]


def test_a_duty_is_taken_by_who_remains(make, client, in_app, anne, rows):
    slot = make.slot(make.line(), LATER, LATER + TWO_HOURS)
    path = in_app(take_address, slot.id, anne.gone.id).partition("/astreintes")[2]
    anne.merge()

    client.post(f"/astreintes{path}")

    assert [each.person_id for each in rows(DutySeat)] == [anne.kept.id]


def relay_of(rows, person):
    return next(each for each in rows(Relay) if each.person_id == person.id)


def test_a_relay_is_answered_by_who_remains(make, client, in_app, anne, luc, rows):
    make.absence(luc, *WEEK, relays=[anne.gone])
    address = f"/absences/relais/{in_app(relay_token, relay_of(rows, anne.gone).id, anne.gone.id)}"
    anne.merge()

    client.post(address, data={"answer": "accepted"})

    assert [(each.person_id, each.answer) for each in rows(Relay)] == [(anne.kept.id, "accepted")]


def test_named_twice_as_a_relay_either_link_leads_to_the_one_that_remains(make, client, in_app, anne, luc, rows):
    make.absence(luc, *WEEK, relays=[anne.kept, anne.gone])
    address = f"/absences/relais/{in_app(relay_token, relay_of(rows, anne.gone).id, anne.gone.id)}"
    anne.merge()

    assert "Réponse de Dr Anne Petit." in client.get(address).text
    client.post(address, data={"answer": "declined"})

    assert relay_of(rows, anne.kept).answer == "declined"
    assert relay_of(rows, anne.gone).answer == ""
    assert relay_of(rows, anne.gone).withdrawn_at == NOW


def test_a_row_that_was_withdrawn_before_speaks_for_the_one_that_was_asked(
    make, client, in_app, change, anne, luc, rows
):
    make.absence(luc, *WEEK, relays=[anne.kept, anne.gone])
    change(update(Relay).where(Relay.person_id == anne.kept.id).values(withdrawn_at=NOW))
    address = f"/absences/relais/{in_app(relay_token, relay_of(rows, anne.gone).id, anne.gone.id)}"
    anne.merge()

    client.post(address, data={"answer": "accepted"})

    assert (relay_of(rows, anne.kept).answer, relay_of(rows, anne.kept).withdrawn_at) == ("accepted", None)


def test_asked_twice_to_a_meeting_either_link_answers_for_the_one_that_remains(make, client, in_app, anne, luc, rows):
    meeting = meeting_with(make, anne.kept, anne.gone, luc)
    whose = {"meeting_id": meeting.id, "person_id": anne.gone.id}
    number = next(each.id for each in rows(Invitation) if each.person_id == anne.gone.id)
    address = f"/reunions/reponse/{in_app(answer_token, number, 'yes', meeting.as_seen, **whose)}"
    anne.merge()

    assert "Réponse de Dr Anne Petit." in client.get(address).text
    client.post(address)

    assert {each.person_id: each.answer for each in rows(Invitation)} == {anne.kept.id: "yes", luc.id: None}


def test_whoever_is_asked_no_more_is_told_so_after_a_merge_too(make, client, in_app, anne, luc, rows):
    meeting = meeting_with(make, luc)
    whose = {"meeting_id": meeting.id, "person_id": anne.gone.id}
    anne.merge()

    page = client.get(f"/reunions/reponse/{in_app(answer_token, 99, 'yes', meeting.as_seen, **whose)}")

    assert page.status_code == 410
    assert "Vous n’êtes plus sur la liste" in page.text


def test_fewer_mails_are_wanted_by_who_remains(client, in_app, anne, rows):
    address = f"/avis/moins/{in_app(fewer_token, anne.gone.id, ['groups.posted'], Channel.MAIL)}"
    anne.merge()

    assert client.get(address).status_code == 200
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    assert in_app(choices_of, anne.kept.id) == {("groups.posted", "mail"): "never"}


def test_it_is_dead_once_who_remains_is_suspended(make, client, in_app, change, anne, rows):
    slot = make.slot(make.line(), LATER, LATER + TWO_HOURS)
    path = in_app(take_address, slot.id, anne.gone.id).partition("/astreintes")[2]
    anne.merge()
    change(update(Account).where(Account.id == anne.account.id).values(suspended_at=NOW))

    for page in (client.get(f"/astreintes{path}"), client.post(f"/astreintes{path}")):
        assert page.status_code == 410
        assert "Anne" not in page.text
    assert rows(DutySeat) == []
