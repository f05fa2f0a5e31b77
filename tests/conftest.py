"""What every test stands on: a migrated database, a frozen clock, people who sign in."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zlib import crc32

import hypothesis
import psycopg
import pytest
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Executable, TextClause, event, select, text

from cpts_net import clock
from cpts_net.accounts.identity import start_session
from cpts_net.accounts.models import Account
from cpts_net.app import create_app
from cpts_net.pictures import kept
from cpts_net.settings import Argon2Cost, Settings
from cpts_net.storage import migrating, revisions
from cpts_net.storage.connections import db
from cpts_net.storage.numbers import numbers
from cpts_net.storage.orm import Base
from cpts_net.storage.revisions import Revision
from cpts_net.storage.transaction import transaction
from tests.factories import Factory, Row
from tests.house.lock import nothing_slow_inside
from tests.house.page import HouseClient
from tests.measuring import Looks, unmeasured
from tests.postgresql import running_server

# How long one example takes says more of the machine than of the code.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

# A Wednesday in summer: 10:00 in Paris.
NOW = datetime(2026, 8, 12, 8, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run on a real PostgreSQL instead of SQLite")
    parser.addoption("--half", type=int, choices=(1, 2), help="run one half of the files, beside the other")
    parser.addoption("--rewrite-mails", action="store_true", help="write tests/notices/golden/ anew, to be read")


LOOKS = Looks()


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """What is prepared for tests, and swept away after them, is not what they test: coverage does not look on."""
    with LOOKS:
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Nor does it where a test does by the hundred what others do once: that is marked ``unmeasured``."""
    if pyfuncitem.get_closest_marker("unmeasured"):
        return (yield)
    with LOOKS.measured():
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database is run, and may come out otherwise there than on SQLite."""
    wanted, others = [], []
    for item in items:
        (wanted if _is_wanted(item, config) else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = wanted


def _is_wanted(item: pytest.Item, config: pytest.Config) -> bool:
    asks = "database_url" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("alike")
    is_possible = asks or not config.getoption("--postgresql")
    return is_possible and config.getoption("--half") in {None, half_of(item.path)}


def half_of(path: Path) -> int:
    """1 or 2, whatever else is tested: the files of a room are spread over both, and none is torn apart."""
    return 1 + crc32(path.name.encode()) % 2


@pytest.fixture(autouse=True)
def frozen() -> Iterator[time_machine.Traveller]:
    """The same instant in every test, unless it moves on with ``frozen.move_to``."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def short_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test does, nothing is drawn or sent while others cannot write."""
    with nothing_slow_inside(monkeypatch):
        yield


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ExitStack() as stack:
        if request.config.getoption("--postgresql"):
            yield stack.enter_context(running_server())
        else:
            yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        secret_key="a secret that only the tests know, long enough",
        data_dir=Path(tmp_path_factory.mktemp("data")),
        database_url=database_url,
        community="CPTS du Dunois",
        demonstration=True,
        argon2=Argon2Cost(memory_kib=64, passes=1),
    )


def forget_the_disk() -> None:
    """Commit without waiting for the disk, as the server of PostgreSQL does here: no test pulls the plug."""
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


@pytest.fixture(scope="session")
def migrated_app(settings: Settings) -> Iterator[Flask]:
    """The application on a database that the migrations built."""
    app = create_app(settings)
    migrating.bind(app)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, ALEMBIC_LOGGING=False)
    app.test_client_class = HouseClient
    with app.app_context():
        forget_the_disk()
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application; what the test leaves in the database is swept away after it."""
    yield migrated_app
    with migrated_app.app_context():
        sweep()


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on the engine of this run."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("CREATE DATABASE empty_one")
        yield database_url.replace("/postgres?", "/empty_one?")
        server.execute("DROP DATABASE empty_one WITH (FORCE)")


@pytest.fixture
def empty(settings: Settings, empty_url: str) -> Iterator[Flask]:
    """The application on a database without any table, which a test may migrate as it likes."""
    app = create_app(replace(settings, database_url=empty_url))
    migrating.bind(app)
    app.config["ALEMBIC_LOGGING"] = False
    with app.app_context():
        forget_the_disk()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call queries and actions; never around a client."""
    with app.app_context():
        yield


@pytest.fixture
def make(app: Flask) -> Factory:
    """Builds committed rows: ``make.person(family_name="Petit")``; see ``tests/factories.py``."""
    return Factory(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of a stranger."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Account], FlaskClient]:
    """A browser in which the account is signed in; each call is another browser."""

    @unmeasured
    def signed_in(account: Account) -> FlaskClient:
        with app.app_context(), transaction():
            token = start_session(account.id, user_agent="tests", address="127.0.0.1", now=clock.now())
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    return signed_in


@pytest.fixture
def change(app: Flask) -> Callable[[Executable], None]:
    """Does to the database what no page does; those who stand in and who is signed in are read anew."""

    def changed(statement: Executable) -> None:
        with app.app_context(), transaction():
            revisions.bump(revisions.CONTINUITY, revisions.SESSIONS)
            db.session.execute(statement)

    return changed


@pytest.fixture
def revision_of(app: Flask) -> Callable[[str], int]:
    """How often a scope has changed so far."""

    def number(scope: str) -> int:
        with app.app_context():
            return revisions.number(scope)

    return number


@unmeasured
def sweep(*, but: str = "") -> None:
    """Empty every table, ``but`` one; the revisions never fall: pictures are kept by them."""
    kept.prepare(current_app)
    with transaction():
        _bump_everything()  # So that running processes forget as well what goes.
        _delete_every_row(but)
    # A server whose notices nobody reads stands still at last, and so does whoever would drop a database of it.
    numbers().known()


def _bump_everything() -> None:
    if db.engine.dialect.name == "postgresql":
        # Whoever holds some of the rows ends first, so nobody waits for anybody in a circle.
        db.session.execute(text("LOCK TABLE revision IN EXCLUSIVE MODE"))
    # No group and no poll ever gets the number of another one: their revisions would be thousands at last.
    db.session.execute(text("DELETE FROM revision WHERE scope LIKE '%:%'"))
    revisions.bump(revisions.DIRECTORY, revisions.CONTINUITY)
    db.session.execute(text("UPDATE revision SET number = number + 1"))


def _delete_every_row(but: str) -> None:
    """Only of tables that have some: a test leaves rows in a few."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
    for _rank, name in sorted(db.session.execute(_tables_with_rows())):
        if name != but:
            db.session.execute(text(f"DELETE FROM {name}"))


@cache
def _tables_with_rows() -> TextClause:
    """Those that refer to others before the others."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name != Revision.__tablename__]
    looks = (f"SELECT {rank}, '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for rank, name in enumerate(tables))
    return text(" UNION ALL ".join(looks))


@pytest.fixture
def rows(app: Flask) -> Callable[[type[Row]], list[Row]]:
    """Every row of a table, in the order in which they came."""

    def read(model: type[Row]) -> list[Row]:
        with app.app_context():
            return list(db.session.scalars(select(model).order_by(model.id)))

    return read
