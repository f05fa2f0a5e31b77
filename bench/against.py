"""The pages of today beside those of an earlier commit, asked in turn so that noise hits both."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from bench.bases import Bases
from bench.figures import median
from bench.loads import Target, Turn, is_there, turn
from bench.pages import PageTargets, served
from bench.servers import ROOT
from bench.tables import table

TURNS = 3
HEAD = (
    "asked for",
    "p95 before",
    "p95 now",
    "now / before",
    "CPU ms before",
    "CPU ms now",
    "now / before",
    "KiB before",
    "KiB now",
)


def compared(bases: Bases, commit: str, sizes: Sequence[int], seconds: float) -> str:
    """A table of ratios for each size."""
    earlier = bases.tree_of(commit)
    texts = []
    for members in sizes:
        with ExitStack() as stack:
            sides = [served(bases.house(members, tree), stack) for tree in (earlier, ROOT)]
            rows = [_row(*pair) for pair in _measured(sides[0], sides[1], seconds)]
        texts.append(f"### {members} members, against {commit}\n\n{table(HEAD, rows)}")
    return "\n\n".join(texts)


Turns = list[tuple[Turn, Turn]]


def _measured(before: PageTargets, now: PageTargets, seconds: float) -> Iterator[tuple[str, Turns]]:
    pairs = [pair for pair in zip(before.every, now.every, strict=True) if all(map(is_there, pair))]
    rounds = [[_both(pair, seconds) for pair in pairs] for _ in range(TURNS)]
    for place, (_earlier, target) in enumerate(pairs):
        yield target.name, [each[place] for each in rounds]


def _both(pair: tuple[Target, Target], seconds: float) -> tuple[Turn, Turn]:
    return turn(pair[0], seconds), turn(pair[1], seconds)


def _row(name: str, turns: Turns) -> tuple[str, ...]:
    before, now = zip(*turns, strict=True)
    return (
        name,
        *_both_and_ratio([each.ms(95) for each in before], [each.ms(95) for each in now]),
        *_both_and_ratio([each.cpu_ms for each in before], [each.cpu_ms for each in now]),
        f"{before[0].load.body_bytes / 1024:.1f}",
        f"{now[0].load.body_bytes / 1024:.1f}",
    )


def _both_and_ratio(before: list[float], now: list[float]) -> tuple[str, str, str]:
    ratio = median(new / old for old, new in zip(before, now, strict=True))
    return f"{median(before):.2f}", f"{median(now):.2f}", f"{ratio:.2f}"
