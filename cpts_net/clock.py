"""The one clock. Nothing else in the product asks what time it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cpts_net.settings import current_settings

_offset = timedelta(0)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC) + _offset  # noqa: TID251  The only reading of the system clock.


def zone() -> ZoneInfo:
    """The time zone of the territory."""
    return current_settings().zone


def today() -> date:
    """The present date in the territory."""
    return now().astimezone(zone()).date()


def start_at(moment: str) -> None:
    """Let the clock start at an ISO instant with its offset and run on from there.

    A demonstration can so show an August in winter; an empty text means the
    real time.

    Raises:
        ValueError: for a text that is no instant, or one without an offset.
    """
    global _offset  # noqa: PLW0603  The clock is the process's, as the system's is.
    _offset = timedelta(0)
    if moment:
        start = datetime.fromisoformat(moment)
        if start.tzinfo is None:
            raise ValueError(f"{moment!r} has no offset from UTC")
        _offset = start - now()
