"""Let a meeting belong to several groups, or to none, and know who is asked by name."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def columns(name, *names):
    return sa.table(name, *map(sa.column, names))


meeting = columns("meeting", "id", "group_id", "title", "created_by_id", "created_at")
meeting_group = columns("meeting_group", "id", "meeting_id", "group_id")
invitation = columns("invitation", "id", "meeting_id", "person_id", "is_personal")
membership = columns("membership", "group_id", "person_id", "role", "joined_at", "left_at")
working_group = columns("working_group", "id", "name", "purpose", "is_private", "created_at")


def upgrade():
    op.create_table(
        "meeting_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_group_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["working_group.id"], name=op.f("fk_meeting_group_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_group")),
        sa.UniqueConstraint("meeting_id", "group_id", name=op.f("uq_meeting_group_meeting_id_group_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meeting_group_group_id"), "meeting_group", ["group_id"])
    held = sa.select(meeting.c.id, meeting.c.group_id).order_by(meeting.c.id)
    op.execute(meeting_group.insert().from_select(["meeting_id", "group_id"], held))
    op.add_column("invitation", sa.Column("is_personal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(invitation.update().where(~of_somebody_in_the_group()).values(is_personal=sa.true()))
    with op.batch_alter_table("invitation") as batch:
        batch.alter_column("is_personal", server_default=None)
    op.drop_index(op.f("ix_meeting_group_id_starts_at"), "meeting")
    with op.batch_alter_table("meeting") as batch:
        batch.drop_constraint(op.f("fk_meeting_group_id"), type_="foreignkey")
        batch.drop_column("group_id")
    op.create_index(op.f("ix_meeting_starts_at"), "meeting", ["starts_at"])


def of_somebody_in_the_group():
    """Whoever was asked and is not in the group was asked by name, as far as anybody can tell."""
    inside = sa.select(membership.c.person_id).join_from(
        meeting_group, membership, membership.c.group_id == meeting_group.c.group_id
    )
    return (
        inside.where(
            meeting_group.c.meeting_id == invitation.c.meeting_id,
            membership.c.person_id == invitation.c.person_id,
            membership.c.left_at.is_(None),
        )
        .correlate(invitation)
        .exists()
    )


def downgrade():
    op.add_column("meeting", sa.Column("group_id", sa.Integer()))
    first = sa.select(sa.func.min(meeting_group.c.id)).group_by(meeting_group.c.meeting_id)
    held = sa.select(meeting_group.c.group_id).where(
        meeting_group.c.meeting_id == meeting.c.id, meeting_group.c.id.in_(first)
    )
    op.execute(meeting.update().values(group_id=held.scalar_subquery()))
    say_what_is_lost(first)
    give_groups_to_those_without()
    op.drop_index(op.f("ix_meeting_starts_at"), "meeting")
    with op.batch_alter_table("meeting") as batch:
        batch.alter_column("group_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_meeting_group_id"), "working_group", ["group_id"], ["id"], ondelete="CASCADE")
    op.create_index(op.f("ix_meeting_group_id_starts_at"), "meeting", ["group_id", "starts_at"])
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("is_personal")
    op.drop_table("meeting_group")


def say_what_is_lost(first):
    forgotten = sa.select(sa.func.count()).select_from(meeting_group).where(meeting_group.c.id.not_in(first))
    if number := op.get_bind().scalar(forgotten):
        log.warning("%d further groups of meetings are forgotten: each keeps its first", number)


def give_groups_to_those_without():
    """Each a private group of those who are asked: whoever knew of the meeting still does, and nobody else."""
    connection = op.get_bind()
    without = connection.execute(sa.select(meeting).where(meeting.c.group_id.is_(None))).all()
    for row in without:
        name = f"{row.title[:80]} ({row.id})"
        connection.execute(
            working_group.insert().values(name=name, purpose="", is_private=sa.true(), created_at=row.created_at)
        )
        group_id = connection.scalar(sa.select(working_group.c.id).where(working_group.c.name == name))
        connection.execute(meeting.update().where(meeting.c.id == row.id).values(group_id=group_id))
        asked = sa.select(invitation.c.person_id).where(invitation.c.meeting_id == row.id)
        for person_id in {*connection.scalars(asked), *filter(None, [row.created_by_id])}:
            role = "lead" if person_id == row.created_by_id else "member"
            stay = {"group_id": group_id, "person_id": person_id, "role": role, "joined_at": row.created_at}
            connection.execute(membership.insert().values(stay))
    if without:
        log.warning("%d meetings were of no group: each gets a private one of those who are asked", len(without))
