"""Let a stay in a group end: a membership is left, not deleted, and says what somebody is there."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
ONE_STAY = "ix_membership_one_stay"
HAS_NOT_LEFT = sa.text("left_at IS NULL")
membership = sa.table("membership", sa.column("role"), sa.column("is_lead"), sa.column("left_at"))


def upgrade():
    op.add_column("membership", sa.Column("role", sa.String(10), nullable=False, server_default="member"))
    op.add_column("membership", sa.Column("left_at", sa.DateTime(timezone=True)))
    op.execute(membership.update().where(membership.c.is_lead == sa.true()).values(role="lead"))
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f("uq_membership_group_id_person_id"), type_="unique")
        batch.drop_column("is_lead")
        batch.alter_column("role", server_default=None)
        batch.create_check_constraint(op.f("ck_membership_times_in_order"), "joined_at <= left_at")
    op.create_index(
        ONE_STAY,
        "membership",
        ["group_id", "person_id"],
        unique=True,
        sqlite_where=HAS_NOT_LEFT,
        postgresql_where=HAS_NOT_LEFT,
    )


def downgrade():
    say_what_is_lost()
    op.execute(membership.delete().where(membership.c.left_at.is_not(None)))
    op.drop_index(ONE_STAY, "membership")
    op.add_column("membership", sa.Column("is_lead", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(membership.update().where(membership.c.role == "lead").values(is_lead=sa.true()))
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f("ck_membership_times_in_order"), type_="check")
        batch.alter_column("is_lead", server_default=None)
        batch.drop_column("role")
        batch.drop_column("left_at")
        batch.create_unique_constraint(op.f("uq_membership_group_id_person_id"), ["group_id", "person_id"])


def say_what_is_lost():
    for words, which in (
        ("%d stays in groups that ended are forgotten", membership.c.left_at.is_not(None)),
        (
            "%d guests of groups become members of them",
            sa.and_(membership.c.left_at.is_(None), membership.c.role == "guest"),
        ),
    ):
        number = op.get_bind().scalar(sa.select(sa.func.count()).select_from(membership).where(which))
        if number:
            log.warning(words, number)
