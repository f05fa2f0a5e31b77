"""What a device is sent: enciphered for it alone (RFC 8291), and signed by this installation (RFC 8292)."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from http_ece import ECEException, encrypt
from py_vapid import Vapid02

from cpts_net.notices.devices import Call
from cpts_net.push.endpoints import host_of, reach
from cpts_net.push_keys import PushKey
from cpts_net.settings import Settings, current_settings

SIGNED_FOR = timedelta(hours=12)  # Services take no more than a day.
TAKEN, GONE = range(200, 300), (404, 410)
LATER = (408, 425, 429)  # And whatever is the service's own fault.
FAULTS_OF_THEIRS = 500
POINT, UNCOMPRESSED, SECRET = 65, 4, 16


class DeviceGone(Exception):
    """The browser is not subscribed any more."""


class PushRefused(Exception):
    """The service will not take this, whenever it is tried; says in which words."""


class PushFailed(Exception):
    """The service asks to come back."""


class Subscription(NamedTuple):
    """What a browser says of itself, as ``PushDevice`` keeps it."""

    endpoint: str
    p256dh: str
    auth: str


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether something can be enciphered with what a browser gave: a point of the curve, and a secret of 16 bytes."""
    try:
        point, secret = decoded(p256dh), decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT and point[0] == UNCOMPRESSED and len(secret) == SECRET


def decoded(text: str) -> bytes:
    """What stands in base64url, with or without its padding.

    Raises:
        ValueError: for what is none.
    """
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def send(device: Subscription, call: Call, key: PushKey, *, shows_all: bool, now: datetime) -> None:
    """Have a device ring.

    Raises:
        DeviceGone: when it does not want to any more.
        PushRefused: when this will be refused whenever it is tried.
        PushFailed, ServiceOutOfReach: when the service cannot be reached, or refuses for now.
        ServiceUnknown: for an endpoint of no known service.
    """
    host = host_of(device.endpoint)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int((call.until - now).total_seconds()))),
        "Urgency": "high" if call.is_urgent else "normal",
        **_signed(host, key, now),
    }
    status = reach().post(device.endpoint, _enciphered(device, _payload(call, shows_all=shows_all)), headers)
    _judge(host, status)


def _payload(call: Call, *, shows_all: bool) -> bytes:
    """The least that a device has to know: what its screen says, where it leads, and what it replaces."""
    says_all = shows_all or call.names_nobody
    content: dict[str, Any] = {
        "title": call.line if says_all else call.label,
        "body": "" if says_all else call.hint,
        "path": call.path,
        "tag": call.tag,
        "at": int(call.at.timestamp() * 1000),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _enciphered(device: Subscription, payload: bytes) -> bytes:
    once = ec.generate_private_key(ec.SECP256R1())
    try:
        body: bytes = encrypt(
            payload, private_key=once, dh=decoded(device.p256dh), auth_secret=decoded(device.auth), version="aes128gcm"
        )
    except (ECEException, ValueError) as unfit:
        raise PushRefused(f"the keys of the device are of no use: {unfit}") from unfit
    return body


def _signed(host: str, key: PushKey, now: datetime) -> dict[str, str]:
    claims = {"aud": f"https://{host}", "sub": subject(current_settings()), "exp": int((now + SIGNED_FOR).timestamp())}
    headers: dict[str, str] = Vapid02.from_pem(key.pem).sign(claims)
    return headers


def subject(settings: Settings) -> str:
    """Where a service finds who sends, as it asks (RFC 8292, 2.1): by mail, or on the site."""
    return settings.public_url if settings.is_https else f"mailto:{settings.contact or settings.mail_from.addr_spec}"


def _judge(host: str, status: int) -> None:
    if status in TAKEN:
        return
    words = f"{host} answers {status}"
    if status in GONE:
        raise DeviceGone(words)
    if status in LATER or status >= FAULTS_OF_THEIRS:
        raise PushFailed(words)
    raise PushRefused(words)
