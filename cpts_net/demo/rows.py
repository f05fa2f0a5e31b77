"""Writing many rows at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base

Ids = Mapping[str, int]  # Of members, by RPPS number.


def insert_rows(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert ``rows`` and return their ids in the same order."""
    if not rows:
        return []
    returning = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(returning, rows))
