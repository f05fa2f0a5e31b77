"""The form of an absence before anything is typed, and with what nobody offered."""

from datetime import date

import pytest

from tests.continuity.declared import WEEK
from tests.counting import counted


def test_the_form_asks_the_database_nothing_however_many_there_are(app, make, sign_in):
    browser = sign_in(make.account(make.person()))
    browser.get("/absences/nouvelle")  # Who asks is known from here on.
    small = browser.get("/absences/nouvelle").data
    for number in range(30):
        make.person(f"Membre {number}")

    with counted(app) as asked:
        page = browser.get("/absences/nouvelle").data

    assert asked == []
    assert len(page) == len(small) < 40 * 1024


@pytest.mark.parametrize("field", ["structure", "line"])
@pytest.mark.parametrize("sent", ["0001-01-01", "²", "99999999999999999999", "4711"])
def test_a_stand_in_that_was_not_offered_is_refused_beside_its_field(browser, make, anne, field, sent):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 12))
    asked = {**WEEK, field: sent}

    previewed = browser.post("/absences/apercu", data=asked)
    refused = [browser.post(f"/absences/{way}", data=asked) for way in (f"{absence.id}/modifier", "nouvelle")]

    assert previewed.status_code == 200
    assert [answer.status_code for answer in refused] == [422, 422]
    assert all("Choisissez dans la liste." in answer.text for answer in refused)
