"""Whom nobody could write to: whoever did something reads whom they have to tell themselves."""

from collections.abc import Callable, Collection, Iterable, Sequence

from flask import Flask, Response, current_app, flash, g, has_request_context
from flask.sansio.app import App
from flask_babel import gettext as _
from flask_babel import ngettext

KEY = "names-of-people"
MOST_NAMES = 5
Names = Callable[[Collection[int]], Sequence[str]]
REDIRECTS = range(300, 400)


def hand_in(app: App, names: Names) -> None:
    """Let ``app`` ask this how people are called, in the order in which lists name them."""
    app.extensions[KEY] = names


def note(person_ids: Iterable[int]) -> None:
    """Remember, for the answer to this request, who could not be written to."""
    if has_request_context():
        g.setdefault("untold", set()).update(person_ids)


def register(app: Flask) -> None:
    """Have ``app`` say so on the next page, once what was asked is done."""
    app.after_request(_say)


def _say(response: Response) -> Response:
    # What was refused sends nobody on: nobody needed to be told.
    if (missing := g.pop("untold", None)) and response.status_code in REDIRECTS:
        flash(sentence(current_app.extensions[KEY](missing)), "untold")
    return response


def sentence(names: Sequence[str]) -> str:
    """Who has to be told, in a sentence."""
    shown, more = ", ".join(names[:MOST_NAMES]), len(names) - MOST_NAMES
    if more > 0:
        others = ngettext("une autre personne", "%(num)s autres", more)
        shown = str(_("%(names)s et %(others)s", names=shown, others=others))
    return str(_("À prévenir vous-même, faute d’adresse e-mail\u202f: %(names)s.", names=shown))
