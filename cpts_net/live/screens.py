"""What every open screen shows, and what it has to be sent next."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from flask_babel import force_locale
from gevent.lock import RLock

from cpts_net import clock
from cpts_net.accounts.identity import alive_sessions
from cpts_net.live.bells import Bells
from cpts_net.live.connections import Connection
from cpts_net.live.events import beat_frame, picture_frame
from cpts_net.live.pages import Room, page_of
from cpts_net.pictures.live_page import LivePage
from cpts_net.pictures.news import news, news_since
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
    """The open connections, the pages that they watch and the last picture of each page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.connections: set[Connection] = set()
        self.watchers: dict[Room, set[Connection]] = defaultdict(set)
        self.pictures: dict[Room, Picture] = {}
        self._scopes: dict[Room, frozenset[str]] = {}
        self._whole_frames: dict[Room, tuple[Picture, bytes]] = {}
        self._sockets: Counter[int] = Counter()
        self._coming: Counter[Room] = Counter()
        # Reading PostgreSQL lets others run; an older picture must not replace a newer one.
        self._rendering = RLock()
        self._bells = Bells(app)

    def add(self, connection: Connection) -> None:
        """Count a screen in; it watches nothing yet."""
        self.connections.add(connection)
        self._sockets[connection.identity.account_id] += 1

    def remove(self, connection: Connection) -> None:
        """Forget a screen that is gone, and pictures that nobody watches any more."""
        if connection in self.connections:
            self.connections.discard(connection)
            self._count_out(connection.identity.account_id)
        for room in [room for room, watching in self.watchers.items() if connection in watching]:
            self.watchers[room].discard(connection)
            if not self.watchers[room]:
                del self.watchers[room]
                self._forget_unless_wanted(room)

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

    def watch(self, connection: Connection, address: str, version: str, question: int = 0) -> bool:
        """Let a screen follow a page; bring it up to date if it shows another version, and say that it is.

        Returns False when there is no such page, or not for this person.
        """
        at = time.monotonic()
        room = Room(address, connection.language)
        with self._wanting(room):
            if not self._is_let_in(connection, room):
                return False
            try:
                self._bring_up_to_date(room)
            except LookupError:
                return False  # A page of a known kind, of what does not exist.
            # From here on nothing waits: no push can slip in between, and nobody can go.
            if not connection.is_open:
                return False
            picture = self.pictures[room]
            self.watchers[room].add(connection)
            if version != picture.version:
                connection.send(self._whole_frame(room))
            connection.send(beat_frame(address, picture.version, at, pause=self.pause, question=question))
        self._bells.greet(connection)
        return True

    def _is_let_in(self, connection: Connection, room: Room) -> bool:
        if (found := page_of(room.address)) is None:
            return False
        page, key = found
        if page.may_watch is None and connection.identity.is_guest:
            return False
        with self.app.app_context():
            if page.may_watch and not page.may_watch(key, {connection.identity.person_id}):
                return False
            if room not in self._scopes:
                self._scopes[room] = frozenset(page.scopes(key))
        return True

    @contextmanager
    def _wanting(self, room: Room) -> Iterator[None]:
        """Keep the picture of a page up to date for somebody who is about to watch it.

        Reading PostgreSQL lets others run: the last screen that watches may leave meanwhile.
        """
        self._coming[room] += 1
        try:
            yield
        finally:
            self._coming -= Counter([room])
            self._forget_unless_wanted(room)

    def _is_wanted(self, room: Room) -> bool:
        return room in self.watchers or self._coming[room] > 0

    def _forget_unless_wanted(self, room: Room) -> None:
        if not self._is_wanted(room):
            for of_room in (self.pictures, self._scopes, self._whole_frames):
                of_room.pop(room, None)

    def _whole_frame(self, room: Room) -> bytes:
        """The frame with every section, made once: after a restart a thousand screens ask for it."""
        picture = self.pictures[room]
        made_of, frame = self._whole_frames.get(room, (None, b""))
        if made_of is not picture:
            frame = picture_frame(news(room.address, picture))
            self._whole_frames[room] = (picture, frame)
        return frame

    def refresh(self, scopes: Collection[str]) -> None:
        """Show what has changed in the scopes to all who watch a page that names one of them."""
        rung = self._bells.ring(self.connections) if revisions.NOTICES in scopes else set()
        for room, of_room in [*self._scopes.items()]:
            if not of_room.isdisjoint(scopes) and _concerns(room, rung):
                self._refresh(room)

    def _refresh(self, room: Room) -> None:
        if not self._is_wanted(room):
            return
        try:
            self._drop_those_who_may_no_longer(room)
            self._bring_up_to_date(room)
        except LookupError:
            # What it showed is gone. Nothing is proved to its screens any more, and the others go on.
            self.watchers.pop(room, None)
            self._forget_unless_wanted(room)

    def _bring_up_to_date(self, room: Room) -> None:
        """Push the parts that differ from what is shown; nothing is drawn while the numbers of its scopes stand."""
        with self._rendering:
            before, after = self.pictures.get(room), self._picture(room)
            self.pictures[room] = after
            if before is not None and before.version != after.version:
                self._push(room, before, after)

    def _picture(self, room: Room) -> Picture:
        page, key = _known_page(room)
        with under_public_url(self.app), force_locale(room.language), snapshot():
            return page.picture(key, clock.now())

    def _push(self, room: Room, before: Picture, after: Picture) -> None:
        frame = picture_frame(news_since(room.address, after, before))
        for connection in [*self.watchers.get(room, ())]:
            if connection.is_open:
                connection.send(frame)

    def _drop_those_who_may_no_longer(self, room: Room) -> None:
        """One question for all who watch, and none where all may."""
        page, key = _known_page(room)
        if page.may_watch is None or not (watching := self.watchers.get(room)):
            return
        asked = [*watching]  # Whoever comes in meanwhile was asked at the door.
        with self.app.app_context():
            allowed = page.may_watch(key, {each.identity.person_id for each in asked})
        for connection in asked:
            if connection.identity.person_id not in allowed:
                watching.discard(connection)

    def refresh_what_is_due(self, now: datetime) -> None:
        """Show what changes by the clock: a shift that begins, midnight."""
        for room, picture in [*self.pictures.items()]:
            if picture.valid_until is not None and picture.valid_until <= now:
                self._refresh(room)

    def beat(self, looked_at: Callable[[], float | None], wait: Callable[[float], None], seconds: float) -> None:
        """Tell every screen within so many seconds that what it shows was true when we last looked.

        ``looked_at`` is asked before each turn for the instant of that look, and
        answers None when nothing is sure; ``wait`` lets others have their turn.
        """
        rooms = {room: [*watching] for room, watching in self.watchers.items()}
        turns = sum(-(-len(watching) // BEATS_AT_ONCE) for watching in rooms.values())
        for room, watching in rooms.items():
            for start in range(0, len(watching), BEATS_AT_ONCE):
                at = looked_at()
                if at is not None:
                    self._beat(room, watching[start : start + BEATS_AT_ONCE], at)
                wait(seconds / turns)

    def _beat(self, room: Room, watching: Collection[Connection], at: float) -> None:
        if (picture := self.pictures.get(room)) is None:
            return
        frame = beat_frame(room.address, picture.version, at, pause=self.pause)
        for connection in watching:
            # A proof behind a backlog would prove nothing when it arrives.
            if connection.is_open and not connection.is_behind and connection in self.watchers.get(room, ()):
                connection.send(frame)

    def close_ended_sessions(self) -> None:
        """Close the screens whose session was ended or has expired, or whose account was suspended."""
        # Reading PostgreSQL lets others run: whoever comes in meanwhile was not asked about.
        asked = [*self.connections]
        with self.app.app_context():
            alive = alive_sessions({connection.identity.session_id for connection in asked}, clock.now())
        for connection in asked:
            if connection.identity.session_id not in alive:
                connection.close()

    def close_all(self) -> None:
        """Close every screen, so that none calls itself live when we can no longer know."""
        for connection in [*self.connections]:
            connection.close()


def _concerns(room: Room, rung: Collection[int]) -> bool:
    """Whether the page is everybody's, or of one of those whose bell rang."""
    page, key = _known_page(room)
    return not page.is_of_one or int(key) in rung


def _known_page(room: Room) -> tuple[LivePage, str]:
    found = page_of(room.address)
    assert found is not None, room
    return found
