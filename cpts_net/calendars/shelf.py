"""What was served last, kept in memory, and each made once for all who ask for it at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Body(Protocol):
    """Bytes, and what they were made of; None when they may not be kept."""

    @property
    def body(self) -> bytes: ...

    @property
    def version(self) -> Hashable | None: ...


Kept = TypeVar("Kept", bound=Body)


class Shelf(Generic[Kept]):
    """Up to a number of bytes, for all threads of the process."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._under_way: dict[tuple[Hashable, Hashable], Future[Kept]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, version: Hashable) -> Kept | None:
        """What was kept under the key, if its version is this one."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != version:
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: Hashable, made: Kept) -> None:
        """Keep what was made; drop what was not asked for the longest."""
        with self._lock:
            if old := self._kept.pop(key, None):
                self._size -= len(old.body)
            self._kept[key] = made
            self._size += len(made.body)
            while self._size > self._capacity:
                _key, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped.body)

    def get_or_make(self, key: Hashable, version: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept; made by the first who asks, while the others wait for it."""
        if kept := self.get(key, version):
            return kept
        place = (key, version)
        with self._lock:
            is_first = place not in self._under_way
            making = self._under_way.setdefault(place, Future())
        if not is_first:
            return making.result()
        try:
            made = make()
            if made.version is not None:
                self.put(key, made)
            making.set_result(made)
        except BaseException as error:
            making.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._under_way[place]
        return made
