"""What every open screen shows, and what it has to be sent next."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from flask import Flask
from gevent.lock import RLock

from cpts_net import clock
from cpts_net.accounts.identity import alive_sessions
from cpts_net.live.connections import Connection
from cpts_net.live.frames import text_frame
from cpts_net.live.pages import page_of
from cpts_net.pictures.picture import Picture, Sections
from cpts_net.storage import revisions
from cpts_net.storage.transaction import snapshot


class Screens:
    """The open connections, the scopes that they watch and the last picture of each scope."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.connections: set[Connection] = set()
        self.watchers: dict[str, set[Connection]] = defaultdict(set)
        self.pictures: dict[str, Picture] = {}
        self._whole_frames: dict[str, tuple[Picture, bytes]] = {}
        # Reading PostgreSQL lets others run; an older picture must not replace a newer one.
        self._rendering = RLock()

    def add(self, connection: Connection) -> None:
        """Count a screen in; it watches nothing yet."""
        self.connections.add(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a screen that is gone, and pictures that nobody watches any more."""
        self.connections.discard(connection)
        for scope in [scope for scope, watching in self.watchers.items() if connection in watching]:
            self.watchers[scope].discard(connection)
            if not self.watchers[scope]:
                del self.watchers[scope]
                self.pictures.pop(scope, None)
                self._whole_frames.pop(scope, None)

    def sockets_of(self, account_id: int) -> int:
        """How many screens an account has open."""
        return sum(connection.identity.account_id == account_id for connection in self.connections)

    def watch(self, connection: Connection, scope: str, version: str) -> bool:
        """Let a screen follow a scope; bring it up to date if it shows another version.

        Returns False when there is no such scope, or not for this person.
        """
        if not self._may_watch(connection, scope):
            return False
        picture = self.pictures.get(scope)
        if picture is None or not picture.is_valid(self._revision(scope), clock.now()):
            self.refresh({scope}, asked_for={scope})
        # From here on nothing waits: no push can slip in between.
        picture = self.pictures[scope]
        self.watchers[scope].add(connection)
        is_behind = version != picture.version
        connection.send(self._whole_frame(scope) if is_behind else picture_frame(scope, picture, {}))
        return True

    def _whole_frame(self, scope: str) -> bytes:
        """The frame with every section, made once: after a restart a thousand screens ask for it."""
        picture = self.pictures[scope]
        made_of, frame = self._whole_frames.get(scope, (None, b""))
        if made_of is not picture:
            frame = picture_frame(scope, picture, picture.sections)
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

    def refresh(self, scopes: Collection[str], *, asked_for: Collection[str] = ()) -> None:
        """Render the scopes anew that somebody watches; push the sections that differ."""
        for scope in [*scopes]:
            if scope in self.watchers or scope in asked_for:
                with self._rendering:
                    self._refresh(scope)

    def _refresh(self, scope: str) -> None:
        self._drop_those_who_may_no_longer(scope)
        before = self.pictures.get(scope)
        after = self._picture(scope)
        self.pictures[scope] = after
        if before is not None and (differing := after.differing(before.sections)):
            self._push(scope, after, differing)

    def _picture(self, scope: str) -> Picture:
        found = page_of(scope)
        assert found is not None, scope
        page, number = found
        with self.app.test_request_context(), snapshot():
            return page.picture(number, clock.now())

    def _push(self, scope: str, picture: Picture, sections: Sections) -> None:
        frame = picture_frame(scope, picture, sections)
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


def picture_frame(scope: str, picture: Picture, sections: Sections) -> bytes:
    """One websocket frame with a Socket.IO event that brings a screen to ``picture``.

    ``42`` is an Engine.IO message with a Socket.IO event in it (protocols 4 and 5).
    """
    news = {"scope": scope, "revision": picture.version, "sections": dict(sections)}
    return text_frame("42" + json.dumps(["picture", news], ensure_ascii=False, separators=(",", ":")))
