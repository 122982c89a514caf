"""合并台账: what joint visits saved, row by row, and what past visits could have saved besides, with what chance would give."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import streamlit as st

from pilotwatch.access import audit
from pilotwatch.access.marks import mark_book
from pilotwatch.figures.ask import Period, measured
from pilotwatch.inspection.ledger import NAME, ask, trace
from pilotwatch.inspection.ledger.past import REACHES, Reach
from pilotwatch.inspection.ledger.saved import RULES
from pilotwatch.store import ledger as kept
from pilotwatch.store import shelf
from pilotwatch.workdays import now, today
from ui import address, blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import words
from ui.inspection.period import About, choose, told
from ui.links import to_subject
from ui.screen import Screen

LISTED = 12  # rows shown at once
MOST_OUT = 20_000  # rows of a workbook
_SHOWN: Reach = "d14"


def show(screen: Screen) -> None:
    about = choose(screen)
    whole = kept.totals(screen.desk, about.months, where=about.where)
    missed = _missed(screen, about)
    figure = _ref_02(screen, about)
    if not int(figure["denominator"].sum()):
        said = screen.say("ledger.judge_empty", where=screen.where(about.unit), period=told(screen, about.period))
        st.html(tag("p", said, cls="pw-judge"))
        with st.container(key="card-saved"):
            st.html(blocks.empty(screen.say("ledger.nothing"), screen.say("ledger.nothing_body")))
        return
    _judge(screen, about, whole, missed, figure)
    _curve(screen, about, missed)
    _rows(screen, about, int(whole["visits"].sum()))
    _could(screen, about)
    _take_out(screen, about)


def _missed(screen: Screen, about: About) -> pd.DataFrame:
    """By reach: numerator (visits too many) and denominator (visits that could be merged at all)."""
    sums = shelf.period_sums(screen.desk, NAME, ["missed"], about.months, where=about.where, shared=True)
    return sums.groupby("kind")[["numerator", "denominator"]].sum().reindex(list(REACHES)).fillna(0).astype(int)


# --- the answer ------------------------------------------------------------------------------------------------------


def _ref_02(screen: Screen, about: About) -> pd.DataFrame:
    """The indicator of the period: numerator what joint visits saved, denominator all visits."""
    period = Period.of(about.period)
    figure = measured(screen.desk, screen.house.registry, ["REF-02"], period, today(), where=about.where)
    return figure[figure["kind"] == ""]


def _judge(screen: Screen, about: About, whole: pd.DataFrame, missed: pd.DataFrame, figure: pd.DataFrame) -> None:
    visits, saved = int(whole["visits"].sum()), int(whole["saved"].sum())
    more = int(missed.at[_SHOWN, "numerator"])
    said = "ledger.judge" if visits else "ledger.judge_none"
    st.html(tag("p", screen.say(said, where=screen.where(about.unit), period=told(screen, about.period), visits=f"{visits:,}",
                                apart=f"{visits + saved:,}", saved=f"{saved:,}", more=f"{more:,}"), cls="pw-judge"))  # fmt: skip
    ref, all_ = (int(figure[n].sum()) for n in ("numerator", "denominator"))
    agrees = screen.say("ledger.agrees") if ref == saved else screen.say("ledger.differs", ref=f"{ref:,}")
    same_day = int(missed.at["d0", "numerator"])
    st.html(
        blocks.tiles(
            blocks.tile(screen.say("ledger.saved"), f"{saved:,}", screen.say("ledger.visits"), [agrees], cls="pw-good" if ref == saved else "pw-bad"),
            blocks.tile(screen.say("ledger.joint"), f"{visits:,}", screen.say("ledger.visits"), [screen.say("ledger.of_all", n=f"{all_:,}", share=_percent(visits, all_))]),
            blocks.tile(screen.say("ledger.same_day"), f"{same_day:,}", screen.say("ledger.visits"), [screen.say("ledger.same_day_note")], cls="pw-warn" if same_day else ""),
            blocks.tile(screen.say("ledger.within_14"), f"{more:,}", screen.say("ledger.visits"), [screen.say("ledger.of_mergeable", share=_percent(more, int(missed.at[_SHOWN, "denominator"])))]),
        )
    )  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


# --- the curve -------------------------------------------------------------------------------------------------------


def _curve(screen: Screen, about: About, missed: pd.DataFrame) -> None:
    """By how far visits may be moved: what the period missed, and over twelve months what it is against chance."""
    chances = _chances(screen, about)
    most = max(1, int(missed["numerator"].max()))
    with st.container(key="card-curve"):
        st.html(blocks.heading(screen.say("ledger.curve"), screen.say("ledger.curve_note")))
        head = [screen.say(f"ledger.{n}") for n in ("reach", "could", "share", "year_12", "by_chance")]
        rows = []
        for reach in REACHES:
            n, of = (int(missed.at[reach, c]) for c in ("numerator", "denominator"))
            bar = tag("span", tag("i", style=f"width:{100 * n / most:.1f}%"), tag("b", f"{n:,}"), cls="pw-load")
            rows.append(
                [tag("b", screen.say(f"ledger.reach_{reach}")), bar, _percent(n, of), *_against(screen, chances, reach)]
            )
        st.html(html_table(head, rows, numeric=(2, 3), cls="pw-stack pw-reaches", alt=screen.say("ledger.curve")))
        told_ = screen.say("ledger.no_chance") if chances is None else screen.say(
            "ledger.chance_note", since=f"{chances['since'].iat[0]:%Y-%m-%d}", until=f"{chances['until'].iat[0]:%Y-%m-%d}",
            runs=int(chances["runs"].iat[0]),
        )  # fmt: skip
        st.html(blocks.note(told_))
        with st.expander(screen.say("ledger.method")):
            st.html(
                join(
                    [
                        tag("p", screen.say(f"ledger.method_{n}"), cls="pw-note")
                        for n in ("trip", "rules", "exact", "joint")
                    ]
                )
            )


def _chances(screen: Screen, about: About) -> pd.DataFrame | None:
    """Of the unit, or of the whole city; None where that isn't known."""
    if about.unit is None and screen.person.units is not None:
        return None
    rows = kept.chances(screen.desk)
    rows = rows[rows["report_unit"] == (about.unit or "")]
    return rows if len(rows) else None


def _against(screen: Screen, chances: pd.DataFrame | None, reach: str) -> tuple[str, object]:
    row = None if chances is None else next((r for r in chances.to_dict("records") if r["reach"] == reach), None)
    if row is None:
        return "—", "—"
    verdict = "above" if row["missed"] > row["high"] else "below" if row["missed"] < row["low"] else "within"
    level = tag(
        "span",
        screen.say(f"ledger.chance_{verdict}"),
        cls=f"pw-state pw-state-{'warn' if verdict == 'above' else 'good'}",
    )
    span = tag("small", words.beside(screen, f"{row['expected']:,.1f}", f"{row['low']:,.0f}–{row['high']:,.0f}"))
    return f"{row['missed']:,}", join([span, level], " ")


# --- what was saved --------------------------------------------------------------------------------------------------


def _rows(screen: Screen, about: About, total: int) -> None:
    with st.container(key="card-saved"):
        note = screen.say("ledger.newest", n=LISTED, total=f"{total:,}") if total > LISTED else None
        st.html(blocks.heading(screen.say("ledger.rows"), note))
        if not total:
            st.html(blocks.empty(screen.say("ledger.no_rows"), screen.say("ledger.no_rows_body")))
            return
        rows = kept.listed(screen.desk, about.months, where=about.where, limit=LISTED)
        made = trace.sources(screen.desk, rows)
        head = [screen.say(f"ledger.{n}") for n in ("day", "subject", "departments", "instead", "n_saved", "source")]
        cells = [
            [
                f"{r['day']:%Y-%m-%d}", _subject(screen, r), _departments(screen, json.loads(r["departments"])),
                _instead(screen, r), str(r["saved"]), _source(screen, made[made["visit"] == at]),
            ]
            for at, r in rows.iterrows()
        ]  # fmt: skip
        st.html(html_table(head, cells, numeric=(4,), cls="pw-stack pw-saved", alt=screen.say("ledger.rows")))


def _subject(screen: Screen, row: Any) -> Html:
    name = row["name"] if isinstance(row["name"], str) else screen.say("ledger.unlisted")
    return join([to_subject(str(row["subject_id"]), name), tag("small", screen.unit(row["report_unit"]))])


def _departments(screen: Screen, codes: Any) -> Html:
    return tag("span", *(tag("span", screen.department(d)) for d in codes), cls="pw-tags")


def _instead(screen: Screen, row: Any) -> Html:
    """The rule, and the plans that would else have been visits of their own."""
    plans = [r for r in json.loads(row["replaced"]) if "plan_no" in r]
    lines = [
        tag("small", screen.say("ledger.plan", department=screen.department(p["department"]), number=p["plan_no"],
                                first=p["from"][5:], last=p["until"][5:]))
        for p in plans
    ]  # fmt: skip
    return join([tag("span", screen.pick(RULES[row["rule"]])), *lines])


def _source(screen: Screen, rows: pd.DataFrame) -> Html:
    parts = [
        tag("small", screen.say("ledger.from", file=r.file or "—", sheet=r.sheet or "—", row=r.source_row))
        for r in rows.head(3).itertuples()
    ]
    if len(rows) > 3:
        parts.append(tag("small", screen.say("ledger.more_rows", n=len(rows) - 3)))
    return join(parts or [tag("small", "—")])


# --- what could have been saved ----------------------------------------------------------------------------------------


def _could(screen: Screen, about: About) -> None:
    with st.container(key="card-could"):
        st.html(blocks.heading(screen.say("ledger.missed"), screen.say("ledger.missed_note")))
        titles = {r: screen.say(f"ledger.reach_{r}") for r in (_SHOWN, *(r for r in REACHES if r != _SHOWN))}
        reach: Reach = address.select("reach", titles, screen.say("ledger.reach"), width=210) or _SHOWN
        total, most = kept.most(screen.desk, "missed", reach, about.months, where=about.where, limit=LISTED)
        if not total:
            st.html(blocks.note(screen.say("ledger.none_missed"), "good"))
            return
        found = ask.missed_of(screen.desk, most["subject_id"].tolist(), reach, about.months)[:LISTED]
        names = most.set_index("subject_id")
        st.html(blocks.note(screen.say("ledger.subjects_missed", n=f"{total:,}", shown=min(total, LISTED))))
        head = [screen.say(f"ledger.{n}") for n in ("subject", "made", "would_do", "n_saved")]
        rows = [
            [
                _subject(screen, names.loc[m.subject_id].to_dict() | {"subject_id": m.subject_id}),
                _made(screen, m), _would_do(screen, m), str(m.saved),
            ]
            for m in found
        ]  # fmt: skip
        st.html(html_table(head, rows, numeric=(3,), cls="pw-stack pw-could", alt=screen.say("ledger.missed")))


def _made(screen: Screen, missed: ask.Missed) -> Html:
    lines = [
        tag("p", tag("b", f"{t.day:%Y-%m-%d}"), " ", screen.listed([screen.department(d) for d in t.departments]),
            tag("small", f" {t.task_no or t.scan_id}"))
        for t in missed.trips
    ]  # fmt: skip
    return join(lines)


def _would_do(screen: Screen, missed: ask.Missed) -> Html:
    days = screen.listed([f"{d:%Y-%m-%d}" for d in missed.days])
    parts = [tag("span", screen.say("ledger.needed", n=missed.needed, days=days))]
    if missed.together:
        parts.append(tag("small", screen.say("ledger.together")))
    return join(parts)


# --- to take out -------------------------------------------------------------------------------------------------------


def _take_out(screen: Screen, about: About) -> None:
    st.download_button(
        screen.say("ledger.take"), on_click="ignore", file_name=f"ledger-{about.period}-{about.unit or 'all'}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data=lambda: workbook(screen, about),
    )  # fmt: skip


def workbook(screen: Screen, about: About) -> bytes:
    """The rows of the period with the rows of the files behind each; marked, and a line of the audit."""
    import xlsxwriter

    rows = kept.listed(screen.desk, about.months, where=about.where, limit=MOST_OUT)
    made = trace.sources(screen.desk, rows)
    sources = {at: part for at, part in made.groupby("visit")}
    audit.record(
        screen.house.store, screen.person, "saved_visits.export", about.period, {"unit": about.unit, "rows": len(rows)}
    )
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(screen.say("inspection.ledger"))
        mark = mark_book(book, screen.person, now(), screen.language, demo=screen.house.store.demo)
        sheet.write_string(0, 0, mark)
        head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
        names = (
            "day",
            "subject",
            "code",
            "unit",
            "departments",
            "trigger",
            "rule",
            "plans",
            "task",
            "n_saved",
            "source",
        )
        for at, name in enumerate(names):
            sheet.write_string(1, at, screen.say(f"ledger.{name}"), head)
            sheet.set_column(at, at, 34 if name in ("subject", "departments", "plans", "source") else 16)
        for line, (at, row) in enumerate(rows.iterrows(), 2):
            for column, value in enumerate(_line(screen, row, sources.get(at))):
                (sheet.write_number if isinstance(value, int) else sheet.write_string)(line, column, value)
        sheet.freeze_panes(2, 2)
    return out.getvalue()


def _line(screen: Screen, row: Any, sources: pd.DataFrame | None) -> list[str | int]:
    plans = [
        f"{screen.department(p['department'])} {p['plan_no']} {p['from']}—{p['until']}"
        for p in json.loads(row["replaced"])
        if "plan_no" in p
    ]
    where = [f"{s.file} › {s.sheet} › {s.source_row}" for s in sources.itertuples()] if sources is not None else []
    name, code = (row[n] if isinstance(row[n], str) else "" for n in ("name", "code"))
    return [
        f"{row['day']:%Y-%m-%d}", name, code, screen.unit(row["report_unit"]),
        screen.listed([screen.department(d) for d in json.loads(row["departments"])]), row["trigger"],
        screen.pick(RULES[row["rule"]]), "；".join(plans), row["task_no"] or row["scan_id"], int(row["saved"]), "；".join(where),
    ]  # fmt: skip
