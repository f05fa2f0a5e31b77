"""The texts of templates in the reader's language: each is looked up once in a process, not once for each time it is said.

``flask_babel`` finds request, domain, language and catalogue anew for every text, and a page may say hundreds.
"""

from functools import lru_cache
from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

MOST = 8192  # Texts in all languages; beyond it those that are never said any more make room.


def register(app: Flask) -> None:
    """Have the templates of ``app`` say them so: ``_``, ``gettext`` and ``ngettext``."""
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)


def language() -> str:
    """The reader's language, as a key of what is kept in words; "None" outside of the application.

    A page asks hundreds of times, so it looks where ``flask_babel`` keeps its answer before it asks.
    """
    kept = g.get("_flask_babel") if has_app_context() else None
    return _named(getattr(kept, "babel_locale", None) or get_locale())


# A language puts its name together anew each time it is asked for it.
_named = lru_cache(maxsize=16)(str)


def in_words(text: str) -> str:
    """A text that code put together in French, as the catalogue has it whole; ``scripts/i18n.py`` is told of it."""
    return _translated(language(), text)


def number_in_words(singular: str, plural: str, number: int) -> str:
    """The same of what is counted, with its number."""
    return _counted(language(), singular, plural, number) % {"num": number}


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: object) -> str:
    return _filled(_translated(language(), text), values, is_html=context.autoescape)


@pass_eval_context
def _ngettext(context: EvalContext, singular: str, plural: str, number: int, /, **values: object) -> str:
    said = _counted(language(), singular, plural, number)
    return _filled(said, {"num": number, **values}, is_html=context.autoescape)


@lru_cache(maxsize=MOST)
def _translated(_language: str, text: str) -> str:
    return str(get_translations().ugettext(text))


@lru_cache(maxsize=MOST)
def _counted(_language: str, singular: str, plural: str, number: int) -> str:
    return str(get_translations().ungettext(singular, plural, number))


def _filled(text: str, values: dict[str, Any], *, is_html: bool) -> str:
    """With the values in their places, escaped where the text becomes HTML; the text itself is ours."""
    if "%" not in text:
        return Markup(text) if is_html else text  # noqa: S704  From our catalogues.
    if not is_html:
        return text % values
    return Markup(text % {name: escape(value) for name, value in values.items()})  # noqa: S704
