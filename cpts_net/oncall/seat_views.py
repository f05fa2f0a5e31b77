"""The page of one seat: handing it over, splitting it at a moment, keeping it in spite of a leave."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.queries import person
from cpts_net.leave.queries import absences_between
from cpts_net.oncall import actions, availability, policy, queries, seat_facts
from cpts_net.oncall.actions import Done, Why
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.returning import back_to
from cpts_net.oncall.rules import MomentOutside, SeatRefused, SlotGone, moment_in
from cpts_net.oncall.seat_forms import HandOverForm, SplitForm
from cpts_net.oncall.wording import facts_said, refusal, when
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.row_numbers import row_number

bp = Blueprint("seats", __name__, url_prefix="/astreintes/sieges")


@bp.get("/<int:seat_id>")
@members_only
def show(seat_id: int) -> ResponseReturnValue:
    """What may be done with one's own seat; the staff does so with anybody's."""
    return _page(_seat(seat_id), HandOverForm(), SplitForm())


@bp.post("/<int:seat_id>/confier")
@members_only
def hand_over(seat_id: int) -> ResponseReturnValue:
    """Pass a whole seat on to somebody else."""
    seat, form = _seat(seat_id), HandOverForm()
    form.person.about = {"siege": seat_id}
    if asks_to_search() or not form.validate():
        return _page(seat, form, SplitForm())

    def explain(refused: SeatRefused) -> None:
        form.person.errors = [_said_of(refused, form.person.data)]

    return _done(
        seat,
        "transmis",
        lambda now: actions.hand_over_seat(
            seat_id, form.person.data, now=now, actor_id=current_user.account_id, holder_id=_holder(seat)
        ),
        explain,
        lambda: _page(_seat(seat_id), form, SplitForm()),
    )


@bp.post("/<int:seat_id>/partager")
@members_only
def split(seat_id: int) -> ResponseReturnValue:
    """End a seat at a moment; the rest goes to somebody, or is free."""
    seat, form = _seat(seat_id), SplitForm()
    form.person.about = {"siege": seat_id}
    if asks_to_search() or not form.validate():
        return _page(seat, HandOverForm(), form)
    assert form.at.data is not None
    moment = moment_in(seat.span, form.at.data, clock.zone())

    def explain(refused: SeatRefused) -> None:
        field = form.at if isinstance(refused, MomentOutside) else form.person
        field.errors = [_said_of(refused, form.person.data)]

    return _done(
        seat,
        "partage",
        lambda now: actions.split_seat(
            seat_id,
            moment,
            form.person.data or None,
            now=now,
            actor_id=current_user.account_id,
            holder_id=_holder(seat),
            why=Why(form.reason.data, form.words.data or ""),
        ),
        explain,
        lambda: _page(_seat(seat_id), HandOverForm(), form),
    )


@bp.post("/<int:seat_id>/garder")
@members_only
def keep(seat_id: int) -> ResponseReturnValue:
    """Say that one serves although one is away."""
    seat = _seat(seat_id)
    by = {"actor_id": current_user.account_id, "holder_id": _holder(seat)}
    sentences: list[str] = []
    return _done(
        seat,
        "garde",
        lambda now: actions.keep_seat(seat_id, now=now, **by),
        lambda refused: sentences.append(refusal(refused)),
        lambda: _page(_seat(seat_id), HandOverForm(), SplitForm(), sentences),
    )


def _done(
    seat: DutySeat,
    said: str,
    deed: Callable[[datetime], Done],
    explain: Callable[[SeatRefused], None],
    again: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    """Do it and go to the month, or show the page again with the reason."""
    slot_id = seat.slot_id
    try:
        with transaction():
            done = deed(clock.now())
    except SlotGone:
        abort(404)
    except SeatRefused as refused:
        explain(refused)
        return again()
    return back_to(slot_id, said, done)


def _seat(seat_id: int) -> DutySeat:
    """A seat that the reader may change; for others it does not exist."""
    seat = queries.seat(seat_id)
    if seat is None or not policy.may_give_back(current_user, seat.person_id):
        abort(404)
    return seat


def _holder(seat: DutySeat) -> int:
    """Whom the reader saw on the page."""
    return request.form.get("holder", seat.person_id, row_number)


def _said_of(refused: SeatRefused, person_id: int) -> str:
    chosen = person(person_id) if person_id else None
    return refusal(refused, chosen.display_name, chosen.civility) if chosen else refusal(refused)


def _page(
    seat: DutySeat, handing: HandOverForm, splitting: SplitForm, sentences: list[str] | None = None
) -> ResponseReturnValue:
    now = clock.now()
    handing.person.about = splitting.person.about = {"siege": seat.id}
    kept = seat_facts.seat_now(seat.id).kept
    away = [each for each in absences_between(seat.span, [seat.person_id]) if each.id not in kept]
    is_refused = handing.errors or splitting.errors or sentences
    return render_template(
        "oncall/seat.html",
        seat=seat,
        when=when(seat.starts_at, seat.ends_at),
        is_own=seat.person_id == current_user.person_id,
        is_over=seat.ends_at <= now,
        has_begun=seat.starts_at <= now,
        seeks=bool(away),
        is_anybody_free=seat.slot_id in availability.servable([(seat.slot, queries.rest_of(seat, now))]),
        concerned=seat_facts.people_in(seat_facts.facts_of(seat.id)).values(),
        history=facts_said(seat_facts.history(seat.id)),
        handing=handing,
        splitting=splitting,
        refused=(sentences or [""])[0],
    ), 422 if is_refused else 200
