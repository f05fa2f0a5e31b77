"""Sections: the parts of a page that are rendered alone and pushed when they differ."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Sections = Mapping[str, str]


@dataclass(frozen=True)
class Picture:
    """What the live part of a page looks like.

    ``sections`` maps the id of an HTML element to its HTML, in page order;
    ``valid_until`` is the instant, in UTC, at which the picture changes by
    itself; None when only a change can alter it.
    """

    sections: Sections
    valid_until: datetime | None = None
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(json.dumps(dict(self.sections)).encode()).hexdigest()
        object.__setattr__(self, "etag", digest[:32])

    @property
    def version(self) -> str:
        """What a page shows, in one word: the same for the same sections, whatever else has changed."""
        return self.etag[:16]

    def differing(self, shown: Sections) -> dict[str, str]:
        """The sections that a screen showing ``shown`` does not have yet."""
        return {name: html for name, html in self.sections.items() if shown.get(name) != html}
