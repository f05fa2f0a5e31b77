"""The group that a page is about, as far as its reader may see it."""

from flask import abort
from flask_login import current_user

from cpts_net.groups import policy, queries
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.policy import Standing


def group_or_404(group_id: int) -> tuple[Group, Standing]:
    """The group and where the reader stands; 404 when it does not exist for them."""
    found = queries.group_and_membership(group_id, current_user.person_id)
    if found is None:
        abort(404)
    return found[0], standing_of(found[1])


def led_group_or_404(group_id: int) -> tuple[Group, Standing]:
    """The same, for pages of those who look after the group."""
    group, standing = group_or_404(group_id)
    if not policy.may_lead(standing):
        abort(404)
    return group, standing


def standing_of(membership: Membership | None) -> Standing:
    """Where the reader stands who has this place in a group, or none."""
    return Standing(
        person_id=current_user.person_id,
        is_member=membership is not None,
        is_lead=membership is not None and membership.is_lead,
        is_staff=current_user.is_staff,
    )
