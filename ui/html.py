"""Small, safe HTML for `st.html`: everything that isn't markup of ours is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape


class Html(str):
    """Markup that is put in as it is; any other string is escaped."""

    __slots__ = ()


_links: list[Callable[[str], str]] = []


def carry_links(through: Callable[[str], str]) -> None:
    """From now on every link goes through this: what is looked at goes along from page to page."""
    if through not in _links:
        _links.append(through)


def tag(name: str, *inside: object, **attributes: object) -> Html:
    """`tag("td", "7 %", cls="num")` → `<td class="num">7 %</td>`; an attribute that is None or False is left out."""
    if isinstance(href := attributes.get("href"), str):
        for through in _links:
            href = through(href)
        attributes["href"] = href
    named = (("class" if n == "cls" else n.rstrip("_").replace("_", "-"), v) for n, v in attributes.items())
    given = "".join(
        f" {n}" if v is True else f' {n}="{escape(str(v))}"' for n, v in named if v is not None and v is not False
    )
    return Html(f"<{name}{given}>{join(inside)}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Html:
    return Html(between.join(p if isinstance(p, Html) else escape(str(p)) for p in parts if p is not None))


def table(head: Sequence[object], rows: Iterable[Sequence[object]], *, numeric: Iterable[int] = (), wide: Iterable[int] = (),
          cls: str = "", alt: str = "") -> Html:  # fmt: skip
    """A table; the columns `numeric` stand to the right. On a phone each number is told by its column's name, and the
    columns `wide` are left out."""
    classes: dict[int, str] = dict.fromkeys(wide, "wide")
    classes |= {i: f"num {classes[i]}" if i in classes else "num" for i in numeric}

    def row(cells: Sequence[object], kind: str) -> Html:
        made = (
            tag(kind, c, cls=classes.get(i), data_label=head[i] if kind == "td" else None) for i, c in enumerate(cells)
        )
        return tag("tr", *made)

    body = tag("tbody", *(row(r, "td") for r in rows))
    return tag("table", tag("thead", row(head, "th")), body, cls=f"pw-table {cls}".strip(), aria_label=alt or None)
