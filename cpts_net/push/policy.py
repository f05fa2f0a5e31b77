"""Who has which devices ring: everybody their own."""

from cpts_net.roles import EVERYBODYS_OWN, GUESTS_TOO, Permission

PERMISSIONS = (
    Permission("See which of one’s devices ring", ("push.devices",), GUESTS_TOO),
    Permission(
        "Have one’s device ring, try it, choose what its locked screen says",
        ("push.add", "push.ring_once", "push.show"),
        GUESTS_TOO,
    ),
    Permission("Have a device ring no more", ("push.remove",), EVERYBODYS_OWN),
)
