"""The contract: what a pilot domain declares, and nothing else.

A domain is a folder (or an installed package) with a `DOMAIN` in it. It declares *records* (what a team
uploads), *indicators* (what warns) and a *sample* (a synthetic city). One record class is at once the database
table, the upload template, the validation, the data dictionary and the column titles in both languages:

    class TankReading(Record):
        '''油罐读数: one gauge reading of one tank.'''
        spec = Spec("oil_tank_reading", zh="油罐读数", en="Tank reading", subject="uscc", day="read_at")

        uscc: Uscc = column("统一社会信用代码", "Unified social credit code", key=True, refers_to="oil_station")
        read_at: datetime = column("读数时间", "Read at", aliases=("采集时间",), key=True)
        volume_l: Decimal = column("油量", "Volume", unit="L", ge=0)

This module is plain data: it imports neither the store nor Streamlit nor any domain.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal, NewType

from pydantic import ConfigDict
from sqlmodel import Field, SQLModel

Language = Literal["zh", "en"]

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


class ContractError(ValueError):
    """A domain declares something the contract doesn't allow; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours in both languages; calling it picks one."""

    zh: str
    en: str

    def __call__(self, language: Language = "zh") -> str:
        return self.zh if language == "zh" else self.en

    def format(self, **values: Any) -> Text:
        """Fills `{name}` in both languages; a value that is a Text is filled in its own language."""

        def fill(language: Language, template: str) -> str:
            return template.format(**{k: v(language) if isinstance(v, Text) else v for k, v in values.items()})

        return Text(fill("zh", self.zh), fill("en", self.en))


#: The units values are stored in, as a clerk's header writes them.
UNITS: dict[str, Text] = {
    "yuan": Text("元", "yuan"), "yuan/L": Text("元/升", "yuan/L"), "L": Text("升", "L"), "L/h": Text("升/小时", "L/h"),
    "t": Text("吨", "t"), "kg/m³": Text("kg/m³", "kg/m³"), "m": Text("米", "m"), "m²": Text("平方米", "m²"),
    "m³": Text("立方米", "m³"), "mm": Text("毫米", "mm"), "°C": Text("°C", "°C"), "Pa": Text("Pa", "Pa"),
    "%": Text("%", "%"), "‰": Text("‰", "‰"), "min": Text("分钟", "min"), "month": Text("月", "months"),
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
class Spec:
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
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def subject_fields(self) -> tuple[str, ...]:
        return _fields(self.subject)

    @property
    def day_fields(self) -> tuple[str, ...]:
        return _fields(self.day)


def _fields(names: str | tuple[str, ...] | None) -> tuple[str, ...]:
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


# --- indicators -------------------------------------------------------------------------------------------------

Level = Literal["red", "orange", "yellow", "blue", "normal", "nodata"]
LEVELS: tuple[Level, ...] = ("red", "orange", "yellow", "blue", "normal", "nodata")


BasisLevel = Literal["LAW", "STD", "POL", "PRAC"]


@dataclass(frozen=True)
class Basis:
    """Why an indicator is what it is: the weightiest of its bounds' levels, and the article, standard or document."""

    level: BasisLevel
    source: str


class Bound(str):
    """A bound as written, that knows its own basis. A plain text among the levels is PRAC: the city office may set it.

    `Levels(red="< 0.80", orange=Bound("< 1.00", "LAW"), yellow="< 1.10")`. A LAW or STD bound can't be loosened.
    """

    level: BasisLevel

    def __new__(cls, written: str, level: BasisLevel = "PRAC") -> Bound:
        bound = super().__new__(cls, written)
        bound.level = level
        return bound


@dataclass(frozen=True)
class Levels:
    """Bounds of the colours, as written: `Levels(red="> 3", orange="> 2", yellow="> 1")`; the first that holds wins.

    A bound compares the value, or by name one of the indicator's inputs; conditions are joined by `&` (and) and `|` (or),
    `&` first, with brackets: `"n30 >= 30 | (n30 >= 20 & g >= 3)"`. `%` is a hundredth. See `pilotwatch.levels`.
    """

    red: str | None = None
    orange: str | None = None
    yellow: str | None = None
    blue: str | None = None


@dataclass(frozen=True)
class Input:
    """A number that goes into an indicator's value, shown where the value is explained: a numerator, a count …

    `name` is its column in what `compute` returns, and what a bound may compare.
    """

    name: str
    zh: str
    en: str
    unit: str = ""

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Version:
    """An indicator's bounds and basis as they were in force from a day (inclusive) until a day (inclusive).

    `None`: without end on that side. On a day on which no version is in force the indicator is `nodata`.
    """

    levels: Levels
    basis: Basis
    since: date | None = None
    until: date | None = None
    name: str = ""  # of the rule, as a reader knows it: 市场监管总局令第20号

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def _in_force(versions: Iterable[Version], on: date) -> Version | None:
    return next((v for v in versions if v.in_force(on)), None)


@dataclass(frozen=True)
class Area:
    """What an indicator says of a place (street, division, reporting unit, city): a ratio of sums over its subjects.

    `numerator` and `denominator` name inputs of the indicator; the value is Σ numerator ÷ Σ denominator, and `nodata`
    where the denominator is below `at_least`. A subject for which one of them is unknown counts in neither.
    `versions`, where the bounds changed, says which were in force when.
    """

    numerator: str
    denominator: str
    levels: Levels
    basis: Basis
    formula: Text
    unit: str = "%"
    at_least: float = 1
    versions: tuple[Version, ...] = ()

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day."""
        return _in_force(self.versions or (Version(self.levels, self.basis),), on)


@dataclass(frozen=True)
class Indicator:
    """One early-warning indicator.

    `compute(frames, on)` is pure: it gets the frames of some subjects (dataset name → pandas frame of *current* rows,
    columns as declared plus `subject_id`) and returns one value per subject: a Series indexed by `subject_id`, NaN where
    it can't be judged; or a frame so indexed with the column `value` and a column for each of `inputs`.
    `levels` turns that into a colour; `versions`, where the law changed, says which levels were in force when.
    `area` says what it comes to for a place; an indicator that judges places only has no `levels` of its own.
    `registers` are lists that it holds subjects against, whoever they are about (filed wholesalers, price caps): they are
    public, read whole by `frames.register`, and a change in one concerns every subject.
    `first_within` is the limit of the first action ("24h", "3wd"), where the domain sets another than its level's.
    """

    code: str
    zh: str
    en: str
    per: type[Record]
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    levels: Levels | None
    basis: Basis
    owner: str
    unit: str = ""
    formula: Text = field(default_factory=lambda: Text("", ""))
    first_action: Text = field(default_factory=lambda: Text("", ""))
    inputs: tuple[Input, ...] = ()
    versions: tuple[Version, ...] = ()
    area: Area | None = None
    first_within: str | None = None
    registers: tuple[type[Record], ...] = ()

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day; None where there is none, or where only places are judged."""
        implied = (Version(self.levels, self.basis),) if self.levels else ()
        return _in_force(self.versions or implied, on)


# --- figures of periods ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """A figure of periods: what each subject gives to a month, added up over places, months and kinds.

    `compute(frames, on)` is pure, like an indicator's, and gives a row per event: `subject_id`, `day`, `numerator`,
    `denominator` and, where the measure has `kinds`, `kind` (`pilotwatch.frames.events` makes them). The core adds the
    rows up by the month of their day; what lies after `on`, and a row of which a number is unknown, counts in neither
    sum. With `state` it tells what is so on the day `on`, a row per subject; a month is then told by its end.
    `per` is the list of a domain whose subjects it is about; None, in the core's own measures: whoever has records.

    The value of a place and a period is by `value`: "ratio", Σ numerator ÷ Σ denominator; "count", Σ numerator, where
    there is anything to count among (Σ denominator > 0); "per_1000", Σ numerator for 1,000 subjects that `per` lists there.
    `kinds` split the sums, by name, or by department ("department": the kind is its code). With `each`, every kind is
    judged by itself and the whole is as bad as its worst; with `against=("D", "A")`, the value is the first kind's ratio
    ÷ the second's. Bounds compare the value, or by name the numerator, the denominator or a kind's numerator.
    """

    code: str
    zh: str
    en: str
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    numerator: Input
    denominator: Input
    basis: Basis
    owner: str
    per: type[Record] | None = None
    levels: Levels | None = None
    value: Literal["ratio", "count", "per_1000"] = "ratio"
    state: bool = False
    kinds: tuple[Input, ...] | Literal["department"] = ()
    each: bool = False
    against: tuple[str, str] | None = None
    unit: str = "%"
    formula: Text = field(default_factory=lambda: Text("", ""))
    first_action: Text = field(default_factory=lambda: Text("", ""))
    reference: Text = field(default_factory=lambda: Text("", ""))  # what is aimed at, or what others reached
    versions: tuple[Version, ...] = ()

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def named_kinds(self) -> tuple[Input, ...]:
        """The kinds that are told by name; none where they are departments."""
        return () if self.kinds == "department" else self.kinds

    def in_force(self, on: date) -> Version | None:
        """The version whose bounds count on a day; None where it has none."""
        implied = (Version(self.levels, self.basis),) if self.levels else ()
        return _in_force(self.versions or implied, on)


# --- counts and contradictions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """What is counted by place and day, so that a surge is noticed: complaints, clues, failed samples.

    `weigh` is pure: it gets the rows of some subjects, all of each (`fields` of the record as `frames.table` types them),
    and says for each how many it counts for, a whole number (a boolean is 0 or 1); `None`: one each. A row that counts
    for none still tells that its day was reported. `day` names the field that dates a row where that isn't the record's
    own day; the fields of several are tried in turn. `delay`: days until all of a day's rows have come in (PRAC).
    A count is held against how many subjects of the domain a place has. Of a record that domains share, the rows count
    that are about a subject of this domain.
    """

    name: str
    zh: str
    en: str
    record: type[Record]
    fields: tuple[str, ...] = ()
    weigh: Callable[[Any], Any] | None = None
    day: str | tuple[str, ...] | None = None
    delay: int = 0
    unit: str = "件"
    owner: str = ""  # the department that looks into a surge; default: the domain's lead

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def day_fields(self) -> tuple[str, ...]:
        return _fields(self.day)


@dataclass(frozen=True)
class Side:
    """One of the statements that contradict each other: whose it is, in which dataset, and its column in `compute`'s frame.

    A statement is a number in `unit`, or one of `choices` (a grade).
    """

    name: str
    zh: str
    en: str
    record: type[Record]
    owner: str  # code of the department whose statement it is
    unit: str = ""
    choices: Choices | None = None

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Contradiction:
    """Two or more departments' statements about one thing, which ought to agree (口径冲突).

    `compute(frames, on)` is pure, as an indicator's: a frame indexed by `subject_id` with a column for each side and

    - `period`: what the statements are about, as text (2026-10);
    - `gap`: by how much they differ, in `unit`;
    - `size`: how often the tolerance goes into the gap. Above 1 they contradict each other, up to 1 they agree, NaN where
      a side is silent, which settles nothing.

    It is one item, owned by the departments of all its sides.
    """

    code: str
    zh: str
    en: str
    per: type[Record]
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    sides: tuple[Side, ...]
    tolerance: Text
    basis: Basis
    unit: str = ""
    formula: Text = field(default_factory=lambda: Text("", ""))

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def owners(self) -> tuple[str, ...]:
        """The departments whose statements they are, each once."""
        return tuple(dict.fromkeys(s.owner for s in self.sides))


# --- disposal ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing to do about a clue: at which levels of its warning (none: at every one), and within how long ("3wd")."""

    text: Text
    within: str | None = None
    levels: tuple[Level, ...] = ()
    basis: BasisLevel = "PRAC"


@dataclass(frozen=True)
class Procedure:
    """How a domain disposes of clues of certain facts: who acts first, what that is, and by when.

    `facts`: the indicators' codes, or words that a clue's fact is called by. `owner`: the department that acts first,
    `others` act with it. `within`: the limit of the first action, by level where `by_level` says another; None: that of
    the warning's level. `limits`: the legal limits that run beside it, as the table of limits numbers them ("T4").
    `steps`, in their order, and `close_when`, what has to be so before a case is closed, are shown to whoever handles
    it. `look_back`: when a closed case is looked at again.
    """

    facts: tuple[str, ...]
    owner: str
    first_action: Text
    within: str | None = None
    by_level: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    basis: Basis = Basis("PRAC", "")
    steps: tuple[Step, ...] = ()
    close_when: tuple[Text, ...] = ()
    look_back: str = "90d"

    def first_within(self, level: str | None) -> str | None:
        """The limit of the first action at a level of the warning; None: the one that all warnings of the level have."""
        return self.by_level.get(level or "", self.within)


@dataclass(frozen=True)
class Incident:
    """What warnings warn of, as records tell of it afterwards: a closure, a failed sampling, a penalty.

    `find(frames)` is pure: a frame with `subject_id` and `day`, a row each time it happened, from frames of `needs`.
    `warned_by`: codes of the indicators that speak of it. One that reads the records the incident is found in would
    confirm itself, so the contract refuses it; unless it is among `apart`: what it reads there can end its alarm, never
    raise it (the appraisal that answers "not appraised yet").
    """

    code: str
    zh: str
    en: str
    needs: tuple[type[Record], ...]
    find: Callable[[Mapping[str, Any]], Any]
    warned_by: tuple[str, ...]
    apart: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Stake:
    """What is at stake at a subject. It weighs its priority; it says nothing of how likely a violation is.

    `compute(frames, on)` is pure: a frame indexed by `subject_id` with `exposure` (people at risk, money held, oil sold:
    in `unit`), `customers` (whom complaints are counted against) and `visit_within` (days within which some department
    must have visited it); NaN where unknown, or not asked. From `bounds` on its consequence is 2, 3, 4; below it is 1.
    """

    zh: str
    en: str
    unit: str
    needs: tuple[type[Record], ...]
    compute: Callable[[Mapping[str, Any], date], Any]
    bounds: tuple[float, float, float]

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Composite:
    """A domain's own score of a subject: points for each indicator at a level, at most 100, and the levels it comes to."""

    zh: str
    en: str
    points: Mapping[Level, int]
    levels: Levels
    basis: Basis

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Planted:
    """A kind of truth that the domain's sample plants (`City.plant`), and the indicators that ought to see it."""

    kind: str
    zh: str
    en: str
    warned_by: tuple[str, ...]

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Domain:
    """A pilot domain, whole. `sample(city)` yields a synthetic city's frames, dataset name → pandas frame."""

    name: str
    zh: str
    en: str
    code: str
    lead: str
    records: tuple[type[Record], ...]
    indicators: tuple[Indicator, ...] = ()
    sample: Callable[..., Mapping[str, Any]] | None = None
    about: Text = field(default_factory=lambda: Text("", ""))
    counts: tuple[Count, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    measures: tuple[Measure, ...] = ()
    incidents: tuple[Incident, ...] = ()
    horizon_weeks: int = 8  # how long before an incident a warning counts as having warned of it
    stake: Stake | None = None
    composite: Composite | None = None
    planted: tuple[Planted, ...] = ()

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    def procedure(self, fact: str) -> Procedure | None:
        """How clues of this fact (an indicator's code, or a word of its own) are disposed of; None: as any other."""
        return next((p for p in self.procedures if fact in p.facts), None)

    @property
    def subjects(self) -> tuple[type[Record], ...]:
        return tuple(r for r in self.records if r.spec.kind == "subject")

    def record(self, dataset: str) -> type[Record]:
        for r in self.records:
            if r.spec.dataset == dataset:
                return r
        raise KeyError(f"{self.name} has no dataset {dataset}")
