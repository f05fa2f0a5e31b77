"""Whom a change of a meeting is told, and whom not: read from the mails that reach a server."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from cpts_net import clock
from cpts_net.meetings import notice_kinds, queries
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Channel, Preference
from cpts_net.notices.rules import When
from cpts_net.outbox import mailer
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.calendars.reading import entry, part
from tests.conftest import NOW
from tests.factories import held_by

THURSDAY = datetime(2026, 8, 27, 18, tzinfo=UTC)
TYPED = {"title": "Bilan de l’été", "agenda": "", "place": "Brou", "video_url": "", "minutes": "120"}
AS_IT_IS = {**TYPED, "day": "2026-08-27", "at": "20:00"}


@pytest.fixture
def people(make):
    """Anne leads, Inès and Luc are in the group, Zoé is not; each has an account."""
    found = {name: make.person(name) for name in ("Anne", "Inès", "Luc", "Zoé")}
    for name, address in (("Anne", "anne"), ("Inès", "ines"), ("Luc", "luc"), ("Zoé", "zoe")):
        found[name].account = make.account(found[name], email=f"{address}@cpts.example")
    return found


@pytest.fixture
def group(make, people):
    return make.group("Plaies", leads=[people["Anne"]], members=[people["Inès"], people["Luc"]])


@pytest.fixture
def lead(sign_in, people):
    return sign_in(people["Anne"].account)


@pytest.fixture
def plan(lead, group):
    """Plan a meeting as the lead does; return its address."""

    def planned(**typed):
        response = lead.post(f"/groupes/{group.id}/reunions/nouvelle", data={**AS_IT_IS, **typed})
        assert response.status_code == 303, response.text
        return response.location

    return planned


def to(found):
    return sorted(mail["To"].removesuffix("@cpts.example") for mail in found)


def sequence(mail):
    return entry(mail)[1]["SEQUENCE"]


def test_planning_tells_everybody_in_the_group_once(plan, mails):
    plan()

    found = mails()

    assert to(found) == ["anne", "ines", "luc"]
    assert {mail["Subject"] for mail in found} == {"Réunion : Bilan de l’été, jeudi 27 août à 20 h"}
    assert mails() == []


def test_a_group_renamed_and_a_newcomer_write_to_the_newcomer_alone(plan, mails, lead, group, people):
    plan()
    mails()

    lead.post(f"/groupes/{group.id}/modifier", data={"name": "Plaies et cicatrisation", "purpose": "x"})
    lead.post(f"/groupes/{group.id}/membres", data={"person_id": people["Zoé"].id})
    (mail,) = mails()

    assert (mail["To"], mail["Subject"]) == ("zoe@cpts.example", "Réunion : Bilan de l’été, jeudi 27 août à 20 h")
    assert sequence(mail) == 1  # The feed's, in which the group's name shows.


def test_a_new_address_of_the_site_writes_to_nobody(plan, mails, app, monkeypatch):
    plan()
    mails()
    other = replace(app.extensions["settings"], public_url="http://localhost:9999")
    monkeypatch.setitem(app.extensions, "settings", other)
    with app.app_context(), transaction():
        for meeting_id in db.session.scalars(db.select(Meeting.id)):
            asked = queries.asked_ids(meeting_id)
            notify(notice_kinds.CHANGED, asked, About(f"meeting:{meeting_id}"), by=None, now=clock.now())

    assert mails() == []


@pytest.mark.parametrize(
    ("typed", "is_told"), [({"agenda": "Le point"}, False), ({}, False), ({"place": "Dreux"}, True)]
)
def test_only_time_place_and_title_are_worth_a_mail(plan, mails, lead, typed, is_told):
    address = plan()
    mails()

    page = lead.post(f"{address}/modifier", data={**AS_IT_IS, **typed}, follow_redirects=True).text

    assert to(mails()) == (["anne", "ines", "luc"] if is_told else [])
    assert ("Chaque personne invitée est prévenue" in page) == is_told
    assert ("Personne n’en reçoit de mail" in page) != is_told


def test_a_change_taken_back_before_it_was_told_is_told_nobody(plan, mails, lead):
    address = plan()
    mails()

    lead.post(f"{address}/modifier", data={**AS_IT_IS, "at": "21:00"})
    lead.post(f"{address}/modifier", data=AS_IT_IS)

    assert mails() == []


def test_a_move_is_told_with_what_it_was_before(plan, mails, lead, frozen):
    address = plan()
    mails()
    frozen.move_to(NOW + timedelta(hours=1))

    lead.post(f"{address}/modifier", data={**AS_IT_IS, "day": "2026-08-28"})
    found = mails()

    assert {mail["Subject"] for mail in found} == {"Réunion déplacée : Bilan de l’été, vendredi 28 août à 20 h"}
    words = " ".join(part(found[0], "text/plain").get_content().split())
    assert "(elle était prévue jeudi 27 août, 20 h – 22 h)" in words
    assert {sequence(mail) for mail in found} == {1}


@pytest.mark.parametrize("length", range(60, 121, 3))
def test_a_long_title_arrives_with_every_space(plan, mails, length):
    title = ("Réunion de l’été à Châteaudun : « où en est-on » et à qui le tour, déjà, en décembre à l’hôpital ? " * 2)[
        :length
    ]
    plan(title=title)

    title = title.strip()
    assert {mail["Subject"] for mail in mails()} == {f"Réunion : {title}, jeudi 27 août à 20 h"}


def test_a_mail_never_says_tomorrow(plan, mails):
    plan(day="2026-08-13")

    assert {mail["Subject"] for mail in mails()} == {"Réunion : Bilan de l’été, jeudi 13 août à 20 h"}


def test_whoever_leaves_is_told_so_with_a_risen_number_and_nobody_else_is(
    plan, mails, sign_in, people, group, subscribe
):
    plan()
    (asked,) = [mail for mail in mails() if mail["To"].startswith("luc")]

    sign_in(people["Luc"].account).post(f"/groupes/{group.id}/quitter")
    (mail,) = mails()

    calendar, left = entry(mail)
    assert mail["To"] == "luc@cpts.example"
    assert mail["Subject"] == "On ne vous attend plus : Bilan de l’été, jeudi 27 août à 20 h"
    for kind in ("text/plain", "text/html"):
        assert "On ne vous attend plus à cette réunion" in part(mail, kind).get_content()
        assert "annulée" not in part(mail, kind).get_content()
    assert (str(calendar["METHOD"]), str(left["STATUS"])) == ("CANCEL", "CANCELLED")
    assert left["SEQUENCE"] > sequence(asked)
    fed = reading.only_event(subscribe(people["Anne"].account).get())
    assert (fed["UID"], fed["SEQUENCE"]) == (left["UID"], left["SEQUENCE"])


def test_whoever_comes_back_is_invited_again(plan, mails, lead, people, group):
    plan()
    mails()
    lead.post(f"/groupes/{group.id}/membres/{people['Luc'].id}/retirer")
    (left,) = mails()

    lead.post(f"/groupes/{group.id}/membres", data={"person_id": people["Luc"].id})
    (mail,) = mails()

    assert mail["Subject"] == "On vous attend de nouveau : Bilan de l’été, jeudi 27 août à 20 h"
    assert "On vous attend de nouveau" in part(mail, "text/plain").get_content()
    assert sequence(mail) > sequence(left)


def test_out_and_in_again_before_the_mail_is_told_nobody(plan, mails, lead, people, group):
    plan()
    mails()

    lead.post(f"/groupes/{group.id}/membres/{people['Luc'].id}/retirer")
    lead.post(f"/groupes/{group.id}/membres", data={"person_id": people["Luc"].id})

    assert mails() == []


def test_the_first_to_join_where_nobody_was_ever_told_gets_the_only_mail(make, mails, lead, people, group):
    """As in the demonstration, whose meetings were never mailed."""
    for days in (0, 7, 14):
        start = THURSDAY + timedelta(days=days)
        asked = [Invitation(person_id=people[name].id) for name in ("Anne", "Inès", "Luc")]
        times = {"starts_at": start, "ends_at": start + timedelta(hours=2), "created_at": NOW}
        make.save(Meeting(meeting_groups=held_by(group.id), title=f"Bilan {days}", invitations=asked, **times))

    lead.post(f"/groupes/{group.id}/membres", data={"person_id": people["Zoé"].id})
    (mail,) = mails()

    assert (mail["To"], mail["Subject"]) == ("zoe@cpts.example", "Vos réunions dans le groupe « Plaies »")
    for kind in ("text/plain", "text/html"):
        words = part(mail, kind).get_content()
        assert words.index("Bilan 0") < words.index("Bilan 7") < words.index("Bilan 14")
        assert len(set(re.findall(r"/reunions/reponse/[\w.-]+", words))) == 9
    files = [each for each in mail.walk() if each.get_content_type() == "application/ics"]
    assert [file.get_filename() for file in files] == ["reunion-1.ics", "reunion-2.ics", "reunion-3.ics"]
    entries = [reading.only_event_of(file.get_payload(decode=True)) for file in files]
    assert [str(each["SUMMARY"]) for each in entries] == ["Bilan 0", "Bilan 7", "Bilan 14"]
    assert mails() == []


def test_without_an_address_that_somebody_reads_no_button_of_a_mail_program_is_offered(
    plan, mails, app, posting, monkeypatch
):
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], contact=""))
    plan()

    mail = mails()[0]

    _calendar, asked = entry(mail)
    assert "RSVP" not in asked["ATTENDEE"].params
    assert mail["Reply-To"] is None
    assert "personne ne lit ce que l’on répond à ce message" in part(mail, "text/plain").get_content()


def test_with_one_the_mail_says_where_an_answer_counts_and_where_it_goes(plan, mails):
    plan()

    mail = mails()[0]

    assert str(entry(mail)[1]["ORGANIZER"]) == "mailto:contact@cpts.example"
    for kind in ("text/plain", "text/html"):
        words = " ".join(part(mail, kind).get_content().split())
        assert "Seuls ces liens, ou le site, enregistrent votre réponse." in words
        assert "arrive à contact@cpts.example" in words


def test_the_name_of_a_group_is_no_html_in_a_mail(lead, mails, people, make):
    group = make.group("Plaies <b>& co</b>", leads=[people["Anne"]], members=[people["Inès"]])
    lead.post(f"/groupes/{group.id}/reunions/nouvelle", data=AS_IT_IS)

    mail, *_others = mails()

    assert "Plaies &lt;b&gt;&amp; co&lt;/b&gt;" in part(mail, "text/html").get_content()
    assert "Plaies <b>& co</b>" in part(mail, "text/plain").get_content()


@pytest.fixture
def writing(app):
    """What the transaction that keeps others from writing has done so far."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    def end(_connection):
        statements.clear()

    with app.app_context():
        engine = db.engine
    listeners = (("before_cursor_execute", note), ("commit", end), ("rollback", end))
    for what, listener in listeners:
        event.listen(engine, what, listener)
    yield statements
    for what, listener in listeners:
        event.remove(engine, what, listener)


def test_nothing_is_rendered_or_sent_while_others_cannot_write(plan, mails, writing, monkeypatch):
    plan()
    done = []

    def watched(work):
        def working(*arguments, **options):
            done.append((work.__name__, list(writing)))
            return work(*arguments, **options)

        return working

    for name in ("deliver", "render_mail", "render_template"):
        monkeypatch.setattr(mailer, name, watched(getattr(mailer, name)))

    assert len(mails()) == 3
    assert {name for name, _ in done} == {"deliver", "render_mail", "render_template"}
    assert [statements for _, statements in done if statements] == []


def test_who_read_of_it_in_a_digest_is_not_told_again(make, plan, mails, people, frozen, app, rows):
    ines = people["Inès"]
    chosen = make.save(Preference(person_id=ines.id, kind=notice_kinds.INVITED, channel=Channel.MAIL, when=When.DAILY))
    plan()
    plan(title="Bilan de l’hiver", at="21:00")
    mails()
    frozen.move_to((NOW + timedelta(days=1)).replace(hour=5, minute=30))
    assert to(mails()) == ["ines"]

    with app.app_context(), transaction():
        db.session.delete(db.session.merge(chosen))
        for meeting in rows(Meeting):
            about = About(f"meeting:{meeting.id}", begins_at=meeting.starts_at)
            notify(notice_kinds.INVITED, [ines.id], about, by=None, now=clock.now())

    assert mails() == []
