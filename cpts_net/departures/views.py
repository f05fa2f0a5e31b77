"""Pages on which two are found to be one person, and on which somebody leaves."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts.policy import is_no_lower
from cpts_net.admin.actions import LastAdministrator
from cpts_net.calendars.queries import feeds_of
from cpts_net.departures import actions, forms, queries, rules, wording
from cpts_net.departures.queries import Belongings, belongings
from cpts_net.departures.rules import Side
from cpts_net.departures.wording import Seen
from cpts_net.directory import profiles
from cpts_net.directory.fields import asks_to_search
from cpts_net.i18n import days
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import staff_only

bp = Blueprint("departures", __name__, url_prefix="/annuaire")
LARGEST_NUMBER = 2**31 - 1
PERSON = f"<int(max={LARGEST_NUMBER}):person_id>"
OTHER = f"<int(max={LARGEST_NUMBER}):other_id>"


@bp.route(f"/{PERSON}/fusionner", methods=["GET", "POST"])
@staff_only
def choose(person_id: int) -> ResponseReturnValue:
    """Choose who is the same person."""
    held = _held(person_id)
    form = forms.OtherForm()
    form.person.about = {"fiche": person_id}
    if not asks_to_search() and form.validate_on_submit():
        if form.person.data and form.person.data != person_id:
            address = url_for("departures.compare", person_id=person_id, other_id=form.person.data)
            return redirect(address, code=303)
        same = _("C’est la même fiche\u202f: choisissez l’autre.")
        form.person.errors = [same if form.person.data else _("Choisissez l’autre fiche.")]
    page = render_template("departures/choose.html", form=form, person=held.person)
    return page, 422 if form.errors else 200


@bp.route(f"/{PERSON}/fusionner/{OTHER}", methods=["GET", "POST"])
@staff_only
def compare(person_id: int, other_id: int) -> ResponseReturnValue:
    """Show what both have, decide what cannot be both, and make them one."""
    if person_id == other_id:
        abort(404)
    ids = person_id, other_id
    if request.method == "GET" or not _may_decide(*map(_held, ids)):
        return _compare_page(ids, {})
    chosen = forms.choices(request.form)
    try:
        with transaction():
            survivor = actions.merge(person_id, other_id, chosen, actor_id=current_user.account_id, now=clock.now())
    except rules.Unsettled as unsettled:
        return _compare_page(ids, chosen, unsettled.keys)
    except actions.NotTwo:
        abort(404)
    except actions.GuestRemains:
        return _compare_page(ids, chosen, refused=_guest_remains())
    except LastAdministrator:
        return _compare_page(ids, chosen, refused=_last_administrator())
    flash(_("Les deux fiches n’en font plus qu’une."))
    return redirect(url_for("directory.profile", person_id=survivor), code=303)


def _compare_page(
    ids: tuple[int, int],
    chosen: dict[str, Side],
    unsettled: frozenset[str] = frozenset(),
    refused: str = "",
) -> ResponseReturnValue:
    one, other = map(_held, ids)  # As they are now, whatever was refused meanwhile.
    found = rules.clashes(one.standing, other.standing)
    known = queries.known_groups(current_user.person_id)
    seen = [Seen(each, profiles.read(each.person.id, current_user) or abort(404), known) for each in (one, other)]
    page = render_template(
        "departures/compare.html",
        one=one,
        other=other,
        questions=wording.questions(found, *seen),
        passing_on=wording.passing_on,
        selves=_selves(one, other),
        remains=_remains(one, other),
        chosen=chosen,
        unsettled=unsettled,
        refused=refused or ("" if _may_decide(one, other) else _higher_account()),
        may_decide=_may_decide(one, other),
    )
    return page, 422 if request.method == "POST" else 200


def _selves(one: Belongings, other: Belongings) -> list[str]:
    """The relays that end because nobody stands in for themselves."""
    rows = rules.selves(one.standing, other.standing) | rules.selves(other.standing, one.standing)
    return [wording.relay(relay) for held in (one, other) for relay in held.relays if relay.id in rows]


def _remains(one: Belongings, other: Belongings) -> Belongings | None:
    """Whose row remains, unless that is to be decided with the account."""
    try:
        return one if rules.survivor(one.standing, other.standing, {}) is Side.ONE else other
    except rules.Unsettled:
        return None


def _may_decide(*held: Belongings) -> bool:
    return all(is_no_lower(current_user.role, Role(each.account.role)) for each in held if each.account)


@bp.route(f"/{PERSON}/depart", methods=["GET", "POST"])
@staff_only
def leave(person_id: int) -> ResponseReturnValue:
    """Say when somebody leaves, see what that ends, and settle it."""
    held = _held(person_id)
    if request.method == "GET":
        form = _asked_form()
        return _leave_page(held, form, _day(form) if request.args else None)
    form = forms.LeaveForm()
    left_on = _day(form)
    if left_on is None:
        return _leave_page(held, form, None)
    refused = _leave(person_id, left_on, form.seen.data or "") if _may_decide(held) else _higher_account()
    if refused:
        return _leave_page(_held(person_id), form, left_on, refused)
    said = _(
        "C’est noté\u202f: %(name)s quitte la communauté %(day)s.", name=held.person.display_name, day=_said(left_on)
    )
    flash(said)
    return redirect(url_for("directory.profile", person_id=person_id), code=303)


def _asked_form() -> forms.LeaveForm:
    """The form as an address fills it in."""
    return forms.LeaveForm(request.args, meta={"csrf": False}) if request.args else forms.LeaveForm()


def _said(day: date) -> str:
    return days(day, day)


def _day(form: forms.LeaveForm) -> date | None:
    """The day, where somebody can leave on it; else the sentence stands beside the field."""
    if not form.validate() or form.left_on.data is None:
        return None
    try:
        rules.check_leaves_on(form.left_on.data, clock.today())
    except rules.LeftInThePast:
        past = _("Ce jour est passé, et ce qui s’est fait depuis reste\u202f: choisissez aujourd’hui ou plus tard.")
        form.left_on.errors = [past]
        return None
    except rules.LeavesTooLate:
        form.left_on.errors = [_("Dans plus d’un an\u202f: vérifiez l’année.")]
        return None
    return form.left_on.data


def _leave(person_id: int, left_on: date, seen: str) -> str:
    """Let them leave; what to put right where that cannot be."""
    try:
        with transaction():
            actions.leave_community(person_id, left_on, seen=seen, actor_id=current_user.account_id, now=clock.now())
    except actions.ChangedMeanwhile:
        return str(_("Quelque chose a changé entre-temps\u202f: relisez la liste, puis confirmez."))
    except actions.OnlyLead:
        return str(_("Nommez d’abord quelqu’un d’autre pour animer les groupes marqués."))
    except LastAdministrator:
        return _last_administrator()
    except actions.NotTwo:
        abort(404)
    return ""


def _leave_page(
    held: Belongings, form: forms.LeaveForm, left_on: date | None, refused: str = ""
) -> ResponseReturnValue:
    ending = belongings(held.person.id, actions.since(left_on, clock.now())) if left_on else None
    page = render_template(
        "departures/leave.html",
        form=form,
        person=held.person,
        left_on=left_on,
        said=_said,
        ending=ending,
        known=queries.known_groups(current_user.person_id),
        only_leads=actions.only_leads(ending) if ending else [],
        feeds=feeds_of(held.account.id) if held.account else [],
        wording=wording,
        refused=refused,
    )
    return page, 422 if refused or form.errors else 200


@bp.post(f"/{PERSON}/retour")
@staff_only
def come_back(person_id: int) -> ResponseReturnValue:
    """Let somebody belong to the community again."""
    name = _held(person_id).person.display_name
    with transaction():
        actions.come_back(person_id, actor_id=current_user.account_id, now=clock.now())
    flash(_("%(name)s fait partie de la communauté.", name=name))
    return redirect(url_for("directory.profile", person_id=person_id), code=303)


def _held(person_id: int) -> Belongings:
    held = belongings(person_id, clock.now())
    if held is None or held.person.merged_into_id:
        abort(404)
    return held


def _higher_account() -> str:
    return str(_("Son compte a plus de droits que le vôtre\u202f: demandez à l’administration."))


def _last_administrator() -> str:
    return str(_("C’est le dernier compte d’administration\u202f: nommez d’abord quelqu’un d’autre."))


def _guest_remains() -> str:
    return str(_("Le compte qui resterait est celui d’un invité\u202f: donnez-lui d’abord un autre rôle."))
