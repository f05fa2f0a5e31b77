"""Keep what the last mail about a meeting told each member."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FACTS = (
    ("title", sa.String(length=120)),
    ("starts_at", sa.DateTime(timezone=True)),
    ("ends_at", sa.DateTime(timezone=True)),
    ("place", sa.String(length=200)),
    ("video_url", sa.String(length=300)),
)
NAMES = tuple(name for name, _kind in FACTS)
TABLES = {"meeting": ("id", *NAMES), "sent_invitation": ("meeting_id", *NAMES)}


def upgrade():
    op.add_column("meeting", sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
    for name, kind in FACTS:
        op.add_column("sent_invitation", sa.Column(name, kind, nullable=True))
    # Whoever had a mail knows the meeting as it stands: a job that waits tells of later changes only.
    meeting, sent = (sa.table(name, *(sa.column(column) for column in columns)) for name, columns in TABLES.items())
    known = {
        name: sa.select(meeting.c[name]).where(meeting.c.id == sent.c.meeting_id).scalar_subquery() for name, _ in FACTS
    }
    op.execute(sa.update(sent).values(known))
    with op.batch_alter_table("sent_invitation") as batch_op:
        for name, kind in FACTS:
            batch_op.alter_column(name, existing_type=kind, nullable=False)


def downgrade():
    for name, _kind in reversed(FACTS):
        op.drop_column("sent_invitation", name)
    op.drop_column("meeting", "edition")
