"""A change of bounds that somebody proposes: read, held against the declaration and the rules, and told what is wrong with it.

Every finding says where, what was found, what is expected and what to do. An error keeps the change from being saved; a
hint is for the person to weigh.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from pilotwatch.bounds.apply import BINDING, COLOURS, Slot, key_of, slots, with_entries
from pilotwatch.bounds.compare import TooComplex, covers
from pilotwatch.domain import ContractError, Domain, Level, Levels, Text, Version
from pilotwatch.levels import VALUE, Comparison, basis_of, conditions, parse
from pilotwatch.store import StoreRefused
from pilotwatch.store.bounds import BoundEntry, Judges

LONGEST = 200  # characters of a bound
_JOINS = (("并且", "&"), ("或者", "|"), ("且", "&"), ("或", "|"), ("≥", ">="), ("≤", "<="))
_PERCENT = re.compile(r"([a-z][a-z0-9_]*)?\s*(?:>=|<=|>|<)\s*-?\d+(?:\.\d+)?\s*%")


@dataclass(frozen=True)
class Proposal:
    """New bounds for some colours of an indicator, from a day on; None goes back to the declared one.

    `version`: the first day of the rule version they are of, "" of one without a beginning. `seen`: the id of the newest
    entry of the indicator that the person had before their eyes, "" for none; None: not told.
    """

    domain: str
    indicator: str
    bounds: Mapping[str, str | None]
    since: date
    reason: str = ""
    judges: Judges = "subject"
    version: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something about a proposal; `level` says of which colour's bound it is, None of the whole."""

    rule: str
    level: str | None
    kind: Literal["error", "hint"]
    message: Text


@dataclass(frozen=True)
class Reading:
    """What a proposal comes to: what is found, the entries that saving adds, the levels now and then.

    `now` and `then` are those of the first day on which it counts, and `then` is None where they can't be told.
    """

    findings: tuple[Finding, ...]
    entries: tuple[BoundEntry, ...]
    now: Levels
    then: Levels | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.kind == "error")


def normal(typed: str) -> str:
    """A bound as people type it, as it is written: `＞ 3％ 或 n30 ≥ 5` → `> 3% | n30 >= 5`."""
    text = unicodedata.normalize("NFKC", typed)
    for word, sign in _JOINS:
        text = text.replace(word, f" {sign} " if sign in "&|" else sign)
    return " ".join(text.split())


def slot_of(domain: Domain, proposal: Proposal) -> tuple[Slot, Version]:
    """What a proposal is about; raises StoreRefused where there is no such indicator, or it has no such bounds."""
    indicator = next((i for i in domain.indicators if i.code == proposal.indicator), None)
    if indicator is None:
        raise StoreRefused("no_indicator", _NO_INDICATOR.format(code=proposal.indicator, domain=domain.title))
    for slot in slots(indicator):
        for version in slot.versions:
            if slot.judges == proposal.judges and key_of(version) == proposal.version:
                return slot, version
    raise StoreRefused("no_version", _NO_VERSION.format(code=indicator.code, version=proposal.version or "—"))


def read(domain: Domain, entries: Sequence[BoundEntry], proposal: Proposal, today: date) -> Reading:
    """Holds a proposal against the domain as declared and the entries made so far."""
    slot, version = slot_of(domain, proposal)
    mine = [e for e in entries if e.domain == domain.name and e.indicator == proposal.indicator]
    since = max(proposal.since, version.since or proposal.since)
    now = _levels_on(slot, mine, since) or version.levels
    found = [*_of_the_whole(proposal, version, mine, today)]
    changed: dict[str, str | None] = {}
    for level, typed in proposal.bounds.items():
        declared = getattr(version.levels, level, None) if level in COLOURS else None
        if declared is None:
            found.append(_error("no_level", level, _NO_LEVEL.format(code=slot.indicator.code, level=_word(level))))
            continue
        written = None if typed is None or _same(normal(typed), declared) else normal(typed)
        if _same(written or str(declared), getattr(now, level)):
            continue
        changed[level] = written
        if written is not None:
            found += _of_one(slot, level, declared, written)
    if not changed and not found:
        found.append(_error("nothing", None, _NOTHING))
    made = tuple(
        BoundEntry(domain.name, slot.indicator.code, level, written, str(getattr(now, level)), proposal.since,
                   proposal.judges, proposal.version)
        for level, written in changed.items()
    )  # fmt: skip
    if any(f.kind == "error" and f.level for f in found):
        return Reading(tuple(found), made, now, None)
    then = replace(now, **{n: getattr(version.levels, n) if w is None else w for n, w in changed.items()})
    found += _of_the_order(slot, version, mine, made, now, then)
    return Reading(tuple(found), made, now, None if any(f.rule == "order" for f in found) else then)


def _levels_on(slot: Slot, entries: Sequence[BoundEntry], on: date) -> Levels | None:
    set_ = next((s for s in slots(with_entries(slot.indicator, entries)) if s.judges == slot.judges), slot)
    version = next((v for v in set_.versions if v.in_force(on)), None)
    return version.levels if version else None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


# --- what can be wrong -----------------------------------------------------------------------------------------------


def _of_the_whole(proposal: Proposal, version: Version, mine: Sequence[BoundEntry], today: date) -> Iterator[Finding]:
    if proposal.since < today:
        yield _error("past", None, _PAST.format(since=proposal.since, today=today))
    if version.until and version.until < proposal.since:
        yield _error("ended", None, _ENDED.format(until=version.until))
    newest = mine[-1] if mine else None
    if proposal.seen is not None and proposal.seen != (newest.id if newest else ""):
        yield _error("stale", None, _STALE.format(by=newest.by if newest else "—"))


def _of_one(slot: Slot, level: str, declared: str, written: str) -> Iterator[Finding]:
    """A written bound by itself, then against the declared one."""
    if len(written) > LONGEST:
        yield _error("long", level, _LONG.format(level=_word(level), n=len(written), most=LONGEST))
        return
    try:
        condition = parse(written)
    except ContractError:
        yield _error("unreadable", level, _UNREADABLE.format(level=_word(level), found=written, declared=declared))
        return
    strange = sorted({c.name for c in condition.comparisons} - slot.names)
    if strange:
        known = "、".join(sorted(slot.names, key=lambda n: (n != VALUE, n)))
        yield _error("names", level, _NAMES.format(level=_word(level), found=strange[0], known=known))
        return
    bare = sorted(_percent(declared) & {c.name for c in condition.comparisons} - _percent(written))
    if bare:
        yield _error("percent", level, _IN_PERCENT.format(level=_word(level), found=written, declared=declared))
        return
    single = [c for c in (condition, parse(declared)) if isinstance(c, Comparison)]
    if len({c.name for c in single}) == 1 and len({c.sign[0] for c in single}) > 1:
        yield _error("turned", level, _TURNED.format(level=_word(level), found=written, declared=declared))
        return
    if (basis := basis_of(declared)) in BINDING:
        try:
            looser = not covers(written, str(declared))
        except TooComplex:
            yield _error("complex", level, _COMPLEX.format(level=_word(level), basis=BASIS[basis], declared=declared))
            return
        if looser:
            values = {"level": _word(level), "basis": BASIS[basis], "found": written, "declared": declared}
            yield _error("looser", level, _LOOSER.format(**values))


def _percent(written: str) -> set[str]:
    """The names that a bound compares with a percentage."""
    return {m[1] or VALUE for m in _PERCENT.finditer(str(written))}


def _of_the_order(
    slot: Slot, version: Version, mine: Sequence[BoundEntry], made: Sequence[BoundEntry], now: Levels, then: Levels
) -> Iterator[Finding]:
    """Red within orange within yellow: an error where plain bounds cross, now or with what is set for later; a hint where a
    colour is no longer reached or no longer within the next."""
    try:
        conditions(then)
    except ContractError:
        yield _error("order", None, _ORDER.format(bounds=_told(then)))
        return
    every = [e for e in (*mine, *made) if e.version == key_of(version) and e.judges == slot.judges]
    for day in sorted({e.since for e in every if e.since > made[0].since} if made else ()):
        later = {e.level: e for e in every if e.since <= day}
        levels = replace(version.levels, **{n: e.bound for n, e in later.items() if e.bound})
        try:
            conditions(levels)
        except ContractError:
            yield _error("order", None, _ORDER_LATER.format(day=day, bounds=_told(levels)))
            return
    set_ = [n for n in COLOURS if getattr(then, n)]
    for worse, milder in pairwise(set_):
        before, after = (tuple(str(getattr(levels, n)) for n in (worse, milder)) for levels in (now, then))
        if before == after:
            continue
        if _covers(after[0], after[1]) and not _covers(before[0], before[1]):
            yield Finding("unreached", milder, "hint", _UNREACHED.format(milder=_word(milder), worse=_word(worse)))
        elif _covers(before[1], before[0]) and not _covers(after[1], after[0]):
            yield Finding("outside", worse, "hint", _OUTSIDE.format(milder=_word(milder), worse=_word(worse)))


def _covers(wide: str, narrow: str) -> bool:
    try:
        return covers(wide, narrow)
    except TooComplex:
        return False


def _told(levels: Levels) -> Text:
    set_ = [(_word(n), getattr(levels, n)) for n in COLOURS if getattr(levels, n)]
    return Text("，".join(f"{w.zh} {b}" for w, b in set_), ", ".join(f"{w.en} {b}" for w, b in set_))


def _error(rule: str, level: str | None, message: Text) -> Finding:
    return Finding(rule, level, "error", message)


def _word(level: str) -> Text:
    return WORDS.get(level, Text(level, level))


#: The colours as a sentence names them.
WORDS: dict[Level | str, Text] = {
    "red": Text("红色", "red"), "orange": Text("橙色", "orange"), "yellow": Text("黄色", "yellow"), "blue": Text("蓝色", "blue"),
}  # fmt: skip

#: What a bound rests on, as a sentence names it.
BASIS: dict[str, Text] = {
    "LAW": Text("法定", "law"), "STD": Text("国家标准规定的", "a standard's"), "POL": Text("政策文件规定的", "a policy document's"),
    "PRAC": Text("经验值", "practice"),
}  # fmt: skip

_NO_INDICATOR = Text(
    "“{domain}”没有编号为“{code}”的指标。现有指标见 pilotwatch bounds list。",
    "{domain} has no indicator {code}; pilotwatch bounds list shows them.",
)
_NO_VERSION = Text(
    "指标 {code} 没有自“{version}”起施行的规则版本，或没有这一类界限。请在列表中核对版本。",
    "Indicator {code} has no rule version from {version}, or no bounds of that kind. Check the version in the list.",
)
_NO_LEVEL = Text(
    "指标 {code} 没有声明{level}界限，不能设定。只能调整已声明的等级。",
    "Indicator {code} declares no {level} bound, so none can be set. Only declared levels can be changed.",
)
_NOTHING = Text("与现行界限相同，没有需要保存的改动。", "The same as the bounds in force: there is nothing to save.")
_PAST = Text(
    "生效日期 {since} 早于今天（{today}）：已作出的评估不追溯改变。请选择今天或以后的日期。",
    "{since} is before today ({today}): what was judged is not changed afterwards. Choose today or a later day.",
)
_ENDED = Text(
    "该规则版本至 {until} 已停止施行，在所选生效日期不再适用。请选择现行版本。",
    "This version of the rule ended on {until} and doesn't apply on the chosen day. Choose the version in force.",
)
_STALE = Text(
    "您打开本页后，{by} 已调整过该指标的界限。请刷新页面，按最新界限重新填写。",
    "{by} has changed this indicator's bounds since you opened the page. Reload it and begin from the newest ones.",
)
_LONG = Text(
    "{level}界限共 {n} 个字符，最多 {most} 个。请改写得更简短。",
    "The {level} bound has {n} characters, at most {most} are allowed. Write it shorter.",
)
_UNREADABLE = Text(
    "{level}界限“{found}”无法识别。应写作“> 3”“<= 30 %”或“n30 >= 30 | n30 >= 20 & g >= 3”（& 表示且，| 表示或）；声明值为“{declared}”。",
    "The {level} bound “{found}” can't be read. Write it like “> 3”, “<= 30 %” or “n30 >= 30 | n30 >= 20 & g >= 3” (& is and, "
    "| is or); the declared one is “{declared}”.",
)
_NAMES = Text(
    "{level}界限用到“{found}”，本指标没有这一项。可用：{known}。",
    "The {level} bound compares “{found}”, which this indicator doesn't have. There are: {known}.",
)
_IN_PERCENT = Text(
    "{level}界限“{found}”缺少百分号：声明值“{declared}”以百分数表示。请写明 %。",
    "The {level} bound “{found}” lacks the percent sign: the declared “{declared}” is in percent. Write the %.",
)
_TURNED = Text(
    "{level}界限“{found}”与声明值“{declared}”方向相反。请保持大于或小于的方向，只改数值。",
    "The {level} bound “{found}” points the other way than the declared “{declared}”. Keep its direction and change the number.",
)
_LOOSER = Text(
    "{level}界限“{found}”宽于{basis}界限“{declared}”，不能放宽，只能收紧。请改为至少同样严格的界限。",
    "The {level} bound “{found}” is looser than {basis} bound “{declared}”, which can only be tightened. Choose one at least as strict.",
)
_COMPLEX = Text(
    "{level}界限的条件过于复杂，无法判断是否宽于{basis}界限“{declared}”，因此不能保存。请简化条件或恢复声明值。",
    "The {level} bound compares too much to tell whether it is looser than {basis} bound “{declared}”, so it can't be saved. "
    "Simplify it or go back to the declared one.",
)
_ORDER = Text(
    "各等级界限次序有误（{bounds}）：方向应一致，且等级越重界限越严。请一并调整相邻等级。",
    "The bounds are out of order ({bounds}): all point the same way, and a worse level's is the stricter. Change the neighbouring "
    "levels with it.",
)
_ORDER_LATER = Text(
    "与 {day} 起生效的既定调整次序冲突（{bounds}）。请先调整或恢复那一项。",
    "Out of order with what is set from {day} on ({bounds}). Change or reset that first.",
)
_UNREACHED = Text(
    "凡符合{milder}条件的都已符合{worse}条件，{milder}不会再出现。请确认是否有意。",
    "Whatever is {milder} is {worse} already, so {milder} will not be seen any more. Make sure that is meant.",
)
_OUTSIDE = Text(
    "有的情形符合{worse}条件而不符合{milder}条件，可能由{worse}以下直接升至{worse}。请确认是否有意。",
    "Some cases are {worse} without being {milder} first, so a subject may jump to {worse}. Make sure that is meant.",
)
