"""How long pages, feeds and searches take, against the floor of the same minutes."""

import http.client
import random
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bench.figures import median, percentile
from bench.http_load import Load, measure, request
from bench.people import Browser
from bench.servers import Server

CONNECTIONS = 4
REPEATS = 3
MILLISECONDS = 1000


@dataclass(frozen=True)
class Target:
    """What is asked for, and how many floors it may cost."""

    name: str
    port: int
    requests: list[bytes]
    status: int
    goal: float | None


@dataclass(frozen=True)
class PageFigures:
    """Medians over the repeats; ``floors`` compares each repeat with the floor of the same repeat."""

    name: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_second: float
    body_bytes: int
    floors: float
    goal: float | None


def targets(web: Server, floor: Server, inside: Server, browser: Browser, feed: str) -> list[Target]:
    """Everything that is asked for, the floor first."""
    cookie = {"Cookie": browser.cookie}
    path = urlsplit(feed).path
    etag = _etag(web.port, path)
    return [
        Target("floor: a route that answers ok", floor.port, [request(floor.port, "/")], 200, None),
        Target("the same, signed in", inside.port, [request(inside.port, "/ok", **cookie)], 200, None),
        Target("board /continuite/", web.port, [request(web.port, "/continuite/", **cookie)], 200, 3),
        Target("calendar feed, 200", web.port, [request(web.port, path)], 200, 2),
        Target("calendar feed, 304", web.port, [request(web.port, path, If_None_Match=etag)], 304, 1.3),
        Target("directory search", web.port, _searches(web.port, cookie), 200, 4),
    ]


def _etag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    etag = response.headers["ETag"]
    connection.close()
    if response.status != 200 or etag is None:
        raise RuntimeError(f"the feed answered {response.status}, ETag {etag}")
    return etag


def events_of(port: int, feed: str) -> int:
    """How many events a feed has."""
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", urlsplit(feed).path)
    text = connection.getresponse().read()
    connection.close()
    return text.count(b"BEGIN:VEVENT")


def _searches(port: int, cookie: dict[str, str]) -> list[bytes]:
    """What people type: beginnings and middles of names, professions, communes, two words."""
    words = ["le", "mar", "perez", "énard", "infirmier", "chateaudun", "brou", "sage femme", "anne laure", "kine"]
    words += ["moreau bonneval", "xyz", "pharmacien cloyes", "du", "roux", "médecin", "gau", "lefevre", "sam", "orth"]
    random.Random(1).shuffle(words)
    return [request(port, f"/annuaire/?q={quote(word)}", **cookie) for word in words]


def measured(every: list[Target], seconds: float) -> list[PageFigures]:
    """Each target some times over, turn by turn, so that a busy moment hits all of them."""
    for target in every:
        _checked(target, 0.5)
    loads = [[_checked(target, seconds) for target in every] for _ in range(REPEATS)]
    figures = []
    for place, target in enumerate(every):
        own = [turn[place] for turn in loads]
        floors = [percentile(turn[place].seconds, 95) / percentile(turn[0].seconds, 95) for turn in loads]
        p50, p95, p99 = (
            median(percentile(load.seconds, share) for load in own) * MILLISECONDS for share in (50, 95, 99)
        )
        rate = median(len(load.seconds) / seconds for load in own)
        figures.append(PageFigures(target.name, p50, p95, p99, rate, own[0].body_bytes, median(floors), target.goal))
    return figures


def _checked(target: Target, seconds: float) -> Load:
    try:
        load = measure(target.port, target.requests, connections=CONNECTIONS, seconds=seconds)
    except OSError as lost:
        raise RuntimeError(f"{target.name}: {lost}") from lost
    if load.statuses != {target.status}:
        raise RuntimeError(f"{target.name} answered {sorted(load.statuses)}")
    return load
