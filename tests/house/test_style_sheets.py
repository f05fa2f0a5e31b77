"""What every style sheet holds to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SHEETS = sorted(path for path in (ROOT / "static").glob("**/*.css") if "vendor" not in path.parts)
# One of the five, at most as large as fits beside others; as it is around; or in points, on paper.
SIZE = re.compile(r"var\(--size-\w+\)|min\(var\(--size-\w+\), [\d.]+vw\)|inherit|100%|0|[\d.]+pt")


@pytest.fixture(params=SHEETS, ids=lambda path: str(path.relative_to(ROOT / "static")))
def sheet(request) -> str:
    return re.sub(r"/\*.*?\*/", "", request.param.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_there_are_five_sizes_of_type(sheet):
    sizes = re.findall(r"font-size:\s*([^;]+);", sheet)

    assert [size for size in sizes if not SIZE.fullmatch(size)] == []
