"""The ``cpts-net`` command."""

import os

import click
from flask import Flask
from flask.cli import FlaskGroup

from cpts_net.app import create_app
from cpts_net.settings import Settings


def _create() -> Flask:
    return create_app(Settings.from_env(os.environ))


@click.group(cls=FlaskGroup, create_app=_create, add_default_commands=False)
def main() -> None:
    """Run and look after a CPTS-Net installation."""


if __name__ == "__main__":
    main()
