"""Plans of joint checks"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.String(), nullable=False) for n in names]


def _long(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Text(), nullable=False) for n in names]


def _days(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Date(), nullable=False) for n in names]


def _flags(*names: str) -> list[sa.Column]:
    return [sa.Column(n, sa.Boolean(), nullable=False) for n in names]


def _id(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "joint_plan",
        _id("id"), *_text("number"), sa.Column("version", sa.Integer(), nullable=False), *_text("state"),
        *_days("first", "last"), *_long("units", "domains"), _at("made_at"), *_text("made_by"), _at("changed_at"),
        _at("adopted_at", nullable=True), *_text("adopted_by"), *_long("parameters", "result"),
        _key("joint_plan", "id"),
    )  # fmt: skip
    op.create_index("ix_joint_plan_first", "joint_plan", ["first"])
    op.create_table(
        "plan_visit",
        _id("subject_id"), _id("id"), _id("plan_id"), *_text("state"), *_flags("pinned", "counted", "announced"),
        *_days("day"), *_text("domain"), *_long("domains"), *_text("report_unit", "street_code", "name", "code"),
        *_long("departments"), sa.Column("checks", sa.Integer(), nullable=False), sa.Column("hours", sa.Float(), nullable=False),
        _key("plan_visit", "subject_id", "id"),
    )  # fmt: skip
    op.create_index("ix_plan_visit_plan_id", "plan_visit", ["plan_id", "day"])
    op.create_index("ix_plan_visit_domain", "plan_visit", ["domain", "day"])
    op.create_table(
        "plan_check",
        _id("subject_id"), _id("id"), _id("plan_id"), _id("visit_id", nullable=True),
        *_text("domain", "report_unit", "name", "department"), *_long("matters"), *_text("source", "ref", "trigger"),
        sa.Column("hours", sa.Float(), nullable=False), *_days("first", "last"), sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False), *_text("reason"), *_long("why_zh", "why_en"),
        _key("plan_check", "subject_id", "id"),
    )  # fmt: skip
    op.create_index("ix_plan_check_plan_id", "plan_check", ["plan_id"])
    op.create_table(
        "plan_edit",
        _id("plan_id"), sa.Column("seq", sa.Integer(), nullable=False), _at("at"), *_text("by", "act"),
        _id("subject_id", nullable=True), _id("visit_id", nullable=True), *_text("name"), *_long("reason", "data"),
        _key("plan_edit", "plan_id", "seq"),
    )  # fmt: skip
    op.create_table(
        "plan_request",
        _id("subject_id"), _id("id"), *_text("domain", "report_unit"), *_long("departments"), *_days("first", "last"),
        *_long("reason"), *_text("ref"), _at("at"), *_text("by"), _at("withdrawn_at", nullable=True),
        _key("plan_request", "subject_id", "id"),
    )  # fmt: skip
    op.create_index("ix_plan_request_domain", "plan_request", ["domain", "first"])
    op.create_table(
        "inspection_force",
        *_text("department", "unit"), sa.Column("inspectors", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False), _at("at"), *_text("by"),
        _key("inspection_force", "department", "unit"),
    )  # fmt: skip
    op.create_table(
        "quiet_period",
        _id("id"), *_days("first", "last"), *_text("unit", "domain"), *_long("reason"), _at("at"), *_text("by"),
        _at("ended_at", nullable=True), *_text("ended_by"),
        _key("quiet_period", "id"),
    )  # fmt: skip


def downgrade() -> None:
    for table in (
        "quiet_period", "inspection_force", "plan_request", "plan_edit", "plan_check", "plan_visit", "joint_plan",
    ):  # fmt: skip
        op.drop_table(table)
