"""« Ce que je reçois »: what somebody is told, how often, and when; and the way out of one kind, from its mail."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.notices import choice_actions, choice_queries, forms
from cpts_net.notices.addresses import addresses
from cpts_net.notices.fewer_links import FewerLink, read_token
from cpts_net.notices.kinds import Kind, catalogue
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import Family, When
from cpts_net.notices.timing import USUAL
from cpts_net.notices.wording import FAMILIES, OFTEN, WHY_ALWAYS
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import guests_too, public

bp = Blueprint("choices", __name__)


@bp.route("/mon-compte/avis", methods=["GET", "POST"])
@guests_too
def choose() -> ResponseReturnValue:
    """Choose how often I hear of what, when I am left alone, and when my digests go."""
    kinds, person_id = _kinds(), current_user.person_id
    form = _form(kinds, person_id)
    if form.validate_on_submit():
        with transaction():
            choice_actions.choose(person_id, forms.chosen(form, kinds), form.hours, now=clock.now())
        flash(_("Vos choix sont enregistrés."))
        return redirect(url_for("choices.choose"), code=303)
    words = {"name": forms.field_name, "why": WHY_ALWAYS, "often": OFTEN, "channels": forms.channels()}
    sections = _sections(kinds)
    numbers = {family: _often(form, those) for family, _name, those in sections}
    page = render_template("notices/choices.html", form=form, sections=sections, numbers=numbers, **words)
    return page, 422 if form.errors else 200


@bp.post("/mon-compte/avis/habituels")
@guests_too
def choose_as_usual() -> ResponseReturnValue:
    """Hear of everything as usual again."""
    with transaction():
        choice_actions.choose_as_usual(current_user.person_id, now=clock.now())
    flash(_("Les choix habituels sont remis."))
    return redirect(url_for("choices.choose"), code=303)


def _kinds() -> list[Kind]:
    return [
        kind
        for kind in catalogue().kinds.values()
        if current_user.role in kind.concerns and any(len(kind.choices(channel)) > 1 for channel in forms.channels())
    ]


def _form(kinds: list[Kind], person_id: int) -> forms.HoursForm:
    with snapshot():
        kept = choice_queries.choices_of(person_id)
        hours = choice_queries.hours([person_id]).get(person_id, USUAL)
    given = {
        forms.field_name(kind, channel): str(kind.heard(channel, kept.get((kind.name, channel))))
        for kind in kinds
        for channel in forms.channels()
    }
    is_quiet = hours.quiet_from is not None
    return forms.choices_form(
        kinds,
        data={
            **given,
            "is_quiet": is_quiet,
            "quiet_from": hours.quiet_from or USUAL.quiet_from,
            "quiet_until": hours.quiet_until or USUAL.quiet_until,
            "digest_at": hours.digest_at,
            "digest_weekday": hours.digest_weekday,
        },
    )


def _sections(kinds: list[Kind]) -> list[tuple[Family, str, list[Kind]]]:
    found = [(family, [kind for kind in kinds if kind.family is family]) for family in Family]
    return [(family, str(FAMILIES[family]), those) for family, those in found if those]


def _often(form: forms.HoursForm, kinds: list[Kind]) -> list[tuple[When, int]]:
    """How many of the kinds come by mail how often, the oftenest first; those that come by none are left out."""
    mailed = [form[forms.field_name(kind, Channel.MAIL)].data for kind in kinds if kind.is_mailed]
    return [(when, number) for when in When if (number := mailed.count(when))]


@bp.get("/avis/moins/<token>")
@public
def fewer(token: str) -> ResponseReturnValue:
    """Ask whether its reader wants to hear no more of its kinds; mail scanners open every link, so nothing changes."""
    return _fewer(token, _read(token), is_done=False)


@bp.post("/avis/moins/<token>")
@public
def hear_no_more(token: str) -> ResponseReturnValue:
    """Let the person of the link hear no more of its kinds; by the button of the page, or of their mail program (RFC 8058).

    It is answered at once, since mail programs follow no redirect.
    """
    link = _read(token)
    with snapshot():
        kept = choice_queries.choices_of(link.person_id)
    heard = [
        kind for kind in link.kinds if kind.heard(link.channel, kept.get((kind.name, link.channel))) is not When.NEVER
    ]
    if heard:
        with transaction():
            choice_actions.hear_no_more(link.person_id, heard, link.channel, now=clock.now())
    return _fewer(token, link, is_done=True)


def _read(token: str) -> FewerLink:
    link = read_token(token)
    if link is None or link.person_id not in addresses().recipients([link.person_id]):
        abort(404)
    return link


def _fewer(token: str, link: FewerLink, *, is_done: bool) -> str:
    name = addresses().recipients([link.person_id])[link.person_id].name
    return render_template("notices/fewer.html", token=token, kinds=link.kinds, name=name, is_done=is_done)
