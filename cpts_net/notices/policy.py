"""Who reads notices: everybody their own."""

from cpts_net.roles import GUESTS_TOO, Permission

PERMISSIONS = (Permission("See what one was told, note that one has", ("notices.mine", "notices.see"), GUESTS_TOO),)
