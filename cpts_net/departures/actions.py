"""Making one person of two, and letting somebody leave. A person is never deleted."""

from collections.abc import Collection, Iterable, Mapping, Set
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, time, timedelta

from sqlalchemy import update

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.admin import actions as admin
from cpts_net.audit.actions import record
from cpts_net.continuity.relaying import telling_relays
from cpts_net.departures import queries, rules
from cpts_net.departures.moving import Pair, move, take_over
from cpts_net.departures.queries import Belongings, belongings
from cpts_net.departures.rules import Matter, Side
from cpts_net.directory.models import Person
from cpts_net.groups import actions as groups
from cpts_net.groups.models import Membership
from cpts_net.groups.queries import lead_ids
from cpts_net.groups.rules import LastLeadLeaves
from cpts_net.leave import actions as leave
from cpts_net.leave.models import Relay
from cpts_net.leave.times import looked_at
from cpts_net.meetings import actions as meetings
from cpts_net.meetings import poll_actions
from cpts_net.oncall import actions as oncall
from cpts_net.spans import local_instant
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

A_MOMENT = timedelta(minutes=1)  # What is left of a duty that ends as it begins.


class NotTwo(Exception):
    """There are no two people here any more: one of them is gone, or both are the same."""


class ChangedMeanwhile(Exception):
    """What somebody has is not what was shown."""


class OnlyLead(Exception):
    """Nobody else leads these groups; carries their ids."""

    def __init__(self, group_ids: Iterable[int]) -> None:
        self.group_ids = tuple(group_ids)
        super().__init__(", ".join(map(str, self.group_ids)))


class GuestRemains(Exception):
    """The account that would go on is a guest’s, and the two are more than that in a group."""


def merge(one_id: int, other_id: int, chosen: Mapping[str, Side], *, actor_id: int, now: datetime) -> int:
    """Make one person of two; return whose row remains. The other leads to it.

    What states something now passes on; facts keep the number they were written with.

    Raises:
        NotTwo, GuestRemains: nothing was done.
        Unsettled: for clashes that nobody has decided.
        LastAdministrator: when the account that would end is the last of its kind.
    """
    revisions.bump(*_scopes([one_id, other_id]))
    one, other = belongings(one_id, now), belongings(other_id, now)
    if one is None or other is None or one_id == other_id or one.person.merged_into_id or other.person.merged_into_id:
        raise NotTwo
    standings = one.standing, other.standing
    side = rules.survivor(*standings, chosen)
    lost = rules.dropped(*standings, chosen, side)
    pair = Pair(one, other, side, chosen)
    if _is_too_much_for_a_guest(pair):
        raise GuestRemains
    same = {pair.merged.person.id: pair.survivor.person.id}
    with _telling_relays([one, other], actor_id, now, same):
        _end(lost, [one, other], actor_id, now)
        _close_account(pair.merged.account if pair.survivor.account else None, actor_id, now)
        db.session.flush()
        move(pair, lost)
        take_over(pair)
    revisions.bump_last(revisions.NOTICES)  # What either was told is the survivor's.
    record(
        "directory.merged",
        actor_id=actor_id,
        now=now,
        subject=f"person:{pair.survivor.person.id}",
        detail=f"person:{pair.merged.person.id}",
    )
    return pair.survivor.person.id


def _scopes(person_ids: list[int]) -> set[str]:
    """Everything that somebody who is renamed, moved or gone is shown in."""
    groups_of = {groups.scope(group_id) for group_id in queries.group_ids(person_ids)}
    polls_of = {f"poll:{poll_id}" for poll_id in queries.poll_ids(person_ids)}
    common = {revisions.GROUPS, revisions.MEETINGS, revisions.DIRECTORY, revisions.CONTINUITY, revisions.SESSIONS}
    return common | groups_of | polls_of


def _is_too_much_for_a_guest(pair: Pair) -> bool:
    account = pair.survivor.account
    if account is None or account.role != "guest":
        return False
    return any(not stay.is_guest for each in (pair.one, pair.other) for stay, _group in each.stays)


def _end(lost: Mapping[Matter, Set[int]], both: list[Belongings], actor_id: int, now: datetime) -> None:
    """End what cannot be both; whoever is concerned is told as ever."""
    seats = {seat.id: seat for each in both for seat in each.seats}
    for seat_id in lost.get(Matter.DUTY, ()):
        if seats[seat_id].starts_at > now:
            oncall.give_back_seat(seat_id, now=now, actor_id=actor_id)
        else:  # Its hours so far were served.
            oncall.split_seat(seat_id, max(now, seats[seat_id].starts_at + A_MOMENT), now=now, actor_id=actor_id)
    for absence_id in lost.get(Matter.ABSENCE, ()):
        leave.cancel_absence(absence_id, actor_id=actor_id, now=now)
    _withdraw(lost.get(Matter.RELAY, ()), now)
    stays = update(Membership).where(Membership.id.in_(lost.get(Matter.MEMBERSHIP, ())))
    db.session.execute(stays.values(left_at=now))
    meetings.drop_doubles(lost.get(Matter.INVITATION, set()))
    poll_actions.drop_doubles(lost.get(Matter.POLL, set()))


def _withdraw(relay_ids: Collection[int], now: datetime) -> None:
    db.session.execute(update(Relay).where(Relay.id.in_(relay_ids)).values(withdrawn_at=now))


def _telling_relays(
    held: Collection[Belongings], by: int, now: datetime, same: Mapping[int, int] | None = None
) -> AbstractContextManager[None]:
    """Tell those who stand in, those who counted on somebody, and the coordinators, of what becomes of it."""
    absences = [absence for each in held for absence in each.absences]
    absences += [relay.absence for each in held for relay in each.relays]
    spans = [looked_at(absence, now, clock.zone()) for absence in absences]
    if not spans:
        return nullcontext()
    return telling_relays([each.person.id for each in held], spans, by=by, now=now, same=same)


def _close_account(account: Account | None, actor_id: int, now: datetime) -> None:
    if account and account.suspended_at is None:
        admin.suspend(account, actor_id=actor_id, now=now)


def leave_community(person_id: int, left_on: date, *, seen: str, actor_id: int, now: datetime) -> None:
    """Let somebody leave on a day: from then on they are nobody's colleague, and their duties are free.

    ``seen`` is what a page said they have; of those who leave today everything ends at once.

    Raises:
        NotTwo: when there is no such person.
        DepartureRefused: for the day.
        ChangedMeanwhile: when they have something else than was seen.
        OnlyLead: while a group would be left without anybody who leads it.
        LastAdministrator: when nobody could administer any more.
    """
    revisions.bump(*_scopes([person_id]))
    today = now.astimezone(clock.zone()).date()
    rules.check_leaves_on(left_on, today)
    held = belongings(person_id, since(left_on, now))
    if held is None or held.person.merged_into_id:
        raise NotTwo
    if held.as_seen != seen:
        raise ChangedMeanwhile
    if alone := only_leads(held):
        raise OnlyLead(alone)
    for seat_id in [seat.id for seat in held.seats if seat.starts_at > now]:
        oncall.give_back_seat(seat_id, now=now, actor_id=actor_id)
    with _telling_relays([held], actor_id, now):
        _end_absences(held, left_on, actor_id, now)
        _withdraw([relay.id for relay in held.relays], now)
    db.session.execute(update(Person).where(Person.id == person_id).values(left_on=left_on))
    record("directory.left", actor_id=actor_id, now=now, subject=f"person:{person_id}", detail=str(left_on))
    if left_on <= today:
        _close(held, actor_id, now)


def since(left_on: date, now: datetime) -> datetime:
    """From when on somebody who leaves on a day has nothing any more: its first instant, or now."""
    return max(now, local_instant(left_on, time(0), clock.zone()))


def only_leads(held: Belongings) -> list[int]:
    """The groups that nobody else leads."""
    return [group.id for stay, group in held.stays if stay.is_lead and lead_ids(group.id) == {held.person.id}]


def _end_absences(held: Belongings, left_on: date, actor_id: int, now: datetime) -> None:
    for absence in held.absences:
        if absence.first_day >= left_on:
            leave.cancel_absence(absence.id, actor_id=actor_id, now=now)
        else:
            absence.last_day = date.fromordinal(left_on.toordinal() - 1)
            absence.until_time = absence.until_time if absence.weekdays else None


def _close(held: Belongings, actor_id: int | None, now: datetime) -> None:
    """End their stays in groups, what they are asked to, and their account."""
    for stay, group in held.stays:
        try:
            groups.end_stay(group.id, held.person.id, actor_id=actor_id, now=now)
        except LastLeadLeaves:  # Meanwhile the others have left: the group waits for somebody.
            stay.left_at = now
    meetings.withdraw(held.person.id, by=actor_id, now=now)
    if held.account and held.account.suspended_at is None:
        admin.suspend(held.account, actor_id=actor_id, now=now)


def come_back(person_id: int, *, actor_id: int, now: datetime) -> None:
    """Let somebody who has left, or was to leave, belong to the community; what ended does not begin again."""
    revisions.bump(*_scopes([person_id]))
    db.session.execute(update(Person).where(Person.id == person_id).values(left_on=None))
    record("directory.came_back", actor_id=actor_id, now=now, subject=f"person:{person_id}")


def close_departed(*, now: datetime) -> int:
    """Close what is still open of those whose day has come; return how many they are."""
    gone = queries.gone_but_open(now.astimezone(clock.zone()).date())
    if not gone:
        return 0
    revisions.bump(*_scopes([*gone]))
    for person_id in gone:
        if held := belongings(person_id, now):
            _close(held, None, now)
    return len(gone)
