"""How long what failed waits before it is tried again. Pure."""

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
TRIED_FOR = timedelta(days=3)  # As long as mail servers keep trying among themselves.


def _all_pauses() -> tuple[timedelta, ...]:
    pauses: list[timedelta] = []
    pause = FIRST_PAUSE
    while sum(pauses, timedelta()) < TRIED_FOR:
        pauses.append(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return tuple(pauses)


PAUSES = _all_pauses()
LAST_ATTEMPT = len(PAUSES) + 1


def after(attempts: int) -> timedelta | None:
    """The pause after this many attempts; None when that was the last one."""
    return PAUSES[attempts - 1] if 1 <= attempts < LAST_ATTEMPT else None
