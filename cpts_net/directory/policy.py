"""Who may see and change what in the directory."""

from typing import TYPE_CHECKING

from cpts_net.directory.profile_fields import Sight
from cpts_net.roles import ANYBODY, OWN_OR_STAFF, Permission

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity
    from cpts_net.directory.models import Person
    from cpts_net.directory.profiles import Profile


PERMISSIONS = (
    Permission(
        "Search the directory, see a profile that is not hidden", ("directory.search", "directory.profile"), ANYBODY
    ),
    Permission("Look for somebody whom a form asks for", ("choosing.people",), ANYBODY),
    Permission("Change a profile", ("directory.edit",), OWN_OR_STAFF),
)


def sight_of(reader: "Identity", person_id: int) -> Sight:
    """As what the reader reads somebody’s card."""
    if reader.person_id == person_id:
        return Sight.OWN
    return Sight.STAFF if reader.is_staff else Sight.COMMUNITY


def may_see(reader: "Identity", person: "Person | Profile") -> bool:
    """Whether the profile exists for the reader."""
    return not person.is_hidden or is_self_or_staff(reader, person)


def is_self_or_staff(reader: "Identity", person: "Person | Profile") -> bool:
    """Whether the reader sees what is private in the profile, and may change it."""
    return reader.is_staff or reader.person_id == person.id
