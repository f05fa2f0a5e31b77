"""What a profile says to whoever may see it, kept until the directory changes; what is private is no part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_net import clock
from cpts_net.directory import queries
from cpts_net.directory.models import Member
from cpts_net.directory.practitioners import Site
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

PROFILE_BYTES = 1000  # About, with two or three sites.


@dataclass(frozen=True)
class Profile:
    """A member as their colleagues know them."""

    id: int
    is_hidden: bool
    display_name: str
    initials: str
    trade_label: str
    specialty_label: str
    sites: Sequence[Site]


def profile(member_id: int) -> Profile | None:
    """The profile of a member, whoever asks; None when there is none.

    Of nobody nothing is kept: an address that somebody made up takes no room.
    """

    def read(_old: Profile | None) -> Made[Profile]:
        member = queries.member(member_id)
        if member is None:
            raise _NobodyError
        return Made(_profile(member), PROFILE_BYTES)

    try:
        return kept().get((Profile, member_id), (revisions.DIRECTORY,), clock.now(), read)
    except _NobodyError:
        return None


class _NobodyError(LookupError):
    """There is no such member."""


def _profile(member: Member) -> Profile:
    return Profile(
        id=member.id,
        is_hidden=member.is_hidden,
        display_name=member.display_name,
        initials=member.given_name[:1] + member.family_name[:1],
        trade_label=member.trade_label,
        specialty_label=member.specialty_label,
        sites=tuple(
            Site(site.name, site.street, site.postal_code, site.commune_code, site.commune, site.phone)
            for site in member.sites
        ),
    )
