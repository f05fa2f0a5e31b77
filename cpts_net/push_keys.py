"""The key pair by which push services know this installation (VAPID, RFC 8292); made by ``cpts-net push keys``."""

import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

FILE = "push-key.pem"


@dataclass(frozen=True)
class PushKey:
    """What pushes are signed with; ``public`` is the half that browsers are given, uncompressed, in base64url."""

    pem: bytes = field(repr=False)
    public: str


def kept_push_key(path: Path) -> PushKey | None:
    """The key that lies there; None where there is none, and nobody's device rings.

    Raises:
        ValueError: for a file that cannot be read, or is no private key of the curve P-256.
    """
    if not path.exists():
        return None
    try:
        return read_push_key(path.read_bytes())
    except OSError as refused:
        raise ValueError(str(refused.strerror)) from refused


def read_push_key(pem: bytes) -> PushKey:
    """The key that a text in PEM holds.

    Raises:
        ValueError: when it holds no private key of the curve P-256.
    """
    # Loaded only where there is a key: it takes a tenth of a second and ten megabytes.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as unread:
        raise ValueError("is no private key in PEM") from unread
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise ValueError("is no private key of the curve P-256")
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return PushKey(pem, urlsafe_b64encode(point).decode().rstrip("="))


def make_push_key(path: Path) -> PushKey:
    """Make another key and put it there, whole and readable by its owner only.

    Raises:
        OSError: when it cannot be written.
    """
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
        file.write(pem)
    Path(file.name).replace(path)
    return read_push_key(pem)
