"""One running product for many journeys, one after the other, each with rows of its own."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

from cpts_net.notices.models import WorkerSign
from tests.conftest import sweep
from tests.journeys.product import Product

# Journeys know what happens around the hour at which the product's clock began.
AT_MOST_SECONDS = 300


class KeptRunning:
    """Starts a product when a journey asks for one, and another once the last one is no more what it was."""

    def __init__(self, base: Path, new_folder: Callable[[], Path]) -> None:
        self._base = base
        self._new_folder = new_folder
        self._address = ""
        self._product: Product | None = None

    def get(self, address: str) -> Product:
        """A product that runs at this address, without any rows."""
        if self._product is None or (self._address, self._is_old()) != (address, False):
            self.close()
            self._address = address
            self._product = Product(self._new_folder(), address)
            self._product.use(self._base)
            self._product.start()
            self._as_started = _state(self._product)
        return self._product

    def _is_old(self) -> bool:
        return self._product is not None and time.monotonic() - self._product.began > AT_MOST_SECONDS

    def tidy(self) -> None:
        """Leave nothing of a journey to the next one: what ended a process, or turned the clock, ends the product."""
        if self._product is None:
            return
        for process in self._product.running.values():
            process.send_signal(signal.SIGCONT)  # A journey that failed may have left it frozen.
        if _state(self._product) != self._as_started:
            self.close()
            return
        with self._product.app.app_context():
            sweep(but=WorkerSign.__tablename__)  # Written by the worker, each minute, and shown where it is missing.
        for mail in (self._product.folder / "mail").glob("*"):
            mail.unlink(missing_ok=True)  # The worker gives the last one its name.

    def close(self) -> None:
        if self._product:
            self._product.close()
        self._product = None


def _state(product: Product) -> tuple[object, ...]:
    """All by which one product differs from another that has just been started, but for rows and mails."""
    alive = {name: process.pid for name, process in product.running.items() if process.poll() is None}
    return alive, product.began, product.root, dict(product.environment)
