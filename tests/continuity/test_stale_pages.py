"""What is sent from a page that shows an absence as it no longer is: shown as it stands, and asked again."""

import re
from datetime import date

import pytest

from cpts_net.leave.models import Absence

SEEN = re.compile(r'name="seen" value="(\w+)"')
WEEK = {"first_day": "2026-08-17", "last_day": "2026-08-21"}
MOVED = {**WEEK, "first_day": "2026-08-24", "last_day": "2026-08-28"}


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def absence(make, anne):
    return make.absence(anne, date(2026, 8, 17), date(2026, 8, 21))


@pytest.fixture
def two_pages(make, sign_in, anne, absence):
    """The address of the absence, and two browsers of hers with what each of their pages shows."""
    account = make.account(anne)
    browsers = [sign_in(account), sign_in(account)]
    address = f"/absences/{absence.id}"
    return address, [(each, SEEN.search(each.get(f"{address}/modifier").text)[1]) for each in browsers]


def test_a_change_from_a_stale_page_is_asked_again(two_pages, rows):
    address, ((first, seen), (second, seen_too)) = two_pages
    assert first.post(f"{address}/modifier", data={**MOVED, "seen": seen}).status_code == 303

    answer = second.post(f"{address}/modifier", data={**WEEK, "note": "Joignable", "seen": seen_too})

    assert answer.status_code == 422
    assert "a changé entre-temps\u202f: du lundi 24 au vendredi 28 août" in answer.text
    assert 'value="Joignable"' in answer.text
    assert rows(Absence)[0].first_day == date(2026, 8, 24)
    again = SEEN.search(answer.text)[1]
    assert second.post(f"{address}/modifier", data={**WEEK, "seen": again}).status_code == 303
    assert rows(Absence)[0].first_day == date(2026, 8, 17)


@pytest.mark.parametrize("change", [MOVED, {**WEEK, "note": "Joignable"}, {**WEEK, "until_noon": "y"}])
def test_an_absence_that_changed_is_not_cancelled_unseen(two_pages, rows, change):
    address, ((first, seen), (second, seen_too)) = two_pages
    assert first.post(f"{address}/modifier", data={**change, "seen": seen}).status_code == 303

    answer = second.post(f"{address}/annuler", data={"seen": seen_too})

    assert answer.status_code == 422
    assert "Voulez-vous toujours l’annuler" in answer.text
    assert rows(Absence)[0].cancelled_at is None
    assert second.post(f"{address}/annuler", data={"seen": SEEN.search(answer.text)[1]}).status_code == 303
    assert rows(Absence)[0].cancelled_at is not None


def test_the_staff_is_asked_again(make, sign_in, two_pages, rows):
    address, ((first, seen), _) = two_pages
    staff = sign_in(make.account(role="secretary"))
    stale = SEEN.search(staff.get(f"{address}/modifier").text)[1]
    first.post(f"{address}/modifier", data={**MOVED, "seen": seen})

    answer = staff.post(f"{address}/annuler", data={"seen": stale})

    assert answer.status_code == 422
    assert "Voulez-vous toujours l’annuler" in answer.text
    assert rows(Absence)[0].cancelled_at is None
