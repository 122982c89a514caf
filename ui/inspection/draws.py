"""双随机: the draws there were and will be; one of them with its steps, its proof and who was drawn; who may inspect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pilotwatch.inspection.draw import office, verify
from pilotwatch.store import StoreRefused, draws, visit_tasks
from pilotwatch.workdays import now
from ui import blocks
from ui.acting import attempt
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.inspection import draw_form, words
from ui.links import to_subject
from ui.screen import Screen

FIRST = 15
STEPS = ("prepared", "sealed", "public", "drawn")


def show(screen: Screen) -> None:
    number = st.query_params.get("draw")
    if number:
        _one(screen, number)
        return
    rows = draws.listed(screen.desk)
    count = Counter(r["state"] for r in rows)
    said = screen.say("draws.judge", drawn=count["drawn"], sealed=count["sealed"], aborted=count["aborted"])
    st.html(tag("p", said if rows else screen.say("draws.judge_none"), cls="pw-judge"))
    if said := st.session_state.pop("draws-said", None):
        st.html(blocks.note(said, "good"))
    _list(screen, rows)
    if screen.person.may("draw"):
        draw_form.prepare(screen)
    if screen.person.may("read"):
        draw_form.inspectors(screen)


def _list(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    with st.container(key="card-draws"):
        st.html(blocks.heading(screen.say("draws.list"), screen.say("draws.list_note")))
        head = [screen.say(f"draws.{n}") for n in ("title", "state", "scope", "public")]
        st.html(html_table(head, [_line(screen, r) for r in rows], cls="pw-stack", alt=screen.say("draws.list")))


def _line(screen: Screen, row: Mapping[str, Any]) -> list[object]:
    link = tag("a", row["title"], href=f"/inspection?view=draws&draw={row['number']}", target="_self", cls="pw-to")
    plan = row["plan"]
    many = sum(plan["counts"].values()) + plan["reserve"]
    size = screen.say("draws.of", n=f"{row['objects']:,}", m=f"{many:,}")
    return [
        join([link, tag("small", row["number"], cls="pw-code")]),
        join([_state(screen, row["state"]), tag("small", row["why"] or blocks.moment(row["drawn_at"] or row["sealed_at"] or row["prepared_at"]))]),
        join([_scope(screen, row), tag("small", size)]),
        join([tag("span", row["public"] or "—", cls="pw-code"), tag("small", row["public_source"])]),
    ]  # fmt: skip


def _state(screen: Screen, code: str) -> Html:
    kinds = {"prepared": "waiting", "sealed": "waiting", "drawn": "sent", "aborted": "failed"}
    return tag("span", screen.pick(draws.STATES[code]), cls=f"pw-state pw-state-{kinds[code]}")


def _scope(screen: Screen, row: Mapping[str, Any]) -> str:
    titles = {d.name: screen.pick(d.title) for d in screen.house.registry.domains}
    where = screen.unit(row["report_unit"]) if row["report_unit"] else screen.say("word.all_city")
    return f"{titles.get(row['domain'], row['domain'])} · {where}"


# --- one draw ---------------------------------------------------------------------------------------------------------


def _one(screen: Screen, number: str) -> None:
    st.html(tag("a", screen.say("draws.back"), href="/inspection?view=draws", target="_self", cls="pw-to"))
    try:
        row = draws.find(screen.desk, number)
    except StoreRefused as no:
        st.html(blocks.note(screen.pick(no.message), "bad"))
        return
    st.html(tag("p", row["title"], " · ", _state(screen, row["state"]), tag("small", f"  {number}"), cls="pw-judge"))
    if said := st.session_state.pop("draws-said", None):
        st.html(blocks.note(said, "good"))
    left, right = st.columns([11, 10])
    with left:
        _steps(screen, row)
        _act(screen, row)
        _proof(screen, row)
    with right:
        _strata(screen, row)
    if row["state"] == "drawn" and screen.person.may("read"):
        _picks(screen, row)


def _steps(screen: Screen, row: Mapping[str, Any]) -> None:
    with st.container(key="card-draw-steps"):
        st.html(blocks.heading(screen.say("draws.steps")))
        far = {"prepared": 0, "sealed": 2 if now() >= row["public_at"] else 1, "drawn": 3, "aborted": -1}[row["state"]]
        way = [
            tag("li", screen.say(f"draws.step_{s}"), cls="now" if n == far else "done" if n < far else None)
            for n, s in enumerate(STEPS)
        ]
        st.html(tag("ol", *way, cls="pw-way"))
        facts = [
            ("prepared", f"{row['prepared_by']} · {blocks.moment(row['prepared_at'])}"),
            ("sealed", f"{row['sealed_by']} · {blocks.moment(row['sealed_at'])}" if row["sealed_at"] else ""),
            ("source", f"{row['public_source']} · {blocks.moment(row['public_at'])}"), ("public", row["public"]),
            ("until", row["plan"]["until"]), ("why", row["why"]),
        ]  # fmt: skip
        hashes = [
            ("objects", row["objects_sha256"]), ("inspectors", row["inspectors_sha256"]), ("commit", row["commitment"]), ("nonce", row["nonce"]),
        ]  # fmt: skip
        told = [join([tag("dt", screen.say(f"draws.facts_{n}")), tag("dd", v)]) for n, v in facts if v]
        told += [
            join([tag("dt", screen.say(f"draws.facts_{n}")), tag("dd", v, cls="pw-code pw-digest")])
            for n, v in hashes
            if v
        ]
        st.html(tag("dl", *told, cls="pw-facts"))


def _act(screen: Screen, row: Mapping[str, Any]) -> None:
    """What comes next, for whoever may do it."""
    person = screen.person
    if slip := st.session_state.get(f"slip-{row['number']}"):
        with st.container(key="card-draw-slip"):
            st.html(blocks.note(screen.say("draws.nonce_once"), "warn"))
            st.code(slip, language=None, wrap_lines=True)
            told = f"{row['number']} {row['title']}\n{row['commitment']}\n{slip}\n"
            st.download_button(screen.say("draws.slip"), told.encode(), file_name=f"{row['number']}-nonce.txt", mime="text/plain",
                               key="draw-slip", on_click="ignore")  # fmt: skip
    if row["state"] == "prepared" and person.may("witness"):
        with st.container(key="card-draw-act"):
            st.html(blocks.heading(screen.say("draws.seal")))
            st.html(blocks.note(screen.say("draws.seal_note")))
            if row["prepared_by"] == person.username:
                st.html(blocks.note(screen.say("draws.seal_not_you"), "warn"))
            elif st.button(screen.say("draws.seal_go"), type="primary", key="draw-seal"):
                attempt(screen, lambda: _seal(screen, row["number"]))
    if row["state"] == "sealed" and person.may("draw"):
        with st.container(key="card-draw-act"):
            st.html(blocks.heading(screen.say("draws.make")))
            if now() < row["public_at"]:
                st.html(blocks.note(screen.say("draws.make_wait", at=blocks.moment(row["public_at"])), "warn"))
            else:
                with st.form("draw-make", border=False):
                    public = st.text_input(screen.say("draws.make_public"), key="draw-public", max_chars=100)
                    nonce = st.text_input(screen.say("draws.make_nonce"), key="draw-nonce", max_chars=100)
                    if st.form_submit_button(screen.say("draws.make_go"), type="primary"):
                        attempt(screen, lambda: _make(screen, row["number"], public, nonce))
    if row["state"] in ("prepared", "sealed") and (person.may("draw") or person.may("witness")):
        with st.popover(screen.say("draws.abort")), st.form("draw-abort", border=False):
            why = st.text_input(screen.say("draws.abort_reason"), key="draw-abort-why", max_chars=200)
            if st.form_submit_button(screen.say("draws.abort")):
                attempt(screen, lambda: office.abort(screen.desk, row["number"], why))


def _seal(screen: Screen, number: str) -> None:
    st.session_state[f"slip-{number}"] = office.seal(screen.desk, number)


def _make(screen: Screen, number: str, public: str, nonce: str) -> None:
    picks = office.make(screen.desk, number, public, nonce)
    st.session_state["draws-said"] = screen.say("draws.made", n=f"{len(picks):,}")


def _strata(screen: Screen, row: Mapping[str, Any]) -> None:
    plan = row["plan"]
    with st.container(key="card-draw-strata"):
        many = sum(plan["counts"].values()) + plan["reserve"]
        note = screen.say("draws.of", n=f"{row['objects']:,}", m=f"{many:,}")
        st.html(blocks.heading(screen.say("draws.stratum"), note))
        shares = plan["rules"]["shares"]
        st.html(strata(screen, {}, plan["counts"], plan["reserve"], shares))
        staff = screen.listed([screen.department(d) for d in plan["departments"]])
        st.html(blocks.note(f"{staff} · {screen.say('draws.officers')} {plan['officers']}"))


def strata(
    screen: Screen, sizes: Mapping[str, int], counts: Mapping[str, int], by_chance: int, shares: Mapping[str, Any]
) -> Html:
    """How many of how many each stratum gives."""
    head = [screen.say("draws.unit"), screen.say("draws.share_of"), screen.say("draws.count")]
    lines = []
    for name, n in counts.items():
        unit, _, kind = name.split("|")
        share = tag("span", f"{kind} · {100 * float(shares[kind]):g}%", cls="pw-nowrap")
        of = f"{n:,}" + (f" / {sizes[name]:,}" if name in sizes else "")
        lines.append([screen.unit(unit) if unit != "-" else screen.say("word.no_unit"), share, of])
    if by_chance:
        lines.append([screen.say("draws.by_chance"), "", f"{by_chance:,}"])
    return html_table(head, lines, numeric=(2,), cls="pw-strata", alt=screen.say("draws.stratum"))


def _proof(screen: Screen, row: Mapping[str, Any]) -> None:
    if row["state"] != "drawn":
        return
    desk, number = screen.desk, row["number"]
    with st.container(key="card-draw-proof"):
        st.html(blocks.heading(screen.say("draws.verify")))
        st.html(blocks.note(screen.say("draws.verify_note")))
        whole = screen.person.units is None or row["report_unit"] in screen.person.units
        staff = screen.person.may("draw") or screen.person.may("witness")
        if not whole:
            return
        if st.button(screen.say("draws.verify_go"), key="draw-verify"):
            wrong = office.faults(office.document(desk, number, public=not staff))
            st.html(
                blocks.note(
                    screen.say("draws.not_verified", n=len(wrong)) if wrong else screen.say("draws.verified"),
                    "bad" if wrong else "good",
                )
            )
            for text in wrong[:10]:
                st.html(blocks.note(screen.pick(text), "bad"))
        with st.container(horizontal=True, gap="small"):
            if staff:
                st.download_button(screen.say("draws.file"), lambda: _json(desk, number, False), file_name=f"{number}.json",
                                   mime="application/json", key="draw-file", on_click="ignore")  # fmt: skip
            st.download_button(screen.say("draws.file_public"), lambda: _json(desk, number, True), file_name=f"{number}-public.json",
                               mime="application/json", key="draw-public-file", on_click="ignore")  # fmt: skip
            st.download_button(screen.say("draws.script"), Path(verify.__file__).read_bytes, file_name="verify.py", mime="text/x-python",
                               key="draw-script", on_click="ignore")  # fmt: skip


def _json(desk: Any, number: str, public: bool) -> bytes:
    draws.exported(desk, number, "public" if public else "whole")
    return json.dumps(office.document(desk, number, public=public), ensure_ascii=False, indent=1).encode()


def _picks(screen: Screen, row: Mapping[str, Any]) -> None:
    rows = office.picks_of(screen.desk, row)
    with st.container(key="card-draw-picks"):
        st.html(
            blocks.heading(
                screen.say("draws.picks"), screen.say("draws.of", n=f"{row['objects']:,}", m=f"{len(rows):,}")
            )
        )
        if not rows:
            st.html(blocks.note(screen.say("draws.picks_none")))
            return
        issued = visit_tasks.issued_of(screen.desk, "draw", [row["id"]])
        st.html(blocks.note(screen.say("draws.to_tasks", n=len(issued))))
        names = draws.names_of(screen.desk, [i for r in rows for going in r["officers"].values() for i in going])
        st.html(_table(screen, rows[:FIRST], names))
        if len(rows) > FIRST:
            with st.expander(screen.say("draws.more", n=len(rows) - FIRST)):
                st.html(_table(screen, rows[FIRST:300], names))
        if screen.person.may("draw"):
            _take_out(screen, row, rows)


def _table(screen: Screen, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Html:
    head = [screen.say(f"draws.{n}") for n in ("subject", "stratum", "goes", "ticket")]
    lines = []
    for r in rows:
        going = [
            tag(
                "small",
                screen.say(
                    "draws.going",
                    department=screen.department(d),
                    names=screen.listed([names.get(i) or i for i in ids]) or "—",
                ),
            )
            for d, ids in r["officers"].items()
        ]
        short = [
            tag("small", screen.say("draws.short", department=screen.department(d), n=n), cls="pw-bad-ink")
            for d, n in r["short"].items()
        ]
        kind = screen.say("draws.by_chance") if r["reserve"] else r["stratum"].rpartition("|")[2]
        lines.append([
            join([f"{r['position']}. ", to_subject(r["subject_id"], r["name"] or r["code"]), tag("small", r["code"], cls="pw-code")]),
            join([screen.unit(r["report_unit"]), tag("small", kind)]), join([*going, *short]),
            tag("span", f"{r['ticket'][:12]}…", cls="pw-code", title=r["ticket"]),
        ])  # fmt: skip
    return html_table(head, lines, cls="pw-stack", wide=(3,), alt=screen.say("draws.picks"))


def _take_out(screen: Screen, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    with st.expander(screen.say("draws.take_out")), st.form("draw-take-out", border=False):
        st.html(blocks.note(screen.say("draws.take_out_note")))
        titles = {r["subject_id"]: words.beside(screen, r["name"] or r["code"], r["code"]) for r in rows}
        which = st.selectbox(screen.say("draws.take_out_which"), list(titles), index=None, format_func=titles.get, key="take-out-which",
                             placeholder="")  # fmt: skip
        why = st.text_input(screen.say("draws.take_out_reason"), key="take-out-why", max_chars=200)
        if st.form_submit_button(screen.say("draws.take_out_go")) and which:
            attempt(screen, lambda: office.take_out(screen.desk, row["number"], which, why))
