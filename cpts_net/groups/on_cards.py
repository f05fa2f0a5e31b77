"""The groups that somebody is in, on their card."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from cpts_net.accounts.identity import Identity
from cpts_net.directory.card_sections import CardSection, Row
from cpts_net.groups import queries


def groups_on_card(person_id: int, reader: Identity, _now: datetime) -> CardSection:
    """Those of the groups of which the reader may know."""
    rows = [
        Row(url_for("groups.show", group_id=group.id), group.name, _("anime le groupe") if group.is_lead else "")
        for group in queries.groups_shared(person_id, reader.person_id)
    ]
    return CardSection("groups", _("Groupes"), rows)
