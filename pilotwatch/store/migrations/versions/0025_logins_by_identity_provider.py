"""Accounts that log in by an identity provider; how and with what somebody is logged in"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_link",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("bound_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_account_link")),
        sa.ForeignKeyConstraint(["username"], ["account.username"], name=op.f("fk_account_link_account")),
    )
    op.create_index("ix_account_link_subject", "account_link", ["issuer", "subject"], unique=True)
    op.create_index("ix_account_link_claim", "account_link", ["issuer", "claim"], unique=True)
    op.create_table(
        "login_attempt",
        sa.Column("state_sha256", sa.String(), nullable=False),
        sa.Column("browser_sha256", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("there", sa.Text(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_expires_at", "login_attempt", ["expires_at"])
    with op.batch_alter_table("login_session") as table:
        table.add_column(sa.Column("by", sa.String(), nullable=False, server_default="password"))
        table.add_column(sa.Column("device", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("seen_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.drop_column("seen_at")
    with op.batch_alter_table("login_session") as table:
        table.drop_column("device")
        table.drop_column("by")
    op.drop_table("login_attempt")
    op.drop_table("account_link")
