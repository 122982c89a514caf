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

from pilotwatch.bounds import words
from pilotwatch.bounds.apply import BINDING, COLOURS, Group, Slot, key_of, slots, with_entries
from pilotwatch.bounds.compare import TooComplex, covers
from pilotwatch.domain import ContractError, Domain, Levels, Text, Version
from pilotwatch.levels import VALUE, Comparison, basis_of, conditions, parse
from pilotwatch.store import StoreRefused
from pilotwatch.store.bounds import BoundEntry, Judges

LONGEST = 200  # characters of a bound
_WORDS = (("并且", "&"), ("或者", "|"), ("且", "&"), ("或", "|"), ("≥", ">="), ("≤", "<="))
_SIGN, _PER_CENT = re.compile(r"\s*(>=|<=|>|<|&|\|)\s*"), re.compile(r"(\d)\s*%")
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
    """A bound as people type it, as it is written: `＞3％或n30≥5` → `> 3 % | n30 >= 5`."""
    text = unicodedata.normalize("NFKC", typed)
    for word, sign in _WORDS:
        text = text.replace(word, sign)
    return " ".join(_PER_CENT.sub(r"\1 %", _SIGN.sub(r" \1 ", text)).split())


def slot_of(domain: Group | Domain, proposal: Proposal) -> tuple[Slot, Version]:
    """What a proposal is about; raises StoreRefused where there is no such indicator, or it has no such bounds."""
    indicator = next((i for i in domain.indicators if i.code == proposal.indicator), None)
    if indicator is None:
        raise StoreRefused("no_indicator", words.NO_INDICATOR.format(code=proposal.indicator, domain=domain.title))
    for slot in slots(indicator):
        for version in slot.versions:
            if slot.judges == proposal.judges and key_of(version) == proposal.version:
                return slot, version
    raise StoreRefused("no_version", words.NO_VERSION.format(code=indicator.code, version=proposal.version or "—"))


def read(domain: Group | Domain, entries: Sequence[BoundEntry], proposal: Proposal, today: date) -> Reading:
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
            found.append(_error("no_level", level, words.NO_LEVEL.format(code=slot.indicator.code, level=_word(level))))
            continue
        written = None if typed is None or _same(normal(typed), declared) else normal(typed)
        if _same(str(declared) if written is None else written, getattr(now, level)):
            continue
        changed[level] = written
        if written is not None:
            found += _of_one(slot, level, declared, written)
    if not changed and not found:
        found.append(_error("nothing", None, words.NOTHING))
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
    """Whether two bounds say the same, however they are written: `< 1.0` and `<1.00`."""
    try:
        return parse(one) == parse(other)
    except ContractError:
        return False


# --- what can be wrong -----------------------------------------------------------------------------------------------


def _of_the_whole(proposal: Proposal, version: Version, mine: Sequence[BoundEntry], today: date) -> Iterator[Finding]:
    if proposal.since < today:
        yield _error("past", None, words.PAST.format(since=proposal.since, today=today))
    if version.until and version.until < proposal.since:
        yield _error("ended", None, words.ENDED.format(until=version.until))
    newest = mine[-1] if mine else None
    if proposal.seen is not None and proposal.seen != (newest.id if newest else ""):
        yield _error("stale", None, words.STALE.format(by=newest.by if newest else "—"))


def _of_one(slot: Slot, level: str, declared: str, written: str) -> Iterator[Finding]:
    """A written bound by itself, then against the declared one."""
    if len(written) > LONGEST:
        yield _error("long", level, words.LONG.format(level=_word(level), n=len(written), most=LONGEST))
        return
    try:
        condition = parse(written)
    except ContractError:
        yield _error("unreadable", level, words.UNREADABLE.format(level=_word(level), found=written, declared=declared))
        return
    strange = sorted({c.name for c in condition.comparisons} - slot.names)
    if strange:
        known = "、".join(sorted(slot.names, key=lambda n: (n != VALUE, n)))
        yield _error("names", level, words.NAMES.format(level=_word(level), found=strange[0], known=known))
        return
    bare = sorted(_percent(declared) & {c.name for c in condition.comparisons} - _percent(written))
    if bare:
        yield _error("percent", level, words.IN_PERCENT.format(level=_word(level), found=written, declared=declared))
        return
    single = [c for c in (condition, parse(declared)) if isinstance(c, Comparison)]
    if len({c.name for c in single}) == 1 and len({c.sign[0] for c in single}) > 1:
        yield _error("turned", level, words.TURNED.format(level=_word(level), found=written, declared=declared))
        return
    if (basis := basis_of(declared)) in BINDING:
        try:
            looser = not covers(written, str(declared))
        except TooComplex:
            yield _error(
                "complex", level, words.COMPLEX.format(level=_word(level), basis=words.BASIS[basis], declared=declared)
            )
            return
        if looser:
            values = {"level": _word(level), "basis": words.BASIS[basis], "found": written, "declared": declared}
            yield _error("looser", level, words.LOOSER.format(**values))


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
        yield _error("order", None, words.ORDER.format(bounds=_told(then)))
        return
    every = [e for e in (*mine, *made) if e.version == key_of(version) and e.judges == slot.judges]
    for day in sorted({e.since for e in every if e.since > made[0].since} if made else ()):
        later = {e.level: e for e in every if e.since <= day}
        levels = replace(version.levels, **{n: e.bound for n, e in later.items() if e.bound})
        try:
            conditions(levels)
        except ContractError:
            yield _error("order", None, words.ORDER_LATER.format(day=day, bounds=_told(levels)))
            return
    set_ = [n for n in COLOURS if getattr(then, n)]
    for worse, milder in pairwise(set_):
        before, after = (tuple(str(getattr(levels, n)) for n in (worse, milder)) for levels in (now, then))
        if before == after:
            continue
        if _covers(after[0], after[1]) and not _covers(before[0], before[1]):
            yield Finding("unreached", milder, "hint", words.UNREACHED.format(milder=_word(milder), worse=_word(worse)))
        elif _covers(before[1], before[0]) and not _covers(after[1], after[0]):
            yield Finding("outside", worse, "hint", words.OUTSIDE.format(milder=_word(milder), worse=_word(worse)))


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
    return words.WORDS.get(level, Text(level, level))
