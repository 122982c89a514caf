"""The task sheet: one form for all departments of a visit (一表通查), to be shown at the door, filled in and signed.

Its QR code is the task's address in this house; whoever opens it logs in first, so the code itself opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pilotwatch import papers
from pilotwatch.settings import settings
from pilotwatch.workdays import BEIJING

if TYPE_CHECKING:
    from pilotwatch.places import Places

Task = Mapping[str, Any]
Parts = Mapping[str, Mapping[str, Any]]

TITLE = "涉企联合检查任务书"
_SUBTITLE = "（综合查一次 · 一表通查）"
#: What every enterprise is told before a check (国办发〔2024〕54号; wording to be held against the official text).
BANS = (
    "严禁逐利检查", "严禁接受被检查企业的任何馈赠、报酬、福利待遇", "严禁参加被检查企业提供的宴请、娱乐、旅游等活动",
    "严禁由被检查企业支付消费开支", "严禁刻意要求法定代表人到场、干扰正常生产经营，或违法查封、扣押、冻结、责令停产停业",
)  # fmt: skip
RIGHTS = (
    "检查人员不出示执法证件、不出示本任务书，或者编号核对不上的，企业可以拒绝检查。",
    "计划内检查有年度频次上限；投诉举报、转办交办、突发事件等有因检查不计入上限。",
    "检查结束后企业可以对本次检查评价，评价对检查部门匿名。",
)
_TICKS = {"ok": "☑符合　☐有问题　☐不适用", "problem": "☐符合　☑有问题　☐不适用", "none": "☐符合　☐有问题　☑不适用"}
_BLANK = "☐符合　☐有问题　☐不适用"


def address_of(task: Task) -> str:
    """Where the task is opened."""
    return f"{settings().home}/visit?task={task['number']}"


def pdf(places: Places, task: Task, parts: Parts | None = None, mark: str = "") -> bytes:
    """The sheet as PDF; with `parts` what was found is in it. `mark`: who printed it and when."""
    return papers.pdf(markup(places, task, parts or {}, mark), {"qr.svg": papers.qr(address_of(task))})


def markup(places: Places, task: Task, parts: Parts, mark: str = "") -> str:
    q = papers.quoted
    facts = "".join(f"[*{q(n)}*], [{q(v)}], " for n, v in about(places, task))
    lines = "".join(
        f"[{q(m['name'])}#linebreak()#text(size: 8.5pt, fill: luma(90))[{q(m['basis'])}]], [{q(m['content'])}], [{q(m['method'])}], "
        f"[{q(_tick(parts, m))}], [{q(_note(parts, m))}], "
        if m
        else f"table.cell(colspan: 5, fill: luma(240))[*{q(_name(places, d))}*　{q(_result(parts, d))}], "
        for d, m in _lines(task)
    )
    rows = "".join(
        f"[{q(o['name'] or '　　　')}], [{q(o['id'])}], [{q(_name(places, o['department']))}], [], "
        for o in task["officers"]
    )
    signs = f"检查人员签名：#h(1fr)被检查单位现场负责人签名：{q(task['signed_by'])} #h(1fr)"
    refused = "☑" if task["refused_to_sign"] else "☐"
    return (
        papers.SHEET
        + f"#grid(columns: (1fr, 28mm), align: (center + horizon, right), [#title[{q(TITLE)}] #text(size: 11pt)[{q(_SUBTITLE)}]],"
        + f' [#image("qr.svg", width: 25mm)#align(center, text(size: 7.5pt)[{q(task["number"])}])])\n'
        + f"#table(columns: (22mm, 1fr, 22mm, 1fr), {facts})\n"
        + f"= 一、检查人员\n#table(columns: (1fr, 1fr, 1.4fr, 1fr), table.header([*姓名*], [*执法证号*], [*部门*], [*签到*]), {rows})\n"
        + "= 二、检查事项与结果\n#set text(size: 9.5pt)\n"
        + "#table(columns: (1.15fr, 1.3fr, 0.6fr, 32mm, 0.9fr), table.header([*事项及依据*], [*检查内容*], [*方式*], [*结果*], [*说明*]), "
        + f"{lines})\n"
        + "= 三、告知企业\n"
        + "".join(f"+ {q(t)}\n" for t in RIGHTS)
        + f"\n*五个严禁：*{q('；'.join(BANS))}。\n"
        + f"#v(10pt)\n{signs}\n\n{refused} 拒绝签字（由检查人员注明原因）#h(1fr)进入时间：{q(_moment(task['entered_at']))}　离开时间：{q(_moment(task['left_at']))}\n"
        + (f"\n#text(size: 7.5pt, fill: luma(110))[{q(mark)}]\n" if mark else "")
    )


def docx(places: Places, task: Task, parts: Parts | None = None, mark: str = "") -> bytes:
    """The same sheet as a Word document."""
    found = parts or {}
    made = papers.word.document(TITLE)
    papers.word.paragraph(made, f"编号：{task['number']}", indent=False)
    facts = about(places, task)
    papers.word.table(made, ("项目", "内容"), facts, (40, 116))
    made.add_heading("一、检查人员", 1)
    people = [(o["name"], o["id"], _name(places, o["department"]), "") for o in task["officers"]]
    papers.word.table(made, ("姓名", "执法证号", "部门", "签到"), people, (30, 40, 56, 30))
    made.add_heading("二、检查事项与结果", 1)
    rows = [
        (f"{m['name']}（{m['basis']}）" if m["basis"] else m["name"], m["content"], _tick(found, m), _note(found, m))
        if m
        else (_name(places, d), _result(found, d), "", "")
        for d, m in _lines(task)
    ]
    papers.word.table(made, ("事项及依据", "检查内容", "结果", "说明"), rows, (48, 40, 40, 28))
    made.add_heading("三、告知企业", 1)
    for text in (*RIGHTS, f"五个严禁：{'；'.join(BANS)}。"):
        papers.word.paragraph(made, text)
    papers.word.paragraph(made, f"检查人员签名：　　　　　　　　现场负责人签名：{task['signed_by']}", indent=False)
    papers.word.paragraph(made, f"核对本任务：{address_of(task)}", indent=False)
    if mark:
        papers.word.paragraph(made, mark, indent=False)
    return papers.word.save(made)


def about(places: Places, task: Task) -> list[tuple[str, str]]:
    """What the head of the sheet says, title and value."""
    return [
        ("被检查对象", task["name"]), ("统一代码", task["code"]), ("地址", task["address"]), ("检查类型", task["trigger"]),
        ("牵头部门", _name(places, task["lead"])), ("参加部门", "、".join(_name(places, d) for d in task["departments"][1:]) or "无"),
        ("检查期限", f"{_day(task['since'])} 至 {_day(task['until'])}"), ("通知书编号", task["notice_no"] or "　"),
    ]  # fmt: skip


def _lines(task: Task) -> list[tuple[str, Mapping[str, str] | None]]:
    """The lines of the form: a head for each department, then its matters."""
    lines: list[tuple[str, Mapping[str, str] | None]] = []
    for department in task["departments"]:
        lines.append((department, None))
        lines += [(department, m) for m in task["matters"] if m["department"] == department]
    return lines


def _tick(parts: Parts, matter: Mapping[str, str]) -> str:
    tick = parts.get(matter["department"], {}).get("ticks", {}).get(matter["code"])
    return _TICKS[tick[0]] if tick else _BLANK


def _note(parts: Parts, matter: Mapping[str, str]) -> str:
    tick = parts.get(matter["department"], {}).get("ticks", {}).get(matter["code"])
    return tick[1] if tick and len(tick) > 1 else ""


def _result(parts: Parts, department: str) -> str:
    part = parts.get(department, {})
    return f"{part.get('result', '')}{'：' + part['problems'] if part.get('problems') else ''}"


def _name(places: Places, code: str) -> str:
    found = places.departments.get(code)
    return found.title.zh if found else code


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(at: Any) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else "　　　　"
