"""Keep how the answer to a form was said beside its words; what was answered within the last minutes is forgotten."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM sent_form")


def downgrade():
    op.execute("DELETE FROM sent_form")
