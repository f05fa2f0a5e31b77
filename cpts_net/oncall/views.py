"""Pages of duty: the lines, a month of one, and what the staff does with a slot."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.choosing import labels_of
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.practices import practised_by
from cpts_net.directory.queries import person
from cpts_net.leave.queries import absence_spans
from cpts_net.oncall import actions, policy, queries
from cpts_net.oncall.drawing import AHEAD, PAST, month_of
from cpts_net.oncall.forms import AssignForm, CloseForm
from cpts_net.oncall.listing import duties_html, lines_html
from cpts_net.oncall.live_pages import MONTH, month_key
from cpts_net.oncall.models import DutyLine, DutySlot
from cpts_net.oncall.month import Month, MonthReader, own
from cpts_net.oncall.rules import SeatRefused, SlotGone, is_eligible
from cpts_net.oncall.wording import filled, refusal, when
from cpts_net.spans import Span
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only, staff_only
from cpts_net.web.row_numbers import row_number

bp = Blueprint("oncall", __name__, url_prefix="/astreintes")


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """The lines, and the reader's next duties."""
    now, person_id = clock.now(), current_user.person_id
    return render_template(
        "oncall/overview.html",
        lines=lines_html(now),
        duties=duties_html(person_id, now) if person_id else "",
        may_edit=policy.may_edit_lines(current_user),
    )


@bp.get("/<slug>/")
@members_only
def month(slug: str) -> ResponseReturnValue:
    """A month of one line: who serves when, and the seats to take."""
    line = queries.line_by_slug(slug) or abort(404)
    return _month_page(line, Month.of(request.args.get("mois", ""), clock.today()))


@bp.post("/creneaux/<int:slot_id>/prendre")
@members_only
def take(slot_id: int) -> ResponseReturnValue:
    """Take a free seat with one tap."""
    if current_user.person_id is None:
        abort(404)
    try:
        with transaction():
            actions.take_seat(slot_id, current_user.person_id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return _back_to(slot_id, "pris")


@bp.post("/sieges/<int:seat_id>/rendre")
@members_only
def give_back(seat_id: int) -> ResponseReturnValue:
    """Free one's own seat; the staff frees anybody's."""
    seat = queries.seat(seat_id) or abort(404)
    slot_id, holder_id = seat.slot_id, request.form.get("holder", seat.person_id, row_number)
    if not policy.may_give_back(current_user, holder_id):
        abort(404)
    try:
        with transaction():
            actions.give_back_seat(seat_id, now=clock.now(), actor_id=current_user.account_id, holder_id=holder_id)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return _back_to(slot_id, "rendu" if holder_id == current_user.person_id else "retire")


@bp.get("/creneaux/<int:slot_id>")
@staff_only
def manage(slot_id: int) -> ResponseReturnValue:
    """What the staff may do with one slot."""
    return _slot_page(slot_id, AssignForm(), CloseForm())


@bp.post("/creneaux/<int:slot_id>/confier")
@staff_only
def assign(slot_id: int) -> ResponseReturnValue:
    """Give somebody a free seat."""
    form = AssignForm()
    if asks_to_search() or not form.validate():
        return _slot_page(slot_id, form, CloseForm())
    chosen = person(form.person.data)
    if chosen is None:
        form.person.errors = [_("Choisissez quelqu’un.")]
        return _slot_page(slot_id, form, CloseForm())
    name = chosen.display_name
    try:
        with transaction():
            actions.assign_seat(slot_id, chosen.id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        form.person.errors = [refusal(refused, name)]
        return _slot_page(slot_id, form, CloseForm())
    return _back_to(slot_id, "confie")


@bp.post("/creneaux/<int:slot_id>/fermer")
@staff_only
def close(slot_id: int) -> ResponseReturnValue:
    """Have nobody serve, on purpose."""
    form = CloseForm()
    if form.validate():
        try:
            with transaction():
                actions.close_slot(slot_id, form.message.data or "", now=clock.now(), actor_id=current_user.account_id)
        except SeatRefused as refused:
            form.message.errors = [refusal(refused)]
        else:
            return _back_to(slot_id, "ferme")
    return _slot_page(slot_id, AssignForm(), form)


@bp.post("/creneaux/<int:slot_id>/rouvrir")
@staff_only
def reopen(slot_id: int) -> ResponseReturnValue:
    """Look for somebody again."""
    try:
        with transaction():
            actions.open_slot(slot_id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return _back_to(slot_id, "rouvert")


def _month_page(line: DutyLine, shown: Month, refused: tuple[int, str] = (0, "")) -> ResponseReturnValue:
    now = clock.now()
    month = month_of(line.id, shown, now)
    places = [place for day in month.days for place in day.places]
    # A night that begins on the last of the month reaches into the next.
    span = shown.span(clock.zone())
    reader = _reader(line, Span(span.start, max([span.end, *(place.slot.span.end for place in places)])))
    owns = {place.slot.id: own(place, reader) for place in places}
    return render_template(
        "oncall/month.html",
        line=line,
        shown=shown,
        is_present=shown == Month.of("", clock.today()),
        month=month,
        past=month.drawn(PAST),
        ahead=month.drawn(AHEAD),
        owns=owns,
        mine=sum(each.mine is not None for each in owns.values()),
        reader=reader,
        done=(request.args.get("creneau", 0, type=row_number), request.args.get("fait", "")),
        refused=refused,
        filled=filled,
        live=MONTH.address(month_key(line.id, shown)),
        now=now,
    ), 422 if refused[0] else 200


def _reader(line: DutyLine, around: Span) -> MonthReader:
    person_id = current_user.person_id
    if person_id is None:
        return MonthReader(0, may_serve=False)
    return MonthReader(
        person_id,
        is_eligible(practised_by([person_id]).get(person_id, ()), line.eligibilities),
        queries.duties_held(person_id, around),
        absence_spans(person_id, around),
    )


def _slot_page(slot_id: int, assigning: AssignForm, closing: CloseForm) -> ResponseReturnValue:
    slot = queries.slot(slot_id) or abort(404)
    assigning.person.about = {"creneau": slot_id}
    status = 422 if assigning.errors or closing.errors else 200
    return render_template(
        "oncall/slot.html",
        slot=slot,
        when=when(slot.starts_at, slot.ends_at),
        shown=_month_of(slot),
        labels=labels_of([seat.person_id for seat in slot.seats]),
        is_anybody_free=slot_id in queries.servable([slot]),
        is_over=slot.ends_at <= clock.now(),
        has_begun=slot.starts_at <= clock.now(),
        assigning=assigning,
        closing=closing,
    ), status


def _month_of(slot: DutySlot) -> Month:
    return Month(slot.starts_at.astimezone(clock.zone()).date().replace(day=1))


def _back_to(slot_id: int, done: str) -> ResponseReturnValue:
    """To the month of the slot, at the slot, which says what was done."""
    slot = queries.slot(slot_id) or abort(404)
    address = url_for(
        "oncall.month",
        slug=slot.line.slug,
        mois=_month_of(slot),
        creneau=slot_id,
        fait=done,
        _anchor=f"creneau-{slot_id}",
    )
    return redirect(address, code=303)


def _refused(slot_id: int, refused: SeatRefused) -> ResponseReturnValue:
    """The month again, with the reason beside the slot."""
    slot = queries.slot(slot_id)
    if slot is None or isinstance(refused, SlotGone):
        abort(404)
    line = queries.line_by_slug(slot.line.slug) or abort(404)
    sentence = f"{when(slot.starts_at, slot.ends_at).capitalize()} – {refusal(refused)}"
    return _month_page(line, _month_of(slot), (slot_id, sentence))
