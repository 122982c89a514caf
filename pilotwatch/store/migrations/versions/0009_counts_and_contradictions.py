"""Counts and contradictions"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_on IS NULL")


def _series() -> tuple[sa.Column, ...]:
    return tuple(sa.Column(n, sa.String(), nullable=False) for n in ("domain", "measure", "kind", "place"))


def _place() -> tuple[sa.Column, ...]:
    return tuple(sa.Column(n, sa.String(), nullable=False) for n in ("report_unit", "division_code", "street_code"))


def upgrade() -> None:
    key = ("subject_id", "domain", "measure", "day", "report_unit", "division_code", "street_code")
    op.create_table(
        "subject_count",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_place(),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_subject_count")),
    )
    key = ("domain", "measure", "report_unit", "division_code", "street_code", "day")
    op.create_table(
        "place_count",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        *_place(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_place_count")),
    )
    op.create_table(
        "signal",
        *_series(),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("creeping", sa.Boolean(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("week_from", sa.Date(), nullable=False),
        sa.Column("week_to", sa.Date(), nullable=False),
        sa.Column("history", sa.Integer(), nullable=False),
        sa.Column("observed", sa.Integer(), nullable=False),
        *(sa.Column(n, sa.Float(), nullable=True) for n in ("expected", "bound", "score", "p", "share")),
        sa.Column("at_risk", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=True),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("reason_zh", "reason_en", "method_zh", "method_en", "weeks")),
        sa.PrimaryKeyConstraint("domain", "measure", "kind", "place", name=op.f("pk_signal")),
    )
    op.create_table(
        "signal_alarm",
        *_series(),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("observed", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("bound", sa.Float(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("domain", "measure", "kind", "place", "raised_on", name=op.f("pk_signal_alarm")),
    )
    op.create_index("ix_signal_alarm_raised", "signal_alarm", ["domain", "raised_on"])
    op.create_table(
        "contradiction",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.Column("size", sa.Float(), nullable=False),
        sa.Column("owners", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *_place(),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_contradiction")),
    )
    op.create_index(
        "uq_contradiction_open", "contradiction", ["subject_id", "domain", "code"], unique=True,
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip
    op.create_index(
        "ix_contradiction_open", "contradiction", ["domain", "report_unit"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "contradiction_event",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contradiction_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("stated", sa.Text(), nullable=True),
        sa.Column("size", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_contradiction_event")),
    )


def downgrade() -> None:
    for table in ("contradiction_event", "contradiction", "signal_alarm", "signal", "place_count", "subject_count"):
        op.drop_table(table)
