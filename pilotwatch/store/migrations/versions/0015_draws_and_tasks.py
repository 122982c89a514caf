"""Draws, tasks and what was found"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('issued', 'entered')")


def _texts(*names):
    return (sa.Column(n, sa.String(), nullable=False) for n in names)


def upgrade() -> None:
    op.create_table(
        "draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number", "state", "title", "domain", "report_unit"),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        *_texts("objects_sha256"),
        sa.Column("inspectors", sa.Integer(), nullable=False),
        *_texts("inspectors_sha256", "public_source"),
        sa.Column("public_at", UTCDateTime(), nullable=False),
        sa.Column("prepared_at", UTCDateTime(), nullable=False),
        *_texts("prepared_by", "commitment"),
        sa.Column("sealed_at", UTCDateTime(), nullable=True),
        *_texts("sealed_by", "public", "nonce"),
        sa.Column("drawn_at", UTCDateTime(), nullable=True),
        *_texts("drawn_by"),
        sa.Column("aborted_at", UTCDateTime(), nullable=True),
        *_texts("aborted_by"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
    )
    op.create_index("ix_draw_prepared", "draw", ["domain", "prepared_at"])
    op.create_table(
        "draw_event",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_texts("by", "act"),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draw_id", "id", name=op.f("pk_draw_event")),
    )
    op.create_table(
        "drawn",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("stratum", "ticket"),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column("officers", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        *_texts("domain", "report_unit", "street_code", "name", "code"),
        sa.PrimaryKeyConstraint("subject_id", "draw_id", name=op.f("pk_drawn")),
    )
    op.create_index("ix_drawn_draw", "drawn", ["draw_id", "report_unit"])
    op.create_table(
        "inspector",
        *_texts("id", "name", "department", "report_unit"),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        *_texts("changed_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector")),
    )
    op.create_table(
        "conflict",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        *_texts("inspector_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        *_texts("report_unit"),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_texts("by"),
        sa.PrimaryKeyConstraint("subject_id", "inspector_id", name=op.f("pk_conflict")),
    )
    op.create_table(
        "visit_task",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts(
            "state", "origin", "origin_ref", "trigger", "domain", "name", "code", "dataset", "address", "report_unit",
            "division_code", "street_code", "lead",
        ),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("departments", "matters", "officers")),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        *_texts("notice_no"),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        *_texts("issued_by"),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        *_texts("entered_how"),
        sa.Column("late_reason", sa.Text(), nullable=False),
        *_texts("exempt_reason"),
        sa.Column("distance_m", sa.Float(), nullable=True),
        *_texts("result", "signed_by"),
        sa.Column("refused_to_sign", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        *_texts("recorded_by"),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("publish_by", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "id", name=op.f("pk_visit_task")),
    )
    op.create_index("ix_visit_task_number", "visit_task", ["number"])
    op.create_index("ix_visit_task_moved", "visit_task", ["domain", "moved_at"])
    op.create_index("ix_visit_task_open", "visit_task", ["domain", "report_unit", "until"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "visit_department",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        *_texts("department", "result"),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("ticks", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=True),
        *_texts("by"),
        sa.PrimaryKeyConstraint("subject_id", "task_id", "department", name=op.f("pk_visit_department")),
    )
    op.create_index("ix_visit_department_subject", "visit_department", ["subject_id", "department"])
    op.create_table(
        "visit_event",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_texts("by", "act"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "task_id", "seq", name=op.f("pk_visit_event")),
    )
    op.create_table(
        "visit_rating",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "task_id", name=op.f("pk_visit_rating")),
    )


def downgrade() -> None:
    for table in (
        "visit_rating", "visit_event", "visit_department", "visit_task", "conflict", "inspector", "drawn", "draw_event", "draw",
    ):
        op.drop_table(table)
