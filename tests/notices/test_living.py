"""Whether anybody sends what is written down, as workers say it themselves."""

from datetime import timedelta
from threading import Event, Thread

import pytest

from cpts_net import worker
from cpts_net.notices.living import SILENT_AFTER, Life, living, sign
from cpts_net.storage.transaction import snapshot, transaction
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def seen(app):
    """Has a worker say at some instant that it lives, or ends."""

    def given(at, **said):
        with app.app_context(), transaction():
            sign(at, **said)

    return given


@pytest.fixture
def life(app):
    def read(at):
        with app.app_context(), snapshot():
            return living(at)

    return read


def test_before_the_first_worker_nobody_was_seen(life):
    assert life(NOW).life is Life.NEVER_SEEN


def test_one_that_was_just_seen_lives_and_one_that_says_nothing_for_long_does_not(life, seen):
    seen(NOW)

    assert life(NOW + SILENT_AFTER).life is Life.LIVES
    assert life(NOW + SILENT_AFTER + SECOND).life is Life.SILENT
    assert life(NOW + SILENT_AFTER + SECOND).seen_at == NOW


def test_one_that_ended_said_so_and_the_next_one_lives_again(life, seen):
    seen(NOW)
    seen(NOW + SECOND, ends=True)
    assert (life(NOW + SECOND).life, life(NOW + SECOND).seen_at) == (Life.ENDED, NOW + SECOND)

    seen(NOW + 2 * SECOND)
    assert life(NOW + 2 * SECOND).life is Life.LIVES


def test_a_worker_says_that_it_lives_and_that_it_ends(app, life, monkeypatch):
    stop, looked = Event(), Event()
    monkeypatch.setattr(worker, "keep_house", lambda _now: looked.set() or True)
    working = Thread(target=worker.run, args=(app, stop))
    working.start()
    assert looked.wait(30)
    assert life(NOW).life is Life.LIVES

    stop.set()
    working.join(30)
    assert life(NOW).life is Life.ENDED
