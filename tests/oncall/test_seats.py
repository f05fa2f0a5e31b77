"""The page of a seat, and what happens to seats for ever."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall import actions, queries, rules, seat_facts, undoing
from cpts_net.oncall.models import DutySeat, SeatChange
from cpts_net.oncall.replay import SeatKind, replay
from cpts_net.oncall.rules import moment_in
from cpts_net.oncall.wording import when
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import told

MORNING = datetime(2026, 8, 12, 6, tzinfo=UTC)  # A Wednesday, 8:00 in Paris; the clock of tests says 10:00.
EVENING = datetime(2026, 8, 12, 17, tzinfo=UTC)  # 19:00.
A_DAY = timedelta(days=1)
NINE_IN_THE_EVENING = datetime(2026, 8, 12, 19, tzinfo=UTC)


@pytest.fixture
def line(make):
    return make.line()


@pytest.fixture
def round_the_clock(make, line):
    return make.slot(line, MORNING, MORNING + A_DAY)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def paul(make):
    return make.person("Paul", "Roy")


@pytest.fixture
def secretary(make, sign_in):
    return sign_in(make.account(role=Role.SECRETARY))


def hours(slot_id):
    """Who holds what of a slot, in local hours."""
    seats = db.session.scalars(select(DutySeat).where(queries.live(), DutySeat.slot_id == slot_id))
    return sorted(
        (seat.starts_at.hour + 2, (seat.ends_at.hour + 2) % 24, seat.person_id, seat.number) for seat in seats
    )


def free(slot_id):
    return [(room.span.start, room.number) for room in queries.slot(slot_id).rooms(clock.now())]


def test_somebody_who_falls_ill_at_nineteen_hours_is_relieved_from_then_on(
    app, make, secretary, round_the_clock, anne, paul, frozen
):
    """L3: the hours of each are true, and both are told."""
    make.account(anne), make.account(paul)
    seat = make.seat(round_the_clock, anne)
    frozen.move_to(NINE_IN_THE_EVENING)
    form = {"partage-at": "19:00", "person": "", "partage-person": paul.id, "partage-reason": "hindered"}

    assert "L’arrêter à une heure" in secretary.get(f"/astreintes/sieges/{seat.id}").text
    answer = secretary.post(f"/astreintes/sieges/{seat.id}/partager", data=form)

    assert answer.status_code == 303
    with app.app_context():
        assert hours(round_the_clock.id) == [(8, 19, anne.id, 1), (19, 8, paul.id, 1)]
        assert [(kind, person) for kind, _subject, person in told()] == [
            ("oncall.shortened", anne.id),
            ("oncall.assigned", paul.id),
        ]
        (first, second) = db.session.scalars(select(DutySeat).order_by(DutySeat.starts_at))
        assert (first.id, first.released_at) == (seat.id, None)
        assert seat_facts.seat_now(second.id).span == Span(EVENING, MORNING + A_DAY)


def test_without_a_taker_the_rest_is_a_gap(app, make, secretary, round_the_clock, anne, frozen):
    seat = make.seat(round_the_clock, anne)
    frozen.move_to(NINE_IN_THE_EVENING)

    secretary.post(f"/astreintes/sieges/{seat.id}/partager", data={"partage-at": "19 h", "partage-reason": "hindered"})

    with app.app_context():
        assert hours(round_the_clock.id) == [(8, 19, anne.id, 1)]
        assert free(round_the_clock.id) == [(EVENING, 1)]
    assert f'id="gap-{round_the_clock.id}"' in secretary.get("/continuite/").text


@pytest.mark.parametrize("typed", ["08:00", "7:59"])
def test_a_duty_does_not_end_before_its_begin(app, make, secretary, line, anne, frozen, typed):
    slot = make.slot(line, MORNING, MORNING + timedelta(hours=12))
    seat = make.seat(slot, anne)
    frozen.move_to(NINE_IN_THE_EVENING - timedelta(hours=3))

    answer = secretary.post(
        f"/astreintes/sieges/{seat.id}/partager", data={"partage-at": typed, "partage-reason": "agreed"}
    )

    assert answer.status_code == 422
    assert "Choisissez un moment de cette astreinte, entre 8\u202fh et 20\u202fh." in answer.text
    with app.app_context():
        assert hours(slot.id) == [(8, 20, anne.id, 1)]


def test_a_duty_that_is_over_changes_no_more(context, make, line, anne, paul, frozen):
    seat = make.seat(make.slot(line, MORNING, MORNING + timedelta(hours=2)), anne)
    frozen.move_to(EVENING)

    for deed in (
        lambda: actions.split_seat(seat.id, MORNING + timedelta(hours=1), paul.id, now=clock.now()),
        lambda: actions.hand_over_seat(seat.id, paul.id, now=clock.now()),
        lambda: actions.give_back_seat(seat.id, now=clock.now()),
        lambda: actions.keep_seat(seat.id, now=clock.now()),
    ):
        with pytest.raises(rules.SlotOver), transaction():
            deed()


def test_the_holder_hands_a_whole_duty_over_and_strangers_do_not_see_it(app, make, sign_in, line, anne, paul):
    seat = make.seat(make.slot(line, MORNING + A_DAY, MORNING + A_DAY + timedelta(hours=2)), anne)
    owner, stranger = sign_in(make.account(anne)), sign_in(make.account(paul))

    assert stranger.get(f"/astreintes/sieges/{seat.id}").status_code == 404
    answer = owner.post(f"/astreintes/sieges/{seat.id}/confier", data={"person": paul.id})

    assert answer.status_code == 303
    with app.app_context():
        assert [(held.id, held.person_id) for held in db.session.scalars(select(DutySeat))] == [(seat.id, paul.id)]


def test_given_back_and_taken_again_is_another_row(context, make, line, anne):
    slot = make.slot(line, MORNING + A_DAY, MORNING + A_DAY + timedelta(hours=2))
    seat = make.seat(slot, anne)
    with transaction():
        actions.give_back_seat(seat.id, now=clock.now())
    with transaction():
        again = actions.take_seat(slot.id, anne.id, now=clock.now())

    rows = db.session.scalars(select(DutySeat).order_by(DutySeat.id)).all()
    assert [(row.id, row.released_at is None) for row in rows] == [(seat.id, False), (again.seat_id, True)]


def test_keeping_is_written_down_for_the_absence_and_ends_the_alert(app, make, sign_in, line, anne):
    """L4."""
    seat = make.seat(make.slot(line, MORNING + A_DAY, MORNING + A_DAY + timedelta(hours=2)), anne)
    absence = make.absence(anne, date(2026, 8, 13), date(2026, 8, 14))
    browser = sign_in(make.account(anne))
    assert "Cherche un remplaçant" in browser.get("/continuite/").text

    browser.post(f"/astreintes/sieges/{seat.id}/garder")

    assert "Cherche un remplaçant" not in browser.get("/continuite/").text
    with app.app_context():
        kept = db.session.scalars(select(SeatChange).where(SeatChange.kind == SeatKind.KEPT)).one()
        assert (kept.seat_id, kept.to_id, kept.absence_id) == (seat.id, anne.id, absence.id)


def test_a_keeping_that_is_undone_is_none(context, make, tomorrow, anne):
    make.absence(anne, date(2026, 8, 13), date(2026, 8, 14))
    seat = make.seat(tomorrow, anne)
    with transaction():
        done = actions.keep_seat(seat.id, now=clock.now())
    kept = seat_facts.kept_facts([seat.id])

    with transaction():
        undoing.undo(done.change_id, now=clock.now())

    assert len(kept) == 1
    assert seat_facts.kept_facts([seat.id]) == []


def test_a_kept_duty_that_changes_hands_is_kept_by_nobody(context, make, line, anne, paul):
    seat = make.seat(make.slot(line, MORNING + A_DAY, MORNING + A_DAY + timedelta(hours=2)), anne)
    make.absence(anne, date(2026, 8, 13), date(2026, 8, 14))
    with transaction():
        actions.keep_seat(seat.id, now=clock.now())
    with transaction():
        actions.hand_over_seat(seat.id, paul.id, now=clock.now())

    assert seat_facts.seat_now(seat.id).kept == frozenset()


def test_nobody_keeps_what_no_absence_threatens(context, make, line, anne):
    seat = make.seat(make.slot(line, MORNING + A_DAY, MORNING + A_DAY + timedelta(hours=2)), anne)

    with pytest.raises(rules.HolderIsPresent), transaction():
        actions.keep_seat(seat.id, now=clock.now())


@pytest.fixture
def tomorrow(make, line):
    return make.slot(line, MORNING + A_DAY, MORNING + 2 * A_DAY)


def done(deed, *given, **more):
    with transaction():
        return deed(*given, now=clock.now(), **more)


def undone(change):
    return done(undoing.undo, change.change_id)


def test_each_deed_is_undone(context, make, tomorrow, anne, paul):
    taken = done(actions.take_seat, tomorrow.id, anne.id)
    undone(taken)
    assert hours(tomorrow.id) == []

    seat = done(actions.take_seat, tomorrow.id, anne.id).seat_id
    undone(done(actions.hand_over_seat, seat, paul.id))
    assert hours(tomorrow.id) == [(8, 8, anne.id, 1)]

    undone(done(actions.split_seat, seat, EVENING + A_DAY, paul.id))
    assert hours(tomorrow.id) == [(8, 8, anne.id, 1)]

    undone(done(actions.give_back_seat, seat))
    assert [row.id for row in queries.slot(tomorrow.id).seats] == [seat]


def test_whose_duty_is_whole_again_reads_that_it_lasts_longer_and_not_that_it_is_new(context, tomorrow, anne, paul):
    seat = done(actions.take_seat, tomorrow.id, anne.id).seat_id

    def told_after(deed, *given):
        change, known = done(deed, seat, *given), len(told())
        undone(change)
        return [(kind, person) for kind, subject, person in told()[known:] if subject == f"seat:{seat}"]

    assert told_after(actions.split_seat, EVENING + A_DAY, paul.id) == [("oncall.lengthened", anne.id)]
    assert told_after(actions.split_seat, EVENING + A_DAY) == [("oncall.lengthened", anne.id)]
    assert told_after(actions.give_back_seat) == [("oncall.assigned", anne.id)]


def test_undoing_is_judged_like_a_taking(context, make, tomorrow, anne, paul):
    seat = make.seat(tomorrow, anne)
    back = done(actions.give_back_seat, seat.id)
    done(actions.take_seat, tomorrow.id, paul.id)

    with pytest.raises(rules.SlotFull):
        undone(back)
    assert hours(tomorrow.id) == [(8, 8, paul.id, 1)]


def test_whoever_went_away_meanwhile_gets_nothing_back(context, make, tomorrow, anne):
    back = done(actions.give_back_seat, make.seat(tomorrow, anne).id)
    make.absence(anne, date(2026, 8, 13), date(2026, 8, 13))

    with pytest.raises(rules.HolderIsAway):
        undone(back)


def test_only_the_last_change_is_undone_and_no_undoing(context, make, tomorrow, anne, paul):
    first = done(actions.take_seat, tomorrow.id, anne.id)
    last = done(actions.hand_over_seat, first.seat_id, paul.id)

    with pytest.raises(rules.NotUndone):
        undone(first)
    back = undone(last)
    for change in (first, last, back):
        with pytest.raises(rules.NotUndone):
            undone(change)


def test_half_an_hour_later_nothing_is_undone(context, tomorrow, anne, frozen):
    change = done(actions.take_seat, tomorrow.id, anne.id)
    frozen.shift(timedelta(minutes=30, seconds=1))

    with pytest.raises(rules.NotUndone):
        undone(change)


def test_a_duty_that_has_begun_is_undone_no_more(context, make, line, anne, frozen):
    slot = make.slot(line, clock.now() + timedelta(minutes=10), MORNING + A_DAY)
    change = done(actions.take_seat, slot.id, anne.id)
    frozen.shift(timedelta(minutes=10))

    with pytest.raises(rules.SlotOver):
        undone(change)


def test_seats_equal_the_replay_of_their_facts(context, make, tomorrow, anne, paul):
    done(actions.take_seat, tomorrow.id, anne.id)
    seat = queries.slot(tomorrow.id).seats[0].id
    done(actions.hand_over_seat, seat, paul.id)
    undone(done(actions.split_seat, seat, EVENING + A_DAY, anne.id))
    done(actions.split_seat, seat, EVENING + A_DAY)

    for row in db.session.scalars(select(DutySeat)):
        now = replay(seat_facts.facts_of(row.id))
        assert (now.person_id, now.span, now.released_at) == (row.person_id, row.span, row.released_at)


def test_a_slot_of_a_day_reads_from_eight_to_eight(context):
    assert when(MORNING, MORNING + A_DAY) == "mercredi 12 août de 8\u202fh à 8\u202fh"
    assert re.match("du mercredi", when(MORNING, MORNING + A_DAY + timedelta(hours=1)))


def test_an_hour_lies_on_the_day_on_which_the_duty_is():
    paris, night = ZoneInfo("Europe/Paris"), Span(EVENING, MORNING + A_DAY)

    assert moment_in(night, time(22), paris) == EVENING + timedelta(hours=3)
    assert moment_in(night, time(2), paris) == MORNING + A_DAY - timedelta(hours=6)
