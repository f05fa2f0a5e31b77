"""Bases of the demonstration: each size is loaded once for a tree, and every measurement gets a copy of its own."""

import shutil
import subprocess
import sys
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from bench.servers import ROOT, House

BENCH = Path(__file__).parent


class Bases(AbstractContextManager["Bases"]):
    """Loaded bases in a temporary folder, all as they stand at ten o'clock of one day."""

    def __init__(self, shown_day: date) -> None:
        self.shown_day = shown_day
        self.clock_start = f"{shown_day}T10:00:00+02:00"
        self._loaded: dict[tuple[Path, int], Path] = {}
        self._copies = 0

    def __enter__(self) -> "Bases":
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="cpts-bench-")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def house(self, members: int, tree: Path = ROOT) -> House:
        """The product of a tree on a fresh base of so many people."""
        if (tree, members) not in self._loaded:
            self._loaded[tree, members] = self._load(members, tree)
        self._copies += 1
        folder = self._folder / f"copy-{self._copies}"
        shutil.copytree(self._loaded[tree, members], folder)
        return House(folder, self.clock_start, tree)

    def _load(self, members: int, tree: Path) -> Path:
        folder = self._folder / f"base-{len(self._loaded)}"
        house = House(folder, self.clock_start, tree)
        house.command("db", "upgrade")
        house.command("demo", "load", "--members", str(members), "--date", f"{self.shown_day}")
        return folder

    def tree_of(self, commit: str) -> Path:
        """An earlier commit in a worktree of its own, with the measuring of today."""
        tree = self._folder / "earlier"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        self._stack.callback(subprocess.run, [*git, "remove", "--force", str(tree)], check=True)
        shutil.rmtree(tree / "bench", ignore_errors=True)
        shutil.copytree(BENCH, tree / "bench")
        if (vendor := ROOT / "static" / "vendor").exists():
            shutil.copytree(vendor, tree / "static" / "vendor", dirs_exist_ok=True)
        catalogues = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-d", "translations"]
        subprocess.run(catalogues, cwd=tree, check=True)
        return tree
