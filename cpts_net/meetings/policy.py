"""Who may do what with a poll or a meeting that they can see; leading is a matter of the group."""

from cpts_net.groups.policy import Standing, may_lead

__all__ = ["may_answer", "may_lead"]


def may_answer(standing: Standing, *, is_asked: bool = False) -> bool:
    """Those in the group answer, and whoever was asked before they left it."""
    return standing.is_member or is_asked
