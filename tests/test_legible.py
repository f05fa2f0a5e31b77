"""Text without what nobody sees."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.legible import legible
from cpts_net.web.fields import tidy, tidy_lines


@pytest.mark.parametrize(
    "nothing",
    [
        *("", "  ", "\u200b", "\u200b\u200b \u200b", "\u202e", "\u2066\u2069", "\ufeff", "\u00ad", "\u2060", "\u200d"),
        *("\u3164", "\u2800", "\u115f\u1160", "\u0301", "\u00a0\u202f", "\x00\x07", "\u180e", "\ufe0f"),
        *("\U000e0041\U000e0042", "\uffff", "\ufdd0", "\U0010ffff"),
    ],
)
def test_what_nobody_sees_is_nothing(nothing):
    assert legible(nothing) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("R\u202eunion\u202c", "Runion"),
        ("\u2067R\u00e9union\u2069", "R\u00e9union"),
        ("Re\u0301union", "R\u00e9union"),
        ("R\u00e9\u200bunion\x00", "R\u00e9union"),
        ("R\u00e9\U000e0041union\uffff", "R\u00e9union"),
        ("👩\u200d⚕️ de garde", "👩\u200d⚕️ de garde"),
        ("deux\r\nlignes", "deux\nlignes"),
        ("deux\u2028lignes", "deux\nlignes"),
        ("…", "…"),
        ("🚑", "🚑"),
    ],
)
def test_the_rest_is_kept_composed(typed, kept):
    assert legible(typed) == kept


@given(st.text())
def test_legible_text_stays_as_it_is_and_turns_no_line_round(text):
    once = legible(text)

    assert legible(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(
        unicodedata.bidirectional(sign) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI"} for sign in once
    )


def test_lines_are_kept_only_where_several_are_meant():
    assert tidy("un\r\ndeux\ntrois") == "un deux trois"
    assert tidy_lines("un\r\ndeux\ntrois ") == "un\ndeux\ntrois"
    assert tidy(None) == ""
