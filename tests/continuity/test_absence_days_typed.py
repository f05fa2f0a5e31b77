"""The days and hours of an absence, as they are typed: what makes none is said, and nothing is lost."""

import re
from datetime import time

import pytest

from tests.continuity.declared import WEEK, absences


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_day": ""}, "Dites à partir de quel jour."),
        ({"first_day": "demain"}, "Écrivez la date ainsi"),
        ({"first_day": "0001-01-01"}, "hors de portée"),
        ({"first_day": "9999-12-31", "last_day": ""}, "hors de portée"),
        ({"last_day": "2026-08-09"}, "Le dernier jour est avant le premier."),
        ({"last_day": "2027-08-30"}, "Un an au plus"),
        ({"first_day": "2025-01-06", "last_day": "2025-01-07"}, "plus d’un an"),
        ({"last_day": "2026-08-10", "from_noon": "y", "until_noon": "y"}, "il ne reste rien"),
        ({"last_day": "", "from_time": "14:00", "until_time": "14:00"}, "il ne reste rien"),
        ({"last_day": "", "until_time": "9h", "from_time": "14 h"}, "il ne reste rien"),
        ({"from_noon": "y", "from_time": "14:00"}, "gardez l’un des deux"),
        ({"from_time": "midi et quart"}, "Écrivez l’heure ainsi"),
        ({"first_day": "", "last_day": "", "from_time": "14:00"}, "Dites à partir de quel jour."),
        ({"first_day": "2027-03-28", "last_day": "2027-03-29", "from_time": "02:30"}, "l’heure d’été commence"),
        ({"relay": "999"}, "Choisissez quelqu’un d’autre"),
        ({"note": "x" * 201}, "200 caractères au plus."),
        ({"note": "Patiente 1 85 05 78 006 084 91"}, "sécurité sociale"),
    ],
)
def test_what_makes_no_absence_is_said_and_what_was_typed_is_kept(browser, app, wrong, sentence):
    sent = {**WEEK, "note": "Joignable par SMS", **wrong}

    response = browser.post("/absences/nouvelle", data=sent)

    assert response.status_code == 422
    assert sentence in response.text
    assert sent["note"] in response.text
    assert all(f'value="{sent[name]}"' in response.text for name in ("from_time", "until_time") if sent.get(name))
    assert absences(app) == []


def test_hours_are_kept_as_they_were_typed_and_noon_as_a_box(browser, app):
    browser.post("/absences/nouvelle", data={**WEEK, "from_noon": "y", "until_time": "16 h 30"})
    (absence,) = absences(app)

    page = browser.get(f"/absences/{absence.id}/modifier").text

    assert (absence.from_time, absence.until_time) == (time(12), time(16, 30))
    assert re.search(r'<input[^>]*name="from_noon"[^>]*checked', page) or re.search(
        r"checked[^>]*name=.from_noon", page
    )
    assert re.search(r'name="until_time"[^>]*value="16:30"', page)
    assert "jusqu’à 16\u202fh\u202f30 le dernier jour" in browser.get("/absences/").text


def test_midnight_cuts_nothing(browser, app):
    browser.post("/absences/nouvelle", data={**WEEK, "from_time": "00:00", "until_time": "00:00"})

    (absence,) = absences(app)
    assert (absence.from_time, absence.until_time) == (None, None)


def test_impossible_days_are_said_with_a_relay_too(browser, paul):
    sent = {**WEEK, "last_day": "2026-08-10", "from_noon": "y", "until_noon": "y", "relay": paul.id}

    assert browser.post("/absences/nouvelle", data=sent).status_code == 422
