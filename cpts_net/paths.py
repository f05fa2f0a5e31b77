"""Where the files that are not code lie: beside the package, or inside a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_WHEEL = _PACKAGE / "_data"

ROOT = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent
