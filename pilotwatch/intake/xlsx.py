"""Sheets of an .xlsx workbook: cells by fastexcel, and what it doesn't tell by one look at each sheet's XML.

fastexcel (Rust) reads cells into Arrow but is silent on merged cells, hidden rows, percent formats, errors and formulas
without a value, and it leaves out empty columns on the left. `Look` finds these in the inflated XML with a handful of
byte searches per 4 MB; it costs about a tenth of the reading itself. The same look refuses a part that unpacks to more
than its directory says and a sheet whose one stray cell would make a matrix too large for the memory.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import fastexcel
import pyarrow as pa
import python_calamine

from pilotwatch.intake import cells
from pilotwatch.intake.model import FileRefused, Sheet
from pilotwatch.intake.refusals import refused
from pilotwatch.intake.sniff import Source
from pilotwatch.settings import Settings

_CHUNK = 4_000_000
_LONGEST_CELL = 64_000_000  # bytes of XML without the end of a cell: no spreadsheet program writes such a thing

_BUILT_IN_PERCENT = {9, 10}  # number formats 0% and 0.00%, ECMA-376 part 1, 18.8.30


def read(source: Source, limits: Settings) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets of a workbook and whether its dates count from 1904; raises `FileRefused`."""
    with contextlib.ExitStack() as stack:
        with _refuse_damaged():
            package = stack.enter_context(zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source))
            book = _Book.of(package)
            if len(book.sheets) > limits.max_sheets:
                raise refused("too_many_sheets", found=len(book.sheets), limit=limits.max_sheets)
            for part in package.infolist():
                if part.filename.endswith(".xml") and part.filename not in book.parts:
                    _check_part(package, part)
            reader = fastexcel.read_excel(source)
        sheets: list[Sheet] = []
        room = limits.max_cells
        for entry in book.sheets:
            sheets.append(_sheet(source, reader, package, entry, book, limits, room))
            room -= sheets[-1].height * sheets[-1].width
    return tuple(sheets), book.date1904


@contextlib.contextmanager
def _refuse_damaged() -> Iterator[None]:
    """Any failure of a parser on a broken file is a refusal; a Rust panic is not even an `Exception`."""
    try:
        yield
    except FileRefused:
        raise
    except Exception as error:
        raise refused("damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refused("damaged") from error


@dataclass(frozen=True)
class _Entry:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class _Book:
    """What the workbook part says: its sheets in order, its date system, and which cell styles are percentages."""

    sheets: tuple[_Entry, ...]
    date1904: bool
    percent_styles: frozenset[str]

    @property
    def parts(self) -> set[str]:
        return {entry.part for entry in self.sheets}

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> _Book:
        book = _xml(package, "xl/workbook.xml")
        targets = {
            relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
            for relation in _xml(package, "xl/_rels/workbook.xml.rels")
            if relation.get("Type", "").endswith("/worksheet")
        }
        entries = (
            _Entry(
                sheet.get("name", ""),
                targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), ""),
                sheet.get("state", "visible") != "visible",
            )
            for sheet in _all(book, "sheet")
        )
        dates = next(_all(book, "workbookPr"), None)
        return cls(
            tuple(entry for entry in entries if entry.part),
            dates is not None and dates.get("date1904") in ("1", "true"),
            _percent_styles(package),
        )


def _percent_styles(package: zipfile.ZipFile) -> frozenset[str]:
    if "xl/styles.xml" not in package.namelist():
        return frozenset()
    styles = _xml(package, "xl/styles.xml")
    percent = {str(i) for i in _BUILT_IN_PERCENT} | {
        fmt.get("numFmtId", "") for fmt in _all(styles, "numFmt") if "%" in fmt.get("formatCode", "")
    }
    formats = next(_all(styles, "cellXfs"), ())
    return frozenset(str(i) for i, style in enumerate(formats) if style.get("numFmtId") in percent)


def _xml(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = b"".join(_inflate(package, package.getinfo(part)))
    if b"<!DOCTYPE" in content:  # no workbook has one: entities are a way in
        raise refused("damaged")
    return ElementTree.fromstring(content)  # noqa: S314 (expat reads no external entity, and none is declared)


def _all(root: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """All elements of that name, in whichever of the two OOXML namespaces."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == tag)


def _inflate(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part in pieces; refuses one that goes on beyond the size that the directory states."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        yield package.read(part)
        return
    file = package.fp
    file.seek(part.header_offset)
    header = file.read(30)
    file.seek(
        part.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    inflater, left, size = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size, 0
    while not inflater.eof:
        packed = inflater.unconsumed_tail or file.read(min(left, 1 << 18))
        left -= 0 if inflater.unconsumed_tail else len(packed)
        content = inflater.decompress(packed, _CHUNK)
        size += len(content)
        if size > part.file_size:
            raise refused("bomb", size=-(-size // 1_000_000))
        if not content and not packed:
            raise refused("damaged")
        yield content


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Sees that a part unpacks to what the directory says, and that it promises no more items than it has bytes: the
    reader makes room for as many shared strings as it is told of, and a lie of billions would end the process."""
    carry = b""
    for piece in _inflate(package, part):
        if any(int(number) > part.file_size for number in _COUNT.findall(carry + piece)):
            raise refused("damaged")
        carry = piece[-64:]


def _sheet(
    source: Source,
    reader: fastexcel.ExcelReader,
    package: zipfile.ZipFile,
    entry: _Entry,
    book: _Book,
    limits: Settings,
    room: int,
) -> Sheet:
    look = Look(book.percent_styles)
    with _refuse_damaged():
        for content in _inflate(package, package.getinfo(entry.part)):
            look.feed(content)
        look.close()
        _check_extent(package, entry, look, limits, room)
        batch = reader.load_sheet_eager(entry.name, header_row=None, skip_rows=0, dtypes="string")
        left = 0 if look.in_column_a or not batch.num_columns else _first_column(source, entry.name)
    read = pa.Table.from_batches([batch])
    columns = [pa.chunked_array([pa.nulls(read.num_rows, pa.string())])] * left + [cells.tidy(c) for c in read.columns]
    for place, rows in look.percents.items():
        if place < len(columns):
            columns[place] = cells.percent(columns[place], rows)
    for place, texts in look.errors.items():
        if place < len(columns):
            columns[place] = cells.replace(columns[place], {r: t for r, t in texts.items() if r < read.num_rows})
    return Sheet(
        name=entry.name,
        cells=cells.table(columns, read.num_rows),
        merges=tuple(look.merges),
        hidden=entry.hidden,
        hidden_rows=frozenset(look.hidden_rows),
        formulas=tuple(look.formulas),
    )


def _first_column(source: Source, name: str) -> int:
    """How many columns on the left are empty. Reads the sheet a second time, so only for sheets that begin so."""
    opened = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source))
        if isinstance(source, bytes)
        else python_calamine.CalamineWorkbook.from_path(source)
    )
    start = opened.get_sheet_by_name(name).start
    return start[1] if start else 0


def _check_extent(package: zipfile.ZipFile, entry: _Entry, look: Look, limits: Settings, room: int) -> None:
    """The readers make a full matrix from A1 to the last filled cell: refuse one that a stray cell makes huge."""
    if look.columns <= limits.max_columns and look.rows * look.columns <= room:
        return
    rows, columns = _filled_extent(_inflate(package, package.getinfo(entry.part)))
    if columns > limits.max_columns:
        raise refused(
            "too_wide", sheet=entry.name, found=columns, letters=letters_of(columns), limit=limits.max_columns
        )
    if rows * columns > room:
        raise refused("too_many_cells", sheet=entry.name, rows=rows, columns=columns)


def _filled_extent(pieces: Iterator[bytes]) -> tuple[int, int]:
    """The last row and column that hold a value, cell by cell: slow, for suspicious sheets only."""
    rows = columns = 0
    carry = b""
    for piece in pieces:
        carry += _uniform(piece)
        cut = carry.rfind(b"</")
        done, carry = carry[:cut], carry[cut:]
        if b"v>" in done or b"is>" in done:  # else only empty, formatted cells
            for reference in _FILLED.finditer(done):
                columns = max(columns, _number(reference[1]))
                rows = max(rows, int(reference[2]))
    return rows, columns


# In these an element may have a namespace prefix (`<x:c`), and its attributes may stand in any order.
_FILLED = re.compile(rb' r *= *"([A-Z]{1,3})(\d+)"(?:[^<>]*[^/<>])?>\s*<(?!/)')
_FAR = re.compile(rb'"([A-Z]{2,3})(\d{1,7})"')
_LAST_ROW = re.compile(rb'row r="(\d{1,7})"')
_COLUMN_A = re.compile(rb'<(?:\w+:)?c r="A\d+"[^>/]*>(?:<(?:\w+:)?f[^<]*(?:/>|</(?:\w+:)?f>))?<(?:\w+:)?(?:v>[^<]|is>)')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]* hidden="(?:1|true)")[^>]*? r="(\d+)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]* t="e")[^>]*? r="([A-Z]+)(\d+)"[^>]*>[^\0]{0,9000}?<(?:\w+:)?v>([^<]*)<')
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]* t="str")[^>]*? r="([A-Z]+)(\d+)"[^>]*> *<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb" *(?:<(?:\w+:)?v */>|<(?:\w+:)?v> *</(?:\w+:)?v>)? *</(?:\w+:)?c>"
)
_COUNT = re.compile(rb"[cC]ount\s*=\s*[\"']\s*\+?(\d{4,})")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*? ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNIFORM = bytes.maketrans(b"'\t\r\n", b'"   ')


@dataclass
class Look:
    """One pass over the XML of a sheet, in pieces of any size.

    Rows and columns are 1-based, as in the sheet, save in `percents` and `errors`: 0-based column → 0-based rows.
    """

    percent_styles: frozenset[str] = frozenset()
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    percents: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    in_column_a: bool = False
    rows: int = 0  # no filled cell is below this row or right of this column; more exactly where it matters
    columns: int = 26
    _carry: bytes = b""
    _prefixed: bool = False

    def __post_init__(self) -> None:
        styles = b"|".join(style.encode() for style in sorted(self.percent_styles))
        self._percent = styles and re.compile(
            rb'<(?:\w+:)?c\b(?=[^>]* s="(?:' + styles + rb')")(?![^>]* t="[^n])[^>]*? r="([A-Z]+)(\d+)"[^>/]*>'
            rb"(?:<(?:\w+:)?f[^<]*(?:/>|</(?:\w+:)?f>))?<(?:\w+:)?v>[^<]"
        )

    def feed(self, piece: bytes) -> None:
        """Searches all but the last cell or tag, which may go on in the next piece."""
        content = self._carry + _uniform(piece)
        self._prefixed = self._prefixed or b":worksheet" in content[:4096]
        cell = content.rfind(b":c " if self._prefixed else b"<c ")
        cut = max(
            content.rfind(b"<", 0, cell + 1) if cell >= 0 else -1, _behind(b"c>", content), _behind(b"row>", content)
        )
        if cut < 0:
            cut = max(content.rfind(b"<"), 0)
        self._carry = content[cut:]
        if len(self._carry) > _LONGEST_CELL:
            raise refused("damaged")
        self._search(content, cut)

    def close(self) -> None:
        self._search(self._carry, len(self._carry))
        self._carry = b""

    def _search(self, content: bytes, end: int) -> None:
        """Each regular expression is tried only where a plain search, ten times as fast, says that it may match."""

        def holds(word: bytes, start: int = 0) -> bool:
            return content.find(word, start, end) >= 0

        tail = max(content.rfind(b"row>", 0, end), 0)  # merged cells are listed behind the last row
        if holds(b"mergeCell", tail):
            self.merges += [
                (int(top), _number(left), int(bottom), _number(right))
                for left, top, right, bottom in _MERGE.findall(content, tail, end)
            ]
        if holds(b" hidden="):
            self.hidden_rows.update(int(row) for row in _HIDDEN.findall(content, 0, end))
        if holds(b":f" if self._prefixed else b"<f"):
            self.formulas += [(int(row), _number(letters)) for letters, row in _NO_VALUE.findall(content, 0, end)]
        if not holds(b"v>") and not holds(b"is>"):  # empty, formatted cells: a million rows of them occur
            return
        if last_row := _LAST_ROW.match(content, max(content.rfind(b"row r=", 0, end), 0), end):
            self.rows = max(self.rows, int(last_row[1]))
        for letters, row in _FAR.findall(content, 0, end):
            self.columns = max(self.columns, _number(letters))
            self.rows = max(self.rows, int(row))
        if not self.in_column_a:
            self.in_column_a = _COLUMN_A.search(content, 0, end) is not None
        if holds(b' t="e"'):
            for letters, row, text in _ERROR.findall(content, 0, end):
                self.errors[_number(letters) - 1][int(row) - 1] = text.decode()
        if self._percent:
            for letters, row in self._percent.findall(content, 0, end):
                self.percents[_number(letters) - 1].append(int(row) - 1)


def _behind(word: bytes, content: bytes) -> int:
    at = content.rfind(word)
    return at + len(word) if at >= 0 else -1


def _uniform(content: bytes) -> bytes:
    """XML allows either quote and any white space around attributes: the searches below look for one."""
    return content.translate(_UNIFORM) if any(mark in content for mark in (b"'", b"\t", b"\r", b"\n")) else content


def _number(letters: bytes) -> int:
    """Column letters → 1-based number: A → 1, XFD → 16384, nothing → 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters_of(number: int) -> str:
    """1-based column number → its letters: 1 → A, 16384 → XFD."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
