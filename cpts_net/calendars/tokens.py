"""The secret part of a feed's address, derived so that the base holds nothing to steal.

``<feed id>-<generation>-<mac>``: the owner can read it again at any time, and
raising the generation ends every address given out before.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

PURPOSE = b"calendar feed"
MAC_BYTES = 18  # 144 bits, and no padding in base64.
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class FeedKey:
    """Which feed an address belongs to, and since which renewal."""

    feed_id: int
    generation: int


def token(key: FeedKey, secret: str) -> str:
    """The token of a feed's present address."""
    return f"{key.feed_id}-{key.generation}-{_mac(key, secret)}"


def read(given: str, secret: str) -> FeedKey | None:
    """What a token stands for; None for one that we never gave out."""
    match given.split("-", 2):
        case [feed_id, generation, mac] if _is_number(feed_id) and _is_number(generation):
            key = FeedKey(int(feed_id), int(generation))
        case _:
            return None
    # As bytes: compare_digest refuses text that is not ASCII.
    return key if hmac.compare_digest(mac.encode(), _mac(key, secret).encode()) else None


def _mac(key: FeedKey, secret: str) -> str:
    message = b"%s\0%d\0%d" % (PURPOSE, key.feed_id, key.generation)
    digest = hmac.digest(secret.encode(), message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:MAC_BYTES]).decode()


def _is_number(text: str) -> bool:
    """One spelling only: another would be a second address of the same feed."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and not text.startswith("0")
