"""Choosing what one hears of, how often, and when. What waits for somebody waits as they chose last."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from cpts_net.notices import choice_queries, queue
from cpts_net.notices.kinds import Kind, kind_named
from cpts_net.notices.models import Channel, Delivery, NoticeSettings, Preference
from cpts_net.notices.routing import Way, placed
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL, Hours
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

Choices = Mapping[tuple[str, Channel], When]
NOT_WANTED = "they want to hear no more of it"
PREFERENCES: Any = Preference.__table__
SETTINGS: Any = NoticeSettings.__table__


def choose(person_id: int, wanted: Choices, hours: Hours, *, now: datetime) -> None:
    """Let somebody hear of kinds as they want; what they said of others stands. Only what is not usual is kept."""
    revisions.bump(revisions.NOTICES)
    _keep(person_id, wanted)
    _drop(NoticeSettings, person_id)
    if hours != USUAL:
        columns = {name: getattr(hours, name) for name in ("quiet_from", "quiet_until", "digest_at", "digest_weekday")}
        db.session.execute(insert(SETTINGS), [{"person_id": person_id, **columns}])
    _place_anew(person_id, now)


def choose_as_usual(person_id: int, *, now: datetime) -> None:
    """Let somebody hear of everything as its room declares it, at the usual hours."""
    revisions.bump(revisions.NOTICES)
    _drop(Preference, person_id)
    _drop(NoticeSettings, person_id)
    _place_anew(person_id, now)


def hear_no_more(person_id: int, kinds: Iterable[Kind], channel: Channel, *, now: datetime) -> None:
    """Let somebody hear no more of some kinds, or as rarely as each may be."""
    revisions.bump(revisions.NOTICES)
    _keep(person_id, {(kind.name, channel): kind.heard(channel, When.NEVER) for kind in kinds})
    _place_anew(person_id, now)


def _keep(person_id: int, wanted: Choices) -> None:
    for kind, channel in wanted:
        said = (Preference.person_id == person_id, Preference.kind == kind, Preference.channel == channel)
        db.session.execute(delete(Preference).where(*said), execution_options={"synchronize_session": False})
    rows = [
        {"person_id": person_id, "kind": kind, "channel": channel, "when": when}
        for (kind, channel), when in wanted.items()
        if when != kind_named(kind).usual(channel)
    ]
    if rows:
        db.session.execute(insert(PREFERENCES), rows)


def _drop(model: type[Preference] | type[NoticeSettings], person_id: int) -> None:
    theirs = delete(model).where(model.person_id == person_id)
    db.session.execute(theirs, execution_options={"synchronize_session": False})


def _place_anew(person_id: int, now: datetime) -> None:
    """Move what waits for a digest or for the morning to when they now want it."""
    chosen = choice_queries.choices_of(person_id)
    hours = choice_queries.hours([person_id])
    for delivery in choice_queries.not_yet_due(person_id, now):
        _move(delivery, person_id, chosen, hours, now)


def _move(
    delivery: Delivery,
    person_id: int,
    chosen: Mapping[tuple[str, str], When],
    hours: Mapping[int, Hours],
    now: datetime,
) -> None:
    kind, channel = kind_named(delivery.kind), Channel(delivery.channel)
    own = {person_id: when} if (when := chosen.get((kind.name, channel))) else {}
    due = Way(kind, channel, own, hours).due(person_id, now, delivery.begins_at, is_own_act=False)
    if due is None:
        queue.drop([delivery.id], NOT_WANTED, now)
    elif due != (delivery.due_at, delivery.in_digest):
        for column, value in placed(person_id, channel, due).items():
            setattr(delivery, column, value)
