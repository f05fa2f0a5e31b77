"""Lock what pyproject.toml asks for; the files name no registry, each installation has its own."""

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

COMPILE = [
    *(sys.executable, "-m", "piptools", "compile", "--quiet", "--upgrade", "--generate-hashes", "--allow-unsafe"),
    *("--strip-extras", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
]
# A folder of wheels built on this machine would give hashes that no other has.
ENVIRONMENT = {**os.environ, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}


def lock(output: str, wanted: list[str], *options: str) -> None:
    """Write the exact versions of ``wanted`` and of what they need."""
    with tempfile.NamedTemporaryFile("w", suffix=".in") as file:
        file.write("\n".join(wanted))
        file.flush()
        subprocess.run([*COMPILE, *options, "--output-file", output, file.name], check=True, env=ENVIRONMENT)


project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
groups = project["dependency-groups"]
run = project["project"]["dependencies"] + groups["install"]
lock("requirements.txt", run)
lock("requirements-dev.txt", run + groups["dev"], "--constraint", "requirements.txt")
lock("requirements-node.txt", groups["node"])
