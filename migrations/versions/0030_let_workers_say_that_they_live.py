"""Let workers say that they live, for whoever looks after the mails."""

import sqlalchemy as sa
from alembic import op


revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "worker_sign",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_ended", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade():
    op.drop_table("worker_sign")
