"""Every page and what refuses one, at four widths, light and dark: axe finds nothing."""

import pytest
from playwright.sync_api import Page

from cpts_net.roles import Role
from tests.house.community import Community
from tests.journeys.conftest import AXE, COLOURS
from tests.journeys.test_large_text import pages, stay_offline

WIDTHS = (360, 768, 1280, 1920)
RUN = """(rules) => axe.run(document, {resultTypes: ["violations"], preload: false, ...rules}).then(({violations}) => violations.map(
  ({id, nodes}) => `${id}: ${nodes.map(({target}) => target).slice(0, 3).join(" | ")}`))"""
# What colours change: all else is as it was in the light.
LOOKS = {"light": {}, "dark": COLOURS}
# What axe judges by, without what a page says: the rows of another person's page are no other finding.
OUTLINE = """() => {
  const copy = document.documentElement.cloneNode(true);
  copy.querySelectorAll("script, link, meta").forEach((each) => each.remove());
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.trim() && "·";
  for (const each of copy.querySelectorAll("*"))
    for (const {name, value} of [...each.attributes])
      each.setAttribute(name, /^(href|value|action|data-i)$/.test(name) ? "" : value.replace(/[0-9]+/g, "0"));
  return copy.outerHTML;
}"""
WITH_A_STATE = (
    "/recherche/?q=petit",
    "/recherche/?q=zzz",
    "/annuaire/?q=zzz",
    "/annuaire/?lignes=serrees",
    "/nulle-part",
)
ON_DAY_ONE = (
    *("/continuite/", "/continuite/semaines/", "/annuaire/", "/astreintes/", "/absences/", "/groupes/", "/reunions/"),
    *("/mon-planning/", "/avis/", "/administration/", "/administration/personnes/", "/administration/envois/"),
)


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The outlines of the pages that were looked at already, by anybody."""
    return set()


def findings(page: Page, path: str, seen: set[str]) -> list[str]:
    """What axe finds on a page that is like none of those ``seen``; each width and each look is tried on it as it stands."""
    response = page.goto(path)
    if response is None or "text/html" not in response.headers.get("content-type", ""):
        return []
    outline = page.evaluate(OUTLINE)
    if outline in seen:
        return []
    seen.add(outline)
    page.evaluate(AXE)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for look, rules in LOOKS.items():
            page.emulate_media(color_scheme=look, reduced_motion="reduce")
            found += [f"{path} at {width}, {look}: {each}" for each in page.evaluate(RUN, rules)]
    return found


@pytest.mark.parametrize("name", ["administrator", "lead", "guest"])
def test_axe_finds_nothing_on_any_page(windows, product, make, seen, name):
    windows.tolerate("404")
    community = Community(make, is_guarded=False)
    # On a slow machine the worker of the device would show the page of the unreachable network first.
    page = windows.open(community.accounts[name], service_workers="block")
    stay_offline(page)

    found = [each for path in [*pages(product, community), *WITH_A_STATE] for each in findings(page, path, seen)]

    assert "\n".join(found) == ""


def test_axe_finds_nothing_on_the_pages_of_day_one(windows, make, seen):
    """Of a community where nobody has done anything, as its first administrator finds them."""
    page = windows.open(make.account(role=Role.ADMINISTRATOR), service_workers="block")

    found = [each for path in ON_DAY_ONE for each in findings(page, path, seen)]

    assert "\n".join(found) == ""
