"""The mail about a poll, and its link that answers without signing in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock, wiring
from cpts_net.accounts.queries import account_of_person
from cpts_net.groups import actions as groups
from cpts_net.meetings import notice_kinds, poll_actions
from cpts_net.meetings.models import Poll, PollAnswer
from cpts_net.meetings.poll_links import poll_token, read_token
from cpts_net.meetings.reminders import tell_of_last_days
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web import signed_links
from tests.conftest import NOW
from tests.telling import drawn_mails, told

TYPED = {
    "title": "Bilan de l’été",
    "place": "Brou",
    "minutes": "120",
    "dates-0-day": "2026-08-27",
    "dates-0-at": "20:00",
    "dates-1-day": "2026-08-28",
    "dates-1-at": "12:30",
    "last_day": "2026-08-20",
}


@pytest.fixture
def link(app, make):
    def address(poll, person):
        with app.app_context():
            is_reached = account_of_person(person.id) is not None
        if not is_reached:
            make.account(person)
        with app.app_context():
            return f"/sondages/reponse/{poll_token(poll.id, person.id)}"

    return address


def said(app, person):
    with app.app_context():
        query = select(PollAnswer.option_id, PollAnswer.answer).where(PollAnswer.person_id == person.id)
        return dict(db.session.execute(query.order_by(PollAnswer.option_id)).all())


def mails(app):
    with app.app_context():
        return drawn_mails()


def test_a_poll_that_is_proposed_is_told_to_everybody_in_the_group_but_its_maker(app, browsers, group, ines):
    browsers["lead"].post(f"/groupes/{group.id}/sondages/nouveau", data=TYPED)

    with app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        assert told() == [(notice_kinds.POLL_PROPOSED, f"poll:{poll.id}", ines.id)]
    (mail,) = mails(app)
    assert mail.subject == "Quelle date vous convient ? Bilan de l’été, à dire jusqu’au jeudi 20 août à 23 h 59"
    for words in (
        "«\u202fSoins non programmés\u202f»",
        "- jeudi 27 août, 20\u202fh – 22\u202fh",
        "- vendredi 28 août, 12\u202fh\u202f30 – ",
    ):
        assert words in mail.body
    assert "jusqu’au jeudi 20 août à 23\u202fh\u202f59" in mail.body


def test_the_link_in_the_mail_answers_without_signing_in(app, client, browsers, group, ines):
    browsers["lead"].post(f"/groupes/{group.id}/sondages/nouveau", data=TYPED)
    (mail,) = mails(app)
    path = re.search(r"http://localhost:8000(/sondages/reponse/\S+)", mail.body)[1]
    page = client.get(path).text
    first, second = map(int, sorted(set(re.findall(r'name="date-(\d+)"', page))))

    response = client.post(path, data={f"date-{first}": "yes", f"date-{second}": "no"}, follow_redirects=True)

    assert "Merci, vos réponses sont enregistrées." in response.text
    assert said(app, ines) == {first: "yes", second: "no"}
    assert mails(app) == []  # It has been answered.


def test_looking_changes_nothing_and_shows_nothing_of_others(app, client, make_poll, link, anne, ines, revision_of):
    poll = make_poll(answers=[(anne, ("yes", "no"))])
    before = revision_of(f"poll:{poll.id}")

    page = client.get(link(poll, ines))

    assert page.status_code == 200
    assert "jeudi 27 août" in page.text
    assert not any(words in page.text for words in ("Anne", "Les appels", "checked"))
    assert (said(app, ines), revision_of(f"poll:{poll.id}")) == ({}, before)


def test_nothing_said_is_asked_again(app, client, make_poll, link, ines):
    poll = make_poll()

    page = client.post(link(poll, ines), data={})

    assert page.status_code == 422
    assert "Répondez à au moins une date." in page.text


@pytest.mark.parametrize("columns", [{"closed_at": NOW}, {"deadline": NOW}])
def test_a_poll_that_is_closed_takes_no_answer_by_link(app, client, make_poll, link, ines, columns):
    poll = make_poll(**columns)
    data = {f"date-{poll.option_ids[0]}": "yes"}

    assert "Ce sondage est clos" in client.get(link(poll, ines)).text
    assert "Trop tard" in client.post(link(poll, ines), data=data, follow_redirects=True).text
    assert said(app, ines) == {}


def test_a_link_opens_nothing_for_whoever_left_the_group(app, client, make_poll, link, ines, group):
    poll = make_poll()
    address = link(poll, ines)
    with app.app_context(), transaction():
        groups.remove_member(group.id, ines.id, actor_id=None, now=clock.now())

    assert client.get(address).status_code == 410
    assert client.post(address, data={f"date-{poll.option_ids[0]}": "yes"}).status_code == 410
    assert poll.title not in client.get(address).text


@pytest.mark.usefixtures("context")
def test_a_link_for_something_else_is_none():
    assert read_token(poll_token(7, 3)) == (7, 3)
    for token in ("", "7.x", poll_token(7, 3) + "a", signed_links.sign("meetings.answer", [7, 3])):
        assert read_token(token) is None


def run(app, frozen, at):
    frozen.move_to(at)
    with app.app_context():
        tell_of_last_days(now=clock.now())
        return [person_id for _kind, _subject, person_id in told()]


@pytest.fixture
def ending(make_poll, anne):
    """A poll that was proposed in time, and answered by the lead."""
    return make_poll(answers=[(anne, ("yes", "no"))], deadline=NOW + timedelta(days=6))


def test_the_last_two_days_are_told_once_to_those_who_have_not_answered(app, frozen, make, ending, ines):
    make.account(ines)
    deadline = ending.deadline

    assert run(app, frozen, deadline - timedelta(days=2, minutes=1)) == []
    assert run(app, frozen, deadline - timedelta(days=1, hours=23)) == [ines.id]
    assert run(app, frozen, deadline - timedelta(days=1, hours=22)) == [ines.id]
    (mail,) = mails(app)
    assert mail.subject == "On attend votre réponse jusqu’au mardi 18 août à 10 h : Bilan de l’été"
    assert "/sondages/reponse/" in mail.body


def test_an_hourly_run_that_has_nobody_to_tell_writes_nothing(app, frozen, ending, revision_of):
    run(app, frozen, ending.deadline - timedelta(days=1, hours=23))
    before = revision_of("notices")

    run(app, frozen, ending.deadline - timedelta(days=1, hours=22))

    assert revision_of("notices") == before


@pytest.mark.parametrize("hours", [23, 1, 0, -1])
def test_last_days_that_nobody_told_in_time_are_not_told_at_all(app, frozen, ending, hours):
    assert run(app, frozen, ending.deadline - timedelta(hours=hours)) == []


@pytest.mark.parametrize("columns", [{"closed_at": NOW}, {"created_at": NOW + timedelta(days=3, minutes=1)}])
def test_a_poll_that_is_closed_or_was_proposed_the_day_before_has_no_last_days(app, frozen, make_poll, columns):
    poll = make_poll(**{"deadline": NOW + timedelta(days=6), **columns})

    assert run(app, frozen, poll.deadline - timedelta(days=1, hours=23)) == []


def test_who_answers_before_the_reminder_goes_reads_none(app, frozen, make, ending, ines):
    make.account(ines)
    run(app, frozen, ending.deadline - timedelta(days=1, hours=23))
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, ending.id)
        poll_actions.answer_poll(poll, ines.id, {ending.option_ids[0]: "no"}, now=clock.now())

    assert mails(app) == []


def test_the_worker_tells_what_time_brings():
    assert tell_of_last_days in wiring.LONG_CHORES
