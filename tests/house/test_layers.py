"""What the rooms are made of."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PURE = sorted([*ROOT.glob("cpts_net/*/rules.py"), *ROOT.glob("cpts_net/*/policy.py"), ROOT / "cpts_net" / "spans.py"])
NEEDS_A_REQUEST_OR_A_DATABASE = ("flask", "sqlalchemy", "wtforms", "werkzeug", "cpts_net.extensions", "cpts_net.clock")


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_rules_need_neither_a_request_nor_a_database(path):
    impure = {name for name in imported(path) if name.startswith(NEEDS_A_REQUEST_OR_A_DATABASE)}

    assert impure == set()


def test_rules_and_policies_bring_neither_in_through_somebody_else():
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PURE]
    script = (
        f"import sys, {', '.join(modules)}; print(*sorted({{'flask', 'sqlalchemy', 'wtforms'}} & set(sys.modules)))"
    )

    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("cpts_net/*/actions.py")), ids=name_of)
def test_an_action_leaves_the_commit_to_its_caller(path):
    text = path.read_text(encoding="utf-8")

    assert "commit()" not in text
    # A long import may not hold everybody up; it then says so.
    assert "transaction(" not in text or "Commits by itself" in text


def test_no_module_is_named_for_nothing():
    names = {part for path in ROOT.glob("cpts_net/**/*.py") for part in (*path.parts, path.stem)}

    assert names & {"utils", "util", "common", "services", "helpers", "misc"} == set()
