"""How soon a phone on a slow line shows the board, as the browser itself plays one, behind the shipped nginx."""

import statistics
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import select

from bench.tables import Section, reached, table
from cpts_net.accounts.models import Account
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.journeys import proxy
from tests.journeys.conftest import DESK, FLAGS, PHONE
from tests.journeys.product import Product
from tests.programs import program

MEMBERS = 226
TURNS = 9
LATENCY_MS, KBIT_PER_SECOND = 400, 400
GOAL_SECONDS, GOAL_KIB = 1.5, 20
WINDOWS = {"phone": PHONE, "desk": DESK}
BOARD, ELSEWHERE = "/continuite/", "/plus/"
HEAD = ("window", "gzip KiB", "goal", "reached", "first paint s", "slowest s", "goal", "reached", "all there s")
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
# What the browser noted of the page that it shows: times in milliseconds from the press on.
NOTED = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  return {
    bytes: page.encodedBodySize,
    connecting: page.connectEnd - page.connectStart,
    arrived: page.responseEnd,
    absent: document.querySelectorAll("#absents [data-row]").length,
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    fetched: performance.getEntriesByType("resource").reduce((sum, each) => sum + each.encodedBodySize * !!each.transferSize, 0),
  };
}"""


@dataclass(frozen=True)
class Opened:
    """One opening of the board; ``fetched`` is what came of files that ought to be kept already, in bytes."""

    bytes: int
    connecting: float
    arrived: float
    absent: int
    painted: float
    fetched: int


def section() -> Section:
    """Medians of openings from another page, in a window of each size."""
    with (
        TemporaryDirectory(prefix="cpts-bench-") as folder,
        closing(_product(Path(folder))) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program("chromium", variable="CHROMIUM"), args=FLAGS)
        found = {f"{name}, {size[0]} px": [*_openings(browser, product, size)] for name, size in WINDOWS.items()}
        browser.close()
    return _said(found)


def _product(folder: Path) -> Product:
    """The demonstration on a Wednesday in August, when forty are away, running as operators are told to run it."""
    product = Product(folder, proxy.USUAL)
    product.command("db", "upgrade")
    product.command("demo", "load", "--members", str(MEMBERS), "--date", f"{NOW:%Y-%m-%d}")
    product.start()
    return product


def _openings(browser: Browser, product: Product, size: tuple[int, int]) -> Iterator[Opened]:
    """The board opened by a member from another page, whose connection is open and whose files are kept."""
    page = _signed_in(browser, product, size)
    line = page.context.new_cdp_session(page)
    page.goto(BOARD, wait_until="load")
    for _turn in range(TURNS):
        page.goto(ELSEWHERE, wait_until="load")
        _slow(line, LATENCY_MS, KBIT_PER_SECOND * 1000 / 8)
        page.goto(BOARD, wait_until="load")
        page.wait_for_function(PAINTED)  # A busy machine paints after what it calls loaded.
        yield Opened(**page.evaluate(NOTED))
        _slow(line, 0, -1)
    page.context.close()


def _signed_in(browser: Browser, product: Product, size: tuple[int, int]) -> Page:
    """A window of a member's."""
    context = browser.new_context(
        base_url=product.url, viewport={"width": size[0], "height": size[1]}, locale="fr-FR", ignore_https_errors=True
    )
    with product.app.app_context():
        account = db.session.scalars(select(Account).where(Account.role == Role.MEMBER).order_by(Account.id)).first()
        name = product.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": product.cookie_of(account), "url": product.url, "secure": True}])
    return context.new_page()


def _slow(line: CDPSession, latency: float, bytes_per_second: float) -> None:
    """Let the browser play this line; minus one is as quick as it goes."""
    conditions = {"offline": False, "latency": latency, "downloadThroughput": bytes_per_second}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": bytes_per_second})


def _said(found: dict[str, list[Opened]]) -> Section:
    rows = [_row(window, openings) for window, openings in found.items()]
    every = [each for openings in found.values() for each in openings]
    connected = sum(each.connecting > 0 for each in every)
    fetched = sum(each.fetched for each in every)
    missed = []
    if max(each.bytes for each in every) > GOAL_KIB * 1024:
        missed.append("board's page with gzip")
    if max(_painted(openings) for openings in found.values()) > GOAL_SECONDS:
        missed.append("first paint of the board")
    text = (
        f"{TURNS} openings each, medians: {LATENCY_MS} ms and {KBIT_PER_SECOND} kbit/s, {MEMBERS} members,"
        f" {every[0].absent} of them away on {NOW:%-d %B %Y}. New connections: {connected}; fetched of fonts, styles and scripts: {fetched} bytes."
    )
    return Section("paint", f"{text}\n\n{table(HEAD, rows)}", missed)


def _row(window: str, openings: list[Opened]) -> tuple[str, ...]:
    kib = statistics.median(each.bytes for each in openings) / 1024
    painted = _painted(openings)
    return (
        window,
        f"{kib:.1f}",
        f"{GOAL_KIB}",
        reached(kib <= GOAL_KIB),
        f"{painted:.2f}",
        f"{max(each.painted for each in openings) / 1000:.2f}",
        f"{GOAL_SECONDS:g}",
        reached(painted <= GOAL_SECONDS),
        f"{statistics.median(each.arrived for each in openings) / 1000:.2f}",
    )


def _painted(openings: list[Opened]) -> float:
    """Median seconds until something is to be read."""
    return statistics.median(each.painted for each in openings) / 1000
