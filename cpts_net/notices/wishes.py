"""Who wants to hear of what nobody hears of unless they choose it: such news is written for them alone."""

from sqlalchemy import select

from cpts_net.notices.models import Preference
from cpts_net.notices.rules import When
from cpts_net.storage.connections import db


def those_who_wish(kind: str) -> set[int]:
    """Those who chose to hear of a kind of news, by whichever channel; their ids."""
    wished = select(Preference.person_id).where(Preference.kind == kind, Preference.when != When.NEVER)
    return set(db.session.scalars(wished))
