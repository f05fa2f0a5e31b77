"""The catalogues say what the code says."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cpts_net.paths import ROOT
from scripts import i18n

CATALOGUES = sorted(i18n.TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture(scope="module")
def source():
    return i18n.texts()


def catalogue(language: str):
    path = i18n.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_the_french_catalogue_has_what_is_counted(source):
    counted = {message.id for message in source if isinstance(message.id, tuple)}

    assert {message.id: message.string for message in catalogue("fr") if message.id} == {key: key for key in counted}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: Path(path).parent.parent.name)
def test_a_catalogue_is_sound(path):
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parent.parent.name)

    assert [message.id for message in catalog if message.fuzzy and message.id] == []
    assert [(message.id, errors) for message, errors in catalog.check()] == []


def test_french_says_zero_in_the_singular(app):
    from flask_babel import force_locale, ngettext  # noqa: PLC0415

    with app.app_context(), force_locale("fr"):
        said = ngettext("Réessayez dans %(num)s minute.", "Réessayez dans %(num)s minutes.", 0)

    assert said == "Réessayez dans 0 minute."


# Before these signs and inside of these quotes a line must not end: the space there is a narrow no-break one.
TORN = re.compile("« | »| [:;?!]")
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style.*?</style>|<[^>]*>", re.DOTALL)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def test_no_text_is_torn_at_a_sign(source):
    forms = [message.id if isinstance(message.id, tuple) else (message.id,) for message in source]

    assert [words for those in forms for words in those if TORN.search(words)] == []


def test_no_words_between_texts_are_torn_at_a_sign():
    bare = {path: CODE.sub("–", path.read_text(encoding="utf-8")) for path in TEMPLATES}

    assert {
        str(path.relative_to(ROOT)): TORN.findall(words) for path, words in bare.items() if TORN.search(words)
    } == {}
