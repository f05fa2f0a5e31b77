"""The feeds served last, kept in memory, and each made once for all who ask for it at the same time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Published:
    """What a feed serves, and since when; ``version`` is what it was made of, None when it may not be kept."""

    body: bytes
    etag: str
    changed_at: datetime
    version: Hashable | None = None


class Shelf:
    """Up to a number of bytes, for all threads of the process."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[int, Published] = OrderedDict()
        self._under_way: dict[tuple[int, Hashable], Future[Published]] = {}
        self._lock = Lock()

    def get(self, feed_id: int, version: Hashable) -> Published | None:
        """What the feed served when its version was this one."""
        with self._lock:
            kept = self._kept.get(feed_id)
            if kept is None or kept.version != version:
                return None
            self._kept.move_to_end(feed_id)
            return kept

    def put(self, feed_id: int, published: Published) -> None:
        """Keep what the feed serves; drop what was not asked for the longest."""
        with self._lock:
            if old := self._kept.pop(feed_id, None):
                self._size -= len(old.body)
            self._kept[feed_id] = published
            self._size += len(published.body)
            while self._size > self._capacity:
                _feed, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped.body)

    def get_or_make(self, feed_id: int, version: Hashable, make: Callable[[], Published]) -> Published:
        """What the feed serves; made by the first who asks, while the others wait for it."""
        if kept := self.get(feed_id, version):
            return kept
        key = (feed_id, version)
        with self._lock:
            is_first = key not in self._under_way
            making = self._under_way.setdefault(key, Future())
        if not is_first:
            return making.result()
        try:
            made = make()
            if made.version is not None:
                self.put(feed_id, made)
            making.set_result(made)
        except BaseException as error:
            making.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._under_way[key]
        return made
