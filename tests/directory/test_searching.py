"""What is meant by what people type."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cpts_net.directory.searching import is_slip, wanted_words

words = st.text(st.sampled_from("abcdefg"), min_size=4, max_size=10)
letters = st.sampled_from("abcdefg")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Dr Baron", ["baron"]),
        ("Mme le Dr BARON", ["baron", "le"]),
        ("docteur", ["docteur"]),
        ("dr", ["docteur"]),
        ("02 61 91 00 77", ["0261910077"]),
        ("baron 02.61", ["baron", "0261"]),
        ("+33 2 61 91 00 77", ["0261910077"]),
        ("0033261910077", ["0261910077"]),
        ("28200 brou", ["28200", "brou"]),
        ("  ’ ", []),
    ],
)
def test_titles_are_left_out_and_figures_joined(typed, wanted):
    assert wanted_words(typed) == wanted


@given(words, st.data())
def test_any_one_slip_is_forgiven(word, data):
    at = data.draw(st.integers(0, len(word) - 2))
    other = data.draw(letters)

    assert is_slip(word[:at] + other + word[at + 1 :], word)
    assert is_slip(word[:at] + other + word[at:], word)
    assert is_slip(word[:at] + word[at + 1 :], word)
    assert is_slip(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word)


@given(words)
def test_two_slips_are_not(word):
    typed = f"x{word[1:-1]}y"
    assume(len(word) > 4)

    assert not is_slip(typed, word)
