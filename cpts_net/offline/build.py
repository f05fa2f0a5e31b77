"""Which making of the product drew a page: what a device carries of an older one is fetched anew."""

import hashlib
from functools import lru_cache

from cpts_net.paths import ROOT

MADE_OF = ("static", "templates/offline")


@lru_cache(maxsize=1)
def build() -> str:
    """The content of all our files and of the pages around what is carried, in eight letters; read once for each process."""
    found = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file():
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:8]
