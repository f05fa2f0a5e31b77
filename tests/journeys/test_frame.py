"""What stands around every page: its search, its keys, its look, and what is under way."""

from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE


def test_slash_goes_to_the_search_from_wherever_one_is(window, make):
    make.person("Inès", "Boyer", profession="60")
    page = window(make.account(), DESK)
    page.goto("/groupes/")

    page.keyboard.press("/")
    page.keyboard.type("boyer")
    page.keyboard.press("Enter")

    page.wait_for_url("**/recherche/?q=boyer")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent").strip() == "Inès Boyer"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inès Boyer").wait_for()


def test_on_a_phone_the_search_is_one_tap_away(window, make):
    page = window(make.account(), PHONE)
    page.goto("/plus/")

    page.get_by_role("link", name="Chercher").click()

    page.wait_for_url("**/recherche/#q")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_chosen_look_needs_no_script(window, make):
    page = window(make.account(), DESK, java_script_enabled=False)
    page.goto("/plus/")

    page.get_by_role("button", name="Sombre").click()

    page.wait_for_url("**/plus/#apparence")
    page.goto("/annuaire/")
    assert page.locator("html").get_attribute("data-look") == "dark"


def test_a_chosen_look_wins_over_the_device(window, make):
    page = window(make.account(), DESK, is_dark=True)
    page.goto("/plus/")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)

    page.get_by_role("button", name="Clair").click()
    page.wait_for_url("**/plus/#apparence")

    assert page.evaluate(ground) != dark
    with page.expect_navigation():
        page.get_by_role("button", name="Automatique").click()
    assert not page.evaluate("document.documentElement.dataset.look")
    assert page.evaluate(ground) == dark


def test_a_form_in_error_says_so_in_its_title_and_leads_to_the_field(window, make):
    account = make.account()
    page = window(account, DESK)
    page.goto(f"/annuaire/{account.person_id}/modifier")
    page.get_by_label("Téléphone privé").fill("12")

    page.get_by_role("button", name="Enregistrer").click()

    page.get_by_text("à revoir").wait_for()
    assert page.title().startswith("Erreur · ")
    expect(page.locator(page.locator(".faults a").first.get_attribute("href"))).to_be_focused()


def test_what_waits_is_seen_to_wait(window, make):
    page = window(make.account(), DESK)
    page.goto("/plus/")
    bar = "button => getComputedStyle(button, '::after').animationName"
    button = page.get_by_role("button", name="Me déconnecter")
    assert button.evaluate(bar) == "none"

    # As pressed.js leaves it until the answer comes.
    button.evaluate("button => button.setAttribute('aria-disabled', 'true')")

    assert button.evaluate(bar) == "pass"
    page.emulate_media(reduced_motion="reduce")
    assert button.evaluate(bar) == "none"
    assert button.evaluate("button => getComputedStyle(button, '::after').height") == "3px"
