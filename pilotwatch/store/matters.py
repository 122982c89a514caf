"""Batches of published matters: which version of which matter the office published, when and by which notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from sqlalchemy import select

from pilotwatch.domain import Text
from pilotwatch.identity import new_id
from pilotwatch.store import bulk, datasets, past, scope
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.object_tables import MatterPublished, MatterRelease
from pilotwatch.store.registers import append_audit
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk

_release, _published = MatterRelease.__table__, MatterPublished.__table__
_DATASET = "matter"


@dataclass(frozen=True, slots=True)
class Release:
    """A batch as it is listed."""

    id: str
    title: str
    published_on: date
    document: str
    note: str
    matters: int
    by: str
    at: datetime


def releases(desk: Desk) -> tuple[Release, ...]:
    """Every batch, the newest first. The list of matters is public: every reader sees it whole."""
    scope.demand(desk.person, "read")
    order = (_release.c.published_on.desc(), _release.c.at.desc())
    with desk._reading() as connection:
        rows = connection.execute(select(_release).order_by(*order)).mappings().all()
    return tuple(Release(**{**row, "id": str(row["id"])}) for row in rows)


def versions(desk: Desk, columns: Sequence[str]) -> pa.Table:
    """Every version of every matter, whichever unit handed it in: `past.versions` of the whole list."""
    everywhere = type(desk)(desk._store, replace(desk.person, units=None), desk._connection)
    return past.versions(everywhere, _DATASET, columns)


def published(desk: Desk) -> pd.DataFrame:
    """What was published of each matter in the batches: item_code, content (hash), title, published_on (datetime64)."""
    scope.demand(desk.person, "read")
    types = {"item_code": pa.string(), "content": pa.string(), "title": pa.string(), "published_on": pa.date32()}
    statement = select(_published.c.item_code, _published.c.content, _release.c.title, _release.c.published_on).join(
        _release, _release.c.id == _published.c.release_id
    )
    with desk._reading() as connection:
        found = bulk.read(connection, statement.order_by(_release.c.published_on, _release.c.at), types)
    return found.to_pandas(date_as_object=False)


def release(
    desk: Desk, title: str, published_on: date, contents: Mapping[str, str], *, document: str = "", note: str = ""
) -> Release:
    """Publishes a batch. `contents`: item code → hash of what is published of it. Raises StoreRefused.

    What may be published is the business of `pilotwatch.inspection.matters.publish`.
    """
    scope.demand(desk.person, "read")
    scope.demand(desk.person, "settings")
    at, who = now(), desk.person.username
    made = new_id()
    row = {
        "id": made, "title": title, "published_on": published_on, "document": document, "note": note, "matters": len(contents),
        "by": who, "at": at,
    }  # fmt: skip
    with desk._writing() as connection:
        datasets.lock(connection, [_DATASET])
        if connection.scalar(select(_release.c.id).where(_release.c.title == title)):
            raise StoreRefused("release_there", _THERE.format(title=title))
        connection.execute(_release.insert().values(**row))
        lines = [{"release_id": made, "item_code": code, "content": hash_} for code, hash_ in contents.items()]
        connection.execute(_published.insert(), lines)
        datasets.advance(connection, [_DATASET])
        told = {"title": title, "published_on": published_on, "document": document, "matters": sorted(contents)}
        append_audit(connection, who, "matters.publish", title, told)
    return Release(**{**row, "id": str(made)})


def exported(desk: Desk, scene: str, kind: str) -> None:
    """Notes in the audit that a scene's manual was taken out, as a PDF or a Word document."""
    scope.demand(desk.person, "read")
    with desk._writing() as connection:
        append_audit(connection, desk.person.username, "export.manual", scene, {"kind": kind})


_THERE = Text(
    "已有名为“{title}”的批次。请换一个名称，如“第二批”。",
    "There is a batch “{title}” already. Give this one another title.",
)
