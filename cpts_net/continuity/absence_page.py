"""The page of one absence: its form, what it would do, and what may be done with it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity.consequences import NOTHING, Consequences, consequences
from cpts_net.continuity.forms import (
    EACH,
    AbsenceForm,
    ExceptionForm,
    hand_over_field,
    noons,
    said_together,
    settlements,
)
from cpts_net.continuity.wording import crowd_said
from cpts_net.directory.models import Person
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.leave.policy import may_change
from cpts_net.leave.rules import Asks, DaysRefused, Declaration, is_under_way
from cpts_net.leave.wording import away, spell
from cpts_net.oncall.wording import when
from cpts_net.phones import written
from cpts_net.pictures.for_many import draw_for_many, for_reader
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions
from cpts_net.web.row_numbers import row_number

SAVED = ("first_day", "last_day", "note")


def absence_form(absence: Absence | None = None, *, is_fresh: bool = False) -> AbsenceForm:
    """The form with the fields that the reader may fill in; ``is_fresh`` forgets what was sent."""
    given: dict[str, Any] = {"data": {"person": request.args.get("membre", current_user.person_id, type=row_number)}}
    if absence is not None:
        saved = {name: getattr(absence, name) for name in SAVED} | {"weekdays": [*absence.weekdays]}
        first, *others = absence.relay_ids or [0]
        given = {"data": {**saved, **noons(absence), "relay": first, "further": others, **_elsewhere(absence)}}
    form = AbsenceForm(None, **given) if is_fresh else AbsenceForm(**given)
    if absence is not None:
        form.stay_as(absence)
        form.relay.about = form.further.about = {"absence": absence.id}
        form.relay.known = form.further.known = frozenset(absence.relay_ids)
    about = absence.person_id if absence else form.person.data
    if not current_user.is_staff:
        about = current_user.person_id
    form.offer(about or 0, absence.relays if absence else ())
    form.is_for_another = current_user.is_staff and about != current_user.person_id
    if absence is not None or not current_user.is_staff:
        del form.person
    return form


def _elsewhere(absence: Absence) -> dict[str, Any]:
    """The fields of those who stand in and are no people of the community."""
    found: dict[str, Any] = {"at_once": absence.asks == Asks.AT_ONCE}
    for relay in absence.relays:
        if relay.structure_id:
            found["structure"] = str(relay.structure_id)
        elif relay.line_id:
            found["line"] = str(relay.line_id)
        elif relay.outsider_phone:
            found |= {"outsider_name": relay.outsider_name, "outsider_phone": written(relay.outsider_phone)}
    return found


def absence_to_change(absence_id: int) -> Absence:
    """An absence that stands and that the reader may change; for others it does not exist."""
    absence = queries.absence(absence_id)
    if absence is None or absence.cancelled_at is not None or not may_change(current_user, absence.person_id):
        abort(404)
    return absence


def by_reader() -> dict[str, Any]:
    return {"actor_id": current_user.account_id, "now": clock.now()}


def gone() -> ResponseReturnValue:
    flash(_("Cette absence était déjà annulée\u202f: rien n’a changé."), "error")
    return redirect(url_for("absences.overview"), code=303)


def blank_page() -> ResponseReturnValue:
    """The form before anything is chosen. Without days nothing is hit yet, whoever goes away."""
    return render_template("continuity/absence_form.html", absence=None, blank=for_reader(_blank()))


def _blank() -> Markup:
    """The same for whoever asks again; kept until a line, a place, a name or the day is another."""

    def make(_old: Markup | None) -> Made[Markup]:
        drawn_from = seen_of(absence_form(), None, None)
        html = draw_for_many("continuity/_absence_form.html", **drawn_from)
        today = clock.today()
        return Made(html, len(html), days_span(today, today, clock.zone()).end)

    own = current_user.person_id
    meant = request.args.get("membre", own, type=row_number) if current_user.is_staff else own
    key = (AbsenceForm, own, meant, current_user.is_staff)
    return kept().get(key, (revisions.DIRECTORY, revisions.CONTINUITY), clock.now(), make)


def absence_page(
    form: AbsenceForm,
    person: Person | None,
    absence: Absence | None = None,
    *,
    refused: dict[int, str] | None = None,
    cancelling: str = "",
    ending: str = "",
    excepting: ExceptionForm | None = None,
) -> ResponseReturnValue:
    """The page; 422 where something is to be put right: a duty (``refused``), or what one was about to do."""
    is_refused = bool(form.errors or cancelling or ending or excepting) or refused is not None
    return render_template(
        "continuity/absence_form.html",
        blank=None,
        cancelling=cancelling,
        ending=ending,
        excepting=excepting or ExceptionForm(None),
        **seen_of(form, person, absence, refused),
    ), 422 if is_refused else 200


def seen_of(
    form: AbsenceForm, person: Person | None, absence: Absence | None, refused: Mapping[int, str] | None = None
) -> dict[str, Any]:
    """What the form and its consequences are drawn from; ``refused`` says why a duty cannot be settled as wanted."""
    person = absence.person if absence else person
    seen: Consequences = NOTHING
    wanted: Declaration | None = None
    if person is not None and form.has_days:
        with suppress(DaysRefused):  # Said beside the field once it is sent.
            wanted = form.declaration()
            seen = consequences(person, wanted, clock.now(), before=absence)
    chosen = settlements(request.form)
    return {
        "form": form,
        "person": person,
        "absence": absence,
        "is_under_way": absence is not None and is_under_way(absence, clock.now(), clock.zone()),
        "seen": seen,
        "wanted": wanted,
        "away": away,
        "today": clock.today(),
        "chosen": chosen,
        "together": EACH if refused else said_together(request.form),
        "waiting": [
            hit.seat.id for hit in seen.duties if (hit.seat.id in refused if refused else hit.seat.id not in chosen)
        ],
        "refused": refused or {},
        "is_unsettled": refused is not None and not form.errors,
        "takers": {hit.seat.id: hand_over_field(form, hit.seat, request.form) for hit in seen.duties},
        "when": when,
        "crowd_said": crowd_said,
        "spell": spell,
    }
