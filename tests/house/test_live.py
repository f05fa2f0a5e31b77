"""Soft deletes leave no ghosts: stays in groups and seats are read through the ``live`` of their room alone.

Of seats whoever asks what has ever been says so, by ``oncall.queries.ever``.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from cpts_net.paths import ROOT

ROOMS = [*(ROOT / "cpts_net").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
SQL = re.compile(r"(?:FROM|JOIN) (?:membership|duty_seat)\b")
SAID = {"membership": "left_at IS NULL", "duty_seat": "released_at IS NULL"}
LET = {"live", "ever", "seats_with_all", "_seats_of_open_slots"}  # The last two ask for those that are live.
MODELS, LISTS = {"Membership", "DutySeat"}, {"memberships", "seats"}
READS = {
    "select",
    "select_from",
    "join",
    "outerjoin",
    "exists",
    "get",
    "get_one",
    "aliased",
    "selectinload",
    "joinedload",
}


def ghosts(source: str) -> Iterator[str]:
    """Each place where stays are read that may have ended."""
    tree = ast.parse(source)
    for statement in _statements(tree):
        if _reads_them(statement) and _called(statement).isdisjoint(LET):
            yield ast.unparse(statement).splitlines()[0]
    texts = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    yield from (text for text in texts if SQL.search(text) and not any(said in text for said in SAID.values()))


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every function, and whatever stands beside them."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    inside = {id(each) for function in functions for each in ast.walk(function)}
    yield from functions
    yield from (each for each in tree.body if id(each) not in inside and isinstance(each, ast.Assign | ast.Expr))


def _reads_them(statement: ast.AST) -> bool:
    """Whether one of the calls that begin or widen a SELECT is handed one of the models or a column of theirs."""
    return any(
        _name(call.func) in READS and any(_is_theirs(argument) for argument in call.args)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
    )


def _is_theirs(argument: ast.expr) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in MODELS) or (isinstance(each, ast.Attribute) and each.attr in LISTS)
        for each in ast.walk(argument)
    )


def _called(statement: ast.AST) -> set[str]:
    return {_name(each.func) for each in ast.walk(statement) if isinstance(each, ast.Call)}


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def test_nobody_reads_what_has_ended():
    found = {str(path.relative_to(ROOT)): [*ghosts(path.read_text(encoding="utf-8"))] for path in ROOMS}

    assert {path: read for path, read in found.items() if read} == {}


@pytest.mark.parametrize(
    "ghost",
    [
        "def found():\n    return select(Membership.person_id).where(Membership.group_id == 1)",
        "def found():\n    return select(Group).outerjoin(Membership, Membership.group_id == Group.id)",
        "def found():\n    return db.session.get(Membership, 1)",
        "FOUND = select(Group).options(selectinload(Group.memberships))",
        "FOUND = 'SELECT person_id FROM membership WHERE group_id = 1'",
        "def found():\n    return select(DutySeat.person_id).where(DutySeat.slot_id == 1)",
        "def found():\n    return select(DutySlot).outerjoin(DutySeat, DutySeat.slot_id == DutySlot.id)",
        "FOUND = select(DutySlot).options(selectinload(DutySlot.seats))",
        "FOUND = 'SELECT person_id FROM duty_seat'",
    ],
)
def test_a_ghost_is_seen(ghost):
    assert [*ghosts(ghost)]


def test_whoever_asks_for_those_who_are_there_is_let():
    assert not [*ghosts("def found():\n    return select(Membership.id).where(live())")]
