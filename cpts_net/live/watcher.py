"""Noticing that a number rose, within milliseconds, on either database."""

import logging
import time
from collections.abc import Callable, Mapping

from flask import Flask

from cpts_net.storage.numbers import SLOW_POLL, Numbers, numbers

log = logging.getLogger(__name__)

# Seconds between two looks: at a counter, which takes microseconds; shorter while changes come, for
# each look wakes the process. PostgreSQL wakes us itself.
GLANCE, SHORT_GLANCE = 0.02, 0.005
QUIET = 0.5  # Seconds without a change after which the next one is shown at once.
BURST = 0.05  # Seconds that those which follow are gathered before anything is drawn.
LATE = 2.0  # Seconds without a look after which no screen may call itself live.
RETRY = 1.0


class Watcher:
    """Follows the numbers for as long as it is told to.

    ``on_change`` gets the scopes whose number rose, ``on_look`` is called at every
    look, once a second at the least.
    """

    def __init__(self, app: Flask, on_change: Callable[[set[str]], None], on_look: Callable[[], None]) -> None:
        self.app = app
        self.on_change = on_change
        self.on_look = on_look
        self.is_running = True
        self._seen: Mapping[str, int] = {}
        self._changed_at = float("-inf")
        self._last_look = float("-inf")
        self.looked_at = float("-inf")  # The instant whose state the pictures show, of the monotonic clock.

    def is_late(self) -> bool:
        """Whether a change may have gone unseen for longer than a screen may keep quiet about."""
        return time.monotonic() - self._last_look > LATE

    def run(self) -> None:
        """Watch; when the database goes away, come back to it."""
        with self.app.app_context():
            known = numbers()
        while self.is_running:
            try:
                self._look(known)
                known.wait(SLOW_POLL, SHORT_GLANCE if self._is_busy() else GLANCE)
            except Exception:
                # Whatever it was: a watcher that has ended would leave every screen in the past.
                log.exception("watching failed; trying again")
                self._seen = {}
                time.sleep(RETRY)
        known.close()

    def _is_busy(self) -> bool:
        return time.monotonic() - self._changed_at < QUIET

    def _look(self, known: Numbers) -> None:
        began = time.monotonic()
        now = known.known()
        if now is not self._seen:
            if self._is_busy():
                time.sleep(BURST)
                began, now = time.monotonic(), known.known()
            self._changed_at = began
            changed = {scope for scope, number in now.items() if self._seen.get(scope) != number}
            self.on_change(changed)
            self._seen = now
        self.on_look()
        self.looked_at = began
        self._last_look = time.monotonic()
