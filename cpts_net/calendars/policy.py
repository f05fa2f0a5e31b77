"""Who may read which calendar."""

from cpts_net.roles import EVERYBODYS_OWN, GUESTS_TOO, If, Permission, granted

PERMISSIONS = (
    Permission("See one’s planning and subscriptions", ("planning.mine", "calendars.subscriptions"), GUESTS_TOO),
    Permission("Subscribe to a feed", ("calendars.subscribe",), granted(If.ALWAYS, guest=If.OWN_AGENDA)),
    Permission(
        "See a feed’s address, rename it, renew it, end it",
        ("calendars.subscription", "calendars.qr_code", "calendars.change", "calendars.renew", "calendars.revoke"),
        EVERYBODYS_OWN,
    ),
    Permission("Read a feed at its secret address", ("feeds.feed",), GUESTS_TOO, is_public=True),
)
