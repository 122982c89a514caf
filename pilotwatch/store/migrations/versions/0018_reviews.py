"""Which units are pilots of what"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pilot_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("chosen", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_entry")),
    )
    op.create_index("ix_pilot_entry_domain", "pilot_entry", ["domain", "report_unit"])


def downgrade() -> None:
    op.drop_table("pilot_entry")
