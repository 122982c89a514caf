"""The parts of 数据字典: choose a dataset, see its columns and the indicators that read it, download its template."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import streamlit as st

from pilotwatch import bounds as core
from pilotwatch.amounts import UNITS
from pilotwatch.bounds.apply import inputs_of
from pilotwatch.domain import Column, Indicator, Input, Measure, Record
from pilotwatch.warnings.due import LIMITS
from pilotwatch.workdays import today
from ui import blocks, bounds, due
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen
from ui.upload import template_button

SHARED = "shared"
MOST_CHOICES = 12


def choose(screen: Screen) -> type[Record]:
    """The domain, then one of its datasets."""
    registry = screen.house.registry
    records = {d.name: d.records for d in registry.domains} | {SHARED: registry.shared}
    titles = {d.name: screen.pick(d.title) for d in registry.domains} | {SHARED: screen.say("word.shared")}
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="medium"):
        domain = st.segmented_control(
            screen.say("dictionary.domain"), list(records), default=next(iter(records)), required=True, key="dict-domain",
            format_func=titles.get, label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        names = {r.spec.dataset: screen.pick(r.spec.title) for r in records[domain]}
        dataset = st.selectbox(
            screen.say("dictionary.dataset"), list(names), key=f"dict-dataset-{domain}", format_func=names.get,
            label_visibility="collapsed", width=320,
        )  # fmt: skip
    return registry.dataset(dataset)


def show(screen: Screen, record: type[Record]) -> None:
    """What the dataset is, its template, its columns and the indicators that read it."""
    columns = record.columns()
    with st.container(key="card-record"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.html(blocks.heading(screen.pick(record.spec.title), record.spec.dataset), width="content")
            with st.container(width=220):
                template_button(screen, record.spec.dataset, key=f"dict-template-{record.spec.dataset}")
        kind = "dictionary.subject_list" if record.spec.kind == "subject" else "dictionary.events"
        required = sum(c.required or c.key for c in columns)
        key = screen.listed([screen.pick(record.column(n).title) for n in record.key()])
        st.html(
            blocks.note(
                " · ".join(
                    (
                        screen.say(kind),
                        screen.say("dictionary.counts", n=len(columns), required=required),
                        screen.say("dictionary.key", fields=key),
                    )
                )
            )
        )
        head = [screen.say(f"dictionary.{n}") for n in ("column", "kind", "required", "rules", "also")]
        st.html(
            html_table(head, [_column(screen, record, c) for c in columns], cls="pw-stack", alt=record.spec.dataset)
        )
    _indicators(screen, record)


def _column(screen: Screen, record: type[Record], column: Column) -> list[object]:
    must = column.required or column.key
    return [
        join([tag("b", screen.pick(column.title)), tag("small", column.name)]),
        tag("span", screen.say(f"kind.{column.kind}"), cls="pw-nowrap"),
        tag("b", screen.say("dictionary.must"), cls="pw-nowrap") if must else "",
        " · ".join(_rules(screen, record, column)),
        tag("span", screen.listed(column.aliases[:8]), cls="pw-dim"),
    ]


def _rules(screen: Screen, record: type[Record], column: Column) -> Iterator[str]:
    """What is asked of a column, rule by rule, as a reader wants it."""
    if column.help:
        yield screen.pick(column.help)
    if column.unit_title:
        yield screen.say("dictionary.unit", unit=column.unit_title)
    if column.choices:
        titles = [screen.pick(t) for t in column.choices.titles.values()]
        more = "…" if len(titles) > MOST_CHOICES else ""
        yield screen.say("dictionary.choices", words=screen.listed(titles[:MOST_CHOICES]) + more)
    bounds = [f"{sign} {value:,.10g}" for sign, value in _bounds(column) if value is not None]
    if bounds:
        yield screen.say("dictionary.range", range=screen.listed(bounds))
    if column.refers_to:
        yield screen.say("dictionary.refers", dataset=screen.house.registry.dataset(column.refers_to).spec.title)
    if column.not_before:
        yield screen.say("dictionary.not_before", column=record.column(column.not_before).title)
    if column.not_after_list:
        yield screen.say("dictionary.not_future")
    if column.mask:
        yield screen.say("dictionary.masked")
    if column.example:
        yield screen.say("dictionary.example", example=column.example)


def _bounds(column: Column) -> tuple[tuple[str, float | None], ...]:
    return ("≥", column.ge), (">", column.gt), ("≤", column.le), ("<", column.lt)


def _indicators(screen: Screen, record: type[Record]) -> None:
    dataset = record.spec.dataset
    every = core.listing(screen.house.registry, core.bound_entries(screen.desk), today(), every_version=True)
    readers = [n for n in every if dataset in {r.spec.dataset for r in (*n.indicator.needs, n.indicator.per) if r}]
    if not readers:
        return
    with st.container(key="card-indicators"):
        st.html(blocks.heading(screen.say("dictionary.indicators")))
        head = [screen.say(f"dictionary.{n}") for n in ("indicator", "formula", "bounds", "owner", "basis")]
        rows = [_indicator(screen, list(lines)) for _, lines in groupby(readers, lambda n: n.indicator.code)]
        st.html(html_table(head, rows, cls="pw-stack pw-indicators", alt=head[0]))


def _indicator(screen: Screen, lines: list[core.Line]) -> list[object]:
    """An indicator with the bounds of every version of its rule: as declared, and as the city set them."""
    indicator = lines[0].indicator
    return [
        join([tag("b", screen.pick(indicator.title)), tag("small", indicator.code)]),
        join([screen.pick(indicator.formula), _inputs(screen, indicator)]),
        join(bounds.version(screen, n, told=True, several=len(lines) > 1) for n in lines),
        join(
            [
                tag("b", screen.department(indicator.owner)),
                tag("small", _clock(screen, indicator)),
                tag("small", screen.pick(indicator.first_action)),
            ]
        ),
        join([indicator.basis.source, tag("small", screen.say(f"dictionary.basis_{indicator.basis.level}"))]),
    ]


def _inputs(screen: Screen, indicator: Indicator | Measure) -> Html | None:
    """The numbers that go into the value, with their units, as a bound or an explanation names them."""
    named = [_input(screen, i) for i in inputs_of(indicator)]
    return tag("small", screen.say("dictionary.inputs", inputs=screen.listed(named))) if named else None


def _input(screen: Screen, given: Input) -> str:
    unit = UNITS.get(given.unit, given.unit) if screen.language == "en" else given.unit
    return f"{screen.pick(given.title)}（{unit}）" if unit else screen.pick(given.title)


def _clock(screen: Screen, indicator: Indicator | Measure) -> str:
    """Within how long the first action is due: the indicator's own limit, or those of the levels; none on places alone."""
    if isinstance(indicator, Measure) or indicator.levels is None:
        return ""
    if indicator.first_within:
        return due.within(screen, indicator, "red")
    limits = [f"{screen.say(f'level.{level}')} {screen.pick(limit.title)}" for level, limit in LIMITS.items()]
    return screen.say("dictionary.clock", limits=screen.listed(limits))
