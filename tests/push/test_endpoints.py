"""Nothing goes but to the push services of browsers' makers, and never to an address inside a network."""

import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from cpts_net.push.endpoints import KNOWN, Reach, ServiceOutOfReach, ServiceUnknown, host_of, is_outside
from tests.push.service import HOST

KNOWN_ENDPOINTS = [
    "https://fcm.googleapis.com/fcm/send/abc:APA91b-_x",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2b",
    "https://web.push.apple.com/QGoL",
]
STRANGE_ENDPOINTS = [
    "",
    "https://",
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://push.example/abc",
    "https://fcm.googleapis.com.push.example/abc",
    "https://notfcm.googleapis.com/abc",
    "https://push.example/fcm.googleapis.com",
    "https://fcm.googleapis.com@push.example/abc",
    "https://someone@fcm.googleapis.com/abc",
    "https://fcm.googleapis.com:8443/abc",
    "https://fcm.googleapis.com\\@push.example/abc",
    "https://push.example\\.push.apple.com/abc",
    "https://fcm.googleapis.com/abc#part",
    "https://fcm.googleapis.com/a b",
    "https://fcm.googleapis.com/\n",
    "https://fcm.googleapis.com/é",
    "https://127.0.0.1/abc",
    "https://localhost/abc",
    "https://[::1]/abc",
    "https://[fcm.googleapis.com/abc",
    "https://fcm.googleapis.com/" + "a" * 1000,
]


@pytest.mark.parametrize("endpoint", KNOWN_ENDPOINTS)
def test_the_services_of_browsers_are_known(endpoint):
    assert host_of(endpoint) in endpoint


@pytest.mark.parametrize("endpoint", STRANGE_ENDPOINTS)
def test_nothing_else_is(endpoint):
    with pytest.raises(ServiceUnknown):
        host_of(endpoint)


PIECES = st.sampled_from(
    ["https://", "http://", "//", "/", "@", "\\", "#", "?", ":", ".", "[", "]", "%2e", "443", "a", *KNOWN]
)


@given(st.lists(PIECES, max_size=8).map("".join))
@example("https://fcm.googleapis.com/")
def test_whoever_reads_a_known_endpoint_reads_the_same_host(endpoint):
    try:
        host = host_of(endpoint)
    except ServiceUnknown:
        return
    read = parse_url(endpoint)  # As the library reads it that other programs connect with.
    assert (read.scheme, read.host, read.port, read.auth) == ("https", host, None, None)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("142.250.74.170", True),
        ("2a00:1450:4007:80c::200a", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:142.250.74.170", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_which_addresses_lie_outside(address, outside):
    assert is_outside(address) is outside


def reached_by(*addresses):
    """How services are reached where their name leads to these addresses, and what was tried of them."""
    return Reach(lambda _host: addresses)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("10.0.0.8",), ("142.250.74.170", "127.0.0.1"), ()])
def test_a_name_that_leads_inside_is_not_followed(addresses, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_given, **_options: pytest.fail("connected"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_given: pytest.fail("connected"))

    with pytest.raises(ServiceOutOfReach, match="inside"):
        reached_by(*addresses).post(KNOWN_ENDPOINTS[0], b"", {})


def test_a_name_that_leads_nowhere_is_tried_later():
    def nobody_knows(_host):
        raise socket.gaierror("no such name")

    with pytest.raises(ServiceOutOfReach, match=HOST) as failed:
        Reach(nobody_knows).post(KNOWN_ENDPOINTS[0], b"", {})

    assert "APA91b" not in str(failed.value)  # The endpoint is a secret of the device.


def test_an_unknown_service_is_not_even_looked_for():
    with pytest.raises(ServiceUnknown):
        Reach(lambda _host: pytest.fail("asked")).post("https://push.example/", b"", {})


def test_a_redirect_is_not_followed(shared_service):
    shared_service.asked.clear()
    shared_service.answers["/moved?to=1"] = 307

    assert shared_service.reach.post(f"https://{HOST}/moved?to=1", b"x", {}) == 307

    assert [each.path for each in shared_service.asked] == ["/moved?to=1"]
    shared_service.answers.clear()


def test_a_service_that_is_another_is_refused(shared_service):
    """The certificate is for one name; at the same address another service is none."""
    with pytest.raises(ServiceOutOfReach):
        shared_service.reach.post("https://updates.push.services.mozilla.com/", b"x", {})
