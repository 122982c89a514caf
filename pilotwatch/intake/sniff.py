"""What a file is, by its content: a workbook that can be read, or why not."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Literal

import msoffcrypto
import olefile
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

from pilotwatch.intake.refusals import refused
from pilotwatch.settings import Settings

Kind = Literal["xlsx", "xls", "csv"]
Source = Path | bytes  # the file itself, or what it held once its standard password was taken off

#: First bytes → the refusal they lead to.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"II*\0", "picture"),
    (b"MM\0*", "picture"), (b"BM\0", "picture"), (b"RIFF", "picture"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"{\\rtf", "document"),
)  # fmt: skip

#: What an Office package holds → the refusal, or None where it can be read.
_PACKAGES: tuple[tuple[str, str | None], ...] = (
    ("xl/workbook.xml", None),
    ("xl/workbook.bin", "xlsb"),
    ("word/", "document"),
    ("ppt/", "slides"),
    ("content.xml", "ods"),
)

#: Streams of an OLE file → the refusal, or None where it can be read.
_STREAMS: tuple[tuple[str, str | None], ...] = (
    ("Workbook", None),
    ("Book", None),
    ("WordDocument", "document"),
    ("PowerPoint Document", "slides"),
)

_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_MARKUP = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|style|table|body|div|script)\b|mime-version:", re.I)

#: Excel's own key of a workbook that is write-protected only: it opens without asking.
_STANDARD_KEY = "VelvetSweatshop"


def kind(path: Path, limits: Settings) -> tuple[Kind, Source]:
    """The kind of workbook at `path` and where to read it from; raises `FileRefused` for anything else."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _package(path, limits), path
    if start.startswith(olefile.MAGIC):
        return _ole(path, limits)
    if start.startswith(_BIFF):
        return "xls", path
    for magic, rule in _MAGIC:
        if start.startswith(magic):
            raise refused(rule)
    start = start.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(start):
        raise refused("html")
    if start.lstrip().startswith(b"<?xml"):
        raise refused("other_spreadsheet", format="XML")
    return "csv", path


def _package(source: Source, limits: Settings) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refused("damaged") from error
    _check_sizes(parts, limits)
    if any(part.flag_bits & 1 for part in parts):
        raise refused("password")
    for start, rule in _PACKAGES:
        if any(part.filename.startswith(start) for part in parts):
            if rule in ("xlsb", "ods"):
                raise refused("other_spreadsheet", format=f".{rule}")
            if rule:
                raise refused(rule)
            return "xlsx"
    raise refused("archive")


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Settings) -> None:
    """A bomb is told by the directory alone: nothing is unpacked yet. That the directory says true is seen later."""
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > 50_000_000 and part.file_size > limits.max_ratio * part.compress_size for part in parts
    )
    if swollen or total > limits.max_unpacked_mb * 1_000_000:
        raise refused("bomb", size=-(-total // 1_000_000))


def _ole(path: Path, limits: Settings) -> tuple[Kind, Source]:
    try:
        with olefile.OleFileIO(path) as ole:
            streams = {entry[0].casefold() for entry in ole.listdir()}
    except (OSError, ValueError, IndexError) as error:
        raise refused("damaged") from error
    if "encryptedpackage" in streams:
        content = _unlocked(path)
        return _package(content, limits), content
    for stream, rule in _STREAMS:
        if stream.casefold() in streams:
            if rule:
                raise refused(rule)
            return "xls", _unlocked(path) if _is_locked(path) else path
    raise refused("not_workbook")


def _is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            return msoffcrypto.OfficeFile(file).is_encrypted()
        except (FileFormatError, ParseError, OSError, ValueError, IndexError, AttributeError):
            return False  # too old or too odd to be encrypted: the reader will say


def _unlocked(path: Path) -> bytes:
    """The content of a workbook that asks no password of its reader; raises `FileRefused` where it does."""
    content = io.BytesIO()
    with path.open("rb") as file:
        try:
            locked = msoffcrypto.OfficeFile(file)
            locked.load_key(password=_STANDARD_KEY)
            locked.decrypt(content)
        except (InvalidKeyError, DecryptionError, FileFormatError, ParseError, OSError, ValueError) as error:
            raise refused("password") from error
    return content.getvalue()
