"""Keep the mail address to which a link leads, until whoever reads it has confirmed it."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.kept")
OF_ADDRESSES = sa.text("purpose IN ('address', 'address_by_staff', 'objection')")


def upgrade():
    op.add_column("account_link", sa.Column("address", sa.String(254)))


def downgrade():
    link = sa.table("account_link", sa.column("purpose"))
    if number := op.get_bind().execute(sa.delete(link).where(OF_ADDRESSES)).rowcount:
        log.warning("%d links that change an address, or object to it, are forgotten", number)
    op.drop_column("account_link", "address")
