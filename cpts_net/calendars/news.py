"""What a mail about a meeting would tell somebody that they do not know yet. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class News(StrEnum):
    """What there is to say."""

    INVITED = "invited"
    FIXED = "fixed"  # So, by a date that was fixed of those of a poll.
    AGAIN = "again"  # After having been told not to come.
    MOVED = "moved"  # To other hours.
    CHANGED = "changed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # The meeting takes place, without them.

    @property
    def is_off(self) -> bool:
        """Whether the entry is to leave the calendar."""
        return self in {News.CANCELLED, News.WITHDRAWN}


@dataclass(frozen=True)
class Facts:
    """What of a meeting is worth a mail: others of its words change without one."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    video_url: str
    is_off: bool  # Cancelled; or, in what somebody was told, not for them any more.


def news(told: Facts | None, facts: Facts, *, is_asked: bool) -> News | None:
    """What somebody is to be told, who was last ``told`` this of a meeting; None when they know.

    ``is_asked`` says whether they are invited at present. Nobody is told of the
    end of what they never heard of.
    """
    if facts.is_off or not is_asked:
        if told is None or told.is_off:
            return None
        return News.CANCELLED if facts.is_off else News.WITHDRAWN
    if told is None:
        return News.INVITED
    if told.is_off:
        return News.AGAIN
    if told == facts:
        return None
    return News.CHANGED if (told.starts_at, told.ends_at) == (facts.starts_at, facts.ends_at) else News.MOVED
