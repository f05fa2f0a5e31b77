"""Several people at once, in real threads on a real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from cpts_net.storage.transaction import transaction


def at_once(app: Flask, *steps: Callable[[], Any]) -> list[Any]:
    """Run the steps in transactions that start together; what each returned or raised."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    return step()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))
