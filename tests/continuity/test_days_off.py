"""Days off week by week: one row, a stretch on each of its days, duties taken on them after one confirmation."""

import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import board as boards
from cpts_net.continuity import resolver
from cpts_net.leave.models import AbsenceException
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.seat_facts import seat_now
from cpts_net.storage.connections import db
from tests.continuity.declared import EIGHT, TWO_HOURS, absences, holders
from tests.telling import drawn_mails, told

FRIDAY = date(2026, 8, 14)
A_WEEK = timedelta(weeks=1)
FRIDAYS = {"first_day": "2026-08-12", "is_weekly": "y", "weekdays": "4", "relay": "0"}
SLOT = {"start": EIGHT, "end": EIGHT + TWO_HOURS}


@pytest.fixture
def off(make, anne):
    """Anne is off on Fridays."""
    return make.absence(anne, date(2026, 8, 1), None, weekdays="4")


@pytest.fixture
def free(make):
    return make.slot(make.line(name="Soins non programmés"), EIGHT, EIGHT + TWO_HOURS)


def test_days_off_are_one_row_without_end(browser, app):
    browser.post("/absences/nouvelle", data={**FRIDAYS, "weekdays": ["2", "4"], "from_noon": "y"})

    (absence,) = absences(app)
    assert (absence.weekdays, absence.first_day, absence.last_day) == ("24", date(2026, 8, 12), None)
    assert absence.from_time == time(12)
    assert "chaque mercredi et vendredi, l’après-midi" in browser.get("/absences/").text
    assert "sans relais" not in browser.get("/absences/").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weekdays": []}, "Cochez au moins un jour."),
        ({"last_day": "2026-08-13"}, "Aucun de ces jours ne tombe entre ces deux dates."),
        ({"last_day": "2026-08-01"}, "Le dernier jour est avant le premier."),
        ({"from_time": "14:00", "until_time": "12:00"}, "il ne reste rien"),
        ({"weekdays": ["7"]}, "Choisissez dans la liste."),
    ],
)
def test_days_off_that_nobody_can_mean_are_said_and_what_was_typed_is_kept(browser, app, wrong, sentence):
    answer = browser.post("/absences/nouvelle", data={**FRIDAYS, "note": "Joignable", **wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Joignable" in answer.text
    assert re.search(r'<input[^>]*id="is_weekly"[^>]*>', answer.text)[0].count("checked") == 1
    assert absences(app) == []


def test_a_leave_may_lie_over_days_off_but_no_two_rows_of_them(browser, app, off):
    again = browser.post("/absences/nouvelle", data={**FRIDAYS, "first_day": "2027-01-01"})
    leave = browser.post("/absences/nouvelle", data={"first_day": "2026-08-12", "last_day": "2026-08-20", "relay": "0"})
    afternoons = browser.post("/absences/nouvelle", data={**FRIDAYS, "weekdays": "0"})

    assert "Vous avez déjà une absence chaque vendredi" in again.text
    assert (again.status_code, leave.status_code, afternoons.status_code) == (422, 303, 303)


def test_a_relay_off_on_one_day_of_a_leave_is_named_and_one_who_is_never_there_is_not(browser, app, make, paul):
    make.absence(paul, date(2026, 8, 1), None, weekdays="4")

    week = browser.post(
        "/absences/nouvelle", data={"first_day": "2026-08-17", "last_day": "2026-08-21", "relay": paul.id}
    )
    friday = browser.post("/absences/nouvelle", data={"first_day": "2026-08-28", "last_day": "", "relay": paul.id})
    fridays = browser.post("/absences/nouvelle", data={**FRIDAYS, "relay": paul.id})

    assert (week.status_code, friday.status_code, fridays.status_code) == (303, 422, 422)
    assert "est absente aussi, chaque vendredi" in friday.text


def test_declaring_settles_the_duties_that_it_hits(browser, app, make, anne, seat):
    later = make.seat(make.slot(make.line("nuit"), EIGHT + 2 * A_WEEK, EIGHT + 2 * A_WEEK + TWO_HOURS), anne)
    make.seat(make.slot(make.line("soir"), EIGHT + timedelta(days=1), EIGHT + timedelta(days=1, hours=1)), anne)

    asked = browser.post("/absences/nouvelle", data=FRIDAYS)
    done = browser.post(
        "/absences/nouvelle", data={**FRIDAYS, f"garde-{seat.id}": "keep", f"garde-{later.id}": "release"}
    )

    assert (asked.status_code, done.status_code) == (422, 303)
    assert [f'name="garde-{each}"' in asked.text for each in holders(app)] == [True, False]
    with app.app_context():
        assert seat_now(seat.id).kept == {absences(app)[0].id}


def test_a_duty_inside_a_leave_was_settled_with_it(browser, app, make, anne, seat):
    make.absence(anne, date(2026, 8, 12), date(2026, 8, 16))

    assert browser.post("/absences/nouvelle", data=FRIDAYS).status_code == 303


def test_a_duty_is_taken_after_one_confirmation_which_writes_that_it_is_kept(browser, app, anne, off, free):
    page = browser.get("/astreintes/snp/?mois=2026-08").text
    asked = browser.post(f"/astreintes/creneaux/{free.id}/prendre")
    assert holders(app) == {}

    done = browser.post(f"/astreintes/creneaux/{free.id}/prendre", data={"jour-de-repos": "oui"})

    assert "votre jour de repos" in page
    assert asked.status_code == 422
    assert "C’est l’un de vos jours de repos (chaque vendredi)." in asked.text
    assert "La prendre quand même" in asked.text
    assert done.status_code == 303
    with app.app_context():
        (seat,) = db.session.scalars(select(DutySeat)).all()
        assert (seat.person_id, seat_now(seat.id).kept) == (anne.id, {off.id})
        (duty,) = resolver.resolve(seat.span).duties
        assert (duty.is_holder_away, duty.seeks) == (True, False)
    back = browser.get(done.location)
    undo = re.search(r'action="(/astreintes/changements/\d+/annuler)"', back.text)[1]
    assert browser.post(undo).status_code == 303
    assert holders(app) == {}


def test_during_a_leave_no_confirmation_helps(browser, app, make, anne, off, free):
    make.absence(anne, date(2026, 8, 12), date(2026, 8, 20))

    answer = browser.post(f"/astreintes/creneaux/{free.id}/prendre", data={"jour-de-repos": "oui"})

    assert answer.status_code == 422
    assert "La prendre quand même" not in answer.text


def test_days_off_are_on_the_board_and_no_alert(app, make, anne, off, browser):
    with app.app_context():
        now = EIGHT
        board = boards.board(resolver.resolve(boards.window(now, clock.zone())), resolver.lines(), now, clock.zone())

    (absent,) = board.absents["10"] if "10" in board.absents else next(iter(board.absents.values()))
    assert (absent.away.absence_id, absent.back_on) == (off.id, date(2026, 8, 15))
    assert not board.to_settle


def test_a_relay_who_is_away_on_several_of_the_days_is_one_alert(app, make, anne, paul):
    make.absence(anne, date(2026, 8, 1), None, weekdays="4", relays=[paul])
    make.absence(paul, date(2026, 8, 20), date(2026, 8, 29), relays=[])

    with app.app_context():
        now = EIGHT
        board = boards.board(resolver.resolve(boards.window(now, clock.zone())), resolver.lines(), now, clock.zone())

    (broken,) = board.to_settle.broken_relays
    days = [each.span.start.astimezone(clock.zone() if False else EIGHT.tzinfo).date() for each in broken.stretches]
    assert len(days) == 2


def test_a_day_is_excepted_and_restored(browser, app, make, anne, paul):
    off = make.absence(anne, date(2026, 8, 1), None, weekdays="4", relays=[paul])
    make.account(paul)

    done = browser.post(f"/absences/{off.id}/sauf", data={"day": "2026-08-21"})
    page = browser.get(done.location).text

    assert done.status_code == 303
    assert "vendredi 21 août" in page
    assert "sauf le vendredi 21 août" in browser.get("/absences/").text
    with app.app_context():
        assert [each.day for each in db.session.scalars(select(AbsenceException))] == [date(2026, 8, 21)]
        assert [(kind, person_id) for kind, _subject, person_id in told()] == [("leave.relay_released", paul.id)]
        (mail,) = drawn_mails()
        assert "vendredi 21 août" in mail.body
    again = browser.post(f"/absences/{off.id}/sauf/2026-08-21/retirer")
    twice = browser.post(f"/absences/{off.id}/sauf/2026-08-21/retirer", follow_redirects=True)
    assert again.status_code == 303
    assert "n’était plus excepté" in twice.text
    with app.app_context():
        assert db.session.scalars(select(AbsenceException)).all() == []


def test_a_duty_taken_on_an_excepted_day_seeks_somebody_once_the_day_is_restored(browser, app, off, free):
    browser.post(f"/absences/{off.id}/sauf", data={"day": "2026-08-14"})
    taken = browser.post(f"/astreintes/creneaux/{free.id}/prendre")
    with app.app_context():
        (seat,) = db.session.scalars(select(DutySeat)).all()
        (before,) = resolver.resolve(seat.span).duties

    browser.post(f"/absences/{off.id}/sauf/2026-08-14/retirer")

    assert taken.status_code == 303
    with app.app_context():
        (after,) = resolver.resolve(seat.span).duties
    assert (before.is_holder_away, before.seeks) == (False, False)
    assert (after.seat_id, after.is_holder_away, after.seeks) == (seat.id, True, True)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-08-20", "Ce n’est pas un de ces jours de repos à venir."),
        ("2026-08-07", "Ce n’est pas un de ces jours de repos à venir."),
        ("", "Dites quel jour."),
        ("demain", "Écrivez la date ainsi"),
    ],
)
def test_a_day_that_is_none_of_them_is_refused(browser, app, off, day, sentence):
    answer = browser.post(f"/absences/{off.id}/sauf", data={"day": day})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not day or f'value="{day}"' in answer.text


def test_days_off_are_ended_and_their_past_stays(browser, app, off):
    done = browser.post(f"/absences/{off.id}/terminer")

    assert done.status_code == 303
    (absence,) = absences(app)
    assert (absence.first_day, absence.last_day, absence.weekdays) == (date(2026, 8, 1), date(2026, 8, 11), "4")


def test_days_off_are_changed_and_a_leave_stays_one(browser, app, make, anne, off):
    leave = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    page = browser.get(f"/absences/{off.id}/modifier").text

    browser.post(f"/absences/{off.id}/modifier", data={"first_day": "2026-08-01", "weekdays": ["1"], "relay": "0"})
    browser.post(f"/absences/{leave.id}/modifier", data={"first_day": "2026-09-01", "weekdays": ["1"], "relay": "0"})

    changed = {absence.id: (absence.weekdays, absence.last_day) for absence in absences(app)}
    assert changed == {off.id: ("1", None), leave.id: ("", date(2026, 9, 1))}
    assert re.search(r'<input[^>]*value="4"[^>]*>', page)[0].count("checked") == 1


def test_a_poll_and_the_planning_know_them(browser, off):
    assert "Jour de repos" in browser.get("/mon-planning/").text


def test_the_staff_reads_them_in_the_list(desk, off):
    assert "chaque vendredi" in desk.get("/absences/").text


def test_a_relay_is_asked_for_the_rule_and_not_for_eight_days(context, browser, app, make, anne, paul):
    make.account(paul)

    browser.post("/absences/nouvelle", data={**FRIDAYS, "relay": paul.id})

    with app.app_context():
        mails = [mail for mail in drawn_mails() if "Relais" in mail.subject]
    assert ["chaque vendredi" in mail.subject for mail in mails] == [True]
