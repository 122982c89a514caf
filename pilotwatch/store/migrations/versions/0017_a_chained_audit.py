"""The audit as a chain"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_FIRST = "0" * 64
_PAGE = 10_000
_AUDIT = sa.table(
    "audit", sa.column("id", sa.Uuid()), sa.column("number", sa.BigInteger()), sa.column("at", UTCDateTime()),
    sa.column("username", sa.String()), sa.column("act", sa.String()), sa.column("object", sa.Text()),
    sa.column("details", sa.Text()), sa.column("hash", sa.String()),
)


def upgrade() -> None:
    head = op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.add_column("audit", sa.Column("number", sa.BigInteger(), nullable=True))
    op.add_column("audit", sa.Column("hash", sa.String(), nullable=True))
    number, before = _chain(op.get_bind())
    op.bulk_insert(head, [{"chain": "audit", "number": number, "hash": before}])
    with op.batch_alter_table("audit") as table:
        table.alter_column("number", existing_type=sa.BigInteger(), nullable=False)
        table.alter_column("hash", existing_type=sa.String(), nullable=False)
        table.create_unique_constraint("uq_audit_number", ["number"])
    op.create_index("ix_audit_username", "audit", ["username", "number"])
    op.create_index("ix_audit_act", "audit", ["act", "number"])


def _chain(connection) -> tuple[int, str]:
    """Links the lines that are there, in the order they came; returns the number and the hash of the last."""
    number, before, after = 0, _FIRST, None
    while True:
        page = sa.select(_AUDIT).order_by(_AUDIT.c.at, _AUDIT.c.id).limit(_PAGE)
        if after is not None:
            later = sa.and_(_AUDIT.c.at == after[0], _AUDIT.c.id > after[1])
            page = page.where(sa.or_(_AUDIT.c.at > after[0], later))
        rows = connection.execute(page).mappings().all()
        linked = []
        for row in rows:
            number += 1
            at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
            told = [before, number, str(row["id"]), at, *(row[n] for n in ("username", "act", "object", "details"))]
            before = hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
            linked.append({"which": row["id"], "number": number, "hash": before})
        if linked:
            connection.execute(sa.update(_AUDIT).where(_AUDIT.c.id == sa.bindparam("which")), linked)
        if len(rows) < _PAGE:
            return number, before
        after = rows[-1]["at"], rows[-1]["id"]


def downgrade() -> None:
    op.drop_index("ix_audit_act", "audit")
    op.drop_index("ix_audit_username", "audit")
    with op.batch_alter_table("audit") as table:
        table.drop_constraint("uq_audit_number", type_="unique")
        table.drop_column("hash")
        table.drop_column("number")
    op.drop_table("audit_head")
