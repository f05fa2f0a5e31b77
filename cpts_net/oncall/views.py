"""Pages of duty: the lines, a month of one, and what the staff does with a slot."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.choosing import labels_of
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.practices import practises
from cpts_net.directory.queries import person
from cpts_net.oncall import actions, availability, policy, queries, seat_facts, slot_actions, undoing
from cpts_net.oncall.drawing import LineUnknown
from cpts_net.oncall.forms import AssignForm, CloseForm
from cpts_net.oncall.listing import duties_html, lines_html
from cpts_net.oncall.live_pages import MONTH, month_key
from cpts_net.oncall.month import Month
from cpts_net.oncall.own_month import NOT_REFUSED, MonthView, Refused, own_month
from cpts_net.oncall.returning import back_to, month_of_slot
from cpts_net.oncall.rules import DayOff, SeatRefused, SlotGone
from cpts_net.oncall.shown_line import shown_line
from cpts_net.oncall.wording import refusal, when
from cpts_net.pictures.for_many import for_reader
from cpts_net.roles import STAFF, Role
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only, roles, staff_only
from cpts_net.web.row_numbers import row_number

duty_takers = roles(Role.MEMBER, *STAFF)

bp = Blueprint("oncall", __name__, url_prefix="/astreintes")


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """The lines, and the reader's next duties."""
    now, person_id = clock.now(), current_user.person_id
    return render_template(
        "oncall/overview.html",
        lines=lines_html(now),
        duties=duties_html(person_id, now) if practises(person_id) else "",
        may_edit=policy.may_edit_lines(current_user),
    )


@bp.get("/<slug>/")
@members_only
def month(slug: str) -> ResponseReturnValue:
    """A month of one line: who serves when, and the seats to take."""
    return _month_page(slug, Month.of(request.args.get("mois", ""), clock.today()))


@bp.post("/creneaux/<int:slot_id>/prendre")
@duty_takers
def take(slot_id: int) -> ResponseReturnValue:
    """Take a free seat with one tap; on a weekly day off with a second one."""
    if not practises(current_user.person_id):
        abort(404)
    try:
        with transaction():
            by = {"now": clock.now(), "actor_id": current_user.account_id}
            is_sure = request.form.get("jour-de-repos") == "oui"
            done = actions.take_seat(slot_id, current_user.person_id, on_day_off=is_sure, **by)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return back_to(slot_id, "pris", done)


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
            by = {"now": clock.now(), "actor_id": current_user.account_id, "holder_id": holder_id}
            done = actions.give_back_seat(seat_id, **by)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return back_to(slot_id, "rendu" if holder_id == current_user.person_id else "retire", done)


@bp.post("/changements/<int:change_id>/annuler")
@members_only
def undo(change_id: int) -> ResponseReturnValue:
    """Take back the last change of a seat: whoever made it, or the staff."""
    change = seat_facts.change(change_id) or abort(404)
    if not policy.may_undo(current_user, change.by_id):
        abort(404)
    slot_id = seat_facts.seat_ever(change.seat_id).slot_id
    try:
        with transaction():
            undoing.undo(change_id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return back_to(slot_id, "defait")


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
    try:
        with transaction():
            done = actions.assign_seat(slot_id, chosen.id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        form.person.errors = [refusal(refused, chosen.display_name, chosen.civility)]
        return _slot_page(slot_id, form, CloseForm())
    return back_to(slot_id, "confie", done)


@bp.post("/creneaux/<int:slot_id>/fermer")
@staff_only
def close(slot_id: int) -> ResponseReturnValue:
    """Have nobody serve, on purpose."""
    form = CloseForm()
    if form.validate():
        try:
            with transaction():
                slot_actions.close_slot(
                    slot_id, form.message.data or "", now=clock.now(), actor_id=current_user.account_id
                )
        except SeatRefused as refused:
            form.message.errors = [refusal(refused)]
        else:
            return back_to(slot_id, "ferme")
    return _slot_page(slot_id, AssignForm(), form)


@bp.post("/creneaux/<int:slot_id>/rouvrir")
@staff_only
def reopen(slot_id: int) -> ResponseReturnValue:
    """Look for somebody again."""
    try:
        with transaction():
            slot_actions.open_slot(slot_id, now=clock.now(), actor_id=current_user.account_id)
    except SeatRefused as refused:
        return _refused(slot_id, refused)
    return back_to(slot_id, "rouvert")


def _month_page(slug: str, shown: Month, refused: Refused = NOT_REFUSED) -> ResponseReturnValue:
    now = clock.now()
    try:
        line = shown_line(slug)
    except LineUnknown:
        abort(404)
    done = (request.args.get("creneau", 0, type=row_number), request.args.get("fait", ""))
    undone_by = _undoable(request.args.get("changement", 0, type=row_number))
    view = MonthView(current_user.person_id, current_user.is_staff, done, undone_by, refused)
    seen = own_month(line, shown, view, now)
    return render_template(
        "oncall/month.html",
        line=line,
        shown=shown,
        is_unknown=not Month.is_named(request.args.get("mois", "")),
        is_present=shown == Month.of("", clock.today()),
        month=seen.month,
        mine=seen.mine,
        reader=seen.reader,
        days=for_reader(seen.days),
        refused=refused,
        live=MONTH.address(month_key(line.id, shown)),
        now=now,
    ), 422 if refused[0] else 200


def _undoable(change_id: int) -> int:
    """The change that the reader may still take back; 0 for none."""
    change = seat_facts.change(change_id) if change_id else None
    is_theirs = change is not None and policy.may_undo(current_user, change.by_id)
    return change_id if change and is_theirs and undoing.is_recent(change, clock.now()) else 0


def _slot_page(slot_id: int, assigning: AssignForm, closing: CloseForm) -> ResponseReturnValue:
    slot = queries.slot(slot_id) or abort(404)
    assigning.person.about = {"creneau": slot_id}
    rooms = slot.rooms(clock.now())
    status = 422 if assigning.errors or closing.errors else 200
    return render_template(
        "oncall/slot.html",
        slot=slot,
        when=when(slot.starts_at, slot.ends_at),
        shown=month_of_slot(slot),
        labels=labels_of([seat.person_id for seat in slot.seats]),
        rooms=rooms,
        is_anybody_free=slot_id in availability.servable([(slot, room.span) for room in rooms[:1]]),
        is_over=slot.ends_at <= clock.now(),
        has_begun=slot.starts_at <= clock.now(),
        assigning=assigning,
        closing=closing,
    ), status


def _refused(slot_id: int, refused: SeatRefused) -> ResponseReturnValue:
    """The month again, with the reason beside the slot."""
    slot = queries.slot(slot_id)
    if slot is None or isinstance(refused, SlotGone):
        abort(404)
    sentence = f"{when(slot.starts_at, slot.ends_at).capitalize()} – {refusal(refused)}"
    said = Refused(slot_id, sentence, isinstance(refused, DayOff))
    return _month_page(slot.line.slug, month_of_slot(slot), said)
