"""One archive with everything an installation keeps, and the way back."""

import gzip
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "cpts.sqlite3"
COUNTS = "counts.json"
# What is saved beside the database. Nothing else in the directory belongs to the installation: earlier backups least.
BELONGS = ("secret", "push-key.pem", "documents", "mail", "demonstration")

# What an archive may unpack to; one of ours is a third to a twentieth of what it holds.
MOST_FILES = 100_000
LARGEST_RATIO = 100
SMALL = 64 * 1024 * 1024
LARGEST_COUNTS = 1024 * 1024
# Contents are read in pieces; only a forged header asks for more at a time.
LARGEST_PIECE = 1024 * 1024


class BackupUnsound(Exception):
    """The archive does not hold what it says it holds."""


def save(data: Path, archive: Path, database: Path | None = None) -> dict[str, int]:
    """Write ``archive`` (.tar.gz) while the installation runs; return the rows of each table.

    The archive has its name only once it is whole. ``database`` lies in ``data`` unless it is named.

    Raises:
        FileExistsError: rather than overwrite a backup.
        FileNotFoundError: when there is no SQLite database.
    """
    database = database or data / DATABASE
    if not database.exists():
        raise FileNotFoundError(f"no {database}; a PostgreSQL database is saved with pg_dump")
    if archive.exists():
        raise FileExistsError(f"{archive} exists")
    half = archive.with_name(f".{archive.name}.half")
    try:
        with tempfile.TemporaryDirectory(dir=data) as folder:
            rows = _write(half, data, database, Path(folder))
        os.link(half, archive)  # Fails when somebody else was faster.
    finally:
        half.unlink(missing_ok=True)
    return rows


def _write(half: Path, data: Path, database: Path, folder: Path) -> dict[str, int]:
    copy, counts = folder / DATABASE, folder / COUNTS
    # SQLite itself copies it: its files may be in the middle of a write.
    with closing(sqlite3.connect(database)) as running:
        running.execute("VACUUM INTO ?", (str(copy),))
    rows = count_rows(copy)
    counts.write_text(json.dumps(rows))
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    # A directory may be a link to another disk: what it leads to is saved.
    with tarfile.open(half, "w:gz", dereference=True) as tar:
        for path in (copy, counts, *(data / name for name in BELONGS)):
            if path.exists():
                tar.add(path, path.name)
    return rows


def restore(archive: Path, data: Path) -> dict[str, int]:
    """Unpack ``archive`` into the new directory ``data`` and check it; return the rows of each table.

    Raises:
        FileExistsError: when ``data`` exists: a restore never mixes with what is there.
        BackupUnsound: when the archive is none, reaches elsewhere or is far too large, or its database is damaged or
            not the one that was saved. ``data`` is gone again then.
    """
    data.mkdir(mode=0o700)
    try:
        with _opened(archive) as tar:
            _unpack(tar, data, most=max(SMALL, LARGEST_RATIO * archive.stat().st_size))
        return _check(data)
    except BaseException as error:
        shutil.rmtree(data)
        if isinstance(error, (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, sqlite3.DatabaseError)):
            raise BackupUnsound(f"{archive} is no backup, or a damaged one: {error}") from error
        raise


class _InPieces(gzip.GzipFile):
    """A compressed file of which nobody may ask for much at a time: headers have no bound of their own."""

    def read(self, size: int | None = -1) -> bytes:
        """Read up to ``size`` bytes.

        Raises:
            BackupUnsound: for more than a reader of sound archives asks for.
        """
        if size is None or not 0 <= size <= LARGEST_PIECE:
            raise BackupUnsound("a header is far too large")
        return super().read(size)


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    with _InPieces(archive) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
        # Newer Pythons check once more; Debian 12's does not know the filter.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        yield tar


def _unpack(tar: tarfile.TarFile, data: Path, most: int) -> None:
    """Write what belongs to an installation, each file once its size is known to be bearable."""
    most = min(most, shutil.disk_usage(data).free)
    files = unpacked = 0
    for person in tar:
        files, unpacked = files + 1, unpacked + person.size
        if files > MOST_FILES or unpacked > most:
            raise BackupUnsound(f"it would unpack to more than {MOST_FILES} files or {most} bytes")
        if not _stays_inside(person):
            raise BackupUnsound("a file would land outside of the directory")
        if Path(person.name).parts[:1] and Path(person.name).parts[0] in {DATABASE, COUNTS, *BELONGS}:
            tar.extract(person, data)


def _stays_inside(person: tarfile.TarInfo) -> bool:
    path = Path(person.name)
    is_plain = (person.isfile() or person.isdir()) and not person.issparse()
    return is_plain and not path.is_absolute() and ".." not in path.parts


def _check(data: Path) -> dict[str, int]:
    """Compare the database with what was counted when it was saved."""
    counts = data / COUNTS
    if not counts.is_file() or counts.stat().st_size > LARGEST_COUNTS or not (data / DATABASE).is_file():
        raise BackupUnsound("it lacks the database, or the numbers of its rows")
    try:
        saved = json.loads(counts.read_bytes())
    except ValueError as unreadable:
        raise BackupUnsound("the numbers of its rows cannot be read") from unreadable
    counts.unlink()
    with closing(sqlite3.connect(data / DATABASE)) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupUnsound(answer)
    found = count_rows(data / DATABASE)
    if found != saved:
        raise BackupUnsound("the rows are not those that were saved")
    return found


def count_rows(database: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
