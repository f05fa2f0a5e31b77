"""What accounts are held to: passwords, links, attempts, and where a sign-in may lead."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import unquote

from cpts_net.accounts import guessing

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
# As much of a password as is looked at while it is typed: the price of looking grows with it.
ADVISED_LENGTH = 64
# CNIL 2022-100: 50 bits where attempts are limited; no rule about kinds of characters (ASVS 6.2.5).
ENOUGH_BITS = 50

WORDS_OF_THE_TRADE = frozenset(
    [
        "cpts",
        "sante",
        "docteur",
        "medecin",
        "infirmier",
        "infirmiere",
        "pharmacien",
        "pharmacienne",
        "pharmacie",
        "sagefemme",
        "kine",
        "kinesitherapeute",
        "dentiste",
        "orthophoniste",
        "psychologue",
        "orthoptiste",
        "podologue",
        "secretaire",
        "secretariat",
        "coordination",
        "coordinateur",
        "coordinatrice",
        "administrateur",
        "cabinet",
        "maisondesante",
        "garde",
        "astreinte",
        "continuite",
        "communaute",
        "professionnelle",
        "territoriale",
        "reseau",
        "stethoscope",
        "seringue",
        "medical",
        "medicale",
    ]
)

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)
RESET_IS_FRESH = timedelta(minutes=10)
DEMONSTRATION_LASTS = timedelta(hours=1)
ADDRESS_LASTS = timedelta(days=1)
# Whoever is on holiday when their address is taken from them still finds the mail in time.
OBJECTION_LASTS = timedelta(days=7)

# Since the last sign-in there.
KNOWN_FOR = timedelta(days=180)
ATTEMPT_WINDOW = timedelta(minutes=5)


class Flaw(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    PERSONAL = "personal"
    GUESSABLE = "guessable"


class TooManyAttempts(Exception):
    """Refused without looking; ``seconds`` says after how long one may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class LinkIsDead(Exception):
    """The link was used, has expired, or never existed."""


class AddressTaken(Exception):
    """Another account has this address."""


class SignInRefused(Exception):
    """No such account, wrong password or suspended: whoever asks is not told which."""


def password_flaw(password: str, about: Iterable[str]) -> Flaw | None:
    """Say what is wrong with ``password``, or None when it will do.

    ``about`` are texts that a guesser would begin with: the person's names
    and e-mail, the name of the community.
    """
    if len(password) < SHORTEST_PASSWORD:
        return Flaw.SHORT
    if len(password) > LONGEST_PASSWORD:
        return Flaw.LONG
    if guessing.bits(password) < ENOUGH_BITS:
        return Flaw.GUESSABLE
    if guessing.bits(password, known_words(about)) < ENOUGH_BITS:
        return Flaw.PERSONAL
    return None


def known_words(about: Iterable[str]) -> frozenset[str]:
    """The folded words of ``about`` with three letters or more, and those of the trade."""
    folded = (guessing.unaccented(text) for text in about)
    return WORDS_OF_THE_TRADE | {word for text in folded for word in re.findall(r"[a-z0-9]{3,}", text)}


def own_path(wanted: str | None) -> str:
    """``wanted`` if it is a path of ours, else the start page.

    Browsers and servers read addresses in different ways: they drop tabs, turn
    backslashes, decode again. So anything but a plain path is refused, also
    as it reads decoded once and twice. Only the part behind ``?`` may hold a
    space, once decoded.
    """
    address = wanted or ""
    path, _, query = address.partition("?")
    is_own = _is_plain(address) and all(
        _is_own_path(once) and not any(sign < " " for sign in asked)
        for once, asked in ((path, query), (unquote(path), unquote(query)), _twice(path, query))
    )
    return address if is_own else "/"


def _twice(path: str, query: str) -> tuple[str, str]:
    return unquote(unquote(path)), unquote(unquote(query))


def _is_own_path(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and _is_plain(path)


def _is_plain(text: str) -> bool:
    return not any(sign < "\x21" or sign == "\\" for sign in text)


def seconds_until_free(oldest_counted: datetime, now: datetime) -> int:
    """After how many whole seconds the oldest of the counted attempts counts no more."""
    left = (oldest_counted + ATTEMPT_WINDOW - now).total_seconds()
    return max(1, int(left) + 1)
