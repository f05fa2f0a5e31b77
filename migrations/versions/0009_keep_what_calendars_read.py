"""Keep in the ledger how each entry reads; what is there is completed as feeds are read, its SEQUENCE as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    # Added beside the others, without a copy of the table.
    op.add_column("ledger_entry", sa.Column("facts_hash", sa.String(64), nullable=False, server_default=""))
    op.add_column("ledger_entry", sa.Column("content", sa.Text(), nullable=False, server_default=""))
    op.add_column("ledger_entry", sa.Column("written_in", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_ledger_entry_written_in"), "ledger_entry", ["written_in"])


def downgrade():
    op.drop_index(op.f("ix_ledger_entry_written_in"), "ledger_entry")
    for column in ("written_in", "content", "facts_hash"):
        op.drop_column("ledger_entry", column)
