"""The one way in which a server is asked: as fast as it answers, and what that costs it."""

from dataclasses import dataclass

from bench.figures import cpu_seconds, descendants, percentile
from bench.http_load import Load, measure, request
from bench.people import Browser
from bench.servers import Server

CONNECTIONS = 4
FEWEST_ANSWERS = 60  # Of a turn, lest its 95th percentile be one bad moment.
WARM_UP_SECONDS = 0.2
MILLISECONDS = 1000


@dataclass(frozen=True)
class Target:
    """What is asked of a server, and what the answer ought to be."""

    name: str
    server: Server
    requests: list[bytes]
    status: int = 200
    goal: float | None = None
    goal_kib: float | None = None


@dataclass(frozen=True)
class Turn:
    """One measurement of a target."""

    load: Load
    seconds: float  # All in all.
    cpu_seconds: float  # Of the server's processes.

    def ms(self, share: float) -> float:
        """The percentile of the latencies, in milliseconds."""
        return percentile(self.load.seconds, share) * MILLISECONDS

    @property
    def cpu_ms(self) -> float:
        """What a request cost the server."""
        return self.cpu_seconds / len(self.load.seconds) * MILLISECONDS

    @property
    def per_second(self) -> float:
        return len(self.load.seconds) / self.seconds


def asked(server: Server, path: str, browser: Browser) -> bytes:
    """A question of somebody who is signed in."""
    return request(server.port, path, Cookie=browser.cookie)


def is_there(target: Target) -> bool:
    """Warm it up; an earlier commit may not have the page yet."""
    found = measure(target.server.port, target.requests, connections=CONNECTIONS, seconds=WARM_UP_SECONDS)
    if found.statuses != {target.status}:
        print(f"left out: {target.name} answered {sorted(found.statuses)}")
    return found.statuses == {target.status}


def turn(target: Target, seconds: float, *, connections: int = CONNECTIONS) -> Turn:
    """Ask for so long, and look what it costs the server.

    Raises:
        RuntimeError: when anything but the expected status is answered.
    """
    pids = descendants(target.server.pid)
    computed = cpu_seconds(pids)
    try:
        load = measure(
            target.server.port, target.requests, connections=connections, seconds=seconds, at_least=FEWEST_ANSWERS
        )
    except OSError as lost:
        raise RuntimeError(f"{target.name}: {lost}") from lost
    if load.statuses != {target.status}:
        raise RuntimeError(f"{target.name} answered {sorted(load.statuses)}")
    return Turn(load, load.lasted, cpu_seconds(pids) - computed)
