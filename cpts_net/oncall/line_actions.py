"""Writing duty lines and their opening hours."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from cpts_net.audit.actions import record
from cpts_net.folding import fold, is_same_name
from cpts_net.oncall import queries
from cpts_net.oncall.models import DutyLine, DutyPattern, Eligibility
from cpts_net.oncall.rules import NameTaken
from cpts_net.oncall.slot_actions import follow_patterns
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

LONGEST_SLUG = 40
RESERVED = frozenset({"creneaux", "sieges", "lignes"})  # Other addresses under /astreintes/.


@dataclass(frozen=True)
class PatternDraft:
    """Opening hours, as somebody wants them."""

    weekdays: str
    holidays: str
    opens_at: time
    closes_at: time
    slot_minutes: int
    valid_from: date
    valid_until: date | None
    seats_min: int = 1
    seats_max: int = 1
    weight: int = 100


@dataclass(frozen=True)
class LineDraft:
    """A line, as somebody wants it; ``eligible`` holds profession codes, perhaps with a specialty's."""

    name: str
    purpose: str
    phone: str  # As ``phones`` keeps it.
    eligible: tuple[tuple[str, str | None], ...]
    patterns: tuple[PatternDraft, ...]


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
    _fill(line, wanted)
    db.session.add(line)
    db.session.flush()
    record("oncall.line_created", actor_id=actor_id, now=now, subject=f"line:{line.id}", detail=wanted.name)
    follow_patterns(line.id, now=now)
    return line


def change_line(line_id: int, wanted: LineDraft, *, actor_id: int | None, now: datetime) -> None:
    """Say anew what a line is; duties that somebody holds stay. Its address does not change.

    Raises:
        LookupError: when there is no such line.
        NameTaken: when another line has this name.
    """
    revisions.bump(revisions.CONTINUITY)
    line = queries.line(line_id)
    if line is None:
        raise LookupError(line_id)
    _check_name(wanted.name, [other for other in queries.lines() if other.id != line_id])
    _fill(line, wanted)
    db.session.flush()
    record("oncall.line_changed", actor_id=actor_id, now=now, subject=f"line:{line_id}", detail=wanted.name)
    follow_patterns(line_id, now=now)


def _check_name(name: str, others: Iterable[DutyLine]) -> None:
    if any(is_same_name(name, other.name) for other in others):
        raise NameTaken


def _fill(line: DutyLine, wanted: LineDraft) -> None:
    for name in ("name", "purpose", "phone"):
        setattr(line, name, getattr(wanted, name))
    line.eligibilities = [
        Eligibility(profession_code=profession, specialty_code=specialty) for profession, specialty in wanted.eligible
    ]
    line.patterns = [DutyPattern(**asdict(pattern)) for pattern in wanted.patterns]
