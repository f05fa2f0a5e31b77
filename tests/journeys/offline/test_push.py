"""What is pushed to a device stands on its screen, and leads into the network and nowhere else.

Real are the browser, its service worker, and the way in: its own protocol delivers what would come from its maker's
servers, decrypted. A finger on a notification is not to be had without a screen: the worker is handed the event that
it would get, in which ``waitUntil`` is ours, and so is the opening of a window, which browsers allow after a touch alone.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.offline.keeping import await_kept, await_true

SHOWN = """async () => {
  const { getNotifications } = ServiceWorkerRegistration.prototype;
  const shown = await getNotifications.call(await navigator.serviceWorker.ready);
  return shown.map(({ title, body, tag, lang, icon, badge, timestamp }) => ({ title, body, tag, lang, icon, badge, timestamp }));
}"""
TOUCH = """async () => {
  askedFor = 60_000; // A page of a busy machine may take longer to answer than a touch lasts.
  const opened = [];
  const { openWindow } = self.clients;
  self.clients.openWindow = async (address) => opened.push(address);
  for (const notification of await self.registration.getNotifications()) {
    const event = new NotificationEvent("notificationclick", { notification });
    let done;
    Object.defineProperty(event, "waitUntil", { value: (promise) => (done = promise) });
    self.dispatchEvent(event);
    await done;
  }
  while ((await self.registration.getNotifications()).length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  self.clients.openWindow = openWindow;
  return opened;
}"""
TOMORROW = {
    "title": "Astreinte demain",
    "body": "Soins non programmés, 8 h – 10 h",
    "path": "/mon-planning/",
    "tag": "notice-7",
    "at": 1_767_000_000_000,
}


class Device:
    """A phone on which pushes arrive."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.pushed = 0
        found: list[dict[str, object]] = []
        self.protocol = page.context.new_cdp_session(page)
        self.protocol.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
        self.protocol.send("ServiceWorker.enable")
        await_true(page, "Boolean(navigator.serviceWorker.controller)")
        while not found:
            page.wait_for_timeout(50)
        self.registration = found[-1]["registrationId"]

    def push(self, payload: object) -> None:
        data = payload if isinstance(payload, str) else json.dumps(payload)
        self.protocol.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.origin, "registrationId": self.registration, "data": data},
        )

    def await_shown(self, payload: object, *words: tuple[str, str], after: int = 0) -> list[dict[str, object]]:
        """Push it; what stands on the screen, once that is these titles and texts of later than ``after``, and no others.

        A busy browser may lose what its protocol delivers: under one tag it is shown once, however often it comes.
        """
        for look in range(600):
            if look % 60 == 0:
                self.push(payload)
            shown = self.page.evaluate(SHOWN)
            found = sorted((each["title"], each["body"]) for each in shown if each["timestamp"] > after)
            if found == sorted(words):
                return shown
            self.page.wait_for_timeout(50)
        raise AssertionError(f"shown: {shown}")

    def await_pushed(self, **what: object) -> None:
        """Push it under a tag of its own: the browser may take an old one from the screen after a new one of its tag."""
        self.pushed += 1
        payload = {**TOMORROW, **what, "tag": f"touched-{self.pushed}"}
        self.await_shown(payload, (TOMORROW["title"], TOMORROW["body"]))

    def leave(self) -> None:
        """Have no page open, as the worker sees it too."""
        self.page.goto("about:blank")
        (worker,) = self.page.context.service_workers
        worker.evaluate(
            """async () => {
              while ((await self.clients.matchAll({ type: "window" })).length) {
                await new Promise((resolve) => setTimeout(resolve, 20));
              }
            }"""
        )

    def touch(self) -> list[str]:
        """Touch all that stands on the screen, which leaves it; return the windows that it would open."""
        (worker,) = self.page.context.service_workers
        return worker.evaluate(TOUCH)


@pytest.fixture
def device(phone, nurse, product) -> Device:
    page = phone(nurse)
    page.context.grant_permissions(["notifications"], origin=product.url)
    page.goto("/continuite/")
    await_kept(page, "/continuite/")
    page.reload()  # The first visit ever was not yet the worker's.
    return Device(page, product.url)


def test_what_is_pushed_is_shown_and_what_has_the_same_tag_once(device, product):
    (shown,) = device.await_shown(TOMORROW, (TOMORROW["title"], TOMORROW["body"]))

    assert (shown["tag"], shown["lang"], shown["timestamp"]) == ("notice-7", "fr", TOMORROW["at"])
    for picture in (shown["icon"], shown["badge"]):
        assert device.page.evaluate("(address) => fetch(address).then((answer) => answer.ok)", picture)
    device.await_shown({**TOMORROW, "body": "", "title": "Astreinte annulée"}, ("Astreinte annulée", ""))
    device.await_shown(
        {**TOMORROW, "tag": "notice-8"}, ("Astreinte annulée", ""), (TOMORROW["title"], TOMORROW["body"])
    )


def test_what_cannot_be_read_is_shown_in_words_that_say_nothing(device, product):
    neutral = (product.app.extensions["settings"].community, "Il y a du nouveau pour vous dans le réseau.")
    shown_at = 0
    for payload in ("", "rien", "null", "[]", '{"title": 3}', '{"title": " ", "path": "//evil.example"}'):
        shown_at = device.await_shown(payload, neutral, after=shown_at)[0]["timestamp"]
    device.touch()

    expect(device.page).to_have_url(re.compile(r"/avis/$"))


def test_a_touch_leads_the_open_window_there_or_opens_one(device, product):
    device.await_pushed()
    assert device.touch() == []
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Mon planning")
    device.page.evaluate("document.body.dataset.typed = 'yes'")
    device.await_pushed()
    assert device.touch() == []
    assert device.page.evaluate("document.body.dataset.typed") == "yes"  # Not loaded anew: it is there already.
    device.await_pushed()
    device.leave()
    assert device.touch() == [f"{product.url}/mon-planning/"]


def test_a_touch_takes_nothing_away_that_somebody_writes(device, product):
    there = f"{product.url}/mon-planning/"
    device.page.goto("/absences/nouvelle")
    device.page.get_by_role("textbox").last.fill("Je pars en")
    device.await_pushed()
    assert device.touch() == [there]
    expect(device.page.get_by_role("textbox").last).to_have_value("Je pars en")

    device.page.get_by_label("Du", exact=True).fill("2026-08-21")
    device.page.get_by_label("Au (compris)").fill("2026-08-20")
    device.page.get_by_role("button", name="Enregistrer").click()  # What was typed is now what the page came with.
    expect(device.page.locator("[aria-invalid=true]").first).to_be_visible()
    device.await_pushed()
    assert device.touch() == [there]
    expect(device.page.get_by_role("textbox").last).to_have_value("Je pars en")


def test_no_path_leads_out_of_the_network(device, product):
    inner = ("avis", 3, f"{product.url}/plus/")
    for path in (*inner, "//evil.example/", "https://evil.example/", "/\\evil.example/", "/\t/evil.example/", "data:,"):
        device.await_pushed(path=path)
        assert device.touch() == []
        expect(device.page).to_have_url(f"{product.url}/avis/")
        device.page.goto("/mon-planning/")
