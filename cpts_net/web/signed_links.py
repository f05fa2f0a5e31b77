"""Links that prove by themselves that we made them: nothing is stored, and nobody can make another.

A link says what it is for; one that was made for something else is none.
"""

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from cpts_net.settings import current_settings


def sign(purpose: str, content: Any) -> str:
    """The part of an address that carries ``content``, which JSON can write."""
    return str(_serializer(purpose).dumps(content))


def read(purpose: str, token: str) -> Any:
    """What a link made for ``purpose`` carries; None for one that we did not make, or made for something else."""
    try:
        return _serializer(purpose).loads(token)
    except BadData:
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        current_settings().secret_key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
    )
