"""Keep what people add to their card as values with an audience: the private number moves there."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
MOVES_THERE = """INSERT INTO profile_value (person_id, field, value, audience)
    SELECT id, 'private_phone', private_phone, 'nobody_else' FROM person WHERE private_phone <> '' ORDER BY id"""
MOVES_BACK = """UPDATE person SET private_phone = (
    SELECT value FROM profile_value WHERE person_id = person.id AND field = 'private_phone'
) WHERE id IN (SELECT person_id FROM profile_value WHERE field = 'private_phone')"""
OTHERS = "SELECT count(*) FROM profile_value WHERE field <> 'private_phone'"


def upgrade():
    op.create_table(
        "profile_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(30), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_value_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_value")),
        sa.UniqueConstraint("person_id", "field", name=op.f("uq_profile_value_person_id_field")),
        sqlite_autoincrement=True,
    )
    op.execute(MOVES_THERE)
    op.drop_column("person", "private_phone")


def downgrade():
    if lost := op.get_bind().scalar(sa.text(OTHERS)):
        log.warning("%d mail addresses of cards are forgotten", lost)
    op.add_column("person", sa.Column("private_phone", sa.String(20), nullable=False, server_default=""))
    op.execute(MOVES_BACK)
    with op.batch_alter_table("person") as batch:
        batch.alter_column("private_phone", server_default=None)
    op.drop_table("profile_value")
