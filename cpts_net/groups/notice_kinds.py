"""What people are told of their groups."""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask_babel import lazy_gettext as _

from cpts_net.groups import queries
from cpts_net.groups.rules import MembershipRole
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.roles import BUT_GUESTS

LEAD_NAMED = "groups.lead_named"
ADDED = "groups.added"
REMOVED = "groups.removed"
POSTED = "groups.posted"
LONGEST_EXCERPT = 140


def _led(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Groups that people were named to lead, while they are in them; no mail once they lead them no more."""
    stays = queries.stays({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter({"group": stay.group}, f"/groupes/{notice.subject_id}", stay.role == MembershipRole.LEAD)
        for notice in notices
        if (stay := stays.get((notice.person_id, notice.subject_id)))
    }


def _joined(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Groups into which people were brought, while they are in them."""
    stays = queries.stays({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter({"group": stay.group, "purpose": stay.purpose}, f"/groupes/{notice.subject_id}")
        for notice in notices
        if (stay := stays.get((notice.person_id, notice.subject_id)))
    }


def _left(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Groups out of which people were taken; by name where they may still know of it, for it may have another now."""
    inside = queries.stays({(notice.person_id, notice.subject_id) for notice in notices})
    readers = {notice.person_id for notice in notices}
    known = {(reader, group.id): group.name for reader in readers for group in queries.groups_seen(reader)}
    found = {}
    for notice in notices:
        pair = notice.person_id, notice.subject_id
        found[notice.id] = Matter({"group": known.get(pair, "")}, is_still_so=pair not in inside)
    return found


def _written(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Messages in the groups that people are in; nothing of one that was taken back, or of a group that they left."""
    found = queries.posts_read({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter(
            {"group": post.group, "author": post.author, "excerpt": _excerpt(post.body), "text": post.body},
            f"/groupes/{post.group_id}#messages",
        )
        for notice in notices
        if (post := found.get((notice.person_id, notice.subject_id)))
    }


def _excerpt(body: str) -> str:
    """The first words, in one line."""
    return textwrap.shorten(body, LONGEST_EXCERPT, placeholder=" …")


_kind = partial(Kind, family=Family.GROUP)

KINDS = (
    _kind(LEAD_NAMED, _("Groupe à piloter"), "groups/mail/lead", _led, concerns=BUT_GUESTS),
    # Nobody has to do anything: it can wait for the day's mail.
    _kind(ADDED, _("Ajout à un groupe"), "groups/mail/added", _joined, default=When.DAILY, rings=False),
    _kind(REMOVED, _("Retrait d’un groupe"), "groups/mail/removed", _left, default=When.DAILY, rings=False),
    # A thread is read together, and a mail for each message is what makes people leave a list.
    _kind(POSTED, _("Message dans un groupe"), "groups/mail/posted", _written, default=When.DAILY, rings=False),
)
