"""The web server is set up without the traps it is known for, and logs no token."""

import gc
import re
import runpy
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

CONFIGURATION = Path(__file__).parent.parent.parent / "gunicorn.conf.py"


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Settings make the directory that they name."""
    monkeypatch.setenv("CPTS_DATA", str(tmp_path))


@pytest.fixture
def configured(data):
    return SimpleNamespace(**runpy.run_path(str(CONFIGURATION)))


def test_connections_outnumber_threads_or_none_would_be_kept(configured):
    assert configured.worker_connections > configured.threads


def test_it_listens_to_this_machine_only_unless_told(configured, monkeypatch):
    assert configured.bind == "127.0.0.1:8000"

    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8100")
    assert runpy.run_path(str(CONFIGURATION))["bind"] == "0.0.0.0:8100"

    monkeypatch.setenv("HOST", "::1")
    assert runpy.run_path(str(CONFIGURATION))["bind"] == "[::1]:8100"


def test_nobody_keeps_a_thread_waiting_for_ever(configured):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configured.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))

        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            limits = [
                accepted.getsockopt(socket.SOL_SOCKET, option, 16)
                for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO)
            ]

    assert limits == [struct.pack("ll", configured.PATIENCE, 0)] * 2


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/agenda/S3CR3T/mon-agenda.ics", "/agenda/…/mon-agenda.ics"),
        ("/invitation/S3CR3T", "/invitation/…"),
        ("/adresse/S3CR3T", "/adresse/…"),
        ("/adresse/refus/S3CR3T", "/adresse/refus/…"),
        ("/annuaire/", "/annuaire/"),
    ],
)
def test_a_line_of_the_log_shows_no_token(configured, path, written):
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?q=S3CR3T",
        "PATH_INFO": path,
        "QUERY_STRING": "q=S3CR3T",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"http://localhost{path}?q=S3CR3T",
    }
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    took = SimpleNamespace(seconds=0, microseconds=1)

    atoms = configured.DiscreetLogger(Config()).atoms(answer, SimpleNamespace(headers=[]), environ, took)

    assert issubclass(configured.logger_class, Logger)
    assert atoms["U"] == written
    assert "S3CR3T" not in " ".join(map(str, atoms.values()))


def test_whatever_carries_a_token_is_masked_here_and_by_the_proxy(app, configured):
    proxy = (CONFIGURATION.parent / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    tokens = [rule.rule.split("<token>")[0] for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    named = re.search(r"\(\?<place>/\(\?:(.*?)\)/\)", proxy)

    assert tokens
    for prefix in tokens:
        assert configured.DiscreetLogger.TOKEN.sub(r"\1…", f"{prefix}S3CR3T") == f"{prefix}…"
        assert named is not None
        assert prefix.strip("/") in named[1].split("|")


def test_no_garbage_is_looked_for_before_everything_is_loaded(configured):
    try:
        configured.post_fork(None, None)
        assert not gc.isenabled()

        configured.post_worker_init(None)

        assert gc.isenabled()
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.enable()


def test_what_serves_loads_nothing_of_what_only_commands_need():
    program = "import sys, cpts_net.live.server; print('alembic' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
