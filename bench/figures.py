"""Arithmetic of measurements, and what the system says about processes."""

import os
import platform
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

__all__ = ["cpu_seconds", "machine", "median", "memory_kib", "percentile"]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that ``share`` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[int((len(ordered) - 1) * share / 100)]


def descendants(pid: int) -> list[int]:
    """The process and all that it started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def memory_kib(pids: Sequence[int]) -> int:
    """Memory of the processes, what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def cpu_seconds(pids: Sequence[int]) -> float:
    """Time that all threads of the processes have computed, by their CPU clocks."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def machine() -> str:
    """One line that says what was measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    system = os.uname()
    cores = f"{os.cpu_count()} cores of {model}"
    return f"{cores}, {pages:.0f} GiB, {system.sysname} {system.release}, Python {platform.python_version()}"
