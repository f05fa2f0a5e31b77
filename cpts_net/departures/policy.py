"""Who may say that two are one person, and that somebody leaves."""

from cpts_net.roles import STAFF_ONLY, Permission, Role

PERMISSIONS = (
    Permission(
        "Say that two are one person, of accounts no higher than one’s own",
        ("departures.choose", "departures.compare"),
        STAFF_ONLY,
    ),
    Permission(
        "Say that somebody leaves the community, or comes back",
        ("departures.leave", "departures.come_back"),
        STAFF_ONLY,
    ),
)
HIGHEST_LAST = (Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR)


def may_close(actor: Role, target: Role) -> bool:
    """Whether somebody may decide over an account of this role: nobody does over a higher one."""
    return _height(actor) >= _height(target)


def _height(role: Role) -> int:
    return HIGHEST_LAST.index(role) + 1 if role in HIGHEST_LAST else 0
