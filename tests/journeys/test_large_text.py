"""Every page at twice the text size, on the smallest phone: nothing sticks out, and everything can be hit with a thumb."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from cpts_net.meetings.models import Meeting, Poll
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.house.community import Community
from tests.journeys.conftest import PHONE

STICKS_OUT = """() => {
  const edge = document.documentElement.clientWidth;
  return [...document.querySelectorAll("main *")]
    .filter((each) => each.getBoundingClientRect().right > edge + 1 && !each.closest(".scroll-x, .visually-hidden"))
    .map((each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 30)}`).slice(0, 3);
}"""
# Links in running text are as high as their line (WCAG 2.5.8 lets them), boxes are pressed by their label.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, select, textarea, summary, input:not([type=checkbox], [type=radio])")]
  .filter((each) => getComputedStyle(each).display !== "inline" && !each.closest(".visually-hidden"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && box.height < 43.5)
  .map(([each, box]) => `${each.tagName} ${each.textContent.trim().slice(0, 30)} ${Math.round(box.height)}`).slice(0, 3)"""


def pages(product, community) -> list[str]:
    """Every page that is opened by GET, of this community."""
    rules = [rule for rule in product.app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    values = community.values
    opened = [
        rule.build({name: values[name] for name in rule.arguments}) for rule in rules if rule.arguments <= set(values)
    ]
    return sorted(path for _domain, path in opened)


def stay_offline(page: Page) -> None:
    """Let pages that stand in for others without network find none, or they would go while they are looked at."""
    looks = "**/manifest.webmanifest"
    page.route(
        looks, lambda route: route.fulfill(status=404) if route.request.resource_type == "fetch" else route.continue_()
    )


def faults(page: Page, path: str) -> list[str]:
    response = page.goto(path)
    if response is None or "text/html" not in response.headers.get("content-type", "") or response.status != 200:
        return []
    small = [f"{path}: too small: {each}" for each in page.evaluate(TOO_SMALL)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return small + [f"{path}: sticks out: {each}" for each in page.evaluate(STICKS_OUT)]


@pytest.mark.parametrize("name", ["administrator", "lead"])
def test_no_page_is_too_wide_or_too_small(windows, installation, product, make, name):
    windows.tolerate("404")
    community = Community(make, is_guarded=False)
    page = windows.open(community.accounts[name], PHONE)
    stay_offline(page)

    found = [fault for path in pages(product, community) for fault in faults(page, path)]

    assert "\n".join(found) == ""


def test_a_thing_whose_name_is_one_long_word_makes_no_page_wider(windows, product, make):
    windows.tolerate("404")
    community = Community(make, is_guarded=False)
    with product.app.app_context(), transaction():
        for called in (Meeting, Poll):
            db.session.execute(update(called).values(title="Ré" * 48))
    page = windows.open(community.accounts["lead"], PHONE)
    stay_offline(page)

    found = []
    for path in pages(product, community):
        response = page.goto(path)
        if response is not None and "text/html" in response.headers.get("content-type", ""):
            found += [f"{path}: sticks out: {each}" for each in page.evaluate(STICKS_OUT) if "RéRé" in each]

    assert "\n".join(found) == ""
