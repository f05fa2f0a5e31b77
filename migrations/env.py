"""How Alembic reaches the application's database and compares it with the models."""

import logging
from logging.config import fileConfig
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from flask import current_app

from cpts_net.storage.connections import WRITE
from cpts_net.storage.forgetting import rewrite_what_is_forgotten
from cpts_net.storage.orm import UTCDateTime
from cpts_net.storage.recreation import KeepingImpl, foreign_keys_off, refuse_orphans

config = context.config
if current_app.config.get("ALEMBIC_LOGGING", True) and config.config_file_name:
    fileConfig(config.config_file_name, disable_existing_loggers=False)
log = logging.getLogger("alembic.env")
PATIENT = 60  # Seconds for whoever writes meanwhile.
database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column type as the plain type beneath it, so a migration needs no import."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration when nothing changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        log.info("no change in the schema")


def check_references(ctx: MigrationContext, **_step: Any) -> None:
    """Let no migration commit that leaves a row whose reference leads nowhere."""
    assert ctx.connection is not None
    refuse_orphans(ctx.connection)


def run() -> None:
    """Migrate, each migration in a transaction of its own."""
    writing = database.engine.execution_options(**{WRITE: PATIENT})
    with writing.connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            process_revision_directives=drop_empty,
            on_version_apply=check_references,
            transaction_per_migration=True,
            compare_type=True,
            render_as_batch=True,
        )
        assert connection.dialect.name != "sqlite" or isinstance(context.get_context().impl, KeepingImpl)
        with context.begin_transaction():
            context.run_migrations()
        rewrite_what_is_forgotten(context.get_context(), connection)


run()
