"""Attachments: what a file may be, told by its bytes, not by its name. Nothing here opens, unpacks or runs one."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from pilotwatch.domain import Text
from pilotwatch.store import StoreRefused

MOST_BYTES = 50 * 1024 * 1024
MOST_FILES = 20  # of one act
_MOST_ENTRIES = 10_000  # of a packed document
_LONGEST_NAME = 100  # characters, the ending apart


class FileRefused(StoreRefused):
    """A file that isn't taken; `rule` is stable, `message` says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken: how its bytes begin, which endings its name may have (the first is the usual one)."""

    name: str
    title: Text
    endings: tuple[str, ...]
    is_: Callable[[bytes], bool]


def _begins(*marks: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda data: any(data[at : at + len(m)] == m for m in marks)


def _packed(*wanted: str) -> Callable[[bytes], bool]:
    """A zip whose list of entries has one that only this type has; entries are listed, never unpacked."""
    return lambda data: data[:4] == b"PK\x03\x04" and bool(set(wanted) & _entries(data))


def _entries(data: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = pack.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()
    return frozenset(names) if len(names) <= _MOST_ENTRIES else frozenset()


_OLE = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

KINDS: tuple[Kind, ...] = (
    Kind("pdf", Text("PDF 文件", "PDF"), ("pdf",), _begins(b"%PDF-")),
    Kind("jpeg", Text("JPEG 图片", "JPEG picture"), ("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    Kind("png", Text("PNG 图片", "PNG picture"), ("png",), _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("docx", Text("Word 文档", "Word document"), ("docx",), _packed("word/document.xml")),
    Kind("xlsx", Text("Excel 表格", "Excel workbook"), ("xlsx",), _packed("xl/workbook.xml")),
    Kind("ofd", Text("OFD 版式文件", "OFD document"), ("ofd",), _packed("OFD.xml")),
    Kind("office", Text("Word、Excel、WPS 97—2003 文档", "Word, Excel or WPS 97–2003"), ("doc", "xls", "wps", "et"), _OLE),
    Kind("mp4", Text("视频", "Video"), ("mp4", "mov", "m4a"), _begins(b"ftyp", at=4)),
    Kind("mp3", Text("录音", "Sound"), ("mp3",), _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    Kind("wav", Text("录音", "Sound"), ("wav",), lambda d: d[:4] == b"RIFF" and d[8:12] == b"WAVE"),
)  # fmt: skip

#: Parts of a packed document that run by themselves.
_RUNS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|embeddings/.*\.(bin|exe))", re.IGNORECASE)
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name as it is kept and its kind."""

    name: str
    kind: str
    size: int


def check(name: str, data: bytes, *, most: int = MOST_BYTES) -> Checked:
    """The file as it may be kept; raises FileRefused for one that is empty, too large, of no type that is taken, or whose
    name says another type than its bytes."""
    shown = _tidy(name)
    if not data:
        raise FileRefused("file_empty", _EMPTY.format(name=shown))
    if len(data) > most:
        raise FileRefused("file_large", _LARGE.format(name=shown, size=f"{len(data) / 2**20:.1f}", most=most // 2**20))
    kind = next((k for k in KINDS if k.is_(data)), None)
    if kind is None:
        titles = Text(
            "、".join(dict.fromkeys(k.title.zh for k in KINDS)), ", ".join(dict.fromkeys(k.title.en for k in KINDS))
        )
        raise FileRefused("file_type", _TYPE.format(name=shown, kinds=titles))
    stem, dot, ending = shown.rpartition(".")
    if dot and ending.lower() not in kind.endings and any(ending.lower() in k.endings for k in KINDS):
        raise FileRefused("file_name", _OTHER.format(name=shown, kind=kind.title, ending=kind.endings[0]))
    if kind.name in ("docx", "xlsx") and any(_RUNS.search(e) for e in _entries(data)):
        raise FileRefused("file_macro", _MACRO.format(name=shown))
    usual = ending.lower() if dot and ending.lower() in kind.endings else kind.endings[0]
    kept = stem if dot and ending.lower() in kind.endings else shown
    return Checked(f"{_stem(kept)}.{usual}", kind.name, len(data))


def _tidy(name: str) -> str:
    """A file's own name, without folders, control characters and marks that turn a text round."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    return re.sub(r'[<>:"|?*]', "_", text).strip(" .") or "附件"


def _stem(stem: str) -> str:
    stem = stem.strip(" .")[:_LONGEST_NAME].rstrip(" .") or "附件"
    return f"_{stem}" if _RESERVED.fullmatch(stem.split(".")[0]) else stem


_EMPTY = Text("附件“{name}”是空文件，请重新选择。", "The file “{name}” is empty; choose it again.")
_LARGE = Text(
    "附件“{name}”为 {size} MB，超过 {most} MB 的上限，请压缩或拆分后上传。",
    "“{name}” is {size} MB; at most {most} MB are taken. Make it smaller or split it.",
)
_TYPE = Text(
    "附件“{name}”的类型不在允许范围内。可上传：{kinds}。请转换格式后上传。",
    "“{name}” is of a type that isn't taken. These are: {kinds}. Convert it first.",
)
_OTHER = Text(
    "附件“{name}”的内容是{kind}，与扩展名不符。请核对文件，扩展名应为 .{ending}。",
    "“{name}” is in truth a {kind}, not what its name says. Look at the file; its ending should be .{ending}.",
)
_MACRO = Text(
    "附件“{name}”含有宏或可执行内容，不能上传。请另存为不含宏的文档。",
    "“{name}” holds macros or what runs by itself. Save it without them first.",
)
