"""Writing the absences of the demonstration, with who was asked to stand in and what they said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from cpts_net.demo.community import Setting
from cpts_net.demo.duties import UNSCHEDULED
from cpts_net.demo.leaves import PlannedAbsence, Scene
from cpts_net.demo.rows import Ids, insert_rows
from cpts_net.directory.models import Position
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import Answer
from cpts_net.oncall.models import DutyLine
from cpts_net.roles import Role
from cpts_net.spans import local_instant
from cpts_net.storage.connections import db

NOON = time(12)
A_DAY = timedelta(days=1)
WEEKS = timedelta(weeks=3)
ANSWERED = 3 / 4  # The share of those who were asked.
DECLINES = "Je suis déjà seule au cabinet cette semaine-là."
OUTSIDER = {"outsider_name": "Dr Camille Remplaçant", "outsider_phone": "+33639980199"}
BLANK = {
    **dict.fromkeys(("person_id", "structure_id", "line_id", "outsider_phone", "asked_at", "answered_at")),
    "outsider_name": "",
    "answer": "",
    "word": "",
}


def write(absences: Sequence[PlannedAbsence], ids: Ids, accounts: Mapping[str, int], setting: Setting) -> None:
    """Write what was planned; in one of the absences to come a whole structure stands in."""
    rows = [
        {
            "person_id": ids[absence.rpps],
            "first_day": absence.first_day,
            "last_day": absence.last_day,
            "from_time": absence.from_time,
            "until_time": absence.until_time,
            "weekdays": absence.weekdays,
            "note": absence.note,
            "declared_by_id": accounts[Role.SECRETARY if absence.is_by_phone else absence.rpps],
            "declared_at": _declared_at(absence, setting),
            "cancelled_at": None,
        }
        for absence in absences
    ]
    numbers = insert_rows(Absence, rows)
    helped = _helped_by_a_structure(absences, ids, setting)
    random, line_id = setting.random("answers"), db.session.scalar(_line())
    relays = []
    for number, absence in zip(numbers, absences, strict=True):
        structure_id = helped.get(absence.rpps) if absence.first_day > setting.today else None
        asked = _declared_at(absence, setting)
        stand_ins = (
            [{"structure_id": structure_id, "asked_at": asked}]
            if structure_id
            else [*_stand_ins(absence, ids, line_id)]
        )
        for rank, stand_in in enumerate(stand_ins):
            said = _said(absence, rank, asked, random) if "person_id" in stand_in else {}
            relays.append({**BLANK, "absence_id": number, "rank": rank, **stand_in, **said})
    insert_rows(Relay, relays)


def _declared_at(absence: PlannedAbsence, setting: Setting) -> datetime:
    return local_instant(absence.declared_on, NOON, setting.zone)


def _line() -> Any:
    return select(DutyLine.id).where(DutyLine.slug == UNSCHEDULED)


def _stand_ins(absence: PlannedAbsence, ids: Ids, line_id: int | None) -> Iterator[dict[str, Any]]:
    yield from ({"person_id": ids[relay]} for relay in absence.relays)
    if absence.scene is Scene.OUTSIDER:
        yield OUTSIDER
    if absence.scene is Scene.LINE:
        yield {"line_id": line_id}


def _said(absence: PlannedAbsence, rank: int, asked: datetime, random: Random) -> dict[str, Any]:
    """When somebody was asked, and what they said; whoever comes after was not asked while nothing fell on them."""
    answers = {"asked_at": asked, "answered_at": asked + A_DAY}
    if absence.scene is Scene.DECLINED:
        return {**answers, "answer": Answer.DECLINED, "word": DECLINES} if rank == 0 else {"asked_at": asked + A_DAY}
    if rank:
        return {}
    has_answered = absence.scene is Scene.USUAL and random.random() < ANSWERED
    return {**answers, "answer": Answer.ACCEPTED} if has_answered else {"asked_at": asked}


def _helped_by_a_structure(absences: Sequence[PlannedAbsence], ids: Ids, setting: Setting) -> dict[str, int]:
    """The first of those who leave in the next weeks and work with others, and where."""
    shared = select(Position.structure_id).where(Position.hidden_at.is_(None)).group_by(Position.structure_id)
    places = select(Position.person_id, Position.structure_id).where(
        Position.structure_id.in_(shared.having(func.count(Position.person_id.distinct()) > 1))
    )
    known = {row.person_id: row.structure_id for row in db.session.execute(places.order_by(Position.structure_id))}
    soon = setting.today, setting.today + WEEKS
    fitting = [
        absence.rpps
        for absence in absences
        if soon[0] < absence.first_day <= soon[1] and absence.scene is Scene.USUAL and ids[absence.rpps] in known
    ]
    return {fitting[0]: known[ids[fitting[0]]]} if fitting else {}
