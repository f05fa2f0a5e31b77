"""The ``cpts-net`` command."""

import logging
import os
import signal
from threading import Event
from types import FrameType

import click
from flask import Flask
from flask.cli import FlaskGroup

from cpts_net import worker
from cpts_net.app import create_app
from cpts_net.demo.cli import demo
from cpts_net.oncall.cli import oncall
from cpts_net.settings import Settings

# A mail server that does not answer must not keep the machine from going down.
PATIENCE_SECONDS = 0.8


def _create() -> Flask:
    return create_app(Settings.from_env(os.environ))


@click.group(cls=FlaskGroup, create_app=_create, add_default_commands=False)
def main() -> None:
    """Run and look after a CPTS-Net installation."""


main.add_command(oncall)
main.add_command(demo)


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


if __name__ == "__main__":
    main()
