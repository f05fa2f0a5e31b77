"""Freeze the host in the UIDs of calendar entries; where calendars hold entries, theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "uid_host",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_uid_host_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uid_host")),
    )
    # The first version took the host of PUBLIC_URL as it was: the newest entry has the one that calendars know.
    op.execute(
        "INSERT INTO uid_host (id, host)"
        " SELECT 1, substr(uid, strpos_at) FROM ("
        "  SELECT uid, __AT__ AS strpos_at FROM ledger_entry ORDER BY modified_at DESC, uid LIMIT 1"
        " ) AS newest".replace("__AT__", _AFTER_AT[op.get_bind().dialect.name])
    )


_AFTER_AT = {"sqlite": "instr(uid, '@') + 1", "postgresql": "strpos(uid, '@') + 1"}


def downgrade():
    op.drop_table("uid_host")
