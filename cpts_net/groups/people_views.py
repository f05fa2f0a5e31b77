"""Who is in a group: coming, going, leading."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.choosing import labels_of
from cpts_net.directory.fields import asks_to_search
from cpts_net.groups import actions, policy, queries, rules
from cpts_net.groups.blueprint import bp
from cpts_net.groups.forms import NewcomersForm
from cpts_net.groups.models import Group
from cpts_net.groups.policy import Standing
from cpts_net.groups.visible import group_or_404, led_group_or_404
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too, members_only
from cpts_net.web.paging import page_number


@bp.get("/<int:group_id>/membres")
@guests_too
def people(group_id: int) -> ResponseReturnValue:
    """Everybody in the group; those who look after it bring more people in here."""
    return _page(*group_or_404(group_id), NewcomersForm())


def _page(group: Group, standing: Standing, form: NewcomersForm) -> ResponseReturnValue:
    form.person_id.about = {"groupe": group.id}
    shown = queries.people_page(group.id, page_number())
    return render_template(
        "groups/people.html",
        group=group,
        may_lead=policy.may_lead(standing),
        people=shown,
        labels=labels_of([membership.person_id for membership in shown.items]),
        form=form,
    ), 422 if form.errors else 200


@bp.post("/<int:group_id>/membres")
@members_only
def add(group_id: int) -> ResponseReturnValue:
    """Bring people in."""
    group, standing = led_group_or_404(group_id)
    form = NewcomersForm()
    if asks_to_search() or not form.validate():
        return _page(group, standing, form)
    newcomers = form.person_id.ids
    with transaction():
        for person_id in newcomers:
            actions.add_member(
                group_id,
                person_id,
                as_guest=form.as_guest.data,
                actor_id=current_user.account_id,
                now=clock.now(),
            )
    flash(
        ngettext(
            "C’est fait\u202f: une personne de plus dans le groupe.",
            "C’est fait\u202f: %(num)s personnes de plus dans le groupe.",
            len(newcomers),
        )
    )
    return redirect(url_for("groups.people", group_id=group_id), code=303)


@bp.post("/<int:group_id>/membres/<int:person_id>/retirer")
@members_only
def remove(group_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody out."""
    led_group_or_404(group_id)
    if person_id == current_user.person_id:
        return leave(group_id)
    if _is_out(group_id, person_id):
        flash(_("Cette personne n’est plus dans le groupe."))
    return redirect(url_for("groups.people", group_id=group_id), code=303)


@bp.post("/<int:group_id>/membres/<int:person_id>/animation")
@members_only
def lead(group_id: int, person_id: int) -> ResponseReturnValue:
    """Let somebody lead the group, or no longer."""
    led_group_or_404(group_id)
    is_lead = request.form.get("anime") == "oui"
    try:
        with transaction():
            actions.set_lead(group_id, person_id, is_lead=is_lead, actor_id=current_user.account_id, now=clock.now())
    except rules.PersonUnknown:
        abort(404)
    except rules.LastLeadLeaves:
        flash(_("Il faut au moins une personne pour animer le groupe."), "error")
    except rules.GuestsOnlyVisit:
        flash(_("Cette personne a un compte d’invité\u202f: elle ne peut pas animer de groupe."), "error")
    else:
        flash(_("L’animation du groupe est à jour."))
    return redirect(url_for("groups.people", group_id=group_id), code=303)


@bp.post("/<int:group_id>/rejoindre")
@members_only
def join(group_id: int) -> ResponseReturnValue:
    """Walk into an open group."""
    with transaction():
        group, standing = group_or_404(group_id)
        if not (standing.is_member or policy.may_join(standing, is_private=group.is_private)):
            abort(404)
        actions.add_member(group_id, current_user.person_id, actor_id=current_user.account_id, now=clock.now())
    flash(_("Bienvenue dans le groupe."))
    return redirect(url_for("groups.show", group_id=group_id), code=303)


@bp.post("/<int:group_id>/quitter")
@guests_too
def leave(group_id: int) -> ResponseReturnValue:
    """Walk out."""
    standing = group_or_404(group_id)[1]
    if not standing.is_member:
        abort(404)
    if not _is_out(group_id, current_user.person_id):
        return redirect(url_for("groups.people", group_id=group_id), code=303)
    flash(_("Vous avez quitté le groupe."))
    return redirect(url_for("groups.overview"), code=303)


def _is_out(group_id: int, person_id: int) -> bool:
    """Take the member out; say why when that cannot be."""
    try:
        with transaction():
            actions.remove_member(group_id, person_id, actor_id=current_user.account_id, now=clock.now())
    except rules.PersonUnknown:
        abort(404)
    except rules.LastLeadLeaves:
        flash(
            _("Il faut au moins une personne pour animer le groupe : confiez d’abord l’animation à quelqu’un."), "error"
        )
        return False
    return True
