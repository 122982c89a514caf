"""Rows of the shelf in the order of their key; only levels that warn are found by their rank"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = ("subject_level", "subject_part", "subject_period", "subject_count")
_RANK = ("ix_subject_level_rank", "subject_level")
_RANKED = ["domain", "rank", "report_unit", "indicator"]


def upgrade() -> None:
    op.drop_index(*_RANK)
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            _rebuild(table, " WITHOUT ROWID")
    warning = sa.text("rank <= 3")
    op.create_index(*_RANK, [*_RANKED, "since"], sqlite_where=warning, postgresql_where=warning)


def downgrade() -> None:
    op.drop_index(*_RANK)
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            _rebuild(table, "")
    op.create_index(*_RANK, _RANKED)


def _rebuild(table: str, layout: str) -> None:
    """Makes a table anew, laid out so, with its rows and indexes."""
    asked = sa.text("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    made = op.get_bind().execute(asked, {"table": table}).all()
    for kind, name, _ in made:
        if kind == "index":
            op.drop_index(name, table)
    op.rename_table(table, f"{table}_before")
    declared = next(sql for kind, _, sql in made if kind == "table").rstrip().removesuffix("WITHOUT ROWID").rstrip()
    op.execute(declared + layout)
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - a name of _TABLES
    op.drop_table(f"{table}_before")
    for kind, _, sql in made:
        if kind == "index":
            op.execute(sql)
