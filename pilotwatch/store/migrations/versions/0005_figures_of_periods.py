"""Figures of periods"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PLACE = ("report_unit", "division_code", "street_code")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.String(), nullable=False) for n in names]


def _sums() -> list[sa.Column]:
    return [sa.Column(n, sa.BigInteger(), nullable=False) for n in ("numerator", "denominator")]


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    own = ("domain", "indicator", "period", "kind")
    op.create_table(
        "subject_period",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        *_texts(*own, "listed_in"), *_sums(), *_texts(*_PLACE),
        _key("subject_period", "subject_id", *own),
    )
    op.create_index("ix_subject_period_place", "subject_period", ["domain", "indicator", "period", "report_unit"])
    key = (*own, "listed_in", *_PLACE)
    op.create_table(
        "place_period",
        *_texts(*key), *_sums(), sa.Column("subjects", sa.Integer(), nullable=False), _key("place_period", *key),
    )
    key = ("domain", "month", "indicator", *_PLACE, "level")
    op.create_table(
        "month_level",
        *_texts(*key), sa.Column("subjects", sa.Integer(), nullable=False), sa.Column("on_day", sa.Date(), nullable=False),
        _key("month_level", *key),
    )
    key = ("domain", "month", "indicator", "kind", "listed_in", *_PLACE)
    op.create_table(
        "month_sum",
        *_texts(*key), *_sums(), sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False), _key("month_sum", *key),
    )


def downgrade() -> None:
    for table in ("month_sum", "month_level", "place_period", "subject_period"):
        op.drop_table(table)
