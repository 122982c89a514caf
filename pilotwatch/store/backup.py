"""A backup: one tar file with every table as Arrow, the kept files, and a manifest that everything in it is held against.

It is taken from one state of the store while others go on writing (SQLite's read transaction in WAL mode, PostgreSQL's
repeatable read), and says nothing of either database: what was backed up from SQLite is restored into PostgreSQL as well.

Log-ins and leases are left out: nobody is logged in to a restored store. The keys in the data folder are no part of it, or
whoever has the backup could open what they seal; keep them elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Column as TableColumn
from sqlalchemy import Connection, MetaData, Table, inspect, select

from pilotwatch.domain import Record, Text
from pilotwatch.store import audit, bulk, files, schema, whole
from pilotwatch.store import engine as db
from pilotwatch.store.model import StoreRefused
from pilotwatch.store.records import PREFIX, tables_of
from pilotwatch.store.tables import KeptFile
from pilotwatch.store.whole import KINDS, digest_of
from pilotwatch.workdays import now

if TYPE_CHECKING:
    from pilotwatch.store.desk import Desk
    from pilotwatch.store.store import Store

FORMAT = 1
Told = Callable[[Text, float], None]


@dataclass(frozen=True)
class Made:
    """A backup: its file and what its manifest says."""

    file: Path
    manifest: Mapping[str, Any]

    @property
    def rows(self) -> int:
        return sum(t["rows"] for t in self.manifest["tables"].values())

    @property
    def told(self) -> dict[str, Any]:
        """What the audit and the command line say of it."""
        names = ("made_at", "schema", "database", "end")
        counts = {"tables": len(self.manifest["tables"]), "rows": self.rows, "files": len(self.manifest["files"])}
        return (
            {"file": str(self.file), "bytes": self.file.stat().st_size} | {n: self.manifest[n] for n in names} | counts
        )


# --- taking --------------------------------------------------------------------------------------------------------


def take(desk: Desk, file: Path, told: Told | None = None) -> Made:
    """Writes the backup of the whole store to a new file, and reads it again to see that it is whole.

    Readable for its owner alone. Raises StoreRefused where the file is there already, or for whoever isn't the house.
    """
    store, told = whole.store_of(desk, _NOT_YOURS), told or (lambda _step, _share: None)
    if file.exists():
        raise StoreRefused("file_exists", _EXISTS.format(file=file.name))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.absolute().parent) as folder:
        aside = Path(folder)
        manifest = _dump(store, aside, told)
        made = aside / "whole.tar"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as tar:
                for name in manifest["members"]:
                    tar.add(_member(store, aside, name), arcname=name)
                _add_text(tar, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
            out.flush()
            os.fsync(out.fileno())
        told(_CHECKING, 0.9)
        check(made)
        os.replace(made, file)
    told(_DONE, 1.0)
    audit.told_of(desk, "store.backup", file.name, {n: v for n, v in Made(file, manifest).told.items() if n != "file"})
    return Made(file, manifest)


def _dump(store: Store, folder: Path, told: Told) -> dict[str, Any]:
    """All tables of one moment, each in a file of the folder; then what files belong to them."""
    described: dict[str, Any] = {}
    with whole.one_state(store._engine) as connection:
        made_at = now()
        tables = whole.tables(connection)
        end = connection.execute(select(audit._head.c.number, audit._head.c.hash)).first()
        for n, table in enumerate(tables):
            told(_READING.format(table=table.name), 0.8 * n / len(tables))
            with (folder / table.name).open("wb") as out:
                rows, digest = _write(connection, table, out)
            described[table.name] = whole.described(table) | {"rows": rows, "digest": f"{digest:016x}"}
        kept = connection.scalars(select(KeptFile.__table__.c.sha256).order_by(KeptFile.__table__.c.sha256)).all()
        database, revision = connection.dialect.name, schema._revision(connection)
    # kept files are written before their rows and never change: those of that moment are all there, or were removed
    there = [s for s in kept if files.path_of(store.files, s).is_file()]
    members = {f"tables/{t.name}": files.sha256(folder / t.name) for t in tables} | {f"files/{s}": s for s in there}
    return {
        "format": FORMAT, "made_at": made_at.isoformat(timespec="seconds"), "schema": revision, "database": database,
        "end": {"number": end.number, "hash": end.hash}, "tables": described, "files": there,
        "gone": sorted(set(kept) - set(there)), "members": members,
    }  # fmt: skip


def _write(connection: Connection, table: Table, out: IO[bytes]) -> tuple[int, int]:
    """The rows of a table as an Arrow stream; how many there are, and their digest."""
    types = whole.arrow(table)
    rows = digest = 0
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(out, pa.schema(types.items()), options=options) as writer:
        for chunk in whole.chunks(connection, table, types):
            writer.write_table(chunk)
            rows, digest = rows + chunk.num_rows, (digest + digest_of(chunk)) % 2**64
    return rows, digest


def _member(store: Store, folder: Path, name: str) -> Path:
    kind, _, rest = name.partition("/")
    return folder / rest if kind == "tables" else files.path_of(store.files, rest)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        tar.addfile(info, file)


# --- checking ------------------------------------------------------------------------------------------------------


def check(file: Path) -> Made:
    """Reads a backup through, every byte of it; raises StoreRefused where it is no backup, cut short or altered."""
    try:
        with tarfile.open(file) as tar:
            manifest = _manifest(tar)
            for name, wanted in manifest["members"].items():
                with _open(tar, name) as member:
                    if hashlib.file_digest(member, "sha256").hexdigest() != wanted:
                        raise StoreRefused("damaged_backup", _DAMAGED.format(file=file.name, member=name))
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise StoreRefused("damaged_backup", _DAMAGED.format(file=file.name, member=str(error)[:80])) from error
    return Made(file, manifest)


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    with _open(tar, "manifest.json") as member:
        manifest = json.loads(member.read())
    if manifest["format"] != FORMAT:
        raise StoreRefused("newer_backup", _NEWER.format(theirs=manifest["format"], ours=FORMAT))
    if any(not _MEMBER.fullmatch(n) for n in manifest["members"]):
        raise ValueError("a member's name")
    return manifest


def _open(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """A member's bytes. Nothing is ever unpacked by the name that an archive gives it."""
    found = tar.extractfile(tar.getmember(name))
    if found is None:
        raise KeyError(name)
    return found


_MEMBER = re.compile(r"tables/[a-z][a-z0-9_]{0,60}|files/[0-9a-f]{64}")


# --- restoring -----------------------------------------------------------------------------------------------------


def restore(url: str, file: Path, folder: Path, records: Sequence[type[Record]], told: Told | None = None) -> Made:
    """Makes the store at a URL, where there must be none yet, what it was when the backup was taken.

    All rows and their digests are compared before anything is committed: all of it is there, or nothing. `folder`: where
    kept files go. Records whose domain isn't installed get their rows back, too. Raises StoreRefused.
    """
    told = told or (lambda _step, _share: None)
    told(_CHECKING, 0.0)
    made = check(file)
    manifest = made.manifest
    if manifest["schema"] > schema.HEAD:
        raise StoreRefused("newer_backup", _NEWER.format(theirs=manifest["schema"], ours=schema.HEAD))
    engine = db.create(url)
    try:
        with db.reading(engine) as connection:
            if inspect(connection).has_table("alembic_version"):
                raise StoreRefused("store_there", _THERE)
        with tarfile.open(file) as tar:
            _restore_files(tar, manifest["files"], folder)
            schema._make_lock(engine)
            with db.writing(engine, guarded=False) as connection:
                schema._lock(connection)
                schema._upgrade(connection, manifest["schema"])
                _load(connection, tar, manifest, records, told)
    finally:
        engine.dispose()
    _set_aside(folder.parent / "anchors")
    told(_DONE, 1.0)
    return made


def _load(
    connection: Connection, tar: tarfile.TarFile, manifest: Mapping[str, Any], records: Sequence[type[Record]], told: Told
) -> None:  # fmt: skip
    plain, declared = MetaData(), {PREFIX + n: t for n, t in tables_of(records).items()}
    described = manifest["tables"]
    for n, (name, about) in enumerate(described.items()):
        told(_WRITING.format(table=name), 0.1 + 0.8 * n / len(described))
        table = Table(
            name, plain,
            *(TableColumn(c, KINDS[kind][0], primary_key=c in about["key"]) for c, kind in about["columns"].items()),
        )  # fmt: skip
        if name.startswith(PREFIX):
            whole.make(connection, table, about["stored"], declared.get(name))
        connection.execute(table.delete())  # what a migration put into it is in the backup, too
        with _open(tar, f"tables/{name}") as member, pa.ipc.open_stream(member) as stream:
            for batch in stream:
                if batch.num_rows:
                    arrays = pa.Table.from_batches([batch])
                    bulk.insert(connection, table, {c: arrays[c].combine_chunks() for c in arrays.column_names})
        types = whole.arrow(table)
        rows = digest = 0
        for chunk in whole.chunks(connection, table, types):
            rows, digest = rows + chunk.num_rows, (digest + digest_of(chunk)) % 2**64
        if (rows, f"{digest:016x}") != (about["rows"], about["digest"]):
            raise StoreRefused("restored_wrong", _WRONG.format(table=name, rows=rows, of=about["rows"]))


def _restore_files(tar: tarfile.TarFile, kept: Sequence[str], folder: Path) -> None:
    for digest in kept:
        with _open(tar, f"files/{digest}") as member, tempfile.NamedTemporaryFile(prefix="pilotwatch-") as aside:
            shutil.copyfileobj(member, aside, 1 << 20)
            aside.flush()
            if files.keep(folder, Path(aside.name))[0] != digest:
                raise StoreRefused("damaged_backup", _DAMAGED.format(file="", member=digest))


def _set_aside(anchors: Path) -> None:
    """Anchors of the store that was there before: the restored chain ends earlier, and says so in its next line."""
    old = sorted(anchors.glob("*.log"))
    if old:
        aside = anchors / f"before-{now():%Y%m%dT%H%M%SZ}"
        aside.mkdir()
        for file in old:
            file.rename(aside / file.name)


_READING = Text("读取 {table}", "Reading {table}")
_WRITING = Text("写入 {table}", "Writing {table}")
_CHECKING = Text("核对备份文件", "Reading the backup through")
_DONE = Text("完成", "Done")
_EXISTS = Text(
    "文件“{file}”已存在。为免覆盖已有备份，请换一个文件名。",
    "{file} is there already. So that no backup is overwritten, give another name.",
)
_DAMAGED = Text(
    "“{file}”不是完整的备份（{member}）：文件被截断、改动，或者不是本系统的备份。请换用另一份备份。",
    "{file} is no whole backup ({member}): it was cut short or altered, or is none of ours. Use another one.",
)
_NEWER = Text(
    "备份由更新版本的程序制作（{theirs}，本程序为 {ours}）。请先升级程序再恢复。",
    "The backup was made by a newer version ({theirs}; this program knows {ours}). Upgrade the program first.",
)
_THERE = Text(
    "目标位置已有数据库。恢复只写入空库，不会覆盖：请用 PILOTWATCH_VAR 或 PILOTWATCH_DATABASE_URL 指向一个空的位置。",
    "There is a store at the target already. A restore overwrites nothing: point PILOTWATCH_VAR or "
    "PILOTWATCH_DATABASE_URL at an empty place.",
)
_WRONG = Text(
    "恢复后的表 {table} 与备份不一致（{rows} 行，应为 {of} 行），已全部撤销，未写入任何数据。",
    "Table {table} came out other than it was backed up ({rows} rows of {of}): all was undone, nothing is stored.",
)
_NOT_YOURS = Text(
    "备份包含全部数据，只能由运维人员在服务器上执行（不带 --as）。",
    "A backup holds everything: only the operator at the machine takes one (without --as).",
)
