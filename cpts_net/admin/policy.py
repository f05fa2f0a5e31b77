"""Who may look after accounts and read the trail; whose account, ``accounts.policy`` says."""

from cpts_net.roles import STAFF_ONLY, If, Permission, Role

MANAGING = {Role.COORDINATOR: If.ALWAYS, Role.ADMINISTRATOR: If.ALWAYS}

PERMISSIONS = (
    Permission("See everybody whom the community knows, add somebody", ("people.overview", "people.add"), STAFF_ONLY),
    Permission("See who has an account, invite somebody", ("admin.accounts", "admin.invite"), MANAGING),
    Permission(
        "See an account, invite again, change its role, suspend, reactivate, sign it out",
        (
            "admin.account",
            "admin.invite_again",
            "admin.change_role",
            "admin.suspend",
            "admin.reactivate",
            "admin.end_sessions",
        ),
        {**MANAGING, Role.COORDINATOR: If.BELOW},
    ),
    Permission(
        "Ask for another sign-in address of somebody who cannot sign in, of a role no higher than one’s own",
        ("address_of_others.change",),
        {**MANAGING, Role.SECRETARY: If.BELOW, Role.COORDINATOR: If.BELOW},
    ),
    Permission(
        "See mails that wait or were given up, have one or all of them tried again",
        ("deliveries.overview", "deliveries.send_again", "deliveries.send_all_again"),
        MANAGING,
    ),
    Permission("Read the trail", ("admin.trail",), MANAGING),
    Permission("See the settings in force", ("admin.settings",), {Role.ADMINISTRATOR: If.ALWAYS}),
)
