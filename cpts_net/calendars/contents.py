"""What each kind of feed shows. The planning page shows what the feed does."""

from datetime import date, timedelta

from flask_babel import force_locale

from cpts_net import clock
from cpts_net.calendars import items
from cpts_net.calendars.items import Item
from cpts_net.calendars.models import FeedKind
from cpts_net.calendars.queries import Subscription
from cpts_net.continuity.resolver import resolve
from cpts_net.meetings.models import Answer, Meeting
from cpts_net.meetings.queries import answers_of, meetings_of
from cpts_net.spans import Span, days_span

# Whoever might travel to a meeting must see that it is off; then it goes.
CANCELLED_SHOWN_FOR = timedelta(days=13)


def entries(feed: Subscription, span: Span, today: date) -> list[Item]:
    """What the feed shows of ``span``, in time order, in the language of the territory."""
    with force_locale("fr"):
        match FeedKind(feed.kind):
            case FeedKind.MINE:
                found = own(feed.member_id, span, today, duties_are_busy=feed.is_busy)
            case FeedKind.LINE:
                found = items.duties_of_all(resolve(span, line_id=feed.line_id).duties)
            case FeedKind.DUTY:
                found = items.duties_of_all(resolve(span).duties)
            case FeedKind.ABSENCES:
                found = items.absences_of_all(resolve(span).aways)
    return in_order(found)


def own(member_id: int | None, span: Span, today: date, *, duties_are_busy: bool = False) -> list[Item]:
    """A member's duties, leaves and meetings in ``span``; nothing for an account without a member."""
    if member_id is None:
        return []
    roster = resolve(span, member_id=member_id)
    return in_order(
        [
            *items.own_duties(roster.duties, are_busy=duties_are_busy),
            *items.own_absences(roster.aways),
            *items.meetings(_meetings(member_id, span, today)),
        ]
    )


def _meetings(member_id: int, span: Span, today: date) -> list[Meeting]:
    """Meetings to which the member has not said no.

    A cancelled one goes with the day rather than with the hour, so that every
    process serves the same bytes.
    """
    asked = meetings_of(member_id, span)
    answers = answers_of(member_id, [meeting.id for meeting in asked])
    shown_since = days_span(today - CANCELLED_SHOWN_FOR, today, clock.zone()).start
    return [
        meeting
        for meeting in asked
        if answers.get(meeting.id) != Answer.NO and (meeting.cancelled_at is None or meeting.cancelled_at > shown_since)
    ]


def in_order(found: list[Item]) -> list[Item]:
    """By time, then by UID: the same entries always come in the same order."""
    return sorted(found, key=lambda item: (item.span, item.uid))
