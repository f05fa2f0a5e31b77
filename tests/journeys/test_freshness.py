"""What a page says of itself: never “en direct” without a proof, and the truth again at once."""

import json
import re
import signal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, PHONE, axe
from tests.journeys.test_live_board import DAYS, freshness

LIVE = "en direct"
ABSENT = "#absents-medecin-generaliste"


@pytest.fixture
def board(windows, window, make):
    """A board that is live, of a community with doctors."""
    make.person()
    windows.tolerate(r"socket\.io")
    page = window(make.account(make.person("Inès", "Boyer", profession="60")))
    page.goto("/continuite/")
    expect(freshness(page)).to_have_text(LIVE)
    return page


class Line:
    """The socket of one page, whose messages a test may hold up on their way."""

    def __init__(self, page: Page) -> None:
        self.window = page
        self.is_held = False
        self.held: list[str] = []
        self.questions = 0
        self.opened = 0
        page.route_web_socket(re.compile("socket.io"), self._opened)

    def _opened(self, ours) -> None:
        self.opened += 1
        self.page, self.server = ours, ours.connect_to_server()
        ours.on_message(self._asked)
        self.server.on_message(self._said)

    def _asked(self, message: str) -> None:
        self.questions += message.startswith('42["watch"')
        self.server.send(message)

    def _said(self, message: str) -> None:
        if self.is_held:
            self.held.append(message)
        else:
            self.page.send(message)

    def await_held(self, words: str) -> None:
        """Wait until a message with these words is held up."""
        for _ in range(PATIENCE // 50):
            if any(words in message for message in self.held):
                return
            self.window.wait_for_timeout(50)  # Lets messages come; there is no event to wait for.
        raise AssertionError(f"no {words}: {self.held}")

    def let_go(self) -> None:
        for message in self.held:
            self.page.send(message)
        self.held.clear()


@pytest.fixture
def line(windows, window, make):
    """The line of a board that is live."""
    make.person()
    windows.tolerate(r"socket\.io")
    page = window(make.account(make.person("Inès", "Boyer", profession="60")))
    page.clock.install()
    held = Line(page)
    page.goto("/continuite/")
    expect(freshness(page)).to_have_text(LIVE)
    return held


NOT_LIVE, STALE = '[data-freshness]:not([data-state="live"])', '[data-freshness][data-state="stale"]'


def test_a_mute_line_is_not_live_and_the_page_goes_on_over_http(board, product, make):
    live = product.running["live"]

    live.send_signal(signal.SIGSTOP)
    expect(freshness(board)).to_have_text(re.compile(r"données de \d\d"))
    make.absence(make.person("Zoé", "Lenoir"), *DAYS)
    make.announce("continuity")
    board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # Looked at again, it asks at once.
    expect(board.locator(ABSENT)).to_contain_text("Zoé Lenoir")
    expect(freshness(board)).to_have_text(re.compile(r"données de \d\d"))
    axe(board)
    live.send_signal(signal.SIGCONT)

    expect(freshness(board)).to_have_text(LIVE)


def test_a_laptop_that_slept_knows_that_it_did(line):
    line.is_held = True

    line.window.clock.fast_forward("30:00")

    line.window.locator(NOT_LIVE).wait_for()
    line.is_held = False
    expect(freshness(line.window)).to_have_text(LIVE)


def test_old_proofs_that_arrive_late_prove_nothing(line):
    line.is_held = True
    line.window.evaluate("document.dispatchEvent(new Event('freeze'))")
    expect(freshness(line.window)).to_have_text(re.compile(r"données de \d\d"))
    line.await_held('"beat"')
    states = record_states(line.window)

    line.window.clock.fast_forward(6_000)
    line.let_go()

    assert "live" not in line.window.evaluate(states)
    line.is_held = False
    expect(freshness(line.window)).to_have_text(LIVE)


def record_states(page: Page) -> str:
    """Write down what the line says from now on; returns the expression that reads it."""
    page.evaluate(
        """() => {
          window.states = [];
          const line = document.querySelector("[data-freshness]");
          new MutationObserver(() => states.push(line.dataset.state)).observe(line, {attributes: true});
        }"""
    )
    return "window.states"


def test_looked_at_again_a_page_asks_once_at_once(line):
    before = line.questions

    line.window.evaluate(
        """() => {
          document.dispatchEvent(new Event("visibilitychange"));
          document.dispatchEvent(new Event("resume"));
          window.dispatchEvent(new Event("online"));
        }"""
    )

    expect(freshness(line.window)).to_have_text(LIVE)
    assert line.questions == before + 1


def test_a_push_that_was_lost_is_made_good_by_the_next(line, make):
    line.is_held = True
    make.absence(make.person("Zoé", "Lenoir"), *DAYS)
    make.announce("continuity")
    line.await_held('"picture"')
    line.held.clear()
    line.is_held = False
    make.absence(make.person("Marc", "Petit"), *DAYS)
    make.announce("continuity")

    expect(line.window.locator(ABSENT)).to_contain_text("Marc Petit")
    expect(line.window.locator(ABSENT)).to_contain_text("Zoé Lenoir")
    expect(freshness(line.window)).to_have_text(LIVE)


def test_a_page_opens_no_socket_in_vain(board, product):
    """Browsers make who does wait for up to five seconds before the next."""
    opened, heard, looks = [], [], []

    def is_opened(socket):
        opened.append(socket)
        socket.on("framereceived", lambda _frame: heard.append(socket))

    board.on("websocket", is_opened)
    board.on("requestfailed", lambda request: looks.append(request.url))

    product.stop("live")
    while len(looks) < 5:
        board.wait_for_event("requestfailed")

    assert opened == []
    product.start("live")
    expect(freshness(board)).to_have_text(LIVE)
    assert opened
    assert all(socket in heard for socket in opened)


def test_a_screen_reader_hears_what_lasts_and_hears_it_once(line, product):
    page = line.window
    page.evaluate(
        """() => {
          window.heard = [];
          const spoken = document.querySelector("[data-announce]");
          new MutationObserver(() => heard.push(spoken.textContent)).observe(spoken, {childList: true});
        }"""
    )
    assert page.locator("[data-freshness]").get_attribute("role") is None
    seen = line.questions
    for _ in range(3):  # Questions and answers, and the beats between them.
        page.clock.fast_forward(1_100)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(freshness(page)).to_have_text(LIVE)
    assert line.questions == seen + 3
    assert page.evaluate("window.heard") == []

    product.stop("live")
    page.locator(STALE).wait_for()
    page.clock.fast_forward("10:00")
    product.start("live")
    expect(freshness(page)).to_have_text(LIVE)

    spoken = [re.sub(r"\d\d\u202fh\u202f\d\d", "H", text) for text in page.evaluate("window.heard")]
    assert spoken == ["données de H", LIVE]


def test_who_may_no_longer_see_a_page_is_told_so(windows, window, make, product):
    windows.tolerate(r"socket\.io|status of 404")
    account = make.account(make.person("Inès", "Boyer", profession="60"))
    page = window(account, size=PHONE)
    page.goto("/continuite/")
    expect(freshness(page)).to_have_text(LIVE)
    page.route("**/continuite/sections", lambda route: route.fulfill(status=404, body=json.dumps({})))

    product.stop("live")

    expect(freshness(page)).to_have_text("vous n’avez plus accès à cette page")
