"""Who may search: everybody, each among what exists for them."""

from cpts_net.roles import GUESTS_TOO, Permission

PERMISSIONS = (Permission("Search among what one may see", ("search.results",), GUESTS_TOO),)
