"""Let every account speak for a person: who had none gets one, made of the name that the account bore."""

import logging
import re
from collections import Counter

import sqlalchemy as sa
from alembic import op

from cpts_net.folding import fold, spellings

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
# What each reference did when a person was deleted, which nobody does: it only loses what it should keep.
REFERENCES = {
    "absence.person_id": "CASCADE",
    "duty_seat.person_id": "CASCADE",
    "invitation.person_id": "CASCADE",
    "meeting.created_by_id": "SET NULL",
    "membership.person_id": "CASCADE",
    "poll.created_by_id": "SET NULL",
    "poll_answer.person_id": "CASCADE",
    "post.author_id": "SET NULL",
    "relay.person_id": "CASCADE",
    "sent_invitation.person_id": "CASCADE",
}
FUNCTIONS = {"coordinator": "Coordination", "secretary": "Secrétariat", "administrator": "Administration"}
LONGEST_NAME, LONGEST_KEY = 80, 170
NEW = (
    sa.Column("function", sa.String(120), nullable=False, server_default=""),
    sa.Column("kind", sa.String(20), nullable=False, server_default="professional"),
    sa.Column("adeli", sa.String(9)),
    sa.Column("joined_on", sa.Date()),
    sa.Column("left_on", sa.Date()),
    sa.Column("merged_into_id", sa.Integer()),
    sa.Column("typed", sa.JSON(), nullable=False, server_default="[]"),
)

account = sa.table("account", *map(sa.column, ("id", "email", "display_name", "search_text", "role", "person_id")))
person = sa.table(
    "person",
    *(
        sa.column(name)
        for name in (
            *("id", "civility", "title", "given_name", "family_name", "function", "kind", "profession_code"),
            *("is_hidden", "sort_key", "search_text", "left_on", "merged_into_id"),
        )
    ),
)


def upgrade():
    with op.batch_alter_table("person") as batch:
        for column in NEW:
            batch.add_column(column)
        batch.alter_column("profession_code", existing_type=sa.String(5), nullable=True)
        batch.create_foreign_key("fk_person_merged_into_id", "person", ["merged_into_id"], ["id"])
        batch.create_unique_constraint("uq_person_adeli", ["adeli"])
    give_everybody_a_person()
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint("fk_account_person_id", type_="foreignkey")
        batch.create_foreign_key("fk_account_person_id", "person", ["person_id"], ["id"], ondelete="RESTRICT")
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("display_name")
    on_delete(dict.fromkeys(REFERENCES, "RESTRICT"))


def give_everybody_a_person():
    """The name that an account bears lives in a person from now on; what it is found by there follows that name."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(account)).all():
        values = {"search_text": fold(row.email)}
        if row.person_id is None:
            made = sa.insert(person).values(**made_of(row)).returning(person.c.id)
            values["person_id"] = connection.execute(made).scalar_one()
        connection.execute(sa.update(account).where(account.c.id == row.id).values(**values))


def made_of(row):
    """Somebody of the team, called and placed as the account was."""
    title, given_name, family_name = parted(row.display_name)
    words = f"{spellings(family_name)} {spellings(given_name)}".split()
    return {
        "civility": "",
        "title": title,
        "given_name": given_name,
        "family_name": family_name,
        "function": FUNCTIONS.get(row.role, ""),
        "kind": "team",
        "is_hidden": False,
        "sort_key": fold(f"{family_name} {given_name}")[:LONGEST_KEY],
        "search_text": " ".join(dict.fromkeys(words)),
    }


def parted(name):
    """Title, given name and family name, which together read as the name did, but for what no column could hold."""
    title, rest = ("DR", name[3:]) if name.startswith("Dr ") else ("", name)
    cuts = [gap.start() for gap in re.finditer(" ", rest) if len(rest) - gap.end() <= LONGEST_NAME >= gap.start()]
    if not cuts:
        return title, "", rest[:LONGEST_NAME]
    return title, rest[: cuts[0]], rest[cuts[0] + 1 :]


def downgrade():
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("display_name", sa.String(120), nullable=False, server_default=""))
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("fk_account_person_id", type_="foreignkey")
        batch.create_foreign_key("fk_account_person_id", "person", ["person_id"], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("display_name", existing_type=sa.String(120), server_default=None)
    on_delete(REFERENCES)
    give_accounts_their_names()
    forget_those_without_profession()
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("uq_person_adeli", type_="unique")
        batch.drop_constraint("fk_person_merged_into_id", type_="foreignkey")
        batch.alter_column("profession_code", existing_type=sa.String(5), nullable=False)
        for column in NEW:
            batch.drop_column(column.name)


def give_accounts_their_names():
    connection = op.get_bind()
    named = sa.select(account.c.id, account.c.email, person).join_from(
        account, person, person.c.id == account.c.person_id
    )
    for row in connection.execute(named).all():
        name = " ".join(filter(None, ("Dr" if row.title == "DR" else "", row.given_name, row.family_name)))[:120]
        values = {"display_name": name, "search_text": fold(f"{name} {row.email}")}
        connection.execute(sa.update(account).where(account.c.id == row[0]).values(**values))


# What goes with somebody, children before their parents; nothing cascades while tables are made anew.
GOES = {
    "relay": "person_id IN {gone} OR absence_id IN (SELECT id FROM absence WHERE person_id IN {gone})",
    "delivery": "notice_id IN (SELECT id FROM notice WHERE person_id IN {gone})",
    **dict.fromkeys(
        (
            "notice",
            "absence",
            "duty_seat",
            "invitation",
            "poll_answer",
            "membership",
            "sent_invitation",
            "position",
            "profile_value",
        ),
        "person_id IN {gone}",
    ),
}
FORGETS = {
    "account": "person_id",
    "meeting": "created_by_id",
    "notice": "by_id",
    "poll": "created_by_id",
    "post": "author_id",
}
GONE = "(SELECT id FROM person WHERE profession_code IS NULL)"


def forget_those_without_profession():
    """The first version knows no such people; what they did goes with them, and is counted."""
    connection, lost = op.get_bind(), Counter()
    for column, words in (("function", "<> ''"), ("left_on", "IS NOT NULL"), ("merged_into_id", "IS NOT NULL")):
        asked = f"SELECT count(*) FROM person WHERE {column} {words}"  # noqa: S608
        lost[f"person.{column}"] = connection.scalar(sa.text(asked))
    connection.execute(sa.update(person).values(merged_into_id=None))
    for table, those in GOES.items():
        lost[table] = connection.execute(sa.text(f"DELETE FROM {table} WHERE {those.format(gone=GONE)}")).rowcount  # noqa: S608
    for table, column in FORGETS.items():
        asked = f"UPDATE {table} SET {column} = NULL WHERE {column} IN {GONE}"  # noqa: S608
        lost[f"{table}.{column}"] = connection.execute(sa.text(asked)).rowcount
    lost["person"] = connection.execute(sa.delete(person).where(person.c.profession_code.is_(None))).rowcount
    said = ", ".join(f"{name} {count}" for name, count in sorted(lost.items()) if count)
    if said:
        log.warning("people without profession are gone, and what only people say: %s", said)


def on_delete(wanted):
    """Say of each reference to a person what happens when one is deleted."""
    if op.get_bind().dialect.name == "sqlite":
        on_delete_on_sqlite(wanted)
        return
    for reference, action in wanted.items():
        table, column = reference.split(".")
        name = f"fk_{table}_{column}"
        op.drop_constraint(name, table, type_="foreignkey")
        op.create_foreign_key(name, table, "person", [column], ["id"], ondelete=action)


def on_delete_on_sqlite(wanted):
    """In the text of the tables alone, of which no row is another (sqlite.org/lang_altertable.html, 7)."""
    connection = op.get_bind()
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema=ON")
    for reference, action in wanted.items():
        table, column = reference.split(".")
        (sql,) = connection.execute(
            sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), {"table": table}
        ).one()
        key = re.compile(
            rf'(CONSTRAINT fk_{table}_{column} FOREIGN KEY\({column}\) REFERENCES "?person"? \(id\)) ON DELETE (CASCADE|SET NULL|RESTRICT)'
        )
        assert len(key.findall(sql)) == 1, reference
        connection.execute(
            sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :table"),
            {"sql": key.sub(rf"\1 ON DELETE {action}", sql), "table": table},
        )
    op.execute(f"PRAGMA schema_version={version + 1}")
    op.execute("PRAGMA writable_schema=OFF")
