"""What each kind of feed shows. The planning page shows what the feed does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask_babel import force_locale

from cpts_net import clock
from cpts_net.calendars import items
from cpts_net.calendars.items import Item, View
from cpts_net.calendars.models import FeedKind
from cpts_net.calendars.queries import Subscription
from cpts_net.calendars.rules import weekly_until
from cpts_net.continuity.resolver import duties, resolve
from cpts_net.continuity.roster import Duty
from cpts_net.meetings.models import Answer, Meeting
from cpts_net.meetings.queries import answers_of, meetings_of
from cpts_net.spans import Span, days_span
from cpts_net.storage import revisions

# Whoever might travel to a meeting must see that it is off; then it goes.
CANCELLED_SHOWN_FOR = timedelta(days=13)
OF_THE_COMMUNITY = (revisions.DIRECTORY, revisions.CONTINUITY)
OF_ONES_OWN = (revisions.GROUPS, revisions.MEETINGS, *OF_THE_COMMUNITY)


@dataclass(frozen=True)
class Subject:
    """What a feed shows, alike for all who subscribe to it, and the turns of its switch."""

    kind: FeedKind
    line_id: int | None
    person_id: int | None  # Whose own feed it is; None when it is not one.
    is_busy: bool
    switches: int
    switched_at: datetime | None

    @property
    def view(self) -> View:
        """For whom its entries are worded."""
        return View.MINE if self.kind == FeedKind.MINE else View.COMMUNITY

    @property
    def scopes(self) -> tuple[str, ...]:
        """What changes it: the names of people, and for one's own feed meetings and the names of their groups."""
        return OF_ONES_OWN if self.kind == FeedKind.MINE else OF_THE_COMMUNITY


def subject(feed: Subscription) -> Subject:
    """What the feed shows."""
    kind = FeedKind(feed.kind)
    is_own = kind == FeedKind.MINE
    person_id, is_busy = (feed.person_id, feed.is_busy) if is_own else (None, False)
    return Subject(kind, feed.line_id, person_id, is_busy, feed.switches, feed.switched_at)


@dataclass(frozen=True)
class Contents:
    """What is shown, in time order, and what of it the next look need not word again."""

    entries: list[Item]
    duties: Mapping[int, tuple[Duty, Item]] = field(default_factory=dict)  # By seat, where they are everybody's.


def contents(subject: Subject, span: Span, today: date, before: Contents | None = None) -> Contents:
    """What is shown of ``span``, in the language of the territory; ``before`` is what was shown last."""
    with force_locale("fr"):
        match subject.kind:
            case FeedKind.MINE:
                assert subject.person_id is not None
                return Contents(own(subject.person_id, span, today, duties_are_busy=subject.is_busy))
            case FeedKind.ABSENCES:
                until = weekly_until(today, clock.zone())
                aways = [away for away in resolve(span).aways if not away.is_weekly or away.span.start < until]
                return Contents(in_order(items.absences_of_all(aways)))
            case FeedKind.LINE | FeedKind.DUTY:
                known = before.duties if before else {}
                found = duties(span, line_id=subject.line_id, before=(duty for duty, _item in known.values()))
                worded = items.duties_of_all(found, known)
                return Contents(in_order([item for _duty, item in worded.values()]), worded)


def own(person_id: int, span: Span, today: date, *, duties_are_busy: bool = False) -> list[Item]:
    """Somebody's duties, leaves, meetings and those for whom they stand in, in ``span``."""
    roster = resolve(span, person_id=person_id)
    return in_order(
        [
            *items.own_duties(roster.duties, are_busy=duties_are_busy),
            *items.own_absences(roster.aways),
            *items.covers(roster.covers, person_id),
            *items.meetings(_meetings(person_id, span, today), person_id),
        ]
    )


def _meetings(person_id: int, span: Span, today: date) -> list[Meeting]:
    """Meetings to which the member has not said no.

    A cancelled one goes with the day rather than with the hour, so that every
    process serves the same bytes.
    """
    asked = meetings_of(person_id, span)
    answers = answers_of(person_id, [meeting.id for meeting in asked])
    shown_since = days_span(today - CANCELLED_SHOWN_FOR, today, clock.zone()).start
    return [
        meeting
        for meeting in asked
        if answers.get(meeting.id) != Answer.NO and (meeting.cancelled_at is None or meeting.cancelled_at > shown_since)
    ]


def in_order(found: list[Item]) -> list[Item]:
    """By time, then by UID: the same entries always come in the same order."""
    return sorted(found, key=lambda item: (item.span, item.uid))
