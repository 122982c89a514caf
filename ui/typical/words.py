"""What the parts of 典型案例 share: what codes are called, states, tags, and words that were searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pilotwatch import typical
from pilotwatch.typical import Figure, House
from ui.html import Html, join, tag
from ui.links import to_case, to_hotspot, to_warning
from ui.screen import Screen

#: How a state is coloured: what is published stands out, what came back warns.
_LOOKS = {"approved": "good", "submitted": "watch", "returned": "warn", "withdrawn": "bad", "draft": "watch"}


def house(screen: Screen) -> House:
    return House(screen.house.registry, screen.house.places, screen.house.calendar())


def state(screen: Screen, code: str) -> Html:
    return tag("span", screen.pick(typical.STATES[code]), cls=f"pw-state pw-state-{_LOOKS[code]}")


def tags(screen: Screen, codes: Iterable[str]) -> Html:
    """The reforms first, set apart from kinds of practice."""
    chips = (
        tag("span", screen.pick(typical.TAGS[c]), cls="pw-chip pw-set" if c in typical.REFORMS else "pw-chip")
        for c in typical.TAGS
        if c in set(codes)
    )
    return tag("span", *chips, cls="pw-chips")


def about(screen: Screen, row: Mapping[str, Any]) -> str:
    """Number, domains and units."""
    named = house_names(screen, row)
    return " · ".join(filter(None, (row["number"], *named)))


def house_names(screen: Screen, row: Mapping[str, Any]) -> tuple[str, str]:
    titles = {d.name: screen.pick(d.title) for d in screen.house.registry.domains}
    return screen.listed([titles.get(d, d) for d in row["domains"]]), screen.listed(
        [screen.unit(u) for u in row["units"]]
    )


def taker(screen: Screen, code: str) -> str:
    """A unit or a department."""
    return screen.department(code) if code in screen.house.places.departments else screen.unit(code)


def marked(text: str, words: Sequence[str]) -> Html:
    """The text with what was searched for marked in it."""
    wanted = [re.escape(w) for w in words if w]
    if not wanted:
        return join([text])
    parts = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    return join([tag("mark", p) if n % 2 else p for n, p in enumerate(parts)])


def excerpt(texts: Iterable[str], words: Sequence[str], length: int = 110) -> str:
    """Of the first text that has one of the words the part around it; without words the beginning of the first text."""
    told = [" ".join(t.split()) for t in texts if t and t.strip()]
    for text in told if words else ():
        places = [at for w in words if (at := text.lower().find(w)) >= 0]
        if places:
            begin = max(0, min(places) - length // 3)
            return ("…" if begin else "") + _cut(text[begin:], length)
    return _cut(told[0], length) if told else ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "…"


def trace(screen: Screen, figure: Figure, within: bool) -> Html:
    """Where a figure was read: links for whoever sees the cases, their numbers for the others."""
    if not within:
        return tag("small", screen.listed([ref for kind, ref in figure.trace if kind == "case"]))
    shown = [_link(screen, kind, ref) for kind, ref in figure.trace if kind != "limit"]
    return tag("small", join(shown, " "))


def _link(screen: Screen, kind: str, ref: str) -> Html:
    if kind == "case":
        return to_case(ref, ref)
    if kind == "warning":
        return to_warning(ref, ref)
    if kind == "hotspot":
        return to_hotspot(ref, screen.say("typical.hotspot"))
    if kind == "visit":
        return tag("a", ref, href=f"/visit?task={ref}", target="_self", cls="pw-to")
    word = screen.say("typical.batch" if kind == "batch" else "typical.record")
    return tag("span", f"{word} {ref[:8] if kind == 'batch' else ref}", cls="pw-dim")
