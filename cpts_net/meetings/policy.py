"""Who may do what with a poll or a meeting that they can see; leading is a matter of the group."""

from cpts_net.groups.policy import Standing, may_lead
from cpts_net.roles import ANYBODY, If, Permission, granted

__all__ = ["PERMISSIONS", "may_answer", "may_lead"]

PERMISSIONS = (
    Permission("See one’s meetings", ("meetings.overview",), ANYBODY),
    Permission(
        "See a poll or a meeting",
        ("meetings.poll", "meetings.poll_sections", "meetings.meeting"),
        granted(If.NOT_PRIVATE),
    ),
    Permission("Answer a poll", ("meetings.answer_poll",), granted(If.IN_GROUP)),
    Permission("Answer an invitation", ("meetings.answer",), granted(If.ASKED)),
    Permission(
        "Answer an invitation by the link of its mail",
        ("meetings.answer_by_link", "meetings.record_answer_by_link"),
        ANYBODY,
        is_public=True,
    ),
    Permission(
        "Propose dates, fix one, give up; plan, change and cancel a meeting",
        (
            "meetings.propose",
            "meetings.fix_date",
            "meetings.give_up_poll",
            "meetings.plan",
            "meetings.edit",
            "meetings.cancel",
        ),
        granted(If.LEADS, staff=If.NOT_PRIVATE),
    ),
)


def may_answer(standing: Standing, *, is_asked: bool = False) -> bool:
    """Those in the group answer, and whoever was asked before they left it."""
    return standing.is_member or is_asked
