"""Who may say that two are one person, and that somebody leaves."""

from cpts_net.roles import STAFF_ONLY, Permission

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
