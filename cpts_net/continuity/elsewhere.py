"""Relays who are no people of the community: structures, duty lines, and people from outside."""

from collections.abc import Collection

from sqlalchemy import select

from cpts_net.continuity.roster import Elsewhere
from cpts_net.directory.models import Structure
from cpts_net.leave.models import Relay
from cpts_net.leave.queries import asked_at
from cpts_net.oncall.models import DutyLine
from cpts_net.storage.connections import db


def elsewhere(relay_ids: Collection[int]) -> dict[int, Elsewhere]:
    """What the rows of these relays name, by their ids, which are negative: they are no people’s."""
    columns = (
        *(Relay.id, Relay.outsider_name, Relay.outsider_phone, Relay.structure_id),
        *(Structure.name.label("structure"), Structure.phone.label("structure_phone")),
        *(DutyLine.name.label("line"), DutyLine.phone.label("line_phone")),
    )
    query = (
        select(*columns)
        .outerjoin(Structure, Structure.id == Relay.structure_id)
        .outerjoin(DutyLine, DutyLine.id == Relay.line_id)
        .where(Relay.id.in_(relay_ids))
    )
    rows = db.session.connection().execute(query).all()
    people = asked_at({row.structure_id for row in rows if row.structure_id})
    return {
        -row.id: Elsewhere(
            -row.id,
            row.structure or row.line or row.outsider_name,
            row.structure_phone or row.line_phone or row.outsider_phone or "",
            people.get(row.structure_id, ()),
        )
        for row in rows
    }
