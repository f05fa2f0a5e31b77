"""Choosing a person: the search behind every form that asks for one.

The directory knows who is found and how they are named. What somebody is
chosen for – a seat, a relay – is known by the rooms above; each hands in its
selections when the application is put together.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from flask.sansio.app import App
from werkzeug.datastructures import MultiDict

from cpts_net.accounts.identity import Identity
from cpts_net.directory import queries
from cpts_net.directory.book import Entry
from cpts_net.directory.labels import Label, labels
from cpts_net.directory.policy import may_see
from cpts_net.directory.presence import survivors, those_present
from cpts_net.directory.searching import wanted_words
from cpts_net.folding import fold, spellings

ROWS = 8
JUDGED = 40  # So many of those found are looked at more closely; the rest need another word.
SHORTEST = 2  # Letters or digits before anything is searched.
RPPS_DIGITS = 11
KEY = "directory-selections"
ANYBODY = "annuaire"


def _nobody(_person_ids: Sequence[int]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True)
class Selection:
    """What somebody is chosen for: who comes first, whom something hinders, who is out of the question.

    ``hindrances`` says of some members, by id, why they cannot be chosen now:
    « absente aussi le vendredi 14 août ».
    """

    is_first: Callable[[Entry], bool] = lambda _entry: False
    is_near: Callable[[Entry], bool] = lambda _entry: False
    basin: str = ""  # Whoever works in it comes before the others.
    hindrances: Callable[[Sequence[int]], Mapping[int, str]] = _nobody
    left_out: Collection[int] = ()
    finds_guests: bool = False  # Of the staff, whom alone it is shown.


@dataclass(frozen=True)
class Candidate:
    """Somebody who was found; cannot be chosen while something hinders them."""

    label: Label
    hindrance: str


@dataclass(frozen=True)
class Found:
    """The first of those who were found, and how many there are in all."""

    candidates: Sequence[Candidate]
    total: int


NOBODY_FOUND = Found((), 0)
# Makes a selection from what the form says; aborts for what its reader may not ask.
Said = MultiDict[str, str]
Reading = Callable[[Said], Selection]


def hand_in(app: App, readings: Mapping[str, Reading]) -> None:
    """Let people of ``app`` be chosen for these, each by the name that addresses say."""
    app.extensions[KEY] = {ANYBODY: lambda _said: Selection(), **readings}


def selection(name: str, said: Said) -> Selection:
    """What ``name`` stands for, given what else the form says.

    Raises:
        KeyError: when nobody is chosen for anything of that name.
    """
    readings: Mapping[str, Reading] = current_app.extensions[KEY]
    return readings[name](said)


def near(person_id: int) -> Selection:
    """Somebody in the place of a person: who shares a trade first, then of the same commune, then basin; never themselves."""
    entry = queries.entry(person_id)
    if entry is None:
        return Selection(left_out={person_id})
    trades, communes = frozenset(entry.trades), frozenset(entry.communes)
    return Selection(
        is_first=lambda other: not trades.isdisjoint(other.trades),
        is_near=lambda other: not communes.isdisjoint(other.communes),
        basin=entry.basin,
        left_out={person_id},
    )


def find(wanted: Selection, words: str, reader: Identity) -> Found:
    """Whom the reader finds by ``words``, the likeliest first.

    Whose name is meant comes before those whose commune or trade is; then
    ``wanted`` decides. Nobody is listed before something is typed.
    """
    entries = [entry for entry in _entries(words, reader, wanted.finds_guests) if entry.id not in wanted.left_out]
    meant = wanted_words(words)
    named = {entry.id for entry in entries if _is_named(entry, meant)}

    def rank(entry: Entry, hindered: Collection[int] = ()) -> tuple[bool, ...]:
        is_named, is_first = entry.id in named, wanted.is_first(entry)
        is_in_basin = bool(wanted.basin) and entry.basin == wanted.basin
        return not is_named, not is_first, entry.id in hindered, not wanted.is_near(entry), not is_in_basin

    judged = sorted(entries, key=rank)[:JUDGED]
    hindrances = wanted.hindrances([entry.id for entry in judged])
    shown = sorted(judged, key=lambda entry: rank(entry, hindrances))[:ROWS]
    named_so = labels_of([entry.id for entry in shown])
    candidates = [
        Candidate(named_so[entry.id], hindrances.get(entry.id, "")) for entry in shown if entry.id in named_so
    ]
    return Found(candidates, len(entries))


def found_by(words: str, reader: Identity) -> list[Entry]:
    """Everybody whom the reader finds by ``words``, those whose name is meant first."""
    meant = wanted_words(words)
    return sorted(_entries(words, reader), key=lambda entry: not _is_named(entry, meant))


def is_found(person_id: int, words: str, reader: Identity) -> bool:
    """Whether the member is among those whom the reader finds by ``words``."""
    return any(entry.id == person_id for entry in _entries(words, reader))


def labels_of(person_ids: Collection[int]) -> Mapping[int, Label]:
    """How these members are named, as far as they exist; whoever is called alike is told apart."""
    return labels(queries.namesakes(person_ids)) if person_ids else {}


def choosable(person_ids: Collection[int], reader: Identity) -> set[int]:
    """Those of the members that exist for the reader."""
    people = queries.members(those_present(person_ids)).values()
    return {person.id for person in people if may_see(reader, person)}


def _entries(words: str, reader: Identity, finds_guests: bool = False) -> list[Entry]:
    if len(fold(words)) < SHORTEST:
        return []
    books = [queries.book(), *([queries.book_of_hidden()] if reader.is_staff else [])]
    if finds_guests and reader.is_staff:
        books.append(queries.book_of_guests())
    digits = "".join(words.split())
    if digits.isdigit() and len(digits) == RPPS_DIGITS:
        known = set(survivors(queries.person_ids([digits]).values()).values())
        return [entry for book in books for entry in book.entries if entry.id in known]
    return [entry for book in books for entry in book.search(words)]


def _is_named(entry: Entry, meant: Sequence[str]) -> bool:
    """Whether every word begins one of the person's names, as people write it."""
    names = _names(entry.name)
    return all(any(name.startswith(word) for name in names) for word in meant)


@lru_cache(maxsize=50_000)
def _names(name: str) -> tuple[str, ...]:
    """What a word may begin: each name, with what follows it in one."""
    words = fold(name).split()
    return (*("".join(words[at:]) for at in range(len(words))), *spellings(name).split())
