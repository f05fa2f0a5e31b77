"""What passes from the row of a person who is merged to the one that remains."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from cpts_net.accounts.models import Account
from cpts_net.departures.queries import Belongings
from cpts_net.departures.rules import Matter, Side, taken
from cpts_net.directory.actions import set_practices
from cpts_net.directory.models import Person, Position, ProfileValue, Source
from cpts_net.directory.practices import practised_by
from cpts_net.directory.profile_fields import MAIL, PRIVATE_PHONE
from cpts_net.directory.structure_actions import show_anew
from cpts_net.directory.workplaces import positions_of
from cpts_net.groups.models import Membership
from cpts_net.leave.models import Absence, Relay
from cpts_net.meetings.models import Invitation, PollAnswer
from cpts_net.oncall.models import DutySeat
from cpts_net.storage.connections import db

MODELS: dict[Matter, Any] = {
    Matter.DUTY: DutySeat,
    Matter.ABSENCE: Absence,
    Matter.RELAY: Relay,
    Matter.MEMBERSHIP: Membership,
    Matter.INVITATION: Invitation,
    Matter.POLL: PollAnswer,
}
WRITTEN = {Matter.PHONE: PRIVATE_PHONE, Matter.MAIL: MAIL}
SAID_BY_RELAY = ("rank", "asked_at", "answered_at", "answer", "word", "withdrawn_at")
NAMES = ("civility", "title", "family_name", "given_name", "sort_key")


@dataclass(frozen=True)
class Pair:
    """Two who are one, whose row remains, and what was chosen where they clash."""

    one: Belongings
    other: Belongings
    side: Side
    chosen: Mapping[str, Side]

    @property
    def survivor(self) -> Belongings:
        return self.one if self.side is Side.ONE else self.other

    @property
    def merged(self) -> Belongings:
        return self.other if self.side is Side.ONE else self.one

    def whose(self, matter: Matter) -> Belongings:
        """Of whom something is taken that both say differently, or only one of them."""
        said = taken(self.one.standing, self.other.standing, self.chosen, matter)
        return self.survivor if self.survivor.standing.values[matter] == said else self.merged


def move(pair: Pair, lost: Mapping[Matter, Set[int]]) -> None:
    """Let everything that has not ended be the survivor's, who begins to speak through the account."""
    rows = {
        **{matter: {each.row for each in found} for matter, found in pair.merged.standing.timed.items()},
        **{matter: {each.row for each in found} for matter, found in pair.merged.standing.stated.items()},
    }
    for matter, model in MODELS.items():
        moving = rows[matter] - lost.get(matter, set())
        if matter is Matter.RELAY:
            moving -= _spoken_by_own_rows(pair, moving)
        db.session.execute(update(model).where(model.id.in_(moving)).values(person_id=pair.survivor.person.id))
    _move_positions(pair)
    if pair.merged.account and not pair.survivor.account:
        account = update(Account).where(Account.id == pair.merged.account.id)
        db.session.execute(account.values(person_id=pair.survivor.person.id))


def _spoken_by_own_rows(pair: Pair, moving: Set[int]) -> set[int]:
    """Relays of absences in which the survivor has been withdrawn before: one absence has one row of theirs for ever.

    What the one row says the other says from now on; both stay.
    """
    theirs = aliased(Relay)
    of_both = select(Relay, theirs).join(theirs, theirs.absence_id == Relay.absence_id)
    chosen = of_both.where(Relay.id.in_(moving), theirs.person_id == pair.survivor.person.id)
    found = db.session.execute(chosen).all()
    for row, own in found:
        for column in SAID_BY_RELAY:
            said = getattr(own, column)
            setattr(own, column, getattr(row, column))
            setattr(row, column, said)
    db.session.flush()
    return {row.id for row, _own in found}


def take_over(pair: Pair) -> None:
    """Let the survivor be called, numbered and known as was chosen; the other row leads to theirs."""
    survivor, merged = pair.survivor.person, pair.merged.person
    _practise(pair)
    numbers = survivor.rpps, merged.rpps
    if pair.whose(Matter.NUMBER) is pair.merged:
        survivor.rpps = merged.rpps = None
        db.session.flush()  # No two rows may have one number at any time.
        merged.rpps, survivor.rpps = numbers
    if pair.whose(Matter.NAME) is pair.merged:
        for column in NAMES:
            setattr(survivor, column, getattr(merged, column))
        survivor.typed = sorted({*survivor.typed, *NAMES})
    survivor.function = pair.whose(Matter.FUNCTION).person.function
    for matter, field in WRITTEN.items():
        if pair.whose(matter) is pair.merged:
            _take_value(field.key, survivor.id, merged.id)
    merged.merged_into_id = survivor.id
    db.session.flush()
    db.session.execute(update(Person).where(Person.merged_into_id == merged.id).values(merged_into_id=survivor.id))
    show_anew([survivor.id])


def _take_value(field: str, survivor_id: int, merged_id: int) -> None:
    """Let what was written in a field of the one card stand in that of the other, for whom it was written."""
    of_field = ProfileValue.field == field
    db.session.execute(delete(ProfileValue).where(of_field, ProfileValue.person_id == survivor_id))
    moved = update(ProfileValue).where(of_field, ProfileValue.person_id == merged_id)
    db.session.execute(moved.values(person_id=survivor_id))


def _practise(pair: Pair) -> None:
    ids = pair.survivor.person.id, pair.merged.person.id
    found = practised_by(ids)
    first = pair.whose(Matter.TRADE).person.id
    both = [*found.get(first, ()), *(each for person_id in ids for each in found.get(person_id, ()))]
    set_practices({ids[0]: list(dict.fromkeys(both))})


def _move_positions(pair: Pair) -> None:
    """Where only the one worked, the other does now; an import takes nothing of it away."""
    survivor_id, merged_id = pair.survivor.person.id, pair.merged.person.id
    held = positions_of([survivor_id, merged_id])
    known = {each.place.structure_id for each in held.get(survivor_id, ())}
    rank = len(held.get(survivor_id, ()))
    for each in held.get(merged_id, ()):
        if each.place.structure_id not in known:
            known.add(each.place.structure_id)
            values = {"person_id": survivor_id, "rank": rank, "source": Source.STAFF}
            db.session.execute(update(Position).where(Position.id == each.id).values(**values))
            rank += 1
