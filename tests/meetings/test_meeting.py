import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.audit.models import AuditEntry
from cpts_net.meetings import queries
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from tests.counting import counted
from tests.meetings.conftest import FRIDAY, THURSDAY, TWO_HOURS
from tests.telling import told

TYPED = {"title": "Astreintes d’automne", "day": "2026-08-27", "at": "20:00", "minutes": "120"}


def kept(app, meeting):
    with app.app_context():
        return db.session.get(Meeting, meeting.id)


def said(app, meeting):
    """What everybody who is asked said, by member."""
    with app.app_context():
        rows = db.session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id))
        return {row.person_id: row.answer for row in rows}


def tellings(app):
    """What was told of meetings, and to whom."""
    with app.app_context():
        return sorted(told())


def actions_done(app):
    with app.app_context():
        return db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


def answer(browser, meeting, word="yes", **kwargs):
    return browser.post(f"/reunions/{meeting.id}/reponse", data={"answer": word, "seen": meeting.as_seen}, **kwargs)


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_a_meeting_is_planned_without_a_poll(app, browsers, group, who, anne, ines, revision_of):
    before = revision_of("meetings"), revision_of(f"group:{group.id}")
    typed = {**TYPED, "agenda": "1. Calendrier", "video_url": "https://visio.example/x"}

    response = browsers[who].post(f"/groupes/{group.id}/reunions/nouvelle", data=typed)

    with app.app_context():
        meeting = db.session.scalars(select(Meeting)).one()
    assert (response.status_code, response.location) == (303, f"/reunions/{meeting.id}")
    assert (meeting.starts_at, meeting.ends_at) == (THURSDAY, THURSDAY + TWO_HOURS)
    assert said(app, meeting) == {anne.id: None, ines.id: None}
    assert tellings(app) == [("meetings.invited", f"meeting:{meeting.id}", person.id) for person in (anne, ines)]
    assert actions_done(app) == ["meeting.planned"]
    assert revision_of("meetings") > before[0]
    assert revision_of(f"group:{group.id}") > before[1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"day": ""}, "day"),
        ({"at": ""}, "at"),
        ({"day": "0001-01-01", "at": "00:00"}, "day"),
        ({"day": "9999-12-31", "at": "23:30"}, "day"),
        ({"day": "2026-08-12", "at": "10:00"}, "day"),
        ({"video_url": "ftp://x.example"}, "video_url"),
        ({"agenda": "155081416802588"}, "agenda"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_kept_in_the_form(app, browsers, group, wrong, field):
    typed = {**TYPED, "place": "Mairie de Brou", **wrong}

    response = browsers["lead"].post(f"/groupes/{group.id}/reunions/nouvelle", data=typed)

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert "Mairie de Brou" in response.text
    assert tellings(app) == []


def test_the_page_says_when_where_what_for_and_who_comes(browsers, make_meeting):
    meeting = make_meeting(video_url="https://visio.example/bilan")
    answer(browsers["member"], meeting, "if_need_be")

    page = browsers["member"].get(f"/reunions/{meeting.id}").text

    for text in ("jeudi 27 août", "20\u202fh</time> –", "Maison de santé", "1. Les appels", "Inès Boyer", "Peut-être"):
        assert text in page
    assert 'href="https://visio.example/bilan"' in page
    assert "Annuler la réunion" not in page


@pytest.mark.parametrize("word", ["yes", "if_need_be", "no"])
def test_i_say_whether_i_come(app, browsers, make_meeting, ines, anne, word, revision_of):
    meeting = make_meeting()
    before = revision_of("meetings")

    response = answer(browsers["member"], meeting, word)

    assert (response.status_code, response.location) == (303, f"/reunions/{meeting.id}")
    assert said(app, meeting) == {anne.id: None, ines.id: word}
    assert revision_of("meetings") == before + 1


def test_an_unknown_answer_is_404(app, browsers, make_meeting, ines):
    meeting = make_meeting()

    assert answer(browsers["member"], meeting, "maybe").status_code == 404
    assert said(app, meeting)[ines.id] is None


def test_the_staff_sees_every_meeting_and_answers_none_that_it_is_not_asked_to(browsers, make_meeting):
    meeting = make_meeting()

    page = browsers["staff"].get(f"/reunions/{meeting.id}")

    assert page.status_code == 200
    assert "Serez-vous là" not in page.text
    assert answer(browsers["staff"], meeting).status_code == 404


def test_whoever_is_neither_asked_nor_in_a_group_of_it_sees_no_meeting(browsers, make_meeting):
    meeting = make_meeting()

    assert browsers["stranger"].get(f"/reunions/{meeting.id}").status_code == 404
    assert answer(browsers["stranger"], meeting).status_code == 404


def test_two_who_move_a_meeting_at_once_do_not_undo_each_other(app, browsers, make_meeting):
    meeting = make_meeting()
    address = f"/reunions/{meeting.id}/modifier"
    seen = re.search(r'name="seen" value="(\w+)"', browsers["staff"].get(address).text)[1]
    browsers["lead"].post(address, data={**TYPED, "day": "2026-08-28", "at": "12:30"})

    refused = browsers["staff"].post(address, data={**TYPED, "day": "2026-08-31", "seen": seen})

    assert refused.status_code == 422
    assert "Quelqu’un a changé cette réunion entre-temps" in refused.text
    assert "vendredi 28 août" in refused.text
    assert 'value="2026-08-31"' in refused.text
    assert kept(app, meeting).starts_at == FRIDAY
    seen = re.search(r'name="seen" value="(\w+)"', refused.text)[1]
    assert browsers["staff"].post(address, data={**TYPED, "day": "2026-08-31", "seen": seen}).status_code == 303


@pytest.mark.parametrize("seen", ["", "as-it-was"])
def test_an_answer_to_what_the_meeting_no_longer_is_records_nothing(app, browsers, make_meeting, ines, seen):
    meeting = make_meeting()
    data = {"answer": "yes", "seen": meeting.as_seen if seen else ""}
    browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data={**TYPED, "day": "2026-08-28", "at": "12:30"})

    page = browsers["member"].post(f"/reunions/{meeting.id}/reponse", data=data, follow_redirects=True).text

    assert "Cette réunion vient de changer" in page
    assert "vendredi 28 août" in page
    assert said(app, meeting)[ines.id] is None


def test_a_meeting_that_moved_is_not_called_off_unseen(app, browsers, make_meeting):
    meeting = make_meeting()
    address, seen = f"/reunions/{meeting.id}", re.compile(r'name="seen" value="(\w+)"')
    stale = seen.findall(browsers["lead"].get(address).text)[-1]
    browsers["staff"].post(f"{address}/modifier", data={**TYPED, "day": "2026-08-28", "at": "12:30"})

    page = browsers["lead"].post(f"{address}/annuler", data={"seen": stale}, follow_redirects=True).text

    assert "Cette réunion vient de changer" in page
    assert "vendredi 28 août" in page
    assert kept(app, meeting).cancelled_at is None
    browsers["lead"].post(f"{address}/annuler", data={"seen": seen.findall(page)[-1]})
    assert kept(app, meeting).cancelled_at is not None


@pytest.mark.parametrize("how", ["cancelled", "over"])
def test_nothing_is_answered_or_changed_once_a_meeting_is_not_ahead(app, browsers, make_meeting, how, ines):
    past = clock.now() - TWO_HOURS
    meeting = make_meeting(start=past) if how == "over" else make_meeting(cancelled_at=clock.now())

    late = answer(browsers["member"], meeting, follow_redirects=True)
    moved = browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data=TYPED, follow_redirects=True)
    cancelled = browsers["lead"].post(f"/reunions/{meeting.id}/annuler", follow_redirects=True)

    for response in (late, moved, cancelled):
        assert "Cette réunion est annulée ou passée" in response.text
    assert said(app, meeting)[ines.id] is None
    assert kept(app, meeting).title == "Bilan de l’été"
    assert tellings(app) == []


def test_a_meeting_is_moved_and_everybody_asked_again(app, browsers, make_meeting, anne, ines, revision_of):
    meeting = make_meeting()
    answer(browsers["member"], meeting)
    before = revision_of("meetings")

    response = browsers["lead"].post(
        f"/reunions/{meeting.id}/modifier", data={**TYPED, "day": "2026-08-28", "at": "12:30"}
    )

    assert response.status_code == 303
    assert kept(app, meeting).starts_at == FRIDAY
    assert said(app, meeting) == {anne.id: None, ines.id: None}
    assert tellings(app) == [("meetings.changed", f"meeting:{meeting.id}", person.id) for person in (anne, ines)]
    assert revision_of("meetings") > before
    assert actions_done(app) == ["meeting.changed"]


def test_another_place_or_agenda_keeps_the_answers(app, browsers, make_meeting, ines):
    meeting = make_meeting()
    answer(browsers["member"], meeting)

    browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data={**TYPED, "place": "Brou"})

    assert kept(app, meeting).place == "Brou"
    assert said(app, meeting)[ines.id] == "yes"
    assert len(tellings(app)) == 2


def test_the_form_shows_the_meeting_as_it_is(browsers, make_meeting):
    meeting = make_meeting(ends_at=THURSDAY + timedelta(minutes=100))

    page = browsers["lead"].get(f"/reunions/{meeting.id}/modifier").text

    for text in ('value="2026-08-27"', 'value="20:00"', 'selected value="100"', "1. Les appels"):
        assert text in page


def test_a_meeting_is_not_moved_into_the_past(app, browsers, make_meeting):
    meeting = make_meeting()

    response = browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data={**TYPED, "day": "2026-08-01"})

    assert response.status_code == 422
    assert "Cette date est passée." in response.text
    assert kept(app, meeting).starts_at == THURSDAY


def test_the_agenda_of_a_meeting_under_way_can_still_be_written(app, browsers, make_meeting):
    start = clock.now() - timedelta(hours=1)
    meeting = make_meeting(start=start)

    browsers["lead"].post(
        f"/reunions/{meeting.id}/modifier",
        data={**TYPED, "day": "2026-08-12", "at": "09:00", "agenda": "Tour de table"},
    )

    assert (kept(app, meeting).agenda, kept(app, meeting).starts_at) == ("Tour de table", start)


def test_a_meeting_is_called_off(app, browsers, make_meeting, anne, ines, revision_of):
    meeting = make_meeting()
    before = revision_of("meetings")

    response = browsers["lead"].post(f"/reunions/{meeting.id}/annuler", follow_redirects=True)

    assert "Cette réunion est annulée." in response.text
    assert kept(app, meeting).cancelled_at == clock.now()
    assert tellings(app) == [("meetings.cancelled", f"meeting:{meeting.id}", person.id) for person in (anne, ines)]
    assert revision_of("meetings") > before
    assert actions_done(app) == ["meeting.cancelled"]


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_neither_plan_nor_change_meetings(app, browsers, group, make_meeting, who):
    meeting = make_meeting()

    for address in (f"/groupes/{group.id}/reunions/nouvelle", f"/reunions/{meeting.id}/modifier"):
        assert browsers[who].get(address).status_code == 404
        assert browsers[who].post(address, data=TYPED).status_code == 404
    assert browsers[who].post(f"/reunions/{meeting.id}/annuler").status_code == 404
    assert kept(app, meeting).cancelled_at is None


def test_whoever_comes_into_the_group_is_asked_to_what_is_ahead(app, browsers, group, make_meeting, luc):
    ahead, past = make_meeting(), make_meeting(start=datetime(2026, 6, 1, 18, tzinfo=UTC))
    off = make_meeting(cancelled_at=clock.now())

    browsers["stranger"].post(f"/groupes/{group.id}/rejoindre")

    assert luc.id in said(app, ahead)
    assert luc.id not in said(app, past) | said(app, off)
    assert tellings(app) == [("meetings.invited", f"meeting:{ahead.id}", luc.id)]


def test_whoever_leaves_the_group_is_no_longer_asked(app, browsers, group, make_meeting, ines):
    ahead, past = make_meeting(), make_meeting(start=datetime(2026, 6, 1, 18, tzinfo=UTC))

    browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert ines.id not in said(app, ahead)
    assert ines.id in said(app, past)
    assert tellings(app) == [("meetings.withdrawn", f"meeting:{ahead.id}", ines.id)]


def test_my_meetings_and_polls_are_listed(browsers, make_meeting, make_poll, ines):
    make_meeting(title="À venir")
    make_meeting(title="Passée", start=datetime(2026, 6, 1, 18, tzinfo=UTC))
    make_meeting(title="Sans moi", asked=[])
    make_meeting(title="Annulée hier", cancelled_at=clock.now() - timedelta(days=1))
    make_meeting(title="Annulée jadis", cancelled_at=clock.now() - timedelta(days=15))
    make_poll(title="Attendu")
    make_poll(title="Répondu", answers=[(ines, ("yes", "no"))])
    make_poll(title="Trop tard", deadline=clock.now())
    make_poll(title="Clos", closed_at=clock.now())

    page = browsers["member"].get("/reunions/").text

    assert page.index("Attendu") < page.index("attend votre réponse") < page.index("À venir") < page.index("Passée")
    assert page.count("vous avez répondu") == page.count("attend votre réponse") == 1
    assert "Annulée hier" in page
    assert not any(title in page for title in ("Sans moi", "Annulée jadis", "Trop tard", "Clos"))


def test_staff_have_meetings_of_their_own(browsers, group):
    assert browsers["staff"].post(f"/groupes/{group.id}/rejoindre").status_code == 303
    plan = {"title": "Bilan", "day": "2026-09-03", "at": "20:00", "minutes": "60"}
    meeting = browsers["staff"].post(f"/groupes/{group.id}/reunions/nouvelle", data=plan).location

    assert "Bilan" in browsers["staff"].get("/reunions/").text
    assert browsers["staff"].post(f"{meeting}/reponse", data={"answer": "yes"}).status_code == 303
    assert "Bilan" in browsers["staff"].get("/mon-planning/").text


def test_past_meetings_are_paged(browsers, make_meeting):
    for number in range(21):
        make_meeting(title=f"Numéro {number:02}", start=datetime(2026, 6, 1, 18, tzinfo=UTC) + timedelta(days=number))

    first, second = (browsers["member"].get(f"/reunions/?page={page}").text for page in (1, 2))

    assert ("Numéro 00" in first, "Numéro 00" in second) == (False, True)


def test_feeds_get_the_meetings_to_which_somebody_is_asked(context, make_meeting, hidden, ines, luc):
    meeting = make_meeting()
    his_own = make_meeting(start=FRIDAY, asked=[luc])
    private = make_meeting(hidden, start=FRIDAY)
    asked_by_name = make_meeting(hidden, start=FRIDAY, asked=[luc])
    lately = make_meeting(cancelled_at=clock.now() - timedelta(days=13, hours=23))
    make_meeting(cancelled_at=clock.now() - timedelta(days=14))
    span = Span(THURSDAY + timedelta(hours=1), FRIDAY + timedelta(hours=1))

    mine, his = queries.meetings_of(ines.id, span), queries.meetings_of(luc.id, span)

    assert [found.id for found in mine] == [meeting.id, lately.id, private.id]
    assert [found.id for found in his] == [his_own.id, asked_by_name.id]
    assert queries.meetings_of(ines.id, Span(THURSDAY - TWO_HOURS, THURSDAY)) == []


def test_pages_ask_no_more_questions_for_more_people_and_meetings(make, app, browsers, make_meeting, anne, ines):
    small = make_meeting()
    browsers["member"].get("/reunions/")  # Who asks is known from here on.
    make.announce("meetings")
    with counted(app) as few:
        browsers["member"].get(f"/reunions/{small.id}")
        browsers["member"].get("/reunions/")

    large = make_meeting(asked=[anne, ines, *(make.person(profession=code) for code in ("21", "50", "60", "70"))])
    make_meeting(start=FRIDAY)
    make.announce("meetings")
    with counted(app) as many:
        browsers["member"].get(f"/reunions/{large.id}")
        browsers["member"].get("/reunions/")

    assert len(few) == len(many)


def test_a_meeting_and_a_poll_leave_what_is_ahead_at_their_instants(browsers, make_poll, make_meeting, frozen):
    poll, meeting = make_poll(title="Choisir"), make_meeting(title="Venir")
    seen = [browsers["member"].get("/reunions/").text]

    for instant in (poll.deadline, meeting.ends_at):
        frozen.move_to(instant)
        seen.append(browsers["member"].get("/reunions/").text)

    assert ["Choisir" in page for page in seen] == [True, False, False]
    assert ["Aucune réunion prévue" in page for page in seen] == [False, False, True]
