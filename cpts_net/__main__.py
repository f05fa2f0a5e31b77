"""The ``cpts-net`` command."""

import atexit
import gc
import logging
import os
import signal
from pathlib import Path
from threading import Event
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup
from flask_migrate import upgrade

from cpts_net import clock, worker
from cpts_net.app import create_app
from cpts_net.calendars import floors
from cpts_net.demo.cli import demo
from cpts_net.notices.cli import mail
from cpts_net.oncall.cli import oncall
from cpts_net.push.cli import push
from cpts_net.settings import settings_or_end
from cpts_net.storage import backup, migrating
from cpts_net.storage.connections import db

# A mail server that does not answer must not keep the machine from going down.
PATIENCE_SECONDS = 0.8


def _create() -> Flask:
    app = create_app(settings_or_end(os.environ))
    migrating.bind(app)
    # What is loaded by now stays. Looking through it for garbage takes 50 ms, perhaps while nobody else can write.
    gc.freeze()
    # What stays is not closed at the end by itself; SQLite then leaves what was written last beside its file.
    with app.app_context():
        atexit.register(db.engine.dispose)
    return app


@click.group(cls=FlaskGroup, create_app=_create, add_default_commands=False)
def main() -> None:
    """Run and look after a CPTS-Net installation."""


main.add_command(oncall)
main.add_command(demo)
main.add_command(mail)
main.add_command(push)


@main.command("worker", with_appcontext=False)
def work() -> None:
    """Send mails and keep the house, until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    signal.signal(signal.SIGALRM, give_up)
    worker.run(_create(), stop)
    signal.setitimer(signal.ITIMER_REAL, 0)


@main.command("prepare")
@click.pass_context
def prepare(context: click.Context) -> None:
    """Bring the database up to date; in demonstration mode fill it and print links for visitors."""
    # What Alembic tells step by step is for whoever writes migrations.
    current_app.config["ALEMBIC_LOGGING"] = False
    upgrade()
    context.invoke(demo.commands["start"])


@main.command("backup", with_appcontext=False)
@click.argument("archive", type=click.Path(path_type=Path))
def save(archive: Path) -> None:
    """Save the whole installation into ARCHIVE (.tar.gz), while it runs."""
    settings = settings_or_end(os.environ)
    if settings.sqlite_file is None:
        raise click.ClickException("the database is PostgreSQL's: save it with pg_dump, and CPTS_DATA beside it")
    try:
        rows = backup.save(settings.data_dir, archive, settings.sqlite_file)
    except OSError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{archive}: {len(rows)} tables, {sum(rows.values())} rows")


@main.command("restore", with_appcontext=False)
@click.argument("archive", type=click.Path(exists=True, path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path))
def restore(archive: Path, directory: Path) -> None:
    """Unpack ARCHIVE into the new DIRECTORY, and check that it is whole."""
    try:
        rows = backup.restore(archive, directory)
        # Calendars may hold what is newer than the archive.
        floors.raise_in(directory / backup.DATABASE, clock.now())
    except (OSError, backup.BackupUnsound) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{directory}: {len(rows)} tables, {sum(rows.values())} rows, all sound")


if __name__ == "__main__":
    main()
