from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cpts_net.audit.models import AuditEntry
from cpts_net.meetings.models import Poll
from cpts_net.storage.connections import db
from tests.meetings.conftest import FRIDAY, THURSDAY

NIR = "1 55 08 14 168 025 88"


def typed(*dates, **fields):
    """What a lead types: each date as "2026-08-27 20:00"."""
    rows = {}
    for number, text in enumerate(dates):
        rows[f"dates-{number}-day"], rows[f"dates-{number}-at"] = text.split(" ")
    return {"title": "Bilan de l’été", "minutes": "120", "last_day": "2026-08-20", **rows, **fields}


def polls(app):
    with app.app_context():
        return db.session.scalars(select(Poll).options(selectinload(Poll.options))).all()


def spans(poll):
    return [(option.starts_at, option.ends_at) for option in poll.options]


@pytest.fixture
def propose(browsers, group):
    return lambda data, who="lead": browsers[who].post(f"/groupes/{group.id}/sondages/nouveau", data=data)


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_dates_are_proposed_in_local_time_and_empty_rows_do_not_count(app, propose, who, anne, secretary, revision_of):
    before = revision_of("meetings")

    response = propose(
        typed("2026-08-28 12:30", " ", "2026-08-27 20:00", agenda=" 1. Les appels ", place="Mairie"), who
    )

    (poll,) = polls(app)
    assert (response.status_code, response.location) == (303, f"/reunions/sondages/{poll.id}")
    assert spans(poll) == [(THURSDAY, THURSDAY + timedelta(hours=2)), (FRIDAY, FRIDAY + timedelta(hours=2))]
    assert (poll.agenda, poll.place, poll.video_url) == ("1. Les appels", "Mairie", "")
    assert poll.deadline == datetime(2026, 8, 20, 21, 59, tzinfo=UTC)
    assert poll.created_by_id == (anne if who == "lead" else secretary).id
    assert revision_of("meetings") == before + 1
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action)).all() == ["poll.opened"]


def test_rows_that_were_not_sent_are_empty(app, propose):
    dates = {"dates-0-day": "2026-08-27", "dates-0-at": "20:00", "dates-9-day": "2026-08-28", "dates-9-at": "12:30"}

    propose(typed(**dates))

    assert [start for start, _ in spans(polls(app)[0])] == [THURSDAY, FRIDAY]


@pytest.mark.parametrize(
    ("day", "clock", "starts", "lasts"),
    [
        ("2026-10-24", "23:30", datetime(2026, 10, 24, 21, 30, tzinfo=UTC), timedelta(hours=4)),
        ("2027-03-27", "23:30", datetime(2027, 3, 27, 22, 30, tzinfo=UTC), timedelta(hours=4)),
        ("2026-10-25", "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=4)),
    ],
)
def test_a_meeting_lasts_as_long_as_it_says_whatever_the_clocks_do(app, propose, day, clock, starts, lasts):
    propose(typed(f"{day} {clock}", minutes="240"))

    assert spans(polls(app)[0]) == [(starts, starts + lasts)]


def test_the_deadline_never_comes_after_the_first_date(app, propose):
    propose(typed("2026-08-20 20:00", "2026-08-27 20:00"))

    assert polls(app)[0].deadline == datetime(2026, 8, 20, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        (typed("2026-08-27 20:00", title=" "), "title", "Donnez un titre"),
        (typed("2026-08-27 20:00", minutes="-1"), "minutes", ""),
        (typed("2026-08-27 20:00", minutes=str(2**63)), "minutes", ""),
        (typed("0001-01-01 00:00"), "dates-0-day", "hors de portée"),
        (typed("9999-12-31 23:30"), "dates-0-day", "hors de portée"),
        (typed("2026-08-27 20:00", title=NIR), "title", "numéro de sécurité sociale"),
        (typed("2026-08-27 20:00", agenda=NIR), "agenda", "numéro de sécurité sociale"),
        (typed("2026-08-27 20:00", video_url="javascript:alert(1)"), "video_url", "https://"),
        (typed("2026-08-27 20:00", video_url="https://"), "video_url", "https://"),
        (typed("2026-08-27 20:00", video_url="https://[x"), "video_url", "https://"),
        (typed("2026-08-27 20:00", video_url="https://a.example/a b"), "video_url", "https://"),
        (typed(), "dates-0-day", "Proposez au moins une date."),
        (typed("2026-08-12 09:59"), "dates-0-day", "Cette date est passée."),
        (typed("2026-08-27 20:00", "2026-08-27 20:00"), "dates-1-day", "déjà proposée"),
        (typed("2027-03-28 02:10", "2027-03-28 02:50"), "dates-1-at", "l’heure d’été commence"),
        (typed("2026-08-27 "), "dates-0-at", "Indiquez l’heure."),
        (typed(" 20:00"), "dates-0-day", "Indiquez le jour."),
        (typed("2026-08-27 20:00", last_day=""), "last_day", "Indiquez jusqu’à quel jour"),
        (typed("2026-08-27 20:00", last_day="2026-08-11"), "last_day", "Ce jour est passé."),
        (typed("2026-08-27 20:00", last_day="2026-08-28"), "last_day", "avant la première date"),
        (typed("2026-08-27 20:00", minutes="7"), "minutes", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(app, propose, data, field, said):
    response = propose({**data, "place": "Mairie de Brou"})

    assert response.status_code == 422
    error = response.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert said in error
    assert "Mairie de Brou" in response.text
    assert polls(app) == []


def test_more_rows_than_are_allowed_are_left_out(app, propose):
    start = date(2026, 9, 1)
    propose(typed(*(f"{start + timedelta(days=number)} {time(20):%H:%M}" for number in range(25))))

    assert len(polls(app)[0].options) == 20


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_do_not_propose_dates(app, browsers, group, propose, who):
    assert browsers[who].get(f"/groupes/{group.id}/sondages/nouveau").status_code == 404
    assert propose(typed("2026-08-27 20:00"), who).status_code == 404
    assert polls(app) == []
