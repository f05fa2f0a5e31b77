"""What a profile says to whoever may see it, kept until the directory changes; what is private is no part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_net import clock
from cpts_net.directory import queries
from cpts_net.directory.models import Person
from cpts_net.directory.practices import practices as practices_of
from cpts_net.directory.trades import labels_of
from cpts_net.directory.workplace import Workplace
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

PROFILE_BYTES = 1000  # About, with two or three places.


@dataclass(frozen=True)
class Profile:
    """A member as their colleagues know them."""

    id: int
    is_hidden: bool
    display_name: str
    initials: str
    trade_label: str  # Every trade: « Infirmière · Ostéopathe ».
    specialty_label: str
    places: Sequence[Workplace]


def profile(person_id: int) -> Profile | None:
    """The profile of a member, whoever asks; None when there is none.

    Of nobody nothing is kept: an address that somebody made up takes no room.
    """

    def read(_old: Profile | None) -> Made[Profile]:
        person = queries.person(person_id)
        if person is None:
            raise _NobodyError
        return Made(_profile(person), PROFILE_BYTES)

    try:
        return kept().get((Profile, person_id), (revisions.DIRECTORY,), clock.now(), read)
    except _NobodyError:
        return None


class _NobodyError(LookupError):
    """There is no such member."""


def _profile(person: Person) -> Profile:
    practices = practices_of(person.id)
    return Profile(
        id=person.id,
        is_hidden=person.is_hidden,
        display_name=person.display_name,
        initials=person.given_name[:1] + person.family_name[:1],
        trade_label=labels_of(dict.fromkeys(each.trade for each in practices), person.civility),
        specialty_label=" · ".join(filter(None, (each.specialty_label for each in practices))),
        places=person.places,
    )
