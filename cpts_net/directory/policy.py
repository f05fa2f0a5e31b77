"""Who may see and change what in the directory."""

from typing import TYPE_CHECKING

from cpts_net.directory.profile_fields import Sight
from cpts_net.roles import ANYBODY, OWN_OR_STAFF, STAFF_ONLY, If, Permission, granted

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity
    from cpts_net.directory.models import Person
    from cpts_net.directory.profiles import Profile


PERMISSIONS = (
    Permission("Search the directory", ("directory.search",), ANYBODY),
    Permission("See a card that is not hidden", ("directory.profile",), granted(If.ALWAYS, guest=If.ACQUAINTED)),
    Permission("Look for somebody whom a form asks for", ("choosing.people",), ANYBODY),
    Permission("Change a card", ("directory.edit",), granted(If.OWN, staff=If.ALWAYS, guest=If.OWN)),
    Permission("Change where somebody works", ("structures.edit_position",), OWN_OR_STAFF),
    Permission("See a structure", ("structures.overview", "structures.show"), ANYBODY),
    Permission("Say that one works at a structure", ("structures.work_here",), ANYBODY),
    Permission(
        "Say what a structure is, who works there, and what the territory is",
        (
            *("structures.create", "structures.edit", "structures.add_worker"),
            *("territory.show", "territory.change"),
        ),
        STAFF_ONLY,
    ),
)


def sight_of(reader: "Identity", person_id: int) -> Sight:
    """As what the reader reads somebody’s card."""
    if reader.person_id == person_id:
        return Sight.OWN
    return Sight.STAFF if reader.is_staff else Sight.COMMUNITY


def may_change(reader: "Identity", person_id: int) -> bool:
    """Whether the reader may change where somebody works."""
    return sight_of(reader, person_id) is not Sight.COMMUNITY


def may_see(reader: "Identity", person: "Person | Profile") -> bool:
    """Whether the profile exists for the reader."""
    return not person.is_hidden or is_self_or_staff(reader, person)


def is_self_or_staff(reader: "Identity", person: "Person | Profile") -> bool:
    """Whether the reader sees what is private in the profile, and may change it."""
    return reader.is_staff or reader.person_id == person.id
