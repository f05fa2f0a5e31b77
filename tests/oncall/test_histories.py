"""What holds of seats whatever anybody does, in whatever order: taken, split, kept, undone, away, other hours.

The deeds are those of the product, on a real database. After each, all that seats promise is looked at.
"""

from datetime import time, timedelta
from functools import partial

import icalendar
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from cpts_net import clock
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import Feed, FeedKind
from cpts_net.continuity import declaring
from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.continuity.resolver import resolve
from cpts_net.leave import queries as leave
from cpts_net.leave import rules as leave_rules
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import Declaration, absence_span
from cpts_net.oncall import actions, exception_actions, house_keeping, line_actions, seat_facts, slot_actions, undoing
from cpts_net.oncall.exception_actions import ExceptionDraft
from cpts_net.oncall.line_actions import LineDraft
from cpts_net.oncall.models import DutySeat, DutySlot, LineException, SeatChange, SlotState
from cpts_net.oncall.queries import ever
from cpts_net.oncall.replay import SeatKind
from cpts_net.oncall.rules import HolidayRule, NotUndone, SeatRefused, SlotOver
from cpts_net.oncall.versions import Version
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW, sweep

pytestmark = pytest.mark.unmeasured

REFUSALS = (
    SeatRefused,
    declaring.DutiesUnsettled,
    declaring.SettlementRefused,
    exception_actions.DaysTaken,
    leave_rules.AbsenceGone,
    leave_rules.LeaveOverlaps,
)
WAITS = [timedelta(minutes=29), timedelta(minutes=31), timedelta(minutes=31), timedelta(hours=4), timedelta(hours=15)]
AHEAD = timedelta(days=28)
ANY = st.integers(0, 11)
HALF_AN_HOUR = timedelta(minutes=30)


class Histories(RuleBasedStateMachine):
    """A line that is open round the clock, three who may serve it, and what was seen of them before."""

    def __init__(self, app, make, sign_in, frozen):
        super().__init__()
        self.app, self.frozen = app, frozen
        frozen.move_to(NOW)
        with app.app_context():
            sweep()
        self.people = [make.person(name, "Petit") for name in ("Anne", "Paul", "Inès")]
        self.line = make.line(seats_max=2)
        make.pattern(
            self.line, weekdays="0123456", holidays="as_usual", opens_at=time(8), closes_at=time(8), slot_minutes=720
        )
        self.sign_in, self.coordinator = sign_in, make.account(role=Role.COORDINATOR)
        account = make.account(self.people[0])
        blank = {"account_id": account.id, "line_id": None, "created_at": NOW}
        feeds = [make.save(Feed(kind=kind, name=kind, **blank)) for kind in (FeedKind.MINE, FeedKind.DUTY)]
        with app.app_context():
            self.feeds = [feed_address(feed).partition("8000")[2] for feed in feeds]
            with transaction():
                slot_actions.follow_patterns(self.line.id, now=NOW)
            coming = db.session.scalars(select(DutySlot.id).order_by(DutySlot.starts_at)).all()
            for person, slot_id in zip(self.people, coming[1:], strict=False):
                with transaction():
                    actions.take_seat(slot_id, person.id, now=NOW - timedelta(days=1))
        self.places, self.facts, self.before, self.begun, self.over, self.read = {}, {}, {}, {}, {}, {}

    def do(self, deed):
        """One deed in a transaction; what it raised, if it was refused. What seats were before each fact is noted."""
        with self.app.app_context():
            earlier = {seat.id: standing(seat) for seat in seats()}
            try:
                with transaction():
                    deed()
            except REFUSALS as refused:
                return refused
            for fact in db.session.scalars(select(SeatChange)):
                self.before.setdefault(fact.id, earlier.get(fact.seat_id))
        return None

    @property
    def today(self):
        with self.app.app_context():
            return clock.today()

    def near(self, number):
        """The number of one of the slots around now."""
        with self.app.app_context():
            coming = select(DutySlot.id).where(DutySlot.ends_at > clock.now() - timedelta(hours=13))
            found = db.session.scalars(coming.order_by(DutySlot.starts_at, DutySlot.id).limit(5)).all()
        return found[number % len(found)] if found else 0

    def held(self, number):
        """A seat, mostly one that somebody has and that is not over."""
        with self.app.app_context():
            found = seats()
            live = [seat for seat in found if seat.released_at is None and seat.ends_at > clock.now()]
            return (live or found)[number % len(live or found)] if found else None

    @rule(who=ANY, what=ANY, assigned=st.booleans())
    def begin(self, who, what, assigned):
        way = actions.assign_seat if assigned else actions.take_seat
        self.do(lambda: way(self.near(what), self.people[who % 3].id, now=clock.now()))

    @rule(which=ANY)
    def give_back(self, which):
        if seat := self.held(which):
            self.do(lambda: actions.give_back_seat(seat.id, now=clock.now()))

    @rule(which=ANY, who=ANY)
    def hand_over(self, which, who):
        if seat := self.held(which):
            self.do(lambda: actions.hand_over_seat(seat.id, self.people[who % 3].id, now=clock.now()))

    @rule(which=ANY, share=st.integers(1, 11), who=ANY)
    def split(self, which, share, who):
        if seat := self.held(which):
            taker = self.people[who % 3].id if who % 4 else None
            moment = seat.starts_at + share * (seat.ends_at - seat.starts_at) / 12
            self.do(lambda: actions.split_seat(seat.id, moment, taker, now=clock.now()))

    @rule(which=ANY)
    def keep(self, which):
        with self.app.app_context():
            away = [duty.seat_id for duty, is_kept in self.away_from() if is_kept is False]
        if away:
            self.do(lambda: actions.keep_seat(away[which % len(away)], now=clock.now()))

    @rule()
    def undo_the_last(self):
        self.undo_one(0)

    @rule(back=st.integers(0, 2))
    def undo_an_earlier_one(self, back):
        self.undo_one(back)

    def undo_one(self, back):
        """Only the last change of a seat, within thirty minutes, before the duty begins; then it is as it was."""
        with self.app.app_context():
            facts = db.session.scalars(select(SeatChange).order_by(SeatChange.id.desc())).all()
            if len(facts) <= back:
                return
            fact, seat = facts[back], db.session.get_one(DutySeat, facts[back].seat_id)
            is_last = next(each for each in facts if each.seat_id == fact.seat_id) is fact
            is_birth_of_part = fact.kind == SeatKind.SPLIT and self.before[fact.id] is None
            is_free = is_last and fact.kind != SeatKind.UNDONE and not is_birth_of_part
            is_in_time = clock.now() - fact.at <= HALF_AN_HOUR and clock.now() < seat.starts_at
        refused = self.do(lambda: undoing.undo(fact.id, now=clock.now()))
        if refused is None:
            assert is_free
            assert is_in_time
            with self.app.app_context():
                now, was = db.session.get_one(DutySeat, seat.id), self.before[fact.id]
                assert standing(now) == was if was else now.released_at
        elif isinstance(refused, NotUndone | SlotOver):
            assert not (is_free and is_in_time) or fact.kind == SeatKind.SPLIT

    @rule(what=ANY, is_closing=st.booleans())
    def close(self, what, is_closing):
        if is_closing:
            self.do(lambda: slot_actions.close_slot(self.near(what), "Appelez le 15", now=clock.now()))
        else:
            self.do(lambda: slot_actions.open_slot(self.near(what), now=clock.now()))

    @rule(opens=st.sampled_from([8, 9, 20]), minutes=st.sampled_from([360, 720, 1440]), fewest=st.integers(1, 2))
    def change_line(self, opens, minutes, fewest):
        version = Version(
            *("0123456", HolidayRule.AS_USUAL, time(opens), time(8), minutes, NOW.date(), None),
            seats_min=fewest,
            seats_max=2,
        )
        draft = LineDraft(f"Ligne {opens}", "", "", (("10", None),), (version,))
        self.do(lambda: line_actions.change_line(self.line.id, draft, actor_id=None, now=clock.now()))

    @rule(day=st.integers(0, 2), hours=st.sampled_from([(None, None), (time(10), time(16))]))
    def except_day(self, day, hours):
        first = self.today + timedelta(days=day)
        draft = ExceptionDraft(first, first, *hours, message="Appelez le 15")
        self.do(lambda: exception_actions.add_exception(self.line.id, draft, actor_id=None, now=clock.now()))

    @rule()
    def remove_exception(self):
        with self.app.app_context():
            number = db.session.scalar(select(LineException.id).order_by(LineException.id.desc()).limit(1))
        if number:
            self.do(lambda: exception_actions.remove_exception(number, actor_id=None, now=clock.now()))

    @rule(which=ANY, length=st.integers(0, 1), choice=st.sampled_from(Choice), taker=ANY)
    def declare(self, which, length, choice, taker):
        """Somebody who has a duty is away on its day."""
        if not (seat := self.held(which)):
            return
        with self.app.app_context():
            first = seat.starts_at.astimezone(clock.zone()).date()
            wanted = Declaration(first, first + timedelta(days=length))
            hit = declaring.duties_hit(seat.person_id, wanted, clock.now())
        settled = {each.id: Settlement(choice, self.people[taker % 3].id) for each in hit}
        self.do(lambda: declaring.declare(seat.person_id, wanted, settled, actor_id=None, now=clock.now()))

    @rule(which=ANY)
    def cancel(self, which):
        with self.app.app_context():
            found = db.session.scalars(select(Absence.id).order_by(Absence.id)).all()
        if found:
            self.do(lambda: declaring.cancel(found[which % len(found)], actor_id=None, now=clock.now()))

    @rule(how_long=st.sampled_from(WAITS))
    def wait(self, how_long):
        self.frozen.move_to(clock.now() + how_long)
        with self.app.app_context():
            slot_actions.open_coming_slots(now=clock.now())

    @rule(which=st.integers(0, 1))
    def subscribe(self, which):
        """A UID names one thing for ever; SEQUENCE rises where something visible changed, and nowhere else."""
        body = self.app.test_client().get(self.feeds[which]).text
        for event in icalendar.Calendar.from_ical(body).events:
            key = which, str(event["UID"])
            shown = [str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "STATUS")]
            visible = [event.decoded("DTSTART"), event.decoded("DTEND"), *shown]
            known, sequence = self.read.get(key), int(event["SEQUENCE"])
            assert known is None or (sequence == known[1] if visible == known[0] else sequence > known[1]), key
            self.read[key] = visible, sequence
            kind, _, number = key[1].partition("@")[0].partition("-")
            if kind == "duty":
                assert event.decoded("DTSTART") >= self.places[int(number)][1]
        with self.app.app_context():
            served = {key[1].partition("@")[0] for key in self.read}
            held = resolve(Span(clock.now(), clock.now() + AHEAD), person_id=(self.people[0].id, None)[which]).duties
        assert {f"duty-{duty.seat_id}" for duty in held} <= served

    def away_from(self):
        """Each duty to come: whether it is kept, where its holder is away, or else None."""
        coming = Span(clock.now(), clock.now() + AHEAD)
        for duty in resolve(coming).duties:
            away = {
                each.id
                for each in leave.absences_between(coming, [duty.holder.id])
                if absence_span(each, clock.zone()).overlaps(duty.span)
            }
            yield duty, away <= seat_facts.seat_now(duty.seat_id).kept if away else None

    @invariant()
    def seats_are_the_sum_of_their_facts(self):
        with self.app.app_context():
            assert house_keeping.count_impossible(now=clock.now().replace(hour=2)) == {}

    @invariant()
    def facts_are_only_added_and_seats_are_for_ever(self):
        with self.app.app_context():
            facts = {
                each.id: (each.seat_id, each.kind, each.from_id, each.to_id, each.at, each.effective_at, each.until)
                for each in db.session.scalars(select(SeatChange))
            }
            slots = {slot.id: slot for slot in db.session.scalars(select(DutySlot))}
            places = {seat.id: (seat.slot_id, slots[seat.slot_id].starts_at) for seat in seats()}
        assert self.facts.items() <= facts.items()
        assert self.places.items() <= places.items()
        self.facts, self.places = facts, places

    @invariant()
    def what_has_begun_and_what_is_over_stays(self):
        """Its times, its minimum, its holders: whatever becomes of the line."""
        now = clock.now()
        with self.app.app_context():
            begun, over = {}, {}
            for slot in db.session.scalars(select(DutySlot).where(DutySlot.starts_at <= now)):
                begun[slot.id] = slot.starts_at, slot.ends_at, slot.seats_min, slot.seats_max, slot.weight
                if slot.ends_at <= now:
                    over[slot.id] = slot.state, slot.message, []
            for seat in seats():
                if seat.slot_id in over:
                    over[seat.slot_id][2].append((seat.id, seat.number, *standing(seat)))
        assert self.begun.items() <= begun.items()
        assert all(over.get(slot_id) == was for slot_id, was in self.over.items())
        self.begun, self.over = begun, over

    @invariant()
    def an_absent_holder_kept_it_or_seeks_somebody(self):
        """On the board too: « cherche un remplaçant » stands at these duties and at no other."""
        with self.app.app_context():
            found = list(self.away_from())
        for duty, is_kept in found:
            assert (duty.is_holder_away, duty.seeks) == (is_kept is not None, is_kept is False)
        if any(is_kept is not None for _duty, is_kept in found):
            page = self.sign_in(self.coordinator).get("/continuite/").text
            assert all((f'id="held-{duty.seat_id}"' in page) is (is_kept is False) for duty, is_kept in found)

    @invariant()
    def a_gap_is_a_stretch_of_time(self):
        """At each instant at which something begins or ends: as many are missing as the minimum has more than serve."""
        with self.app.app_context():
            found, now = resolve(Span(clock.now(), clock.now() + timedelta(days=6))), clock.now()
            sitting = [seat for seat in seats() if seat.released_at is None]
            wanted = select(DutySlot).where(DutySlot.ends_at > now, DutySlot.starts_at < now + timedelta(days=6))
            for slot in db.session.scalars(wanted.where(DutySlot.state != SlotState.CANCELLED)):
                own = [seat.span for seat in sitting if seat.slot_id == slot.id]
                gaps = [gap for gap in found.gaps if gap.slot_id == slot.id]
                edges = {
                    slot.starts_at,
                    *(edge for span in own for edge in (span.start, span.end) if edge < slot.ends_at),
                }
                for instant in edges:
                    missing = sum(gap.missing for gap in gaps if instant in gap.span)
                    least = slot.seats_min if slot.state == SlotState.OPEN else 0
                    if any(gap.span.end > now for gap in gaps if instant in gap.span) or instant >= now:
                        assert missing == max(0, least - sum(instant in span for span in own))


def seats():
    return db.session.scalars(select(DutySeat).where(ever()).order_by(DutySeat.id)).all()


def standing(seat):
    return seat.person_id, seat.starts_at, seat.ends_at, seat.released_at


def test_seats_remember_whatever_is_done(app, make, sign_in, frozen):
    run_state_machine_as_test(
        partial(Histories, app, make, sign_in, frozen),
        settings=settings(max_examples=12, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
