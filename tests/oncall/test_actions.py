from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from cpts_net import clock
from cpts_net.audit.models import AuditEntry
from cpts_net.oncall import actions, gaps, queries, rules, slot_actions
from cpts_net.oncall.models import DutySeat, DutySlot, Eligibility, SeatChange, SlotState
from cpts_net.oncall.replay import SeatKind
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.
TWO_HOURS = timedelta(hours=2)
BEFORE = datetime(2026, 8, 12, 8, tzinfo=UTC)


@pytest.fixture
def line(make):
    return make.line()


@pytest.fixture
def slot(make, line):
    return make.slot(line, EIGHT, EIGHT + TWO_HOURS)


def take(slot, person, **given):
    with transaction():
        return actions.take_seat(slot.id, person.id, now=clock.now(), **given).seat_id


def seats():
    return db.session.scalars(select(DutySeat).where(queries.live())).all()


def facts():
    columns = (SeatChange.seat_id, SeatChange.kind, SeatChange.from_id, SeatChange.to_id)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(SeatChange.id))]


def mails():
    return [(mail.to, mail.subject) for mail in drawn_mails()]


def test_taking_a_free_seat_makes_it_mine_and_moves_the_board_on(context, make, slot, revision_of):
    anne = make.person()
    account = make.account(anne)
    before = revision_of("continuity")

    seat_id = take(slot, anne, actor_id=account.id)

    (seat,) = seats()
    assert (seat.id, seat.person_id, seat.number) == (seat_id, anne.id, 1)
    assert (seat.starts_at, seat.ends_at) == (slot.starts_at, slot.ends_at)
    assert facts() == [(seat_id, SeatKind.TAKEN, None, anne.id)]
    assert revision_of("continuity") == before + 1
    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.actor_id, entry.subject) == ("oncall.taken", account.id, f"seat:{seat_id}")
    assert mails() == []


def test_last_seat_taken_leaves_the_slot_full(context, make, slot):
    take(slot, make.person())

    with pytest.raises(rules.SlotFull):
        take(slot, make.person())
    assert len(seats()) == 1


def test_seats_are_numbered_up_to_the_maximum_and_a_freed_number_is_given_again(context, make):
    slot = make.slot(make.line(seats_max=3), EIGHT, EIGHT + TWO_HOURS)
    first, _second = take(slot, make.person()), take(slot, make.person())
    with transaction():
        actions.give_back_seat(first, now=clock.now())

    take(slot, make.person())

    assert sorted(seat.number for seat in seats()) == [1, 2]


def test_a_line_with_fewer_seats_keeps_who_sits_and_takes_nobody_more(context, make):
    line = make.line(seats_max=2)
    slot = make.slot(line, EIGHT, EIGHT + TWO_HOURS)
    first = take(slot, make.person())
    take(slot, make.person())
    with transaction():
        actions.give_back_seat(first, now=clock.now())
        db.session.get(DutySlot, slot.id).seats_max = 1

    with pytest.raises(rules.SlotFull):
        take(slot, make.person())
    assert [seat.number for seat in seats()] == [2]


def test_a_violated_constraint_is_a_full_slot(context, make, slot):
    latecomer = make.person()
    seen = queries.slot(slot.id)
    db.session.expunge_all()
    make.seat(slot, make.person())  # By somebody else, after we looked.

    with pytest.raises(rules.SlotFull), transaction():
        actions._sit(seen, latecomer.id, gaps.Room(seen.span, 1))


def test_a_violated_constraint_on_the_person_is_a_duty_that_overlaps(context, make):
    slot, anne = make.slot(make.line(seats_max=2), EIGHT, EIGHT + TWO_HOURS), make.person()
    seen = queries.slot(slot.id)
    db.session.expunge_all()
    make.seat(slot, anne)

    with pytest.raises(rules.DutiesOverlap), transaction():
        actions._sit(seen, anne.id, gaps.Room(seen.span, 2))


@pytest.mark.parametrize(("profession", "specialty"), [("60", None), ("10", None), ("10", "SM26")])
def test_only_those_who_may_serve_take_a_seat(context, make, slot, line, profession, specialty):
    make.person(specialty="SM54")
    with transaction():
        for permission in db.session.scalars(select(Eligibility)):
            permission.specialty_code = "SM54"

    with pytest.raises(rules.NotEligible):
        take(slot, make.person(profession=profession, specialty=specialty))


def test_the_right_specialty_takes_a_seat(context, make, slot):
    take(slot, make.person(specialty="SM54"))

    assert len(seats()) == 1


def test_any_of_somebody_s_professions_lets_them_serve(context, make, slot):
    nurse_and_doctor = make.person(profession="60", also=["10"])

    take(slot, nurse_and_doctor)

    assert [seat.person_id for seat in seats()] == [nurse_and_doctor.id]


def test_nobody_takes_a_duty_during_their_own_leave(context, make, slot):
    anne = make.person()
    absence = make.absence(anne, date(2026, 8, 3), date(2026, 8, 14))

    with pytest.raises(rules.HolderIsAway) as refused:
        take(slot, anne)
    assert refused.value.absence.last_day == absence.last_day


def test_a_duty_in_the_morning_fits_a_leave_from_noon(context, make, slot):
    anne = make.person()
    make.absence(anne, date(2026, 8, 14), date(2026, 8, 20), from_time=time(12))

    take(slot, anne)

    assert len(seats()) == 1


def test_nobody_has_two_duties_at_once(context, make, slot):
    anne = make.person()
    night = make.slot(make.line("nuit", name="Nuit"), EIGHT - timedelta(hours=12), EIGHT + timedelta(minutes=1))
    make.seat(night, anne)

    with pytest.raises(rules.DutiesOverlap) as refused:
        take(slot, anne)
    assert refused.value.line_name == "Nuit"


def test_duties_that_touch_do_not_overlap(context, make, line, slot):
    anne = make.person()
    make.seat(make.slot(line, EIGHT - TWO_HOURS, EIGHT), anne)

    take(slot, anne)

    assert len(seats()) == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": SlotState.CLOSED}, rules.SlotClosed),
        ({"state": SlotState.CANCELLED}, rules.SlotGone),
        ({"starts_at": BEFORE - TWO_HOURS, "ends_at": BEFORE}, rules.SlotOver),
    ],
)
def test_slots_that_cannot_be_served_are_refused(context, make, line, change, refusal):
    slot = make.slot(line, **{"starts_at": EIGHT, "ends_at": EIGHT + TWO_HOURS, **change})

    with pytest.raises(refusal):
        take(slot, make.person())


def test_a_slot_under_way_may_still_be_taken(context, make, line):
    slot = make.slot(line, BEFORE - TWO_HOURS, BEFORE + TWO_HOURS)

    take(slot, make.person())

    assert len(seats()) == 1


def test_an_unknown_slot_is_gone(context, make):
    anne = make.person()

    with pytest.raises(rules.SlotGone), transaction():
        actions.take_seat(999, anne.id, now=clock.now())


def test_giving_back_frees_the_seat_and_tells_nobody(context, make, slot, revision_of):
    anne = make.person()
    account = make.account(anne)
    seat = make.seat(slot, anne)
    before = revision_of("continuity")

    with transaction():
        actions.give_back_seat(seat.id, now=clock.now(), actor_id=account.id)

    assert (seats(), mails()) == ([], [])
    assert facts()[1:] == [(seat.id, SeatKind.RELEASED, anne.id, None)]
    assert revision_of("continuity") == before + 1


def test_a_duty_that_has_begun_is_not_given_back(context, make, line):
    seat = make.seat(make.slot(line, BEFORE, BEFORE + TWO_HOURS), make.person())

    with pytest.raises(rules.SlotOver), transaction():
        actions.give_back_seat(seat.id, now=clock.now())


def test_who_is_assigned_or_removed_reads_so_by_mail(context, make, slot):
    anne = make.person()
    account, secretary = make.account(anne), make.account(role="secretary")

    with transaction():
        done = actions.assign_seat(slot.id, anne.id, now=clock.now(), actor_id=secretary.id)
    assert facts() == [(done.seat_id, SeatKind.ASSIGNED, None, anne.id)]
    found = mails()
    with transaction():
        actions.give_back_seat(done.seat_id, now=clock.now(), actor_id=secretary.id)

    when = "vendredi 14 août de 8 h à 10 h"
    assert found + mails() == [  # What was given is not so any more.
        (account.email, f"Vous êtes d’astreinte : Ligne snp, {when}"),
        (account.email, f"Vous n’êtes plus d’astreinte : Ligne snp, {when}"),
    ]


def test_handing_over_keeps_the_duty_and_tells_both(context, make, slot):
    anne, paul = make.person(), make.person("Paul", "Roy")
    hers, his = make.account(anne), make.account(paul)
    seat = make.seat(slot, anne)

    with transaction():
        actions.hand_over_seat(seat.id, paul.id, now=clock.now(), actor_id=hers.id)

    (after,) = seats()
    assert (after.id, after.person_id) == (seat.id, paul.id)
    assert facts()[1:] == [(seat.id, SeatKind.HANDED_OVER, anne.id, paul.id)]
    assert [to for to, _subject in mails()] == [hers.email, his.email]


def test_nobody_is_handed_a_duty_during_their_leave(context, make, slot):
    anne, paul = make.person(), make.person()
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))
    seat = make.seat(slot, anne)

    with pytest.raises(rules.HolderIsAway), transaction():
        actions.hand_over_seat(seat.id, paul.id, now=clock.now())


def test_closing_a_slot_says_what_to_do_and_opening_it_looks_for_somebody(context, make, slot):
    with transaction():
        slot_actions.close_slot(slot.id, "Appelez le 15.", now=clock.now())
    closed = db.session.get(DutySlot, slot.id)
    assert (closed.state, closed.message) == (SlotState.CLOSED, "Appelez le 15.")

    with transaction():
        slot_actions.open_slot(slot.id, now=clock.now())
    assert (closed.state, closed.message) == (SlotState.OPEN, "")


def test_a_slot_that_somebody_holds_is_not_closed(context, make, slot):
    make.seat(slot, make.person())

    with pytest.raises(rules.SlotHeld), transaction():
        slot_actions.close_slot(slot.id, "Appelez le 15.", now=clock.now())


def test_a_refused_action_leaves_no_trace(context, make, slot, revision_of):
    nurse = make.person(profession="60")
    before = revision_of("continuity")

    with pytest.raises(rules.NotEligible):
        take(slot, nurse)

    assert revision_of("continuity") == before
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
