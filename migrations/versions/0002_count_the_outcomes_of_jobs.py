"""Count the outcomes of jobs, so that one that kills its worker is known."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    # Added beside the others, without a copy of the table.
    op.add_column("job", sa.Column("outcomes", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE job SET outcomes = attempts")


def downgrade():
    op.drop_column("job", "outcomes")
