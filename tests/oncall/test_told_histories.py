"""Whatever anybody does to duties: everybody whose duty changed is told so once, and nobody else.

What should be told is read from the rows before and after each deed, by other means than the deeds use.
"""

from collections import Counter
from datetime import time, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.leave import rules as leave
from cpts_net.leave.rules import Declaration
from cpts_net.notices.models import Notice
from cpts_net.oncall import actions, slot_actions, undoing
from cpts_net.oncall.models import DutySeat, DutySlot, SeatChange, SlotState
from cpts_net.oncall.notice_kinds import ASSIGNED, LENGTHENED, REMOVED, SHORTENED
from cpts_net.oncall.queries import ever
from cpts_net.oncall.rules import SeatRefused
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW, sweep

pytestmark = pytest.mark.unmeasured

REFUSALS = (SeatRefused, leave.LeaveOverlaps, declaring.SettlementRefused, declaring.DutiesUnsettled)
ANY = st.integers(0, 11)
DUTY = {ASSIGNED, REMOVED, SHORTENED, LENGTHENED}
GAP = "oncall.gap_opened"


class Histories(RuleBasedStateMachine):
    """Three who may serve, two coordinators, and a line of two seats whose slots lack somebody where one serves."""

    def __init__(self, app, make):
        super().__init__()
        self.app = app
        with app.app_context():
            sweep()
        self.people = [make.person(name, "Petit") for name in ("Anne", "Paul", "Inès")]
        self.accounts = [make.account(person) for person in self.people]
        self.accounts += [make.account(role=Role.COORDINATOR) for _ in range(2)]
        self.coordinators = {account.person_id for account in self.accounts[3:]}
        line = make.line(seats_min=2, seats_max=2)
        make.pattern(
            line, weekdays="0123456", holidays="as_usual", opens_at=time(8), closes_at=time(8), slot_minutes=720
        )
        with app.app_context(), transaction():
            slot_actions.follow_patterns(line.id, now=NOW)
        with app.app_context():
            found = select(DutySlot.id).where(DutySlot.starts_at > NOW).order_by(DutySlot.starts_at)
            self.slots = db.session.scalars(found.limit(3)).all()

    def do(self, who, deed, *, confirms=False):
        """One deed by somebody; then what was told is what changed. ``confirms`` tells whoever did it, too."""
        actor = self.accounts[who % len(self.accounts)]
        with self.app.app_context():
            before, known = seats(), set(db.session.scalars(select(Notice.id)))
            lacked = self.missing(before)
            try:
                with transaction():
                    deed(actor.id)
            except REFUSALS:
                db.session.rollback()
            after = seats()
            new = [each for each in db.session.scalars(select(Notice)) if each.id not in known]
            told = Counter((each.kind, each.subject, each.person_id) for each in new if each.kind in DUTY)
            expected = set(changed(before, after))
            if not confirms:
                expected = {each for each in expected if each[2] != actor.person_id}
            assert told == Counter(expected)
            opened = {
                slot_id for (slot_id, hour), number in self.missing(after).items() if number > lacked[slot_id, hour]
            }
            gaps = Counter((each.subject, each.person_id) for each in new if each.kind == GAP)
            others = self.coordinators - {actor.person_id}
            assert set(gaps) == {(f"slot:{slot_id}", person_id) for slot_id in opened for person_id in others}

    def missing(self, standing):
        """How many are missing in each slot, at each hour."""
        found = {}
        for slot in db.session.scalars(select(DutySlot).where(DutySlot.id.in_(self.slots))):
            held = [
                (start, end)
                for slot_id, _who, start, end, is_live in standing.values()
                if slot_id == slot.id and is_live
            ]
            for hour in range(12):
                instant = slot.starts_at + timedelta(hours=hour)
                serving = sum(start <= instant < end for start, end in held)
                found[slot.id, hour] = max(0, 2 - serving) if slot.state == SlotState.OPEN else 0
        return found

    def live(self, which):
        with self.app.app_context():
            found = [number for number, seat in seats().items() if seat[-1]]
        return found[which % len(found)] if found else 0

    @rule(who=ANY, what=ANY, whom=ANY)
    def assign(self, who, what, whom):
        slot_id, person = self.slots[what % 3], self.people[whom % 3]
        self.do(who, lambda by: actions.assign_seat(slot_id, person.id, now=clock.now(), actor_id=by))

    @rule(who=st.integers(0, 2), what=ANY)
    def take(self, who, what):
        slot_id, person = self.slots[what % 3], self.people[who]
        self.do(who, lambda by: actions.take_seat(slot_id, person.id, now=clock.now(), actor_id=by))

    @rule(who=ANY, which=ANY)
    def give_back(self, who, which):
        seat_id = self.live(which)
        self.do(who, lambda by: actions.give_back_seat(seat_id, now=clock.now(), actor_id=by))

    @rule(who=ANY, which=ANY, whom=ANY)
    def hand_over(self, who, which, whom):
        seat_id, person = self.live(which), self.people[whom % 3]
        self.do(who, lambda by: actions.hand_over_seat(seat_id, person.id, now=clock.now(), actor_id=by), confirms=True)

    @rule(who=ANY, which=ANY, hours=st.integers(1, 11), whom=ANY)
    def split(self, who, which, hours, whom):
        seat_id, taker = self.live(which), self.people[whom % 3].id if whom % 4 else None

        def deed(by):
            starts_at = db.session.get_one(DutySeat, seat_id).starts_at if seat_id else clock.now()
            moment = starts_at + timedelta(hours=hours)
            actions.split_seat(seat_id, moment, taker, now=clock.now(), actor_id=by)

        self.do(who, deed, confirms=taker is not None)

    @rule(who=ANY)
    def undo(self, who):
        with self.app.app_context():
            last = db.session.scalar(select(SeatChange.id).order_by(SeatChange.id.desc()).limit(1)) or 0
        self.do(who, lambda by: undoing.undo(last, now=clock.now(), actor_id=by))

    @rule(who=ANY, what=ANY, is_closing=st.booleans())
    def close(self, who, what, is_closing):
        slot_id = self.slots[what % 3]
        if is_closing:
            self.do(who, lambda by: slot_actions.close_slot(slot_id, "Appelez le 15", now=clock.now(), actor_id=by))
        else:
            self.do(who, lambda by: slot_actions.open_slot(slot_id, now=clock.now(), actor_id=by))

    @rule(who=ANY, which=ANY, choice=st.sampled_from([Choice.RELEASE, Choice.SEEK, Choice.KEEP]))
    def declare(self, who, which, choice):
        """Somebody who has a duty is away on its day; what becomes of it is the same as by any other way."""
        seat_id = self.live(which)
        if not seat_id:
            return
        with self.app.app_context():
            seat = db.session.get_one(DutySeat, seat_id)
            person_id, day = seat.person_id, seat.starts_at.astimezone(clock.zone()).date()
            wanted = Declaration(day, day)
            settled = {each.id: Settlement(choice) for each in declaring.duties_hit(person_id, wanted, clock.now())}
        self.do(who, lambda by: declaring.declare(person_id, wanted, settled, actor_id=by, now=clock.now()))


def seats():
    found = db.session.scalars(select(DutySeat).where(ever()).execution_options(populate_existing=True))
    return {
        seat.id: (seat.slot_id, seat.person_id, seat.starts_at, seat.ends_at, seat.released_at is None)
        for seat in found
    }


def changed(before, after):
    """Whose duty is not what it was, and how, as (kind, seat, person)."""
    for number, (_slot, person_id, *span, is_live) in after.items():
        _, was_theirs, *was, was_live = before.get(number, (0, None, None, None, False))
        if was_live and (not is_live or was_theirs != person_id):
            yield REMOVED, f"seat:{number}", was_theirs
        if is_live and (not was_live or was_theirs != person_id):
            yield ASSIGNED, f"seat:{number}", person_id
        elif is_live and was != span:
            yield SHORTENED if span[1] < was[1] else LENGTHENED, f"seat:{number}", person_id


def test_everybody_whose_duty_changed_is_told_once_and_nobody_else(app, make):
    run_state_machine_as_test(
        partial(Histories, app, make),
        settings=settings(max_examples=10, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )
