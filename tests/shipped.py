"""The files of ``deploy/`` as an operator would edit them; a change that finds nothing to change fails."""

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def edited(name: str, changes: Mapping[str, str]) -> str:
    """The text of a shipped file with each of ``changes`` made, everywhere it applies."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"deploy/{name} holds no {old!r} to be replaced by {new!r}"
        text = text.replace(old, new)
    return text


def variables() -> dict[str, str]:
    """What ``deploy/cpts-net.env`` sets."""
    lines = (DEPLOY / "cpts-net.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
