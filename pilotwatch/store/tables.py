"""The core's own tables. A record's table is derived from its class (see `records`); these have migrations.

`PLACEMENT` declares every table once as what it is on a distributed database: *distributed* by `subject_id`, a
*reference* table copied to every node, or *local* to the coordinator. A test holds all of them to those rules.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, MetaData, Text
from sqlmodel import Field, SQLModel

Placement = Literal["distributed", "reference", "local"]

PLACEMENT: dict[str, Placement] = {
    "subject": "distributed",
    "confirmation": "distributed",
    "account": "reference",
    "dataset": "local",
    "batch": "local",
    "batch_table": "local",
    "batch_unit": "local",
    "batch_finding": "local",
    "kept_file": "local",
    "mapping_memory": "local",
    "login_session": "local",
    "setting": "local",
}

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


class Base(SQLModel):
    metadata = metadata


def _text(**options) -> Column:
    return Column(Text, **options)


# --- subjects ------------------------------------------------------------------------------------------------------


class Subject(Base, table=True):
    """A supervised subject as one list has it now; one that is in several lists has a row for each.

    Follows from the current rows of the `kind="subject"` datasets; the store keeps it so, nobody else writes it.
    """

    __tablename__ = "subject"
    __table_args__ = (
        Index("ix_subject_place", "dataset", "report_unit"),
        # compared byte by byte in either database, so that the beginning of a word is a range of the index
        Index("ix_subject_code", "code", postgresql_ops={"code": "text_pattern_ops"}),
        Index("ix_subject_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        {"sqlite_with_rowid": False},
    )

    subject_id: UUID = Field(primary_key=True)
    dataset: str = Field(primary_key=True)
    row_id: UUID
    code: str | None = None  # the natural key: a credit code, a house number
    name: str | None = None
    division_code: str | None = None
    street_code: str | None = None
    report_unit: str | None = None
    zone: str | None = None
    jurisdiction: str | None = None
    lng: float | None = None
    lat: float | None = None
    located: str | None = None


class Confirmation(Base, table=True):
    """A later batch stated a stored row again, unchanged: so the row stays when the batch that brought it goes."""

    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_batch", "batch_id"), {"sqlite_with_rowid": False})

    subject_id: UUID = Field(primary_key=True)
    row_id: UUID = Field(primary_key=True)
    batch_id: UUID = Field(primary_key=True)
    dataset: str
    sheet: str | None = None
    source_row: int


# --- batches -------------------------------------------------------------------------------------------------------


class Dataset(Base, table=True):
    """One dataset: what it is locked by, how often it changed, and which columns its table was given."""

    __tablename__ = "dataset"

    name: str = Field(primary_key=True)
    version: int = Field(default=0, sa_type=BigInteger)
    columns: str = Field(default="{}", sa_column=_text(nullable=False))  # JSON: column → storage class


class Batch(Base, table=True):
    """One upload that changed something: whose, which file, when; and when and why it was withdrawn."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_at", "at"),)

    id: UUID = Field(primary_key=True)
    at: datetime
    on_day: date | None = None
    by: str
    by_name: str
    file: str
    sha256: str | None = None
    size: int = Field(default=0, sa_type=BigInteger)
    good_rows: bool = False
    demo: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    reason: str | None = Field(default=None, sa_column=_text())


class BatchTable(Base, table=True):
    """One table of a batch: where it stood in the file, what was made of its columns, what became of its rows."""

    __tablename__ = "batch_table"

    batch_id: UUID = Field(primary_key=True, foreign_key="batch.id")
    position: int = Field(primary_key=True)
    dataset: str
    sheet: str | None = None
    header_row: int
    rows_read: int
    rows_ready: int
    new: int
    changed: int
    unchanged: int
    missing: int
    errors: int
    warnings: int
    columns: str = Field(sa_column=_text(nullable=False))  # JSON: [[header, field or null], …] in the sheet's order
    context: str = Field(sa_column=_text(nullable=False))  # JSON: what the lines around the table said


class BatchUnit(Base, table=True):
    """How many rows of which reporting unit a batch put into a dataset ("" where the rows name none)."""

    __tablename__ = "batch_unit"

    batch_id: UUID = Field(primary_key=True, foreign_key="batch.id")
    dataset: str = Field(primary_key=True)
    report_unit: str = Field(primary_key=True)
    rows: int


class BatchFinding(Base, table=True):
    """A finding the batch was committed with: a warning and its explanation, or why a row was left out."""

    __tablename__ = "batch_finding"

    batch_id: UUID = Field(primary_key=True, foreign_key="batch.id")
    position: int = Field(primary_key=True)
    dataset: str
    sheet: str | None = None
    row: int
    field: str | None = None
    header: str | None = Field(default=None, sa_column=_text())
    value: str | None = Field(default=None, sa_column=_text())
    expected_zh: str = Field(sa_column=_text(nullable=False))
    expected_en: str = Field(sa_column=_text(nullable=False))
    message_zh: str = Field(sa_column=_text(nullable=False))
    message_en: str = Field(sa_column=_text(nullable=False))
    rule: str
    severity: str
    explanation: str | None = Field(default=None, sa_column=_text())


class KeptFile(Base, table=True):
    """An uploaded file, kept as it came under its SHA-256."""

    __tablename__ = "kept_file"

    sha256: str = Field(primary_key=True)
    name: str
    size: int = Field(sa_type=BigInteger)
    kind: str
    at: datetime


class MappingMemory(Base, table=True):
    """Which field a team said a header means, for tables headed exactly so."""

    __tablename__ = "mapping_memory"

    team: str = Field(primary_key=True)
    dataset: str = Field(primary_key=True)
    headers: str = Field(primary_key=True)  # hash of the headers in their order
    mapping: str = Field(sa_column=_text(nullable=False))  # JSON: header → field or null
    by: str
    at: datetime


# --- people --------------------------------------------------------------------------------------------------------


class Account(Base, table=True):
    """A local account. `units`, `domains` and `departments` are JSON lists; null: no bound."""

    __tablename__ = "account"

    username: str = Field(primary_key=True)
    name: str
    role: str
    units: str | None = Field(default=None, sa_column=_text())
    domains: str | None = Field(default=None, sa_column=_text())
    departments: str | None = Field(default=None, sa_column=_text())
    password: str = Field(sa_column=_text(nullable=False))  # an argon2id hash in its standard form
    must_change: bool = False
    demo: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None
    created_at: datetime
    changed_at: datetime
    seen_at: datetime | None = None  # the last log-in


class LoginSession(Base, table=True):
    """A log-in. The token itself is only at the browser; here is its SHA-256."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_username", "username"),)

    token_sha256: str = Field(primary_key=True)
    username: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    by: str = "password"  # or oidc
    device: str = ""  # what kind of browser, roughly: "Firefox · Windows"


class Setting(Base, table=True):
    """What an office may set; `value` is JSON."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str = Field(sa_column=_text(nullable=False))
