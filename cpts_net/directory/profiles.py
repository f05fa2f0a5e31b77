"""What a card says to whoever reads it, kept until the directory changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cpts_net import clock
from cpts_net.directory import policy, queries, workplaces
from cpts_net.directory.models import Person
from cpts_net.directory.practices import practices as practices_of
from cpts_net.directory.profile_fields import MAIL, PRIVATE_PHONE, Audience, ProfileField, Sight, Value, readable
from cpts_net.directory.trades import Trade, labels_of
from cpts_net.directory.workplace import Workplace
from cpts_net.directory.workplaces import Held
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity

PROFILE_BYTES = 1000  # About, with two or three places.


@dataclass(frozen=True)
class Profile:
    """Somebody as a reader knows them."""

    id: int
    is_hidden: bool
    left_on: date | None
    merged_into_id: int | None
    display_name: str
    civility: str
    trade: Trade | None  # The first one.
    trade_label: str  # Every trade: « Infirmière · Ostéopathe ».
    function: str  # In words; « Présidente de la CPTS ».
    specialty_label: str
    places: Sequence[Workplace]
    sight: Sight
    held: Sequence[Held]  # Every position, hidden ones too; of those who may change them.
    values: Mapping[str, Value]  # By field, those that this sight may know of.

    @property
    def phone(self) -> str:
        """The number to call: of the first place that has one."""
        return next((place.phone for place in self.places if place.phone), "")

    @property
    def is_private(self) -> bool:
        """Whether the reader is the person or somebody of the staff, who may also change it."""
        return self.sight is not Sight.COMMUNITY

    @property
    def private_phone(self) -> str:
        """Empty where none is known to the reader; the same for the mail address."""
        return self._said(PRIVATE_PHONE)

    @property
    def mail(self) -> str:
        return self._said(MAIL)

    @property
    def is_mail_shown(self) -> bool:
        """Whether the community may read the mail address."""
        return MAIL.key in self.values and self.values[MAIL.key].audience is Audience.COMMUNITY

    def _said(self, field: ProfileField) -> str:
        return self.values[field.key].text if field.key in self.values else ""

    def has_left(self, today: date) -> bool:
        """Whether they no longer belong to the community."""
        return self.left_on is not None and self.left_on <= today


def read(person_id: int, reader: "Identity") -> Profile | None:
    """What ``reader`` may know of somebody; None where they may not know that there is such a card.

    The one way to read a card: pages, exports, feeds and mails go through it,
    each for whoever reads them. It is kept by what somebody reads it as, so
    that nothing narrow stands in what others are given. Of nobody nothing is
    kept: an address that somebody made up takes no room.
    """
    profile = _kept(person_id, policy.sight_of(reader, person_id))
    return profile if profile and policy.may_see(reader, profile) else None


def read_as_community(person_id: int) -> Profile | None:
    """What everybody may know of somebody; None where there is no card for all."""
    profile = _kept(person_id, Sight.COMMUNITY)
    return profile if profile and not profile.is_hidden else None


def _kept(person_id: int, sight: Sight) -> Profile | None:
    def made(_old: Profile | None) -> Made[Profile]:
        person = queries.person(person_id)
        if person is None:
            raise _NobodyError
        return Made(_profile(person, sight), PROFILE_BYTES)

    try:
        return kept().get((Profile, person_id, sight), (revisions.DIRECTORY,), clock.now(), made)
    except _NobodyError:
        return None


class _NobodyError(LookupError):
    """There is no such member."""


def _profile(person: Person, sight: Sight) -> Profile:
    practices = practices_of(person.id)
    return Profile(
        id=person.id,
        is_hidden=person.is_hidden,
        left_on=person.left_on,
        merged_into_id=person.merged_into_id,
        display_name=person.display_name,
        civility=person.civility,
        trade=person.trade,
        trade_label=labels_of(dict.fromkeys(each.trade for each in practices), person.civility),
        function=person.function,
        specialty_label=" · ".join(filter(None, (each.specialty_label for each in practices))),
        places=person.places,
        sight=sight,
        held=() if sight is Sight.COMMUNITY else workplaces.positions_of([person.id]).get(person.id, ()),
        values=readable(queries.values(person.id), sight),
    )
