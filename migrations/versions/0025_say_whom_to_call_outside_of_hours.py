"""Let a line say, for everybody, whom to call while it is closed."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def upgrade():
    op.add_column("duty_line", sa.Column("out_of_hours", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("duty_line") as batch:
        batch.alter_column("out_of_hours", server_default=None)


def downgrade():
    if number := op.get_bind().scalar(sa.text("SELECT count(*) FROM duty_line WHERE out_of_hours <> ''")):
        log.warning("%d duty lines no longer say whom to call while they are closed", number)
    with op.batch_alter_table("duty_line") as batch:
        batch.drop_column("out_of_hours")
