import queue
import threading

import pytest

from cpts_net.live.watcher import Watcher
from cpts_net.storage import revisions
from cpts_net.storage.transaction import transaction


@pytest.fixture(autouse=True)
def frozen():
    """The watcher measures real time."""


@pytest.fixture
def noticed(app):
    """A running watcher's queue of changed scopes, its first look already taken."""
    changes: queue.Queue[set[str]] = queue.Queue()
    watcher = Watcher(app, changes.put, lambda: None)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    changes.get(timeout=5)
    yield changes
    watcher.is_running = False
    thread.join(timeout=5)


def bump(app, *scopes):
    with app.app_context(), transaction():
        revisions.bump(*scopes)


def some(changes):
    """The next changes that name a scope; the slow poll of PostgreSQL names none."""
    while not (scopes := changes.get(timeout=5)):
        pass
    return scopes


def test_a_commit_is_noticed_with_the_scopes_that_it_changed(app, noticed):
    bump(app, "group:7", "meetings")
    first = some(noticed)
    bump(app, "group:7")

    assert (first, some(noticed)) == ({"group:7", "meetings"}, {"group:7"})


def test_a_burst_is_noticed_whole(app, noticed):
    for number in range(5):
        bump(app, f"poll:{number}")

    seen = set()
    while len(seen) < 5:
        seen |= some(noticed)
    assert seen == {f"poll:{number}" for number in range(5)}


def test_a_watcher_that_has_not_looked_is_late(app):
    assert Watcher(app, lambda _: None, lambda: None).is_late()
