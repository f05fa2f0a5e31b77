"""What is drawn beside the requests: nobody waits for it, nobody sees what is older than promised."""

import threading

import pytest

from cpts_net import clock
from cpts_net.continuity.drawing import Drawing, drawing
from cpts_net.pictures import kept
from cpts_net.pictures.drawer import LAG, Drawer
from cpts_net.storage.numbers import numbers
from tests.conftest import NOW

DAY = NOW.date()


@pytest.fixture
def drawer(app):
    """The thread of the web process; it draws when the test lets it, and what it was woken for is counted."""
    drawn = []
    made = Drawer(app, [drawn.append])
    made.drawn = drawn
    with app.app_context():
        kept.kept().wake = numbers().on_doubt = made._has_changed.set
        yield made
        kept.kept().wake, numbers().on_doubt = None, lambda: None


@pytest.fixture
def reader(make, sign_in):
    return sign_in(make.account(make.person("Inès", "Boyer", profession="60")))


def board(browser):
    return browser.get("/continuite/").text


def test_a_reader_gets_what_was_so_just_now_while_it_is_drawn_anew(drawer, reader, make):
    board(reader)
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.announce("continuity")

    assert "Anne Petit" not in board(reader)
    assert drawer._has_changed.is_set()


def test_what_was_drawn_beside_is_what_the_next_reader_gets(app, drawer, reader, make):
    drawer._pictures = [drawing]
    board(reader)
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.announce("continuity")

    drawer.draw()

    assert "Anne Petit" in board(reader)


def test_what_is_a_readers_own_is_drawn_beside_as_well(drawer, reader, make, monkeypatch):
    drawer._pictures = [drawing]
    board(reader)
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.announce("continuity")
    drawer.draw()
    monkeypatch.setattr(Drawing, "_draw_parts", lambda *_: 1 / 0)

    assert "Anne Petit" in board(reader)


def test_nobody_gets_what_is_older_than_promised(app, drawer, reader, make, monkeypatch):
    board(reader)
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.announce("continuity")
    with app.app_context():
        for entry in kept.kept()._entries.values():
            entry.sure_at -= LAG * 1.01

    assert "Anne Petit" in board(reader)


def test_who_has_just_changed_something_sees_it(drawer, make, sign_in):
    anne = make.person("Anne", "Petit")
    browser = sign_in(make.account(anne))
    board(browser)

    browser.post(
        "/absences/nouvelle",
        data={"first_day": DAY.isoformat(), "last_day": DAY.isoformat(), "kind": "holiday", "person": anne.id},
    )

    assert "de retour" in board(browser)
    assert "Anne Petit" in board(browser)


def test_without_anybody_who_draws_nobody_gets_what_is_old(reader, make):
    board(reader)
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.announce("continuity")

    assert "Anne Petit" in board(reader)


def test_a_drawing_that_fails_ends_nothing(app, make, monkeypatch):
    """The thread goes on, and draws after the next change."""
    has_drawn, failed = threading.Event(), threading.Event()

    def draw(_now):
        if not failed.is_set():
            failed.set()
            raise OSError("the base is away")
        has_drawn.set()

    monkeypatch.setattr("cpts_net.pictures.drawer.PAUSE", 0)
    drawer = Drawer(app, [draw])
    drawer.start()
    try:
        make.announce("continuity")
        assert failed.wait(30)
        make.announce("continuity")
        assert has_drawn.wait(30)
    finally:
        with app.app_context():
            kept.kept().wake, numbers().on_doubt = None, lambda: None
    assert clock.now() == NOW
