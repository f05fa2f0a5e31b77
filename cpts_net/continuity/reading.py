"""Who looks at the board, and which part of it they want to see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cpts_net.continuity.board import Absent, ToSettle
from cpts_net.continuity.roster import Colleague
from cpts_net.directory.trades import Practised
from cpts_net.folding import name_words


@dataclass(frozen=True)
class Filter:
    """Which absents the reader wants to see; empty fields let everybody through."""

    trade: str = ""  # Its key.
    commune: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.trade or self.commune or self.name)

    def lets_through(self, absent: Absent) -> bool:
        """Whether the reader wants to see this person."""
        return self.names(absent.away.person)

    def names(self, person: Colleague) -> bool:
        """Whether the reader wants to see somebody."""
        return (
            self.trade in {"", person.trade.key if person.trade else ""}
            and self.commune in {"", person.commune}
            and all(word in person.names for word in name_words(self.name))
        )


EVERYBODY = Filter()


@dataclass(frozen=True)
class BoardReader:
    """Who looks at the board; the staff is concerned by everything."""

    person_id: int  # 0 where the board is the same for many.
    professions: tuple[str, ...]  # Their codes, in order: any of them decides which lines one may serve.
    group: str  # The key of the group of their first trade, which they see first.
    is_staff: bool

    def is_concerned_by(self, *, members: Collection[int] = (), professions: Collection[str] = ()) -> bool:
        """Whether something that waits for these people waits for the reader."""
        return self.is_staff or self.person_id in members or not set(self.professions).isdisjoint(professions)

    def alike(self, to_settle: ToSettle) -> "BoardReader":
        """Who stands for all those for whom the board is the same as for this reader."""
        is_named = self.person_id in to_settle.person_ids
        return BoardReader(self.person_id if is_named else 0, self.professions, self.group, self.is_staff)


def professions_of(practised: Iterable[Practised]) -> tuple[str, ...]:
    """The codes of the professions of somebody, each once."""
    return tuple(sorted({each.profession_code for each in practised}))
