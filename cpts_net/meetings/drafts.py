"""What a lead writes down before there is a poll or a meeting."""

from dataclasses import dataclass

from cpts_net.spans import Span


@dataclass(frozen=True)
class Subject:
    """What people would meet for, and where."""

    title: str
    agenda: str
    place: str
    video_url: str


@dataclass(frozen=True)
class Actor:
    """Whoever acts: their account, for the trail, and the person they are."""

    account_id: int
    person_id: int


@dataclass(frozen=True)
class Audience:
    """Who is asked to a meeting: everybody in some groups, and some people by themselves."""

    group_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A meeting with its date."""

    subject: Subject
    span: Span
