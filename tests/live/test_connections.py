"""What a screen is written, as fast as its network takes it."""

import socket

import gevent
import pytest

from cpts_net.live import connections
from cpts_net.live.connections import Connection


@pytest.fixture
def pair():
    ours, theirs = gevent.socket.socketpair()
    theirs.settimeout(60)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_screen_that_reads_too_slowly_is_let_go_at_the_bound(pair, monkeypatch):
    ours, theirs = pair
    monkeypatch.setattr(connections, "LARGEST_BACKLOG", 100_000)
    slow = Connection(ours, identity=None, language="fr")
    frame = bytes(50_000)

    sent = 0
    while slow.is_open and sent < 100:
        slow.send(frame)
        sent += 1
        assert not slow.is_open or slow._behind <= 100_000

    assert not slow.is_open
    assert sent > 2
    with pytest.raises(BrokenPipeError):
        slow.send(frame)
    while theirs.recv(1 << 20):  # What was on its way, and then the end.
        pass


def test_a_screen_that_catches_up_is_kept_and_gets_everything_in_order(pair):
    ours, theirs = pair
    slow = Connection(ours, identity=None, language="fr")
    frames = [bytes([number]) * 300_000 for number in range(5)]
    for frame in frames:
        slow.send(frame)
    was_behind = slow.is_behind

    received = b""
    while len(received) < 1_500_000 and (more := theirs.recv(1 << 20)):
        received += more
    gevent.sleep(0)

    assert (was_behind, slow.is_open, slow.is_behind) == (True, True, False)
    assert received == b"".join(frames)


def test_the_bound_is_eight_megabytes():
    """A thousand slow screens may cost 8 GB at the very most; a page is a tenth of one."""
    assert connections.LARGEST_BACKLOG == 8 * 1024 * 1024


def test_a_socket_that_ends_while_it_is_written_to_closes_its_screen(pair):
    ours, theirs = pair
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    theirs.close()
    screen = Connection(ours, identity=None, language="fr")

    screen.send(b"\x81\x00")
    if screen.is_open:
        screen.send(b"\x81\x00")

    assert not screen.is_open
