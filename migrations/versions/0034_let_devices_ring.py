"""Let devices ring: those that asked for it, each with the session in which it did."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def upgrade():
    op.create_table(
        "push_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("shows_all", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_session.id"], name=op.f("fk_push_device_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_device_endpoint")),
        sa.UniqueConstraint("session_id", name=op.f("uq_push_device_session_id")),
        sqlite_autoincrement=True,
    )


def downgrade():
    drop_pushes()
    forget("push_device", "%d devices do not ring any more")


def drop_pushes():
    """A version that knows of mails alone would send them as such."""
    delivery = sa.table("delivery", *map(sa.column, ("channel", "state")))
    of_push = sa.delete(delivery).where(delivery.c.channel == "push")
    number = op.get_bind().execute(of_push.where(delivery.c.state == "waiting")).rowcount
    if number:
        log.warning("%d devices will not ring for what waited", number)
    op.get_bind().execute(of_push)
    preference = sa.table("preference", sa.column("channel"))
    op.get_bind().execute(sa.delete(preference).where(preference.c.channel == "push"))


def forget(name, words):
    number = op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
    if number:
        log.warning(words, number)
    op.drop_table(name)
