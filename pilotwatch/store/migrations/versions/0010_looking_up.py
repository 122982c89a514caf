"""Subjects by the beginning of their name or code; when a warning's clock began, and when somebody first acted"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENTS = {"opened_at": "act = 'open'", "acted_at": "(act IN ('acknowledge', 'assign') OR act LIKE 'close:%')"}


def upgrade() -> None:
    for column in ("code", "name"):
        op.create_index(f"ix_subject_{column}", "subject", [column], postgresql_ops={column: "text_pattern_ops"})
    for column, acts in _MOMENTS.items():
        op.add_column("warning", sa.Column(column, UTCDateTime(), nullable=True))
        op.execute(
            f"UPDATE warning SET {column} = (SELECT min(at) FROM warning_event e"
            f" WHERE e.subject_id = warning.subject_id AND e.warning_id = warning.id AND {acts})"
        )


def downgrade() -> None:
    for column in _MOMENTS:
        op.drop_column("warning", column)
    for column in ("code", "name"):
        op.drop_index(f"ix_subject_{column}", "subject")
