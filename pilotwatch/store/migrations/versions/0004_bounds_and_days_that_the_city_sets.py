"""Bounds and days that the city sets"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bound_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("judges", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("bound", sa.String(), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bound_entry")),
    )
    op.create_index("ix_bound_entry_indicator", "bound_entry", ["domain", "indicator"])
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("entry", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attested", sa.Boolean(), nullable=False),
        sa.Column("festival", sa.String(), nullable=False),
        sa.Column("notice_no", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
    )
    op.create_index("ix_calendar_entry_day", "calendar_entry", ["day"])


def downgrade() -> None:
    for table in ("calendar_entry", "bound_entry"):
        op.drop_table(table)
