"""Who may be named to stand in beside people: the duty lines, and the structures where somebody works."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from cpts_net.continuity.resolver import lines
from cpts_net.directory.named import Named, known_as
from cpts_net.directory.workplaces import structures_of
from cpts_net.leave.models import Absence
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

NAME_BYTES = 200


class Offered(NamedTuple):
    """The names of lines and of structures, by id."""

    lines: Mapping[int, str]
    structures: Mapping[int, str]


def first_relay(absence: Absence, now: datetime) -> Named | None:
    """Who is asked first of those whom an absence names and who have not declined; with a negative id, if no person."""
    relay = next((each for each in absence.relays if not each.is_declined), None)
    if relay is None or relay.person:
        return known_as(relay.person) if relay and relay.person else None
    return Named(-relay.id, line_name(relay.line_id, now) or relay.name, is_hidden=True, trade=None)


def line_name(line_id: int | None, now: datetime) -> str:
    """What a line is called; empty where there is none."""
    return offered(0, now).lines.get(line_id, "") if line_id else ""


def offered(person_id: int, now: datetime) -> Offered:
    """What the form of an absence offers for who is away; kept until a line or a place changes."""
    scopes = (revisions.DIRECTORY, revisions.CONTINUITY)

    def read(_old: Offered | None) -> Made[Offered]:
        found = Offered({line.id: line.name for line in lines()}, structures_of(person_id) if person_id else {})
        return Made(found, NAME_BYTES * (len(found.lines) + len(found.structures) + 1))

    return kept().get((Offered, person_id), scopes, now, read)
