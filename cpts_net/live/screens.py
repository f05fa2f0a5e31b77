"""What every open screen shows, and what it has to be sent next."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from gevent.lock import RLock

from cpts_net import clock
from cpts_net.accounts.identity import alive_sessions
from cpts_net.live.connections import Connection
from cpts_net.live.events import beat_frame, picture_frame
from cpts_net.live.pages import page_of
from cpts_net.pictures.news import news
from cpts_net.pictures.picture import Picture
from cpts_net.storage import revisions
from cpts_net.storage.transaction import snapshot
from cpts_net.web.without_request import under_public_url

BEATS_AT_ONCE = 100  # Screens that hear a beat before anything else has its turn.
# Seconds: how long screens wait on an average before they look whether we are there again. What
# comes back at once is as much as can be let in at once; nobody waits for longer than their turn takes.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
RETURNING_PER_SECOND = 600


class Screens:
    """The open connections, the scopes that they watch and the last picture of each scope."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.connections: set[Connection] = set()
        self.watchers: dict[str, set[Connection]] = defaultdict(set)
        self.pictures: dict[str, Picture] = {}
        self._whole_frames: dict[str, tuple[Picture, bytes]] = {}
        self._sockets: Counter[int] = Counter()
        self._coming: Counter[str] = Counter()
        # Reading PostgreSQL lets others run; an older picture must not replace a newer one.
        self._rendering = RLock()

    def add(self, connection: Connection) -> None:
        """Count a screen in; it watches nothing yet."""
        self.connections.add(connection)
        self._sockets[connection.identity.account_id] += 1

    def remove(self, connection: Connection) -> None:
        """Forget a screen that is gone, and pictures that nobody watches any more."""
        if connection in self.connections:
            self.connections.discard(connection)
            self._count_out(connection.identity.account_id)
        for scope in [scope for scope, watching in self.watchers.items() if connection in watching]:
            self.watchers[scope].discard(connection)
            if not self.watchers[scope]:
                del self.watchers[scope]
                self._forget_unless_wanted(scope)

    def _count_out(self, account_id: int) -> None:
        self._sockets[account_id] -= 1
        if not self._sockets[account_id]:
            del self._sockets[account_id]

    def sockets_of(self, account_id: int) -> int:
        """How many screens an account has open."""
        return self._sockets[account_id]

    @property
    def pause(self) -> float:
        """Seconds that screens wait on an average before they look whether we are there again."""
        return min(max(len(self.connections) / RETURNING_PER_SECOND, SHORTEST_PAUSE), LONGEST_PAUSE)

    def watch(self, connection: Connection, scope: str, version: str, question: int = 0) -> bool:
        """Let a screen follow a scope; bring it up to date if it shows another version, and say that it is.

        Returns False when there is no such scope, or not for this person.
        """
        at = time.monotonic()
        if not self._may_watch(connection, scope):
            return False
        with self._wanting(scope):
            picture = self.pictures.get(scope)
            if picture is None or not picture.is_valid(self._revision(scope), clock.now()):
                self.refresh({scope})
            # From here on nothing waits: no push can slip in between, and nobody can go.
            if not connection.is_open:
                return False
            picture = self.pictures[scope]
            self.watchers[scope].add(connection)
            if version != picture.version:
                connection.send(self._whole_frame(scope))
            connection.send(beat_frame(scope, picture.version, at, pause=self.pause, question=question))
        return True

    @contextmanager
    def _wanting(self, scope: str) -> Iterator[None]:
        """Keep the picture of a scope up to date for somebody who is about to watch it.

        Reading PostgreSQL lets others run: the last screen that watches may leave meanwhile.
        """
        self._coming[scope] += 1
        try:
            yield
        finally:
            self._coming -= Counter([scope])
            self._forget_unless_wanted(scope)

    def _is_wanted(self, scope: str) -> bool:
        return scope in self.watchers or self._coming[scope] > 0

    def _forget_unless_wanted(self, scope: str) -> None:
        if not self._is_wanted(scope):
            self.pictures.pop(scope, None)
            self._whole_frames.pop(scope, None)

    def _whole_frame(self, scope: str) -> bytes:
        """The frame with every section, made once: after a restart a thousand screens ask for it."""
        picture = self.pictures[scope]
        made_of, frame = self._whole_frames.get(scope, (None, b""))
        if made_of is not picture:
            frame = picture_frame(news(scope, picture, picture.sections))
            self._whole_frames[scope] = (picture, frame)
        return frame

    def _may_watch(self, connection: Connection, scope: str) -> bool:
        found = page_of(scope)
        if found is None:
            return False
        page, number = found
        with self.app.app_context():
            return page.may_watch(connection.identity, number)

    def _revision(self, scope: str) -> int:
        with self.app.app_context():
            return revisions.number(scope)

    def refresh(self, scopes: Collection[str]) -> None:
        """Render the scopes anew that somebody watches; push the sections that differ."""
        for scope in [*scopes]:
            if self._is_wanted(scope):
                with self._rendering:
                    self._refresh(scope)

    def _refresh(self, scope: str) -> None:
        self._drop_those_who_may_no_longer(scope)
        before = self.pictures.get(scope)
        after = self._picture(scope)
        self.pictures[scope] = after
        if before is not None and (differing := after.differing(before.sections)):
            self._push(scope, picture_frame(news(scope, after, differing, since=before.version)))

    def _picture(self, scope: str) -> Picture:
        found = page_of(scope)
        assert found is not None, scope
        page, number = found
        with under_public_url(self.app), snapshot():
            return page.picture(number, clock.now())

    def _push(self, scope: str, frame: bytes) -> None:
        for connection in [*self.watchers.get(scope, ())]:
            if connection.is_open:
                connection.send(frame)

    def _drop_those_who_may_no_longer(self, scope: str) -> None:
        for connection in [*self.watchers.get(scope, ())]:
            if not self._may_watch(connection, scope):
                self.watchers[scope].discard(connection)

    def refresh_what_is_due(self, now: datetime) -> None:
        """Render anew what changes by the clock: a shift that begins, midnight."""
        self.refresh(
            {
                scope
                for scope, picture in self.pictures.items()
                if picture.valid_until is not None and picture.valid_until <= now
            }
        )

    def beat(self, looked_at: Callable[[], float | None], wait: Callable[[float], None], seconds: float) -> None:
        """Tell every screen within so many seconds that what it shows was true when we last looked.

        ``looked_at`` is asked before each turn for the instant of that look, and
        answers None when nothing is sure; ``wait`` lets others have their turn.
        """
        rooms = {scope: [*watching] for scope, watching in self.watchers.items()}
        turns = sum(-(-len(watching) // BEATS_AT_ONCE) for watching in rooms.values())
        for scope, watching in rooms.items():
            for start in range(0, len(watching), BEATS_AT_ONCE):
                at = looked_at()
                if at is not None:
                    self._beat(scope, watching[start : start + BEATS_AT_ONCE], at)
                wait(seconds / turns)

    def _beat(self, scope: str, watching: Collection[Connection], at: float) -> None:
        if (picture := self.pictures.get(scope)) is None:
            return
        frame = beat_frame(scope, picture.version, at, pause=self.pause)
        for connection in watching:
            # A proof behind a backlog would prove nothing when it arrives.
            if connection.is_open and not connection.is_behind and connection in self.watchers.get(scope, ()):
                connection.send(frame)

    def close_ended_sessions(self) -> None:
        """Close the screens whose session was ended or has expired, or whose account was suspended."""
        open_ids = {connection.identity.session_id for connection in self.connections}
        with self.app.app_context():
            alive = alive_sessions(open_ids, clock.now())
        for connection in [*self.connections]:
            if connection.identity.session_id not in alive:
                connection.close()

    def close_all(self) -> None:
        """Close every screen, so that none calls itself live when we can no longer know."""
        for connection in [*self.connections]:
            connection.close()
