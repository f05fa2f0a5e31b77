"""Deleting what is kept no longer, so much at a time that nobody who wants to write notices."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select

from cpts_net.storage.connections import db

AT_ONCE = 1000  # Rows: some ten milliseconds. What is left goes with the next sweep.


def sweep(model: Any, condition: ColumnElement[bool]) -> bool:
    """Delete the oldest rows of ``model`` for which the condition holds; return whether there were any."""
    oldest = select(model.id).where(condition).order_by(model.id).limit(AT_ONCE)
    swept: Any = db.session.execute(
        delete(model).where(model.id.in_(oldest)).execution_options(synchronize_session=False)
    )
    return bool(swept.rowcount)
