"""Writing duty lines and their opening hours."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from cpts_net import clock
from cpts_net.audit.actions import record
from cpts_net.folding import fold, is_same_name
from cpts_net.oncall import queries
from cpts_net.oncall.generation import WEEKS_AHEAD, Changes, due_changes
from cpts_net.oncall.models import DutyLine, DutyPattern, Eligibility
from cpts_net.oncall.rules import NameTaken
from cpts_net.oncall.slot_actions import follow_patterns
from cpts_net.oncall.versions import Version, changed, version_of
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


class ChangesDiffer(Exception):
    """A change would do something else than was shown; carries what it would do now."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes.digest)
        self.changes = changes


LONGEST_SLUG = 40
RESERVED = frozenset({"creneaux", "sieges", "lignes"})  # Other addresses under /astreintes/.


@dataclass(frozen=True)
class LineDraft:
    """A line, as somebody wants it; ``eligible`` holds profession codes, perhaps with a specialty's."""

    name: str
    purpose: str
    phone: str  # As ``phones`` keeps it.
    eligible: tuple[tuple[str, str | None], ...]
    patterns: tuple[Version, ...]
    out_of_hours: str = ""  # Whom to call while it is closed, in words; everybody reads it.


def slug_of(name: str, taken: Collection[str] = ()) -> str:
    """What a line is called in addresses: « Garde (nuit) » is garde-nuit, and garde-nuit-2 where that is ``taken``."""
    slug = fold(name).replace(" ", "-")[:LONGEST_SLUG].strip("-") or "ligne"
    slug = f"ligne-{slug}"[:LONGEST_SLUG] if slug in RESERVED else slug
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug[: LONGEST_SLUG - len(str(number)) - 1].strip('-')}-{number}"
    return free


def create_line(wanted: LineDraft, *, actor_id: int | None, now: datetime) -> DutyLine:
    """Add a line after the others, and open its slots.

    Raises:
        NameTaken: when a line has this name.
    """
    revisions.bump(revisions.CONTINUITY)
    others = queries.lines()
    _check_name(wanted.name, others)
    position = max((other.position for other in others), default=0) + 1
    slug = slug_of(wanted.name, {other.slug for other in others})
    line = DutyLine(slug=slug, position=position, patterns=[], eligibilities=[])
    _fill(line, wanted, wanted.patterns)
    db.session.add(line)
    db.session.flush()
    record("oncall.line_created", actor_id=actor_id, now=now, subject=f"line:{line.id}", detail=wanted.name)
    follow_patterns(line.id, now=now)
    return line


def proposal(line: DutyLine, wanted: LineDraft, now: datetime) -> Changes:
    """What a change of a line would do to its slots to come."""
    return due_changes(now, WEEKS_AHEAD, line, _planned(line, wanted, now))


def change_line(
    line_id: int, wanted: LineDraft, *, actor_id: int | None, now: datetime, seen: str | None = None
) -> None:
    """Say anew what a line is; duties that somebody holds stay. Its address does not change.

    ``seen`` is the digest of the changes that were shown; None: nothing was to be shown.

    Raises:
        LookupError: when there is no such line.
        NameTaken: when another line has this name.
        ChangesDiffer: when it would do something else than was seen.
    """
    revisions.bump(revisions.CONTINUITY)
    line = queries.line(line_id)
    if line is None:
        raise LookupError(line_id)
    _check_name(wanted.name, [other for other in queries.lines() if other.id != line_id])
    if seen is not None and (changes := proposal(line, wanted, now)).digest != seen:
        raise ChangesDiffer(changes)
    _fill(line, wanted, _planned(line, wanted, now))
    db.session.flush()
    record("oncall.line_changed", actor_id=actor_id, now=now, subject=f"line:{line_id}", detail=wanted.name)
    follow_patterns(line_id, now=now)


def _planned(line: DutyLine, wanted: LineDraft, now: datetime) -> list[Version]:
    today = now.astimezone(clock.zone()).date()
    return changed([version_of(pattern, pattern.id) for pattern in line.patterns], wanted.patterns, today)


def _check_name(name: str, others: Iterable[DutyLine]) -> None:
    if any(is_same_name(name, other.name) for other in others):
        raise NameTaken


def _fill(line: DutyLine, wanted: LineDraft, versions: Iterable[Version]) -> None:
    for name in ("name", "purpose", "phone", "out_of_hours"):
        setattr(line, name, getattr(wanted, name))
    line.eligibilities = [
        Eligibility(profession_code=profession, specialty_code=specialty) for profession, specialty in wanted.eligible
    ]
    known = {pattern.id: pattern for pattern in line.patterns}
    line.patterns = [_pattern(version, known.get(version.id)) for version in versions]


def _pattern(version: Version, known: DutyPattern | None) -> DutyPattern:
    """The row of a version: the one that there is, or a new one."""
    values = asdict(version)
    del values["id"]
    if known is None:
        return DutyPattern(**values)
    for name, value in values.items():
        setattr(known, name, value)
    return known
