"""Levels and their counts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_level",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("street_code", sa.String(), nullable=False),
        sa.Column("located", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "domain", "indicator", name=op.f("pk_subject_level")),
    )
    op.create_index("ix_subject_level_rank", "subject_level", ["domain", "rank", "report_unit", "indicator"])
    op.create_table(
        "place_level",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("street_code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("located", sa.String(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "domain", "indicator", "report_unit", "division_code", "street_code", "level", "located",
            name=op.f("pk_place_level"),
        ),
    )  # fmt: skip
    op.create_table(
        "subject_part",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("street_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "domain", "indicator", name=op.f("pk_subject_part")),
    )
    op.create_table(
        "place_sum",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("street_code", sa.String(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "domain", "indicator", "report_unit", "division_code", "street_code", name=op.f("pk_place_sum")
        ),
    )
    op.create_table(
        "dataset_tally",
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "report_unit", name=op.f("pk_dataset_tally")),
    )


def downgrade() -> None:
    for table in ("dataset_tally", "place_sum", "subject_part", "place_level", "subject_level"):
        op.drop_table(table)
