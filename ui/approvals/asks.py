"""What templates ask of those who fill them in, and what nothing reads."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pilotwatch.review.burden import Burden, burden
from ui import blocks, cache
from ui.approvals.board import labelled
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

_NAMED = 6


@lru_cache(maxsize=1)
def _burden() -> tuple[Burden, ...]:
    return burden(cache.workspace().registry)


def show(screen: Screen) -> None:
    mine = screen.person.domains
    own = {d.name for d in screen.domains}
    every = [b for b in _burden() if mine is None or b.domain in own or b.domain == "reform"]
    fields, twice, unused = (
        sum(b.fields for b in every),
        sum(len(b.twice) for b in every),
        sum(len(b.unused) for b in every),
    )
    with st.container(key="card-approvals-asks"):
        st.html(blocks.heading(screen.say("approvals.asks"), screen.say("approvals.asks_note")))
        st.html(tag("p", screen.say("approvals.asks_said", n=len(every), fields=fields, twice=twice, unused=unused)))
        with st.expander(screen.say("approvals.asks_table", n=len(every))):
            head = [screen.say(f"approvals.{n}") for n in ("template", "fields", "twice", "unused")]
            rows = [
                [
                    tag("b", screen.pick(b.record.spec.title)),
                    f"{b.fields}",
                    join([labelled(head[2]), _twice(screen, b)]),
                    join([labelled(head[3]), _unused(screen, b)]),
                ]
                for b in every
            ]
            st.html(html_table(head, rows, numeric=(1,), cls="pw-stack pw-asks", alt=screen.say("approvals.asks")))


def _twice(screen: Screen, one: Burden) -> Html:
    if not one.twice:
        return tag("span", "0")
    names = [screen.say("approvals.also_in", name=t.column.title, of=t.of) for t in one.twice]
    return _listed(screen, names)


def _unused(screen: Screen, one: Burden) -> Html:
    return _listed(screen, [screen.pick(c.title) for c in one.unused]) if one.unused else tag("span", "0")


def _listed(screen: Screen, names: list[str]) -> Html:
    """The number, and the first names; all of them where the pointer rests."""
    rest = screen.say("approvals.and_more", n=len(names) - _NAMED) if len(names) > _NAMED else ""
    return join(
        [tag("b", f"{len(names)}"), tag("small", f" {screen.listed(names[:_NAMED])}{rest}", title=screen.listed(names))]
    )
