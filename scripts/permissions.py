"""Write ``docs/permissions.md`` from the rows that each room's ``policy.py`` declares."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from cpts_net.roles import Permission, Role

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "permissions.md"
HEAD = """# Who may do what
Made by `make permissions` from the `PERMISSIONS` of each room's `policy.py`; a test walks every address as everybody in
it. An empty cell: for them the thing does not exist (404), and a stranger or a suspended account is shown the way to
sign in. *Secretary, coordinator, administrator* are the staff.

| | | signed out | suspended | member | partner | guest | secretary | coordinator | administrator |
|---|---|---|---|---|---|---|---|---|---|
"""


def permissions() -> Iterator[tuple[str, Permission]]:
    """Every row, with the name of its room."""
    for path in sorted((ROOT / "cpts_net").glob("*/policy.py")):
        room = path.parent.name
        for row in getattr(import_module(f"cpts_net.{room}.policy"), "PERMISSIONS", ()):
            yield room, row


def table() -> str:
    """The whole document."""
    return HEAD + "".join(f"| {room} | {row.what} | {' | '.join(cells(row))} |\n" for room, row in permissions())


def cells(row: Permission) -> list[str]:
    """What stands in the columns of a row: the condition, "yes" without one, nothing for a refusal."""
    out = "yes" if row.is_public else ""
    return [out, out, *(str(row.by.get(role, "")) for role in Role)]


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
