"""The shelf: how many there are, what is looked for, and what was found; drafts and what waits for a decision beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pilotwatch import typical
from pilotwatch.typical import TypicalFilter
from pilotwatch.typical.model import figure_of
from pilotwatch.typical.out import BOOK
from ui import address, blocks
from ui.html import Html, tag
from ui.screen import Screen
from ui.typical import words
from ui.typical.write import begin as begin_draft

MOST = 60
_NOTHING = {
    "library": ("typical.none_library", "typical.none_library_body"),
    "open": ("typical.none_open", "typical.none_open_body"),
    "found": ("typical.none_found", "typical.none_found_body"),
}
_HEADLINES = ("merged", "days", "kept", "fine", "departments")


def show(screen: Screen) -> None:
    seen = typical.totals(screen.desk)
    _judge(screen, seen)
    wanted = _choose(screen, seen)
    if wanted.shelf == "open":
        begin_draft(screen)
    _listing(screen, wanted, seen)


def _judge(screen: Screen, seen: Mapping[str, Any]) -> None:
    if not seen["library"]:
        st.html(tag("p", screen.say("typical.judge_none", waiting=seen["submitted"]), cls="pw-judge"))
        return
    st.html(
        tag(
            "p",
            screen.say(
                "typical.judge", n=seen["library"], domains=len(seen["domains"]), units=len(seen["units"]),
                adoptions=seen["adoptions"], waiting=seen["submitted"],
            ),
            cls="pw-judge",
        )
    )  # fmt: skip


def _choose(screen: Screen, seen: Mapping[str, Any]) -> TypicalFilter:
    """What is looked for; all of it stands in the address."""
    open_ = seen["draft"] + seen["submitted"] + seen["returned"]
    with st.container(key="choose", horizontal=True, vertical_alignment="center", gap="small"):
        shelf = "library"
        if screen.person.may("handle"):
            titles = {"library": screen.say("typical.library"), "open": screen.say("typical.open", n=open_)}
            shelf = address.segments("shelf", titles, screen.say("typical.shelf"))
        letters = st.text_input(
            screen.say("typical.search"), key="q", bind="query-params", label_visibility="collapsed", width=340,
            placeholder=screen.say("typical.search_hint"), icon=":material/search:", max_chars=100,
        )  # fmt: skip
        domains = {d.name: screen.pick(d.title) for d in screen.house.registry.domains}
        domain = address.select("domain", domains, screen.say("typical.domain"), placeholder=screen.say("typical.any_domain"), width=170)  # fmt: skip
        units = {u.code: screen.pick(u.title) for u in screen.house.places.units}
        unit = address.select("unit", units, screen.say("typical.unit"), placeholder=screen.say("typical.any_unit"), width=170)  # fmt: skip
        tags = {c: screen.pick(t) for c, t in typical.TAGS.items()}
        chosen = address.select("tag", tags, screen.say("typical.tags"), placeholder=screen.say("typical.any_tag"), width=170)  # fmt: skip
        year = None
        if shelf == "library" and seen["years"]:
            years = {str(y): screen.say("typical.of_year", year=y) for y in seen["years"]}
            year = address.select("year", years, screen.say("typical.year"), placeholder=screen.say("typical.any_year"), width=120)  # fmt: skip
    return TypicalFilter("open" if shelf == "open" else "library", letters or "", domain, unit, chosen, int(year) if year else None)  # fmt: skip


def _listing(screen: Screen, wanted: TypicalFilter, seen: Mapping[str, Any]) -> None:
    rows, n = typical.listed(screen.desk, wanted, limit=MOST), typical.count(screen.desk, wanted)
    asked = bool(wanted.words.strip() or wanted.domain or wanted.unit or wanted.tag or wanted.year)
    with st.container(key="card-typical"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            note = "typical.shown" if n <= MOST else "typical.shown_most"
            st.html(
                blocks.heading(screen.say(f"typical.heading_{wanted.shelf}"), screen.say(note, n=n, most=MOST)),
                width="content",
            )
            if rows:
                _take_list(screen, wanted)
        if not rows:
            title, body = _NOTHING["found" if asked else wanted.shelf]
            st.html(blocks.empty(screen.say(title), screen.say(body)))
            return
        looked_for = typical_words(wanted)
        st.html(tag("div", *(_card(screen, r, wanted, looked_for) for r in rows), cls="pw-cases"))


def typical_words(wanted: TypicalFilter) -> list[str]:
    return wanted.words.lower().split()


def _card(screen: Screen, row: Mapping[str, Any], wanted: TypicalFilter, looked_for: list[str]) -> Html:
    href = f"/typical?typical={row['number']}" + (f"&version={row['this']}" if wanted.shelf == "library" else "")
    figures = {f["code"]: figure_of(f) for f in row["figures"]}
    heads = [figures[c] for c in _HEADLINES if c in figures][:3]
    shown = row["shown_at"] if wanted.shelf == "library" else row["at"]
    body = row["body"]
    said = words.excerpt((body.get(s, "") for s in ("lessons", "practice", "outcome", "found", "background", "process", "acted")), looked_for)  # fmt: skip
    foot = (
        screen.say("typical.adopted_by", n=row["adoptions"])
        if wanted.shelf == "library"
        else screen.say("typical.by", by=row["by"])
    )
    return tag(
        "article",
        tag("p", words.tags(screen, row["tags"]), words.state(screen, row["state"]) if wanted.shelf == "open" else None),
        tag("h4", tag("a", words.marked(row["title"], looked_for), href=href, target="_self", cls="pw-to")),
        tag("small", words.about(screen, row), *([" · ", tag("span", blocks.moment(shown)[:10], cls="pw-nowrap")] if shown else [])),
        tag("p", words.marked(said, looked_for), cls="pw-cases-said") if said else None,
        tag("dl", *(tag("div", tag("dt", screen.pick(f.title)), tag("dd", screen.pick(f.value))) for f in heads)) if heads else None,
        tag("small", foot, cls="pw-cases-foot"),
    )  # fmt: skip


def _take_list(screen: Screen, wanted: TypicalFilter) -> None:
    def data() -> bytes:
        return typical.take_list(
            screen.desk, words.house(screen), wanted, screen.language, demo=screen.house.store.demo
        )

    st.download_button(
        screen.say("typical.take_list"), data=data, file_name=f"{screen.say('nav.typical')}.xlsx", mime=BOOK,
        on_click="ignore", key="typical-list", icon=":material/download:",
    )  # fmt: skip
