"""What people are told of their groups."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _

from cpts_net.groups import queries
from cpts_net.groups.rules import MembershipRole
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice

LEAD_NAMED = "groups.lead_named"


def _led(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Groups that people were named to lead, while they are in them; no mail once they lead them no more."""
    stays = queries.stays({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter({"group": stay.group}, f"/groupes/{notice.subject_id}", stay.role == MembershipRole.LEAD)
        for notice in notices
        if (stay := stays.get((notice.person_id, notice.subject_id)))
    }


KINDS = (Kind(LEAD_NAMED, _("Groupe à piloter"), "groups/mail/lead", _led),)
