"""Know communes by their official codes, and which of them are the territory."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")


def upgrade():
    op.create_table(
        "commune",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.String(100), nullable=False),
        sa.Column("population", sa.Integer()),
        sa.Column("postal_codes", sa.JSON(), nullable=False),
        sa.Column("other_codes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_index(op.f("ix_commune_name_key"), "commune", ["name_key"])
    op.create_table(
        "territory_commune",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("basin", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_territory_commune")),
    )


def downgrade():
    if lost := op.get_bind().scalar(sa.text("SELECT count(*) FROM territory_commune")):
        log.warning("%d communes of the territory are forgotten", lost)
    op.drop_table("territory_commune")
    op.drop_table("commune")
