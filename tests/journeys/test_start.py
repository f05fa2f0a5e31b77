"""What `make run` starts fits together: three processes, two ports, one address."""

import socket

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Windows


@pytest.fixture
def is_alone():
    return True


def test_the_board_is_live_as_soon_as_the_network_is_started(browser, installation, make):
    account = make.account(make.person("Inès", "Boyer", profession="60"))
    installation.start_as_people_do()
    windows = Windows(browser, installation)

    page = windows.open(account)
    page.goto("/continuite/")

    expect(page.locator("[data-freshness]")).to_have_text("en direct")
    assert windows.unforgiven() == []
    windows.close()
    installation.interrupt("start")


def test_nothing_goes_on_when_the_command_is_told_to_end(installation):
    installation.start_as_people_do()

    installation.stop("start")

    for port in installation.ports.values():
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port))
