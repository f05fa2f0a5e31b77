"""A bound on how often one caller may ask, held in memory by each process: no write for a read."""

from datetime import datetime

MOST_CALLERS = 5000


class Pace:
    """At most ``most`` calls of one caller in any stretch of ``seconds`` that begins with a call."""

    def __init__(self, most: int, seconds: int) -> None:
        self.most, self.seconds = most, seconds
        self._stretches: dict[int, tuple[float, int]] = {}

    def wait(self, caller: int, now: datetime) -> int:
        """Count a call; the seconds to wait when it is one too many, else 0."""
        moment = now.timestamp()
        began, calls = self._stretches.get(caller, (moment, 0))
        if not 0 <= moment - began < self.seconds:
            began, calls = moment, 0
        if len(self._stretches) >= MOST_CALLERS:
            self._stretches.clear()
        self._stretches[caller] = (began, calls + 1)
        return 0 if calls < self.most else max(1, round(began + self.seconds - moment))
