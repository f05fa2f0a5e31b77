"""Hashing passwords: argon2id, slow on purpose, so never many at once."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cpts_net.settings import Argon2Cost, current_settings

# Each takes a core and 19 MiB; more at once would only starve the pages.
_turns = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """What the database keeps of a password."""
    with _turns:
        return _hasher(current_settings().argon2).hash(_typed(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether ``kept`` was made from ``password``.

    Without anything kept, because there is no such account, it takes as long
    and answers no.
    """
    hasher = _hasher(current_settings().argon2)
    with _turns:
        try:
            hasher.verify(kept or _nobodys(current_settings().argon2), _typed(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` was made at another cost than the one set today."""
    return _hasher(current_settings().argon2).check_needs_rehash(kept)


@cache
def _hasher(cost: Argon2Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@cache
def _nobodys(cost: Argon2Cost) -> str:
    return _hasher(cost).hash("nobody’s password")


def _typed(password: str) -> str:
    # A Mac and a PC send an é in two different ways.
    return unicodedata.normalize("NFC", password)
