"""Let somebody practise several professions; what stands beside their name is the first of them."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
FURTHER = "SELECT count(*) FROM practice WHERE rank > 0"


def upgrade():
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("profession_code", sa.String(5), nullable=False),
        sa.Column("specialty_code", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["profession_code"], ["profession.code"], name=op.f("fk_practice_profession_code")),
        sa.ForeignKeyConstraint(["specialty_code"], ["specialty.code"], name=op.f("fk_practice_specialty_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("person_id", "rank", name=op.f("uq_practice_person_id_rank")),
        sa.UniqueConstraint(
            "person_id",
            "profession_code",
            "specialty_code",
            name=op.f("uq_practice_person_id_profession_code_specialty_code"),
        ),
    )
    op.create_index(op.f("ix_practice_profession_code"), "practice", ["profession_code"])
    op.execute(
        """INSERT INTO practice (person_id, rank, profession_code, specialty_code)
        SELECT id, 0, profession_code, specialty_code FROM person WHERE profession_code IS NOT NULL ORDER BY id"""
    )


def downgrade():
    if lost := op.get_bind().execute(sa.text(FURTHER)).scalar():
        log.warning("%s further professions of people who have several are gone", lost)
    op.drop_table("practice")
