"""Fold names anew: how people are searched and sorted has changed, and what country code a number gets.

Nothing that somebody typed or an extract said is changed but the codes of
numbers that nobody could dial, such as +33 692 for La Réunion.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from cpts_net.directory.rules import search_text, sort_key
from cpts_net.folding import fold
from cpts_net.phones import dialled

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WITH_NUMBER = (("practice_site", "phone"), ("member", "private_phone"), ("duty_line", "phone"))


def upgrade():
    connection = op.get_bind()
    for table, column in WITH_NUMBER:
        dial_anew(connection, sa.table(table, sa.column("id"), sa.column(column)), column)
    fold_members(connection)
    fold_accounts(connection)
    # Pages and screens that are open show what they were drawn from.
    connection.execute(sa.text("UPDATE revision SET number = number + 1 WHERE scope IN ('continuity', 'directory')"))


def dial_anew(connection, table, column):
    """Numbers that are read differently now, as they are kept now; one that is none stays."""
    given = {number for (number,) in connection.execute(sa.select(table.c[column]).distinct())}
    for number in sorted(given):
        if (kept := dialled(number)) not in {"", number}:
            connection.execute(sa.update(table).where(table.c[column] == number).values({column: kept}))


def fold_members(connection):
    texts = [sa.column(name) for name in ("family_name", "given_name", "sort_key", "search_text")]
    member = sa.table("member", sa.column("id"), *texts)
    places = [sa.column(name) for name in ("member_id", "position", "name", "postal_code", "commune", "phone")]
    site = sa.table("practice_site", *places)
    sites = defaultdict(list)
    for place in connection.execute(sa.select(site).order_by(site.c.member_id, site.c.position)):
        sites[place.member_id].append(place)
    folded = [
        {
            "key": person.id,
            "sorted": sort_key(person.family_name, person.given_name),
            "searched": search_text(person.family_name, person.given_name, sites[person.id]),
        }
        for person in connection.execute(sa.select(member))
    ]
    if folded:
        values = {"sort_key": sa.bindparam("sorted"), "search_text": sa.bindparam("searched")}
        connection.execute(sa.update(member).where(member.c.id == sa.bindparam("key")).values(values), folded)


def fold_accounts(connection):
    account = sa.table("account", *(sa.column(name) for name in ("id", "display_name", "email", "search_text")))
    folded = [
        {"key": row.id, "searched": fold(f"{row.display_name} {row.email}")}
        for row in connection.execute(sa.select(account))
    ]
    if folded:
        values = {"search_text": sa.bindparam("searched")}
        connection.execute(sa.update(account).where(account.c.id == sa.bindparam("key")).values(values), folded)


def downgrade():
    """Nothing: what was folded is found by the older search too, and every number can be dialled."""
