"""Bringing the base's tables up to date: for commands only, because what it needs takes long to load."""

from flask import Flask
from flask_migrate import Migrate

from cpts_net.paths import ROOT
from cpts_net.storage.connections import db

_migrate = Migrate()


def bind(app: Flask) -> None:
    """Let the commands ``db …`` work on the base of ``app``."""
    _migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
