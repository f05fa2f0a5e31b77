"""Who may do what in a group that they can see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """Where a reader stands towards a group; the member is None for an account without one."""

    member_id: int | None
    is_member: bool
    is_lead: bool
    is_staff: bool


def may_write(standing: Standing) -> bool:
    """Only those in the group write in its thread."""
    return standing.is_member


def may_lead(standing: Standing) -> bool:
    """Leads, and the staff in their place, look after people and dates."""
    return standing.is_lead or standing.is_staff


def may_delete_post(standing: Standing, author_id: int | None) -> bool:
    """One's own, or any for those who look after the group."""
    return may_lead(standing) or (standing.is_member and standing.member_id == author_id)


def may_join(standing: Standing, *, is_private: bool) -> bool:
    """Every member of the community walks into an open group by themselves."""
    return standing.member_id is not None and not standing.is_member and not is_private
