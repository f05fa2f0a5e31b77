"""Turning a device on and off, and what becomes of that when somebody signs in anew, or somebody else.

Subscribing needs the servers of the browser's maker: ``PushManager`` is stubbed, with keys that are true ones and an
endpoint at a service that is known. What it was given lies where Clear-Site-Data finds it, like in earnest.
"""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cpts_net.accounts.identity import end_sessions
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.journeys.conftest import axe
from tests.journeys.offline.keeping import await_true, pass_no_order_to_clear

PAGE = "/mon-compte/notifications/"
STUB = """(() => {
  const KEPT = "stubbed";
  const coded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const decoded = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
  const subscription = ({ endpoint, keys, key }) => ({
    options: { userVisibleOnly: true, applicationServerKey: decoded(key) },
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => { localStorage.removeItem(KEPT); return true; },
  });
  PushManager.prototype.getSubscription = async () => localStorage.getItem(KEPT) && subscription(JSON.parse(localStorage.getItem(KEPT)));
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || Notification.permission !== "granted" || localStorage.getItem("no-service")) {
      throw new DOMException("Registration failed", "AbortError");
    }
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const p256dh = coded(await crypto.subtle.exportKey("raw", pair.publicKey));
    const made = { endpoint: "https://fcm.googleapis.com/fcm/send/one", keys: { p256dh, auth: coded(crypto.getRandomValues(new Uint8Array(16))) }, key: applicationServerKey };
    localStorage.setItem(KEPT, JSON.stringify(made));
    return subscription(made);
  };
})();"""
EXCHANGED = "localStorage.setItem('stubbed', localStorage.getItem('stubbed').replace('send/one', 'send/two'))"
FOR_OTHER_KEYS = (
    "localStorage.setItem('stubbed', localStorage.getItem('stubbed').replace(/\"key\":\"..../, '\"key\":\"BBBB'))"
)


@pytest.fixture
def is_alone() -> bool:
    """With keys, which a product has read when it starts."""
    return True


@pytest.fixture
def product(installation):
    installation.command("push", "keys")
    installation.start()
    return installation


@pytest.fixture
def endpoints(product):
    """The last part of the endpoints that the server knows, once they are these."""

    def await_endpoints(page: Page, *expected: str) -> None:
        for _ in range(600):
            with product.app.app_context():
                found = [row.endpoint.rpartition("/")[2] for row in db.session.scalars(select(PushDevice))]
            if found == [*expected]:
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"known: {found}")

    return await_endpoints


@pytest.fixture
def device(phone, nurse, product) -> Page:
    page = phone(nurse)
    page.context.add_init_script(STUB)
    page.context.grant_permissions(["notifications"], origin=product.url)
    return page


def turn_on(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_role("button", name="Activer sur cet appareil").click()
    expect(page.get_by_text("Cet appareil vous prévient maintenant.")).to_be_visible()
    expect(page.get_by_text("activées", exact=True)).to_be_visible()


def refuse(page: Page, origin: str) -> None:
    """What somebody does in the settings of the browser."""
    protocol = page.context.new_cdp_session(page)
    context = protocol.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    refused = {"permission": {"name": "notifications"}, "setting": "denied", "origin": origin}
    protocol.send("Browser.setPermission", {**refused, "browserContextId": context})


def await_subscribed(page: Page, *, is_subscribed: bool) -> None:
    await_true(page, f"Boolean(localStorage.getItem('stubbed')) === {str(is_subscribed).lower()}")


def open_another_tab(page: Page) -> None:
    page.context.new_page().goto("/continuite/")


def sign_out(page: Page) -> None:
    page.goto("/plus/")
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def sign_in(page: Page, product, account, *, before) -> None:
    """Once the session before is over; whoever signs in passes the page for it."""
    with product.app.app_context(), transaction():
        end_sessions(before.id)
    page.goto(PAGE)
    expect(page).to_have_url(re.compile("/connexion"))
    name = product.app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": product.cookie_of(account), "url": product.url, "secure": True}])


def test_a_device_is_turned_on_and_off(device, endpoints):
    turn_on(device)
    endpoints(device, "one")
    axe(device)

    device.get_by_role("button", name="Ne plus être prévenu ici").click()

    expect(device.get_by_role("button", name="Activer sur cet appareil")).to_be_visible()
    axe(device)
    await_subscribed(device, is_subscribed=False)
    endpoints(device)
    turn_on(device)  # And what the browser lost is told.
    device.evaluate("localStorage.removeItem('stubbed')")
    device.goto(PAGE)
    expect(device.get_by_text("Ce navigateur ne reçoit plus rien")).to_be_visible()
    expect(device.get_by_text("activées", exact=True)).to_be_hidden()
    turn_on(device)


def test_a_browser_that_will_not_says_what_to_do(device, product):
    device.goto(PAGE)
    device.evaluate("localStorage.setItem('no-service', 'yes')")
    button = device.get_by_role("button", name="Activer sur cet appareil")
    button.click()
    expect(device.get_by_role("status")).to_contain_text("Vérifiez le réseau et recommencez")
    expect(button).to_be_visible()
    axe(device)

    refuse(device, product.url)
    button.click()
    expect(device.get_by_text("Autorisez-les dans ses réglages")).to_be_visible()
    expect(button).to_be_hidden()
    device.context.add_init_script("delete window.PushManager")
    device.reload()
    expect(device.get_by_text("ne sait pas recevoir de notifications")).to_be_visible()
    device.context.add_init_script("navigator.standalone = false")
    device.reload()
    expect(device.get_by_text("ajoutez d’abord le réseau à l’écran d’accueil")).to_be_visible()


def test_a_device_goes_on_until_it_is_ended_elsewhere(device, endpoints, nurse, product, window):
    turn_on(device)
    device.evaluate(EXCHANGED)
    open_another_tab(device)
    endpoints(device, "two")
    sign_in(device, product, nurse, before=nurse)
    endpoints(device)
    device.goto("/continuite/")
    endpoints(device, "two")

    elsewhere = window(nurse)
    elsewhere.goto(PAGE)
    elsewhere.get_by_role("button", name=re.compile("Ne plus prévenir")).first.click()
    expect(elsewhere.get_by_text("Cet appareil ne vous prévient plus.")).to_be_visible()
    open_another_tab(device)

    await_subscribed(device, is_subscribed=False)


def test_it_rings_for_nobody_else_and_not_with_other_keys(device, make, product, nurse):
    turn_on(device)
    sign_in(device, product, make.account(make.person("Luc", "Martin", profession="21")), before=nurse)
    device.goto("/continuite/")
    await_subscribed(device, is_subscribed=False)
    turn_on(device)
    device.evaluate(FOR_OTHER_KEYS)
    open_another_tab(device)
    await_subscribed(device, is_subscribed=False)


def test_signing_out_ends_it(device, nurse, product):
    turn_on(device)
    sign_out(device)
    assert device.evaluate("localStorage.length") == 0

    # Where the browser obeys no order to clear, the same person is not surprised either by what they ended.
    sign_in(device, product, nurse, before=nurse)
    turn_on(device)
    pass_no_order_to_clear(product)
    sign_out(device)
    await_subscribed(device, is_subscribed=True)
    sign_in(device, product, nurse, before=nurse)
    device.goto("/continuite/")
    await_subscribed(device, is_subscribed=False)
