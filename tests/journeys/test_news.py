"""What somebody is told appears by itself: beside the bell of every live page, and on the page of all that is new."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cpts_net import clock
from cpts_net.notices.actions import About, notify
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.journeys.conftest import PHONE, axe

TWO_HOURS = timedelta(hours=2)


def live(page, address):
    page.goto(address)
    expect(page.locator("[data-freshness]")).to_have_text("en direct")


def bell(page, words):
    return page.get_by_role("link", name=words, exact=True)


def hand_over(desk, slot):
    """Give somebody's duty to Inès."""
    desk.goto(f"/astreintes/creneaux/{slot.id}")
    desk.get_by_role("link", name=re.compile("Confier ou arrêter")).click()
    form = desk.locator("form[action$='/confier']")
    form.locator("[name$='person-q'][role=combobox]").fill("boyer")
    form.locator("[role=option]").first.click()
    form.get_by_role("button").last.click()
    expect(desk.locator(f"#creneau-{slot.id}")).to_contain_text("Inès Boyer")


def test_a_duty_handed_over_rings_at_once_is_read_and_rings_no_more_elsewhere(window, make):
    anne, ines = make.person("Anne", "Petit"), make.person("Inès", "Boyer")
    slot = make.slot(make.line(), NOW + timedelta(days=2), NOW + timedelta(days=2) + TWO_HOURS)
    make.seat(slot, anne)
    desk, account = window(make.account(make.person("Claire", "Morel"), role="secretary")), make.account(ines)
    other = window(make.account(make.person("Luc", "Martin")))
    phone, news = window(account, size=PHONE), window(account)
    for page, address in ((phone, "/continuite/"), (news, "/avis/"), (other, "/continuite/")):
        live(page, address)
        expect(bell(page, "Quoi de neuf")).to_be_visible()
    expect(news.get_by_text("Rien encore.")).to_be_visible()

    hand_over(desk, slot)

    expect(bell(phone, "Quoi de neuf, 1 avis non lu")).to_be_visible()
    expect(phone.locator("[data-rings]")).to_have_text("Quoi de neuf, 1 avis non lu")
    axe(phone)
    row = news.locator(".notice").first
    expect(row).to_contain_text("Dr Anne Petit vous passe son astreinte")
    expect(row.get_by_role("link", name="Claire Morel")).to_be_visible()
    expect(row).to_have_class(re.compile("changed"))
    expect(bell(other, "Quoi de neuf")).to_be_visible()

    with news.expect_response("**/avis/vus"):
        news.keyboard.press("j")
    expect(row.get_by_role("link").first).to_be_focused()
    expect(row).to_contain_text("nouveau")
    for page in (news, phone):
        expect(bell(page, "Quoi de neuf")).to_be_visible()
    axe(news)
    heard = news.locator("main").aria_snapshot().replace("\u202f", " ")
    assert 'heading "Quoi de neuf" [level=1]' in heard
    assert 'heading "aujourd’hui" [level=2]' in heard
    assert re.search(
        r"link \"Dr Anne Petit vous passe son astreinte : Ligne snp, vendredi 14 août de 10 h à 12 h", heard
    ), heard


@pytest.fixture
def reader(installation, make):
    """Somebody who was told of two duties that they have no more."""
    person = make.person("Inès", "Boyer")
    duty = {"line": "Nuit", "starts_at": NOW, "ends_at": NOW + TWO_HOURS}
    with installation.app.app_context(), transaction():
        for number in (1, 2):
            notify(REMOVED, [person.id], About(f"seat:{number}", before=duty), by=None, now=clock.now())
    return make.account(person)


def test_without_a_script_what_is_new_is_read_and_marked_with_a_button(window, reader):
    page = window(reader, size=PHONE, java_script_enabled=False)
    page.goto("/a-propos/")

    bell(page, "Quoi de neuf, 2 avis non lus").click()
    expect(page.get_by_text("nouveau")).to_have_count(2)
    page.get_by_role("button", name="Marquer comme lus").click()

    expect(bell(page, "Quoi de neuf")).to_be_visible()
    expect(page.get_by_text("nouveau")).to_have_count(0)


def test_the_bell_is_as_large_as_a_thumb_and_stands_in_its_place(window, reader):
    for size in (PHONE, (1280, 900)):
        page = window(reader, size=size)
        places = set()
        for address in ("/a-propos/", "/continuite/", "/plus/"):
            page.goto(address)
            box = bell(page, re.compile("Quoi de neuf, 2 avis non lus")).bounding_box()
            places.add((round(box["x"]), round(box["y"])))
            assert min(box["width"], box["height"]) >= 44
        assert len(places) == 1
