"""Hot spots: what was tested, and what was found of each place"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEY = ("domain", "measure", "layer", "period")
_NUMBERS = ("expected", "ratio", "low", "high", "smoothed", "gi", "ring_observed", "ring_expected", "p")


def upgrade() -> None:
    op.create_table(
        "hot_run",
        *(sa.Column(name, sa.String(), nullable=False) for name in _KEY),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.Column("observed", sa.Float(), nullable=False),
        sa.Column("hot", sa.Integer(), nullable=False),
        sa.Column("spread", sa.Float(), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_hot_run")),
    )
    op.create_table(
        "hot_place",
        *(sa.Column(name, sa.String(), nullable=False) for name in (*_KEY, "place")),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("report_unit", "division_code", "street_code")),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("observed", sa.Float(), nullable=False),
        sa.Column("at_risk", sa.Float(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in _NUMBERS),
        sa.Column("hot", sa.Boolean(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "place", name=op.f("pk_hot_place")),
    )
    op.create_index("ix_hot_place_unit", "hot_place", [*_KEY, "report_unit"])


def downgrade() -> None:
    for table in ("hot_place", "hot_run"):
        op.drop_table(table)
