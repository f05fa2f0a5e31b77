"""Writing the days on which a line is unlike itself."""

from dataclasses import dataclass
from datetime import date, datetime, time

from cpts_net.audit.actions import record
from cpts_net.oncall import queries
from cpts_net.oncall.generation import WEEKS_AHEAD, Changes, due_changes
from cpts_net.oncall.line_actions import ChangesDiffer
from cpts_net.oncall.models import DutyLine, LineException
from cpts_net.oncall.slot_actions import follow_patterns
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


@dataclass(frozen=True)
class ExceptionDraft:
    """Days, both included, on which a line is closed, or open at other hours; everybody reads the message."""

    first_day: date
    last_day: date
    opens_at: time | None = None
    closes_at: time | None = None
    message: str = ""


class DaysTaken(ValueError):
    """Another exception of the line has one of the days."""


def proposal(line: DutyLine, now: datetime, *, added: ExceptionDraft | None = None, removed: int = 0) -> Changes:
    """What one exception more, or one less, would do to the slots to come."""
    days = [each for each in line.exceptions if each.id != removed]
    return due_changes(now, WEEKS_AHEAD, line, exceptions=[*days, *([added] if added else [])])


def add_exception(
    line_id: int, wanted: ExceptionDraft, *, actor_id: int | None, now: datetime, seen: str | None = None
) -> None:
    """Have a line closed on some days, or open at other hours; duties that somebody holds stay.

    Raises:
        LookupError: when there is no such line.
        DaysTaken: when another exception has one of the days.
        ChangesDiffer: when it would do something else than was seen.
    """
    revisions.bump(revisions.CONTINUITY)
    line = _line(line_id)
    if any(each.first_day <= wanted.last_day and wanted.first_day <= each.last_day for each in line.exceptions):
        raise DaysTaken
    _check(proposal(line, now, added=wanted), seen)
    db.session.add(LineException(line_id=line_id, **vars(wanted)))
    _follow(line_id, wanted.message, actor_id, now)


def remove_exception(exception_id: int, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """Have a line as on other days again.

    Raises:
        LookupError: when there is no such exception any more.
        ChangesDiffer: when it would do something else than was seen.
    """
    revisions.bump(revisions.CONTINUITY)
    exception = db.session.get(LineException, exception_id, populate_existing=True)
    if exception is None:
        raise LookupError(exception_id)
    _check(proposal(_line(exception.line_id), now, removed=exception_id), seen)
    line_id = exception.line_id
    db.session.delete(exception)
    _follow(line_id, "", actor_id, now)


def _line(line_id: int) -> DutyLine:
    line = queries.line(line_id)
    if line is None:
        raise LookupError(line_id)
    return line


def _check(changes: Changes, seen: str | None) -> None:
    if seen is not None and changes.digest != seen:
        raise ChangesDiffer(changes)


def _follow(line_id: int, detail: str, actor_id: int | None, now: datetime) -> None:
    db.session.flush()
    record("oncall.line_changed", actor_id=actor_id, now=now, subject=f"line:{line_id}", detail=detail)
    follow_patterns(line_id, now=now)
