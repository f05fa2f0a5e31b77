"""Who may do what with a poll or a meeting that they can see; leading is a matter of the group."""

from dataclasses import dataclass

from cpts_net.groups.policy import Standing, may_lead
from cpts_net.roles import GUESTS_TOO, If, Permission, granted

__all__ = ["PERMISSIONS", "may_lead"]

PERMISSIONS = (
    Permission("See one’s meetings", ("meetings.overview",), GUESTS_TOO),
    Permission("See a poll", ("meetings.poll", "meetings.poll_sections"), granted(If.NOT_PRIVATE, guest=If.IN_GROUP)),
    Permission("See a meeting", ("meetings.meeting",), granted(If.ASKED, staff=If.ALWAYS, guest=If.ASKED)),
    Permission("Answer a poll", ("meetings.answer_poll",), granted(If.IN_GROUP, guest=If.IN_GROUP)),
    Permission("Answer an invitation", ("meetings.answer",), granted(If.ASKED, guest=If.ASKED)),
    Permission(
        "Answer an invitation by the link of its mail",
        ("meetings.answer_by_link", "meetings.record_answer_by_link"),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission(
        "Answer a poll by the link of its mail",
        ("meetings.answer_poll_by_link", "meetings.record_poll_answer_by_link"),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission(
        "Propose dates to a group, put them right, fix one, give up; plan a meeting of it",
        ("meetings.propose", "meetings.change_poll", "meetings.fix_date", "meetings.give_up_poll", "meetings.plan"),
        granted(If.LEADS, staff=If.NOT_PRIVATE),
    ),
    Permission(
        "Plan a meeting of several groups, or of people of none",
        ("meetings.convene",),
        granted(If.LEADS, staff=If.ALWAYS),
    ),
    Permission(
        "Take back within half an hour what one did to a meeting or a poll",
        ("meetings.undo", "meetings.undo_closing"),
        granted(If.MADE_OR_LEADS),
    ),
    Permission(
        "Change or cancel a meeting", ("meetings.edit", "meetings.cancel"), granted(If.MADE_OR_LEADS, staff=If.ALWAYS)
    ),
)


@dataclass(frozen=True)
class MeetingStanding:
    """Where a reader stands towards a meeting: in one of its groups, leading one, asked, its maker, staff."""

    person_id: int
    is_in_group: bool
    is_lead: bool
    is_asked: bool
    is_maker: bool
    is_staff: bool


def may_see(standing: MeetingStanding) -> bool:
    """Those asked, those of its groups, its maker and the staff."""
    return may_answer(standing) or may_edit(standing)


def may_answer(standing: MeetingStanding) -> bool:
    """Those in one of its groups, and whoever is asked."""
    return standing.is_in_group or standing.is_asked


def may_edit(standing: MeetingStanding) -> bool:
    """Its maker, the leads of any of its groups, and the staff."""
    return standing.is_maker or standing.is_lead or standing.is_staff


def may_answer_poll(standing: Standing) -> bool:
    """Those in the group answer."""
    return standing.is_member
