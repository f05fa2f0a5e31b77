"""How long every page that people use takes, against the floor of the same moments."""

import http.client
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlsplit

from bench import people
from bench.bases import Bases
from bench.figures import median, percentile
from bench.forms import Form, post
from bench.http_load import request
from bench.loads import MILLISECONDS, Target, Turn, asked, is_there, turn
from bench.people import Browser, Scene
from bench.servers import House, Server
from bench.tables import Section, reached, table

TURNS = 3
FLOOR_SHARE = 0.4  # Of the seconds of a page, spent on the floor right before it.
VIEWERS = 200
CHANGES = 20  # After each of which a feed is asked for.
FIRST_FEED_GOAL_MS = 8
HEAD: tuple[str, ...] = (
    "asked for",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "per second",
    "CPU ms",
    "KiB",
    "p95 / floor",
    "CPU / floor",
)
HEAD += ("goal", "reached")


@dataclass(frozen=True)
class Page:
    """A page of the product: its address, who looks at it, and what it may cost."""

    name: str
    path: str
    floors: float | None = None  # Goal: how many floors the 95th percentile may be.
    kib: float | None = None
    looks: str = "lead"  # Whom of the scene; of several, one after the other: nobody may ask the picker without end.


PAGES = (
    Page("board", "/continuite/", 3),
    Page("profile", "/annuaire/{profile}", 4),
    Page("absence form", "/absences/nouvelle", 8, kib=40),
    Page("absences", "/absences/", 8),
    Page("group", "/groupes/{group}", 8),
    Page("groups", "/groupes/", 8),
    Page("planning", "/mon-planning/", 8),
    Page("duty lines", "/astreintes/", 8),
    Page("month of a line", "/astreintes/{line}/", 12),
    Page("weeks", "/continuite/semaines/", 12),
    Page("poll", "/reunions/sondages/{poll}", 10),
    Page("meeting", "/reunions/{meeting}"),
    Page("meetings", "/reunions/", 8),
    Page("own account", "/mon-compte/"),
    Page("subscriptions", "/abonnements/"),
    Page("people picker, an answer", "/annuaire/choisir?pour=relais&q=mar", looks="viewers"),
    Page("absences, by staff", "/absences/", 8, looks="administrator"),
    Page("accounts", "/administration/", looks="administrator"),
    Page("account", "/administration/comptes/{account}/", looks="administrator"),
    Page("trail", "/administration/journal", looks="administrator"),
)


@dataclass(frozen=True)
class PageFigures:
    """Medians over the turns; ``floors`` compares each turn with the floor right before it."""

    name: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_second: float
    cpu_ms: float
    body_bytes: int
    floors: float
    cpu_floors: float
    goal: float | None
    goal_kib: float | None

    @property
    def is_reached(self) -> bool:
        """Whether no goal is missed; without a goal none is."""
        is_small = self.goal_kib is None or self.body_bytes <= self.goal_kib * 1024
        return is_small and (self.goal is None or self.floors <= self.goal)


@dataclass(frozen=True)
class PageTargets:
    """The servers that run, and everything that is asked of them."""

    web: Server
    scene: Scene
    feed: str
    floor: Target
    every: list[Target]


def served(house: House, stack: ExitStack) -> PageTargets:
    """Start what answers pages, until ``stack`` closes."""
    scene = people.scene(house, viewers=VIEWERS, declarers=CHANGES)
    feed = urlsplit(house.command("feeds", "create", scene.viewers[0].email, "--kind", "duty")).path
    web, inside, floor = (stack.enter_context(start()) for start in (house.web, house.floor_inside, house.floor))
    bare = Target("floor: a bare route", floor, [request(floor.port, "/")])
    return PageTargets(web, scene, feed, bare, [*_targets(web, inside, scene, feed)])


def _targets(web: Server, inside: Server, scene: Scene, feed: str) -> list[Target]:
    """Every page, feed and search of the product."""
    ok = Target("signed-in ok", inside, [asked(inside, "/ok", scene.lead)], goal=1.7)
    pages = [_page(web, page, scene) for page in PAGES]
    search = Target("search", web, _searches(web, scene.lead), goal=4)
    return [ok, pages[0], search, *pages[1:], *_feeds(web, feed)]


def _page(web: Server, page: Page, scene: Scene) -> Target:
    found = getattr(scene, page.looks)
    browsers: list[Browser] = found if isinstance(found, list) else [found]
    path = page.path.format(**scene.places)
    return Target(
        page.name, web, [asked(web, path, browser) for browser in browsers], goal=page.floors, goal_kib=page.kib
    )


def _searches(web: Server, browser: Browser) -> list[bytes]:
    """What people type: beginnings and middles of names, professions, communes, two words."""
    words = ["le", "mar", "perez", "énard", "infirmier", "chateaudun", "brou", "sage femme", "anne laure", "kine"]
    words += ["moreau bonneval", "xyz", "pharmacien cloyes", "du", "roux", "médecin", "gau", "lefevre", "sam", "orth"]
    random.Random(1).shuffle(words)
    return [asked(web, f"/annuaire/?q={quote(word)}", browser) for word in words]


def _feeds(web: Server, path: str) -> list[Target]:
    _text, etag = fetched(web, path)
    return [
        Target("feed, 200", web, [request(web.port, path)], goal=1.8),
        Target("feed, 304", web, [request(web.port, path, If_None_Match=etag)], status=304, goal=1.6),
    ]


def fetched(web: Server, path: str) -> tuple[bytes, str]:
    """What stands at an address, and its ETag."""
    connection = http.client.HTTPConnection("localhost", web.port)
    connection.request("GET", path)
    response = connection.getresponse()
    text, etag = response.read(), response.headers["ETag"]
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return text, etag or ""


def measured(every: Iterable[Target], floor: Target, seconds: float) -> list[PageFigures]:
    """The floor, then each target some times over, turn by turn, so that a busy moment hits all of them.

    Right before each target the floor is measured again, and compared with.
    """
    every = [target for target in every if is_there(target)]
    rounds = [[*_beside_the_floor(every, floor, seconds)] for _ in range(TURNS)]
    of_targets = list(zip(*rounds, strict=True))
    floors = [beneath for turns in of_targets for beneath, _own in turns]
    figures = [_figures(floor, [(beneath, beneath) for beneath in floors])]
    return figures + [_figures(target, turns) for target, turns in zip(every, of_targets, strict=True)]


def _beside_the_floor(every: Sequence[Target], floor: Target, seconds: float) -> Iterator[tuple[Turn, Turn]]:
    for target in every:
        beneath = turn(floor, seconds * FLOOR_SHARE)
        yield beneath, turn(target, seconds)


def _figures(target: Target, turns: Sequence[tuple[Turn, Turn]]) -> PageFigures:
    own = [turn for _floor, turn in turns]
    return PageFigures(
        name=target.name,
        p50_ms=median(turn.ms(50) for turn in own),
        p95_ms=median(turn.ms(95) for turn in own),
        p99_ms=median(turn.ms(99) for turn in own),
        per_second=median(turn.per_second for turn in own),
        cpu_ms=median(turn.cpu_ms for turn in own),
        body_bytes=own[0].load.body_bytes,
        floors=median(turn.ms(95) / floor.ms(95) for floor, turn in turns),
        cpu_floors=median(turn.cpu_ms / floor.cpu_ms for floor, turn in turns),
        goal=target.goal,
        goal_kib=target.goal_kib,
    )


def section(bases: Bases, members: int, seconds: float) -> Section:
    """Every page on a base of so many people."""
    with ExitStack() as stack:
        house = bases.house(members)
        pages = served(house, stack)
        peer = house.peer()
        beside = [] if peer is None else [_bare("Node: a bare route", stack.enter_context(peer))]
        figures = measured([*beside, *pages.every], pages.floor, seconds)
        events = fetched(pages.web, pages.feed)[0].count(b"BEGIN:VEVENT")
        after = first_feeds_after_a_change(pages, bases.shown_day)
    middle = median(after)
    missed = [f"{each.name}, {members} members" for each in figures if not each.is_reached]
    if middle > FIRST_FEED_GOAL_MS:
        missed.append(f"first feed after a change, {members} members")
    said = (
        f"First feed after a change ({events} events, {len(after)} changes): median {middle:.1f} ms,"
        f" p95 {percentile(after, 95):.1f} ms; goal {FIRST_FEED_GOAL_MS} ms,"
        f" reached: {reached(middle <= FIRST_FEED_GOAL_MS)}."
    )
    text = f"### {members} members\n\n{table(HEAD, map(_row, figures))}\n\n{said}"
    return Section(f"pages-{members}", text, missed)


def _bare(name: str, server: Server) -> Target:
    return Target(name, server, [request(server.port, "/")])


def first_feeds_after_a_change(pages: PageTargets, today: date) -> list[float]:
    """Milliseconds that a feed takes right after somebody declared a leave, once for each of the declarers."""
    times = []
    for declarer in pages.scene.declarers:
        form = Form(pages.web.port, declarer.cookie, "/absences/nouvelle", "first_day")
        post(pages.web.port, form.filled(first_day=f"{today}", last_day=f"{today + timedelta(1)}"))
        began = time.perf_counter()
        fetched(pages.web, pages.feed)
        times.append((time.perf_counter() - began) * MILLISECONDS)
    return times


def _row(figures: PageFigures) -> tuple[str, ...]:
    goal = "" if figures.goal is None else f"{figures.goal:g}"
    if figures.goal_kib:
        goal += f", {figures.goal_kib:g} KiB"
    return (
        figures.name,
        f"{figures.p50_ms:.2f}",
        f"{figures.p95_ms:.2f}",
        f"{figures.p99_ms:.2f}",
        f"{figures.per_second:.0f}",
        f"{figures.cpu_ms:.2f}",
        f"{figures.body_bytes / 1024:.1f}",
        f"{figures.floors:.2f}",
        f"{figures.cpu_floors:.2f}",
        goal,
        reached(figures.is_reached) if goal else "",
    )
