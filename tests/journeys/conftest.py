"""The ground of the journeys: the real product, and a real browser that forgives no error."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from cpts_net.accounts.models import Account
from tests.factories import Factory
from tests.journeys import proxy
from tests.journeys.kept_running import KeptRunning
from tests.journeys.product import ROOT, Product
from tests.programs import program

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same browser; a page of a new person takes it a seventh of the time.
WITHOUT_WINDOWS = ("chromium-headless-shell", "chrome-headless-shell")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    f"--host-resolver-rules=MAP {proxy.NAMES} {proxy.ADDRESS}",
]
# How long a journey waits for what must come; a machine that does much else may be slow, and is not at fault.
PATIENCE = 30_000  # Milliseconds.
expect.set_options(timeout=PATIENCE)
PHONE = (360, 740)
DESK = (1280, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("journey")


@pytest.fixture(autouse=True)
def frozen() -> None:
    """Journeys run in real time; the product's own clock begins where the tests' does."""


@pytest.fixture(scope="session")
def empty_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that the migrations built, to be copied."""
    product = Product(tmp_path_factory.mktemp("base"))
    product.command("db", "upgrade")
    product.close()
    return product.folder / "cpts.sqlite3"


@pytest.fixture
def address() -> str:
    """Where the product is found: without proxy at a port of localhost.

    A journey at a real address, behind the shipped nginx, says
    ``@pytest.mark.parametrize("address", [proxy.USUAL])``; ``proxy.OTHER_PORT``
    is the same name with another port than https's own.
    """
    return ""


@pytest.fixture
def is_alone() -> bool:
    """Whether the journey has a product of its own, not started yet; a module that needs one says so by this name."""
    return False


@pytest.fixture(scope="session")
def kept_running(empty_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRunning]:
    """What most journeys share: three processes take longer to start than most journeys last."""
    kept = KeptRunning(empty_base, lambda: tmp_path_factory.mktemp("product"))
    yield kept
    kept.close()


@pytest.fixture
def installation(
    empty_base: Path, kept_running: KeptRunning, tmp_path: Path, address: str, is_alone: bool
) -> Iterator[Product]:
    """The product, migrated and without rows; not started yet where the journey is alone with it."""
    if not is_alone:
        yield kept_running.get(address)
        kept_running.tidy()
        return
    kept_running.close()
    product = Product(tmp_path, address)
    product.use(empty_base)
    yield product
    product.close()


@pytest.fixture
def product(installation: Product) -> Product:
    """The running product."""
    if not installation.running:
        installation.start()
    return installation


@pytest.fixture
def make(installation: Product) -> Factory:
    """Builds committed rows in the product's database; nobody has the number or the address of an earlier journey."""
    factory = Factory(installation.app)
    factory.serial = installation.serial
    return factory


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real, headless Chromium: the one that has no windows around its pages, where it is installed."""
    executable = program(*WITHOUT_WINDOWS, *CHROMIUMS, variable="CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class Windows:
    """Opens windows of the product, each a browser of its own, and keeps what went wrong in them."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self.browser = browser
        self.product = product
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []
        # The browser calls a form that was refused an error; it is what we mean it to be.
        self.tolerated = [r"status of 422"]

    def open(
        self, account: Account | None = None, size: tuple[int, int] = DESK, *, is_dark: bool = False, **options: object
    ) -> Page:
        """A window in which the account is signed in; a stranger's without one.

        Without service worker, which would stand between the page and a journey that listens or interferes;
        ``service_workers="allow"`` lets it in.
        """
        options.setdefault("service_workers", "block")
        context = self.browser.new_context(
            base_url=self.product.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if is_dark else "light",
            locale="fr-FR",
            timezone_id="Europe/Paris",
            ignore_https_errors=True,  # The certificate of the tests signs itself.
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if account:
            is_secure = self.product.url.startswith("https:")
            name = self.product.app.config["SESSION_COOKIE_NAME"]
            cookie = {
                "name": name,
                "value": self.product.cookie_of(account),
                "url": self.product.url,
                "secure": is_secure,
            }
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page

    def tolerate(self, pattern: str) -> None:
        """Forgive the errors that match, because the journey causes them on purpose."""
        self.tolerated.append(pattern)

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def unforgiven(self) -> list[str]:
        return [error for error in self.errors if not any(re.search(pattern, error) for pattern in self.tolerated)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def windows(browser: Browser, product: Product) -> Iterator[Windows]:
    """Windows of the product; the test fails if one of them reports an error."""
    opened = Windows(browser, product)
    yield opened
    opened.close()
    assert not opened.unforgiven(), f"{opened.unforgiven()}\n{product.logs()}"


@pytest.fixture
def window(windows: Windows) -> Callable[..., Page]:
    """A window in which an account is signed in: ``window(account, size=PHONE)``."""
    return windows.open


AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


# All that another look of the same page can change.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def axe(page: Page, rules: Mapping[str, object] | None = None) -> None:
    """Check the page as it is now for what keeps people out, by all ``rules`` unless some are given.

    Raises:
        AssertionError: naming each serious or critical violation and where it is.
    """
    page.wait_for_load_state()  # Half a page, or one without its sheets, is nobody's.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    run = "(rules) => axe.run(document, {resultTypes: ['violations'], ...rules}).then(result => result.violations)"
    violations = page.evaluate(run, {**(rules or {})})
    grave = [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']][:3]}"
        for violation in violations
        if violation["impact"] in {"serious", "critical"}
    ]
    assert not grave, f"{page.url}: {grave}"
