"""Lay a floor beneath SEQUENCE, and know when what the ledger keeps is over."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():

    op.create_table(
        "ledger_floor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("beneath", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_floor_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_floor")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_ledger_entry_ends_at"), ["ends_at"], unique=False)


def downgrade():

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_ends_at"))
        batch_op.drop_column("ends_at")

    op.drop_table("ledger_floor")
