"""As whom somebody may know those who did something."""

from collections.abc import Collection

from sqlalchemy import select

from cpts_net.directory.acquaintances import are_acquainted
from cpts_net.directory.models import Person
from cpts_net.directory.named import Named, columns, named_in
from cpts_net.directory.shown_mails import is_guest
from cpts_net.storage.connections import db


def known_to(reader_id: int, person_ids: Collection[int]) -> dict[int, Named]:
    """The people by their ids; of a guest only those who are in a group with them."""
    rows = db.session.execute(select(*columns()).where(Person.id.in_(person_ids)))
    found = {row.id: named_in(row) for row in rows}
    if not is_guest(reader_id):
        return found
    return {person_id: one for person_id, one in found.items() if are_acquainted(reader_id, person_id)}
