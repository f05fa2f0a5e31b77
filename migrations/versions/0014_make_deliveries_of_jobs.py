"""Write down what people are told, and make deliveries of the jobs that waited."""

import logging
from datetime import UTC, datetime
from email.utils import make_msgid
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
UNSEEN = sa.text("seen_at IS NULL")
WAITING = sa.text("state = 'waiting'")
INSTANT = sa.DateTime(timezone=True)
LINK_MAILS = {
    "mails/invitation": "accounts.invitation",
    "mails/reset": "accounts.reset",
    "mails/password_changed": "accounts.password_changed",
}
LETTERS = ("meeting-invitations", "meeting-letter")
MAIL = "mail"
WRITTEN_INSIDE = "whole"  # In place of an address: the first version wrote it into the mail itself.


def table(name, *columns, **typed):
    return sa.table(name, *map(sa.column, columns), *(sa.column(column, kind) for column, kind in typed.items()))


TRIED = ("id", "kind", "attempts", "outcomes")
job = table("job", *TRIED, "last_error", payload=sa.JSON, run_at=INSTANT, finished_at=INSTANT)
notice = table("notice", "id", "person_id", "kind", "subject", "occasion", before=sa.JSON, after=sa.JSON, at=INSTANT)
delivery = table(
    "delivery",
    *TRIED,
    "notice_id",
    "address",
    "channel",
    "message_id",
    "state",
    "error",
    letter=sa.JSON(none_as_null=True),
    written_at=INSTANT,
    due_at=INSTANT,
    finished_at=INSTANT,
)
account = table("account", "person_id", "email", suspended_at=INSTANT)
invitation = table("invitation", "meeting_id", "person_id")
sent_invitation = table("sent_invitation", "meeting_id", "person_id", is_cancelled=sa.Boolean)
meeting = table("meeting", "id", "title", starts_at=INSTANT, ends_at=INSTANT, cancelled_at=INSTANT)


def upgrade():
    create_tables()
    op.add_column("account", sa.Column("mail_refused_at", INSTANT))
    connection = op.get_bind()
    # What was done is listed nowhere; what was given up is, by its number.
    left = sa.or_(job.c.run_at.is_not(None), job.c.last_error != "")
    count_on("job", "delivery")
    for row in connection.execute(sa.select(job).where(left).order_by(job.c.id)).all():
        if row.kind in LETTERS:
            make_letters(connection, row)
        else:
            keep_mail(connection, row)
    op.drop_index("ix_job_run_at", "job")
    op.drop_table("job")


def create_tables():
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_notice_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "person_id", "kind", "subject", "occasion", name=op.f("uq_notice_person_id_kind_subject_occasion")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_person_id_at"), "notice", ["person_id", "at"])
    op.create_index(op.f("ix_notice_at"), "notice", ["at"])
    op.create_index("ix_notice_unseen", "notice", ["person_id"], sqlite_where=UNSEEN, postgresql_where=UNSEEN)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer()),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("letter", sa.JSON(none_as_null=True)),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint("(notice_id IS NULL) = (address <> '')", name=op.f("ck_delivery_to_one")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_delivery_notice_id"), "delivery", ["notice_id"])
    op.create_index("ix_delivery_waiting", "delivery", ["due_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(op.f("ix_delivery_state_finished_at"), "delivery", ["state", "finished_at"])


def count_on(old, new):
    """Let the numbers of a table go on where those of another ended."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        counter = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :old"), {"old": old})
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :new"), {"new": new})
        values = {"new": new, "seq": counter or 0}
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:new, :seq)"), values)
    else:
        last = f"(SELECT last_value FROM {old}_id_seq)"  # noqa: S608
        is_called = f"(SELECT is_called FROM {old}_id_seq)"  # noqa: S608
        op.execute(f"SELECT setval('{new}_id_seq', {last}, {is_called})")


def tried(row):
    """What became of a job, as a delivery says it."""
    return {
        "attempts": row.attempts,
        "outcomes": row.outcomes,
        "error": row.last_error,
        "due_at": row.run_at or row.finished_at,
        "state": "waiting" if row.run_at else "failed",
        "finished_at": row.finished_at,
        "channel": "mail",
    }


def keep_mail(connection, row):
    """A mail keeps its number and its text: one that was given up may be sent again."""
    letter = row.payload
    to = letter.get("to", WRITTEN_INSIDE if "message" in letter else "")
    if not to:
        log.warning("a job of the kind %s, which nobody does, is forgotten", row.kind)
        return
    written_at = datetime.fromisoformat(letter["at"]) if "at" in letter else row.run_at or row.finished_at
    values = {
        "id": row.id,
        "address": to if isinstance(to, str) else to[0],
        "kind": LINK_MAILS.get(letter.get("template"), MAIL),
        "letter": letter,
        "message_id": letter.get("message_id") or new_message_id(),
        "written_at": written_at,
    }
    connection.execute(delivery.insert().values(**values, **tried(row)))


def make_letters(connection, row):
    """A job about meetings becomes a notice and a delivery for each whom they concern."""
    about = row.payload
    for meeting_id in about.get("meeting_ids") or [about["meeting_id"]]:
        of_meeting = connection.execute(sa.select(meeting).where(meeting.c.id == meeting_id)).one_or_none()
        if of_meeting is None:
            continue
        known = people(connection, sent_invitation, meeting_id, sent_invitation.c.is_cancelled == sa.false())
        for person_id in sorted(people(connection, invitation, meeting_id) | known):
            if about.get("person_id") in {None, person_id}:
                make_letter(connection, row, of_meeting, person_id, "changed" if person_id in known else "invited")


def people(connection, table, meeting_id, *conditions):
    """Those of a meeting who can be written to."""
    wanted = sa.select(table.c.person_id).where(table.c.meeting_id == meeting_id, *conditions)
    reached = sa.select(account.c.person_id).where(account.c.suspended_at.is_(None), account.c.person_id.in_(wanted))
    return set(connection.scalars(reached))


def make_letter(connection, row, about, person_id, what):
    times = {name: {"instant": getattr(about, name).isoformat()} for name in ("starts_at", "ends_at")}
    at = row.run_at or row.finished_at
    values = {
        "person_id": person_id,
        "kind": "meetings.cancelled" if about.cancelled_at else f"meetings.{what}",
        "subject": f"meeting:{about.id}",
        "occasion": uuid4().hex,
        "before": {"title": about.title, **times} if about.cancelled_at else {},
        "after": {} if about.cancelled_at else times,
        "at": at,
    }
    number = connection.scalar(notice.insert().values(values).returning(notice.c.id))
    made = {"notice_id": number, "address": "", "message_id": new_message_id(), "written_at": at}
    connection.execute(delivery.insert().values(kind=values["kind"], **made, **tried(row)))


def new_message_id():
    return make_msgid(domain=current_app.extensions["settings"].host)


def downgrade():
    connection = op.get_bind()
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("run_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("outcomes", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_job_run_at"), "job", ["run_at"])
    count_on("delivery", "job")
    rows = connection.execute(
        sa.select(delivery, notice.c.person_id, notice.c.subject, notice.c.after)
        .outerjoin(notice, notice.c.id == delivery.c.notice_id)
        .where(delivery.c.state.in_(["waiting", "failed"]))
        .order_by(delivery.c.id)
    ).all()
    lost = [row.id for row in rows if not become_job(connection, row)]
    say_what_is_lost(connection, len(lost))
    op.drop_table("delivery")
    op.drop_table("notice")
    op.drop_column("account", "mail_refused_at")


def become_job(connection, row):
    """Write down what waits, or was given up, as a job; False for what the version before cannot draw."""
    if row.letter is not None:
        kind, payload = "whole-mail" if "message" in row.letter else "mail", row.letter
        if "message" not in row.letter and "message_id" not in row.letter:
            made = {"message_id": row.message_id, "at": row.written_at.replace(tzinfo=UTC).isoformat()}
            payload = {"to": row.address, **row.letter, **(made if "template" in row.letter else {})}
    elif row.kind.startswith("meetings."):
        kind, payload = "meeting-letter", letter_of(connection, row)
    else:
        return False
    tried = {"attempts": row.attempts, "outcomes": row.outcomes, "last_error": row.error}
    run_at = row.due_at if row.state == "waiting" else None
    values = {"id": row.id, "kind": kind, "payload": payload, "run_at": run_at, "finished_at": row.finished_at, **tried}
    connection.execute(job.insert().values(values))
    return True


def letter_of(connection, row):
    meeting_ids = row.after.get("meeting_ids") or [int(row.subject.partition(":")[2])]
    to = connection.scalar(sa.select(account.c.email).where(account.c.person_id == row.person_id))
    title = connection.scalar(sa.select(meeting.c.title).where(meeting.c.id == meeting_ids[0]))
    return {"meeting_ids": meeting_ids, "person_id": row.person_id, "to": to or "", "subject": title or ""}


def say_what_is_lost(connection, undrawn):
    for words, number in (
        ("%d mails that were to be drawn from notices are forgotten", undrawn),
        ("%d notices are forgotten", connection.scalar(sa.select(sa.func.count()).select_from(notice))),
    ):
        if number:
            log.warning(words, number)
