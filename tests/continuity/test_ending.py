"""Whoever is back earlier ends the absence: what is over of it stays, and the relay is released."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.leave import queries
from cpts_net.leave.rules import Declaration, NotUnderWay, absence_span, ended, is_under_way
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.continuity.declared import absences
from tests.telling import told

PARIS = ZoneInfo("Europe/Paris")
TODAY = NOW.astimezone(PARIS).date()
A_DAY = timedelta(days=1)


@pytest.fixture
def away(make, anne, paul):
    return make.absence(anne, TODAY - 2 * A_DAY, TODAY + 5 * A_DAY, relays=[paul])


def test_what_is_over_stays_and_the_rest_goes(browser, app, away):
    page = browser.get(f"/absences/{away.id}/modifier").text
    assert "Je suis de retour" in page

    answer = browser.post(f"/absences/{away.id}/terminer")

    assert answer.status_code == 303
    (absence,) = absences(app)
    now = clock.now().astimezone(PARIS)
    assert (absence.first_day, absence.last_day) == (TODAY - 2 * A_DAY, TODAY)
    assert absence.until_time == now.time().replace(second=0, microsecond=0)
    assert absence.cancelled_at is None
    assert "Absence annulée" not in browser.get("/absences/").text


def test_the_relay_is_released_once(context, make, away, anne, paul):
    for person in (anne, paul):
        make.account(person)
    desk = make.account(make.person("Léa", "Bureau"))

    for _ in range(2):
        with transaction(), suppress(NotUnderWay):
            declaring.end(away.id, actor_id=desk.id, now=clock.now())

    assert sorted((kind, person_id) for kind, _subject, person_id in told()) == [
        ("leave.changed", anne.id),
        ("leave.relay_released", paul.id),
    ]
    assert queries.absence(away.id).relays[0].withdrawn_at is None


@pytest.mark.parametrize(("first", "last"), [(1, 3), (-4, -1)])
def test_what_has_not_begun_or_is_over_is_not_ended(browser, app, make, anne, first, last):
    other = make.absence(anne, TODAY + first * A_DAY, TODAY + last * A_DAY)

    assert "Je suis de retour" not in browser.get(f"/absences/{other.id}/modifier").text
    page = browser.post(f"/absences/{other.id}/terminer", follow_redirects=True)

    assert "n’est pas en cours" in page.text
    assert absences(app)[0].last_day == other.last_day


def test_one_that_changed_meanwhile_is_shown_first(browser, app, away):
    answer = browser.post(f"/absences/{away.id}/terminer", data={"seen": "0" * 16})

    assert answer.status_code == 422
    assert "Voulez-vous toujours y mettre fin" in answer.text
    assert absences(app)[0].last_day == away.last_day


def test_of_others_only_the_staff_ends_it(away, make, sign_in, desk):
    stranger = sign_in(make.account(make.person("Zoé", "Ay")))

    assert stranger.post(f"/absences/{away.id}/terminer").status_code == 404
    assert desk.post(f"/absences/{away.id}/terminer").status_code == 303


INSTANTS = st.datetimes(datetime(2026, 10, 20), datetime(2026, 10, 30)).map(lambda moment: moment.replace(tzinfo=UTC))
TIMES = st.none() | st.integers(1, 23).map(time)


@given(INSTANTS, st.integers(0, 6), st.integers(0, 4), TIMES, TIMES)
def test_the_past_of_an_absence_stays_as_it_was(now, first, length, from_time, until_time):
    start = date(2026, 10, 20) + first * A_DAY
    if length == 0 and until_time and until_time <= (from_time or time(0)):
        return
    whole = Declaration(start, start + length * A_DAY, from_time, until_time)
    before = absence_span(whole, PARIS)

    assert is_under_way(whole, now, PARIS) == (before.start < now.replace(second=0, microsecond=0) < before.end)
    if not is_under_way(whole, now, PARIS):
        return
    last_day, until = ended(whole, now, PARIS)
    after = absence_span(Declaration(start, last_day, from_time, until), PARIS)

    assert after.start == before.start
    repeated = timedelta(hours=1) if now.astimezone(PARIS).fold else timedelta(0)
    assert now - timedelta(minutes=1) - repeated < after.end <= now
