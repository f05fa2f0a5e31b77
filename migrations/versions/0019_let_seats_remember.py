"""Let seats remember: what happened to each, its own hours, and slots that keep what their pattern said."""

import logging
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
INSTANT = sa.DateTime(timezone=True)
TERMS = ("seats_min", "seats_max", "weight")
ORDINARY = 100
ARE_IN_ORDER = "0 < seats_min AND seats_min <= seats_max"
NOT_CANCELLED = sa.text("state <> 'cancelled'")
NOT_RELEASED = sa.text("released_at IS NULL")
BIRTH = {"picked": "taken", "assigned": "assigned", "handed_over": "handed_over"}
ORIGIN = {"taken": "picked", "assigned": "assigned", "handed_over": "handed_over", "exchanged": "handed_over"}

line = sa.table("duty_line", *map(sa.column, ("id", "seats_min", "seats_max")))
pattern = sa.table("duty_pattern", *map(sa.column, ("id", "line_id", "valid_until", *TERMS)))
slot = sa.table(
    "duty_slot",
    *map(sa.column, ("id", "line_id", "state", *TERMS)),
    sa.column("starts_at", INSTANT),
    sa.column("ends_at", INSTANT),
)
seat = sa.table(
    "duty_seat",
    *map(sa.column, ("id", "slot_id", "number", "person_id", "origin")),
    *(sa.column(name, INSTANT) for name in ("starts_at", "ends_at", "released_at", "taken_at")),
)
change = sa.table(
    "seat_change",
    *map(
        sa.column,
        ("id", "seat_id", "kind", "from_id", "to_id", "absence_id", "undoes_id", "reason_code", "words", "by_id"),
    ),
    *(sa.column(name, INSTANT) for name in ("at", "effective_at", "until")),
)
absence = sa.table(
    "absence",
    *map(sa.column, ("id", "person_id", "from_noon", "until_noon")),
    *(sa.column(name, sa.Date()) for name in ("first_day", "last_day")),
    *(sa.column(name, INSTANT) for name in ("declared_at", "cancelled_at")),
)


def upgrade():
    for table in ("duty_pattern", "duty_slot"):
        give_terms(table)
    with op.batch_alter_table("duty_line") as batch:
        batch.drop_constraint(op.f("ck_duty_line_seats_in_order"), type_="check")
        batch.drop_column("seats_min")
        batch.drop_column("seats_max")
        batch.add_column(sa.Column("opened_until", INSTANT))
    with op.batch_alter_table("duty_slot") as batch:
        batch.drop_constraint(op.f("uq_duty_slot_line_id_starts_at"), type_="unique")
    partly("duty_slot", ["line_id", "starts_at"], NOT_CANCELLED)
    make_changes()
    give_hours()
    write_births()
    write_kept()
    change_seats()


def give_terms(table):
    """The minimum and the maximum of the line, and the weight of an ordinary slot."""
    for name, value in zip(TERMS, ("1", "1", "100"), strict=True):
        op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default=value))
    for name in ("seats_min", "seats_max"):
        op.execute(f"UPDATE {table} SET {name} = (SELECT {name} FROM duty_line WHERE duty_line.id = line_id)")  # noqa: S608
    with op.batch_alter_table(table) as batch:
        for name in TERMS:
            batch.alter_column(name, server_default=None)
        batch.create_check_constraint(op.f(f"ck_{table}_seats_in_order"), f"{ARE_IN_ORDER} AND 0 < weight")


def partly(table, columns, where):
    name = op.f(f"ix_{table}_{'_'.join(columns)}")
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def make_changes():
    op.create_table(
        "seat_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("from_id", sa.Integer()),
        sa.Column("to_id", sa.Integer()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("effective_at", INSTANT),
        sa.Column("until", INSTANT),
        sa.Column("absence_id", sa.Integer()),
        sa.Column("undoes_id", sa.Integer()),
        sa.Column("reason_code", sa.String(10), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_change")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_seat_change_{column}"), ondelete=when)
            for column, target, when in (
                ("seat_id", "duty_seat.id", "RESTRICT"),
                ("from_id", "person.id", "RESTRICT"),
                ("to_id", "person.id", "RESTRICT"),
                ("absence_id", "absence.id", "RESTRICT"),
                ("undoes_id", "seat_change.id", "RESTRICT"),
                ("by_id", "account.id", "SET NULL"),
            )
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_seat_change_seat_id"), "seat_change", ["seat_id"])
    op.create_index(op.f("ix_seat_change_undoes_id"), "seat_change", ["undoes_id"])


def give_hours():
    """Those of its slot, to each seat."""
    for name in ("starts_at", "ends_at"):
        op.add_column("duty_seat", sa.Column(name, INSTANT))
        hours = sa.select(slot.c[name]).where(slot.c.id == seat.c.slot_id).scalar_subquery()
        op.execute(seat.update().values({name: hours}))
    op.add_column("duty_seat", sa.Column("released_at", INSTANT))


def write_births():
    """How each seat came to be held, as far as it was known: whoever handed it over was forgotten."""
    for origin, kind in BIRTH.items():
        known = sa.select(
            seat.c.id,
            sa.literal(kind),
            seat.c.person_id,
            seat.c.taken_at,
            seat.c.starts_at,
            seat.c.ends_at,
            sa.literal(""),
            sa.literal(""),
        )
        columns = ["seat_id", "kind", "to_id", "at", "effective_at", "until", "reason_code", "words"]
        op.execute(change.insert().from_select(columns, known.where(seat.c.origin == origin).order_by(seat.c.id)))


def write_kept():
    """A seat inside its holder's leave was kept, though nobody wrote down who said so."""
    away = defaultdict(list)
    for row in op.get_bind().execute(sa.select(absence).where(absence.c.cancelled_at.is_(None)).order_by(absence.c.id)):
        away[row.person_id].append((span_of(row), row))
    kept = [
        {
            "seat_id": held.id,
            "kind": "kept",
            "to_id": held.person_id,
            "absence_id": row.id,
            "reason_code": "",
            "words": "",
        }
        | {"at": max(in_utc(row.declared_at), in_utc(held.taken_at))}
        for held in op.get_bind().execute(sa.select(seat).order_by(seat.c.id))
        for (start, end), row in away[held.person_id]
        if in_utc(held.starts_at) < end and start < in_utc(held.ends_at)
    ]
    if kept:
        op.get_bind().execute(change.insert(), kept)


def span_of(row):
    """The instants of an absence; its noon is that of the territory."""
    zone = current_app.extensions["settings"].zone
    start = datetime.combine(row.first_day, time(12 if row.from_noon else 0), zone)
    if row.until_noon:
        return start.astimezone(UTC), datetime.combine(row.last_day, time(12), zone).astimezone(UTC)
    return start.astimezone(UTC), datetime.combine(row.last_day + timedelta(days=1), time(0), zone).astimezone(UTC)


def in_utc(instant):
    """SQLite keeps no offset; what it kept was UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def change_seats():
    with op.batch_alter_table("duty_seat") as batch:
        for name in ("uq_duty_seat_slot_id_number", "uq_duty_seat_slot_id_person_id"):
            batch.drop_constraint(op.f(name), type_="unique")
        for name in ("starts_at", "ends_at"):
            batch.alter_column(name, nullable=False)
        batch.drop_column("origin")
        batch.drop_column("taken_at")
        batch.create_check_constraint(op.f("ck_duty_seat_times_in_order"), "starts_at < ends_at")
        refer(batch, "RESTRICT")
    partly("duty_seat", ["slot_id", "number", "starts_at"], NOT_RELEASED)
    partly("duty_seat", ["slot_id", "person_id", "starts_at"], NOT_RELEASED)
    op.create_index(op.f("ix_duty_seat_slot_id"), "duty_seat", ["slot_id"])


def refer(batch, when):
    name = op.f("fk_duty_seat_slot_id")
    batch.drop_constraint(name, type_="foreignkey")
    batch.create_foreign_key(name, "duty_slot", ["slot_id"], ["id"], ondelete=when)


def downgrade():
    op.add_column("duty_seat", sa.Column("origin", sa.String(12), nullable=False, server_default="picked"))
    op.add_column("duty_seat", sa.Column("taken_at", INSTANT))
    bring_back_origins()
    forget_changes()
    drop_seats_without_place()
    drop_slots_without_place()
    for name in (
        "ix_duty_seat_slot_id",
        "ix_duty_seat_slot_id_number_starts_at",
        "ix_duty_seat_slot_id_person_id_starts_at",
    ):
        op.drop_index(op.f(name), "duty_seat")
    with op.batch_alter_table("duty_seat") as batch:
        batch.drop_constraint(op.f("ck_duty_seat_times_in_order"), type_="check")
        batch.alter_column("origin", server_default=None)
        batch.alter_column("taken_at", nullable=False)
        for name in ("starts_at", "ends_at", "released_at"):
            batch.drop_column(name)
        batch.create_unique_constraint(op.f("uq_duty_seat_slot_id_number"), ["slot_id", "number"])
        batch.create_unique_constraint(op.f("uq_duty_seat_slot_id_person_id"), ["slot_id", "person_id"])
        refer(batch, "CASCADE")
    op.drop_index(op.f("ix_duty_slot_line_id_starts_at"), "duty_slot")
    with op.batch_alter_table("duty_slot") as batch:
        batch.create_unique_constraint(op.f("uq_duty_slot_line_id_starts_at"), ["line_id", "starts_at"])
    bring_back_seats_of_lines()
    for table in ("duty_pattern", "duty_slot"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_seats_in_order"), type_="check")
            for name in TERMS:
                batch.drop_column(name)


def bring_back_origins():
    """How the holder came to the seat, and when: by the last change of hands."""
    hands = sa.select(change).where(change.c.kind.in_([*ORIGIN, "split"])).order_by(change.c.id)
    for row in op.get_bind().execute(hands).all():
        values = {"origin": ORIGIN.get(row.kind, "handed_over"), "taken_at": row.at}
        op.execute(seat.update().where(seat.c.id == row.seat_id, seat.c.person_id == row.to_id).values(values))


def forget_changes():
    births = sa.select(sa.func.count(sa.distinct(change.c.seat_id))).select_from(change).scalar_subquery()
    say("%d facts of seats are forgotten", sa.select(sa.func.count() - births).select_from(change))
    op.drop_table("seat_change")


def drop_seats_without_place():
    """A slot has one seat of a number again, and one of a person; those that were given back are none."""
    taken, gone, moved = defaultdict(lambda: (set(), set())), [], []
    most = dict(op.get_bind().execute(sa.select(slot.c.id, slot.c.seats_max)).all())
    rows = op.get_bind().execute(sa.select(seat).order_by(seat.c.released_at.is_not(None), seat.c.starts_at, seat.c.id))
    for row in rows.all():
        numbers, people = taken[row.slot_id]
        free = next((n for n in (row.number, *range(1, most[row.slot_id] + 1)) if n not in numbers), None)
        if row.released_at is not None or free is None or row.person_id in people:
            gone.append(row.id)
            continue
        numbers.add(free)
        people.add(row.person_id)
        if free != row.number:
            moved.append((row.id, free))
    op.execute(seat.delete().where(seat.c.id.in_(gone)))
    for seat_id, number in moved:
        op.execute(seat.update().where(seat.c.id == seat_id).values(number=number))
    if gone:
        log.warning("%d seats that were given back, or hold a part of a slot, are forgotten", len(gone))


def drop_slots_without_place():
    other = slot.alias()
    again = sa.exists().where(
        other.c.line_id == slot.c.line_id, other.c.starts_at == slot.c.starts_at, other.c.id > slot.c.id
    )
    cancelled = sa.select(slot.c.id).where(slot.c.state == "cancelled", again)
    found = list(op.get_bind().scalars(cancelled))
    found += list(
        op.get_bind().scalars(
            sa.select(slot.c.id).where(
                slot.c.state == "cancelled",
                sa.exists().where(
                    other.c.line_id == slot.c.line_id,
                    other.c.starts_at == slot.c.starts_at,
                    other.c.id < slot.c.id,
                    other.c.state != "cancelled",
                ),
            )
        )
    )
    op.execute(slot.delete().where(slot.c.id.in_(found)))
    if found:
        log.warning("%d cancelled slots are forgotten", len(found))


def bring_back_seats_of_lines():
    """What the pattern of a line says that was made last; without one, what its slots say."""
    op.add_column("duty_line", sa.Column("seats_min", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("duty_line", sa.Column("seats_max", sa.Integer(), nullable=False, server_default="1"))
    for source in (slot, pattern):
        rows = op.get_bind().execute(
            sa.select(source.c.line_id, source.c.seats_min, source.c.seats_max).order_by(source.c.id)
        )
        for line_id, fewest, most in {row.line_id: tuple(row) for row in rows.all()}.values():
            op.execute(line.update().where(line.c.id == line_id).values(seats_min=fewest, seats_max=most))
    differing = sa.select(sa.func.count()).select_from(slot.join(line, line.c.id == slot.c.line_id))
    differs = sa.or_(
        slot.c.seats_min != line.c.seats_min, slot.c.seats_max != line.c.seats_max, slot.c.weight != ORDINARY
    )
    say("%d slots lose a minimum, a maximum or a weight of their own", differing.where(differs))
    with op.batch_alter_table("duty_line") as batch:
        batch.alter_column("seats_min", server_default=None)
        batch.alter_column("seats_max", server_default=None)
        batch.drop_column("opened_until")
        batch.create_check_constraint(op.f("ck_duty_line_seats_in_order"), ARE_IN_ORDER)


def say(words, question):
    if number := op.get_bind().scalar(question):
        log.warning(words, number)
