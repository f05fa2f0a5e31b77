"""Taking back what one has just done to an absence, duties and all, once and in time."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from cpts_net import clock
from cpts_net.notices.models import Delivery, State
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.continuity.declared import WEEK, absences, holders
from tests.telling import told


def way_on(page):
    """Where the button beside what was said leads."""
    return re.search(r'action="(/absences/retour/\d+)"', page.text)[1]


def done(browser, address, **data):
    """Send a form, and the page that says that it is done."""
    response = browser.post(address, data=data)
    assert response.status_code == 303, response.text
    return browser.get("/absences/")


def take_back(browser, page):
    return browser.post(way_on(page), follow_redirects=True).text


def send_all(app):
    """As if the worker had sent what waits."""
    with app.app_context():
        db.session.execute(update(Delivery).values(state=State.SENT, attempts=1))
        db.session.commit()


def kinds_told(app, person):
    with app.app_context():
        return [kind for kind, _subject, person_id in told() if person_id == person.id]


@pytest.fixture
def all_have_accounts(make, paul):
    make.account(paul)


def test_a_declared_absence_goes_with_what_became_of_the_duty(app, browser, anne, paul, seat):
    page = done(browser, "/absences/nouvelle", **WEEK, **{f"garde-{seat.id}": "hand_over", f"pour-{seat.id}": paul.id})
    assert holders(app) == {seat.id: paul.id}

    said = take_back(browser, page)

    assert "C’est comme avant" in said
    (absence,) = absences(app)
    assert absence.cancelled_at is not None
    assert holders(app) == {seat.id: anne.id}


@pytest.mark.usefixtures("all_have_accounts")
def test_whoever_has_heard_nothing_is_told_nothing_and_the_others_of_the_end(app, browser, paul):
    page = done(browser, "/absences/nouvelle", **{**WEEK, "relay": paul.id})
    assert kinds_told(app, paul) == ["leave.relay"]
    take_back(browser, page)
    assert kinds_told(app, paul) == []

    page = done(browser, "/absences/nouvelle", **{**WEEK, "relay": paul.id})
    send_all(app)
    take_back(browser, page)

    assert kinds_told(app, paul) == ["leave.relay", "leave.relay_released"]


def test_a_changed_absence_is_as_it_was_with_what_its_relay_had_said(app, browser, make, anne, paul):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul], note="Joignable")
    (before,) = absences(app)
    answered = f"/absences/{absence.id}/modifier"
    page = done(browser, answered, first_day="2026-09-02", last_day="2026-09-09", relay="0", note="")

    take_back(browser, page)

    (after,) = absences(app)
    assert after.as_seen == before.as_seen
    assert [relay.withdrawn_at for relay in after.every_relay] == [None]


def test_a_cancelled_absence_stands_again(app, browser, make, anne, paul):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul])
    page = done(browser, f"/absences/{absence.id}/annuler")
    assert absences(app)[0].cancelled_at is not None

    take_back(browser, page)

    assert absences(app)[0].cancelled_at is None


def test_an_ended_absence_goes_on(app, browser, make, anne):
    absence = make.absence(anne, NOW.date() - timedelta(days=2), NOW.date() + timedelta(days=5))
    page = done(browser, f"/absences/{absence.id}/terminer")
    assert absences(app)[0].last_day == NOW.date()

    take_back(browser, page)

    assert (absences(app)[0].last_day, absences(app)[0].until_time) == (absence.last_day, None)


def test_a_second_one_a_late_one_and_one_after_a_change_say_what_is_so(app, browser, frozen, desk):
    page = done(browser, "/absences/nouvelle", **WEEK)
    take_back(browser, page)
    assert "C’était déjà revenu en arrière" in take_back(browser, page)

    page = done(browser, "/absences/nouvelle", **WEEK)
    frozen.shift(timedelta(minutes=31))
    assert "Il est trop tard" in take_back(browser, page)

    page = done(browser, f"/absences/{absences(app)[-1].id}/modifier", **{**WEEK, "note": "Joignable"})
    done(desk, f"/absences/{absences(app)[-1].id}/modifier", **{**WEEK, "note": "Rappelez lundi"})
    assert "Cela a changé entre-temps" in take_back(browser, page)
    assert absences(app)[-1].note == "Rappelez lundi"


def test_days_taken_meanwhile_keep_a_cancelled_absence_away(app, browser, make, anne):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    page = done(browser, f"/absences/{absence.id}/annuler")
    make.absence(anne, date(2026, 9, 3), date(2026, 9, 8))

    assert "Il y a une autre absence" in take_back(browser, page)
    assert absences(app)[0].cancelled_at is not None


def test_nobody_else_takes_it_back(browser, desk):
    page = done(browser, "/absences/nouvelle", **WEEK)

    assert desk.post(way_on(page)).status_code == 404


def test_that_ones_absence_is_as_before_waits_for_no_morning_when_it_is_near(app, desk, make, rows, frozen, anne):
    make.account(anne)
    absence = make.absence(anne, date(2026, 8, 13), date(2026, 8, 14))
    frozen.move_to(datetime(2026, 8, 12, 20, tzinfo=UTC))  # 22:00 in Paris.
    page = done(desk, f"/absences/{absence.id}/modifier", first_day="2026-08-13", last_day="2026-08-20", relay="0")
    send_all(app)

    take_back(desk, page)

    assert [each.kind for each in rows(Delivery)] == ["leave.changed", "leave.changed"]
    assert rows(Delivery)[-1].due_at == clock.now()
