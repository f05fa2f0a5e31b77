"""Taking back what one has just done to a meeting or a poll, once and in time."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cpts_net.meetings.models import Invitation, Meeting, Poll
from cpts_net.notices.models import Channel, Delivery, Notice, Preference, State
from cpts_net.notices.rules import When
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.meetings.conftest import THURSDAY, TWO_HOURS
from tests.telling import drawn_mails, told

TYPED = {
    "title": "Bilan",
    "agenda": "",
    "place": "",
    "video_url": "",
    "day": "2026-08-27",
    "at": "20:00",
    "minutes": "120",
}


def take_back(browser, response):
    """Press the button beside what was said after the form; the page that follows."""
    assert response.status_code == 303, response.text
    way = re.search(r'action="(/reunions/(?:sondages/)?retour/\d+)"', browser.get(response.location).text)[1]
    return way, browser.post(way, follow_redirects=True).text


def only(app, model):
    with app.app_context():
        return db.session.scalars(select(model)).one()


def answers(app):
    with app.app_context():
        rows = db.session.scalars(select(Invitation).order_by(Invitation.person_id))
        return {row.person_id: row.answer for row in rows}


def kinds_told(app, person):
    with app.app_context():
        return [kind for kind, _subject, person_id in told() if person_id == person.id]


def send_all(app):
    with app.app_context():
        db.session.execute(update(Delivery).values(state=State.SENT, attempts=1))
        db.session.commit()


def test_a_meeting_that_was_made_is_called_off_and_nobody_hears_of_it(app, browsers, group, ines):
    response = browsers["lead"].post(f"/groupes/{group.id}/reunions/nouvelle", data=TYPED)
    assert kinds_told(app, ines) == ["meetings.invited"]

    _way, page = take_back(browsers["lead"], response)

    assert "C’est comme avant" in page
    assert only(app, Meeting).cancelled_at is not None
    assert kinds_told(app, ines) == []


HEARD = {
    "its mail went": update(Delivery).values(state=State.SENT, attempts=1),
    "a worker has its mail": update(Delivery).values(attempts=1),
    "it was read on the page": update(Notice).values(seen_at=NOW),
}


@pytest.mark.parametrize("heard", HEARD.values(), ids=HEARD)
def test_who_has_heard_of_a_meeting_is_told_that_it_is_off(app, browsers, group, ines, change, heard):
    response = browsers["lead"].post(f"/groupes/{group.id}/reunions/nouvelle", data=TYPED)
    change(heard)

    take_back(browsers["lead"], response)

    assert kinds_told(app, ines) == ["meetings.invited", "meetings.cancelled"]


def test_a_moved_meeting_is_where_it_was_with_what_people_had_answered(app, browsers, make_meeting, anne, ines):
    meeting = make_meeting()
    for who, word in (("lead", "yes"), ("member", "no")):
        browsers[who].post(f"/reunions/{meeting.id}/reponse", data={"answer": word, "seen": meeting.as_seen})
    moved = {**TYPED, "title": meeting.title, "day": "2026-08-28", "seen": meeting.as_seen}
    response = browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data=moved)
    assert answers(app) == {anne.id: None, ines.id: None}

    take_back(browsers["lead"], response)

    after = only(app, Meeting)
    assert (after.starts_at, after.ends_at) == (THURSDAY, THURSDAY + TWO_HOURS)
    assert answers(app) == {anne.id: "yes", ines.id: "no"}


def test_a_cancelled_meeting_takes_place_after_all(app, browsers, make_meeting, ines):
    meeting = make_meeting()
    response = browsers["lead"].post(f"/reunions/{meeting.id}/annuler", data={"seen": meeting.as_seen})
    send_all(app)

    way, _page = take_back(browsers["lead"], response)

    assert only(app, Meeting).cancelled_at is None
    assert kinds_told(app, ines) == ["meetings.cancelled", "meetings.invited"]
    assert "C’était déjà revenu en arrière" in browsers["lead"].post(way, follow_redirects=True).text
    assert browsers["staff"].post(way).status_code == 404


def test_that_it_takes_place_after_all_waits_for_no_digest_when_it_is_near(
    app, browsers, make_meeting, make, rows, ines
):
    meeting = make_meeting(start=NOW + timedelta(hours=3))
    make.save(Preference(person_id=ines.id, kind="meetings.invited", channel=Channel.MAIL, when=When.DAILY))
    response = browsers["lead"].post(f"/reunions/{meeting.id}/annuler", data={"seen": meeting.as_seen})
    send_all(app)

    take_back(browsers["lead"], response)

    again = [each for each in rows(Delivery) if each.kind == "meetings.invited"]
    assert {each.due_at for each in again} == {NOW}


def test_a_fixed_date_goes_back_to_its_poll(app, browsers, make_poll, anne):
    poll = make_poll(answers=[(anne, ("yes", "no"))])
    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]})

    _way, page = take_back(browsers["lead"], response)

    assert only(app, Poll).closed_at is None
    assert only(app, Meeting).poll_id is None
    assert "Retenir cette date" in page


def test_a_closed_poll_takes_answers_again(app, browsers, make_poll, frozen):
    poll = make_poll()
    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    _way, page = take_back(browsers["lead"], response)
    assert "Le sondage est rouvert." in page
    assert only(app, Poll).closed_at is None

    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    frozen.shift(timedelta(minutes=31))

    assert "Il est trop tard" in take_back(browsers["lead"], response)[1]
    assert only(app, Poll).closed_at is not None


@pytest.mark.parametrize("heard", HEARD.values(), ids=HEARD)
def test_who_has_heard_that_a_poll_was_closed_is_told_that_it_is_open_again(
    app, browsers, make_poll, ines, change, heard
):
    poll = make_poll(answers=[(ines, ("yes", "no"))])
    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    change(heard)

    take_back(browsers["lead"], response)

    assert kinds_told(app, ines) == ["meetings.poll_given_up", "meetings.poll_changed"]
    with app.app_context():
        mail = drawn_mails()[-1]
    assert mail.subject == "Sondage rouvert : Bilan de l’été"
    assert "a rouvert un sondage" in mail.body


def test_who_has_not_heard_that_a_poll_was_closed_hears_nothing(app, browsers, make_poll, ines):
    poll = make_poll(answers=[(ines, ("yes", "no"))])
    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    assert kinds_told(app, ines) == ["meetings.poll_given_up"]

    take_back(browsers["lead"], response)

    assert kinds_told(app, ines) == []
