"""Every form of the product is sent by a real browser; a form without a recipe fails here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Response
from werkzeug.exceptions import HTTPException

from cpts_net.push_keys import FILE, make_push_key
from tests.journeys.conftest import CHROMIUMS, FLAGS, Windows
from tests.journeys.forms import RECIPES, Recipe, World, build_world
from tests.journeys.product import ROOT, Product
from tests.programs import program

GOOD = range(200, 400)
SENDS_BY_SCRIPT = {
    "absences.preview",
    "duty_lines.preview_week",
    "passwords.advise",
}  # Asked by a page while it is filled in.
# Sent by a script of its page, with what only the maker of a browser can give it; in a journey of its own.
SENT_ELSEWHERE = {"push.add"}
# Such a browser, which the page asks whether it still holds what it was given.
RINGS = "PushManager.prototype.getSubscription = async () => ({ unsubscribe: async () => true });"


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """One that knows of pushes."""
    executable = program(*CHROMIUMS, variable="CHROMIUM")
    whole = browser.browser_type.launch(executable_path=executable, args=FLAGS)
    yield whole
    whole.close()


@pytest.fixture(scope="module")
def running(empty_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all forms."""
    folder = tmp_path_factory.mktemp("forms")
    make_push_key(folder / FILE)
    product = Product(folder)
    product.use(empty_base)
    product.start("web")
    yield product
    product.close()


@pytest.fixture(scope="module")
def world(running: Product) -> World:
    return build_world(running)


@pytest.fixture(scope="module")
def opened(browser: Browser, running: Product) -> Iterator[Windows]:
    windows = Windows(browser, running)
    windows.tolerate("socket.io|ERR_CONNECTION_REFUSED|WebSocket")  # Nothing is pushed here.
    yield windows
    windows.close()
    assert not windows.unforgiven(), f"{windows.unforgiven()}\n{running.logs()}"


@pytest.fixture(scope="module")
def page_of(opened: Windows, world: World):
    """The window of somebody, kept for the next form; strangers and forms that ask for a page get a new one."""
    kept: dict[str, Page] = {}

    def page(recipe: Recipe) -> Page:
        if recipe.method == "get" or recipe.without_scripts:
            return opened.open(world.accounts[recipe.who], java_script_enabled=False)
        if not recipe.who:
            return opened.open()
        if recipe.who not in kept:
            # With the service worker, which must be in the way of no form.
            window = opened.open(world.accounts[recipe.who], service_workers="allow")
            window.context.grant_permissions(["notifications"])
            window.context.add_init_script(RINGS)
            kept[recipe.who] = window
            window.goto("/plus/")
            window.evaluate("navigator.serviceWorker.ready")  # A browser that rings has had one for long.
            world.let_ring(world.accounts[recipe.who])
        return kept[recipe.who]

    return page


@pytest.fixture(scope="module")
def endpoint_of(running: Product):
    adapter = running.app.url_map.bind("localhost")

    def endpoint(url: str, method: str) -> str:
        path = re.sub(r"^https?://[^/]*|[?#].*$", "", url)
        try:
            return str(adapter.match(path, method=method.upper())[0])
        except HTTPException:
            return ""

    return endpoint


def test_every_form_has_a_recipe(running):
    posts = {rule.endpoint for rule in running.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    sought = {
        endpoint
        for template in (ROOT / "templates").rglob("*.html")
        for tag in re.findall(r"<form\b[^>]*>", template.read_text(encoding="utf-8"))
        if 'method="get"' in tag
        for endpoint in re.findall(r"url_for\('([\w.]+)'", tag)
    }
    sent = {(recipe.method, recipe.endpoint) for recipe in RECIPES}
    sent |= {("post", endpoint) for recipe in RECIPES for endpoint in recipe.also}

    assert {("post", each) for each in posts - SENT_ELSEWHERE} | {("get", each) for each in sought} == sent
    assert {endpoint for recipe in RECIPES for endpoint in recipe.also} == SENDS_BY_SCRIPT


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe.method} {recipe.endpoint}")
def test_a_browser_sends_the_form(recipe, page_of, world, endpoint_of):
    page = page_of(recipe)
    heard: list[str] = []
    page.on("request", lambda request: heard.append(endpoint_of(request.url, request.method)))
    if recipe.after:
        page.goto(recipe.after.page.format(**vars(world)))
        _press(page, _filled_in(page, recipe.after, world, endpoint_of), recipe.after)
        page.get_by_role("button", name="Revenir en arrière").wait_for()
    else:
        page.goto(recipe.page.format(**vars(world)))
    form = _filled_in(page, recipe, world, endpoint_of)

    for script in recipe.also:
        if script not in heard:
            page.wait_for_event("requestfinished", lambda _request, sought=script: sought in heard)
    heard.clear()
    _press(page, form, recipe)

    assert recipe.endpoint in heard
    assert not page.locator(".faults, .field-error").filter(visible=True).count(), page.locator("main").inner_text()


def _filled_in(page: Page, recipe: Recipe, world: World, endpoint_of) -> Locator:
    form = _form(page, recipe, endpoint_of)
    for name, value in recipe.values.items():
        _fill(form, name.format(**vars(world)), value.format(**vars(world)) if isinstance(value, str) else value)
    return form


def _form(page: Page, recipe: Recipe, endpoint_of) -> Locator:
    """The first form of the page that leads to where the recipe wants to go."""
    for form in page.locator("form").all():
        method = (form.get_attribute("method") or "get").lower()
        if method == recipe.method and endpoint_of(form.get_attribute("action") or "", method) == recipe.endpoint:
            return form
    raise AssertionError(f"no form to {recipe.endpoint} on {page.url}: {page.locator('main').inner_text()}")


def _fill(form: Locator, name: str, value) -> None:
    if callable(value):
        value(form)
        return
    fields = form.locator(f'[name="{name}"]')
    kind = fields.first.evaluate("field => field.type")
    if kind in {"radio", "checkbox"}:
        box = form.locator(f'[name="{name}"][value="{value}"]')
        form.locator(f'label[for="{box.get_attribute("id")}"]').click()
        assert box.is_checked()
    elif kind.startswith("select"):
        fields.first.select_option(value)
    else:
        fields.first.fill(value)
        fields.first.blur()


def _press(page: Page, form: Locator, recipe: Recipe) -> None:
    """Press the button that a person would press, and wait for the page that it leads to."""
    folded = form.locator("xpath=ancestor::details[not(@open)]/summary")
    if folded.count():
        folded.first.click()
    button = form.locator("button:not([type=button]), [type=submit]").first
    with page.expect_response(_is_a_page) as answer:
        button.click()
    page.wait_for_load_state()
    assert answer.value.status in GOOD, f"{recipe.endpoint}: {answer.value.status} {answer.value.url}"


def _is_a_page(response: Response) -> bool:
    """Whether the browser shows it, wherever it was led to first."""
    return response.request.is_navigation_request() and response.status not in range(300, 400)
