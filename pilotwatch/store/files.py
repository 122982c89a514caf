"""Uploaded files, kept as they came, each under its SHA-256: what every stored row can be traced to."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path


def keep(folder: Path, source: Path) -> tuple[str, int]:
    """Copies the file into the folder and returns its SHA-256 and size; does nothing where it is kept already.

    The copy is written aside, flushed to the disk and only then given its name, so a name always stands for whole bytes.
    """
    digest = sha256(source)
    size = source.stat().st_size
    target = path_of(folder, digest)
    if target.exists() and target.stat().st_size == size:
        return digest, size
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as out, source.open("rb") as read:
            shutil.copyfileobj(read, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return digest, size


def keep_bytes(folder: Path, data: bytes) -> str:
    """`keep` of bytes that are in memory; returns their SHA-256."""
    handle, source = tempfile.mkstemp(prefix="pilotwatch-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        return keep(folder, Path(source))[0]
    finally:
        Path(source).unlink(missing_ok=True)


def path_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
