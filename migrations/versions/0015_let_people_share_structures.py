"""Let people share the structures where they work: what each of them had as a site of their own becomes a position."""

import logging
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from cpts_net.folding import fold

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
LONGEST_KEY = 300
CHUNK = 1000

ADDRESS = ("name", "street", "postal_code", "commune_code", "commune")
site = sa.table("practice_site", *map(sa.column, ("id", "person_id", "position", *ADDRESS, "phone")))
person = sa.table("person", *map(sa.column, ("id", "rpps", "shown_commune", "shown_phone")))


def words(name, length, **said):
    return sa.Column(name, sa.String(length), nullable=False, **said)


def upgrade():
    structure, position = make_tables()
    for name, length in (("shown_commune", 100), ("shown_phone", 20)):
        op.add_column("person", words(name, length, server_default=""))
    share(structure, position)
    carry_counter("practice_site", "position")
    op.drop_table("practice_site")


def make_tables():
    structure = op.create_table(
        "structure",
        sa.Column("id", sa.Integer(), nullable=False),
        words("name", 200),
        words("category_code", 5),
        sa.Column("tier", sa.Integer()),
        sa.Column("sector", sa.String(20)),
        words("street", 200),
        words("postal_code", 10),
        sa.Column("commune_code", sa.String(5)),
        words("commune", 100),
        words("phone", 20),
        words("mail", 254),
        words("web", 200),
        words("hours", 300),
        words("finess", 9),
        words("siret", 14),
        words("technical_id", 40),
        words("address_key", LONGEST_KEY),
        sa.Column("typed", sa.JSON(), nullable=False, server_default="[]"),
        sa.CheckConstraint("tier BETWEEN 1 AND 3", name=op.f("ck_structure_tier_of_care")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure")),
        sqlite_autoincrement=True,
    )
    for name in ("commune_code", "finess", "siret", "technical_id", "address_key"):
        op.create_index(op.f(f"ix_structure_{name}"), "structure", [name])
    op.create_table(
        "structure_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_noon", sa.Boolean(), nullable=False),
        sa.Column("until_noon", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_structure_closing_days_in_order")),
        of_structure("structure_closing"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure_closing")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_structure_closing_structure_id_last_day"), "structure_closing", ["structure_id", "last_day"]
    )
    position = op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        words("function", 120),
        words("phone", 20),
        words("hours", 300),
        sa.Column("rank", sa.Integer(), nullable=False),
        words("source", 10),
        sa.Column("hidden_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_position_person_id"), ondelete="RESTRICT"),
        of_structure("position"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_position_person_id_rank"), "position", ["person_id", "rank"])
    op.create_index(op.f("ix_position_structure_id"), "position", ["structure_id"])
    return structure, position


def of_structure(table):
    return sa.ForeignKeyConstraint(
        ["structure_id"], ["structure.id"], name=op.f(f"fk_{table}_structure_id"), ondelete="RESTRICT"
    )


def share(structure, position):
    """Who has the same name, street, postal code and commune is in one house; their numbers stay their own."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(site, person.c.rpps).join(person, person.c.id == site.c.person_id).order_by(site.c.id)
    ).all()
    houses, first = {}, {}
    for row in rows:
        house = houses.setdefault(key_of(row), {name: getattr(row, name) for name in ADDRESS})
        house["commune_code"] = house["commune_code"] or row.commune_code
        known = first.setdefault(row.person_id, row)
        if (row.position, row.id) < (known.position, known.id):
            first[row.person_id] = row
    plain = dict.fromkeys(("category_code", "phone", "mail", "web", "hours", "finess", "siret", "technical_id"), "")
    numbers = {key: number for number, key in enumerate(houses, 1)}
    made = [{"id": numbers[key], "address_key": key, "typed": [], **plain, **house} for key, house in houses.items()]
    positions = [
        {
            "id": row.id,
            "person_id": row.person_id,
            "structure_id": numbers[key_of(row)],
            "function": "",
            "phone": row.phone,
            "hours": "",
            "rank": row.position,
            "source": "rpps",
        }
        for row in rows
    ]
    insert(structure, made)
    insert(position, positions)
    if connection.dialect.name == "postgresql" and made:
        connection.execute(sa.text("SELECT setval('structure_id_seq', :last)"), {"last": len(made)})
    shows = [{"key": key, "commune": row.commune, "phone": row.phone} for key, row in first.items()]
    if shows:
        shown = {"shown_commune": sa.bindparam("commune"), "shown_phone": sa.bindparam("phone")}
        connection.execute(sa.update(person).where(person.c.id == sa.bindparam("key")).values(shown), shows)


def key_of(row):
    known = (row.name, row.street) if fold(row.name) or fold(row.street) else (row.rpps or f"person {row.person_id}",)
    return "|".join(map(fold, (*known, row.postal_code, row.commune)))[:LONGEST_KEY]


def insert(table, rows):
    for start in range(0, len(rows), CHUNK):
        op.get_bind().execute(sa.insert(table), rows[start : start + CHUNK])


def carry_counter(old, new):
    """No number of ``old`` is given out again by the table that takes its place."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(f"SELECT setval('{new}_id_seq', last_value, is_called) FROM {old}_id_seq")  # noqa: S608
        )
        return
    counter = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :old"), {"old": old})
    if counter:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :new"), {"new": new})
        values = {"new": new, "counter": counter}
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:new, :counter)"), values)


LOST = {
    "%d positions that were hidden are forgotten": "SELECT count(*) FROM position WHERE hidden_at IS NOT NULL",
    "%d functions and hours of positions are forgotten": (
        "SELECT count(*) FROM position WHERE hidden_at IS NULL AND (function <> '' OR hours <> '')"
    ),
    "%d closings of structures are forgotten": "SELECT count(*) FROM structure_closing",
    "%d structures lose what they say beside name and address": (
        "SELECT count(*) FROM structure WHERE category_code <> '' OR tier IS NOT NULL OR sector IS NOT NULL"
        " OR mail <> '' OR web <> '' OR hours <> '' OR finess <> '' OR siret <> '' OR technical_id <> ''"
    ),
    "%d structures where nobody shows a position are forgotten": (
        "SELECT count(*) FROM structure WHERE id NOT IN (SELECT structure_id FROM position WHERE hidden_at IS NULL)"
    ),
}
SHOWN = """SELECT position.id, person_id, name, street, postal_code, commune_code, commune,
    coalesce(nullif(position.phone, ''), structure.phone) AS phone
    FROM position JOIN structure ON structure.id = structure_id
    WHERE hidden_at IS NULL ORDER BY person_id, rank, position.id"""


def downgrade():
    connection = op.get_bind()
    for said, question in LOST.items():
        if number := connection.scalar(sa.text(question)):
            log.warning(said, number)
    made = make_sites()
    ranks = defaultdict(int)
    rows = []
    for row in connection.execute(sa.text(SHOWN)).mappings():
        rows.append({**row, "position": ranks[row["person_id"]]})
        ranks[row["person_id"]] += 1
    insert(made, rows)
    carry_counter("position", "practice_site")
    for table in ("position", "structure_closing", "structure"):
        op.drop_table(table)
    for name in ("shown_phone", "shown_commune"):
        op.drop_column("person", name)


def make_sites():
    made = op.create_table(
        "practice_site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        words("name", 200),
        words("street", 200),
        words("postal_code", 10),
        sa.Column("commune_code", sa.String(5)),
        words("commune", 100),
        words("phone", 20),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_practice_site_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_site")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_practice_site_commune_code"), "practice_site", ["commune_code"])
    op.create_index(op.f("ix_practice_site_person_id_position"), "practice_site", ["person_id", "position"])
    return made
