"""A push service on this machine: takes what it is sent over TLS, deciphers it as the browser would, checks who signed it."""

import json
import ssl
import struct
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cpts_net.push.endpoints import Reach
from tests.journeys.proxy import certificate

HOST = "fcm.googleapis.com"


def in_base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """A subscribed browser: its endpoint and the two halves of its key."""

    def __init__(self, number: int = 1, private: ec.EllipticCurvePrivateKey | None = None, auth: bytes = b"a" * 16):
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.secret = auth
        self.endpoint = f"https://{HOST}/fcm/send/browser-{number}"

    @property
    def point(self) -> bytes:
        public = self.private.public_key()
        return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

    @property
    def said(self) -> dict[str, str]:
        """What it says of itself, as the page sends it."""
        return {"endpoint": self.endpoint, "p256dh": in_base64(self.point), "auth": in_base64(self.secret)}

    def decipher(self, body: bytes) -> bytes:
        """RFC 8291, 3.4, and RFC 8188, 2: one record."""
        salt, _size, length = body[:16], struct.unpack(">L", body[16:20]), body[20]
        sender, secret = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        keys = _derived(self.secret, b"WebPush: info\0" + self.point + sender, 32, shared)
        cipher = AESGCM(_derived(salt, b"Content-Encoding: aes128gcm\0", 16, keys))
        record = cipher.decrypt(_derived(salt, b"Content-Encoding: nonce\0", 12, keys), secret, None)
        content, delimiter, _padding = record.rpartition(b"\x02")
        assert delimiter, "the last record ends in 2"
        return content


def _derived(salt: bytes, info: bytes, length: int, key: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """What arrived, in order; ``answers`` has the status for an endpoint's path, if not 201."""

    reach: Reach
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def heard_by(self, browser: Browser) -> list[dict[str, Any]]:
        """What a browser was told, deciphered."""
        mine = [each for each in self.asked if browser.endpoint.endswith(each.path)]
        return [json.loads(browser.decipher(each.body)) for each in mine]


def claims_of(asked: Asked, public: str) -> dict[str, Any]:
    """What a request's signature says; fails when another key made it (RFC 8292, 2 and 3)."""
    scheme, token, key = asked.headers["authorization"].replace(",", " ").split()
    assert (scheme, key) == ("vapid", f"k={public}")
    head, claims, signature = token.removeprefix("t=").split(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(public))
    r, s = (int.from_bytes(half) for half in (from_base64(signature)[:32], from_base64(signature)[32:]))
    point.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    said: dict[str, Any] = json.loads(from_base64(claims))
    return said


@contextmanager
def running_push_service(folder: Path) -> Iterator[PushService]:
    made = certificate(folder, HOST)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(made, folder / "key.pem")
    trust = ssl.create_default_context(cafile=str(made))
    service = PushService(Reach())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = service.answers.get(self.path, 201)
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", f"https://{HOST}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.reach = Reach(lambda _host: ["127.0.0.1"], lambda _address: True, server.server_port, trust)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
