"""The ledger of visits saved and missed"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PLACE = ("listed_in", "report_unit", "division_code", "street_code")


def upgrade() -> None:
    op.create_table(
        "saved_visit",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("task_no", "scan_id", "trigger")),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("departments", sa.Text(), nullable=False),
        sa.Column("saved", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("replaced", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _PLACE),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_saved_visit")),
    )
    op.create_index("ix_saved_visit_month", "saved_visit", ["month", "report_unit"])
    op.create_table(
        "merge_chance",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("report_unit", "reach")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("since", "until")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("trips", "missed")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("expected", "low", "high")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("runs", "seed")),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("report_unit", "reach", name=op.f("pk_merge_chance")),
    )


def downgrade() -> None:
    for table in ("merge_chance", "saved_visit"):
        op.drop_table(table)
