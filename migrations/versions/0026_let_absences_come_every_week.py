"""Let absences come week by week, perhaps without end, and know the days on which they do not."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
IN_ORDER = "from_time IS NULL OR until_time IS NULL OR from_time < until_time"


def upgrade():
    with op.batch_alter_table("absence") as batch:
        batch.add_column(sa.Column("weekdays", sa.String(7), nullable=False, server_default=""))
        batch.alter_column("last_day", existing_type=sa.Date(), nullable=True)
        batch.drop_constraint(op.f("ck_absence_times_in_order"), type_="check")
    with op.batch_alter_table("absence") as batch:
        batch.create_check_constraint(
            op.f("ck_absence_times_in_order"), f"(weekdays = '' AND first_day < last_day) OR {IN_ORDER}"
        )
        batch.create_check_constraint(
            op.f("ck_absence_only_weekly_without_end"), "weekdays <> '' OR last_day IS NOT NULL"
        )
    op.create_table(
        "absence_exception",
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absence.id"], name=op.f("fk_absence_exception_absence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("absence_id", "day", name=op.f("pk_absence_exception")),
    )


def downgrade():
    cancel_weekly()
    op.drop_table("absence_exception")
    with op.batch_alter_table("absence") as batch:
        for name in ("only_weekly_without_end", "times_in_order"):
            batch.drop_constraint(op.f(f"ck_absence_{name}"), type_="check")
        batch.alter_column("last_day", existing_type=sa.Date(), nullable=False)
        batch.drop_column("weekdays")
    with op.batch_alter_table("absence") as batch:
        batch.create_check_constraint(op.f("ck_absence_times_in_order"), f"first_day < last_day OR {IN_ORDER}")


def cancel_weekly():
    """What came every week would be one long leave: the rows stay, cancelled."""
    weekly = "UPDATE absence SET {} WHERE weekdays <> ''"
    standing = weekly.format("cancelled_at = CURRENT_TIMESTAMP") + " AND cancelled_at IS NULL"
    if number := op.get_bind().execute(sa.text(standing)).rowcount:
        log.warning("%d absences that came every week are cancelled", number)
    op.execute(weekly.format("last_day = coalesce(last_day, first_day)"))
