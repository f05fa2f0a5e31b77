"""Who may see the pages around everything else."""

from cpts_net.roles import GUESTS_TOO, Permission

PERMISSIONS = (
    Permission(
        "See what the network is, its health and its rules",
        ("home.start", "home.about", "home.privacy", "home.health", "home.robots"),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission("See the further places", ("home.more",), GUESTS_TOO),
    Permission("Choose between light and dark", ("home.choose_look",), GUESTS_TOO),
)
