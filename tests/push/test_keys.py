"""The keys of an installation: made once, replaced only when it is meant, judged at start."""

import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from cpts_net.environment import SettingsInvalid
from cpts_net.push.cli import push
from cpts_net.push.models import PushDevice
from cpts_net.push_keys import FILE, kept_push_key, make_push_key
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from tests.push.service import from_base64


def pem_of(private):
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture
def key_file(settings):
    path = settings.data_dir / FILE
    yield path
    path.unlink(missing_ok=True)


def test_there_is_no_key_until_one_is_made(tmp_path):
    assert kept_push_key(tmp_path / FILE) is None
    assert Settings.from_env({"CPTS_DATA": str(tmp_path)}).push_key is None


def test_what_was_made_is_read_again(tmp_path):
    made = make_push_key(tmp_path / FILE)

    assert kept_push_key(tmp_path / FILE) == made
    assert Settings.from_env({"CPTS_DATA": str(tmp_path)}).push_key == made
    assert len(from_base64(made.public)) == 65
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert "PRIVATE" not in repr(made)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no private key in PEM"),
        (b"nonsense", "no private key in PEM"),
        (pem_of(ec.generate_private_key(ec.SECP384R1())), "no private key of the curve P-256"),
    ],
)
def test_a_key_that_is_none_stops_the_start(tmp_path, content, words):
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(SettingsInvalid, match=words) as refused:
        Settings.from_env({"CPTS_DATA": str(tmp_path)})

    assert str(tmp_path / FILE) in str(refused.value)


def test_the_command_makes_keys_once(app, key_file):
    made, again = (app.test_cli_runner().invoke(push, ["keys"]) for _ in range(2))

    assert made.exit_code == 0
    assert kept_push_key(key_file).public in made.output
    assert again.exit_code == 1
    assert "--replace" in again.output


def test_with_other_keys_every_device_falls_silent(app, make, subscribe, key_file):
    first = make_push_key(key_file)
    subscribe(make.account())

    replaced = app.test_cli_runner().invoke(push, ["keys", "--replace"])

    assert replaced.exit_code == 0
    assert kept_push_key(key_file) != first
    assert "1 devices have to be turned on again" in replaced.output
    with app.app_context():
        assert db.session.scalars(select(PushDevice)).all() == []
