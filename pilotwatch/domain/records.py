"""Records: what a team uploads, column by column."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal, NewType

from pydantic import ConfigDict
from sqlmodel import Field, SQLModel

from pilotwatch.domain.words import UNITS, ContractError, Text, Titled

# The semantic types a column may be annotated with, beside str, int, float, Decimal, bool, date and datetime.
Uscc = NewType("Uscc", str)  # 统一社会信用代码, GB 32100-2015
Division = NewType("Division", str)  # 6-digit code, GB/T 2260
Street = NewType("Street", str)  # 9-digit code, NBS
Department = NewType("Department", str)  # code of the department master, data/departments.csv
Month = NewType("Month", str)  # 2027-06
Quarter = NewType("Quarter", str)  # 2025Q3
Longitude = NewType("Longitude", float)  # degrees, CGCS2000
Latitude = NewType("Latitude", float)

Kind = Literal[
    "text", "integer", "real", "decimal", "boolean", "date", "datetime", "month", "quarter",
    "choice", "choices", "uscc", "division", "street", "department", "departments", "texts", "lng", "lat",
]  # fmt: skip

_KINDS: dict[Any, Kind] = {
    str: "text", int: "integer", float: "real", Decimal: "decimal", bool: "boolean", date: "date",
    datetime: "datetime", Month: "month", Quarter: "quarter", Uscc: "uscc", Division: "division",
    Street: "street", Department: "department", Longitude: "lng", Latitude: "lat",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an enumeration: `value` is stored, `zh`/`en` shown, `aliases` accepted when read."""

    value: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices:
    """An enumeration. `Choices.of(("scale", "规模", "Scale", "规模发卡企业"), …)`: value, zh, en, then aliases."""

    items: tuple[Choice, ...]

    @classmethod
    def of(cls, *rows: tuple[str, ...]) -> Choices:
        return cls(tuple(Choice(r[0], r[1], r[2], tuple(r[3:])) for r in rows))

    @cached_property
    def by_word(self) -> dict[str, str]:
        """Every accepted word (value, title, alias) → the stored value."""
        return {word: c.value for c in self.items for word in (*c.aliases, c.en, c.zh, c.value)}

    @cached_property
    def titles(self) -> dict[str, Text]:
        return {c.value: Text(c.zh, c.en) for c in self.items}

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(c.value for c in self.items)


@dataclass(frozen=True)
class Column:
    """What a record's column is, however it is used: stored, templated, validated, shown."""

    name: str
    title: Text
    kind: Kind
    required: bool
    key: bool = False  # part of what identifies a row; an empty part counts as empty text
    aliases: tuple[str, ...] = ()
    unit: str | None = None  # the unit it is stored in, one of UNITS or the domain's own
    own_unit: Text | None = None  # how the domain's own unit is called
    ge: float | None = None
    le: float | None = None
    gt: float | None = None
    lt: float | None = None
    pattern: str | None = None  # a full match is wanted; its first group, if it has one, is what is stored
    choices: Choices | None = None
    refers_to: str | None = None  # dataset whose key this must be found in
    not_before: str | None = None  # the field that this date must not come before (the error is on this one)
    not_after_list: bool = False  # must not lie after the list's own date (a year built, a day read)
    none_is_zero: bool = False  # 无 means 0 (counts), not "no value"
    history: bool = False  # compared with its column's median and its own history (万元/元 mix-ups)
    mask: Literal["name", "phone", "id", "account", "address"] | None = None
    reporter: bool = False  # tells, or may tell, who reported: never shown beside the subject
    anonymous: bool = False  # what an enterprise says of those who inspected it: no officer of a department reads it
    example: str | None = None
    help: Text | None = None

    @property
    def header(self) -> str:
        """The header as a template shows it: `年销量（吨）`, `整治资金（元）`."""
        unit = self.unit_title
        return f"{self.title.zh}（{unit.zh}）" if unit else self.title.zh

    @property
    def unit_title(self) -> Text | None:
        """The unit as a reader knows it; None where the column has none."""
        return self.own_unit or (UNITS.get(self.unit, Text(self.unit, self.unit)) if self.unit else None)


def column(
    zh: str,
    en: str,
    *,
    key: bool = False,
    aliases: Iterable[str] = (),
    unit: str | Text | None = None,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    pattern: str | None = None,
    choices: Choices | None = None,
    refers_to: str | None = None,
    not_before: str | None = None,
    not_after_list: bool = False,
    none_is_zero: bool = False,
    history: bool = False,
    mask: Literal["name", "phone", "id", "account", "address"] | None = None,
    reporter: bool = False,
    anonymous: bool = False,
    example: str | None = None,
    help: Text | tuple[str, str] | None = None,
) -> Any:
    """Declares a column of a record; its Python annotation says its kind and whether it may be empty.

    A list may be fed by several columns of a sheet (检查单位 and 联合检查部门), joined in their order. The choices of a
    boolean, `"true"` and `"false"`, name its two sides and the words that are read beside 是/否, 有/无, √/×. A unit that
    isn't among UNITS is given with its words, `unit=Text("毫克/升", "mg/L")`; a number in it is read as it is written.
    """
    own = unit if isinstance(unit, Text) else None
    options = dict(
        zh=zh, en=en, key=key, aliases=tuple(aliases), unit=own.en if own else unit, own_unit=own, ge=ge, le=le, gt=gt, lt=lt, pattern=pattern,
        choices=choices, refers_to=refers_to, not_before=not_before, not_after_list=not_after_list,
        none_is_zero=none_is_zero, history=history, mask=mask, reporter=reporter, anonymous=anonymous, example=example,
        help=Text(*help) if isinstance(help, tuple) else help,
    )  # fmt: skip
    return Field(default=None, title=zh, description=en, schema_extra={"json_schema_extra": {"column": options}})


@dataclass(frozen=True)
class Spec(Titled):
    """What a record class says of itself as a whole.

    `subject` names the field (or fields, the first that is filled) whose value identifies the supervised subject; a
    row in which none of them is filled is an error (`required`, on the first of them that the sheet has).
    `kind="subject"`: one row is one subject (a station); `"event"`: something that happened to one.
    `day` names the field that dates the row (or fields, the first that is filled); `None`: the list's own date.
    `words`: how a sheet or a file of this dataset is usually called, to recognise it by.
    """

    dataset: str
    zh: str
    en: str
    subject: str | tuple[str, ...]
    kind: Literal["subject", "event"] = "event"
    day: str | tuple[str, ...] | None = None
    words: tuple[str, ...] = ()
    name: str | None = None  # the field that names the subject to a reader
    public: bool = False  # whoever reads the domain may read all its rows, in whatever unit: registers are so
    any_subject: bool = False  # may be about a subject of any domain: the registry adds the fields that identify them
    # When a row was known, for a look back; a dataset without a day is known from the day its list arrived.
    known: str | None = None  # the field that says so, where that is later than the row's day: a report's date
    lag: int = 0  # days after its day until a row is usually known, where `known` says nothing
    ahead: tuple[str, ...] = ()  # days that may lie ahead when a row is written: deadlines, ends of validity
    #: Days that are written into a row afterwards → the fields that come with them.
    later: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def subject_fields(self) -> tuple[str, ...]:
        return names_of(self.subject)

    @property
    def day_fields(self) -> tuple[str, ...]:
        return names_of(self.day)


def names_of(names: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else (names or ())


class Record(SQLModel):
    """Base of everything a team uploads. A plain class: the store derives its table (see `store.records`)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    spec: ClassVar[Spec]

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The declared columns, in the order of the class."""
        if "_columns" not in cls.__dict__:
            hints = typing.get_type_hints(cls)
            cls._columns = tuple(_column(cls, name, hints.get(name)) for name in cls.model_fields)
        return cls._columns

    @classmethod
    def column(cls, name: str) -> Column:
        for c in cls.columns():
            if c.name == name:
                return c
        raise KeyError(f"{cls.__name__} has no column {name}")

    @classmethod
    def key(cls) -> tuple[str, ...]:
        """The names of the columns that identify a row."""
        return tuple(c.name for c in cls.columns() if c.key)

    _columns: ClassVar[tuple[Column, ...]]


def _column(record: type[Record], name: str, annotation: Any) -> Column:
    info = record.model_fields[name]
    extra = info.json_schema_extra
    where = f"{record.__name__}.{name}"
    if not isinstance(extra, dict) or "column" not in extra:
        raise ContractError(f"{where}: declare it with column(zh, en, …)")
    options = dict(extra["column"])
    required = True
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [a for a in typing.get_args(annotation) if a is not type(None)]
        required = len(parts) == len(typing.get_args(annotation))
        if len(parts) != 1:
            raise ContractError(f"{where}: one type, or one type | None, not {annotation}")
        annotation = parts[0]
    several = typing.get_origin(annotation) in (list, set, tuple)
    if several:
        annotation = typing.get_args(annotation)[0]
    if annotation not in _KINDS:
        raise ContractError(f"{where}: {annotation!r} is not a type a column can have")
    kind: Kind = _KINDS[annotation]
    if several:
        kind = "departments" if kind == "department" else "choices" if options["choices"] else "texts"
    elif options["choices"] and kind != "boolean":
        kind = "choice"
    return Column(name=name, title=Text(options.pop("zh"), options.pop("en")), kind=kind, required=required, **options)
