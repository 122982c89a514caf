"""What is behind a quiet place: nobody looked, nothing is known, nothing was found; and what started lately"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COUNTS = ("known", "inspected", "xpcc")


def upgrade() -> None:
    op.add_column("hot_run", sa.Column("xpcc", sa.Integer(), nullable=True))
    op.add_column("hot_run", sa.Column("started", sa.Text(), nullable=True))
    op.add_column("hot_place", sa.Column("state", sa.String(), nullable=True))
    for name in _COUNTS:
        op.add_column("hot_place", sa.Column(name, sa.Integer(), nullable=True))
    # of tests made before, nobody noted whether anyone had looked
    op.execute(
        "UPDATE hot_place SET state = CASE WHEN hot THEN 'hot' WHEN observed > 0 THEN 'found' ELSE 'no_data' END"
    )


def downgrade() -> None:
    for name in (*_COUNTS, "state"):
        op.drop_column("hot_place", name)
    for name in ("started", "xpcc"):
        op.drop_column("hot_run", name)
