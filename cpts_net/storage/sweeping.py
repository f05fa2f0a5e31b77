"""Deleting what is kept no longer, so much at a time that nobody who wants to write notices."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select

from cpts_net.storage.connections import db

AT_ONCE = 1000  # Rows: some ten milliseconds. What is left goes with the next sweep.


def sweep(model: Any, condition: ColumnElement[bool]) -> None:
    """Delete the oldest rows of ``model`` for which the condition holds."""
    oldest = select(model.id).where(condition).order_by(model.id).limit(AT_ONCE)
    db.session.execute(delete(model).where(model.id.in_(oldest)).execution_options(synchronize_session=False))
