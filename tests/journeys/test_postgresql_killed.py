"""PostgreSQL goes away under people who read and write, and comes back; nobody starts anything of ours again."""

import re
import signal
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cpts_net.leave.models import Absence
from cpts_net.storage.connections import db
from tests.journeys import proxy
from tests.journeys.conftest import PHONE
from tests.journeys.product import Product
from tests.journeys.test_live_board import freshness
from tests.postgresql import server

FIRST, LAST = date(2026, 8, 12), date(2026, 8, 14)
NOTE = "De retour lundi, le cabinet rappelle"
ABSENT = "#absents-medecin-generaliste"
LIGHT_LOAD = 3  # Readers who ask without pause.


def fill_in_a_leave(page: Page) -> None:
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill(FIRST.isoformat())
    page.get_by_label("Au (compris)").fill(LAST.isoformat())
    page.get_by_label("Note").fill(NOTE)


def send(page: Page, button: str = "Enregistrer") -> None:
    page.get_by_role("button", name=button).click()


def kept_notes(product: Product) -> list[str]:
    with product.app.app_context():
        return list(db.session.scalars(select(Absence.note)))


class Readers:
    """The light load: they read the board without pause, and keep what they were answered."""

    def __init__(self, product: Product, cookies: list[str]) -> None:
        self.answers: Counter[tuple[int, bool]] = Counter()  # By status, and whether the page was ours.
        self._address = f"http://localhost:{product.ports['web']}/continuite/"
        self._host = urlsplit(product.url).netloc
        self._name = product.app.config["SESSION_COOKIE_NAME"]
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(cookie,)) for cookie in cookies]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def await_answer(self, status: int) -> None:
        """Wait until somebody is answered so from now on."""
        pause, before = threading.Event(), self._count(status)
        for _ in range(1200):
            if self._count(status) > before:
                return
            pause.wait(0.05)
        raise AssertionError(f"nobody is answered {status}: {self.answers}")

    def _count(self, status: int) -> int:
        return sum(number for (seen, _ours), number in list(self.answers.items()) if seen == status)

    def _read(self, cookie: str) -> None:
        headers = {"Host": self._host, "Cookie": f"{self._name}={cookie}"}
        asked = urllib.request.Request(self._address, headers=headers)
        while not self._is_over.wait(0.05):
            try:
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    status, page, later = answer.status, answer.read(), None
            except urllib.error.HTTPError as refused:
                status, page, later = refused.code, refused.read(), refused.headers["Retry-After"]
            is_ours = status == 200 or (bool(later) and "Le réseau est occupé" in page.decode())
            self.answers[status, is_ours] += 1


@contextmanager
def reading(product: Product, cookies: list[str]) -> Iterator[Readers]:
    readers = Readers(product, cookies)
    readers.start()
    try:
        yield readers
    finally:
        readers.end()


@pytest.fixture
def base():
    with server() as running:
        yield running


@pytest.fixture
def installation(base, kept_running, tmp_path):
    """The product as it is installed, on a server that may be ended; no other is at its address."""
    kept_running.close()
    product = Product(tmp_path, proxy.USUAL, base.url)
    product.command("db", "upgrade")
    yield product
    product.close()


def ask_a_relay(page: Page, name: str) -> None:
    page.get_by_role("combobox", name=re.compile("Relais")).press_sequentially(name)
    page.get_by_role("listbox").get_by_role("option").first.click()


def alive(product: Product) -> dict[str, int]:
    """The processes that run, by their names."""
    return {name: process.pid for name, process in product.running.items() if process.poll() is None}


@pytest.fixture
def readers(product, make):
    with reading(product, [product.cookie_of(make.account()) for _ in range(LIGHT_LOAD)]) as load:
        load.await_answer(200)
        yield load


def test_postgresql_killed_and_started_again_all_three_processes_heal(base, product, windows, make, readers):
    nurse = make.account(make.person("Inès", "Boyer", profession="60"))
    doctor, relay = make.account(make.person("Anne", "Petit")), make.account(make.person("Luc", "Martin"))
    windows.tolerate(r"socket\.io|status of 503")
    board, phone = windows.open(nurse), windows.open(doctor, PHONE)
    board.goto("/continuite/")
    expect(freshness(board)).to_have_text("en direct")
    fill_in_a_leave(phone)
    ask_a_relay(phone, "martin")
    processes = alive(product)

    base.end(signal.SIGQUIT)
    readers.await_answer(503)
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Le réseau est occupé")
    expect(phone.get_by_role("main")).to_contain_text(NOTE)
    expect(freshness(board)).to_have_text(re.compile(r"données de \d\d"))
    base.start()

    readers.await_answer(200)
    send(phone, "Envoyer de nouveau")
    expect(phone.get_by_role("status").first).to_contain_text("enregistré")
    expect(freshness(board)).to_have_text("en direct")
    expect(board.locator(ABSENT)).to_contain_text("Dr Anne Petit")
    assert product.mails(relay.email)
    assert set(readers.answers) == {(200, True), (503, True)}
    assert kept_notes(product) == [NOTE]
    assert alive(product) == processes
    assert (product.folder / "web.log").read_text().count("Booting worker") == 1
