"""Small charts as SVG, drawn here: few marks, every number written out, the colours of the screen.

Sizes are millimetres of the paper. What is written comes from our own texts and titles, and is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from pilotwatch.brief.model import Number, Picture
from pilotwatch.papers import SANS

#: Ground and ink of a level, and the calm colours: those of the screen (`ui.theme`, light).
LEVEL_FILLS = {
    "red": ("#C8102E", "#FFFFFF"), "orange": ("#E87722", "#1F1300"), "yellow": ("#F2C300", "#231B00"),
    "blue": ("#1F6FB5", "#FFFFFF"), "normal": ("#4E6E61", "#FFFFFF"), "nodata": ("#B8BEC5", "#1C2733"),
}  # fmt: skip
QUIET = {"normal": "#C9D6D0", "nodata": "#DDE1E6"}  # what is as it should be doesn't shout
INK, SOFT, LINE, ACCENT = "#1C2733", "#5B6875", "#DFE3E9", "#1B5E8C"

WIDTH = 150.0
_LABEL, _ROW = 40.0, 7.0
_SIZE = 3.3  # mm: about 9.5 pt


def levels(
    title: str, bars: Sequence[tuple[str, Sequence[tuple[str, Number]]]], names: Mapping[str, str], width: float = WIDTH
) -> Picture:
    """Each domain's subjects as one bar of its levels; a number that has no room in its part stands below the bar."""
    small = width < 120
    left = 30.0 if small else _LABEL
    height, room = _ROW * 1.5 * len(bars) + (12 if small else 8), width - left - 2
    body = []
    for i, (name, counts) in enumerate(bars):
        y, x, below = i * _ROW * 1.5, left, []
        body.append(_text(left - 2, y + 5, name, anchor="end"))
        total = sum(int(n.value or 0) for _, n in counts) or 1
        for level, n in counts:
            wide = room * int(n.value or 0) / total
            if wide > 0:
                fill = QUIET.get(level, LEVEL_FILLS[level][0])
                ink = INK if level in QUIET else LEVEL_FILLS[level][1]
                body.append(_rect(x, y + 1, wide, _ROW - 1, fill))
                if wide > 2.2 * len(n.shown) + 1:
                    body.append(_text(x + wide / 2, y + 5.2, n.shown, anchor="middle", fill=ink))
                else:
                    below.append(f"{names[level]} {n.shown}")
            x += wide
        body.append(_text(left, y + 9.8, "  ".join(below), size=2.6, fill=SOFT))
    x, y = (2.0 if small else left), height - (6.6 if small else 2)
    for at, (level, word) in enumerate(names.items()):
        if small and at == 3:
            x, y = 2.0, height - 2
        body.append(_rect(x, y - 2.6, 3, 3, QUIET.get(level, LEVEL_FILLS[level][0])))
        body.append(_text(x + 4, y, word, size=2.8, fill=SOFT))
        x += 24 if small else 6.5 + _wide(word, 2.8)
    return _picture("levels", title, body, height, [n for _, counts in bars for _, n in counts], width)


def bars(title: str, rows: Sequence[tuple[str, Number]]) -> Picture:
    """A bar a row, its number at its end."""
    most = max((float(n.value or 0) for _, n in rows), default=0) or 1
    room = WIDTH - _LABEL - 18
    body = []
    for i, (name, n) in enumerate(rows):
        y = i * _ROW
        body.append(_text(_LABEL - 2, y + 5, name, anchor="end"))
        wide = room * float(n.value or 0) / most
        body.append(_rect(_LABEL, y + 1.2, wide, _ROW - 2.4, ACCENT))
        body.append(_text(_LABEL + wide + 1.5, y + 5, n.shown))
    body.append(_line(_LABEL, 0, _LABEL, _ROW * len(rows), SOFT))
    return _picture(
        f"bars-{rows[0][1].fact[0] if rows else 'none'}", title, body, _ROW * len(rows) + 1, [n for _, n in rows]
    )


def intervals(
    title: str,
    rows: Sequence[tuple[str, Number, Number, float | None, float | None]],
    now: str,
    before: str,
    interval: str,
) -> Picture:
    """Shares from 0 to 100 %: the value as a dot with its interval, the year before as a ring."""
    height, left = _ROW * len(rows) + 15, 44.0
    room = WIDTH - left - 34
    body = []
    body.append(_text(WIDTH - 29, 2.6, f"{now} / {before}", size=2.8, fill=SOFT))
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = left + room * share
        body.append(_line(x, 4, x, height - 10, LINE))
        body.append(_text(x, height - 6.5, f"{share:.0%}", anchor="middle", size=2.6, fill=SOFT))
    for i, (name, value, base, low, high) in enumerate(rows):
        y = i * _ROW + 7.6
        body.append(_text(left - 2, y + 1.2, name, anchor="end"))
        if low is not None and high is not None:
            body.append(_line(left + room * low, y, left + room * high, y, ACCENT, 0.6))
        if base.value is not None:
            x = left + room * float(base.value)
            body.append(
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.3" fill="#FFFFFF" stroke="{SOFT}" stroke-width="0.5"/>'
            )
        body.append(f'<circle cx="{left + room * float(value.value or 0):.2f}" cy="{y:.2f}" r="1.3" fill="{ACCENT}"/>')
        body.append(_text(WIDTH - 29, y + 1.2, f"{value.shown} / {base.shown}", size=2.8))
    y = height - 1.6
    body += [
        f'<circle cx="{left + 1.5}" cy="{y - 1}" r="1.3" fill="{ACCENT}"/>', _text(left + 4, y, now, size=2.8, fill=SOFT),
        _line(left + 16, y - 1, left + 22, y - 1, ACCENT, 0.6), _text(left + 23.5, y, interval, size=2.8, fill=SOFT),
        f'<circle cx="{left + 40}" cy="{y - 1}" r="1.3" fill="#FFFFFF" stroke="{SOFT}" stroke-width="0.5"/>',
        _text(left + 42.5, y, before, size=2.8, fill=SOFT),
    ]  # fmt: skip
    return _picture("intervals", title, body, height, [n for r in rows for n in r[1:3]])


def _picture(
    name: str, title: str, body: Sequence[str], height: float, numbers: Sequence[Number], width: float = WIDTH
) -> Picture:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}mm" height="{height:g}mm" '
        f'font-family="{SANS}">{"".join(body)}</svg>'
    )
    alt = f"{title}：" + "；".join(n.shown for n in numbers)
    return Picture(name, title, svg, width, height, alt, tuple(numbers))


def _wide(text: str, size: float) -> float:
    """About how wide a text is: a Chinese letter is as wide as it is high."""
    return sum(size if ord(c) > 0x2E80 else 0.56 * size for c in text)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: float = _SIZE, fill: str = INK) -> str:
    most = (x if anchor == "end" else WIDTH) - 1
    while text and _wide(text, size) > most and size > 2.2:
        size -= 0.1
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _rect(x: float, y: float, wide: float, high: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{fill}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 0.25) -> str:
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{stroke}" stroke-width="{width}"/>'
