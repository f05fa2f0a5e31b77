"""Every page and what refuses one, at four widths, light and dark: axe finds nothing."""

import pytest
from playwright.sync_api import Page

from tests.house.community import Community
from tests.journeys.conftest import AXE
from tests.journeys.test_large_text import pages

WIDTHS = (360, 768, 1280, 1920)
RUN = """(rules) => axe.run(document, {resultTypes: ["violations"], ...rules}).then(({violations}) => violations.map(
  ({id, nodes}) => `${id}: ${nodes.map(({target}) => target).slice(0, 3).join(" | ")}`))"""
# What colours change: all else is as it was in the light.
LOOKS = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
WITH_A_STATE = (
    "/recherche/?q=petit",
    "/recherche/?q=zzz",
    "/annuaire/?q=zzz",
    "/annuaire/?lignes=serrees",
    "/nulle-part",
)


def findings(page: Page, path: str) -> list[str]:
    """What axe finds on a page, opened once; each width and each look is tried on it as it stands."""
    response = page.goto(path)
    if response is None or "text/html" not in response.headers.get("content-type", ""):
        return []
    page.evaluate(AXE)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for look, rules in LOOKS.items():
            page.emulate_media(color_scheme=look, reduced_motion="reduce")
            found += [f"{path} at {width}, {look}: {each}" for each in page.evaluate(RUN, rules)]
    return found


@pytest.mark.parametrize("name", ["administrator", "lead", "guest"])
def test_axe_finds_nothing_on_any_page(windows, installation, product, make, name):
    windows.tolerate("404")
    community = Community(make, is_guarded=False)
    page = windows.open(community.accounts[name])

    found = [each for path in [*pages(product, community), *WITH_A_STATE] for each in findings(page, path)]

    assert "\n".join(found) == ""
