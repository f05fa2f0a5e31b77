"""Who may read which calendar."""

from cpts_net.roles import ANYBODY, EVERYBODYS_OWN, Permission

PERMISSIONS = (
    Permission("See one’s planning and subscriptions", ("planning.mine", "calendars.subscriptions"), ANYBODY),
    Permission("Subscribe to a feed", ("calendars.subscribe",), ANYBODY),
    Permission(
        "See a feed’s address, rename it, renew it, end it",
        ("calendars.subscription", "calendars.qr_code", "calendars.change", "calendars.renew", "calendars.revoke"),
        EVERYBODYS_OWN,
    ),
    Permission("Read a feed at its secret address", ("feeds.feed",), ANYBODY, is_public=True),
)
