"""What is read of groups. Every query says for whom: a private group does not exist for others."""

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from cpts_net.accounts.models import Account
from cpts_net.directory import named
from cpts_net.directory.models import Person
from cpts_net.directory.named import Named, named_in
from cpts_net.directory.trades import said_of_somebody, trade_or_none
from cpts_net.folding import fold, is_same_name
from cpts_net.groups.models import Group, Membership, Post
from cpts_net.groups.rules import MembershipRole
from cpts_net.roles import Role
from cpts_net.storage.connections import db

POSTS_ON_A_PAGE = 20
PEOPLE_ON_A_PAGE = 50
FEW_PEOPLE = 12
PERSON = named.columns()
LEADS = Membership.role == MembershipRole.LEAD
BELONGING = (Membership.role, Person.civility, Person.function)
LEADS_FIRST = (LEADS.desc(), Person.sort_key, Person.id)


class Belonging(NamedTuple):
    """Somebody in a group, with their trade or function in words."""

    person: Named
    trade: str
    role: str  # A MembershipRole.


def live() -> ColumnElement[bool]:
    """The stays that have not ended. Whoever reads memberships, reads these (``tests/house/test_live.py``)."""
    return Membership.left_at.is_(None)


def visible_to(person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The groups that somebody may know of: open ones and their own; for a guest their own alone."""
    is_guest = exists().where(Account.person_id == person_id, Account.role == Role.GUEST)
    return or_(and_(Group.is_private.is_(False), ~is_guest), Group.id.in_(group_ids_of(person_id)))


def group_ids_of(person_id: int | BindParameter[int]) -> Select[int]:
    """The groups that somebody is in, as a subquery."""
    return select(Membership.group_id).where(Membership.person_id == person_id, live())


# Written out once: every page of a group asks it.
_READER: BindParameter[int] = bindparam("person_id")
_SEEN = (
    select(Group, Membership)
    .outerjoin(Membership, (Membership.group_id == Group.id) & (Membership.person_id == _READER) & live())
    .where(Group.id == bindparam("group_id"), visible_to(_READER))
)


def group_and_membership(group_id: int, person_id: int) -> tuple[Group, Membership | None] | None:
    """The group with the person's place in it; None when it does not exist for them."""
    row = db.session.execute(_SEEN, {"group_id": group_id, "person_id": person_id}).one_or_none()
    return (row[0], row[1]) if row else None


def all_groups() -> Sequence[Any]:
    """Every group, by name as the French sort: id, name, is_private; for lists that show each to whom it exists for."""
    rows = db.session.execute(select(Group.id, Group.name, Group.is_private))
    # The databases would sort by bytes, or each in its own way.
    return sorted(rows, key=lambda group: (fold(group.name), group.id))


def ids_inside(group_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Who is in each group."""
    rows = db.session.execute(
        select(Membership.group_id, Membership.person_id).where(Membership.group_id.in_(group_ids), live())
    )
    found: dict[int, set[int]] = {group_id: set() for group_id in group_ids}
    for row in rows:
        found[row.group_id].add(row.person_id)
    return {group_id: frozenset(people) for group_id, people in found.items()}


def groups_shared(person_id: int, reader_id: int) -> Sequence[Any]:
    """The groups that somebody is in and of which the reader may know, by name: id, name, is_lead."""
    rows = db.session.execute(
        select(Group.id, Group.name, LEADS.label("is_lead"))
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id == person_id, live(), visible_to(reader_id))
    )
    return sorted(rows, key=lambda group: (fold(group.name), group.id))


def groups_seen(reader_id: int) -> Sequence[Any]:
    """The groups of which the reader may know, by name: id, name, purpose."""
    rows = db.session.execute(select(Group.id, Group.name, Group.purpose).where(visible_to(reader_id)))
    return sorted(rows, key=lambda group: (fold(group.name), group.id))


def acquaintances(person_id: int) -> list[Belonging]:
    """Those with whom somebody is in a group, by name; those left out of the directory have no page to lead to."""
    rows = db.session.execute(
        select(*BELONGING, *PERSON)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.group_id.in_(group_ids_of(person_id)), live(), Person.is_hidden.is_(False))
        .order_by(Person.sort_key, Person.id)
    )
    first = {row.id: row for row in rows}
    return [Belonging(named_in(row), _what_is(row), row.role) for row in first.values()]


def leads(group_ids: Collection[int]) -> dict[int, list[Named]]:
    """Those who lead each group, by name."""
    rows = db.session.execute(
        select(Membership.group_id, *PERSON)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.group_id.in_(group_ids), LEADS, live())
        .order_by(Person.sort_key)
    )
    found: dict[int, list[Named]] = {group_id: [] for group_id in group_ids}
    for row in rows:
        found[row.group_id].append(named_in(row))
    return found


def few_people(group_id: int) -> tuple[int, list[Belonging]]:
    """How many are in a group, and as many of them as its page names, leads first."""
    rows = db.session.execute(
        select(func.count().over().label("people"), *BELONGING, *PERSON)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.group_id == group_id, live())
        .order_by(*LEADS_FIRST)
        .limit(FEW_PEOPLE)
    ).all()
    few = [Belonging(named_in(row), _what_is(row), row.role) for row in rows]
    return (rows[0].people if rows else 0), few


def _what_is(row: Any) -> str:
    return said_of_somebody(trade_or_none(row.profession_code, row.specialty_code), row.civility, row.function)


def people(group_id: int) -> Sequence[Membership]:
    """Everybody in a group, leads first."""
    return db.session.scalars(_people(group_id)).all()


def people_page(group_id: int, page: int) -> Pagination:
    """Everybody in a group, page by page."""
    return db.paginate(_people(group_id), page=page, per_page=PEOPLE_ON_A_PAGE, error_out=False)


def _people(group_id: int) -> Select[Membership]:
    whole = joinedload(Membership.person)
    query = select(Membership).join(Person, Person.id == Membership.person_id)
    return query.where(Membership.group_id == group_id, live()).options(whole).order_by(*LEADS_FIRST)


def those_inside(group_id: int, person_ids: Collection[int]) -> set[int]:
    """Those of the members who are in the group."""
    inside = select(Membership.person_id).where(Membership.group_id == group_id, live())
    return set(db.session.scalars(inside.where(Membership.person_id.in_(person_ids))))


def those_who_see(group_id: int, person_ids: Set[int]) -> Collection[int]:
    """Those of the members who may know of the group."""
    is_private = db.session.scalar(select(Group.is_private).where(Group.id == group_id))
    if is_private is None:
        return ()
    outside = person_ids if is_private else guests_among(person_ids)
    return person_ids - outside | those_inside(group_id, outside) if outside else person_ids


def membership(group_id: int, person_id: int) -> Membership | None:
    """The member's place in the group."""
    return db.session.scalar(
        select(Membership).where(Membership.group_id == group_id, Membership.person_id == person_id, live())
    )


class Stay(NamedTuple):
    """A group that somebody is in: its name, what they are there, and what it is for."""

    group: str
    role: str
    purpose: str


def stays(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Stay]:
    """The stay of each (person, group) where the person is in the group."""
    rows = db.session.execute(
        select(Membership.person_id, Group.id, Group.name, Membership.role, Group.purpose)
        .join(Group, Group.id == Membership.group_id)
        .where(tuple_(Membership.person_id, Membership.group_id).in_(pairs), live())
    )
    return {(row.person_id, row.id): Stay(row.name, row.role, row.purpose) for row in rows}


def lead_ids(group_id: int) -> set[int]:
    """Those who lead the group."""
    return set(db.session.scalars(select(Membership.person_id).where(Membership.group_id == group_id, LEADS, live())))


def person_ids(group_ids: Collection[int]) -> set[int]:
    """Everybody in any of the groups."""
    return set(db.session.scalars(select(Membership.person_id).where(Membership.group_id.in_(group_ids), live())))


def guests_among(person_ids: Collection[int]) -> set[int]:
    """Those whose account is a guest's."""
    wanted = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.role == Role.GUEST)
    return set(db.session.scalars(wanted))


def own_group_ids(person_id: int) -> Sequence[int]:
    """The groups that somebody is in."""
    return db.session.scalars(group_ids_of(person_id)).all()


def are_acquainted(person_id: int, other_id: int) -> bool:
    """Whether two people are in one group."""
    shared = group_ids_of(person_id).where(Membership.group_id.in_(group_ids_of(other_id)))
    return db.session.scalar(shared.limit(1)) is not None


def acquaintances_among(person_id: int, person_ids: Collection[int]) -> set[int]:
    """Those of the people who are in a group with somebody."""
    shared = select(Membership.person_id).where(Membership.person_id.in_(person_ids), live())
    return set(db.session.scalars(shared.where(Membership.group_id.in_(group_ids_of(person_id)))))


def posts(group_id: int, page: int) -> Pagination:
    """The thread, newest first, each post with its author."""
    query = select(Post).where(Post.group_id == group_id).options(joinedload(Post.author))
    return db.paginate(
        query.order_by(Post.created_at.desc(), Post.id.desc()), page=page, per_page=POSTS_ON_A_PAGE, error_out=False
    )


def number_of_posts(group_id: int) -> int:
    """How many messages the thread has."""
    return db.session.scalar(select(func.count()).select_from(Post).where(Post.group_id == group_id)) or 0


def is_said_since(group_id: int, author_id: int, body: str, since: datetime) -> bool:
    """Whether the author wrote just this in the group at ``since`` or later."""
    wanted = (Post.group_id == group_id, Post.author_id == author_id, Post.body == body, Post.created_at >= since)
    return db.session.scalar(select(Post.id).where(*wanted).limit(1)) is not None


def post(group_id: int, post_id: int) -> Post | None:
    """A post of this group."""
    return db.session.scalar(select(Post).where(Post.id == post_id, Post.group_id == group_id))


class PostRead(NamedTuple):
    """A post as somebody of its group reads it."""

    group_id: int
    group: str
    author: str  # Empty of whom nobody knows any more.
    body: str


def posts_read(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], PostRead]:
    """The post of each (person, post) where the person is in its group."""
    author = aliased(Person)
    rows = db.session.execute(
        select(Membership.person_id, Post.id, Group.id.label("group_id"), Group.name, Post.body, author)
        .join(Group, Group.id == Post.group_id)
        .join(Membership, (Membership.group_id == Post.group_id) & live())
        .outerjoin(author, author.id == Post.author_id)
        .where(tuple_(Membership.person_id, Post.id).in_(pairs))
    )
    return {
        (person_id, post_id): PostRead(group_id, name, writer.display_name if writer else "", body)
        for person_id, post_id, group_id, name, body, writer in rows
    }


def groups_to_convene(person_id: int, *, is_staff: bool) -> dict[int, str]:
    """The groups that somebody may call to a meeting, by name: those that they lead, for staff all that they know of."""
    led = select(Membership.group_id).where(Membership.person_id == person_id, LEADS, live())
    wanted = visible_to(person_id) if is_staff else Group.id.in_(led)
    rows = db.session.execute(select(Group.id, Group.name).where(wanted)).all()
    return {row.id: row.name for row in sorted(rows, key=lambda row: (fold(row.name), row.id))}


def is_name_taken(name: str, *, but: int | None = None) -> bool:
    """Whether a group has this name already, however it is written."""
    rows = db.session.execute(select(Group.id, Group.name))
    return any(group_id != but and is_same_name(taken, name) for group_id, taken in rows)
