"""How many workers and threads serve best: pages that ask little, and forty people who sign in at once."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from bench import people
from bench.bases import Bases
from bench.figures import median, percentile
from bench.forms import Form, post
from bench.http_load import measure
from bench.loads import CONNECTIONS, MILLISECONDS, Target, asked, turn
from bench.people import Browser, Scene
from bench.servers import House, Server
from bench.tables import Section, table

MEMBERS = 500
WORKERS, THREADS = (1, 2), (4, 8, 16, 32)
TURNS = 2
SECONDS = 0.7
AT_ONCE = 40  # People who sign in.
PAGES = {"board": "/continuite/", "profile": "/annuaire/{profile}"}
HEAD: tuple[str, ...] = (
    "workers",
    "threads",
    *(f"{page} {what}" for page in PAGES for what in ("per second", "p95 ms")),
)
HEAD += ("sign-ins answered", "last one s", "board meanwhile, p95 ms", "slowest ms")


def section(bases: Bases) -> Section:
    """Every combination twice over, in turn."""
    house = bases.house(MEMBERS)
    scene = people.scene(house, AT_ONCE, 1)
    choices = [(workers, threads) for workers in WORKERS for threads in THREADS]
    rounds = [[[*_measured(house, scene, *choice)] for choice in choices] for _ in range(TURNS)]
    rows = [
        (str(workers), str(threads), *_medians([each[place] for each in rounds]))
        for place, (workers, threads) in enumerate(choices)
    ]
    return Section("serving", table(HEAD, rows))


def _medians(rounds: Sequence[Sequence[float]]) -> Iterator[str]:
    for column in zip(*rounds, strict=True):
        middle = median(column)
        yield f"{middle:.1f}" if middle < 100 else f"{middle:.0f}"


def _measured(house: House, scene: Scene, workers: int, threads: int) -> Iterator[float]:
    """The figures of a row: of each page, then of the burst."""
    house.environment.update(WORKERS=str(workers), THREADS=str(threads))
    with house.web() as web:
        for page, path in PAGES.items():
            target = Target(page, web, [asked(web, path.format(**scene.places), scene.lead)])
            turn(target, SECONDS / 4)
            found = turn(target, SECONDS)
            yield found.per_second
            yield found.ms(95)
        yield from _beside_a_burst(web, scene)


def _beside_a_burst(web: Server, scene: Scene) -> Iterator[float]:
    """Forty people sign in at once, while the board is asked for."""
    forms = [_sign_in(web.port, viewer, scene.password) for viewer in scene.viewers]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        sent = [pool.submit(post, web.port, form) for form in forms]
        ended = pool.submit(_all_answered, sent)
        board = measure(web.port, [asked(web, "/continuite/", scene.lead)], connections=CONNECTIONS, seconds=SECONDS)
    statuses = [each.result() for each in sent]
    yield statuses.count(303)
    yield ended.result() - began
    yield percentile(board.seconds, 95) * MILLISECONDS
    yield max(board.seconds) * MILLISECONDS


def _all_answered(sent: Sequence[Future[int]]) -> float:
    """Wait; return when the last one was."""
    wait(sent)
    return time.perf_counter()


def _sign_in(port: int, person: Browser, password: str) -> bytes:
    nobody = person.cookie.partition("=")[0] + "="
    return Form(port, nobody, "/connexion", "password").filled(email=person.email, password=password)
