"""Let absences begin and end at any hour of their first and last day, where there was only noon."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
IN_ORDER = "first_day < last_day OR from_time IS NULL OR until_time IS NULL OR from_time < until_time"
# As SQLAlchemy writes a time where there is no type for it.
NOON = "'12:00:00.000000'"
EDGES = ("from", "until")


def upgrade():
    with op.batch_alter_table("absence") as batch:
        for edge in EDGES:
            batch.add_column(sa.Column(f"{edge}_time", sa.Time()))
    for edge in EDGES:
        op.execute(f"UPDATE absence SET {edge}_time = {NOON} WHERE {edge}_noon")  # noqa: S608
    with op.batch_alter_table("absence") as batch:
        for edge in EDGES:
            batch.drop_column(f"{edge}_noon")
        batch.create_check_constraint(op.f("ck_absence_times_in_order"), IN_ORDER)


def downgrade():
    other = f"from_time <> {NOON} OR until_time <> {NOON}"
    if number := op.get_bind().scalar(sa.text(f"SELECT count(*) FROM absence WHERE {other}")):  # noqa: S608
        log.warning("%d absences that begin or end at another hour than noon take half days or whole ones", number)
    with op.batch_alter_table("absence") as batch:
        batch.drop_constraint(op.f("ck_absence_times_in_order"), type_="check")
        for edge in EDGES:
            batch.add_column(sa.Column(f"{edge}_noon", sa.Boolean(), nullable=False, server_default=sa.false()))
    # No hour of an absence is lost: what is no half day becomes a whole one.
    op.execute(f"UPDATE absence SET from_noon = (from_time >= {NOON}) WHERE from_time IS NOT NULL")  # noqa: S608
    op.execute(f"UPDATE absence SET until_noon = (until_time <= {NOON}) WHERE until_time IS NOT NULL")  # noqa: S608
    with op.batch_alter_table("absence") as batch:
        for edge in EDGES:
            batch.alter_column(f"{edge}_noon", server_default=None)
            batch.drop_column(f"{edge}_time")
