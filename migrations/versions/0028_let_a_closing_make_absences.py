"""Let absences refer to the closing of a structure that made them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("absence") as batch:
        batch.add_column(sa.Column("closing_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_absence_closing_id"), "structure_closing", ["closing_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_absence_closing_id"), ["closing_id"])


def downgrade():
    # The absences stay: only what made them is forgotten, and from then on each is its person’s alone.
    with op.batch_alter_table("absence") as batch:
        batch.drop_index(op.f("ix_absence_closing_id"))
        batch.drop_constraint(op.f("fk_absence_closing_id"), type_="foreignkey")
        batch.drop_column("closing_id")
