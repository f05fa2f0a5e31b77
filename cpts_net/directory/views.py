"""Pages of ``directory``: search, profile, one's own part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.accounts.helping import account_to_help
from cpts_net.directory import actions, badges, card_sections, cli, profiles, queries
from cpts_net.directory.acquaintances import are_acquainted
from cpts_net.directory.badges import Badge
from cpts_net.directory.book import Entry, letters
from cpts_net.directory.forms import ProfileForm, StaffProfileForm
from cpts_net.directory.profiles import Profile
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too, members_only
from cpts_net.web.paging import ListPages, page_address, page_number

bp = Blueprint("directory", __name__, url_prefix="/annuaire")
bp.cli.help = "Look after the directory."
bp.cli.add_command(cli.import_file)
bp.cli.add_command(cli.load_communes)

PAGE_LENGTH = 50
LINES_KEPT = 5000
LONGEST_SEARCH = 100
DENSE = "serrees"
LARGEST_NUMBER = 2**31 - 1  # What the databases take for an id.


@dataclass(frozen=True)
class Wanted:
    """What the reader looks for, as the address says it."""

    words: str
    trade: str
    commune: str
    is_dense: bool  # One line each, for whoever chose it.

    @classmethod
    def from_request(cls) -> "Wanted":
        """Nonsense in the address is no error; it finds nothing, or is left out."""
        words, trade, commune = (
            request.args.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]
            for name in ("q", "metier", "commune")
        )
        return cls(words, trade, commune, request.args.get("lignes") == DENSE)


@bp.get("/")
@members_only
def search() -> ResponseReturnValue:
    """The people found; alone, without the page around them, when the page asks for them."""
    wanted = Wanted.from_request()
    book = queries.book()
    found = book.search(wanted.words, trade=wanted.trade, commune=wanted.commune)
    page = ListPages(page=page_number(), per_page=PAGE_LENGTH, error_out=False, items=found)
    shown = badges.badges_of([entry.id for entry in page.items], clock.now())
    values = {"wanted": wanted, "page": page, "letters": letters(found, PAGE_LENGTH), "everybody": len(book.entries)}
    values["shown"] = _by_letter([(entry, _line(entry, shown.get(entry.id))) for entry in page.items])
    if request.headers.get("HX-Request-Type") == "partial":
        return render_template("directory/_results.html", **values), {"HX-Replace-Url": page_address(page.page)}
    return render_template("directory/search.html", book=book, **values)


def _by_letter(lines: Sequence[tuple[Entry, Markup]]) -> list[tuple[str, list[Markup]]]:
    """The lines of a page under the letters that they stand under."""
    return [(letter, [line for _entry, line in own]) for letter, own in groupby(lines, key=lambda each: each[0].letter)]


@lru_cache(maxsize=LINES_KEPT)
def _line(entry: Entry, badge: Badge | None) -> Markup:
    """The list changes at every key, its lines hardly ever: most of the work is to draw them."""
    return Markup(render_template("directory/_line.html", entry=entry, badge=badge))  # noqa: S704  Our own, escaped.


@bp.get(f"/<int(max={LARGEST_NUMBER}):person_id>")
@guests_too
def profile(person_id: int) -> ResponseReturnValue:
    """All that the reader may know of a member."""
    person = _readable(person_id)
    if person.merged_into_id:
        return redirect(url_for("directory.profile", person_id=person.merged_into_id), code=303)
    return render_template("directory/profile.html", **_card(person))


def _card(person: Profile) -> dict[str, Any]:
    """What the page of a card shows."""
    return {
        "person": person,
        # A guest reads nothing of leave, duty or relays.
        "badge": None if current_user.is_guest else badges.badges_of([person.id], clock.now()).get(person.id),
        "has_left": person.has_left(clock.today()),
        "address_of": account_to_help(person.id, current_user),
        "sections": card_sections.sections(person.id, current_user, clock.now()),
        "back": _search_before(),
    }


def _search_before() -> str:
    """The search that the reader comes from, with its words and filters; else the whole directory."""
    search, came_from = url_for("directory.search"), urlsplit(request.referrer or "")
    if (came_from.netloc, came_from.path) != (request.host, search):
        return search
    return f"{search}?{came_from.query}" if came_from.query else search


@bp.route(f"/<int(max={LARGEST_NUMBER}):person_id>/modifier", methods=["GET", "POST"])
@guests_too
def edit(person_id: int) -> ResponseReturnValue:
    """What the member decides about their profile; the staff may do it for them."""
    person = _readable(person_id)
    if not person.is_private:
        abort(404)
    form = _form(person)
    if form.validate_on_submit():
        with transaction():
            actions.correct_person(person_id, _corrected(form), actor_id=current_user.account_id, now=clock.now())
            actions.change_profile(
                person_id,
                private_phone=form.private_phone.data or "",
                mail=form.mail.data or "",
                is_mail_shown=form.is_mail_shown.data,
                is_hidden=form.is_hidden.data,
                actor_id=current_user.account_id,
                now=clock.now(),
            )
        flash(_("La fiche est à jour."))
        return redirect(url_for("directory.profile", person_id=person_id), code=303)
    return render_template("directory/edit.html", form=form, **_card(person)), 422 if form.errors else 200


def _form(person: Profile) -> ProfileForm:
    """What the person decides themselves; for the staff with names as well."""
    if not current_user.is_staff:
        return ProfileForm(obj=person)
    row = queries.person(person.id) or abort(404)
    return StaffProfileForm(obj=person, data={name: getattr(row, name) for name in StaffProfileForm.CORRECTS})


def _corrected(form: ProfileForm) -> dict[str, str]:
    names = ("function", *(form.CORRECTS if isinstance(form, StaffProfileForm) else ()))
    return {name: form[name].data or "" for name in names}


def _readable(person_id: int) -> Profile:
    person = profiles.read(person_id, current_user)
    if person is None or (current_user.is_guest and not are_acquainted(current_user.person_id, person_id)):
        abort(404)
    return person
