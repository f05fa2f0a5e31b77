from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.utils import urlize
from markupsafe import escape

from cpts_net import i18n
from tests.conftest import NOW

NARROW = "\u202f"


@pytest.fixture(autouse=True)
def in_request(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=10), f"jusqu’à 20{NARROW}h"),
        (timedelta(hours=22), f"jusqu’à demain 8{NARROW}h"),
        (timedelta(days=5, minutes=30), f"jusqu’au lundi 17 août à 10{NARROW}h{NARROW}30"),
        (timedelta(hours=14), "jusqu’à minuit"),
        (timedelta(hours=38), "jusqu’à demain minuit"),
    ],
)
def test_until_is_said_as_people_say_it(after, said):
    assert i18n.until(NOW + after) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, f"aujourd’hui à 10{NARROW}h"),
        (NOW - timedelta(days=1), f"hier à 10{NARROW}h"),
        (datetime(2027, 1, 4, 7, tzinfo=UTC), f"lundi 4 janvier 2027 à 8{NARROW}h"),
    ],
)
def test_a_moment_near_today_is_named_by_its_nearness(moment, said):
    assert i18n.moment(moment) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 8, 3), date(2026, 8, 3), "le lundi 3 août"),
        (date(2026, 8, 3), date(2026, 8, 14), "du lundi 3 au vendredi 14 août"),
        (date(2026, 9, 1), date(2026, 9, 4), "du mardi 1er au vendredi 4 septembre"),
        (date(2026, 8, 31), date(2026, 9, 1), "du lundi 31 août au mardi 1er septembre"),
    ],
)
def test_days_share_a_month_when_they_can(first, last, said):
    assert i18n.days(first, last) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [("+33261912364", "02 61 91 23 64"), ("+32475123456", "+32 475 12 34 56"), ("15", "15"), ("bureau", "bureau")],
)
def test_numbers_are_written_as_they_are_dialled(number, said):
    assert i18n.phone(number).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Appelez le 02 61 91 23 64.", 'Appelez le <a class="call" href="tel:+33261912364">02 61 91 23 64</a>.'),
        ("0692.12.34.56 <b>", '<a class="call" href="tel:+262692123456">0692.12.34.56</a> &lt;b&gt;'),
        ("le 24/11/2026 à 20 h 30", "le 24/11/2026 à 20 h 30"),
        (
            "voir https://ars.example/a?b=1&c=2",
            'voir <a href="https://ars.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://ars.example/a?b=1&amp;c=2</a>',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_lines_make_links_of_numbers_and_addresses(text, html):
    assert i18n.lines(text) == html


def test_lines_escape_everything_else():
    assert i18n.lines("a < b\n<script>") == "a &lt; b<br>&lt;script&gt;"


@given(st.text(st.sampled_from("ab .:@/(<&>,\n-w1é") | st.characters(codec="utf-8"), max_size=40))
def test_only_what_may_hold_an_address_is_searched_for_one(text):
    if not i18n._IN_ADDRESSES.search(text):
        assert escape(text) == urlize(text, rel="noopener noreferrer nofollow")


@pytest.mark.parametrize(
    "address", ["https://a.fr", "www.a.fr", "exemple.org", "mailto:a@b.fr", "a@b.fr", "http://localhost"]
)
def test_addresses_become_links(address):
    assert "<a href=" in i18n.lines(f"Voir ({address}), merci.")
