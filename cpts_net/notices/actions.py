"""Telling people: a notice and its delivery are written in the transaction of what happens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any
from uuid import uuid4

from sqlalchemy import Integer, column, insert, literal, select, table, update
from sqlalchemy.dialects import postgresql, sqlite

from cpts_net.notices import queue, routing, untold
from cpts_net.notices.addresses import addresses
from cpts_net.notices.devices import devices
from cpts_net.notices.kinds import catalogue, kind_named
from cpts_net.notices.models import Channel, Delivery, Notice, State
from cpts_net.notices.queries import named
from cpts_net.notices.survivors import numbers_of
from cpts_net.notices.unheard import are_told
from cpts_net.outbox import plain_values
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.sweeping import sweep

KEPT_FOR = timedelta(days=365)
# Tables rather than models: several hundred rows, while nobody else can write.
NOTICES: Any = Notice.__table__
DELIVERIES: Any = Delivery.__table__
PEOPLE = table("person", column("id", Integer))  # The directory's, a room above.


@dataclass(frozen=True)
class About:
    """What a notice is about: ``subject`` as the trail names it ("seat:12"), and how that was before and after.

    ``before`` and ``after`` hold ids, instants, days, and words that everybody
    may read: never the name of a private group. ``begins_at`` is when begins
    what is told, if it does: what is close waits neither for the morning nor
    for a digest.
    """

    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    begins_at: datetime | None = None


def notify(
    kind: str,
    person_ids: Iterable[int],
    about: About,
    *,
    by: int | None,
    now: datetime,
    occasion: datetime | None = None,
    includes_actor: bool = False,
) -> Collection[int]:
    """Tell people of something, if the transaction commits; return those whom somebody else has to tell.

    ``by`` is the account that did it; who did it is not told, unless
    ``includes_actor``. ``occasion`` is the instant that is announced: of one
    occasion everybody is told once, however often this is called. Without one
    each call tells anew. Whoever has no address finds the notice on their page
    all the same, and whoever asked reads that they have to be told. Whoever
    wants to hear of the kind later, or never, does: ``routing`` says when.

    Raises:
        LookupError: for a kind that no room declares.
        TypeError: for a value in ``about`` that is none of ``plain_values``.
    """
    declared = kind_named(kind)
    actor = addresses().person_of(by)
    told = are_told(dict.fromkeys(person_ids))
    people = [each for each in told if includes_actor or each != actor]
    if not people:
        return ()
    rows = _add_notices(kind, people, about, {"by_id": actor, "at": now}, occasion)
    revisions.bump_last(revisions.NOTICES)
    told_people = [person_id for _id, person_id in rows]
    reachable = addresses().reached(told_people)
    for channel, reached in ((Channel.MAIL, reachable), (Channel.PUSH, devices().reached(told_people))):
        if reached:
            way = routing.way(declared, channel, reached)
            those = [row for row in rows if row[1] in reached]
            _add_deliveries([*routing.deliveries(way, those, now, about.begins_at, actor)])
    missing = [person_id for _id, person_id in rows if person_id not in reachable]
    untold.note(missing)
    return missing


def _add_notices(
    kind: str, people: list[int], about: About, given: Mapping[str, Any], occasion: datetime | None
) -> list[tuple[int, int]]:
    """Write down what is new, as (id, person)."""
    facts = {"before": plain_values.written(about.before), "after": plain_values.written(about.after)}
    named_so = named(occasion) if occasion else uuid4().hex
    columns = {"kind": kind, "subject": about.subject, "occasion": named_so, **facts, **given}
    # All of them are told the same, so it is said to the database once.
    same = [literal(value, NOTICES.c[name].type) for name, value in columns.items()]
    rows = select(PEOPLE.c.id, *same).where(PEOPLE.c.id.in_(people)).order_by(PEOPLE.c.id)
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(NOTICES).from_select(["person_id", *columns], rows).on_conflict_do_nothing()
    added = db.session.connection().execute(adding.returning(NOTICES.c.id, NOTICES.c.person_id))
    return sorted((row.id, row.person_id) for row in added)


def _add_deliveries(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(insert(DELIVERIES), rows)


def write_letter(to: str, kind: str, now: datetime, **values: Any) -> None:
    """Have a mail without a notice drawn from plain values and sent after the commit; ``kind`` is a ``LinkMail``'s.

    Raises:
        LookupError: for a kind that no room declares.
        TypeError: for a value that is none of ``plain_values``.
    """
    letter = {"template": catalogue().link_mails[kind].template, "values": plain_values.written(values)}
    message_id = make_msgid(domain=current_settings().host)
    written = {"kind": kind, "message_id": message_id, "written_at": now, "due_at": now}
    _add_deliveries([{**written, "address": to, "letter": letter}])


def send_again(delivery: Delivery, *, now: datetime) -> bool:
    """Have what waits, or was given up, tried now; False when nothing is left of it to send.

    A link that was forgotten is made anew, in another mail.
    """
    if delivery.state == State.WAITING or delivery.notice_id or delivery.letter is not None:
        queue.retry([delivery.id], now)
        return True
    mail = catalogue().link_mails.get(delivery.kind)
    if mail is None:
        return False
    mail.again(delivery.address, now)
    queue.drop([delivery.id], "sent again with another link", now)
    return True


def see(person_id: int, notice_ids: Collection[int], *, now: datetime) -> None:
    """Note that somebody has seen some of their notices."""
    revisions.bump_last(revisions.NOTICES)
    db.session.execute(
        update(Notice)
        .where(Notice.person_id.in_(numbers_of([person_id])), Notice.seen_at.is_(None), Notice.id.in_(notice_ids))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def forget(*, now: datetime) -> None:
    """Delete what was told a year ago, and what was sent a month ago."""
    queue.forget(now)
    if sweep(Notice, Notice.at < now - KEPT_FOR):
        revisions.bump_last(revisions.NOTICES)
