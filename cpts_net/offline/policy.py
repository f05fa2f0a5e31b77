"""Who may have what a device shows without network."""

from cpts_net.roles import ANYBODY, GUESTS_TOO, Permission

PERMISSIONS = (
    Permission(
        "Install the network on a device, be told that there is no network",
        ("offline.manifest", "offline.service_worker", "offline.page"),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission("Carry the board on one’s device", ("offline.board",), ANYBODY),
    Permission("Carry one’s planning on one’s device", ("offline.planning",), GUESTS_TOO),
)
