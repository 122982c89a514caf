"""What is sent: one notice, or several of one kind that wait together, with the house's head and foot around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pilotwatch.domain import Language, Text
from pilotwatch.push import markdown, words
from pilotwatch.push.robots import Robot
from pilotwatch.settings import Settings
from pilotwatch.store.deliveries import Line, Notice
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

    def url(self, language: Language) -> str:
        """The address of the view that the message is about, in the reader's language."""
        mark = "&" if "?" in self.link else "?"
        return f"{self.home}{self.link}{f'{mark}lang=en' if language == 'en' else ''}"

    def open_it(self, language: Language) -> str:
        return _OPEN(language)


def message(notices: Sequence[Notice], at: datetime, knobs: Settings, *, demo: bool) -> Message:
    """The notices (of one account and kind, oldest first) as one message; `at`: when the oldest was queued."""
    first = notices[0]
    lines = [_line(n) for n in first.lines]
    title, key = first.title, first.key
    if len(notices) > 1:
        title = _SEVERAL.format(n=len(notices), kind=words.KIND.get(first.kind, Text(first.kind, first.kind)))
        key = f"{first.key} +{len(notices) - 1} … {notices[-1].key}"
        lines = [line for n in notices for line in (Line(n.title, "heading"), *map(_line, n.lines))]
    stamp = _STAMP.format(at=f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}", key=key)
    foot = (stamp, *([_DEMO] if demo else []), _CHANGE)
    mark = words.DEMO if demo else None
    return Message(title, tuple(_at_most(lines)), first.link, key, first.kind, foot, mark, knobs.home)


def _line(said: Text | Line) -> Line:
    return said if isinstance(said, Line) else Line(said)


def _at_most(lines: Sequence[Line]) -> list[Line]:
    """No more items than a reader takes in within a minute."""
    items = [i for i, line in enumerate(lines) if line.style == "item"]
    if len(items) <= ITEMS:
        return list(lines)
    beyond = set(items[ITEMS:])
    kept = [line for i, line in enumerate(lines) if i not in beyond]
    return [*kept, Line(_MORE_ITEMS.format(n=len(beyond)), "note")]


def robot_message(told: Message, language: Language, robot: Robot) -> tuple[str, str, str]:
    """(title, markdown, colour) within what the platform takes, cut at whole lines."""
    title = markdown.plain(f"{words.PRODUCT(language)} · {told.title(language)}")
    end = robot.between.join([
        f"[{told.open_it(language)}]({told.url(language)})", *(markdown.plain(t(language)) for t in told.foot)
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
_SEVERAL = Text("{kind}：{n} 条", "{kind}: {n}")
_MORE_ITEMS = Text("……另有 {n} 条未列出。", "… {n} more are not listed.")
_STAMP = Text("数据截至 {at}（北京时间） · 编号 {key}", "Data as of {at} (Beijing time) · No. {key}")
_DEMO = Text("演示数据（合成），与真实主体无关。", "Demo data, synthetic, about nobody real.")
_CHANGE = Text(
    "如需调整或停收，请在系统右上角“消息推送”中修改。", "To change or stop these messages: “Messages” in the user menu."
)
