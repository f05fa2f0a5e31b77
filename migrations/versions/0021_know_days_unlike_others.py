"""Know days on which a line is closed, or open at other hours, and which slots are closed because of them."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def upgrade():
    op.create_table(
        "line_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.Time()),
        sa.Column("closes_at", sa.Time()),
        sa.Column("message", sa.String(200), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_line_exception_days_in_order")),
        sa.CheckConstraint(
            "(opens_at IS NULL) = (closes_at IS NULL)", name=op.f("ck_line_exception_both_hours_or_none")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["duty_line.id"], name=op.f("fk_line_exception_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_exception")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_line_exception_line_id"), "line_exception", ["line_id"])
    op.add_column("duty_slot", sa.Column("is_exception", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("duty_slot") as batch:
        batch.alter_column("is_exception", server_default=None)


def downgrade():
    if number := op.get_bind().scalar(sa.text("SELECT count(*) FROM line_exception")):
        log.warning("%d exceptions of lines are forgotten; the slots that they closed stay closed", number)
    with op.batch_alter_table("duty_slot") as batch:
        batch.drop_column("is_exception")
    op.drop_table("line_exception")
