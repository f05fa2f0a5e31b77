"""What can be set is written down, and what is written down can be set."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READ = re.compile(r"\b(?:text|number|port|flag|read|get)\(\s*\"([A-Z][A-Z0-9_]+)\"")
# Where the environment is handed to the settings, and to nothing else.
ENTRANCES = {"cpts_net/__main__.py", "cpts_net/live/__main__.py", "gunicorn.conf.py", "wsgi.py"}


def test_the_settings_that_are_read_are_those_that_are_documented():
    read = set(READ.findall((ROOT / "cpts_net" / "settings.py").read_text(encoding="utf-8")))
    manual = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", manual, re.MULTILINE))

    assert read == documented


def test_nothing_but_the_settings_reads_the_environment():
    sources = [*ROOT.glob("cpts_net/**/*.py"), ROOT / "gunicorn.conf.py", ROOT / "wsgi.py"]
    asking = {
        str(path.relative_to(ROOT)): [
            line for line in path.read_text(encoding="utf-8").splitlines() if "os.environ" in line
        ]
        for path in sources
    }

    assert {name for name, lines in asking.items() if lines} == ENTRANCES
    assert all("settings_or_end(os.environ)" in line for lines in asking.values() for line in lines)
