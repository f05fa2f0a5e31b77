"""What every test stands on: a migrated database, a frozen clock, people who sign in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select, text

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
from tests.postgresql import running_server

# How long one example takes says more of the machine than of the code.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")

# A Wednesday in summer: 10:00 in Paris.
NOW = datetime(2026, 8, 12, 8, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run on a real PostgreSQL instead of SQLite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database is run: nothing else can come out otherwise than on SQLite."""
    if not config.getoption("--postgresql"):
        return
    others = [item for item in items if "database_url" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in {*others}]


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
def revision_of(app: Flask) -> Callable[[str], int]:
    """How often a scope has changed so far."""

    def number(scope: str) -> int:
        with app.app_context():
            return revisions.number(scope)

    return number


def sweep() -> None:
    """Empty every table but the revisions, which never fall: pictures are kept by them."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name != Revision.__tablename__]
    kept.prepare(current_app)
    with transaction():
        # So that running processes forget as well what goes.
        revisions.bump(revisions.DIRECTORY, revisions.CONTINUITY, *db.session.scalars(select(Revision.scope)))
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
        else:
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in tables:
                db.session.execute(text(f"DELETE FROM {table}"))
    # A server whose notices nobody reads stands still at last, and so does whoever would drop a database of it.
    numbers().known()


@pytest.fixture
def rows(app: Flask) -> Callable[[type[Row]], list[Row]]:
    """Every row of a table, in the order in which they came."""

    def read(model: type[Row]) -> list[Row]:
        with app.app_context():
            return list(db.session.scalars(select(model).order_by(model.id)))

    return read
