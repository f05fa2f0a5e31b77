"""What a device is sent: for it alone, signed by us, and the least that it has to know."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.notices.devices import Call
from cpts_net.push.messages import (
    DeviceGone,
    PushFailed,
    PushRefused,
    Subscription,
    are_keys,
    send,
    subject,
)
from tests.conftest import NOW
from tests.push.service import Browser, claims_of, from_base64, in_base64

CALL = Call(
    line="Dre Moreau sera absente du 1er au 8",
    label="Relais demandé",
    hint="Ouvrez pour lire.",
    path="/relais/7",
    tag="notice-12",
    at=NOW - timedelta(minutes=1),
    until=NOW + timedelta(hours=3),
)
# RFC 8291, 5.
OF_THE_RFC = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
SCALAR = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"


def test_the_browser_of_the_tests_deciphers_as_the_rfc_says():
    private = ec.derive_private_key(int.from_bytes(from_base64(SCALAR)), ec.SECP256R1())
    browser = Browser(private=private, auth=from_base64("BTBZMqHH6r4Tts7J_aSIgg"))

    assert browser.decipher(from_base64(OF_THE_RFC)) == b"When I grow up, I want to be a watermelon"


@pytest.fixture
def ring(app, service, key):
    mine = Browser()

    def rung(call=CALL, *, browser=mine, shows_all=False):
        with app.app_context():
            send(Subscription(**browser.said), call, key, shows_all=shows_all, now=NOW)
        return service.heard_by(browser)[-1]

    return rung


def test_a_device_is_told_the_least(ring):
    assert ring() == {
        "title": "Relais demandé",
        "body": "Ouvrez pour lire.",
        "path": "/relais/7",
        "tag": "notice-12",
        "at": int((NOW - timedelta(minutes=1)).timestamp() * 1000),
    }


@pytest.mark.parametrize("chosen", ["names_nobody", "shows_all"])
def test_it_is_told_all_where_nobody_is_named_or_its_owner_wants_it(ring, chosen):
    call = replace(CALL, names_nobody=chosen == "names_nobody")

    told = ring(call, shows_all=chosen == "shows_all")

    assert (told["title"], told["body"]) == (CALL.line, "")


def test_a_message_is_signed_and_worth_something_for_a_while(app, ring, service, key):
    ring()
    ring(replace(CALL, is_urgent=True, until=NOW - timedelta(seconds=5)))

    first, second = service.asked
    assert first.headers["content-encoding"] == "aes128gcm"
    assert (first.headers["ttl"], first.headers["urgency"]) == (str(3 * 3600), "normal")
    assert (second.headers["ttl"], second.headers["urgency"]) == ("0", "high")
    claims = claims_of(first, key.public)
    assert claims["aud"] == "https://fcm.googleapis.com"
    assert claims["exp"] == int((NOW + timedelta(hours=12)).timestamp())
    assert claims["sub"] == "mailto:ne-pas-repondre@cpts.example"


def test_another_key_does_not_pass_for_ours(ring, service, key):
    ring()

    with pytest.raises(AssertionError):
        claims_of(service.asked[0], in_base64(Browser().point))


def test_who_sends_is_found_on_the_site_or_by_mail(settings):
    assert subject(replace(settings, contact="contact@cpts.example")) == "mailto:contact@cpts.example"
    assert subject(replace(settings, public_url="https://reseau.cpts.example")) == "https://reseau.cpts.example"


def test_no_two_messages_look_alike(ring, service):
    browser = Browser()
    ring(browser=browser)
    ring(browser=browser)

    first, second = service.asked
    assert first.body != second.body
    assert first.body[:16] != second.body[:16]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, DeviceGone),
        (410, DeviceGone),
        (400, PushRefused),
        (403, PushRefused),
        (413, PushRefused),
        (307, PushRefused),
        (429, PushFailed),
        (500, PushFailed),
        (503, PushFailed),
    ],
)
def test_what_a_service_answers_is_understood(ring, service, status, error):
    service.answers["/fcm/send/browser-1"] = status

    with pytest.raises(error, match=f"fcm.googleapis.com answers {status}") as failed:
        ring()

    assert "browser-1" not in str(failed.value)


def test_keys_are_a_point_and_a_secret():
    said = Browser().said
    assert are_keys(said["p256dh"], said["auth"])
    assert are_keys(said["p256dh"] + "=", said["auth"] + "==")


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        (in_base64(b"\x04" + b"\x01" * 64), in_base64(b"a" * 16)),
        (in_base64(Browser().point[:-1]), in_base64(b"a" * 16)),
        (Browser().said["p256dh"], in_base64(b"a" * 15)),
        (Browser().said["p256dh"], "é"),
        ("no base64!", in_base64(b"a" * 16)),
    ],
)
def test_what_is_no_key_is_none(p256dh, auth):
    assert not are_keys(p256dh, auth)


@given(st.text(max_size=90), st.text(max_size=24))
def test_no_keys_whatever_they_hold_are_a_fault(p256dh, auth):
    if are_keys(p256dh, auth):
        assert len(urlsafe_b64decode(p256dh + "==")) == 65


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_every_line_arrives_as_it_was(line):
    """The longest line stays far below the 4,096 bytes that services take (RFC 8030, 7.2)."""
    from cpts_net.push.messages import _enciphered, _payload  # noqa: PLC0415  What lies between, without a service.

    browser = Browser()
    body = _enciphered(Subscription(**browser.said), _payload(replace(CALL, line=line), shows_all=True))

    assert json.loads(browser.decipher(body))["title"] == line
    assert len(body) < 4096
