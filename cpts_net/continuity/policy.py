"""Who may see the board, and who declares whose absence."""

from cpts_net.roles import ANYBODY, OWN_OR_STAFF, STAFF_ONLY, If, Permission, granted

PERMISSIONS = (
    Permission("See the board", ("continuity.board", "continuity.sections"), ANYBODY),
    Permission("See the weeks of everybody", ("weeks.show",), ANYBODY),
    Permission("See absences to come", ("absences.overview",), granted(If.OWN, staff=If.ALWAYS)),
    Permission(
        "Declare an absence, and see what it does",
        ("absences.declare", "absences.preview"),
        ANYBODY,
    ),
    Permission(
        "Change, end or cancel an absence", ("absences.change", "absences.end", "absences.cancel"), OWN_OR_STAFF
    ),
    Permission("Take back within half an hour what one did to an absence", ("absences.undo",), granted(If.OWN)),
    Permission(
        "Say when a structure is closed, and who is away because of it",
        ("closings.close", "closings.reopen"),
        STAFF_ONLY,
    ),
    Permission("Be there on a weekly day off", ("days_off.except_day", "days_off.restore_day"), OWN_OR_STAFF),
    Permission(
        "Answer as a relay by the link of the mail", ("relays.show", "relays.record_answer"), ANYBODY, is_public=True
    ),
)
