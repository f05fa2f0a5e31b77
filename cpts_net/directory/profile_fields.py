"""What people may add to their card beside what is public of everybody, and who may read it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who may read a value, beside the person themselves and the staff."""

    NOBODY_ELSE = "nobody_else"
    COMMUNITY = "community"


class Sight(StrEnum):
    """As what somebody reads a card: all readers of one sight read the same."""

    OWN = "own"
    STAFF = "staff"
    COMMUNITY = "community"


@dataclass(frozen=True)
class ProfileField:
    """A field of the catalogue; the first audience is the one that a value has unless its person says else."""

    key: str
    audiences: tuple[Audience, ...]


PRIVATE_PHONE = ProfileField("private_phone", (Audience.NOBODY_ELSE,))
MAIL = ProfileField("mail", (Audience.NOBODY_ELSE, Audience.COMMUNITY))
FIELDS = {field.key: field for field in (PRIVATE_PHONE, MAIL)}


@dataclass(frozen=True)
class Value:
    """What somebody wrote in a field, and for whom."""

    field: ProfileField
    text: str
    audience: Audience


def readable(values: Iterable[Value], sight: Sight) -> Mapping[str, Value]:
    """By field, the values that a reader of this sight may know of."""
    return {each.field.key: each for each in values if may_read(each, sight)}


def may_read(value: Value, sight: Sight) -> bool:
    """Whether a reader of this sight may know the value; never of one that its field does not allow."""
    if sight is not Sight.COMMUNITY:
        return True
    return value.audience is Audience.COMMUNITY and Audience.COMMUNITY in value.field.audiences
