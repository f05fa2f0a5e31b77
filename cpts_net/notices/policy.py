"""Who reads notices, and chooses what they hear of: everybody their own."""

from cpts_net.roles import GUESTS_TOO, Permission

PERMISSIONS = (
    Permission("See what one was told, note that one has", ("notices.mine", "notices.see"), GUESTS_TOO),
    Permission(
        "Choose what one hears of, how often and when", ("choices.choose", "choices.choose_as_usual"), GUESTS_TOO
    ),
    Permission(
        "Hear no more of a kind, by the link in its mail",
        ("choices.fewer", "choices.hear_no_more"),
        GUESTS_TOO,
        is_public=True,
    ),
)
