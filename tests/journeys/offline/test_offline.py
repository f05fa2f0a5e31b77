"""A phone in a valley: what was seen last stays readable without network, and goes when it must."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import axe
from tests.journeys.offline.keeping import ABSENT, OFFLINE, await_kept, carry, pass_no_order_to_clear
from tests.journeys.test_live_board import DAYS, freshness

BACK_DATED = """async (instant) => {
  for (const name of (await caches.keys()).filter((each) => each.startsWith("carried-"))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const page = await cache.match(request);
      const headers = new Headers(page.headers);
      headers.set("X-Carried-At", instant);
      await cache.put(request, new Response(await page.text(), { headers }));
    }
  }
}"""


def test_the_board_shows_without_network_how_old_it_is_and_heals(phone, nurse, make):
    page = phone(nurse)
    page.goto("/continuite/")
    await_kept(page, "/continuite/")
    expect(freshness(page)).to_have_text("en direct")

    page.context.set_offline(True)
    page.reload()
    line = page.locator(".freshness")
    expect(line).to_have_text(OFFLINE)
    expect(page.locator(ABSENT)).to_contain_text("Zoé Lenoir")
    expect(page.locator("#on-call-title")).to_have_text(re.compile(r"^À \d\d\u202fh"))
    expect(page.get_by_text("s’y comptent à partir de ce jour-là")).to_be_hidden()
    axe(page)
    make.absence(make.person("Marc", "Petit"), *DAYS)
    make.announce("continuity")
    page.context.set_offline(False)

    expect(page.locator(ABSENT)).to_contain_text("Marc Petit")
    expect(freshness(page)).to_have_text("en direct")


def test_the_planning_too_and_any_other_page_leads_to_both(phone, nurse):
    page = phone(nurse)
    carry(page)

    page.context.set_offline(True)
    page.goto("/annuaire/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau pour l’instant")
    expect(page.get_by_role("link", name="Le tableau de continuité")).to_contain_text(re.compile(r"données de \d\d"))
    axe(page)
    page.get_by_role("link", name="Mon planning").click()
    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    expect(page.get_by_role("heading", name="Mon planning")).to_be_visible()
    page.goto("/")
    expect(page.locator(ABSENT)).to_contain_text("Zoé Lenoir")
    page.goto("/annuaire/")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", level=1)).to_have_text("Annuaire")


def test_a_server_that_is_gone_is_no_network_either(phone, nurse, product):
    page = phone(nurse)
    carry(page)

    product.stop("web")
    page.reload()

    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    product.start("web")
    expect(freshness(page)).to_have_text("en direct")


def test_what_was_seen_live_is_what_is_kept(phone, nurse, make):
    page = phone(nurse)
    page.goto("/continuite/")
    await_kept(page, "/continuite/")
    make.absence(make.person("Marc", "Petit"), *DAYS)
    make.announce("continuity")
    expect(page.locator(ABSENT)).to_contain_text("Marc Petit")
    expect(freshness(page)).to_have_text("en direct")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for _ in range(600):
        if page.evaluate("async () => (await (await caches.match('/continuite/')).text()).includes('Marc Petit')"):
            break
        page.wait_for_timeout(50)

    page.context.set_offline(True)
    page.reload()

    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    expect(page.locator(ABSENT)).to_contain_text("Marc Petit")


def test_signing_out_leaves_nothing_on_the_device(phone, nurse):
    page = phone(nurse)
    carry(page)
    page.evaluate("caches.open('another')")  # Which the worker itself leaves alone.
    page.goto("/plus/")
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()

    assert page.evaluate("caches.keys()") == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/continuite/")


def test_another_window_of_who_signs_out_says_so_and_breaks_nothing(phone, nurse):
    page = phone(nurse)
    carry(page)
    other, broken = page.context.new_page(), []
    other.on("pageerror", lambda error: broken.append(str(error)))
    other.goto("/continuite/")
    expect(freshness(other)).to_have_text("en direct")

    page.goto("/plus/")
    page.get_by_role("button", name="Me déconnecter").click()

    expect(freshness(other)).to_have_text("vous êtes déconnecté")
    await_kept(page)
    assert broken == []


def test_signing_out_leaves_nothing_where_the_browser_obeys_no_order_to_clear(phone, nurse, installation):
    pass_no_order_to_clear(installation)
    page = phone(nurse)
    carry(page)
    page.goto("/plus/")
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()

    await_kept(page)
    assert page.evaluate("caches.keys()") == ["files"]
    page.context.set_offline(True)
    page.goto("/continuite/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau pour l’instant")
    expect(page.get_by_text("Rien encore, ou plus rien")).to_be_visible()


def test_a_session_that_was_ended_elsewhere_is_forgotten_at_the_next_contact(phone, nurse, window):
    page = phone(nurse)
    carry(page)
    page.goto("/plus/")
    elsewhere = window(nurse)
    elsewhere.goto("/mon-compte/")
    elsewhere.get_by_role("button", name="Déconnecter tous les autres").click()

    page.goto("/annuaire/")

    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    await_kept(page)


def test_an_open_board_whose_session_was_ended_elsewhere_forgets_by_itself(phone, nurse, window, windows):
    windows.tolerate("status of 401")
    page = phone(nurse)
    carry(page)
    elsewhere = window(nurse)
    elsewhere.goto("/mon-compte/")
    elsewhere.get_by_role("button", name="Déconnecter tous les autres").click()

    expect(freshness(page)).to_have_text("vous êtes déconnecté")
    await_kept(page)


def test_another_who_signs_in_finds_nothing_of_the_first(phone, nurse, make, product):
    page = phone(nurse)
    carry(page)
    other = make.account(make.person("Luc", "Martin", profession="21"))
    cookie = {"name": product.app.config["SESSION_COOKIE_NAME"], "value": product.cookie_of(other), "url": product.url}
    page.context.add_cookies([{**cookie, "secure": True}])

    page.goto("/annuaire/")

    await_kept(page)
    page.goto("/mon-planning/")
    assert [(account, path) for account, path, _at in await_kept(page, "/mon-planning/")] == [
        (str(other.id), "/mon-planning/")
    ]


def test_after_seven_days_nothing_is_shown(phone, nurse):
    page = phone(nurse)
    carry(page)
    # A page that is left tells that it was seen just now.
    page.evaluate("Object.defineProperty(document, 'hidden', { value: false })")
    week = 7 * 24 * 3_600_000
    now = page.evaluate("Date.now()")

    page.context.set_offline(True)
    page.evaluate(BACK_DATED, now - week + 60_000)
    page.goto("/continuite/")
    expect(page.locator(".freshness")).to_have_text(re.compile(r"hors ligne – données du \w+ \d+ \w+ à \d\d"))
    expect(page.get_by_text("s’y comptent à partir de ce jour-là")).to_be_visible()
    expect(page.locator("#on-call-title")).to_have_text(re.compile(r"^Le \w+ \d+ \w+ à \d\d"))
    page.evaluate(BACK_DATED, now - week - 1)
    page.goto("/continuite/")

    expect(page.get_by_text("Rien encore, ou plus rien")).to_be_visible()
    await_kept(page)
    page.goto("/mon-planning/")
    expect(page.get_by_text("Rien encore, ou plus rien")).to_be_visible()
