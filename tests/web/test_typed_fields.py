"""Every form reads days, hours and numbers alike, and keeps what was typed."""

import html
import re
from datetime import UTC, date, datetime

import pytest

from cpts_net import clock
from cpts_net.leave.models import Absence
from cpts_net.meetings.models import Meeting, Poll
from cpts_net.oncall.models import DutyPattern
from cpts_net.roles import Role
from tests.factories import held_by

MEETING = {"title": "Bilan", "minutes": "120"}
LINE = {
    "name": "Garde", "patterns-0-seats_min": "1", "patterns-0-seats_max": "1", "eligible": "10", "patterns-0-weekdays": "0",
    "patterns-0-closes_at": "18:00", "patterns-0-slot_minutes": "120", "patterns-0-holidays": "closed",
}  # fmt: skip
DAYS = ["24/04/2027", "24-04-2027", "24.4.27", "2027/04/24", "2027-04-24 ", "2027-04-24T00:00"]
HOURS = ["20h30", "20 h 30", "20:30:00", "20.30", " 20:30 "]


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def send(make, sign_in, anne):
    """Send a day and an hour through one of the forms that ask for them, as whoever may."""
    group = make.group("Soins", leads=[anne])
    person, coordinator = sign_in(make.account(anne)), sign_in(make.account(role=Role.COORDINATOR))
    absence = make.absence(anne, date(2027, 4, 1), date(2027, 4, 2))
    meeting = make.save(
        Meeting(
            meeting_groups=held_by(group.id),
            title="Bilan",
            starts_at=datetime(2026, 9, 1, 18, tzinfo=UTC),
            ends_at=datetime(2026, 9, 1, 20, tzinfo=UTC),
            created_at=clock.now(),
        )
    )

    def sent(form, day, hour="20:30"):
        dated = {"day": day, "at": hour}
        polled = {"dates-0-day": day, "dates-0-at": hour, "last_day": day}
        opened = {"patterns-0-opens_at": hour, "patterns-0-closes_at": "23:30", "patterns-0-valid_from": day}
        browser, path, data = {
            "leave": (person, "/absences/nouvelle", {"first_day": day, "last_day": day}),
            "changed leave": (person, f"/absences/{absence.id}/modifier", {"first_day": day}),
            "meeting": (person, f"/groupes/{group.id}/reunions/nouvelle", {**MEETING, **dated}),
            "moved meeting": (person, f"/reunions/{meeting.id}/modifier", {**MEETING, **dated}),
            "poll": (person, f"/groupes/{group.id}/sondages/nouveau", {**MEETING, **polled}),
            "line": (coordinator, "/astreintes/lignes/nouvelle", {**LINE, **opened}),
        }[form]
        return browser.post(path, data=data)

    return sent


FORMS = ["leave", "changed leave", "meeting", "moved meeting", "poll", "line"]
FIELDS = dict(zip(FORMS, ["first_day", "first_day", "day", "day", "dates-0-day", "patterns-0-valid_from"], strict=True))
HOUR_FIELDS = {"meeting": "at", "moved meeting": "at", "poll": "dates-0-at", "line": "patterns-0-opens_at"}


def error_of(page, field):
    found = re.search(rf'id="{field}-error"[^>]*>([^<]*)', page)
    return html.unescape(found[1]).strip() if found else ""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("day", DAYS)
def test_every_form_reads_every_way_to_write_a_day(send, form, day):
    assert send(form, day).status_code == 303


@pytest.mark.parametrize("form", HOUR_FIELDS)
@pytest.mark.parametrize("hour", HOURS)
def test_every_form_reads_every_way_to_write_an_hour(send, form, hour):
    assert send(form, "24/04/2027", hour).status_code == 303


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("29/02/2027", "29/02/2027 n’existe pas"),
        ("2027-02-29", "29/02/2027 n’existe pas"),
        ("demain", "Écrivez la date ainsi"),
        ("9999-12-31", "hors de portée"),
        ("7" * 400, "Écrivez la date ainsi"),
    ],
)
def test_a_day_that_cannot_be_is_named_and_kept(send, form, day, sentence):
    answer = send(form, day)

    assert answer.status_code == 422
    assert sentence in error_of(answer.text, FIELDS[form])
    kept = re.search(rf'<input[^>]*name="{FIELDS[form]}"[^>]*>', answer.text)[0]
    assert f'value="{day}"' in kept
    # A browser empties an input of a kind of its own whose value does not exist.
    assert ('type="date"' if day == "9999-12-31" else 'type="text"') in kept


@pytest.mark.parametrize("form", HOUR_FIELDS)
@pytest.mark.parametrize(
    ("hour", "sentence"), [("25:00", "25:00 n’existe pas"), ("20:60", "20:60 n’existe pas"), ("tôt", "Écrivez l’heure")]
)
def test_an_hour_that_cannot_be_is_named_and_kept(send, form, hour, sentence):
    answer = send(form, "24/04/2027", hour)

    assert answer.status_code == 422
    assert sentence in error_of(answer.text, HOUR_FIELDS[form])
    kept = re.search(rf'<input[^>]*name="{HOUR_FIELDS[form]}"[^>]*>', answer.text)[0]
    assert f'value="{hour}"' in kept
    assert 'type="text"' in kept


@pytest.mark.parametrize("form", ["meeting", "moved meeting", "poll"])
def test_an_hour_that_the_spring_change_skips_is_named_beside_the_field(send, rows, form):
    before = [meeting.starts_at for meeting in rows(Meeting)]

    answer = send(form, "2027-03-28", "2 h 30")

    assert answer.status_code == 422
    said = error_of(answer.text, HOUR_FIELDS[form])
    assert said.replace("\u202f", " ") == (
        "2 h 30 n’existe pas le dimanche 28 mars 2027 : l’heure d’été commence. Choisissez 3 h."
    )
    assert ([meeting.starts_at for meeting in rows(Meeting)], rows(Poll)) == (before, [])


@pytest.mark.parametrize("form", ["meeting", "moved meeting", "poll"])
@pytest.mark.parametrize(("day", "hour"), [("2027-03-28", "1:59"), ("2027-03-28", "3:00"), ("2026-10-25", "2:30")])
def test_hours_around_a_clock_change_are_taken(send, form, day, hour):
    """The hour that the autumn change repeats is its first one."""
    assert send(form, day, hour).status_code == 303


def test_what_was_read_is_what_was_typed(send, rows):
    send("leave", "24/4/27")
    send("line", "24.4.27", "8 h 30")

    assert str(rows(Absence)[-1].last_day) == "2027-04-24"
    (pattern,) = rows(DutyPattern)
    assert (str(pattern.valid_from), str(pattern.opens_at)) == ("2027-04-24", "08:30:00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("deux", "Écrivez un nombre"),
        ("", "Écrivez un nombre"),
        ("9" * 400, "De 1 à 20."),
        ("-1", "Écrivez un nombre"),
        ("0", "De 1 à 20."),
    ],
)
def test_a_number_that_cannot_be_gets_a_sentence_and_is_kept(make, sign_in, typed, sentence):
    make.person()
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    answer = coordinator.post("/astreintes/lignes/nouvelle", data={**LINE, "patterns-0-seats_min": typed})

    assert answer.status_code == 422
    assert sentence in error_of(answer.text, "patterns-0-seats_min")
    assert f'value="{typed}"' in re.search(r'<input[^>]*name="patterns-0-seats_min"[^>]*>', answer.text)[0]
