"""What can be set is written down, and what is written down can be set."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READ = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z][A-Z0-9_]+)\"")


def test_the_settings_that_are_read_are_those_that_are_documented():
    sources = [*ROOT.glob("cpts_net/**/*.py"), ROOT / "gunicorn.conf.py"]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    read |= {"PUBLIC_URL"}  # Also asked for with "in".
    manual = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", manual, re.MULTILINE))

    assert read == documented
