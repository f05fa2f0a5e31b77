"""How often people may be told of something, and into which families what they are told falls. Pure."""

from enum import StrEnum


class When(StrEnum):
    """How often somebody wants to hear of a kind of news, from the most to the least often."""

    AT_ONCE = "at_once"
    DAILY = "daily"  # In one mail a day, with all the other news of that day.
    WEEKLY = "weekly"
    NEVER = "never"

    def is_rarer_than(self, other: "When") -> bool:
        """Whether one hears less often by it."""
        order = list(When)
        return order.index(self) > order.index(other)


class Family(StrEnum):
    """What news is about, in the order of the pages."""

    DUTY = "duty"
    ABSENCE = "absence"
    MEETING = "meeting"
    GROUP = "group"
    COORDINATION = "coordination"
    ACCOUNT = "account"


def choices(floor: When) -> list[When]:
    """What may be chosen where nothing rarer than ``floor`` may be."""
    return [when for when in When if not when.is_rarer_than(floor)]
