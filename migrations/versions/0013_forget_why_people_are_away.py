"""Forget why people are away, and why somebody else said so: columns and contents."""

import sqlalchemy as sa
from alembic import op

from cpts_net.storage.forgetting import forget

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("absence", schema=None) as batch:
        batch.drop_column("kind")
        batch.drop_column("reason")
    forget(op.get_context(), "absence")


def downgrade():
    count = op.get_bind().scalar(sa.text("SELECT count(*) FROM absence"))
    with op.batch_alter_table("absence", schema=None) as batch:
        batch.add_column(sa.Column("kind", sa.String(20), server_default="other", nullable=False))
        batch.add_column(sa.Column("reason", sa.String(200), server_default="", nullable=False))
    with op.batch_alter_table("absence", schema=None) as batch:
        batch.alter_column("kind", existing_type=sa.String(20), existing_nullable=False, server_default=None)
        batch.alter_column("reason", existing_type=sa.String(200), existing_nullable=False, server_default=None)
    if count:
        op.get_context().config.print_stdout(f"{count} absences come back without their motive: it was forgotten.")
