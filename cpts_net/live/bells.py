"""How much each of those who have a page open has not read: told to a person's own screens, and to nobody else's.

One scope is bumped whoever is told something. So all who are here are asked about in
one question, and only the screens of those whose number is another hear of it.
"""

from collections.abc import Collection, Mapping

from flask import Flask
from gevent.lock import RLock

from cpts_net.live.connections import Connection
from cpts_net.live.events import unread_frame
from cpts_net.notices import queries
from cpts_net.notices.queries import Unseen
from cpts_net.storage.transaction import snapshot


class Bells:
    """Rings the bells of open screens; each remembers what it was told last."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        # Reading PostgreSQL lets others run: an older number must not follow a newer one.
        self._ringing = RLock()

    def ring(self, connections: Collection[Connection]) -> set[int]:
        """Tell the screens whose number is another than they were told; return the people whose it is.

        A screen that has asked for nothing yet is greeted when it does.
        """
        return self._tell([each for each in connections if each.unseen is not None])

    def greet(self, connection: Connection) -> None:
        """Tell a screen its number for the first time."""
        if connection.unseen is None:
            self._tell([connection])

    def _tell(self, connections: Collection[Connection]) -> set[int]:
        with self._ringing:
            unseen = self._read({each.identity.person_id for each in connections})
            return {each.identity.person_id for each in connections if _has_told(each, unseen[each.identity.person_id])}

    def _read(self, person_ids: Collection[int]) -> Mapping[int, Unseen]:
        if not person_ids:
            return {}
        with self.app.app_context(), snapshot():
            return queries.unseen(person_ids)


def _has_told(connection: Connection, unseen: Unseen) -> bool:
    """Whether there was something to tell, also to a screen that is gone meanwhile."""
    if connection.unseen == unseen:
        return False
    connection.unseen = unseen
    if connection.is_open:
        connection.send(unread_frame(unseen.number))
    return True
