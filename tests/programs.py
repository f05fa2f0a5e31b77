"""Programs of Debian's that tests need beside Python's: looked for, and left out aloud where they are missing."""

import os
import shutil

import pytest

PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def program(*names: str, variable: str = "") -> str:
    """The path of the first of these programs that is there; ``variable`` may name another one.

    Without it the test is left out, and under ``CI=true`` it fails:
    ``scripts/programs`` installs all of them.
    """
    wanted = (os.environ.get(variable, ""), *names)
    found = next(filter(None, (shutil.which(name, path=PATH) for name in wanted if name)), None)
    if found is None:
        missing = f"no {names[0]} here: install it" + (f", or set {variable} to its path" if variable else "")
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
