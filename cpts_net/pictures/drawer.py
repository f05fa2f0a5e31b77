"""Draws, after a change and beside the requests, what many are about to ask for: none of them waits for it."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event, Thread

from flask import Flask

from cpts_net import clock
from cpts_net.pictures.kept import kept
from cpts_net.storage.numbers import numbers
from cpts_net.storage.transaction import snapshot
from cpts_net.web.without_request import under_public_url

log = logging.getLogger(__name__)

LAG = 0.5  # Seconds: a page may show what was so at most so long ago, while this draws.
PAUSE = 0.1  # Seconds between two drawings: what changes meanwhile is drawn together.


class Drawer(Thread):
    """A thread of the web process that keeps some pictures drawn."""

    def __init__(self, app: Flask, pictures: Sequence[Callable[[datetime], object]]) -> None:
        super().__init__(name="drawer", daemon=True)
        self._app = app
        self._pictures = pictures
        self._has_changed = Event()

    def start(self) -> None:
        """Draw from now on after every change that this process makes, or meets."""
        with self._app.app_context():
            kept().wake = numbers().on_doubt = self._has_changed.set
        super().start()

    def run(self) -> None:
        """Draw what has changed, again and again."""
        while True:
            self._has_changed.wait()
            self._has_changed.clear()
            try:
                self.draw()
            except Exception:
                log.exception("drawing ahead failed; who asks will draw")
            time.sleep(PAUSE)

    def draw(self) -> None:
        """Have every picture drawn that is not good any more."""
        for picture in self._pictures:
            with under_public_url(self._app), snapshot():
                picture(clock.now())
