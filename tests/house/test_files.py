"""What lies in the repository, and what must not."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# Spelt apart, or this file would name them itself.
REGISTRIES = [host.replace(" ", "") for host in ("pypi. org", "pythonhosted. org", "registry. npmjs", "deb. debian")]
A_MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|opt/(?:wheels|pypi))/")
EXPECTED = ("LICENSE", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ".ci/run", "requirements.txt")
LONGEST = {"cpts_net": 300, "tests": 400, "bench": 300, "templates": 150, "static": 300, "scripts": 300}
CODE = {".py", ".html", ".css", ".js"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return texts()


def test_no_file_names_the_host_of_a_registry(files):
    named = [(name, host) for name, text in files.items() for host in REGISTRIES if host in text]

    assert named == []


def test_no_file_carries_the_path_of_a_machine(files):
    # The units and the compose file say where they expect the installation.
    carried = [name for name, text in files.items() if A_MACHINE.search(text) and not name.startswith("deploy/")]

    assert carried == []


def test_no_file_carries_a_secret(files):
    secrets = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}")

    assert [name for name, text in files.items() if secrets.search(text)] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_that_people_look_for_is_there(files, name):
    assert len(files[name]) > 15


def test_the_licence_is_named_where_tools_look_for_it(files):
    assert 'license = "AGPL-3.0-or-later"' in files["pyproject.toml"]
    assert '"license": "AGPL-3.0-or-later"' in files["package.json"]
    assert "SPDX-License-Identifier: AGPL-3.0-or-later" in files["LICENSE"]


def test_files_stay_short_enough_to_be_read(files):
    long = {
        name: text.count("\n")
        for name, text in files.items()
        if Path(name).suffix in CODE
        and not name.startswith("migrations/")
        and text.count("\n") > LONGEST.get(name.split("/")[0], 300)
    }

    assert long == {}


def test_every_locked_package_has_its_hash(files):
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
        packages = re.findall(r"^[a-z0-9].*(?:\n +--hash.*)*", files[name], re.MULTILINE | re.IGNORECASE)

        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_what_runs_in_tests_is_what_runs_in_earnest(files):
    versions = re.compile(r"^([a-z0-9._-]+)==([^ ]+)", re.MULTILINE | re.IGNORECASE)
    earnest = dict(versions.findall(files["requirements.txt"]))
    tests = dict(versions.findall(files["requirements-dev.txt"]))

    assert {name: tests.get(name) for name in earnest} == earnest
