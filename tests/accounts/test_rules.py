from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.accounts.guessing import bits
from cpts_net.accounts.rules import Flaw, own_path, password_flaw, seconds_until_free

ABOUT = ("CPTS du Dunois", "Dr Marie-Françoise Lefèvre", "mf.lefevre@cpts-dunois.example")


@pytest.mark.parametrize(
    "password",
    [
        "tournesol-vent-grenier",
        "quatre lapins bleus dansent",
        "fK8#mZ2q!vLp",
        "sans majuscule ni chiffre aucun",
        "é" * 2 + "crin, âtre et brûlot",
        "correct horse battery staple " * 2,
    ],
)
def test_password_flaw_lets_pass_what_is_long_and_varied(password):
    assert password_flaw(password, ABOUT) is None


@pytest.mark.parametrize("password", ["", "fK8#mZ2q!vL", "court"])
def test_password_flaw_asks_for_twelve_characters(password):
    assert password_flaw(password, ABOUT) is Flaw.SHORT


def test_password_flaw_allows_long_passwords_up_to_a_bound():
    sentence = "Le chat gris dort sur le muret pendant que la pluie tombe sur Orgères. "

    assert password_flaw(sentence[:64], ABOUT) is None
    assert password_flaw((sentence * 4)[:256], ABOUT) is None
    assert password_flaw((sentence * 4)[:257], ABOUT) is Flaw.LONG


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse123!",
        "M0tdepasse2026",
        "P@ssw0rd1234!",
        "azertyuiop123",
        "azerty-azerty-azerty",
        "qsdfghjklmwxcvbn",
        "123456789012",
        "112233445566",
        "aaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "1qaz2wsx3edc4rfv",
        "bonjour-bonjour-2026",
        "01012026-01012026",
    ],
)
def test_password_flaw_refuses_common_words_walks_and_repeats(password):
    assert password_flaw(password, ABOUT) is Flaw.GUESSABLE


@pytest.mark.parametrize(
    "password",
    ["CPTS-Dunois-2026", "Lefevre Françoise 28", "mf.lefevre@dunois", "infirmiere lefevre", "docteur Lefèvre 1974"],
)
def test_password_flaw_refuses_words_about_the_person_and_the_community(password):
    assert password_flaw(password, ABOUT) is Flaw.PERSONAL


def test_password_flaw_lets_a_strong_password_hold_a_context_word():
    assert password_flaw("dunois lavande tracteur agrafe", ABOUT) is None


@given(st.text(max_size=30))
def test_bits_of_a_text_said_twice_are_little_more_than_once(text):
    assert bits(text + text) <= bits(text) + max(4, 6 * min(len(text), 2))


@given(st.text(max_size=60))
def test_bits_never_exceed_what_single_characters_are_worth(text):
    assert 0 <= bits(text) <= 6 * len(text)


@pytest.mark.parametrize("path", ["/", "/continuite/?profession=10&q=a%20b", "/groupes/7/#fil", "/mon-compte/"])
def test_own_path_keeps_a_path_of_ours(path):
    assert own_path(path) == path


BAD_PATHS = [
    None,
    "",
    "continuite/",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    " //evil.example",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "/%09/evil.example",
    "/%252Fevil.example",
    "/%255Cevil.example",
    "/%250d%250aevil",
    "/\x00evil",
    "javascript:alert(1)",
    "%2F%2Fevil.example",
    "/plus/ espace",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_own_path_sends_anything_else_to_the_start(path):
    assert own_path(path) == "/"


def test_seconds_until_free_rounds_up():
    now = datetime(2026, 8, 12, 8, 0, tzinfo=UTC)

    assert seconds_until_free(now, now) == 301
    assert seconds_until_free(now - timedelta(minutes=4, seconds=59.5), now) == 1
