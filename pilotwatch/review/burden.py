"""How much a template asks of those who fill it in: fields asked, asked twice, and read by nothing that warns or measures.

All of it follows from the registry: from the records' columns, and from what the functions of indicators and measures name
in their code. A field counts as read where such a function (or one that it calls, or a constant they share) names it; so
what is told as unused is never named, while something named may in truth be of little use.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilotwatch import reform
from pilotwatch.domain import Column, Measure, Record, Text
from pilotwatch.registry import Registry

#: Fields that tie rows together, date and place them: they are read by the core itself.
_PLACE = frozenset({"division_code", "street_code", "lng", "lat"})


@dataclass(frozen=True)
class Twice:
    """A column whose content another template asks already: `of` is that template's title, `home` its dataset."""

    column: Column
    home: str
    of: Text


@dataclass(frozen=True)
class Burden:
    """What one template asks. `unused`: columns that no indicator, measure or other judgement of the registry reads."""

    record: type[Record]
    domain: str
    fields: int
    required: int
    twice: tuple[Twice, ...]
    unused: tuple[Column, ...]
    readers: int  # how many judgements read the template at all


def burden(found: Registry, measures: Sequence[Measure] = reform.MEASURES) -> tuple[Burden, ...]:
    """Every template of the registry, those with the most that could be spared first."""
    readers = list(_readers(found, measures))
    every = []
    for record in found.records:
        named = frozenset().union(*(names for needs, names in readers if record in needs), ())
        columns = record.columns()
        ties = _ties(record, columns)
        owner = found.domain_of(record.spec.dataset)
        every.append(
            Burden(
                record, owner.name if owner else reform.NAME, len(columns), sum(c.required for c in columns),
                tuple(
                    Twice(c, home.spec.dataset, home.spec.title)
                    for c in columns
                    if c.name not in ties and (home := _home(found, record, c))
                ),
                tuple(c for c in columns if c.name not in ties and c.name not in named),
                sum(record in needs for needs, _ in readers),
            )
        )  # fmt: skip
    return tuple(sorted(every, key=lambda b: (-len(b.twice) - len(b.unused), b.record.spec.dataset)))


def _ties(record: type[Record], columns: Iterable[Column]) -> frozenset[str]:
    spec = record.spec
    tied = {c.name for c in columns if c.key or c.refers_to}
    return frozenset(tied | {*spec.subject_fields, *spec.day_fields, spec.name or ""} | _PLACE)


def _same(column: Column) -> tuple[str, str, str]:
    """What makes two columns ask for the same: the name of the field, its Chinese title and its kind."""
    return column.name, column.title.zh, column.kind


def _home(found: Registry, record: type[Record], column: Column) -> type[Record] | None:
    """The template that asks for a column's content already; None where this one is the first.

    A list of subjects tells of its own subjects, which no other list does. What happens to them is told by events: these
    ask twice what their domain's list says, or what an event before them in the registry asks; those that all domains
    share ask twice what any list says.
    """
    if record.spec.kind == "subject":
        return None
    domain = found.domain_of(record.spec.dataset)
    within = [r for r in found.records if domain is None or found.domain_of(r.spec.dataset) in (domain, None)]
    lists = [r for r in within if r.spec.kind == "subject"]
    before = [r for r in within[: within.index(record)] if r.spec.kind != "subject"]
    if domain is None:
        before = [r for r in before if found.domain_of(r.spec.dataset) is None]
    same = (r for r in (*lists, *before) if any(_same(c) == _same(column) for c in r.columns()))
    return next(same, None)


def _readers(
    found: Registry, measures: Sequence[Measure]
) -> Iterator[tuple[frozenset[type[Record]], frozenset[str]]]:  # fmt: skip
    """Of each judgement the records it reads and the names in its code."""
    for domain in found.domains:
        parts = (
            *domain.indicators,
            *domain.measures,
            *domain.contradictions,
            *([domain.stake] if domain.stake else []),
        )
        for part in parts:
            yield _of(found, part.needs, part.compute)
        for incident in domain.incidents:
            yield _of(found, incident.needs, incident.find)
        for count in domain.counts:
            needs, names = _of(found, (count.record,), count.weigh)
            yield needs, names | {*count.fields, *count.day_fields}
    for measure in measures:
        yield _of(found, measure.needs, measure.compute)


def _of(
    found: Registry, needs: Iterable[type[Record]], compute: Callable[..., Any] | None
) -> tuple[frozenset[type[Record]], frozenset[str]]:  # fmt: skip
    """`needs` as the registry has them: it adds fields to the shared ones, which makes them other classes."""
    datasets = {r.spec.dataset for r in needs}
    return frozenset(r for r in found.records if r.spec.dataset in datasets), _names(compute)


def _names(compute: Any) -> frozenset[str]:
    """Every name and text in a function's code, in that of what it calls, and in the constants it refers to."""
    seen: set[int] = set()
    named: set[str] = set()
    waiting = [compute]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, str):
            named.add(one)
        elif isinstance(one, types.CodeType):
            named.update(one.co_names, one.co_varnames)
            waiting += one.co_consts
        elif isinstance(one, types.FunctionType):
            waiting += [
                one.__code__,
                *(c.cell_contents for c in one.__closure__ or () if _filled(c)),
                *(one.__defaults__ or ()),
            ]
            waiting += (one.__kwdefaults__ or {}).values()
            waiting += [
                one.__globals__[n]
                for n in _all_names(one.__code__)
                if n in one.__globals__ and _ours(one.__globals__[n])
            ]
        elif isinstance(one, functools.partial):
            waiting += [one.func, *one.args, *one.keywords.values()]
        elif isinstance(one, types.MethodType):
            waiting += [one.__func__, one.__self__]
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, tuple | list | set | frozenset):
            waiting += one
        elif hasattr(one, "__wrapped__"):
            waiting.append(one.__wrapped__)
        elif callable(one) and not isinstance(one, type) and type(one).__module__ != "builtins":
            waiting += [*vars(one).values(), type(one).__call__] if hasattr(one, "__dict__") else []
    return frozenset(named)


def _filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - it raises where nothing is in it yet
    except ValueError:
        return False
    return True


def _all_names(code: types.CodeType) -> set[str]:
    """The names that a function and those written inside it refer to."""
    inner = [_all_names(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*inner)


def _ours(value: Any) -> bool:
    """Functions and constants of the domains and the core; no module, no class, nothing of a library."""
    if isinstance(value, types.FunctionType):
        return value.__module__.partition(".")[0] not in ("pandas", "numpy", "pyarrow", "functools", "datetime")
    return isinstance(value, str | tuple | list | set | frozenset | Mapping | functools.partial) or hasattr(
        value, "__wrapped__"
    )
