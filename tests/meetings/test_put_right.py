"""A poll that went out is put right: what stays keeps its answers, what changes has none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.groups.models import Membership
from cpts_net.meetings import actions, queries
from cpts_net.meetings.models import Answer, Invitation, Poll, PollAnswer, PollOption
from cpts_net.meetings.notice_kinds import NOT_COMING, POLL_CHANGED
from cpts_net.notices.models import Notice
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.meetings.conftest import FRIDAY, THURSDAY
from tests.telling import drawn_mails

AS_IT_IS = {
    "title": "Bilan de l’été",
    "agenda": "1. Les appels\n2. Les créneaux",
    "place": "Maison de santé",
    "video_url": "https://visio.example/bilan",
    "minutes": "120",
    "dates-0-day": "2026-08-27",
    "dates-0-at": "20:00",
    "dates-1-day": "2026-08-28",
    "dates-1-at": "12:30",
    "last_day": "2026-08-20",
}


@pytest.fixture
def poll(make_poll, anne, ines):
    return make_poll(answers=[(anne, ("yes", "no")), (ines, ("no", "yes"))])


@pytest.fixture
def put_right(browsers):
    def sent(poll, who="lead", **changed):
        return browsers[who].post(f"/reunions/sondages/{poll.id}/modifier", data={**AS_IT_IS, **changed})

    return sent


def dates(app, poll):
    """The dates of a poll, each with what was said to it."""
    with app.app_context():
        options = db.session.scalars(select(PollOption).where(PollOption.poll_id == poll.id))
        said = db.session.scalars(select(PollAnswer)).all()
        return {
            (option.id, option.starts_at): sorted(each.answer for each in said if each.option_id == option.id)
            for option in options
        }


def test_the_form_shows_the_poll_as_it_is(browsers, poll):
    page = browsers["lead"].get(f"/reunions/sondages/{poll.id}/modifier").text

    for value in ("Bilan de l’été", "Maison de santé", "https://visio.example/bilan"):
        assert f'value="{value}"' in page
    for value in ("2026-08-27", "2026-08-28", "2026-08-20", "20:00", "12:30"):
        assert f'value="{value}"' in page


def test_title_place_and_deadline_are_put_right_and_answers_stand(app, put_right, poll, revision_of):
    before, number = dates(app, poll), revision_of(f"poll:{poll.id}")

    response = put_right(poll, title="Bilan de l’hiver", place="Mairie", last_day="2026-08-25")

    assert (response.status_code, response.location) == (303, f"/reunions/sondages/{poll.id}")
    assert dates(app, poll) == before
    assert revision_of(f"poll:{poll.id}") == number + 1
    with app.app_context():
        changed = db.session.get(Poll, poll.id)
        assert (changed.title, changed.place) == ("Bilan de l’hiver", "Mairie")
        assert changed.deadline.astimezone(clock.zone()).date() == date(2026, 8, 25)


def test_a_changed_date_is_another_date_and_the_others_keep_their_answers(app, put_right, poll):
    before = dates(app, poll)

    put_right(poll, **{"dates-1-day": "2026-08-29", "dates-2-day": "2026-08-30", "dates-2-at": "10:00"})

    after = dates(app, poll)
    kept = (poll.option_ids[0], THURSDAY)
    assert after[kept] == before[kept] == ["no", "yes"]
    assert {number for number, _start in after} & set(poll.option_ids) == {poll.option_ids[0]}
    assert sorted(answers for key, answers in after.items() if key != kept) == [[], []]


def test_another_length_is_another_date(app, put_right, poll):
    put_right(poll, minutes="60")

    assert [*dates(app, poll).values()] == [[], []]


def test_dates_of_several_lengths_keep_them(app, make, make_poll, put_right):
    poll = make_poll(starts=(THURSDAY,))
    short = make.save(PollOption(poll_id=poll.id, starts_at=FRIDAY, ends_at=FRIDAY + timedelta(minutes=90)))

    put_right(poll, place="Mairie")

    with app.app_context():
        assert db.session.get(PollOption, short.id).ends_at == FRIDAY + timedelta(minutes=90)


def test_a_date_that_has_passed_may_stay_and_none_comes(app, put_right, make_poll, frozen):
    soon = NOW + timedelta(hours=1)
    poll = make_poll(starts=(soon, FRIDAY))
    frozen.move_to(soon + timedelta(hours=1))
    passed = {"dates-0-day": "2026-08-12", "dates-0-at": "11:00", "last_day": "2026-08-28"}

    kept = put_right(poll, **passed)
    refused = put_right(poll, **passed, **{"dates-2-day": "2026-08-12", "dates-2-at": "10:00"})

    assert (kept.status_code, refused.status_code) == (303, 422)
    assert "Cette date est passée" in refused.text
    with app.app_context():
        assert db.session.get(Poll, poll.id).deadline == FRIDAY  # Until the first date that is still ahead.


def test_a_poll_that_was_given_up_is_opened_again(app, browsers, put_right, poll):
    browsers["lead"].post(f"/reunions/sondages/{poll.id}/abandonner")
    assert "Corriger ou rouvrir" in browsers["lead"].get(f"/reunions/sondages/{poll.id}").text

    put_right(poll)

    with app.app_context():
        assert db.session.get(Poll, poll.id).closed_at is None
        assert "Sondage rouvert : Bilan de l’été" in [mail.subject for mail in drawn_mails()]
    assert browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data={
        f"date-{poll.option_ids[0]}": "yes"
    }).status_code == 303  # fmt: skip


def test_a_poll_whose_date_is_fixed_stays_as_it_is(browsers, put_right, poll):
    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]})

    assert put_right(poll, title="Autre").status_code == 404
    assert "Corriger" not in browsers["lead"].get(f"/reunions/sondages/{poll.id}").text


def test_two_who_put_a_poll_right_do_not_undo_each_other(app, browsers, put_right, poll):
    page = browsers["lead"].get(f"/reunions/sondages/{poll.id}/modifier").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    put_right(poll, "staff", place="Mairie")

    refused = put_right(poll, seen=seen, title="Autre")

    assert refused.status_code == 422
    assert "entre-temps" in refused.text
    with app.app_context():
        assert db.session.get(Poll, poll.id).place == "Mairie"


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_put_no_poll_right(app, put_right, poll, who):
    assert put_right(poll, who, title="Autre").status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"dates-0-day": "", "dates-1-day": "", "dates-0-at": "", "dates-1-at": ""}, "Proposez au moins une date"),
        ({"last_day": "2026-08-01"}, "Ce jour est passé"),
        ({"dates-1-day": "2026-08-27", "dates-1-at": "20:00"}, "déjà proposée"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(app, put_right, poll, typed, words):
    before = dates(app, poll)

    response = put_right(poll, **typed)

    assert (response.status_code, words in response.text) == (422, True)
    assert dates(app, poll) == before


def told(app):
    """What people were told of polls, by kind and person."""
    with app.app_context():
        return [(row.kind, row.person_id) for row in db.session.scalars(select(Notice).order_by(Notice.person_id))]


def test_those_who_answered_are_told_but_whoever_put_it_right(app, make, put_right, poll, group, ines, luc):
    make.save(Membership(group_id=group.id, person_id=luc.id, joined_at=clock.now()))  # Said nothing.

    put_right(poll, **{"dates-1-day": "2026-08-29"})

    assert told(app) == [(POLL_CHANGED, ines.id)]
    with app.app_context():
        (mail,) = drawn_mails()
    assert mail.subject == "Sondage corrigé : Bilan de l’été"
    assert "- samedi 29 août, 12\u202fh\u202f30 – 14\u202fh\u202f30 (nouvelle date)" in mail.body
    assert "- jeudi 27 août, 20\u202fh – 22\u202fh\n" in mail.body
    assert "/sondages/reponse/" in mail.body


def test_nobody_is_told_of_other_words_in_the_agenda_or_of_nothing(app, put_right, poll):
    put_right(poll, agenda="Tour de table")

    assert told(app) == []


def test_whoever_counts_on_somebody_is_told_when_they_leave(app, browsers, make_meeting, group, anne):
    """A yes is a promise; a no, or silence, is none."""
    promised, silent = make_meeting(created_by_id=anne.id), make_meeting(start=FRIDAY)
    browsers["member"].post(f"/reunions/{promised.id}/reponse", data={"answer": "yes"})

    browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert [each for each in told(app) if each[0] == NOT_COMING] == [(NOT_COMING, anne.id)]
    with app.app_context():
        (mail,) = [mail for mail in drawn_mails() if "ne vient plus" in mail.subject]
    assert mail.subject == "Inès Boyer ne vient plus : Bilan de l’été, jeudi 27 août à 20 h"
    assert f"/reunions/{promised.id}" in mail.body
    assert silent.id != promised.id


def test_whoever_leaves_the_community_is_asked_to_nothing_ahead_any_more(app, make_meeting, anne, ines, luc):
    """By name or not; what they attended stays."""
    promised = make_meeting(created_by_id=luc.id)
    past = make_meeting(start=THURSDAY - timedelta(days=60))
    with app.app_context(), transaction():
        actions.answer_meeting(queries.meeting(promised.id), ines.id, Answer.YES, seen=None, now=clock.now())

    with app.app_context(), transaction():
        actions.withdraw(ines.id, by=None, now=clock.now())

    with app.app_context():
        asked = db.session.execute(select(Invitation.meeting_id, Invitation.person_id)).all()
        assert sorted(map(tuple, asked)) == sorted([(promised.id, anne.id), (past.id, anne.id), (past.id, ines.id)])
    assert sorted(who for kind, who in told(app) if kind == NOT_COMING) == sorted([anne.id, luc.id])


def test_whoever_takes_somebody_out_knows(app, browsers, make_meeting, group, ines):
    meeting = make_meeting()
    browsers["member"].post(f"/reunions/{meeting.id}/reponse", data={"answer": "yes"})

    browsers["lead"].post(f"/groupes/{group.id}/membres/{ines.id}/retirer")

    assert [each for each in told(app) if each[0] == NOT_COMING] == []
