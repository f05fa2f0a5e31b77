"""Who reads notices: everybody their own."""

from cpts_net.roles import ANYBODY, Permission

PERMISSIONS = (Permission("See what one was told, note that one has", ("notices.mine", "notices.see"), ANYBODY),)
