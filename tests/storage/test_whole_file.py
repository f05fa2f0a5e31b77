"""What a command has written lies in the database's own file once it has ended."""

import os
import subprocess
import sys

from tests.house.test_files import ROOT


def test_a_command_leaves_nothing_beside_the_file(tmp_path):
    environment = {**os.environ, "CPTS_DATA": str(tmp_path)}

    subprocess.run(
        [sys.executable, "-m", "cpts_net", "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True
    )

    assert {path.name for path in tmp_path.glob("cpts.sqlite3*")} == {"cpts.sqlite3"}
