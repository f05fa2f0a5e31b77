"""A setting that cannot be meant ends the start, with its name and what is known; the others are understood."""

import os
import subprocess
import sys

import pytest

from cpts_net.settings import Settings, SettingsInvalid
from tests.journeys.product import PROCESSES, ROOT

PASSWORD = "hush-hush"  # Never repeated in what a refusal says.
REFUSED = [
    ("CPTS_HOLIDAY_AREA", "Bretagne", "Alsace"),
    ("CPTS_HOLIDAY_AREA", "Zone A", "971 to 978"),
    ("CPTS_SCHOOL_ZONE", "Corse", "A, B and C"),
    ("CPTS_TIMEZONE", "Europe", "Indian/Reunion"),
    ("CPTS_TIMEZONE", "Paris", "Europe/Paris"),
    ("CPTS_DEMO", "maybe", "1 or 0"),
    ("CPTS_CLOCK_START", "2026-08-12T10:00:00", "offset"),
    ("CPTS_CLOCK_START", "tomorrow", "offset"),
    ("CPTS_SOURCE_URL", "javascript:alert(1)", "http"),
    ("CPTS_NAME", "CPTS\ndu Dunois", "one line"),
    ("CPTS_NAME", "\u200b", "one line"),
    ("CPTS_NAME", "\u202eCPTS", "one line"),
    ("CPTS_NAME", "CPTS\u2028du Dunois", "one line"),
    ("PORT", "http", "65535"),
    ("PORT", "0", "65535"),
    ("LIVE_PORT", "65536", "65535"),
    ("HOST", "any where", "host"),
    ("WORKERS", "0", "whole number"),
    ("THREADS", "1e3", "whole number"),
    ("THREADS", "²", "whole number"),
    ("GRACEFUL_SECONDS", "15s", "whole number"),
    ("TRUSTED_PROXIES", "-1", "from 0"),
    ("ARGON2_PASSES", "0", "from 1"),
    ("ARGON2_MEMORY_KIB", "4", "from 8"),
    ("SECRET_KEY", "short", "32"),
    ("DATABASE_URL", f"postgres://cpts:{PASSWORD}@localhost/cpts", "postgresql://"),
    ("DATABASE_URL", f"postgresql://cpts:{PASSWORD}@localhost:port/cpts", "postgresql://"),
    ("DATABASE_URL", "sqlite://", "sqlite:///"),
    ("PUBLIC_URL", "reseau.cpts.example", "https://reseau.cpts.example"),
    ("PUBLIC_URL", "https://cpts.example/reseau", "path"),
    ("PUBLIC_URL", "https://reseau.cpts.example/?", "path"),
    ("PUBLIC_URL", "https://reseau.cpts.example#top", "path"),
    ("PUBLIC_URL", f"https://chef:{PASSWORD}@reseau.cpts.example", "password"),
    ("PUBLIC_URL", "https://reseau.cpts.example:99999", "port"),
    ("PUBLIC_URL", "https://reseau.cpts.example:0", "port"),
    ("PUBLIC_URL", "https://reseau.cpts.example:", "port"),
    ("PUBLIC_URL", "https://reseau..example", "host"),
    ("PUBLIC_URL", "https://[::1]", "host"),
    ("PUBLIC_URL", "https://127.0.0.256", "host"),
    ("LIVE_URL", "http://other.cpts.example:8001", "localhost"),
    ("LIVE_URL", "https://localhost:8001", "http://localhost"),
    ("CPTS_CONTACT", "secrétariat@cpts.example", "contact@cpts.example"),
    ("CPTS_CONTACT", "CPTS <a@cpts.example>", "contact@cpts.example"),
    ("CPTS_CONTACT", "nobody", "contact@cpts.example"),
    ("CPTS_CONTACT", "a@cpts.example, b@cpts.example", "contact@cpts.example"),
    ("MAIL_FROM", "CPTS Dunois", "ne-pas-repondre@cpts.example"),
    ("SMTP_URL", f"submission://u:{PASSWORD}@relay.example", "smtp://"),
    ("SMTP_CA_FILE", "/nowhere/ca.pem", "certificates"),
    ("SMTP_CA_FILE", __file__, "certificates"),
]


def read(tmp_path, **variables):
    return Settings.from_env({"CPTS_DATA": str(tmp_path), "CPTS_NAME": "CPTS du Dunois", **variables})


@pytest.mark.parametrize(("name", "value", "known"), REFUSED)
def test_what_cannot_be_meant_is_refused_by_its_name(tmp_path, name, value, known):
    with pytest.raises(SettingsInvalid) as refused:
        read(tmp_path, **{name: value})

    assert str(refused.value).startswith(f"{name} ")
    assert known in str(refused.value)
    assert "\n" not in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize("name", sorted({name for name, *_ in REFUSED} - {"CPTS_NAME"}))
def test_a_blank_setting_is_none(tmp_path, name):
    assert read(tmp_path, **{name: 40 * " "}) == read(tmp_path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Reseau.CPTS.example:443/", "https://reseau.cpts.example"),
        ("http://reseau.cpts.example:80", "http://reseau.cpts.example"),
        (" https://reseau.cpts.example:8443 ", "https://reseau.cpts.example:8443"),
        ("https://réseau.example", "https://xn--rseau-bsa.example"),
    ],
)
def test_an_address_is_written_as_browsers_name_it(tmp_path, written, meant):
    settings = read(tmp_path, PUBLIC_URL=written)

    assert (settings.public_url, settings.live_url, settings.origins) == (meant, meant, (meant,))


@pytest.mark.parametrize("yes", ["1", "true", "Yes", " on ", "oui"])
def test_a_yes_is_understood_in_the_usual_words(tmp_path, yes):
    assert read(tmp_path, CPTS_DEMO=yes).demonstration


def test_a_real_address_asks_for_the_name_of_the_community(tmp_path):
    real = {"CPTS_NAME": "", "PUBLIC_URL": "https://reseau.cpts.example"}

    with pytest.raises(SettingsInvalid, match=r"^CPTS_NAME "):
        read(tmp_path, **real)

    assert "démonstration" in read(tmp_path, **real, CPTS_DEMO="1").community
    assert "démonstration" in read(tmp_path, CPTS_NAME="", PUBLIC_URL="http://localhost:8000").community


def test_data_that_cannot_be_written_end_the_start(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SettingsInvalid, match=r"^CPTS_DATA "):
        read(tmp_path, CPTS_DATA=str(tmp_path / "file"))

    (tmp_path / "data" / "secret").mkdir(parents=True)
    with pytest.raises(SettingsInvalid, match=r"^CPTS_DATA "):
        read(tmp_path, CPTS_DATA=str(tmp_path / "data"))


@pytest.mark.parametrize(
    "started", [*PROCESSES.values(), ["-m", "cpts_net", "db", "upgrade"], ["-m", "cpts_net", "--help"]]
)
@pytest.mark.parametrize(("name", "value"), [("CPTS_HOLIDAY_AREA", "Bretagne"), ("THREADS", "many")])
def test_every_process_ends_at_once_with_one_line(tmp_path, started, name, value):
    environment = {**os.environ, "CPTS_DATA": str(tmp_path), name: value}

    ended = subprocess.run(
        [sys.executable, *started], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )

    assert ended.returncode == 78, ended.stderr
    assert ended.stderr.startswith(f"CPTS-Net does not start: {name} ")
    assert ended.stderr.count("\n") == 1
