"""By the keyboard alone: every stop is seen, and in the order of the page; and nothing moves for whoever wants it so."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NOW
from tests.house.community import Community
from tests.journeys.conftest import DESK, PHONE

A_WEEK = date(2026, 8, 12)
PATHS = (
    "/continuite/",
    "/continuite/semaines/",
    "/astreintes/{slug}/",
    "/mon-planning/",
    "/reunions/sondages/{poll_id}",
    "/absences/nouvelle",
)
MOST_STOPS = 90
# Where the keyboard is: what it is, whether that is seen, and whether it comes after the stop before.
STOP = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || (window.lastStop && here.matches(".skip"))) return null;
  if (here === window.lastStop) return ["", true, true];  // A day is typed in parts.
  const isAfter = !window.lastStop || Boolean(window.lastStop.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.lastStop = here;
  const shown = here.matches("input.visually-hidden") ? here.nextElementSibling : here;
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(shown);
  const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const isIn = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return [`${here.tagName} ${(here.id || here.textContent.trim()).slice(0, 40)}`, isMarked && isIn, isAfter];
}"""
MOVES = """() => [...document.querySelectorAll("*")].flatMap((each) => [null, "::before", "::after"].map((part) => {
  const style = getComputedStyle(each, part);
  const isMoving = style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
  return isMoving || style.scrollBehavior === "smooth" ? `${each.tagName}.${each.className}${part ?? ""}` : null;
})).filter(Boolean).slice(0, 3)"""


@pytest.fixture
def community(make):
    """The small community of the house, in which the lead has something on every page."""
    community = Community(make, is_guarded=False)
    lead = community.members["lead"]
    make.absence(lead, A_WEEK, A_WEEK + timedelta(days=2))
    make.seat(
        make.slot(make.line("nuit", name="Nuit"), NOW + timedelta(days=5), NOW + timedelta(days=5, hours=2)), lead
    )
    return community


def stops(page: Page) -> list[str]:
    """What is wrong with the stops of the tabulator, from the top of the page until it leaves that."""
    wrong = []
    for _number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(STOP)
        if found is None:
            break
        name, is_seen, is_after = found
        wrong += [f"{page.url}: {name} is not seen"] if not is_seen else []
        wrong += [f"{page.url}: {name} is out of order"] if not is_after else []
    return wrong


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_stop_of_the_keyboard_is_seen_and_in_order(window, community, size):
    page = window(community.accounts["lead"], size=size, reduced_motion="reduce")

    found = []
    for path in PATHS:
        page.goto(path.format(**community.values))
        found += stops(page)

    assert "\n".join(found) == ""


def test_nothing_moves_for_whoever_wants_it_so(window, community):
    page = window(community.accounts["lead"], reduced_motion="reduce")

    found = {}
    for path in PATHS:
        page.goto(path.format(**community.values))
        page.evaluate("document.querySelectorAll('main li, main tr').forEach((row) => row.classList.add('changed'))")
        page.evaluate(
            "document.querySelectorAll('button').forEach((button) => button.setAttribute('aria-disabled', 'true'))"
        )
        found[path] = page.evaluate(MOVES)

    assert {path: moving for path, moving in found.items() if moving} == {}


def test_the_planning_is_read_day_by_day_and_walked_by_keys(window, community):
    page = window(community.accounts["lead"])
    page.goto("/mon-planning/")

    heard = page.locator("main").aria_snapshot().replace("\u202f", " ").replace("\u00a0", " ")

    for words in (
        'heading "Mon planning"',
        'table "Huit semaines, jour par jour"',
        'columnheader "lundi"',
        "12 absence",
        "17 astreinte 10 h",
        'heading "Aujourd’hui"',
        'heading "Ce qui a changé pour moi en sept jours"',
    ):
        assert words in heard, heard
        heard = heard[heard.index(words) + len(words) :]
    assert "listitem: astreinte" not in heard  # What the colours mean.
    page.get_by_role("link", name="17 astreinte 10 h").focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_contain_text("Nuit")
