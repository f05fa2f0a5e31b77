"""Socket.IO's rooms, which nothing here sends to."""

from socketio import Manager


class OneRoom(Manager):  # type: ignore[misc]
    """Knows every screen, and gives none a room of its own.

    The library looks into all rooms for a screen that goes: with one of each
    for itself, five thousand that went at once held up everybody else for seconds.
    """

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Enter the room of all; a screen's own has its name."""
        if room != sid:
            super().basic_enter_room(sid, namespace, room, eio_sid)
