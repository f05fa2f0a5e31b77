"""Bring the catalogues in line with the texts in the code.

The source texts are French. Only what is counted needs a French catalogue,
because French says "0 absence" where the source alone would give "0 absences";
it is made from the source and never edited by hand. Other languages have every
text, and what is not translated yet stays empty.
"""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from cpts_net.directory.trades import phrases

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "translations"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plurals}\n"
"Content-Type: text/plain; charset=utf-8\n"

"""


def texts() -> Catalog:
    """Every text of the code and the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(charset="utf-8")
    for _file, _line, text, _comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(text, context=context)
    for phrase in phrases():  # Put together from lists, so that no extraction finds them.
        found.add(phrase)
    return found


def counted(source: Catalog) -> Catalog:
    """The French catalogue: what is counted, said as the source says it."""
    french = Catalog(locale="fr", charset="utf-8", fuzzy=False)
    for message in source:
        if isinstance(message.id, tuple):
            french.add(message.id, string=message.id)
    return french


def save(catalog: Catalog, language: str) -> None:
    """Write a catalogue; sorted and without dates, so that only texts make a difference."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plurals=catalog.plural_forms)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, omit_header=True, sort_output=True, no_location=True, ignore_obsolete=True, width=0)


def main() -> None:
    source = texts()
    save(counted(source), "fr")
    for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        language = path.parent.parent.name
        if language != "fr":
            with path.open("rb") as file:
                translated = read_po(file, locale=language)
            translated.update(source, no_fuzzy_matching=True)
            save(translated, language)


if __name__ == "__main__":
    main()
