"""A file as it came → its sheets as columns of strings (`Workbook`), or a refusal that says what to do.

What a file is, is told by its content and never by its name: first its size, then its first bytes, then the list of
what it packs. Nothing is unpacked before that list is found sane.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pilotwatch.intake import biff, sniff, text, xlsx
from pilotwatch.intake.model import Workbook
from pilotwatch.intake.refusals import refused
from pilotwatch.settings import Settings, settings


def open_workbook(path: Path, name: str | None = None, limits: Settings | None = None) -> Workbook:
    """Reads the workbook at `path`; `name` is what its sender called it.

    Raises `FileRefused` where the file as a whole can't be read.
    """
    path, limits = Path(path), limits or settings()
    name = printable(name or path.name)
    size = path.stat().st_size
    if size == 0:
        raise refused("empty_file")
    if size > limits.max_upload_mb * 1_000_000:
        raise refused("too_large", size=-(-size // 1_000_000), limit=limits.max_upload_mb)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    known = {"name": name, "sha256": sha256, "size": size}

    kind, source = sniff.kind(path, limits)
    if isinstance(source, Path) and str(source) != printable(source):
        source = source.read_bytes()  # the readers open no path that isn't Unicode
    if kind == "csv":
        sheet, encoding, separator = text.read(source, limits)
        return Workbook(**known, kind="csv", sheets=(sheet,), encoding=encoding, separator=separator)
    sheets, date1904 = {"xlsx": xlsx.read, "xls": biff.read}[kind](source, limits)
    wps = name.lower().endswith((".et", ".ett"))  # WPS writes the same formats under its own name
    return Workbook(**known, kind="et" if wps else kind, sheets=sheets, date1904=date1904)


def printable(name: object) -> str:
    """A file's name or path as it can be shown and stored, whatever bytes it is made of."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
