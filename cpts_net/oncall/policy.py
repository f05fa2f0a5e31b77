"""Who may do what with duties."""

from typing import TYPE_CHECKING

from cpts_net.roles import ANYBODY, OWN_OR_STAFF, STAFF_ONLY, If, Permission, Role, granted

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity


PERMISSIONS = (
    Permission("See the duty lines and their months", ("oncall.overview", "oncall.month"), ANYBODY),
    Permission("Take a free seat, if eligible", ("oncall.take",), granted(If.TRADE, to={Role.PARTNER: None})),
    Permission(
        "Take a free seat by the link of a mail, if eligible",
        ("offers.show", "offers.take"),
        ANYBODY,
        is_public=True,
    ),
    Permission("Give a seat back", ("oncall.give_back",), OWN_OR_STAFF),
    Permission(
        "Hand a seat over, split it, keep it in spite of a leave",
        ("seats.show", "seats.hand_over", "seats.split", "seats.keep"),
        OWN_OR_STAFF,
    ),
    Permission("Undo what one did to a seat within half an hour", ("oncall.undo",), OWN_OR_STAFF),
    Permission(
        "Give somebody a seat, close and reopen a slot",
        ("oncall.manage", "oncall.assign", "oncall.close", "oncall.reopen"),
        STAFF_ONLY,
    ),
    Permission(
        "Make and change duty lines",
        (
            "duty_lines.overview",
            "duty_lines.create",
            "duty_lines.change",
            "duty_lines.preview_week",
            "line_days.overview",
            "line_days.remove",
        ),
        {Role.COORDINATOR: If.ALWAYS, Role.ADMINISTRATOR: If.ALWAYS},
    ),
)

EDITORS = (Role.COORDINATOR, Role.ADMINISTRATOR)


def may_edit_lines(identity: "Identity") -> bool:
    """Whether the account may create and change duty lines."""
    return identity.role in EDITORS


def may_give_back(identity: "Identity", holder_id: int) -> bool:
    """Whether the account may free a seat: one's own, or anybody's for the staff."""
    return identity.is_staff or identity.person_id == holder_id


def may_undo(identity: "Identity", by_id: int | None) -> bool:
    """Whether the account may take back a change of a seat: one's own, or anybody's for the staff."""
    return identity.is_staff or identity.account_id == by_id
