"""What was saved comes back, whole, or not at all."""

import gzip
import io
import json
import sqlite3
import tarfile
from contextlib import closing

import pytest
from click.testing import CliRunner

from cpts_net.__main__ import main
from cpts_net.push_keys import make_push_key
from cpts_net.storage import backup
from cpts_net.storage.backup import BackupUnsound, count_rows, restore, save


@pytest.fixture
def data(tmp_path):
    """An installation with three members, a secret and a document, in the middle of its life."""
    folder = tmp_path / "var"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "1.pdf").write_bytes(b"%PDF")
    (folder / "secret").write_text("a secret that is kept with the rest of it")
    make_push_key(folder / "push-key.pem")
    with closing(sqlite3.connect(folder / "cpts.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE person (name TEXT)")
        database.executemany("INSERT INTO person VALUES (?)", [("Anne",), ("Béa",), ("Chloé",)])
        database.commit()
    return folder


def test_what_was_saved_comes_back(data, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    save(data, archive)

    rows = restore(archive, tmp_path / "restored")

    assert rows == {"person": 3} == count_rows(tmp_path / "restored" / "cpts.sqlite3")
    assert not (tmp_path / ".backup.tar.gz.half").exists()
    files = {str(path.relative_to(tmp_path / "restored")) for path in (tmp_path / "restored").rglob("*")}
    assert files == {"cpts.sqlite3", "secret", "push-key.pem", "documents", "documents/1.pdf"}
    assert (tmp_path / "restored" / "secret").read_text() == "a secret that is kept with the rest of it"


def test_a_backup_is_taken_while_somebody_writes(data, tmp_path):
    with closing(sqlite3.connect(data / "cpts.sqlite3")) as writer:
        writer.execute("INSERT INTO person VALUES ('not committed')")

        rows = save(data, tmp_path / "backup.tar.gz")

    assert rows == {"person": 3}


def test_a_backup_is_for_its_owner_only(data, tmp_path):
    save(data, tmp_path / "backup.tar.gz")

    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing(data, tmp_path):
    (tmp_path / "backup.tar.gz").touch()

    with pytest.raises(FileExistsError):
        save(data, tmp_path / "backup.tar.gz")


def test_a_restore_mixes_with_nothing(data, tmp_path):
    save(data, tmp_path / "backup.tar.gz")

    with pytest.raises(FileExistsError):
        restore(tmp_path / "backup.tar.gz", data)


def test_a_backup_that_lost_rows_is_refused(data, tmp_path):
    (data / "counts.json").write_text(json.dumps({"person": 4}))
    with tarfile.open(tmp_path / "forged.tar.gz", "x:gz") as tar:
        for name in ("cpts.sqlite3", "counts.json"):
            tar.add(data / name, name)

    with pytest.raises(BackupUnsound):
        restore(tmp_path / "forged.tar.gz", tmp_path / "restored")


def test_seven_backups_beside_the_data_stay_as_small_as_the_first(data):
    for number in range(7):
        save(data, data / f"backup-{number}.tar.gz")

    sizes = [(data / f"backup-{number}.tar.gz").stat().st_size for number in range(7)]
    with tarfile.open(data / "backup-6.tar.gz") as tar:
        assert set(tar.getnames()) == {
            *("cpts.sqlite3", "counts.json", "secret", "push-key.pem", "documents", "documents/1.pdf")
        }
    assert max(sizes) - min(sizes) < 200


def test_an_archive_of_the_first_version_comes_back_without_the_earlier_ones(data, tmp_path):
    save(data, tmp_path / "own.tar.gz")
    with tarfile.open(tmp_path / "own.tar.gz") as own, tarfile.open(tmp_path / "first.tar.gz", "x:gz") as first:
        for person in own:
            first.addfile(person, own.extractfile(person))
        first.add(tmp_path / "own.tar.gz", "backup-2026-08-01.tar.gz")

    restore(tmp_path / "first.tar.gz", tmp_path / "restored")

    assert {path.name for path in (tmp_path / "restored").iterdir()} == {
        "cpts.sqlite3",
        "secret",
        "push-key.pem",
        "documents",
    }


def test_documents_on_another_disk_are_saved_too(data, tmp_path):
    (data / "documents").rename(tmp_path / "elsewhere")
    (data / "documents").symlink_to(tmp_path / "elsewhere")
    save(data, tmp_path / "backup.tar.gz")

    restore(tmp_path / "backup.tar.gz", tmp_path / "restored")

    assert (tmp_path / "restored" / "documents" / "1.pdf").read_bytes() == b"%PDF"


def test_a_backup_that_is_cut_off_leaves_nothing_that_looks_like_one(data, tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError("no space left on device")

    monkeypatch.setattr(tarfile.TarFile, "add", full)
    with pytest.raises(OSError, match="no space"):
        save(data, tmp_path / "backup.tar.gz")

    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def forged(tmp_path, *members):
    """An archive of members, each a ``TarInfo`` and what it holds."""
    with tarfile.open(tmp_path / "forged.tar.gz", "w:gz") as tar:
        for info, content in members:
            info.size = info.size or len(content)
            tar.addfile(info, io.BytesIO(content))
    return tmp_path / "forged.tar.gz"


def named(name, **columns):
    info = tarfile.TarInfo(name)
    for column, value in columns.items():
        setattr(info, column, value)
    return info


@pytest.mark.parametrize(
    "info",
    [
        named("../outside"),
        named("/outside"),
        named("documents/../../outside"),
        named("documents", type=tarfile.SYMTYPE, linkname="/etc"),
        named("secret", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
        named("secret", type=tarfile.FIFOTYPE),
    ],
    ids=lambda info: f"{info.name} {info.type!r}",
)
def test_a_backup_that_reaches_out_of_its_directory_is_refused(tmp_path, info):
    with pytest.raises(BackupUnsound):
        restore(forged(tmp_path, (info, b"")), tmp_path / "restored")

    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "restored").exists()


def test_a_file_that_unpacks_to_far_more_than_itself_is_refused_before_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "SMALL", 1024)
    monkeypatch.setattr(tarfile.TarFile, "extract", lambda *_: pytest.fail("it was unpacked"))
    zeros = bytes(4 * 1024 * 1024)

    with pytest.raises(BackupUnsound, match="unpack"):
        restore(forged(tmp_path, (named("cpts.sqlite3"), zeros)), tmp_path / "restored")


def test_more_files_than_an_installation_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "MOST_FILES", 10)

    with pytest.raises(BackupUnsound, match="files"):
        restore(forged(tmp_path, *((named(f"documents/{n}"), b"") for n in range(20))), tmp_path / "restored")


def test_a_header_that_would_fill_the_memory_is_refused(tmp_path):
    header = named("pax", type=tarfile.XHDTYPE)
    header.size = 64 * 1024 * 1024

    with pytest.raises(BackupUnsound, match="header"):
        restore(forged(tmp_path, (header, bytes(header.size))), tmp_path / "restored")


def test_what_is_no_backup_is_refused(data, tmp_path):
    save(data, tmp_path / "backup.tar.gz")
    whole = (tmp_path / "backup.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar.gz").write_text("not an archive")
    (tmp_path / "zeros.tar.gz").write_bytes(gzip.compress(bytes(4096)))
    counts = named("counts.json"), b"{"
    broken = forged(tmp_path, (named("cpts.sqlite3"), b"garbage" * 999), (named("counts.json"), b"{}"))
    broken.rename(tmp_path / "broken.tar.gz")
    forged(tmp_path, (named("cpts.sqlite3"), b""), counts)

    for name in ("cut", "text", "zeros", "broken", "forged"):
        with pytest.raises(BackupUnsound):
            restore(tmp_path / f"{name}.tar.gz", tmp_path / "restored")
        assert not (tmp_path / "restored").exists()


def test_the_commands_say_what_they_did(data, tmp_path, monkeypatch):
    monkeypatch.setenv("CPTS_DATA", str(data))
    archive, restored = str(tmp_path / "backup.tar.gz"), str(tmp_path / "restored")

    assert "3 rows" in CliRunner().invoke(main, ["backup", archive]).output
    assert "3 rows" in CliRunner().invoke(main, ["restore", archive, restored]).output

    again = CliRunner().invoke(main, ["restore", archive, restored])
    assert again.exit_code == 1
    assert "restored" in again.output


def test_the_database_that_is_used_is_the_one_that_is_saved(data, tmp_path, monkeypatch):
    monkeypatch.setenv("CPTS_DATA", str(data))
    (data / "cpts.sqlite3").rename(tmp_path / "elsewhere.sqlite3")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")

    assert "3 rows" in CliRunner().invoke(main, ["backup", str(tmp_path / "backup.tar.gz")]).output

    monkeypatch.setenv("DATABASE_URL", "postgresql://cpts@localhost/cpts")
    refused = CliRunner().invoke(main, ["backup", str(tmp_path / "another.tar.gz")])
    assert (refused.exit_code, "pg_dump" in refused.output) == (1, True)
