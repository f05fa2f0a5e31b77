import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.calendars import tokens
from cpts_net.calendars.tokens import FeedKey

SECRET = "a secret of the tests"
KEY = FeedKey(12, 3)
numbers = st.integers(1, 999_999_999)


@given(feed_id=numbers, generation=numbers)
def test_token_is_read_back(feed_id, generation):
    key = FeedKey(feed_id, generation)

    assert tokens.read(tokens.token(key, SECRET), SECRET) == key


def test_token_is_unguessable():
    mac = tokens.token(KEY, SECRET).split("-", 2)[2]

    assert len(mac) * 6 >= 128


@pytest.mark.parametrize(
    "given",
    [
        "",
        "12",
        "12-3",
        "12-3-",
        "012-3-{mac}",
        "12-03-{mac}",
        "+12-3-{mac}",
        "١٢-3-{mac}",
        "13-3-{mac}",
        "12-4-{mac}",
        "12-3-{mac}A",
        "12-3-é",
        "12-9999999999-{mac}",
    ],
)
def test_token_changed_anywhere_is_unknown(given):
    mac = tokens.token(KEY, SECRET).split("-", 2)[2]

    assert tokens.read(given.format(mac=mac), SECRET) is None


def test_token_of_another_installation_is_unknown():
    assert tokens.read(tokens.token(KEY, "another secret"), SECRET) is None
