"""Every mail as a mail program shows its page: on the smallest phone, light and dark, loading nothing."""

import pytest

from tests.journeys.conftest import PHONE, axe
from tests.journeys.test_every_page import LOOKS
from tests.journeys.test_large_text import TOO_SMALL
from tests.notices.test_golden import GOLDEN

PAGES = sorted(GOLDEN.glob("*.html"))
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# As a program reads it that drops style sheets: what stands in each element has to do.
WITHOUT_SHEET = "document.querySelectorAll('style').forEach((each) => each.remove())"
GROUNDS = {"light": "rgb(250, 247, 240)", "dark": "rgb(20, 25, 26)"}


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.asked_for = []
    page.on("request", lambda asked: page.asked_for.append(asked.url))
    yield page
    context.close()


def test_every_mail_is_read_on_a_phone_by_day_and_by_night(phone):
    for path in PAGES:
        phone.set_content(path.read_text(encoding="utf-8"))
        for look, ground in GROUNDS.items():
            phone.emulate_media(color_scheme=look)
            axe(phone, LOOKS[look])
            assert not phone.evaluate(TOO_WIDE), path.name
            assert phone.evaluate(TOO_SMALL) == [], path.name
            shown = phone.evaluate("getComputedStyle(document.querySelector('div.sheet')).backgroundColor")
            assert shown == ground, path.name
        phone.evaluate(WITHOUT_SHEET)
        for look, rules in LOOKS.items():
            phone.emulate_media(color_scheme=look)
            axe(phone, rules)
    assert phone.asked_for == []
