"""When what is told goes out: at once, after quiet hours, or with others in a digest. Pure.

Hours are local, and both changes of the clocks are as elsewhere: an hour that
is skipped is the instant of the jump, one that comes twice is its first time.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from cpts_net.notices.rules import When
from cpts_net.spans import local_instant

CLOSE = timedelta(hours=12)  # What begins within it waits neither for the morning nor for a digest.
A_DAY = timedelta(days=1)
A_WEEK = 7


@dataclass(frozen=True)
class Hours:
    """When somebody is left alone, from ``quiet_from`` up to ``quiet_until``, and when their digests go; local.

    Without the two nobody leaves them alone. The weekly digest goes on
    ``digest_weekday``, 0 for Monday, at the hour of the daily one.
    """

    quiet_from: time | None = time(21)
    quiet_until: time | None = time(7)
    digest_at: time = time(7, 30)
    digest_weekday: int = 0

    def is_quiet_at(self, at: time) -> bool:
        """Whether a local time of day lies in the quiet hours."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        return start <= at < end if start < end else at >= start or at < end


USUAL = Hours()


class Due(NamedTuple):
    """When something goes out, and whether together with others."""

    at: datetime
    in_digest: bool


def due(
    when: When, hours: Hours, now: datetime, zone: tzinfo, *, begins_at: datetime | None = None, waits: bool = True
) -> Due | None:
    """When somebody is told of something that happens now; None for never.

    ``begins_at`` is when begins what is told, ``waits`` whether it waits for
    the end of quiet hours: what answers one's own act does not, nor does what
    is about security. What would begin less than ``CLOSE`` after the digest
    in which it would stand does not wait for that either.
    """
    if when is When.NEVER:
        return None
    if when is not When.AT_ONCE:
        digest = after_quiet_hours(next_digest(when, hours, now, zone), hours, zone)
        if not is_close(begins_at, digest):
            return Due(digest, in_digest=True)
    if not waits or is_close(begins_at, now):
        return Due(now, in_digest=False)
    return Due(after_quiet_hours(now, hours, zone), in_digest=False)


def is_close(begins_at: datetime | None, moment: datetime) -> bool:
    """Whether what begins then, if anything does, waits neither for the morning nor for a digest at that moment."""
    return begins_at is not None and begins_at - moment <= CLOSE


def after_quiet_hours(moment: datetime, hours: Hours, zone: tzinfo) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    start, end = hours.quiet_from, hours.quiet_until
    if start is None or end is None:
        return moment
    today = moment.astimezone(zone).date()
    for day in (today - A_DAY, today):
        last = day if start < end else day + A_DAY
        until = local_instant(last, end, zone)
        if local_instant(day, start, zone) <= moment < until:
            return until
    return moment


def next_digest(when: When, hours: Hours, now: datetime, zone: tzinfo) -> datetime:
    """The first instant after ``now`` at which a daily or weekly digest goes."""
    today = now.astimezone(zone).date()
    days = (today + later * A_DAY for later in range(A_WEEK + 1))
    moments = (local_instant(day, hours.digest_at, zone) for day in days if _has_digest(day, when, hours))
    return next(moment for moment in moments if moment > now)


def _has_digest(day: date, when: When, hours: Hours) -> bool:
    return when is When.DAILY or day.weekday() == hours.digest_weekday
