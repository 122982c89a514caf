"""Typical cases to be copied elsewhere"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _text(*names):
    return [sa.Column(n, sa.Text(), nullable=False) for n in names]


def _word(*names):
    return [sa.Column(n, sa.String(), nullable=False) for n in names]


def _of_typical(table):
    return sa.ForeignKeyConstraint(["typical_id"], ["typical.id"], name=f"fk_{table}_typical")


def upgrade() -> None:
    op.create_table(
        "typical",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_word("number", "state"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("shown_at", UTCDateTime(), nullable=True),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        *_word("units", "domains", "departments"),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        *_word("made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typical")),
    )
    op.create_index("ix_typical_number", "typical", ["number"], unique=True)
    op.create_index("ix_typical_shown", "typical", ["shown_at"])
    op.create_table(
        "typical_source",
        sa.Column("typical_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        *_word("number", "units", "domains", "departments"),
        _of_typical("typical_source"),
        sa.PrimaryKeyConstraint("typical_id", "case_id", name=op.f("pk_typical_source")),
    )
    op.create_index("ix_typical_source_case", "typical_source", ["case_id"])
    op.create_table(
        "typical_version",
        sa.Column("typical_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_word("state", "title"),
        *_text("body"),
        *_word("tags"),
        *_text("kept_names", "figures", "seen", "search"),
        sa.Column("as_of", UTCDateTime(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_word("by"),
        _of_typical("typical_version"),
        sa.PrimaryKeyConstraint("typical_id", "version", name=op.f("pk_typical_version")),
    )
    op.create_table(
        "typical_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("typical_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_word("by", "act"),
        *_text("remark"),
        _of_typical("typical_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typical_event")),
    )
    op.create_index("ix_typical_event_typical", "typical_event", ["typical_id"])
    op.create_table(
        "typical_adoption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("typical_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_word("taker"),
        sa.Column("at", UTCDateTime(), nullable=False),
        *_word("by"),
        *_text("note"),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        *_word("ended_by"),
        *_text("ended_why"),
        _of_typical("typical_adoption"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typical_adoption")),
    )
    op.create_index("ix_typical_adoption_typical", "typical_adoption", ["typical_id"])


def downgrade() -> None:
    for table in ("typical_adoption", "typical_event", "typical_version", "typical_source", "typical"):
        op.drop_table(table)
