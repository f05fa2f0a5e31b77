import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.groups.models import Membership
from cpts_net.meetings import poll_actions, queries, rules
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollAnswer
from cpts_net.oncall.models import SlotState
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted
from tests.meetings.conftest import FRIDAY, THURSDAY, TWO_HOURS
from tests.telling import told


def said(app, person):
    """What a member said, by date."""
    with app.app_context():
        rows = db.session.scalars(select(PollAnswer).where(PollAnswer.person_id == person.id))
        return {row.option_id: row.answer for row in rows}


def meetings(app):
    with app.app_context():
        return db.session.scalars(select(Meeting)).all()


def answers(poll, *words):
    return {f"date-{option}": word for option, word in zip(poll.option_ids, words, strict=False)}


def cells(page, option_id):
    """The part of the page where the reader answers one date."""
    return next(part for part in page.split("<fieldset")[1:] if f'name="date-{option_id}"' in part).split(
        "</fieldset>"
    )[0]


def test_the_page_says_what_it_is_about_and_until_when(browsers, make_poll):
    page = browsers["member"].get(f"/reunions/sondages/{make_poll().id}").text

    for text in ("Bilan de l’été", "jusqu’au jeudi 20 août", "Maison de santé", "1. Les appels<br>", "jeudi 27 août"):
        assert text in page
    assert 'href="https://visio.example/bilan"' in page


def test_all_answers_of_a_member_are_saved_at_once_and_replace_the_former(app, browsers, make_poll, ines, revision_of):
    poll = make_poll(answers=[(ines, ("no", "no"))])
    before = revision_of(f"poll:{poll.id}")

    response = browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data=answers(poll, "yes"))

    assert (response.status_code, response.location) == (303, f"/reunions/sondages/{poll.id}")
    assert said(app, ines) == {poll.option_ids[0]: "yes"}
    assert revision_of(f"poll:{poll.id}") == before + 1


def test_my_answers_are_shown_as_i_gave_them(browsers, make_poll, ines):
    poll = make_poll(answers=[(ines, ("yes", "if_need_be"))])

    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    assert re.search(r'value="yes"\s+checked', cells(page, poll.option_ids[0]))
    assert re.search(r'value="if_need_be"\s+checked', cells(page, poll.option_ids[1]))
    assert "checked" not in browsers["lead"].get(f"/reunions/sondages/{poll.id}").text


@pytest.mark.parametrize("data", [{}, {"date-0": "yes"}, {"date-x": "maybe"}])
def test_an_answer_without_a_date_is_refused(app, browsers, make_poll, ines, data):
    poll = make_poll(answers=[(ines, ("no", "no"))])

    response = browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data=data)

    assert response.status_code == 422
    assert "Répondez à au moins une date." in response.text
    assert set(said(app, ines).values()) == {"no"}


def test_the_dates_of_another_poll_are_left_alone(app, browsers, make_poll, ines):
    poll, other = make_poll(), make_poll()

    browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data=answers(poll, "yes") | answers(other, "no"))

    assert said(app, ines) == {poll.option_ids[0]: "yes"}


def test_an_answer_after_the_deadline_is_refused_and_kept_on_the_page(
    app, browsers, make_poll, frozen, ines, revision_of
):
    poll = make_poll(answers=[(ines, ("no", "no"))])
    frozen.move_to(poll.deadline)
    browser, before = browsers["member"], revision_of(f"poll:{poll.id}")

    response = browser.post(f"/reunions/sondages/{poll.id}/reponses", data=answers(poll, "yes", "yes"))

    assert response.status_code == 422
    assert "Trop tard" in response.text
    assert re.search(r'value="yes"\s+checked', cells(response.text, poll.option_ids[0]))
    assert set(said(app, ines).values()) == {"no"}
    assert revision_of(f"poll:{poll.id}") == before
    assert "disabled" in cells(browser.get(f"/reunions/sondages/{poll.id}").text, poll.option_ids[0])


def test_an_answer_to_a_closed_poll_is_refused(app, browsers, make_poll, ines):
    poll = make_poll(closed_at=clock.now())

    response = browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data=answers(poll, "yes"))

    assert response.status_code == 422
    assert "Trop tard" in response.text
    assert said(app, ines) == {}


@pytest.mark.parametrize("who", ["stranger", "staff"])
def test_whoever_is_outside_the_group_reads_and_does_not_answer(app, browsers, make_poll, who):
    poll = make_poll()

    page = browsers[who].get(f"/reunions/sondages/{poll.id}")
    response = browsers[who].post(f"/reunions/sondages/{poll.id}/reponses", data=answers(poll, "yes"))

    assert page.status_code == 200
    assert "Vos réponses" not in page.text
    assert response.status_code == 404


def test_my_cells_show_my_duties_leave_and_other_meetings(make, browsers, make_poll, make_meeting, anne, ines):
    poll = make_poll(starts=(THURSDAY, FRIDAY, FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)))
    line = make.line("nuit", name="Astreinte de nuit")
    make.seat(make.slot(line, THURSDAY, THURSDAY + timedelta(hours=12)), ines)
    make.absence(ines, date(2026, 8, 28), date(2026, 8, 28))
    make_meeting(title="Comité de juin", start=FRIDAY + timedelta(days=3, hours=1), asked=[ines])
    make_meeting(title="Annulée", start=FRIDAY + timedelta(days=3), asked=[ines], cancelled_at=clock.now())
    # Touching is no conflict.
    make_meeting(title="Juste avant", start=FRIDAY + timedelta(days=4) - TWO_HOURS, asked=[ines])

    mine = browsers["member"].get(f"/reunions/sondages/{poll.id}").text
    others = browsers["lead"].get(f"/reunions/sondages/{poll.id}").text

    duty, away, meeting, free = (cells(mine, option) for option in poll.option_ids)
    assert "Astreinte de nuit" in duty
    assert "absent" in away
    assert ("Comité de juin" in meeting, "Annulée" in meeting) == (True, False)
    assert "badge" not in free
    assert not any("badge" in cells(others, option) for option in poll.option_ids)


def test_my_cells_follow_what_comes_between(browsers, make_poll):
    poll = make_poll()  # On a Thursday and a Friday.
    page = f"/reunions/sondages/{poll.id}"
    assert "badge-away" not in browsers["member"].get(page).text

    browsers["member"].post("/absences/nouvelle", data={"first_day": "2026-08-28"})

    _thursday, friday = (cells(browsers["member"].get(page).text, option) for option in poll.option_ids)
    assert "badge-away" in friday


def test_whoever_looks_again_asks_only_whether_they_may(app, browsers, make_poll):
    page = f"/reunions/sondages/{make_poll().id}"
    browsers["member"].get(page)

    with counted(app) as asked:
        browsers["member"].get(page)

    assert [statement for statement in asked if statement != "BEGIN"] == [asked[-1]]
    assert "FROM poll JOIN working_group" in asked[-1]


def test_a_weekly_day_off_is_greyed_but_not_the_one_on_which_one_is_there(make, browsers, make_poll, ines):
    a_week = timedelta(weeks=1)
    poll = make_poll(starts=(THURSDAY, THURSDAY + a_week, FRIDAY))
    make.absence(ines, date(2026, 8, 1), None, weekdays="3", but=[(THURSDAY + a_week).date()])

    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    off, there, other = (cells(page, option) for option in poll.option_ids)
    assert "absent" in off
    assert re.search(rf'is-taken"\s+id="poll-{poll.id}-mine-{poll.option_ids[0]}"', page)
    assert ("badge" in there, "badge" in other) == (False, False)


def test_whoever_sits_in_a_closed_slot_is_free(make, browsers, make_poll, ines):
    poll = make_poll()
    closed = make.slot(make.line("nuit"), THURSDAY, THURSDAY + TWO_HOURS, state=SlotState.CLOSED)
    make.seat(closed, ines)

    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    assert "badge" not in cells(page, poll.option_ids[0])


def test_a_lead_fixes_a_date_and_everybody_is_asked(app, browsers, make_poll, anne, ines, group, revision_of):
    poll = make_poll()
    scopes = ["meetings", f"poll:{poll.id}", f"group:{group.id}"]
    before = [revision_of(scope) for scope in scopes]

    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[1]})

    (meeting,) = meetings(app)
    assert (response.status_code, response.location) == (303, f"/reunions/{meeting.id}")
    assert (meeting.starts_at, meeting.ends_at, meeting.poll_id) == (FRIDAY, FRIDAY + TWO_HOURS, poll.id)
    assert (meeting.title, meeting.agenda, meeting.place) == (poll.title, poll.agenda, poll.place)
    assert meeting.video_url == poll.video_url
    assert all(revision_of(scope) > number for scope, number in zip(scopes, before, strict=True))
    with app.app_context():
        assert set(db.session.scalars(select(Invitation.person_id))) == {anne.id, ines.id}
        assert db.session.get(Poll, poll.id).closed_at == clock.now()
        found = told()
    assert sorted(found) == [("meetings.invited", f"meeting:{meeting.id}", person.id) for person in (anne, ines)]


def test_what_people_said_to_the_date_is_their_answer_to_the_meeting(app, make, browsers, make_poll, anne, ines, group):
    luc, paul = make.person("Luc", "Blanc"), make.person("Paul", "Roy")
    make.save(Membership(group_id=group.id, person_id=paul.id, joined_at=clock.now()))
    poll = make_poll(
        answers=[(anne, ("no", "yes")), (ines, ("yes", "no")), (luc, ("yes", "yes"))]  # Luc has left the group.
    )

    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[1]})

    with app.app_context():
        invitations = db.session.scalars(select(Invitation)).all()
    assert {each.person_id: (each.answer, each.answered_at) for each in invitations} == {
        anne.id: ("yes", clock.now()),
        ines.id: ("no", clock.now()),
        paul.id: (None, None),
    }


def test_the_meeting_of_a_poll_is_no_conflict_with_itself(browsers, make_poll, make_meeting, ines):
    poll = make_poll(answers=[(ines, ("no", "yes"))])
    make_meeting(title="Une autre", start=FRIDAY, asked=[ines])

    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[1]})

    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text
    assert "Une autre" in cells(page, poll.option_ids[1])
    assert "Bilan de l’été" not in cells(page, poll.option_ids[1])


def test_a_date_is_fixed_once(app, browsers, make_poll):
    poll = make_poll()
    address = f"/reunions/sondages/{poll.id}/retenir"
    browsers["lead"].post(address, data={"date": poll.option_ids[1]})

    response = browsers["lead"].post(address, data={"date": poll.option_ids[0]}, follow_redirects=True)

    assert "déjà clos" in response.text
    assert "La date est fixée" in response.text
    assert [meeting.starts_at for meeting in meetings(app)] == [FRIDAY]


def test_a_date_that_has_passed_is_not_fixed(app, browsers, make_poll, frozen):
    soon = clock.now() + timedelta(hours=1)
    poll = make_poll(starts=(soon, FRIDAY))
    frozen.move_to(soon)

    response = browsers["lead"].post(
        f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]}, follow_redirects=True
    )

    assert "Cette date est passée" in response.text
    assert meetings(app) == []
    with app.app_context():
        assert db.session.get(Poll, poll.id).closed_at is None


@pytest.mark.parametrize("wrong", ["", "x", "other"])
def test_only_a_date_of_this_poll_is_fixed(app, browsers, make_poll, wrong):
    poll, other = make_poll(), make_poll()
    option = other.option_ids[0] if wrong == "other" else wrong

    response = browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": option})

    assert response.status_code == 404
    assert meetings(app) == []


@pytest.mark.parametrize("deed", ["retenir", "abandonner"])
@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_do_not_decide(app, browsers, make_poll, who, deed):
    poll = make_poll()

    response = browsers[who].post(f"/reunions/sondages/{poll.id}/{deed}", data={"date": poll.option_ids[0]})

    assert response.status_code == 404
    assert meetings(app) == []
    assert "Retenir cette date" not in browsers[who].get(f"/reunions/sondages/{poll.id}").text


def test_a_poll_is_given_up(app, browsers, make_poll):
    poll = make_poll()

    browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    again = browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner", follow_redirects=True)

    assert "déjà clos" in again.text
    assert "aucune date n’a été retenue" in again.text
    assert meetings(app) == []


def test_a_poll_without_dates_has_a_page(browsers, make_poll):
    assert browsers["member"].get(f"/reunions/sondages/{make_poll(starts=()).id}").status_code == 200


def test_an_answer_to_a_date_of_another_poll_is_an_error(context, make_poll, ines):
    poll, other = make_poll(), make_poll()

    with pytest.raises(rules.OptionUnknown), transaction():
        poll_actions.answer_poll(
            queries.poll_for_everybody(poll.id), ines.id, {other.option_ids[0]: "yes"}, now=clock.now()
        )


def test_the_page_asks_no_more_questions_for_more_people_and_dates(make, app, browsers, make_poll, group, ines):
    few_dates = make_poll(answers=[(ines, ("yes", "no"))])
    browsers["member"].get("/reunions/")  # Who asks is known from here on.
    with counted(app) as few:
        browsers["member"].get(f"/reunions/sondages/{few_dates.id}")

    people = [make.person(f"Membre {number}") for number in range(4)]
    for person in people:
        browsers["lead"].post(f"/groupes/{group.id}/membres", data={"person_id": person.id})
    starts = [THURSDAY + timedelta(days=number) for number in range(5)]
    many_dates = make_poll(starts=starts, answers=[(person, ["yes"] * 5) for person in people])
    browsers["member"].get("/reunions/")  # Those who came were told so, and every bell asks once.
    with counted(app) as many:
        browsers["member"].get(f"/reunions/sondages/{many_dates.id}")

    assert len(few) == len(many)


def test_my_meetings_ask_no_more_questions_for_more_polls(app, make, browsers, make_poll, ines):
    make_poll(answers=[(ines, ("yes", "no"))])
    browsers["member"].get("/reunions/")
    with counted(app) as few:
        browsers["member"].get("/reunions/")

    for _number in range(3):
        make_poll()
    make.announce("meetings")
    browsers["member"].get("/reunions/")
    with counted(app) as many:
        page = browsers["member"].get("/reunions/").text

    assert len(few) == len(many)
    assert (page.count("vous avez répondu"), page.count("attend votre réponse")) == (1, 3)
