"""Another program holds the lock of the SQLite file for longer than anybody waits for it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Request, expect

from tests.journeys.conftest import PHONE
from tests.journeys.product import Product
from tests.journeys.test_live_board import freshness
from tests.journeys.test_postgresql_killed import ABSENT, NOTE, fill_in_a_leave, kept_notes, send

LOCKED_SECONDS = 9


@contextmanager
def locked(product: Product) -> Iterator[threading.Timer]:
    """Somebody holds the write lock of the file, until the timer ends: a backup tool, a shell left in a transaction."""
    somebody = sqlite3.connect(product.folder / "cpts.sqlite3", isolation_level=None, check_same_thread=False)
    somebody.execute("BEGIN IMMEDIATE")
    release = threading.Timer(LOCKED_SECONDS, lambda: somebody.execute("ROLLBACK"))
    release.start()
    try:
        yield release
    finally:
        release.join()
        somebody.close()


def is_a_leave(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/absences/nouvelle")


def test_a_file_locked_for_nine_seconds_is_read_meanwhile_and_keeps_what_was_typed(product, windows, make):
    nurse, doctor = make.account(make.person("Inès", "Boyer", profession="60")), make.account(make.person())
    windows.tolerate("status of 503")
    board, phone = windows.open(nurse), windows.open(doctor, PHONE)
    fill_in_a_leave(phone)
    with locked(product) as release:
        answered = []
        phone.on("response", lambda answer: is_a_leave(answer.request) and answered.append(answer.status))
        # Without waiting for the answer, as a click would: the board is looked at meanwhile.
        phone.get_by_role("button", name="Enregistrer").evaluate("button => setTimeout(() => button.click())")
        board.goto("/continuite/")
        expect(freshness(board)).to_have_text("en direct")
        assert release.is_alive()  # Read while the file is locked.

        expect(phone.get_by_role("heading", level=1)).to_have_text("Le réseau est occupé")
        expect(phone.get_by_role("main")).to_contain_text(NOTE)
        assert not kept_notes(product)
        send(phone, "Envoyer de nouveau")  # Waits its turn: the lock is still held.
        expect(phone.get_by_role("status").first).to_contain_text("enregistré")

    assert answered == [503, 303]
    assert kept_notes(product) == [NOTE]
    expect(board.locator(ABSENT)).to_contain_text("Dr Anne Petit")
