"""Which date of a poll suits best, and what can no longer be done. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cpts_net.directory.trades import Trade
from cpts_net.spans import Span

YES, IF_NEED_BE, NO = "yes", "if_need_be", "no"
ANSWERS = (YES, IF_NEED_BE, NO)


class NobodyAsked(ValueError):
    """A meeting would be for nobody."""


class PollOver(ValueError):
    """The poll takes no answers any more: closed, or past its deadline."""


class PollClosed(ValueError):
    """A date was fixed, or the poll given up, before."""


class DatePassed(ValueError):
    """The date lies in the past."""


class OptionUnknown(ValueError):
    """The poll has no such date."""


class MeetingCancelled(ValueError):
    """The meeting will not take place."""


class MeetingOver(ValueError):
    """The meeting has taken place."""


class MeetingChanged(ValueError):
    """The meeting is no longer what was seen when answering."""


class PollChanged(ValueError):
    """Somebody else has put the poll right meanwhile."""


@dataclass(frozen=True)
class AskedDate:
    """A date of a poll as one member is asked it, with what they said."""

    id: int
    starts_at: datetime
    ends_at: datetime
    answer: str | None

    @property
    def span(self) -> Span:
        """The time that it takes."""
        return Span(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Option:
    """A date of a poll with what each member said to it, by member id."""

    id: int
    span: Span
    answers: Mapping[int, str]


@dataclass(frozen=True)
class Ranked:
    """How well a date suits: how many of the group said what, and which trades lack.

    ``missing`` holds, in the order of the group, the trades of which nobody
    said yes; it is empty while nobody answered at all.
    """

    option_id: int
    span: Span
    yes: int
    if_need_be: int
    no: int
    missing: tuple[Trade, ...]

    @property
    def order(self) -> tuple[int, int, int, datetime, int]:
        """Those who can come count first, then those who like to, then the trades, then time."""
        return (-(self.yes + self.if_need_be), -self.yes, len(self.missing), self.span.start, self.option_id)


def ranking(options: Iterable[Option], trades: Mapping[int, Trade | None]) -> list[Ranked]:
    """The dates of a poll, best first.

    ``trades`` gives the trade of each member of the group, if they have one; answers of
    people outside it do not count. The order of the options does not matter.
    """
    ranked = [_weighed(option, trades) for option in options]
    return sorted(ranked, key=lambda date: date.order)


def _weighed(option: Option, trades: Mapping[int, Trade | None]) -> Ranked:
    said = {person: answer for person, answer in option.answers.items() if person in trades}
    counts = {answer: list(said.values()).count(answer) for answer in ANSWERS}
    coming = {trades[person] for person, answer in said.items() if answer == YES}
    missing = [trade for trade in dict.fromkeys(trades.values()) if trade and trade not in coming]
    return Ranked(option.id, option.span, counts[YES], counts[IF_NEED_BE], counts[NO], tuple(missing) if said else ())


def missing_everywhere(ranked: Iterable[Ranked]) -> tuple[Trade, ...]:
    """The trades that lack on every date that somebody answered, in the order of the group; none where that is one date alone."""
    answered = [date for date in ranked if date.yes or date.if_need_be or date.no]
    if not answered[1:]:
        return ()
    return tuple(trade for trade in answered[0].missing if all(trade in date.missing for date in answered))


def has_winner(ranked: Sequence[Ranked]) -> bool:
    """Whether anybody could come to the first date; without that, no date is the best."""
    return bool(ranked) and ranked[0].yes + ranked[0].if_need_be > 0


def check_takes_answers(deadline: datetime, closed_at: datetime | None, now: datetime) -> None:
    """Refuse answers that come too late.

    Raises:
        PollOver: when the poll is closed, or at its deadline and later.
    """
    if closed_at is not None or now >= deadline:
        raise PollOver


def check_is_ahead(ends_at: datetime, cancelled_at: datetime | None, now: datetime) -> None:
    """Refuse to change or answer a meeting that is no longer ahead.

    Raises:
        MeetingCancelled, MeetingOver: for what it is instead.
    """
    if cancelled_at is not None:
        raise MeetingCancelled
    if now >= ends_at:
        raise MeetingOver


def as_seen(starts_at: datetime, ends_at: datetime, place: str, video_url: str) -> str:
    """What decides whether one can come to a meeting, in sixteen letters: the same as long as it stands."""
    decisive = f"{starts_at.timestamp()} {ends_at.timestamp()} {place}\n{video_url}"
    return hashlib.sha256(decisive.encode()).hexdigest()[:16]


def poll_as_seen(title: str, place: str, video_url: str, deadline: datetime, spans: Iterable[Span]) -> str:
    """What a poll asks, in sixteen letters: the same as long as it stands, in whatever order its dates come."""
    times = [f"{span.start.timestamp()} {span.end.timestamp()}" for span in sorted(spans)]
    decisive = "\n".join([title, place, video_url, str(deadline.timestamp()), *times])
    return hashlib.sha256(decisive.encode()).hexdigest()[:16]


def check_seen(seen: str | None, as_it_stands: str) -> None:
    """Refuse what is said of a meeting as it no longer is; None: nothing was seen.

    Raises:
        MeetingChanged: when something else was seen.
    """
    if seen not in {None, as_it_stands}:
        raise MeetingChanged
