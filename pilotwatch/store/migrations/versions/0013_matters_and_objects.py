"""Batches of published matters; objects that are one, and those that several departments supervise"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("matters", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_release")),
    )
    op.create_table(
        "matter_published",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["matter_release.id"], name=op.f("fk_matter_published_matter_release")),
        sa.PrimaryKeyConstraint("release_id", "item_code", name=op.f("pk_matter_published")),
    )
    op.create_table(
        "object_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("coded", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Integer(), nullable=False),
        sa.Column("clerical", sa.Integer(), nullable=False),
        sa.Column("overlaps", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("measured", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object_run")),
    )
    op.create_table(
        "object_link",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("record_key", sa.String(), nullable=False),
        sa.Column("row_subject", sa.Uuid(), nullable=False),
        sa.Column("row_unit", sa.String(), nullable=False),
        sa.Column("row_dept", sa.String(), nullable=False),
        sa.Column("object_dataset", sa.String(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("object_dept", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_object_link")),
    )
    op.create_index("ix_object_link_row", "object_link", ["record_key"])
    op.create_table(
        "object_link_event",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "link_id", "seq", name=op.f("pk_object_link_event")),
    )
    op.create_table(
        "object_member",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("record_key", sa.String(), nullable=False),
        sa.Column("row_subject", sa.Uuid(), nullable=False),
        sa.Column("dept", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "dataset", "record_key", name=op.f("pk_object_member")),
    )
    op.create_index("ix_object_member_key", "object_member", ["record_key"])
    op.create_table(
        "object_overlap",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("report_unit", sa.String(), nullable=False),
        sa.Column("departments", sa.Integer(), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("task", sa.Boolean(), nullable=False),
        sa.Column("task_no", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_object_overlap")),
    )
    op.create_index("ix_object_overlap_unit", "object_overlap", ["domain", "report_unit", "task"])


def downgrade() -> None:
    for table in (
        "object_overlap",
        "object_member",
        "object_link_event",
        "object_link",
        "object_run",
        "matter_published",
        "matter_release",
    ):
        op.drop_table(table)
