"""What was saved comes back, whole, or not at all."""

import json
import sqlite3
import tarfile
from contextlib import closing

import pytest
from click.testing import CliRunner

from cpts_net.__main__ import main
from cpts_net.storage.backup import BackupUnsound, count_rows, restore, save


@pytest.fixture
def data(tmp_path):
    """An installation with three members, a secret and a document, in the middle of its life."""
    folder = tmp_path / "var"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "1.pdf").write_bytes(b"%PDF")
    (folder / "secret").write_text("a secret that is kept with the rest of it")
    with closing(sqlite3.connect(folder / "cpts.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE member (name TEXT)")
        database.executemany("INSERT INTO member VALUES (?)", [("Anne",), ("Béa",), ("Chloé",)])
        database.commit()
    return folder


def test_what_was_saved_comes_back(data, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    save(data, archive)

    rows = restore(archive, tmp_path / "restored")

    assert rows == {"member": 3} == count_rows(tmp_path / "restored" / "cpts.sqlite3")
    files = {str(path.relative_to(tmp_path / "restored")) for path in (tmp_path / "restored").rglob("*")}
    assert files == {"cpts.sqlite3", "secret", "documents", "documents/1.pdf"}
    assert (tmp_path / "restored" / "secret").read_text() == "a secret that is kept with the rest of it"


def test_a_backup_is_taken_while_somebody_writes(data, tmp_path):
    with closing(sqlite3.connect(data / "cpts.sqlite3")) as writer:
        writer.execute("INSERT INTO member VALUES ('not committed')")

        rows = save(data, tmp_path / "backup.tar.gz")

    assert rows == {"member": 3}


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
    (data / "counts.json").write_text(json.dumps({"member": 4}))
    with tarfile.open(tmp_path / "forged.tar.gz", "x:gz") as tar:
        for name in ("cpts.sqlite3", "counts.json"):
            tar.add(data / name, name)

    with pytest.raises(BackupUnsound):
        restore(tmp_path / "forged.tar.gz", tmp_path / "restored")


@pytest.mark.parametrize("name", ["../outside", "/outside"])
def test_a_backup_that_reaches_out_of_its_directory_is_refused(tmp_path, name):
    with tarfile.open(tmp_path / "forged.tar.gz", "x:gz") as tar:
        tar.addfile(tarfile.TarInfo(name))

    with pytest.raises(BackupUnsound):
        restore(tmp_path / "forged.tar.gz", tmp_path / "restored")


def test_the_commands_say_what_they_did(data, tmp_path, monkeypatch):
    monkeypatch.setenv("CPTS_DATA", str(data))
    archive, restored = str(tmp_path / "backup.tar.gz"), str(tmp_path / "restored")

    assert "3 rows" in CliRunner().invoke(main, ["backup", archive]).output
    assert "3 rows" in CliRunner().invoke(main, ["restore", archive, restored]).output

    again = CliRunner().invoke(main, ["restore", archive, restored])
    assert again.exit_code == 1
    assert "restored" in again.output
