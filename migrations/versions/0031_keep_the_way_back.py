"""Keep for half an hour what was so before something was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "way_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("seen", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_way_back_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_back")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_way_back_account_id"), "way_back", ["account_id"])
    op.create_index(op.f("ix_way_back_at"), "way_back", ["at"])


def downgrade():
    # Nothing is lost but the button that takes something back.
    op.drop_table("way_back")
