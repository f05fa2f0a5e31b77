"""What is told to a page that does not look as it should: it fetches itself anew, and shows no mixture."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_rows import Open

DAYS = (date(2026, 8, 12), date(2026, 8, 14))
LIST = "absents-medecin-generaliste-list"
REMOVE = "(id) => document.getElementById(id).remove()"


@pytest.fixture
def leave(make):
    """Let a doctor be away, and tell of it."""

    def declared(name: str) -> None:
        make.absence(make.person("Zoé", name), *DAYS)
        make.announce("continuity")

    for name in ("Aubry", "Boyer", "Chaumet", "Dubois", "Élie", "Fabre"):
        declared(name)
    return declared


@pytest.fixture
def board(windows, window, make, leave) -> Page:
    page: Page = window(make.account(make.person("Inès", "Boyer", profession="60")))
    page.clock.install()
    return page


def test_a_row_for_a_list_that_the_page_has_not_makes_it_ask_for_the_whole(board, leave):
    opened = Open(board, "/continuite/")
    board.evaluate(REMOVE, LIST)

    leave("Lenoir")

    expect(board.locator("#absents")).to_contain_text("Zoé Lenoir")
    assert ["changes" in news for news in opened.told] == [True, False]
    opened.shows_what_is_loaded_anew()
    expect(board.locator("[data-freshness]")).to_have_text("en direct")


def test_a_row_since_another_version_is_not_put(board, leave):
    opened = Open(board, "/continuite/")
    board.evaluate("() => { document.querySelector('[data-live]').dataset.revision = 'another'; }")
    board.evaluate("(list) => document.querySelector(`#${list} > li`).remove()", LIST)

    leave("Lenoir")

    expect(board.locator("#absents")).to_contain_text("Zoé Lenoir")
    opened.shows_what_is_loaded_anew()
    expect(board.locator("[data-freshness]")).to_have_text("en direct")


def test_a_page_of_other_sections_loads_itself_anew_and_never_more_than_once_a_minute(board, leave):
    """As it does after an upgrade: it was drawn by an older product."""
    Open(board, "/continuite/")
    board.evaluate(REMOVE, "absents")
    leave("Lenoir")
    expect(board.locator("[data-freshness]")).to_have_text(re.compile("données de"))
    board.reload()
    expect(board.locator("[data-freshness]")).to_have_text("en direct")

    for _ in range(20):  # Shorter than what passes for a sleep.
        board.clock.run_for(3_100)
    expect(board.locator("[data-freshness]")).to_have_text("en direct")
    board.evaluate(REMOVE, "absents")
    board.evaluate("() => { window.isOld = true; }")
    leave("Martin")
    board.wait_for_function("() => !window.isOld")

    expect(board.locator("#absents")).to_contain_text("Zoé Martin")
    expect(board.locator("[data-freshness]")).to_have_text("en direct")


def test_a_change_of_several_parts_is_said_once(board, leave):
    opened = Open(board, "/continuite/")
    board.evaluate(
        """() => {
          window.heard = 0;
          const spoken = document.querySelector("[data-announce]");
          spoken.textContent = ""; // What was said within the same minute is not said again.
          new MutationObserver(() => { window.heard += 1; }).observe(spoken, { childList: true });
        }"""
    )

    leave("Lenoir")

    expect(board.locator("#absents")).to_contain_text("Zoé Lenoir")
    assert len(opened.put()) > 1
    assert board.evaluate("window.heard") == 1
