"""Taking a free duty from the link in its mail, without signing in, with one confirmation.

Whoever holds the link sees what the mail said, and why it cannot be taken any
more. Looking at it changes nothing, since mail scanners open every link.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.accounts.answering import answering, gone
from cpts_net.oncall import actions, judging, queries
from cpts_net.oncall.models import DutySlot
from cpts_net.oncall.rules import DayOff, SeatRefused
from cpts_net.oncall.take_links import TakeLink, read_token
from cpts_net.oncall.wording import refusal, when
from cpts_net.spans import Span
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import public

bp = Blueprint("offers", __name__, url_prefix="/astreintes/je-prends")


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What is free, and the button that takes it; or what became of it."""
    link, slot = _read(token)
    part, refused = _judged(link, slot)
    return render_template(
        "oncall/offer.html",
        answering=answering(link.person_id),
        token=token,
        line=slot.line.name,
        when=when(part.start, part.end),
        is_held=any(seat.person_id == link.person_id for seat in slot.seats),
        refused=refusal(refused) if refused else "",
        is_day_off=isinstance(refused, DayOff),
    )


@bp.post("/<token>")
@public
def take(token: str) -> ResponseReturnValue:
    """Take what is free, for the person whom the link names."""
    link, slot = _read(token)
    is_sure = request.form.get("jour-de-repos") == "oui"
    actor_id, now = answering(link.person_id).id, clock.now()
    try:
        with transaction():
            actions.take_seat(slot.id, link.person_id, on_day_off=is_sure, actor_id=actor_id, now=now)
    except SeatRefused:
        flash(_("Rien n’a été pris."), "error")  # The page says why.
    else:
        flash(_("Merci\u202f: cette astreinte est à vous."))
    return redirect(url_for("offers.show", token=token), code=303)


def _judged(link: TakeLink, slot: DutySlot) -> tuple[Span, SeatRefused | None]:
    """What of the slot is free, or why the person cannot have it."""
    try:
        _slot, room = judging.takeable(slot.id, link.person_id, clock.now())
    except SeatRefused as refused:
        return slot.span, refused
    return room.span, None


def _read(token: str) -> tuple[TakeLink, DutySlot]:
    link = read_token(token) or abort(404)
    link = link._replace(person_id=answering(link.person_id).person_id)
    return link, queries.slot(link.slot_id) or gone(_("Ce créneau n’existe plus\u202f: il n’y a plus rien à prendre."))
