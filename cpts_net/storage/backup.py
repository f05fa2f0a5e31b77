"""One archive with everything an installation keeps, and the way back."""

import json
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

DATABASE = "cpts.sqlite3"
COUNTS = "counts.json"
# The database is copied by SQLite itself: its files may be in the middle of a write.
LEFT_OUT = {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}


class BackupUnsound(Exception):
    """The archive does not hold what it says it holds."""


def save(data: Path, archive: Path) -> dict[str, int]:
    """Write ``archive`` (.tar.gz) while the installation runs; return the rows of each table.

    Raises:
        FileExistsError: rather than overwrite a backup.
        FileNotFoundError: when there is no SQLite database in ``data``.
    """
    if not (data / DATABASE).exists():
        raise FileNotFoundError(f"no {DATABASE} in {data}; a PostgreSQL database is saved with pg_dump")
    with tempfile.TemporaryDirectory(dir=data) as folder, tarfile.open(archive, "x:gz") as tar:
        archive.chmod(0o600)
        copy, counts = Path(folder) / DATABASE, Path(folder) / COUNTS
        with closing(sqlite3.connect(data / DATABASE)) as database:
            database.execute("VACUUM INTO ?", (str(copy),))
        rows = count_rows(copy)
        counts.write_text(json.dumps(rows))
        for path in (copy, counts):
            tar.add(path, path.name)
        for path in sorted(data.iterdir()):
            if path.name not in LEFT_OUT and path != Path(folder) and path != archive:
                tar.add(path, path.name)
    return rows


def restore(archive: Path, data: Path) -> dict[str, int]:
    """Unpack ``archive`` into the new directory ``data`` and check it; return the rows of each table.

    Raises:
        FileExistsError: when ``data`` exists: a restore never mixes with what is there.
        BackupUnsound: when the archive reaches elsewhere, or its database is damaged or not the one that was saved.
    """
    data.mkdir(mode=0o700)
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        if not all(_stays_inside(member) for member in members):
            raise BackupUnsound("a file would land outside of the directory")
        # Newer Pythons check once more; Debian 12's does not know the filter.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(data, members)  # noqa: S202  Checked above.
    counts = data / COUNTS
    saved: dict[str, int] = json.loads(counts.read_text())
    counts.unlink()
    with closing(sqlite3.connect(data / DATABASE)) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupUnsound(answer)
    found = count_rows(data / DATABASE)
    if found != saved:
        raise BackupUnsound("the rows are not those that were saved")
    return found


def _stays_inside(member: tarfile.TarInfo) -> bool:
    path = Path(member.name)
    return (member.isfile() or member.isdir()) and not path.is_absolute() and ".." not in path.parts


def count_rows(database: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
