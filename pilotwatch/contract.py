"""What makes a domain unusable: names that can't be a table's, fields that aren't there, bounds that can't be read.

The registry switches a domain with a fault off; the conformance kit adds what is merely wanting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotwatch import levels as bounds
from pilotwatch.domain import Column, ContractError, Domain, Indicator, Levels, Record, Text

#: Columns that the core adds to every record's table; a field can't be called so.
RESERVED = frozenset(
    ("id", "subject_id", "record_key", "batch_id", "sheet", "source_row", "replaced_by", "content_hash", "located",
     "extra", "lng_raw", "lat_raw", "crs_raw", "report_unit", "jurisdiction", "zone")
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Z]{2,5}")
_NUMBERS = ("integer", "real", "decimal", "lng", "lat")
_DAYS = ("date", "datetime", "month", "quarter")


@dataclass(frozen=True, slots=True)
class Problem:
    """`where`: the domain, dataset, field or indicator code it is about; `message`: what is wrong and what is wanted."""

    where: str
    message: Text


def _problem(where: str, zh: str, en: str) -> Problem:
    return Problem(where, Text(zh, en))


def faults(domain: Domain) -> list[Problem]:
    """Everything that keeps a domain from being used, in the order of its declaration."""
    return [
        *_of_names(domain),
        *(p for r in domain.records for p in _of_record(r)),
        *_of_indicators(domain),
        *_of_measures(domain),
        *_of_counts(domain),
        *_of_contradictions(domain),
        *_of_incidents(domain),
    ]


def _of_names(domain: Domain) -> Iterator[Problem]:
    if not _NAME.fullmatch(domain.name):
        yield _problem(
            domain.name, "领域名称应为小写字母、数字和下划线", "A domain is named in small letters, digits and _"
        )
    if not _CODE.fullmatch(domain.code):
        yield _problem(
            domain.name,
            f"领域代码应为2至5个大写字母，现为“{domain.code}”",
            f"A domain's code is 2 to 5 capitals, not {domain.code!r}",
        )
    if not domain.records:
        yield _problem(domain.name, "至少应声明一个数据集", "A domain declares at least one record")
    names = [r.spec.dataset for r in domain.records]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield _problem(name, "数据集重复声明", "The dataset is declared twice")


def _of_record(record: type[Record]) -> Iterator[Problem]:
    spec = record.spec
    where = spec.dataset
    if not _NAME.fullmatch(where):
        yield _problem(
            where,
            "数据集名称应为小写字母、数字和下划线，至多40个字符",
            "A dataset is named in up to 40 small letters, digits and _",
        )
    try:
        columns = {c.name: c for c in record.columns()}
    except ContractError as error:
        yield _problem(where, f"字段声明有误：{error}", f"A field is declared wrongly: {error}")
        return
    if not record.key():
        yield _problem(
            where, "没有主键字段：请用 key=True 标出", "No key: mark the fields that identify a row with key=True"
        )
    asked = {"subject": spec.subject_fields, "day": spec.day_fields, "name": (spec.name,) if spec.name else ()}
    for role, names in asked.items():
        for name in names:
            if name not in columns:
                yield _problem(
                    where, f"{role} 所指字段“{name}”不存在", f"{role} names the field {name}, which there isn't"
                )
    if not spec.subject_fields:
        yield _problem(where, "未说明监管对象由哪个字段识别", "No field identifies the subject")
    for name in spec.day_fields:
        if name in columns and columns[name].kind not in _DAYS:
            yield _problem(
                f"{where}.{name}",
                "标明日期的字段应为日期、月份或季度",
                "The field that dates a row is a date, month or quarter",
            )
    for column in columns.values():
        yield from _of_column(where, column, columns)


def _of_column(where: str, column: Column, columns: dict[str, Column]) -> Iterator[Problem]:
    where = f"{where}.{column.name}"
    if column.name in RESERVED or not _NAME.fullmatch(column.name):
        yield _problem(
            where,
            "字段名为系统保留或含有小写字母、数字、下划线以外的字符",
            "The name is the core's own or has other than small letters, digits and _",
        )
    if column.not_before and column.not_before not in columns:
        yield _problem(
            where,
            f"not_before 所指字段“{column.not_before}”不存在",
            f"not_before names {column.not_before}, which there isn't",
        )
    bounded = any(b is not None for b in (column.ge, column.le, column.gt, column.lt)) or column.history
    if bounded and column.kind not in _NUMBERS:
        yield _problem(where, "只有数值字段才能设上下限或与历史比较", "Only a number has bounds or a history")
    if column.pattern is not None:
        try:
            re.compile(column.pattern)
        except re.error as error:
            yield _problem(where, f"格式（pattern）无法解析：{error}", f"The pattern can't be read: {error}")


def _of_indicators(domain: Domain) -> Iterator[Problem]:
    codes = [i.code for i in domain.indicators]
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        yield _problem(code, "指标编号重复", "The code is used twice")
    for indicator in domain.indicators:
        yield from _of_indicator(domain, indicator)


def _of_indicator(domain: Domain, indicator: Indicator) -> Iterator[Problem]:
    if not re.fullmatch(rf"{re.escape(domain.code)}-\d\d", indicator.code):
        yield _problem(
            indicator.code, f"指标编号应为 {domain.code}-01 的形式", f"The code is written like {domain.code}-01"
        )
    if not (isinstance(indicator.per, type) and indicator.per in domain.records):
        yield _problem(indicator.code, "per 应为本领域的数据集", "per is a record of this domain")
    for record in indicator.registers:
        if not record.spec.public:
            yield _problem(
                indicator.code,
                f"registers 中的 {record.spec.dataset} 应声明 public=True",
                f"{record.spec.dataset} is among the registers, so its Spec says public=True",
            )
    inputs = {i.name for i in indicator.inputs}
    versions = (*indicator.versions, *(indicator.area.versions if indicator.area else ()))
    every = [indicator.levels, *(v.levels for v in versions), indicator.area and indicator.area.levels]
    if not any(every):
        yield _problem(indicator.code, "既无分级界限也无区域口径", "It has levels neither for subjects nor for places")
    if indicator.area and not {indicator.area.numerator, indicator.area.denominator} <= inputs:
        yield _problem(
            indicator.code,
            "区域口径的分子、分母应为 inputs 中的分项",
            "The area's numerator and denominator are among the inputs",
        )
    yield from _of_levels(indicator.code, filter(None, every), inputs)


def _of_levels(code: str, every: Iterable[Levels], inputs: set[str]) -> Iterator[Problem]:
    for levels in every:
        try:
            strange = "、".join(sorted(bounds.names(levels) - inputs - {bounds.VALUE}))
        except ContractError as error:
            yield _problem(code, f"分级界限有误：{error}", f"The levels are wrong: {error}")
            continue
        if strange:
            yield _problem(
                code,
                f"分级界限用到未声明的分项（inputs）：{strange}",
                f"The levels compare what isn't among the inputs: {strange}",
            )


def _of_measures(domain: Domain) -> Iterator[Problem]:
    codes = [m.code for m in domain.measures]
    for measure in domain.measures:
        if not re.fullmatch(rf"{re.escape(domain.code)}-M\d\d", measure.code) or codes.count(measure.code) > 1:
            yield _problem(
                measure.code,
                f"期间指标编号应为 {domain.code}-M01 的形式，且不重复",
                f"The code of a measure is written like {domain.code}-M01, each once",
            )
        if measure.per not in domain.subjects:
            yield _problem(
                measure.code,
                "per 应为本领域的监管对象名录",
                "per is a record of this domain of which one row is one subject",
            )
        kinds = {k.name for k in measure.named_kinds}
        if measure.against and not set(measure.against) <= kinds:
            yield _problem(measure.code, "against 应为 kinds 中的两类", "against names two of the kinds")
        every = [measure.levels, *(v.levels for v in measure.versions)]
        known = {measure.numerator.name, measure.denominator.name, *kinds}
        yield from _of_levels(measure.code, filter(None, every), known)


def _of_counts(domain: Domain) -> Iterator[Problem]:
    names = [c.name for c in domain.counts]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield _problem(name, "计数名称重复", "The count's name is used twice")
    for count in domain.counts:
        if not _NAME.fullmatch(count.name):
            yield _problem(
                count.name, "计数名称应为小写字母、数字和下划线", "A count is named in small letters, digits and _"
            )
        known = {c.name: c.kind for c in count.record.columns()}
        for name in (*count.fields, *count.day_fields):
            if name not in known:
                where = f"{count.name}: {count.record.spec.dataset}.{name}"
                yield _problem(where, "计数所用字段不存在", "The count asks for a field that there isn't")
        if any(known.get(name, "date") not in ("date", "datetime") for name in count.day_fields):
            yield _problem(count.name, "计数的日期字段应为日期", "The field that dates a count is a date")
        if not (count.day_fields or count.record.spec.day_fields):
            yield _problem(count.name, "未说明按哪个日期计数", "No field says on which day a row counts")


def _of_contradictions(domain: Domain) -> Iterator[Problem]:
    codes = [c.code for c in domain.contradictions]
    for found in domain.contradictions:
        if not re.fullmatch(rf"{re.escape(domain.code)}-K\d\d", found.code) or codes.count(found.code) > 1:
            yield _problem(
                found.code,
                f"口径冲突编号应为 {domain.code}-K01 的形式，且不重复",
                f"The code of a contradiction is written like {domain.code}-K01, each once",
            )
        if found.per not in domain.records:
            yield _problem(found.code, "per 应为本领域的数据集", "per is a record of this domain")
        if len({s.name for s in found.sides}) < 2 or len({s.name for s in found.sides}) < len(found.sides):
            yield _problem(
                found.code,
                "至少应有名称不同的两方",
                "A contradiction has two sides at least, each with a name of its own",
            )
        needed = {r.spec.dataset for r in found.needs}
        for side in found.sides:
            if side.record.spec.dataset not in needed:
                yield _problem(
                    found.code,
                    f"“{side.zh}”所在的数据集 {side.record.spec.dataset} 应列入 needs",
                    f"{side.record.spec.dataset}, in which “{side.en}” is stated, is among the needs",
                )


def _of_incidents(domain: Domain) -> Iterator[Problem]:
    indicators = {i.code: i for i in domain.indicators}
    codes = [i.code for i in domain.incidents]
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        yield _problem(code, "事件代码重复", "The incident's code is used twice")
    for incident in domain.incidents:
        made_of = {r.spec.dataset for r in incident.needs}
        for code in sorted({*incident.warned_by, *incident.apart}):
            if code not in indicators:
                yield _problem(f"{incident.code}: {code}", "没有这个指标", "There is no such indicator")
            elif code not in incident.apart and made_of & _read_by(indicators[code]):
                yield _problem(
                    f"{incident.code}: {code}",
                    "该指标所读的记录正是认定事件的记录，会自我印证，不能用来评分",
                    "The indicator reads the very records the incident is found in: it would confirm itself",
                )


def _read_by(indicator: Indicator) -> set[str]:
    return {r.spec.dataset for r in (*indicator.needs, *indicator.registers)}
