"""What somebody is to be told of a meeting."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.calendars.news import Facts, News, news
from tests.conftest import NOW

MEETING = Facts("Bilan", NOW, NOW + timedelta(hours=2), "Brou", "", is_off=False)
OFF = replace(MEETING, is_off=True)
MOVED = replace(MEETING, starts_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("told", "facts", "is_asked", "expected"),
    [
        (None, MEETING, True, News.INVITED),
        (None, OFF, True, None),
        (None, MEETING, False, None),
        (MEETING, MEETING, True, None),
        (MEETING, MOVED, True, News.MOVED),
        (MEETING, OFF, True, News.CANCELLED),
        (MEETING, OFF, False, News.CANCELLED),
        (MEETING, MEETING, False, News.WITHDRAWN),
        (OFF, OFF, True, None),
        (OFF, MEETING, False, None),
        (OFF, MEETING, True, News.AGAIN),
        (OFF, MOVED, True, News.AGAIN),
    ],
)
def test_news_is_what_is_not_known_yet(told, facts, is_asked, expected):
    assert news(told, facts, is_asked=is_asked) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": "Autre"}, News.CHANGED),
        ({"ends_at": NOW + timedelta(hours=3)}, News.MOVED),
        ({"place": "Dreux"}, News.CHANGED),
        ({"video_url": "https://a.fr"}, News.CHANGED),
    ],
)
def test_title_time_and_place_are_news(change, expected):
    assert news(MEETING, replace(MEETING, **change), is_asked=True) == expected


@given(st.sampled_from([None, MEETING, MOVED, OFF]), st.sampled_from([MEETING, MOVED, OFF]), st.booleans())
def test_whoever_was_told_is_not_told_again(told, facts, is_asked):
    said = news(told, facts, is_asked=is_asked)
    if said is not None:
        now_told = replace(facts, is_off=said.is_off)

        assert news(now_told, facts, is_asked=is_asked) is None
