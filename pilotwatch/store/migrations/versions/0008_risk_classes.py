"""Risk classes"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_POINTS = ("credit", "breach", "aberration", "violations", "complaints", "overdue", "score")


def upgrade() -> None:
    op.create_table(
        "subject_risk",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in _POINTS),
        sa.Column("computed_class", sa.String(), nullable=False),
        sa.Column("risk_class", sa.String(), nullable=False),
        sa.Column("credit_class", sa.String(), nullable=False),
        sa.Column("exposure", sa.Float(), nullable=True),
        sa.Column("consequence", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("composite", sa.Float(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("division_code", sa.String(), nullable=False),
        sa.Column("street_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "domain", name=op.f("pk_subject_risk")),
    )
    op.create_index("ix_subject_risk_priority", "subject_risk", ["domain", "priority"])
    op.create_table(
        "place_risk",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("credit_class", sa.String(), nullable=False),
        sa.Column("risk_class", sa.String(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "report_unit", "credit_class", "risk_class", name=op.f("pk_place_risk")),
    )
    op.create_table(
        "risk_grade",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("from_class", sa.String(), nullable=False),
        sa.Column("to_class", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_risk_grade")),
    )
    op.create_table(
        "incident",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "domain", "kind", "day", name=op.f("pk_incident")),
    )
    op.create_table(
        "backtest",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "indicator", name=op.f("pk_backtest")),
    )


def downgrade() -> None:
    for table in ("backtest", "incident", "risk_grade", "place_risk", "subject_risk"):
        op.drop_table(table)
