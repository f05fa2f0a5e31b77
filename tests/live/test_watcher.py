import queue
import threading
from types import SimpleNamespace

import pytest

from cpts_net.live.watcher import BURST, QUIET, Watcher
from cpts_net.storage import revisions
from cpts_net.storage.transaction import transaction
from tests.live.conftest import PATIENT


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
    changes.get(timeout=PATIENT)
    yield changes
    watcher.is_running = False
    thread.join(timeout=PATIENT)


def bump(app, *scopes):
    with app.app_context(), transaction():
        revisions.bump(*scopes)


def some(changes):
    """The next changes that name a scope; the slow poll of PostgreSQL names none."""
    while not (scopes := changes.get(timeout=PATIENT)):
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


class Counting:
    """Numbers that rise when a test says so."""

    def __init__(self) -> None:
        self.now = {"poll:1": 1}

    def rise(self) -> None:
        self.now = {"poll:1": self.now["poll:1"] + 1}

    def known(self) -> dict[str, int]:
        return self.now


@pytest.fixture
def paced(app, monkeypatch):
    """A watcher whose clock and pauses are the test's; what it told, and how long it gathered."""
    clock, pauses, told, counting = [100.0], [], [], Counting()

    def pause(seconds):
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr("cpts_net.live.watcher.time", SimpleNamespace(monotonic=lambda: clock[0], sleep=pause))
    watcher = Watcher(app, told.append, lambda: None)
    watcher._look(counting)
    told.clear()
    clock[0] += QUIET

    def look(after=0.0):
        clock[0] += after
        watcher._look(counting)

    return SimpleNamespace(look=look, rise=counting.rise, pauses=pauses, told=told, watcher=watcher)


def test_the_first_change_after_a_quiet_while_is_shown_at_once(paced):
    paced.rise()
    paced.look()

    assert (paced.told, paced.pauses) == ([{"poll:1"}], [])


def test_what_follows_is_gathered_and_shown_together(paced):
    paced.rise()
    paced.look()
    paced.rise()
    paced.look(after=0.01)

    assert (paced.told, paced.pauses) == ([{"poll:1"}] * 2, [BURST])


def test_the_glance_is_short_only_while_changes_come(paced):
    calm = paced.watcher._is_busy()
    paced.rise()
    paced.look()
    busy = paced.watcher._is_busy()
    paced.look(after=QUIET)

    assert (calm, busy, paced.watcher._is_busy()) == (False, True, False)
