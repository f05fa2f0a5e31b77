"""Let relays answer: a row for each, for ever, and lines and people from outside beside the people of the community."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
ONE_TARGET = (
    "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN structure_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN line_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN outsider_phone IS NULL THEN 0 ELSE 1 END) = 1"
)
LOST = {
    "%s relays who are no people of the community are gone": "person_id IS NULL",
    "%s relays who declined or were withdrawn are gone": "withdrawn_at IS NOT NULL OR answer = 'declined'",
}


def upgrade():
    with op.batch_alter_table("absence") as batch:
        batch.add_column(sa.Column("asks", sa.String(10), server_default="in_order", nullable=False))
    with op.batch_alter_table("relay") as batch:
        batch.add_column(sa.Column("structure_id", sa.Integer()))
        batch.add_column(sa.Column("line_id", sa.Integer()))
        batch.add_column(sa.Column("outsider_name", sa.String(100), server_default="", nullable=False))
        batch.add_column(sa.Column("outsider_phone", sa.String(20)))
        # Of the rows that are there nobody was asked: they stay without.
        for name in ("asked_at", "answered_at", "withdrawn_at"):
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("answered_by_id", sa.Integer()))
        batch.add_column(sa.Column("answer", sa.String(10), server_default="", nullable=False))
        batch.add_column(sa.Column("word", sa.String(200), server_default="", nullable=False))
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint(op.f("uq_relay_absence_id_rank"), type_="unique")
        for name, table, kept in KEYS:
            key = op.f(f"fk_relay_{name}_id")
            batch.create_foreign_key(key, table, [f"{name}_id"], ["id"], ondelete=kept)
        for name in ("structure_id", "line_id", "outsider_phone"):
            batch.create_unique_constraint(op.f(f"uq_relay_absence_id_{name}"), ["absence_id", name])
        batch.create_check_constraint(op.f("ck_relay_one_target"), ONE_TARGET)
    for name in ("structure_id", "line_id"):
        op.create_index(op.f(f"ix_relay_{name}"), "relay", [name])


def downgrade():
    for words, lost in LOST.items():
        if number := op.get_bind().execute(sa.text(f"DELETE FROM relay WHERE {lost}")).rowcount:  # noqa: S608
            log.warning(words, number)
    number_anew()
    for name in ("structure_id", "line_id"):
        op.drop_index(op.f(f"ix_relay_{name}"), "relay")
    with op.batch_alter_table("relay") as batch:
        batch.drop_constraint(op.f("ck_relay_one_target"), type_="check")
        for name in ("structure_id", "line_id", "outsider_phone"):
            batch.drop_constraint(op.f(f"uq_relay_absence_id_{name}"), type_="unique")
        for name, _table, _kept in KEYS:
            batch.drop_constraint(op.f(f"fk_relay_{name}_id"), type_="foreignkey")
        for name in ADDED:
            batch.drop_column(name)
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(op.f("uq_relay_absence_id_rank"), ["absence_id", "rank"])
    with op.batch_alter_table("absence") as batch:
        batch.drop_column("asks")


KEYS = (("structure", "structure", "RESTRICT"), ("line", "duty_line", "CASCADE"), ("answered_by", "person", "RESTRICT"))
ADDED = (
    *("structure_id", "line_id", "outsider_name", "outsider_phone"),
    *("asked_at", "answered_at", "answered_by_id", "withdrawn_at", "answer", "word"),
)


def number_anew():
    """Ranks without two alike, in the order that there is, where some are alike."""
    connection = op.get_bind()
    alike = "SELECT absence_id FROM relay GROUP BY absence_id, rank HAVING count(*) > 1"
    ordered = sa.text(f"SELECT id, absence_id FROM relay WHERE absence_id IN ({alike}) ORDER BY absence_id, rank, id")  # noqa: S608
    ranks = {}
    for number, absence_id in connection.execute(ordered).all():
        ranks[absence_id] = ranks.get(absence_id, -1) + 1
        values = {"rank": ranks[absence_id], "number": number}
        connection.execute(sa.text("UPDATE relay SET rank = :rank WHERE id = :number"), values)
