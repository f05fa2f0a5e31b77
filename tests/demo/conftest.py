"""One load of the demonstration for each date, shared by the tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from cpts_net.accounts.models import Account
from cpts_net.demo import actions
from cpts_net.demo.community import Community
from cpts_net.directory.models import Person
from cpts_net.groups.models import Group, Post
from cpts_net.leave import queries as leave
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import absence_span
from cpts_net.meetings.models import Meeting, Poll, PollOption
from cpts_net.oncall import queries as oncall
from cpts_net.oncall.models import DutyLine, DutySlot
from cpts_net.spans import Span, days_span, local_instant
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import sweep

PARIS = ZoneInfo("Europe/Paris")
SEED = 28


@dataclass(frozen=True)
class Picture:
    """What the base holds after a load, detached."""

    today: date
    community: Community
    members: list[Person]
    former: list[Person]  # Who have left, or are somebody else.
    accounts: list[Account]
    lines: list[DutyLine]
    slots: list[DutySlot]
    absences: list[Absence]  # But those that come week by week.
    days_off: list[Absence]
    groups: list[Group]
    posts: list[Post]
    meetings: list[Meeting]
    polls: list[Poll]

    def away_at(self, hour: int) -> list[Absence]:
        """The absences of today at an hour."""
        moment = local_instant(self.today, time(hour), PARIS)
        return [absence for absence in self.absences if moment in absence_span(absence, PARIS)]

    def slots_in(self, first: int, last: int) -> list[DutySlot]:
        """The slots that share an instant with the days from ``first`` to ``last``, counted from today."""
        window = days_span(self.today + timedelta(first), self.today + timedelta(last), PARIS)
        return [slot for slot in self.slots if Span(slot.starts_at, slot.ends_at).overlaps(window)]


def loaded(app: Flask, today: date, *, members: int = 226, seed: int = SEED) -> Picture:
    """Load the demonstration of a day, take its picture, and leave the base empty again."""
    with app.app_context():
        with transaction():
            community = actions.load(members=members, setting=actions.setting_of(today, seed))
        ever = days_span(today - timedelta(400), today + timedelta(400), PARIS)
        answers = selectinload(Poll.options).selectinload(PollOption.answers)
        picture = Picture(
            today,
            community,
            list(
                db.session.scalars(
                    select(Person)
                    .where(Person.rpps.is_not(None))
                    .options(selectinload(Person.practices))
                    .order_by(Person.rpps)
                )
            ),
            list(
                db.session.scalars(
                    select(Person)
                    .where(or_(Person.left_on.is_not(None), Person.merged_into_id.is_not(None)))
                    .order_by(Person.id)
                )
            ),
            list(db.session.scalars(select(Account).order_by(Account.email))),
            oncall.lines(),
            oncall.slots_between(ever),
            [absence for absence in leave.absences_between(ever) if not absence.weekdays],
            [absence for absence in leave.absences_between(ever) if absence.weekdays],
            list(db.session.scalars(select(Group).options(selectinload(Group.memberships)).order_by(Group.id))),
            list(db.session.scalars(select(Post))),
            list(
                db.session.scalars(
                    select(Meeting).options(selectinload(Meeting.invitations), selectinload(Meeting.meeting_groups))
                )
            ),
            list(db.session.scalars(select(Poll).options(answers))),
        )
        db.session.expunge_all()
        sweep()
    return picture


DATES = (
    date(2026, 8, 12),  # Everybody is on holiday.
    date(2026, 12, 24),
    date(2027, 3, 28),  # The hour that does not exist.
    date(2026, 10, 25),  # The hour that is there twice.
    date(2026, 3, 1),
    date(2026, 8, 15),  # A Saturday and a public holiday.
)


@pytest.fixture(scope="session", params=DATES, ids=str)
def picture(request: pytest.FixtureRequest, migrated_app: Flask) -> Iterator[Picture]:
    """The demonstration of each of the dates."""
    return loaded(migrated_app, request.param)


@pytest.fixture(scope="session")
def august(migrated_app: Flask) -> Picture:
    """The demonstration on the day on which the tests stand."""
    return loaded(migrated_app, DATES[0])
