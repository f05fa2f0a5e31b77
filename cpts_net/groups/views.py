"""Pages of groups: all of them, one of them, what it is, and its thread."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.directory.fields import asks_to_search
from cpts_net.groups import actions, people_views, policy, queries, rules
from cpts_net.groups.blueprint import bp
from cpts_net.groups.crew import crew
from cpts_net.groups.drawing import drawn_group, older_posts
from cpts_net.groups.forms import GroupForm, NewGroupForm, PostForm
from cpts_net.groups.listing import lines_for
from cpts_net.groups.models import Group
from cpts_net.groups.policy import Standing
from cpts_net.groups.visible import group_or_404, led_group_or_404
from cpts_net.pictures.for_many import for_reader
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too, members_only, staff_only
from cpts_net.web.paging import ListPages, page_number

GROUPS_ON_A_PAGE = 30

__all__ = ["bp", "people_views"]


@bp.get("/")
@guests_too
def overview() -> ResponseReturnValue:
    """My groups, then the open ones that I could join."""
    mine, open_ones = lines_for(current_user.person_id, clock.now())
    open_ones = [] if current_user.is_guest else open_ones
    others = ListPages(page=page_number(), per_page=GROUPS_ON_A_PAGE, error_out=False, items=open_ones)
    return render_template(
        "groups/overview.html",
        mine=Markup("").join(line.html for line in mine),
        others=others,
        others_html=for_reader(Markup("").join(line.html_to_join for line in others.items)),
    )


@bp.get("/<int:group_id>")
@guests_too
def show(group_id: int) -> ResponseReturnValue:
    group, standing = group_or_404(group_id)
    return _page(group, standing, PostForm())


def _page(group: Group, standing: Standing, form: PostForm) -> ResponseReturnValue:
    """The page; the newest of the thread follows every change."""
    now, page = clock.now(), page_number()
    drawn = drawn_group(group.id, standing, now)
    is_newest = page == 1
    return render_template(
        "groups/show.html",
        group=group,
        standing=standing,
        policy=policy,
        form=form,
        crew=crew(group.id),
        dates=for_reader(drawn.dates),
        thread=for_reader(drawn.thread if is_newest else older_posts(group.id, page, standing)),
        people=for_reader(drawn.people),
        posts=ListPages(page=page, per_page=queries.POSTS_ON_A_PAGE, error_out=False, items=range(drawn.posts)),
        picture=drawn.picture if is_newest else None,
        now=now,
    ), 422 if form.errors else 200


@bp.post("/<int:group_id>/messages")
@guests_too
def write(group_id: int) -> ResponseReturnValue:
    """Add a message to the thread."""
    group, standing = group_or_404(group_id)
    if not policy.may_write(standing):
        abort(404)
    form = PostForm()
    if not form.validate_on_submit():
        return _page(group, standing, form)
    try:
        with transaction():
            actions.write_post(
                group_id,
                current_user.person_id,
                form.body.data or "",
                actor_id=current_user.account_id,
                now=clock.now(),
            )
    except rules.PersonUnknown:
        # Shown once more as it was, since only there does what was typed have a place.
        form.body.errors = [_("Vous n’êtes plus dans ce groupe\u202f: rien n’est publié. Gardez votre texte.")]
        return _page(group, standing, form)
    flash(_("Message publié."))
    return redirect(url_for("groups.show", group_id=group_id, _anchor="messages"), code=303)


@bp.post("/<int:group_id>/messages/<int:post_id>/supprimer")
@guests_too
def delete_post(group_id: int, post_id: int) -> ResponseReturnValue:
    standing = group_or_404(group_id)[1]
    with transaction():
        post = queries.post(group_id, post_id)
        if post is None or not policy.may_delete_post(standing, post.author_id):
            abort(404)
        actions.delete_post(post, actor_id=current_user.account_id, now=clock.now())
    flash(_("Message supprimé."))
    return redirect(url_for("groups.show", group_id=group_id, _anchor="messages"), code=303)


@bp.route("/nouveau", methods=["GET", "POST"])
@staff_only
def create() -> ResponseReturnValue:
    """Open a group with those who lead it."""
    form = NewGroupForm()
    if asks_to_search():
        return render_template("groups/create.html", form=form)
    if form.validate_on_submit():
        try:
            group_id = _open(form)
        except rules.NameTaken:
            form.name.errors = [_("Un groupe porte déjà ce nom.")]
        except rules.GuestsOnlyVisit:
            form.leads.errors = [_("Qui a un compte d’invité ne peut pas animer de groupe.")]
        else:
            return _to_the_group(group_id, _("Le groupe est ouvert."))
    return render_template("groups/create.html", form=form), 422 if form.errors else 200


def _to_the_group(group_id: int, done: str) -> ResponseReturnValue:
    """To the group; or to the others, when it is private now and does not exist for whoever is not in it."""
    if queries.group_and_membership(group_id, current_user.person_id):
        flash(done)
        return redirect(url_for("groups.show", group_id=group_id), code=303)
    private = _("Il est privé, et vous n’en êtes pas membre\u202f: seuls ses membres le voient désormais.")
    flash(f"{done} {private}")
    return redirect(url_for("groups.overview"), code=303)


def _open(form: NewGroupForm) -> int:
    with transaction():
        return actions.create_group(
            form.name.data or "",
            form.purpose.data or "",
            is_private=form.is_private.data,
            lead_ids=form.leads.ids,
            actor_id=current_user.account_id,
            now=clock.now(),
        )


@bp.route("/<int:group_id>/modifier", methods=["GET", "POST"])
@members_only
def edit(group_id: int) -> ResponseReturnValue:
    """Say anew what a group is."""
    form = GroupForm(obj=led_group_or_404(group_id)[0])
    if form.validate_on_submit():
        try:
            _change(group_id, form)
        except rules.NameTaken:
            form.name.errors = [_("Un autre groupe porte déjà ce nom.")]
        else:
            return _to_the_group(group_id, _("Modifications enregistrées."))
    return render_template("groups/edit.html", form=form, group_id=group_id), 422 if form.errors else 200


def _change(group_id: int, form: GroupForm) -> None:
    with transaction():
        actions.change_group(
            led_group_or_404(group_id)[0],
            form.name.data or "",
            form.purpose.data or "",
            is_private=form.is_private.data,
            actor_id=current_user.account_id,
            now=clock.now(),
        )
