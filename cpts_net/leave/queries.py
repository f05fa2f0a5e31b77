"""Reading absences."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from cpts_net import clock
from cpts_net.directory.models import Member
from cpts_net.directory.queries import WHOLE, is_of_trade
from cpts_net.folding import name_words
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import absence_span
from cpts_net.spans import Span
from cpts_net.storage.connections import db

PER_PAGE = 50
A_MOMENT = timedelta(microseconds=1)


def absences_between(span: Span, member_ids: Collection[int] | None = None) -> list[Absence]:
    """Absences that share an instant with ``span``, of some members or of everybody, by first day.

    The members, their professions and sites, and those of the relays are loaded.
    """
    zone = clock.zone()
    wanted = _absences().where(*_standing_in(span, zone))
    if member_ids is not None:
        wanted = wanted.where(Absence.member_id.in_(member_ids))
    found = db.session.scalars(wanted.order_by(Absence.first_day, Absence.id))
    # Dates let in a half day too many at either edge.
    return [absence for absence in found if absence_span(absence, zone).overlaps(span)]


def absence_spans(member_id: int, span: Span) -> list[Span]:
    """When a member is away, as far as it shares an instant with ``span``."""
    zone = clock.zone()
    columns = (Absence.first_day, Absence.last_day, Absence.from_noon, Absence.until_noon)
    wanted = select(*columns).where(Absence.member_id == member_id, *_standing_in(span, zone))
    rows: Sequence[Any] = db.session.execute(wanted).all()
    return [away for row in rows if (away := absence_span(row, zone)).overlaps(span)]


def _standing_in(span: Span, zone: tzinfo) -> tuple[ColumnElement[bool], ...]:
    """The absences that were not cancelled and have a day in ``span``."""
    first, last = span.start.astimezone(zone).date(), (span.end - A_MOMENT).astimezone(zone).date()
    return Absence.cancelled_at.is_(None), Absence.first_day <= last, Absence.last_day >= first


def absence(absence_id: int) -> Absence | None:
    """One absence as it now is, cancelled or not, with its member and relays."""
    wanted = _absences().where(Absence.id == absence_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def absences_of(member_id: int, since: date) -> list[Absence]:
    """What a member declared and did not cancel, ending on a day or later; the next one first."""
    wanted = _absences().where(
        Absence.member_id == member_id, Absence.cancelled_at.is_(None), Absence.last_day >= since
    )
    return list(db.session.scalars(wanted.order_by(Absence.first_day, Absence.from_noon, Absence.id)))


def coming_absences(since: date, *, trade: str = "", name: str = "", page: int = 1) -> Pagination:
    """What everybody declared and did not cancel, ending on a day or later; by first day, one page of it.

    ``trade`` is a key; empty for any. The members and those of the relays are loaded, but no sites of theirs.
    """
    wanted = (
        select(Absence)
        .join(Absence.member)
        .options(contains_eager(Absence.member), selectinload(Absence.relays).joinedload(Relay.member))
    )
    wanted = wanted.where(Absence.cancelled_at.is_(None), Absence.last_day >= since)
    if trade:
        wanted = wanted.where(is_of_trade(trade))
    for word in name_words(name):
        wanted = wanted.where(Member.search_text.contains(word, autoescape=True))
    wanted = wanted.order_by(Absence.first_day, Member.sort_key, Absence.id)
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def _absences() -> Select[Absence]:
    return select(Absence).options(
        joinedload(Absence.member).options(*WHOLE),
        selectinload(Absence.relays).joinedload(Relay.member).options(*WHOLE),
    )
