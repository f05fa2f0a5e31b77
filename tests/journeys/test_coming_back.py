"""The push process is frozen, killed and started again under 250 screens; three of them are real browsers."""

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import proxy
from tests.journeys.crowd import Crowd

SCREENS, BROWSERS = 250, 3
STALE_WITHIN = 10.0  # Seconds after the last proof.
PATIENCE = 60  # Seconds; what is promised is measured.
LIVE_WITHIN = 2.0  # Seconds after the push process listens.
LIVE, NOT_LIVE = '[data-freshness][data-state="live"]', '[data-freshness]:not([data-state="live"])'


@pytest.fixture
def crowd(product, make):
    """All but the browsers, each of an account of its own: one account has only so many."""
    accounts = [make.account() for _ in range(SCREENS - BROWSERS)]
    cookies = [product.cookie_of(account) for account in accounts]
    url = product.url if product.proxy else f"http://localhost:{product.ports['live']}"
    name = product.app.config["SESSION_COOKIE_NAME"]
    where = proxy.ADDRESS if product.proxy else ""
    with Crowd(url, cookies, name=name, origin=product.url, host=where, scope="continuity") as pages:
        yield pages


@pytest.fixture
def boards(windows, window, make):
    windows.tolerate(r"socket\.io")
    nurses = [make.account(make.person("Inès", f"Boyer {number}", profession="60")) for number in range(BROWSERS)]
    opened = [window(nurse) for nurse in nurses]
    for board in opened:
        board.goto("/continuite/")
        expect(board.locator(LIVE)).to_be_visible()
    return opened


def listens_since(port):
    """Wait until somebody accepts connections there; return the instant."""
    pause = threading.Event()
    for _ in range(6_000):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return time.monotonic()
        pause.wait(0.005)
    raise AssertionError("nobody listens")


def slowness():
    """How many times longer than on a machine of its own something takes here now."""
    wall, cpu = time.perf_counter(), time.thread_time()
    while time.thread_time() - cpu < 0.2:
        pass
    return (time.perf_counter() - wall) / (time.thread_time() - cpu)


def queued(crowd, live):
    """Seconds that the push process, and who plays the screens, have stood in line for a processor since they began."""
    times = (f"/proc/{live.pid}/schedstat", f"/proc/self/task/{crowd.thread_id}/schedstat")
    return [int(Path(time).read_text().split()[1]) / 1e9 for time in times]


def all_live(crowd, boards, since, live):
    """Seconds after ``since`` when the last screen was live, but for those in which others had the processors."""
    before = queued(crowd, live)
    for board in boards:
        board.locator(LIVE).wait_for()
    assert crowd.await_live(PATIENCE), crowd.count_live()
    waited = max(after - then for then, after in zip(before, queued(crowd, live), strict=True))
    return max(time.monotonic() if boards else since, crowd.live_since()[-1]) - since - waited


def all_stale(crowd, boards, since):
    """Seconds after ``since`` when no screen called itself live any more."""
    for board in boards:
        board.locator(NOT_LIVE).wait_for()
    assert crowd.await_stale(PATIENCE), crowd.count_live()
    return time.monotonic() - since


@pytest.mark.parametrize("address", ["", proxy.OTHER_PORT], ids=["bare", "behind nginx"])
def test_screens_say_so_when_the_push_process_is_frozen_or_killed_and_are_back_at_once(product, crowd, boards):
    assert crowd.await_live(PATIENCE), crowd.count_live()
    busy = [slowness()]
    process = product.running["live"]

    process.send_signal(signal.SIGSTOP)
    frozen = all_stale(crowd, boards, time.monotonic())
    busy.append(slowness())
    process.send_signal(signal.SIGCONT)
    thawed = all_live(crowd, boards, time.monotonic(), process)
    busy.append(slowness())

    product.stop("live", with_signal=signal.SIGKILL)
    killed = all_stale(crowd, boards, time.monotonic())
    busy.append(slowness())
    started = threading.Thread(target=product.start, args=("live",))
    started.start()
    since = listens_since(product.ports["live"])
    back = all_live(crowd, boards, since, product.running["live"])
    started.join()
    busy.append(slowness())

    # What other programs take of the processors meanwhile is not ours to promise.
    assert max(frozen, killed) <= STALE_WITHIN * max(busy), (frozen, killed, busy)
    assert max(thawed, back) <= LIVE_WITHIN * max(busy), (thawed, back, busy)
