"""Of pages that differ in words alone one is parsed; what is wrong is found in any, however many were sound."""

import pytest

from tests.house import page
from tests.house.page import check_page

SOUND = (
    '<!DOCTYPE html><html lang="fr"><head><title>Un</title></head><body><h1>Bonjour &amp; bienvenue</h1>'
    '<p class="lead" id="first">un</p><table><tr><td>1</td></tr></table><a href="/x?a=1&amp;b=2">é</a></body></html>'
)


@pytest.fixture
def parsed(monkeypatch):
    """How often a page was parsed, of those that are checked from now on."""
    monkeypatch.setattr(page, "_sound_frames", set())
    times = []
    parse = page.html5lib.HTMLParser.parse
    monkeypatch.setattr(page.html5lib.HTMLParser, "parse", lambda *given: times.append(1) or parse(*given))
    return times


def test_other_words_and_other_values_are_not_parsed_again(parsed):
    check_page("/", SOUND)
    check_page("/", SOUND.replace("Bonjour", "Au revoir").replace("first", "second").replace(">1<", ">2\u202f000<"))

    assert len(parsed) == 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (">un<", ">u\x01n<"),
        ('class="lead"', 'class="le"ad"'),
        ('class="lead"', 'class="lead" class="lead"'),
        ("&amp; bienvenue", "&zzz; bienvenue"),
        ("</h1>", "</h2>"),
        ("</body>", "</div></body>"),
        ("<!DOCTYPE html>", ""),
    ],
)
def test_what_is_wrong_is_found_after_a_page_that_was_sound(parsed, right, wrong):
    check_page("/", SOUND)

    with pytest.raises(AssertionError):
        check_page("/", SOUND.replace(right, wrong))
