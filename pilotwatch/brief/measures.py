"""What moved: the measures of the period with interval, bound, the period before and the year before, and what guards them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pilotwatch.amounts import unit_of
from pilotwatch.bounds import inputs_of
from pilotwatch.brief import charts, words
from pilotwatch.brief.model import Block, Number, Parts, Sentence, Table
from pilotwatch.brief.room import Room
from pilotwatch.brief.situation import period_name
from pilotwatch.domain import Measure
from pilotwatch.reform import NAME as REFORM
from pilotwatch.review import EVALUATED, Line, Results, effect
from pilotwatch.store import ledger

_EFFECTS = 2  # sentences of what the pilot did
_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b")
_ORDER = ("REF-01", "REF-05", "REF-03", "REF-02", "REF-07", "REF-08", "REF-09", "REF-06")


def judge(room: Room, found: Results, group: str = REFORM) -> Iterator[Block]:
    """The period's measures in a sentence; what guards “fewer”; whether less checking came with more risk."""
    told = [x for x in found.lines if x.value is not None and x.group == group]
    if not told:
        yield room.told(words.NO_MEASURES, period=period_name(room))
        return
    moves = [x.moved(x.baseline) for x in told]
    graded = [x for x in told if x.level]
    bad = [x for x in graded if x.level in ("red", "orange", "yellow")]
    note = room.note(
        words.REVIEW, "review", "RESULTS", room.word(words.RESULTS_ALL), room.word(words.RESULTS_HOW),
        _tables(room, told), as_of=room.ended, group=group, of=None if group == REFORM else group, period=room.period.text,
    )  # fmt: skip

    def n(value: int, what: str) -> Number:
        return room.count(value, note, "judge", group, what)

    yield room.told(
        words.REFORM_JUDGE, period=period_name(room), n=n(len(told), "told"), better=n(moves.count("better"), "better"),
        worse=n(moves.count("worse"), "worse"), graded=n(len(graded), "graded"), good=n(len(graded) - len(bad), "good"),
    )  # fmt: skip
    if out := sum(c.domain == group and c.month in room.period.months for c in found.left_out):
        yield room.told(words.LEFT_OUT, "warn", n=n(out, "left_out"))
    yield from _guards(room, found, told)


def _guards(room: Room, found: Results, told: Sequence[Line]) -> Iterator[Block]:
    every = {x.code: x for x in found.lines}
    guards = dict.fromkeys(x.guard for x in told if (x.guard and x.moved(x.baseline) is not None) or x.code == "REF-01")
    for code in [g for g in guards if g and g in every and every[g].value is not None]:
        guard, measure = every[code], room.measures[code]
        yield room.told(
            words.GUARDED, title=guard.title, now=_value(room, measure, guard, "value"), then=_value(room, measure, guard, "baseline"),
        )  # fmt: skip
    fewer = every.get("REF-01")
    now, _, before = found.risk
    if (
        fewer in told
        and fewer
        and fewer.value
        and fewer.value > 0
        and now is not None
        and before is not None
        and now > before
    ):
        yield room.told(words.LESS_BUT_WORSE, "warn")


def moved(room: Room, found: Results, most: int) -> Iterator[Block]:
    """The measures that moved since a year before (else since the period before), the worse first."""
    told = [x for x in found.lines if x.value is not None and (x.moved(x.baseline) or x.moved(x.last))]
    rank = {"worse": 0, "better": 1, "same": 2, None: 3}
    told.sort(key=lambda x: (rank[x.moved(x.baseline) or x.moved(x.last)], _place(x)))
    if told:
        worse = [x for x in told if (x.moved(x.baseline) or x.moved(x.last)) == "worse"]
        chosen = worse[: max(most - 2, most - (len(told) - len(worse)))]
        chosen += [x for x in told if x not in worse][: most - len(chosen)]
        yield table(room, found, chosen, room.word(words.MOST_MOVED), short=True)


def table(room: Room, found: Results, told: Sequence[Line], title: str, *, short: bool = False) -> Table:
    """A line for each: value with interval, bound, the period before, the year before, how it moved, what guards it."""
    every = {x.code: x for x in found.lines}
    rows = []
    for x in told:
        measure = room.measures[x.code]
        value = (_value(room, measure, x, "value"), *_interval(room, measure, x))
        move = x.moved(x.baseline)
        guard = every.get(x.guard or "")
        row: tuple[Parts, ...] = (
            (f"{x.title(room.language)}（{x.code}）",), value, (_value(room, measure, x, "last"),),
            (_value(room, measure, x, "baseline"),), (room.word(words.BETTER[move]) if move else "—",),
        )  # fmt: skip
        if not short:
            row += ((_bound(room, measure, x),), _beside(room, guard) if guard else ("",))
        rows.append(row)
    names = [words.MEASURE, words.NOW, words.LAST, words.BASELINE, words.MOVE]
    names += [] if short else [words.BOUND, words.BESIDE]
    widths = (2.6, 2.1, 1.2, 1.2, 1.0) if short else (2.3, 2.1, 1.15, 1.15, 0.9, 1.1, 1.9)
    return Table(title, tuple(room.word(n) for n in names), tuple(rows), widths, frozenset({1, 2, 3}))


def full(room: Room, found: Results, group: str, title: str) -> Iterator[Block]:
    """All measures of a group with a value, then the names of those without."""
    mine = sorted((x for x in found.lines if x.group == group), key=_place)
    told = [x for x in mine if x.value is not None]
    if told:
        yield table(room, found, told, title)
    if silent := [x.title(room.language) for x in mine if x.value is None]:
        yield room.told(words.SILENT.format(names=room.listed(silent)), "small")


def chart(room: Room, found: Results) -> charts.Picture | None:
    """The reform's shares: this period with its interval, beside the year before."""
    rows = []
    for x in sorted((x for x in found.lines if x.group == REFORM), key=_place):
        measure = room.measures[x.code]
        if x.value is not None and 0 <= x.value <= 1 and measure.value == "ratio" and measure.unit == "%":
            rows.append(
                (
                    x.title(room.language),
                    _value(room, measure, x, "value"),
                    _value(room, measure, x, "baseline"),
                    x.low,
                    x.high,
                )
            )
    if not rows:
        return None
    return charts.intervals(room.word(words.CHART_REFORM), rows[:8], room.word(words.NOW), room.word(words.BASELINE), room.word(words.INTERVAL))  # fmt: skip


def saved(room: Room) -> Iterator[Block]:
    """What joint visits saved, from the ledger."""
    whole = ledger.totals(room.desk, room.period.months, where={"report_unit": room.unit} if room.unit else None)
    visits, spared = int(whole["visits"].sum()), int(whole["saved"].fillna(0).sum())
    if visits:
        note = room.note(words.LEDGER, "inspection", "LEDGER", room.word(words.LEDGER), room.word(words.SAVED_HOW),
                         ("inspection",), as_of=room.ended, group=REFORM, period=room.period.text)  # fmt: skip
        yield room.told(words.SAVED, visits=room.count(visits, note, "ledger", "visits"), saved=room.count(spared, note, "ledger", "saved"))  # fmt: skip


def effects(room: Room) -> Iterator[Block]:
    """Whether the pilot did it, in the sentences of the evaluation; for those who see the whole city."""
    if room.unit or not room.desk.person.has("accept"):
        return
    said = set()
    for code in [c for c in EVALUATED if c in room.measures][:_EFFECTS]:
        told = effect(room.desk, room.house.registry, code, REFORM, room.on)
        sentence = told.sentence(room.language)
        if sentence in said:  # where nothing can be told, it is the same of every measure
            continue
        said.add(sentence)
        yield Sentence(
            (room.word(words.EFFECT), Number(sentence, sentence, room.of_measure(told.measure), ("effect", code)))
        )


def _value(room: Room, measure: Measure, line: Line, what: str) -> Number:
    value = getattr(line, what)
    return Number(value, room.shown(measure, value), room.of_measure(measure), ("results", line.code, what))


def _interval(room: Room, measure: Measure, line: Line) -> Parts:
    """`（0.28%–48.25%）`; the unit of a count isn't said again."""
    if line.low is None or line.high is None:
        return ()
    unit = unit_of(measure, room.language)
    low, high = (_value(room, measure, line, n) for n in ("low", "high"))
    low, high = (replace(n, shown=n.shown.removesuffix(f" {unit}")) for n in (low, high))
    return ("（" if room.language == "zh" else " (", low, "–", high, "）" if room.language == "zh" else ")")


def _bound(room: Room, measure: Measure, line: Line) -> str:
    """The bound in words, and the level where it isn't as it should be."""
    if not line.target:
        return "—"
    names = {i.name: i.title(room.language) for i in inputs_of(measure)} | {"value": ""}
    shown = _NAME.sub(lambda m: names.get(m[0], m[0]), line.target).replace(">=", "≥").replace("<=", "≤")
    level = words.LEVEL.get(line.level or "")  # type: ignore[call-overload]
    bad = line.level in ("red", "orange", "yellow", "blue")
    return f"{shown.strip()} {room.word(level)}" if bad and level else shown.strip()


def _beside(room: Room, guard: Line) -> Parts:
    measure = room.measures[guard.code]
    return room.parts(words.GUARD, title=guard.title, code=guard.code, now=_value(room, measure, guard, "value"),
                      then=_value(room, measure, guard, "baseline"))  # fmt: skip


def _place(line: Line) -> tuple[int, str]:
    return (_ORDER.index(line.code) if line.code in _ORDER else len(_ORDER), line.code)


def _tables(room: Room, lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.spec.dataset for x in lines for r in room.measures[x.code].needs))
