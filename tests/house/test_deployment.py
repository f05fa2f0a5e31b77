"""What is shipped in deploy/ is read by the programs that it is for, and starts what the journeys start."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.product import PROCESSES
from tests.programs import program
from tests.shipped import DEPLOY, ROOT, edited, variables

UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer", ".target"})
PYTHON = Path(sys.executable)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path):
    for name in UNITS:
        moves = {"/opt/cpts-net/.venv/bin": str(PYTHON.parent), "/opt/cpts-net": str(ROOT)}
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(edited(name, {old: new for old, new in moves.items() if old in text}))

    read = run(program("systemd-analyze"), "verify", *(tmp_path / name for name in UNITS))

    assert (read.returncode, read.stdout + read.stderr) == (0, "")
    assert sum(str(ROOT) in (tmp_path / name).read_text() for name in UNITS) == 4


def test_systemd_would_say_when_a_unit_starts_what_is_not_there(tmp_path):
    (tmp_path / "cpts-net-web.service").write_text(edited("cpts-net-web.service", {"/opt/cpts-net": str(tmp_path)}))

    read = run(program("systemd-analyze"), "verify", tmp_path / "cpts-net-web.service")

    assert read.returncode != 0


@pytest.mark.parametrize("name", PROCESSES)
def test_a_unit_starts_what_the_journeys_start(name):
    unit = (DEPLOY / f"cpts-net-{name}.service").read_text(encoding="utf-8")
    (started,) = re.findall(r"^ExecStart=/opt/cpts-net/\.venv/bin/(.*)$", unit, re.MULTILINE)
    modules = {"gunicorn": "-m gunicorn", "cpts-net": "-m cpts_net", "python": ""}
    first, _, rest = started.partition(" ")

    assert f"{modules[first]} {rest}".split() == PROCESSES[name]
    assert "RestartPreventExitStatus=78" in unit
    assert "Environment=MALLOC_ARENA_MAX=2" in unit


def test_compose_reads_its_file_and_asks_each_server_for_its_health():
    script = program("docker-compose")
    read = run(script, "--file", DEPLOY / "compose.yaml", "config")

    assert (read.returncode, read.stderr) == (0, "")
    asked = dict(
        re.findall(r"^  (\w+):\n(?:    .*\n)*?(?:.*localhost|.*127\.0\.0\.1):(\d+)/sante", read.stdout, re.MULTILINE)
    )
    assert asked == {"web": "8000", "live": "8001"}
    assert f"PUBLIC_URL: {variables()['PUBLIC_URL']}" in read.stdout


def test_old_and_new_compose_name_the_project_alike():
    assert (DEPLOY / ".env").read_text(encoding="utf-8") == "COMPOSE_PROJECT_NAME=cpts-net\n"
