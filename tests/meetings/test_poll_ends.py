"""How a poll ends is told once: by the invitation where a date was fixed, else to those who keep the dates free."""

from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.groups import actions as groups
from cpts_net.groups.models import Membership
from cpts_net.meetings import poll_actions, queries
from cpts_net.meetings.drafts import Actor, Subject
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.factories import LONG_AGO
from tests.telling import drawn_mails, told

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def lead(make, anne):
    account = make.account(anne)
    return Actor(account.id, anne.id)


@pytest.fixture
def silent(make, group):
    """Somebody of the group who answers nothing."""
    person = make.person("Paul", "Roy")
    make.save(Membership(group_id=group.id, person_id=person.id, joined_at=LONG_AGO))
    return person


@pytest.fixture
def poll(make_poll, make, anne, ines, silent):
    make.account(ines, email="ines@cpts.example")
    make.account(silent, email="paul@cpts.example")
    return make_poll(answers=[(anne, ("yes", "no")), (ines, ("yes", "no"))])


def do(deed, poll, *args, by):
    with transaction():
        return deed(queries.poll_for_everybody(poll.id), *args, by=by, now=clock.now())


def by_person(kind_of=lambda _kind: True):
    return sorted((person, kind) for kind, _subject, person in told() if kind_of(kind))


def test_a_date_that_is_fixed_reaches_everybody_in_one_message(lead, poll, anne, ines, silent):
    do(poll_actions.fix_date, poll, poll.option_ids[0], by=lead)

    assert by_person() == sorted((person.id, "meetings.invited") for person in (anne, ines, silent))
    subjects = {mail.to: mail.subject for mail in drawn_mails()}
    assert subjects["paul@cpts.example"] == "Date fixée : Bilan de l’été, jeudi 27 août à 20 h"
    assert set(subjects.values()) == {subjects["paul@cpts.example"]}


def test_who_answered_is_told_that_it_was_given_up(lead, poll, ines):
    do(poll_actions.give_up_poll, poll, by=lead)

    assert told() == [("meetings.poll_given_up", f"poll:{poll.id}", ines.id)]
    (mail,) = drawn_mails()
    assert (mail.to, mail.subject) == ("ines@cpts.example", "Sondage abandonné : Bilan de l’été")


def test_who_left_the_group_meanwhile_is_not(lead, poll, group, ines):
    with transaction():
        groups.remove_member(group.id, ines.id, actor_id=None, now=clock.now())

    do(poll_actions.give_up_poll, poll, by=lead)

    assert by_person(lambda kind: "poll" in kind) == []


def test_opened_again_before_the_mail_goes_it_was_not_given_up(lead, poll):
    do(poll_actions.give_up_poll, poll, by=lead)
    found = queries.poll_for_everybody(poll.id)
    spans = [Span(option.starts_at, option.ends_at) for option in found.options]
    subject = Subject(found.title, found.agenda, found.place, found.video_url)
    with transaction():
        poll_actions.change_poll(
            found, subject, spans, clock.now() + timedelta(days=2), by=lead, now=clock.now(), seen=None
        )
    db.session.rollback()

    assert [mail.subject for mail in drawn_mails()] == ["Sondage rouvert : Bilan de l’été"]
