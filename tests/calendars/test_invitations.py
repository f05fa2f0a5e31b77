"""Invitation mails, read back the way mail programs and calendars do (points 21 and 22)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from cpts_net import clock, worker
from cpts_net.calendars.models import SentInvitation
from cpts_net.groups.models import Membership
from cpts_net.meetings import notice_kinds
from cpts_net.meetings.models import Answer, Invitation, Meeting, MeetingGroup
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Delivery, Notice
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.calendars.reading import entry, part
from tests.conftest import NOW
from tests.factories import held_by

EVENING = datetime(2026, 9, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def owner(make, anne):
    return make.account(anne, email="anne@cabinet.example")


@pytest.fixture
def meeting(make, anne, paul):
    """A meeting of a private group to which Anne and Paul are invited."""
    group = make.group("Parcours, sortie d’hôpital", leads=[anne], members=[paul], is_private=True)
    return make.save(
        Meeting(
            meeting_groups=held_by(group.id),
            title="Qui appelle qui ?",
            agenda="1. Le point\n2. La suite",
            place="Salle du haut, Châteaudun",
            starts_at=EVENING,
            ends_at=EVENING + timedelta(hours=2),
            created_at=NOW,
            invitations=[Invitation(person_id=anne.id), Invitation(person_id=paul.id)],
        )
    )


@pytest.fixture
def tell(app, meeting, posting):
    """Have people told as after a change of the meeting; return the mails that reached the server."""

    def told(*meeting_ids, person_id=None):
        posting.mails.clear()
        with app.app_context():
            with transaction():
                if len(meeting_ids) > 1:
                    about = About(f"group:{meeting.group_id}", after={"meeting_ids": list(meeting_ids)})
                    notify(notice_kinds.WELCOME, whom(person_id), about, by=None, now=clock.now())
                for meeting_id in [] if len(meeting_ids) > 1 else meeting_ids or [meeting.id]:
                    about = About(f"meeting:{meeting_id}")
                    notify(notice_kinds.CHANGED, whom(person_id), about, by=None, now=clock.now())
            while worker.send_next():
                pass
        return posting.read()

    def whom(person_id):
        asked = db.session.scalars(select(Invitation.person_id)).all()
        known = db.session.scalars(select(SentInvitation.person_id)).all()
        return [person_id] if person_id else sorted({*asked, *known})

    return told


def test_21_mail_has_the_layout_that_every_program_understands(tell, owner):
    (message,) = tell()

    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    plain, html, calendar = alternative.iter_parts()
    assert [each.get_content_type() for each in (plain, html, calendar)] == ["text/plain", "text/html", "text/calendar"]
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert attachment.get_content_type() == "application/ics"
    assert (attachment.get_content_disposition(), attachment.get_filename()) == ("attachment", "invite.ics")
    assert attachment.get_payload(decode=True) == calendar.get_payload(decode=True)


def test_21_mail_names_its_recipient_alone(tell, owner, make, paul, settings):
    make.account(paul, email="paul@cabinet.example")

    for message, address in zip(tell(), ["anne@cabinet.example", "paul@cabinet.example"], strict=True):
        calendar, event = entry(message)
        assert message["To"] == address
        assert str(calendar["METHOD"]) == "REQUEST"
        assert str(event["ATTENDEE"]) == f"mailto:{address}"
        assert event["ATTENDEE"].params["RSVP"] == "TRUE"
        assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
        assert str(event["ORGANIZER"]) == "mailto:contact@cpts.example"
        assert message["Reply-To"] == "contact@cpts.example"
        assert "ne-pas-repondre@cpts.example" in message["From"]
        other = "paul@" if address.startswith("anne") else "anne@"
        assert other not in message.as_string()


def test_whoever_answered_before_is_told_what_they_said(app, tell, owner, meeting, anne):
    with app.app_context(), transaction():
        invitation = db.session.scalar(select(Invitation).where(Invitation.person_id == anne.id))
        invitation.answer, invitation.answered_at = Answer.YES, clock.now()

    (message,) = tell()

    assert "Vous avez répondu oui." in part(message, "text/plain").get_content()
    assert "Viendrez-vous" not in part(message, "text/html").get_content()
    assert entry(message)[1]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_21_mail_and_feed_have_one_entry(tell, owner, subscribe):
    (message,) = tell()

    _calendar, mailed = entry(message)
    fed = reading.only_event(subscribe(owner).get())
    for name in ("UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "DTSTART", "DTEND", "STATUS"):
        assert (
            mailed[name].to_ical() == fed[name].to_ical()
            if hasattr(mailed[name], "to_ical")
            else mailed[name] == fed[name]
        )
    assert "ATTENDEE" not in fed


def test_21_change_rises_in_mail_and_feed_alike(tell, owner, subscribe, meeting, change, frozen):
    feed = subscribe(owner)
    tell()
    feed.get()
    frozen.move_to(NOW + timedelta(hours=1))
    change(
        meeting, revisions.MEETINGS, starts_at=EVENING + timedelta(days=1), ends_at=EVENING + timedelta(days=1, hours=2)
    )

    (message,) = tell()

    calendar, event = entry(message)
    assert (str(calendar["METHOD"]), event["SEQUENCE"]) == ("REQUEST", 1)
    assert event["DTSTAMP"].dt == NOW + timedelta(hours=1)
    assert event.start == EVENING + timedelta(days=1)
    fed = reading.only_event(feed.get())
    assert (fed["UID"], fed["SEQUENCE"], fed.start) == (event["UID"], 1, event.start)
    assert message["Subject"].startswith("Réunion déplacée")


def test_21_cancelled_meeting_is_taken_out(tell, owner, subscribe, meeting, change, frozen):
    feed = subscribe(owner)
    tell()
    frozen.move_to(NOW + timedelta(hours=1))
    change(meeting, revisions.MEETINGS, cancelled_at=clock.now())

    (message,) = tell()

    calendar, event = entry(message)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert part(message, "text/calendar").get_param("method") == "CANCEL"
    assert message["Subject"].startswith("Réunion annulée")
    assert str(reading.only_event(feed.get())["STATUS"]) == "CANCELLED"


def test_19_cancelled_meeting_leaves_the_feed_within_14_days(subscribe, owner, meeting, change, frozen):
    feed = subscribe(owner)
    change(meeting, revisions.MEETINGS, cancelled_at=NOW)

    frozen.move_to(NOW + timedelta(days=12))
    assert str(reading.only_event(feed.get())["STATUS"]) == "CANCELLED"
    frozen.move_to(NOW + timedelta(days=14))
    assert reading.events(feed.body) == {}


def test_same_news_is_not_sent_twice(tell, owner, frozen):
    assert len(tell()) == 1
    frozen.move_to(NOW + timedelta(minutes=5))

    assert tell() == []


def test_answer_is_no_news_and_newcomer_gets_the_mail_as_it_stands(tell, owner, make, meeting, app, frozen):
    tell()
    frozen.move_to(NOW + timedelta(hours=1))
    newcomer = make.person("Marie", "Morel")
    make.account(newcomer, email="marie@cabinet.example")
    make.save(Invitation(meeting_id=meeting.id, person_id=newcomer.id, answer=Answer.YES))
    with app.app_context(), transaction():
        db.session.scalars(select(Invitation)).first().answer = Answer.NO
        group_id = db.session.scalars(select(MeetingGroup.group_id)).one()
        db.session.add(Membership(group_id=group_id, person_id=newcomer.id, joined_at=NOW))

    (message,) = tell()

    _calendar, event = entry(message)
    assert (message["To"], event["SEQUENCE"]) == ("marie@cabinet.example", 0)
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_whoever_cannot_sign_in_gets_no_mail(tell, owner, change):
    change(owner, revisions.SESSIONS, suspended_at=NOW)

    assert tell() == []


def test_cancelled_meeting_is_no_news_to_those_who_never_heard_of_it(tell, owner, meeting, change):
    change(meeting, revisions.MEETINGS, cancelled_at=NOW)

    assert tell() == []


def test_meeting_that_is_over_or_gone_sends_nothing(tell, owner, frozen):
    assert tell(99999) == []
    frozen.move_to(EVENING + timedelta(hours=2))
    assert tell() == []


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_mail_says_what_when_and_where(tell, owner, kind):
    (message,) = tell()

    words = " ".join(part(message, kind).get_content().split())
    assert message["Subject"] == "Réunion : Qui appelle qui ?, mardi 1er septembre à 20 h"
    assert "Bonjour Dr Anne Petit" in words
    assert "mardi 1er septembre, 20 h – 22 h" in words
    assert "Salle du haut, Châteaudun" in words
    assert "1. Le point" in words


def test_22_links_show_the_answer_and_change_nothing_until_a_button_is_pressed(tell, owner, client, app):
    (message,) = tell()
    links = re.findall(r"http://localhost:8000(/reunions/reponse/\S+)", part(message, "text/plain").get_content())

    def answers():
        with app.app_context():
            return list(db.session.scalars(select(Invitation.answer).order_by(Invitation.id)))

    assert len(set(links)) == 3
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert answers() == [None, None]
    client.post(links[1])
    assert answers() == [Answer.IF_NEED_BE, None]


def test_an_address_that_is_refused_stops_nobody_else(tell, owner, meeting, make, paul, posting, rows):
    make.account(paul, email="paul@cabinet.example")
    posting.unknown = {"anne@cabinet.example"}

    assert [message["To"] for message in tell()] == ["paul@cabinet.example"]

    (lost,) = [delivery for delivery in rows(Delivery) if delivery.error]
    (notice,) = [notice for notice in rows(Notice) if notice.id == lost.notice_id]
    assert (notice.person_id, notice.subject) == (owner.person_id, f"meeting:{meeting.id}")
    assert "no such person" in lost.error


def test_a_mail_sent_again_later_tells_of_the_meeting_as_it_stands_by_then(
    tell, owner, posting, change, meeting, frozen
):
    posting.refusals = 1
    assert tell() == []
    change(meeting, revisions.MEETINGS, place="Salle du bas")
    frozen.move_to(NOW + timedelta(minutes=5))

    (message,) = tell()

    assert message["Subject"].startswith("Réunion : ")
    assert "Salle du bas" in part(message, "text/plain").get_content()


def test_all_attempts_at_a_mail_have_one_id(tell, owner, app, frozen, monkeypatch, posting):
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_record", lambda _outcome: None)  # As if it had died before it could note what it sent.
        (message,) = tell()
    posting.mails.clear()
    frozen.move_to(NOW + timedelta(minutes=5))

    with app.app_context():
        while worker.send_next():
            pass

    assert [again["Message-ID"] for again in posting.read()] == [message["Message-ID"]]


def test_private_meeting_is_in_the_feeds_of_its_members_only(subscribe, owner, make, meeting):
    stranger = make.account(make.person("Luc", "Martin"))

    assert list(reading.events(subscribe(owner).body)) == [f"meeting-{meeting.id}@localhost"]
    for kind in ("mine", "duty", "absences"):
        assert b"meeting" not in subscribe(stranger, kind).body
        assert b"meeting" not in subscribe(owner, kind).body or kind == "mine"


def test_the_name_of_a_private_group_leaves_the_feed_with_the_membership(subscribe, owner, meeting, app, anne):
    """Whoever is asked still is; the number rises with what they read, and falls never again."""
    feed = subscribe(owner)
    told = reading.only_event(feed.get())
    for left_at in (NOW, None):
        with app.app_context(), transaction():
            revisions.bump(revisions.MEETINGS)
            of_anne = Membership.person_id == anne.id
            db.session.execute(update(Membership).where(of_anne).values(left_at=left_at))
        if left_at:
            untold = reading.only_event(feed.get())
    told_again = reading.only_event(feed.get())

    assert "Parcours" in told["DESCRIPTION"]
    assert "Parcours" not in untold["DESCRIPTION"]
    assert "Parcours" in told_again["DESCRIPTION"]
    assert [each["SEQUENCE"] for each in (told, untold, told_again)] == [0, 1, 2]
    assert told["UID"] == untold["UID"] == told_again["UID"]


def test_a_mail_names_a_private_group_to_its_members_alone(tell, owner, make, meeting):
    guest = make.person("Marie", "Morel")
    make.account(guest, email="marie@cabinet.example")
    make.save(Invitation(meeting_id=meeting.id, person_id=guest.id, is_personal=True))

    mails = {mail["To"]: mail for mail in tell()}

    for address, is_told in (("anne@cabinet.example", True), ("marie@cabinet.example", False)):
        mail = mails[address]
        words = [part(mail, kind).get_content() for kind in ("text/plain", "text/html")]
        words.append(str(entry(mail)[1]["DESCRIPTION"]))
        assert ["Parcours" in each for each in words] == [is_told] * 3


def test_declined_meeting_leaves_the_feed(subscribe, owner, meeting, app, anne):
    feed = subscribe(owner)
    with app.app_context(), transaction():
        revisions.bump(revisions.MEETINGS)
        db.session.scalars(select(Invitation).where(Invitation.person_id == anne.id)).one().answer = Answer.NO

    assert reading.events(feed.body) == {}


def test_17_meeting_takes_time(subscribe, owner, meeting):
    event = reading.only_event(subscribe(owner).get())

    assert (str(event["TRANSP"]), str(event["X-MICROSOFT-CDO-BUSYSTATUS"])) == ("OPAQUE", "BUSY")
    assert str(event["LOCATION"]) == "Salle du haut, Châteaudun"
    assert str(event["URL"]) == f"http://localhost:8000/reunions/{meeting.id}"


def test_planning_shows_the_meeting(sign_in, owner, meeting):
    page = sign_in(owner).get("/mon-planning/").text

    assert f'href="/reunions/{meeting.id}"' in page
    assert "Qui appelle qui ?" in page
