"""Find at once whoever turned out to be somebody: an import asks of each person, and looked at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

IS_MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade():
    op.create_index(
        op.f("ix_person_merged_into_id"),
        "person",
        ["merged_into_id"],
        sqlite_where=IS_MERGED,
        postgresql_where=IS_MERGED,
    )


def downgrade():
    op.drop_index(op.f("ix_person_merged_into_id"), "person")
