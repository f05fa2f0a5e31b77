"""Hashing passwords: argon2id, slow on purpose, so never many at once.

Two threads of their own do it. Each hash takes a core and 19 MiB, which the
system's allocator keeps for the thread that asked: among all the threads that
answer requests it would keep it thirty times.
"""

import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cpts_net.settings import Argon2Cost, current_settings

# Who waits keeps a thread of `web`: so many must be left for those who only read.
LEFT_FOR_PAGES = 4
Result = TypeVar("Result")

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


class TooManyWait(Exception):
    """Nothing was looked at: too many passwords wait for their turn already."""


@contextmanager
def place() -> Iterator[None]:
    """A place among those who wait, taken before anything is counted or read.

    Raises:
        TooManyWait: there is none; one may try again in a moment.
    """
    places = _places(current_settings().serving.threads)
    if not places.acquire(blocking=False):
        raise TooManyWait
    try:
        yield
    finally:
        places.release()


def hash_password(password: str) -> str:
    """What the database keeps of a password."""
    return _in_turn(_hasher(current_settings().argon2).hash, _typed(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether ``kept`` was made from ``password``.

    Without anything kept, because there is no such account, it takes as long
    and answers no.
    """
    hasher = _hasher(current_settings().argon2)
    try:
        _in_turn(_verify, hasher, kept, _typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` was made at another cost than the one set today."""
    return _hasher(current_settings().argon2).check_needs_rehash(kept)


def _in_turn(do: Callable[..., Result], *arguments: object) -> Result:
    return _threads.submit(do, *arguments).result()


def _verify(hasher: PasswordHasher, kept: str | None, password: str) -> bool:
    return hasher.verify(kept or _nobodys(hasher), password)


@cache
def _places(threads: int) -> BoundedSemaphore:
    return BoundedSemaphore(max(2, threads - LEFT_FOR_PAGES))


@cache
def _hasher(cost: Argon2Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody’s password")


def _typed(password: str) -> str:
    # A Mac and a PC send an é in two different ways.
    return unicodedata.normalize("NFC", password)
