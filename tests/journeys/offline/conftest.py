"""A phone that may lose its network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import proxy
from tests.journeys.conftest import CHROMIUMS, FLAGS, PHONE
from tests.journeys.test_live_board import DAYS
from tests.programs import program

TRUSTING = [*FLAGS, "--ignore-certificate-errors"]


@pytest.fixture
def address() -> str:
    """Workers run over TLS alone."""
    return proxy.USUAL


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """One that takes our certificate for good by its own flag: with an exception it would run no worker."""
    executable = program(*CHROMIUMS, variable="CHROMIUM")
    trusting = browser.browser_type.launch(executable_path=executable, args=TRUSTING)
    yield trusting
    trusting.close()


@pytest.fixture
def phone(windows, window) -> Callable[..., Page]:
    """Somebody's phone, which may lose its network."""
    windows.tolerate(r"ERR_|socket\.io|status of 50[24]")

    def open_phone(account) -> Page:
        return window(account, size=PHONE, service_workers="allow")

    return open_phone


@pytest.fixture
def nurse(make):
    make.absence(make.person("Zoé", "Lenoir"), *DAYS)
    return make.account(make.person("Inès", "Boyer", profession="60"))
