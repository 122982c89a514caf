"""The checks every domain passes, ours and a stranger's: `check(DOMAIN) == []`, or what is wrong and what is wanted.

The registry asks only whether a domain can be used (`contract.faults`); this asks whether it is fit to be shown: both
languages, units, words to recognise a file by, a basis and an owner for every indicator, and an honest answer where
nothing is known. `pilotwatch domains check NAME` prints it; a third party imports it in its own tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from pilotwatch.contract import RESERVED, Problem, faults
from pilotwatch.domain import UNITS, Column, Domain, Indicator, Measure, Record, Text
from pilotwatch.levels import level_of

__all__ = ["Problem", "check"]

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ON = date(2026, 11, 23)  # any day will do: with nothing known no day can be judged


def check(
    domain: Domain, frames: Mapping[str, pd.DataFrame] | None = None, *, shared: Sequence[type[Record]] = ()
) -> list[Problem]:
    """What the domain lacks, in the order of its declaration; a domain that can't be used gives its faults only.

    `frames`: a drawn sample (`domain.sample(city)`), to be held against the domain's records and the `shared` ones.
    """
    return list(faults(domain)) or [
        *_of_domain(domain),
        *(p for record in domain.records for p in _of_record(record)),
        *(p for indicator in domain.indicators for p in _of_indicator(indicator)),
        *(p for measure in domain.measures for p in _of_measure(measure)),
        *_of_watched(domain),
        *_of_sample((*domain.records, *shared), frames or {}),
    ]


def _problem(where: str, zh: str, en: str) -> Problem:
    return Problem(where, Text(zh, en))


def _in_both(where: str, text: Text, zh: str, en: str) -> Iterator[Problem]:
    """A text must be there in both languages, the English one in English; `zh`, `en` say which text it is."""
    if not text.zh.strip():
        yield _problem(where, f"缺少中文{zh}", f"The {en} is missing in Chinese")
    if not text.en.strip():
        yield _problem(where, f"缺少英文{zh}", f"The {en} is missing in English")
    elif _CHINESE.search(text.en):
        yield _problem(where, f"英文{zh}中有汉字：{text.en}", f"The English {en} has Chinese in it: {text.en}")


# --- what is declared --------------------------------------------------------------------------------------------


def _of_domain(domain: Domain) -> Iterator[Problem]:
    yield from _in_both(domain.name, domain.title, "名称", "title")
    yield from _in_both(domain.name, domain.about, "简介（about）", "text about it")
    if not domain.lead:
        yield _problem(domain.name, "未指明牵头部门（lead）", "No lead department")
    if not domain.subjects:
        yield _problem(
            domain.name, "没有监管对象数据集：至少一个 Spec 应为 kind=\"subject\"", 'No record of kind="subject" lists what is supervised'
        )  # fmt: skip


def _of_record(record: type[Record]) -> Iterator[Problem]:
    spec, where = record.spec, record.spec.dataset
    if not (record.__dict__.get("__doc__") or "").strip():
        yield _problem(where, "缺少说明（docstring）：一行说的是什么", "No docstring: what is one row of it?")
    yield from _in_both(where, spec.title, "名称", "title")
    if not spec.words:
        yield _problem(
            where,
            "缺少识别词（words）：文件和工作表通常如何命名",
            "No words that files and sheets of it are usually called by",
        )
    for column in record.columns():
        yield from _of_column(f"{where}.{column.name}", column)
    yield from _of_headers(where, record)


def _of_column(where: str, column: Column) -> Iterator[Problem]:
    yield from _in_both(where, column.title, "标题", "title")
    if column.help:
        yield from _in_both(where, column.help, "填写说明", "help")
    if column.own_unit:
        yield from _in_both(where, column.own_unit, "单位", "unit")
    elif column.unit and column.unit not in UNITS:
        known = "、".join(UNITS)
        yield _problem(
            where,
            f"单位“{column.unit}”未知，现有：{known}；本领域自有的单位用 unit=Text(中文, 英文) 声明",
            f"The unit {column.unit!r} is not one of {known}; a unit of your own is declared as unit=Text(Chinese, English)",
        )
    if column.pattern and not column.help:
        yield _problem(where, "有格式要求但没有填写说明（help）", "It has a pattern but no help that says how it looks")
    for choice in column.choices.items if column.choices else ():
        yield from _in_both(f"{where}={choice.value}", Text(choice.zh, choice.en), "取值名称", "title of the choice")
    yield from _of_words(where, column)


def _of_words(where: str, column: Column) -> Iterator[Problem]:
    if not column.choices:
        return
    meant: dict[str, set[str]] = {}
    for choice in column.choices.items:
        for word in (choice.value, choice.zh, choice.en, *choice.aliases):
            meant.setdefault(word, set()).add(choice.value)
    for word, values in meant.items():
        if len(values) > 1:
            listed = "、".join(sorted(values))
            yield _problem(where, f"“{word}”同时指 {listed}", f"“{word}” means {listed} at once")


def _of_headers(where: str, record: type[Record]) -> Iterator[Problem]:
    fed: dict[str, set[str]] = {}
    for column in record.columns():
        for word in (column.title.zh, *column.aliases):
            fed.setdefault(word, set()).add(column.name)
    for word, names in fed.items():
        if len(names) > 1:
            listed = "、".join(sorted(names))
            yield _problem(where, f"表头“{word}”同时对应 {listed}", f"The header “{word}” feeds {listed} at once")


# --- what is computed --------------------------------------------------------------------------------------------


def _told(found: Indicator | Measure) -> Iterator[Problem]:
    """What a reader must be told of every figure: what it is, how it is made, who acts, on what basis."""
    where = found.code
    yield from _in_both(where, found.title, "名称", "title")
    yield from _in_both(where, found.formula, "公式（formula）", "formula")
    yield from _in_both(where, found.first_action, "首要处置（first_action）", "first action")
    if not found.owner:
        yield _problem(where, "未指明责任部门（owner）", "No owner department")
    if not found.basis.source.strip():
        yield _problem(where, "缺少依据来源（basis）", "The basis names no source")


def _of_measure(measure: Measure) -> Iterator[Problem]:
    """Its texts; and that it gives the columns asked for where there is no row at all."""
    yield from _told(measure)
    for part in (measure.numerator, measure.denominator, *measure.named_kinds):
        yield from _in_both(f"{measure.code}.{part.name}", part.title, "分项名称", "title of a part")
    watched = _Watched({r.spec.dataset: _frame(r, 0) for r in measure.needs})
    try:
        lacking = {"subject_id", "day", "numerator", "denominator", "kind"} - set(measure.compute(watched, _ON))
        said = f"KeyError: {'、'.join(sorted(lacking))}" if lacking else ""
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    if said or watched.missed:
        listed = said or "、".join(sorted(watched.missed))
        yield _problem(
            measure.code,
            f"没有数据时计算出错，或用到了 needs 未列出的数据集（{listed}）；应返回 frames.events 的各列",
            f"It fails without any row, or reads what needs doesn't list ({listed}); it must return the columns of frames.events",
        )


def _of_indicator(indicator: Indicator) -> Iterator[Problem]:
    where = indicator.code
    yield from _told(indicator)
    if indicator.per not in indicator.needs:
        yield _problem(where, "needs 中应包含 per 的数据集", "needs must contain the record of per")
        return
    yield from _of_compute(indicator)


class _Watched(dict):
    """Frames that remember what was asked of them in vain."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]):
        super().__init__(frames)
        self.missed: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self.missed.add(name)
        return super().get(name, default)

    def __missing__(self, name: str) -> Any:
        self.missed.add(name)
        raise KeyError(f"{name} is not among needs")


def _of_compute(indicator: Indicator) -> Iterator[Problem]:
    """Runs it over no subject at all, and over one of which nothing is known but that it exists."""
    dataset = indicator.per.spec.dataset
    nothing = {r.spec.dataset: _frame(r, 0) for r in (*indicator.needs, *indicator.registers)}
    for frames in (nothing, {**nothing, dataset: _frame(indicator.per, 1)}):
        watched = _Watched(frames)
        try:
            values = indicator.compute(watched, _ON)
            rows = values.reindex(frames[dataset]["subject_id"]).astype("float64")
            found = level_of(rows, indicator.levels) if indicator.levels else pd.Series(dtype="str")
            lacking = {i.name for i in indicator.inputs} - set(getattr(values, "columns", ()))
            if lacking:
                raise KeyError("、".join(sorted(lacking)))
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            yield _problem(
                indicator.code,
                f"没有数据或只有编码时计算出错（{said}）；应返回以 subject_id 为索引的 Series",
                f"It fails where there are no rows, or only a code ({said}); it must return a Series by subject_id",
            )
            return
        if watched.missed:
            listed = "、".join(sorted(watched.missed))
            yield _problem(
                indicator.code, f"用到了 needs 未列出的数据集：{listed}", f"It reads {listed}, which needs doesn't list"
            )
        for level in sorted(set(found.astype("str")) - {"nodata"}):
            yield _problem(
                indicator.code, f"一无所知的对象应为“数据不足”，现为 {level}", f"A subject of which nothing is known must be nodata, not {level}"
            )  # fmt: skip


def _frame(record: type[Record], rows: int) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(rows), columns=[c.name for c in record.columns()], dtype="object")
    return frame.assign(subject_id="S", **dict.fromkeys(record.key(), "S"))


# --- what is drawn -----------------------------------------------------------------------------------------------


def _of_watched(domain: Domain) -> Iterator[Problem]:
    """Counts and contradictions: words in both languages, departments, tolerances."""
    for count in domain.counts:
        yield from _in_both(count.name, count.title, "名称", "title")
    for found in domain.contradictions:
        yield from _in_both(found.code, found.title, "名称", "title")
        yield from _in_both(found.code, found.tolerance, "允许差（tolerance）", "tolerance")
        yield from _in_both(found.code, found.formula, "比较方法（formula）", "formula")
        if not found.basis.source:
            yield _problem(found.code, "未说明依据（basis）", "No basis")
        for side in found.sides:
            yield from _in_both(f"{found.code}.{side.name}", side.title, "名称", "title")
        if len(found.owners) < 2:
            yield _problem(found.code, "两方应属不同部门", "Its sides are of two departments at least")


def _of_sample(records: Sequence[type[Record]], frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    known = {r.spec.dataset: r for r in records}
    for dataset, frame in frames.items():
        if dataset not in known:
            yield _problem(dataset, "样例数据中有未声明的数据集", "The sample has a dataset that isn't declared")
            continue
        yield from _of_rows(known[dataset], frame)
        yield from _of_references(known[dataset], frame, frames, known)


def _of_rows(record: type[Record], frame: pd.DataFrame) -> Iterator[Problem]:
    where, columns = record.spec.dataset, {c.name: c for c in record.columns()}
    for name in sorted(set(frame.columns) - set(columns) - RESERVED):  # it may say what the core would find out
        yield _problem(f"{where}.{name}", "样例数据中有未声明的字段", "The sample has a field that isn't declared")
    for column in columns.values():
        values = frame[column.name] if column.name in frame else pd.Series(pd.NA, index=frame.index)
        empty = int(values.isna().sum())
        if column.required and empty:
            yield _problem(
                f"{where}.{column.name}",
                f"样例数据中必填字段有{empty}行为空",
                f"Required, but empty in {empty} rows of the sample",
            )
        if column.kind == "choice":
            strange = sorted(set(map(str, values.dropna().unique())) - set(column.choices.by_word))
            if strange:
                listed = "、".join(strange[:5])
                yield _problem(
                    f"{where}.{column.name}",
                    f"样例数据中有取值范围外的值：{listed}",
                    f"The sample has values that aren't choices: {listed}",
                )
    key = [name for name in record.key() if name in frame]
    twice = int(frame.duplicated(key).sum()) if key else 0
    if twice:
        yield _problem(where, f"样例数据中主键重复{twice}行", f"The sample repeats the key in {twice} rows")


def _of_references(
    record: type[Record], frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame], known: Mapping[str, type[Record]]
) -> Iterator[Problem]:
    for column in record.columns():
        target = known.get(column.refers_to or "")
        if target is None or column.name not in frame:
            continue
        listed = frames.get(target.spec.dataset, pd.DataFrame(columns=list(target.key())))
        named = Counter(frame[column.name].dropna())
        lost = sorted(set(named) - set(listed[target.spec.subject_fields[0]]))
        if lost:
            yield _problem(
                f"{record.spec.dataset}.{column.name}",
                f"样例数据中有{len(lost)}个编码在“{target.spec.dataset}”中不存在，例如 {lost[0]}",
                f"{len(lost)} codes of the sample aren't in {target.spec.dataset}, such as {lost[0]}",
            )
