"""One typical case: what it says, its figures with their trace, who takes it over, its versions and files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from pilotwatch import typical
from pilotwatch.store import StoreRefused
from pilotwatch.typical import Figure
from pilotwatch.typical.out import KINDS, Kind
from ui import blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.links import to_case
from ui.screen import Screen
from ui.typical import decide, taking, words, write


def chosen(screen: Screen) -> dict[str, Any] | None:
    """The typical case of the address (`?typical=…`, `&version=…`); one that isn't to be seen answers a sentence."""
    number = st.query_params.get("typical")
    if not number:
        return None
    version = st.query_params.get("version", "")
    try:
        return typical.find(screen.desk, number, int(version) if version.isdecimal() else None)
    except StoreRefused as no:
        _back(screen)
        st.html(blocks.note(screen.pick(no.message), "bad"))
        st.stop()


def _back(screen: Screen) -> None:
    st.html(tag("a", screen.say("typical.back"), href="/typical", target="_self", cls="pw-to"))


def show(screen: Screen, found: Mapping[str, Any]) -> None:
    _back(screen)
    _title(screen, found)
    newest = found["this"] == found["version"]
    may = typical.possible(screen.person, found) if newest else ()
    drawn = typical.figures(screen.desk, words.house(screen), found)
    left, right = st.columns([11, 8], gap="medium")
    with left:
        if newest:
            decide.show(screen, found, may)
        _text(screen, found)
        if "save" in may:
            write.edit(screen, found)
    with right:
        _told(screen, found, drawn)
        taking.show(screen, found, "adopt" in typical.possible(screen.person, found))
        if found["within"]:
            _story(screen, found)


def _title(screen: Screen, found: Mapping[str, Any]) -> None:
    at = found["shown_at"] if found["this"] == found["shown"] else found["at"]
    said = "typical.published_on" if found["this"] == found["shown"] else "typical.edited_on"
    with st.container(key="typical-title"):
        st.html(
            join([
                tag("h2", found["title"], cls="pw-name"),
                tag("div", words.state(screen, found["this_state"]), tag("span", words.about(screen, found)),
                    tag("span", screen.say(said, at=blocks.moment(at)), cls="pw-dim"), words.tags(screen, found["tags"]), cls="pw-who"),
            ])
        )  # fmt: skip
        _others(screen, found)
        with st.container(key="typical-take", horizontal=True, gap="small"):
            for kind in KINDS:
                st.download_button(
                    screen.say(f"typical.take_{kind}"), data=partial(_file, screen, found, kind), mime=KINDS[kind],
                    file_name=f"{found['number']}-{found['title']}.{kind}", on_click="ignore", key=f"typical-{kind}",
                    icon=":material/download:",
                )  # fmt: skip


def _others(screen: Screen, found: Mapping[str, Any]) -> None:
    """That what is looked at isn't what others read, or isn't the newest."""
    number, shown, version = found["number"], found["shown"], found["version"]

    def to(which: int, key: str) -> Html:
        href = f"/typical?typical={number}&version={which}"
        return tag("a", screen.say(key, version=which), href=href, target="_self", cls="pw-to")

    if not found["within"]:
        return
    if shown and found["this"] != shown:
        st.html(blocks.note(join([screen.say("typical.still_shown"), " ", to(shown, "typical.to_shown")]), "warn"))
    elif version != found["this"]:
        st.html(blocks.note(join([screen.say("typical.newer"), " ", to(version, "typical.to_newest")]), "warn"))


def _file(screen: Screen, found: Mapping[str, Any], kind: Kind) -> bytes:
    return typical.take_out(
        screen.desk, words.house(screen), found, kind, screen.language, demo=screen.house.store.demo
    )


def _text(screen: Screen, found: Mapping[str, Any]) -> None:
    """What can be copied stands first: that is what others come for."""
    order = [*typical.BY_PEOPLE[::-1], *(s for s in typical.SECTIONS if s not in typical.BY_PEOPLE)]
    parts = []
    for section in order:
        text = found["body"].get(section, "").strip()
        people = section in typical.BY_PEOPLE
        if not text and not people:
            continue
        said = [tag("p", line) for line in text.split("\n") if line.strip()] or [tag("p", screen.say("typical.to_write"), cls="pw-dim")]  # fmt: skip
        parts.append(
            tag(
                "section", tag("h4", screen.pick(typical.SECTIONS[section])), *said, cls="pw-lesson" if people else None
            )
        )
    with st.container(key="card-typical-text"):
        st.html(tag("div", *parts, cls="pw-article"))
        if found["kept_names"] and found["within"]:
            st.html(blocks.note(screen.say("typical.kept_names_why", why=found["kept_names"])))


def _told(screen: Screen, found: Mapping[str, Any], drawn: tuple[Figure, ...]) -> None:
    heads, limits = [f for f in drawn if f.group == "head"], [f for f in drawn if f.group == "limit"]
    with st.container(key="card-typical-figures"):
        note = "typical.frozen" if found["as_of"] else "typical.live"
        at = {"at": blocks.moment(found["as_of"])} if found["as_of"] else {}
        st.html(blocks.heading(screen.say("typical.figures"), screen.say(note, **at)))
        _changed(screen, found)
        if not drawn:
            st.html(blocks.note(screen.say("typical.no_figures")))
            return
        rows = [_row(screen, f, found["within"]) for f in heads]
        head = [screen.say(f"typical.{n}") for n in ("figure", "value", "trace")]
        st.html(html_table(head, rows, cls="pw-stack pw-traced", alt=screen.say("typical.figures")))
        if limits:
            late = sum(f.late for f in limits)
            with st.expander(screen.say("typical.limits", n=len(limits), late=late)):
                st.html(html_table(head, [_row(screen, f, found["within"]) for f in limits], cls="pw-stack pw-traced", alt=screen.say("typical.figures")))  # fmt: skip


def _row(screen: Screen, figure: Figure, within: bool) -> list[Html]:
    value = tag("b", screen.pick(figure.value), cls="pw-bad-ink" if figure.late else None)
    note = tag("small", screen.pick(figure.note)) if figure.note else None
    return [tag("span", screen.pick(figure.title)), join([value, note]), words.trace(screen, figure, within)]


def _changed(screen: Screen, found: Mapping[str, Any]) -> None:
    changed = found["changed"]
    if not changed:
        return
    numbers = [to_case(n, n) for n in changed if n]
    said = screen.say("typical.changed") if numbers else screen.say("typical.changed_other", n=len(changed))
    st.html(blocks.note(join([said, *([" ", join(numbers, " ")] if numbers else [])]), "warn"))


def _story(screen: Screen, found: Mapping[str, Any]) -> None:
    """Who did what, the newest first, and every version to be read."""
    with st.container(key="card-typical-story"):
        st.html(blocks.heading(screen.say("typical.story"), screen.say("typical.story_note", n=len(found["versions"]))))
        links = []
        for version, state in found["versions"]:
            href = f"/typical?typical={found['number']}&version={version}"
            shown = screen.say("typical.version", n=version)
            links.append(
                join([tag("b", shown) if version == found["this"] else tag("a", shown, href=href, target="_self", cls="pw-to"),
                      " ", words.state(screen, state)])
            )  # fmt: skip
        st.html(tag("p", join(links, " · ")))
        items = [
            tag("li", tag("b", screen.pick(typical.ACTS[e["act"]])), tag("span", " " + screen.say("typical.version", n=e["version"])),
                tag("small", f"{blocks.moment(e['at'])} · {e['by']}"), tag("p", e["remark"]) if e["remark"] else None)
            for e in reversed(found["events"])
        ]  # fmt: skip
        st.html(tag("ul", *items, cls="pw-story"))
