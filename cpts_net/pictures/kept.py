"""What was made of the base, kept in memory for as long as it is what a fresh making would give.

A reader names the scopes of what it shows; whoever writes knows nothing of readers.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app

from cpts_net.storage.numbers import NumbersUnknown, look
from cpts_net.storage.revisions import numbers_of
from cpts_net.storage.transaction import is_writing
from cpts_net.texts import language

KEY = "cpts-kept"
CAPACITY = 128 * 1024 * 1024  # Bytes, about, for all that a process keeps.

Value = TypeVar("Value")


@dataclass(frozen=True)
class Made(Generic[Value]):
    """What was made, the bytes that it takes, about, and the instant (UTC) at which the clock alone makes it another.

    None as an instant when only a change can; one that has passed for what nobody else may have.
    """

    value: Value
    size: int
    valid_until: datetime | None = None


@dataclass
class _Entry:
    made: Made[Any]
    numbers: Mapping[str, int]  # Of all its scopes, in the state that it was made of.
    sure_at: float  # When it was last known to be good, of the monotonic clock.

    def is_good(self, known: Mapping[str, int], now: datetime) -> bool:
        until = self.made.valid_until
        return (until is None or now < until) and all(
            known.get(scope, 0) == number for scope, number in self.numbers.items()
        )


class Kept:
    """Up to ``capacity`` bytes, for all threads of a process; what was not asked for the longest goes first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._under_way: dict[Hashable, Future[None]] = {}
        self._lock = Lock()
        self.wake: Callable[[], None] | None = None  # Has made anew, beside the requests, what was left to it.

    def get(
        self,
        key: Hashable,
        scopes: Collection[str],
        now: datetime,
        make: Callable[[Value | None], Made[Value]],
        *,
        lag: float = 0,
    ) -> Value:
        """What is kept under ``key`` while the numbers of all its ``scopes`` stand; made anew by the first who asks.

        ``key`` names, beside the thing, the class of readers that it is for; the language is added here.
        ``make`` gets what stood before, if anything did, and reads with the session of who asks: of
        the same state as the numbers. What is made in the midst of a write is nobody else's. With a
        ``lag``, in seconds, what was good so short ago will do while somebody else makes it anew.
        """
        place = (key, language())
        while True:
            entry = self._good(place, now, is_fresh=False) or self._good(place, now)
            if entry := entry or self._good_lately(place, lag):
                return cast("Value", entry.made.value)
            if is_writing():
                return make(None).value
            with self._turn(place) as is_first:
                if is_first:
                    # Somebody may have made it between our look and our turn.
                    entry = self._good(place, now)
                    return cast("Value", entry.made.value) if entry else self._made(place, scopes, now, make)

    def _good(self, place: Hashable, now: datetime, *, is_fresh: bool = True) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(place)
        if entry is None:
            return None
        try:
            known = look(is_fresh=is_fresh)
        except NumbersUnknown:
            return None  # Whoever makes it anew says why.
        if not entry.is_good(known.numbers, now):
            return None
        entry.sure_at = max(entry.sure_at, known.at)
        with self._lock:
            if place in self._entries:
                self._entries.move_to_end(place)
        return entry

    def _good_lately(self, place: Hashable, lag: float) -> _Entry | None:
        """What was good at most ``lag`` seconds ago, where somebody is there to make it anew."""
        entry = self._entries.get(place)
        if entry is None or self.wake is None or time.monotonic() - entry.sure_at > lag:
            return None
        self.wake()
        return entry

    def _made(
        self, place: Hashable, scopes: Collection[str], now: datetime, make: Callable[[Value | None], Made[Value]]
    ) -> Value:
        with self._lock:
            old = self._entries.get(place)
        began, of_state = time.monotonic(), numbers_of(scopes)
        made = make(old.made.value if old else None)
        if made.valid_until is None or now < made.valid_until:
            self._put(place, _Entry(made, of_state, began))
        return made.value

    def _put(self, place: Hashable, entry: _Entry) -> None:
        with self._lock:
            if old := self._entries.pop(place, None):
                self._size -= old.made.size
            self._entries[place] = entry
            self._size += entry.made.size
            while self._size > self._capacity:
                _place, dropped = self._entries.popitem(last=False)
                self._size -= dropped.made.size

    @contextmanager
    def _turn(self, place: Hashable) -> Iterator[bool]:
        """Whether the caller is the one who makes; the others have waited until it was made.

        What goes wrong goes wrong for all who waited: they would only meet it one after the other.
        """
        with self._lock:
            is_first = place not in self._under_way
            making = self._under_way.setdefault(place, Future())
        if not is_first:
            making.result()
            yield False
            return
        try:
            yield True
        except BaseException as error:
            self._end(place)
            making.set_exception(error)
            raise
        self._end(place)
        making.set_result(None)

    def _end(self, place: Hashable) -> None:
        with self._lock:
            del self._under_way[place]


def prepare(app: Flask) -> None:
    """Give ``app`` its memory."""
    app.extensions[KEY] = Kept(CAPACITY)


def kept() -> Kept:
    """The memory of this application."""
    found: Kept = current_app.extensions[KEY]
    return found
