"""Whoever goes is looked for in one place, however many stay."""

import pytest
from socketio import Server

from cpts_net.live.rooms import OneRoom

HERE = "/"


@pytest.fixture
def manager():
    manager = OneRoom()
    Server(async_mode="threading", client_manager=manager).manager.initialize()
    return manager


def come(manager, transport):
    screen = manager.pre_connect(transport, HERE)
    manager.connect(screen, HERE)
    return screen


def test_screens_share_one_room(manager):
    screens = [come(manager, transport) for transport in ("a", "b", "c")]

    assert list(manager.rooms[HERE]) == [None]
    assert [manager.eio_sid_from_sid(screen, HERE) for screen in screens] == ["a", "b", "c"]


def test_a_screen_that_goes_leaves_the_others(manager):
    goes, stays = come(manager, "a"), come(manager, "b")

    manager.pre_disconnect(goes, HERE)
    manager.disconnect(goes, HERE)

    assert not manager.is_connected(goes, HERE)
    assert manager.is_connected(stays, HERE)
    manager.disconnect(stays, HERE)
    assert not manager.rooms
