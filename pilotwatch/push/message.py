"""What is sent: one notice, or several of one kind that wait together, with the house's head and foot around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from pilotwatch.domain import Language, Text
from pilotwatch.push import markdown, words
from pilotwatch.push.robots import Robot
from pilotwatch.settings import Settings
from pilotwatch.store.deliveries import Attached, Line, Notice
from pilotwatch.workdays import BEIJING

ITEMS = 10  # named one by one in one message; the rest is counted
#: Kinds of which all that wait for an account go out as one message.
TOGETHER = ("red", "reminder")
_COLOUR = {"red": "red", "reminder": "orange"}


@dataclass(frozen=True)
class Message:
    """A message, ready to be written for a channel; `key` tells a second copy from a second message."""

    title: Text
    lines: tuple[Line, ...]
    link: str
    key: str
    kind: str
    foot: tuple[Text, ...]
    demo: Text | None
    home: str
    links: tuple[tuple[Text, str], ...] = ()
    files: tuple[Attached, ...] = ()

    def url(self, language: Language, path: str | None = None) -> str:
        """The address of the view that the message is about, or of a path, in the reader's language."""
        path = self.link if path is None else path
        mark = "&" if "?" in path else "?"
        return f"{self.home}{path}{f'{mark}lang=en' if language == 'en' else ''}"

    def open_it(self, language: Language) -> str:
        return _OPEN(language)


def message(notices: Sequence[Notice], at: datetime, knobs: Settings, *, demo: bool) -> Message:
    """The notices (of one account and kind, oldest first) as one message; `at`: when the oldest was queued."""
    first, last = notices[0], notices[-1]
    title, key, lines = first.title, first.key, [_line(n) for n in first.lines]
    if len(notices) > 1:
        title = _SEVERAL.format(n=len(notices), kind=words.KIND.get(first.kind, Text(first.kind, first.kind)))
        key = f"{first.key} +{len(notices) - 1} … {last.key}"
        lines = _together(notices)
    stamp = _STAMP.format(at=f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}", key=key)
    foot = (stamp, *([_DEMO] if demo else []), _CHANGE)
    link = _common([n.link for n in notices])
    alone = len(notices) == 1
    return Message(
        title, tuple(lines), link, key, first.kind, foot, words.DEMO if demo else None, knobs.home,
        tuple(first.links) if alone else (), tuple(first.files) if alone else (),
    )  # fmt: skip


def _line(said: Text | Line) -> Line:
    return said if isinstance(said, Line) else Line(said)


def _together(notices: Sequence[Notice]) -> list[Line]:
    """Each notice under its title, with as many of its items as there is room for, shared out evenly."""
    items = [[line for line in map(_line, n.lines) if line.style != "note"] for n in notices]
    room = _shares([len(i) for i in items], ITEMS)
    lines = [
        line
        for notice, mine, n in zip(notices, items, room, strict=True)
        for line in (Line(notice.title, "heading"), *mine[:n])
    ]
    left_out = any(n < len(notice.lines) for notice, n in zip(notices, room, strict=True))
    return [*lines, Line(_REST, "note")] if left_out else lines


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """How many each gets of what there is room for: one after the other, until all have what they want.

    >>> _shares([10, 1, 10], 10)
    [5, 1, 4]
    """
    got = [0] * len(wanted)
    while room and any(g < w for g, w in zip(got, wanted, strict=True)):
        for i, most in enumerate(wanted):
            if room and got[i] < most:
                got[i], room = got[i] + 1, room - 1
    return got


def _common(links: Sequence[str]) -> str:
    """The view that all the links are within: their path, and of its query what they have in common."""
    parts = [urlsplit(link) for link in links]
    if len({p.path for p in parts}) > 1:
        return "/"
    shared = [pair for pair in parse_qsl(parts[0].query) if all(pair in parse_qsl(p.query) for p in parts)]
    return parts[0].path + (f"?{urlencode(shared)}" if shared else "")


def robot_message(told: Message, language: Language, robot: Robot) -> tuple[str, str, str]:
    """(title, markdown, colour) within what the platform takes, cut at whole lines."""
    title = markdown.plain(f"{words.PRODUCT(language)} · {told.title(language)}")
    links = [(told.open_it(language), told.link), *((t(language), path) for t, path in told.links)]
    end = robot.between.join([
        *(f"[{markdown.plain(said)}]({told.url(language, path)})" for said, path in links), *(markdown.plain(t(language)) for t in told.foot)
    ])  # fmt: skip
    room = robot.limit - len(title.encode()) - 64  # what the platform's own wrapping of the title takes
    lines = [_as_markdown(line, language) for line in told.lines]
    return (
        title,
        markdown.fit(lines, end, room, words.LEFT_OUT, language, robot.between),
        _COLOUR.get(told.kind, "blue"),
    )


def _as_markdown(line: Line, language: Language) -> str:
    said = markdown.plain(line.text(language))
    level = f"**【{words.LEVEL[line.level](language)}】** " if line.level else ""
    return {"heading": f"\n**{said}**", "item": f"- {level}{said}"}.get(line.style, f"{level}{said}")


_OPEN = Text("打开系统查看", "Open Pilot Watch")
_SEVERAL = Text("{kind}（{n} 则）", "{kind} ({n})")
_REST = Text("……其余未逐条列出，请打开系统查看。", "… the others are not listed one by one; see the app.")
_STAMP = Text("数据截至 {at}（北京时间） · 编号 {key}", "Data as of {at} (Beijing time) · No. {key}")
_DEMO = Text("演示数据（合成），与真实主体无关。", "Demo data, synthetic, about nobody real.")
_CHANGE = Text(
    "如需调整或停收，请在系统右上角“消息推送”中修改。", "To change or stop these messages: “Messages” in the user menu."
)
