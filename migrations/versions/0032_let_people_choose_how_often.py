"""Let people choose how often they hear of what, and when they are left alone."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def upgrade():
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("when", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "channel", name=op.f("pk_preference")),
    )
    op.create_index(op.f("ix_preference_kind_channel"), "preference", ["kind", "channel"])
    op.create_table(
        "notice_settings",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time()),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_notice_settings_quiet_from_and_until")
        ),
        sa.CheckConstraint("quiet_from <> quiet_until", name=op.f("ck_notice_settings_quiet_for_a_while")),
        sa.CheckConstraint("digest_weekday BETWEEN 0 AND 6", name=op.f("ck_notice_settings_digest_on_a_weekday")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_settings_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_settings")),
    )
    op.add_column("delivery", sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("delivery", sa.Column("begins_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"])


def downgrade():
    part_digests()
    op.drop_index(op.f("ix_delivery_message_id"), "delivery")
    op.drop_column("delivery", "begins_at")
    op.drop_column("delivery", "in_digest")
    forget("notice_settings", "%d people are left alone at the usual hours again")
    forget("preference", "%d choices of how often somebody hears of something are forgotten")


def part_digests():
    """What was to go together goes by itself: two mails of one Message-ID would be shown as one."""
    delivery = sa.table("delivery", *map(sa.column, ("id", "message_id", "in_digest", "state")))
    waiting = sa.and_(delivery.c.in_digest, delivery.c.state == "waiting")
    own = "<" + sa.cast(delivery.c.id, sa.String(20)) + "." + sa.func.substr(delivery.c.message_id, 2)
    number = op.get_bind().execute(sa.update(delivery).where(waiting).values(message_id=own)).rowcount
    if number:
        log.warning("%d mails that were to go in a digest will go one by one", number)


def forget(name, words):
    number = op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
    if number:
        log.warning(words, number)
    op.drop_table(name)
