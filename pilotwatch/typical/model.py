"""What a typical case is made of: its sections, its tags, its figures and where each of these comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pilotwatch.domain import Text

#: Section → its title, in their order. The last two are written by people and asked for before a text is submitted.
SECTIONS: dict[str, Text] = {
    "background": Text("案例背景", "Background"),
    "found": Text("发现的问题", "What was found"),
    "acted": Text("牵头与协同", "Who acted"),
    "process": Text("办理过程", "How it was handled"),
    "outcome": Text("办理成效", "What came of it"),
    "practice": Text("主要做法", "What was done well"),
    "lessons": Text("可复制经验", "What can be copied"),
}
BY_PEOPLE = ("practice", "lessons")
MOST_LETTERS = 4000  # of a section
MOST_TITLE = 80
LEAST_LETTERS = 20  # of a section that people write

#: Tag → title: the reforms it speaks of, then the kinds of practice.
REFORMS: dict[str, Text] = {
    "cross": Text("跨部门综合监管", "Cross-department supervision"),
    "once": Text("综合查一次", "One joint check"),
    "matter": Text("综合监管一件事", "One matter of supervision"),
}
PRACTICES: dict[str, Text] = {
    "data": Text("数据预警", "Data warnings"), "remote": Text("非现场监管", "Off-site supervision"),
    "credit": Text("信用监管", "Supervision by credit"), "quick": Text("限时办结", "Within its limits"),
    "mediation": Text("调解化解", "Mediation"), "lenient": Text("包容审慎", "Lenient and prudent"),
    "penalty": Text("严格执法", "Strict enforcement"), "referral": Text("行刑衔接", "Referral to the police"),
    "society": Text("社会共治", "With society's help"),
}  # fmt: skip
TAGS = REFORMS | PRACTICES

Group = Literal["head", "limit"]
#: (kind, reference): a case's number, case#event, a warning's number, dataset/record, a batch, a visit's task.
Trace = tuple[str, str]


@dataclass(frozen=True)
class Figure:
    """A figure drawn from a case. `value`: as it is told; `number`: for lists and sums; `trace`: what it was read from.

    `group`: "head" for those that stand on top, "limit" for one limit of a case with its days; `late`: it was overrun.
    """

    code: str
    title: Text
    value: Text
    trace: tuple[Trace, ...]
    number: float | None = None
    group: Group = "head"
    note: Text | None = None
    late: bool = False


def figure_json(figure: Figure) -> dict[str, Any]:
    """A figure as JSON values."""
    note = [figure.note.zh, figure.note.en] if figure.note else None
    return {
        "code": figure.code, "title": [figure.title.zh, figure.title.en], "value": [figure.value.zh, figure.value.en],
        "trace": [list(t) for t in figure.trace], "number": figure.number, "group": figure.group, "note": note, "late": figure.late,
    }  # fmt: skip


def figure_of(told: Mapping[str, Any]) -> Figure:
    """The figure that JSON values tell."""
    note = Text(*told["note"]) if told["note"] else None
    trace = tuple((kind, ref) for kind, ref in told["trace"])
    return Figure(
        told["code"], Text(*told["title"]), Text(*told["value"]), trace, told["number"], told["group"], note, told["late"]
    )  # fmt: skip
