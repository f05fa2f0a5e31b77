"""The service worker is in the way of nothing, keeps nothing private, and never mixes two versions."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import CHROMIUMS
from tests.journeys.offline.conftest import TRUSTING
from tests.journeys.offline.keeping import OFFLINE, await_kept, await_true, carry
from tests.journeys.product import ROOT
from tests.journeys.test_live_board import freshness
from tests.journeys.test_real_address import subscribe
from tests.programs import program

ALL_PATHS = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    found.push(...(await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname));
  }
  return found;
}"""
ACCENT = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
NEXT_WORKER = """"use strict";
self.addEventListener("message", ({ data, ports }) => data.has === "who" && ports[0].postMessage("next"));"""
KEPT_TITLE = "async () => (await (await caches.match('/continuite/')).text()).includes('Continuité, la suite')"

NEXT_WAITS = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"
# Asked of the worker that answers: the next one knows a word that this one does not.
NEXT_IS_THERE = """async () => {
  const { active, waiting } = await navigator.serviceWorker.getRegistration();
  const channel = new MessageChannel();
  const answer = new Promise((resolve) => { channel.port1.onmessage = ({ data }) => resolve(data); setTimeout(resolve, 1000, null); });
  active.postMessage({ has: "who" }, [channel.port2]);
  return !waiting && (await answer) === "next";
}"""


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The product with other words, another colour and another worker."""
    root = tmp_path / "next"
    for name in ("cpts_net", "static", "templates", "migrations", "translations"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("gunicorn.conf.py", "wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for name, old, new in (
        ("templates/continuity/board.html", "Continuité des soins", "Continuité, la suite"),
        ("templates/offline/board.html", "Continuité des soins", "Continuité, la suite"),
        ("static/css/tokens.css", "--accent: light-dark(#09564b", "--accent: light-dark(#123456"),
        ("static/offline/worker.js", '"use strict";', NEXT_WORKER),
    ):
        file = root / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    return root


def look_of(page: Page) -> tuple[str, bool]:
    """The title of the board, and whether its colour is that of the next version."""
    return page.get_by_role("heading", level=1).inner_text(), "#123456" in page.evaluate(ACCENT)


def test_an_update_mixes_nothing(phone, nurse, product, next_version):
    page = phone(nurse)
    carry(page)
    product.stop("web")
    page.reload()
    expect(page.locator("[data-carries]").first).to_be_visible()
    assert look_of(page) == ("Continuité des soins", False)

    product.root = next_version
    product.start("web")
    expect(freshness(page)).to_have_text("en direct")
    assert look_of(page) == ("Continuité, la suite", True)
    await_true(page, KEPT_TITLE)
    await_true(page, NEXT_WAITS)  # What was fetched in part only would be fetched anew, at the next page.
    product.stop("web")
    page.reload()
    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    assert look_of(page) == ("Continuité, la suite", True)
    page.goto("/mon-planning/")  # Not seen since: whole, as it was.
    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    assert look_of(page) == ("Mon planning", False)
    context = page.context
    page.close()  # The next worker comes when nobody has a page of the one before.
    product.start("web")
    page = context.new_page()
    page.goto("/continuite/")
    expect(freshness(page)).to_have_text("en direct")
    await_true(page, NEXT_IS_THERE)


def test_it_keeps_nothing_but_two_pages_and_files_that_are_what_they_say(phone, nurse, product):
    page = phone(nurse)
    carry(page)
    feed = subscribe(page)
    with page.expect_download():
        page.evaluate("(feed) => Object.assign(document.createElement('a'), {href: feed}).click()", feed)
    for path in ("/annuaire/", "/groupes/", "/plus/", "/mon-compte/", "/a-propos/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    for path, kind in (
        ("/service-worker.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ):
        answer = product.proxy.ask(path)
        assert (answer.headers["Cache-Control"], answer.headers.get_content_type()) == ("no-cache", kind)
    assert page.evaluate("fetch('/static/css/base.css?v=00000000').then((answer) => answer.ok)")
    kept = set(page.evaluate(ALL_PATHS))

    assert {path for path in kept if not path.startswith("/static/")} == {
        "/hors-ligne/",
        "/continuite/",
        "/mon-planning/",
    }
    assert {"/static/css/base.css", "/static/vendor/atkinson-hyperlegible-next.woff2"} <= kept
    assert page.evaluate("caches.match('/static/css/base.css?v=00000000').then((found) => !found)")


def test_a_network_that_does_not_answer_in_time_is_none_until_it_does(phone, nurse, product):
    page = phone(nurse)
    carry(page)

    os.killpg(product.running["web"].pid, signal.SIGSTOP)
    page.reload()

    expect(page.locator(".freshness")).to_have_text(OFFLINE)
    os.killpg(product.running["web"].pid, signal.SIGCONT)  # What was asked for is answered after all.
    expect(freshness(page)).to_have_text("en direct")


def test_a_form_is_not_sent_into_the_void(phone, nurse):
    page = phone(nurse)
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill("2026-09-01")

    page.context.set_offline(True)
    page.locator("form[method=post]").last.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")

    expect(page.get_by_role("alert")).to_contain_text("rien n’est parti")
    expect(page.get_by_label("Du", exact=True)).to_have_value("2026-09-01")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("address", [""])
def test_the_browser_finds_nothing_against_installing_it(browser, nurse, product, tmp_path):
    """Asked in a profile of its own, for the other journeys are incognito; and at localhost, which it takes for safe."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=program(*CHROMIUMS, variable="CHROMIUM"), args=TRUSTING
    )
    name = product.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": product.cookie_of(nurse), "url": product.url}])
    page = context.new_page()
    page.goto(f"{product.url}/continuite/")
    await_kept(page, "/continuite/")
    asked = context.new_cdp_session(page)

    assert asked.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    found = asked.send("Page.getAppManifest")
    assert (found["url"], found["errors"]) == (f"{product.url}/manifest.webmanifest", [])
    assert json.loads(found["data"])["display"] == "standalone"
    context.close()
