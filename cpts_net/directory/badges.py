"""Who is on duty or away, as the directory shows it.

The directory stands below the rooms that know; ``continuity`` gives it their
answer by setting ``provider`` when the application starts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Badge:
    """What stands beside a name: "d’astreinte jusqu’à 20 h"; or "absent", and who stands in."""

    kind: Literal["duty", "away"]
    text: str
    relay: str = ""  # The name of the member who stands in, if somebody does.


Provider = Callable[[Sequence[int], datetime], Mapping[int, Badge]]


def _none(_member_ids: Sequence[int], _now: datetime) -> Mapping[int, Badge]:
    return {}


provider: Provider = _none
