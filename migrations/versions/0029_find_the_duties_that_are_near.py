"""Find the duties that are near without reading all that ever were."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STANDS = sa.text("released_at IS NULL")


def upgrade():
    op.create_index("ix_duty_seat_beginning", "duty_seat", ["starts_at"], sqlite_where=STANDS, postgresql_where=STANDS)


def downgrade():
    op.drop_index("ix_duty_seat_beginning", "duty_seat")
