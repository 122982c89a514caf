"""The table of the state machine (domain-rules B.1): from 发现 to 归档, and every way aside.

Rows of a state are in the order in which they are offered; the first one that a person may do is the primary button.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilotwatch.disposal.acts import (
    BACK,
    COOPERATING,
    DEPARTMENT,
    EARLY,
    EVIDENCE,
    FILES,
    HANDLED,
    NOTE,
    OPEN,
    REASON,
    RESULT,
    STAY,
    WORKING,
    Act,
    Given,
    need,
)
from pilotwatch.disposal.clocks import extendable
from pilotwatch.disposal.limits import LIMITS, PAUSES
from pilotwatch.domain import Text
from pilotwatch.records.clues import CLOSINGS

MEASURES: dict[str, Text] = {
    "none": Text("不予处罚", "No measure"), "order": Text("责令改正", "Order to correct"), "file": Text("立案查处", "Open a penalty case"),
    "mediate": Text("组织调解", "Mediation"), "refer": Text("移送司法", "Criminal referral"),
}  # fmt: skip
#: Closing kinds a handler may propose; the others are the end of an act of their own.
PROPOSED = {k: CLOSINGS.titles[k] for k in ("no_violation", "corrected", "exempt", "penalty", "mediated", "transferred", "criminal")}  # fmt: skip
_KINDS = {
    "complaint": Text("投诉（个人权益）", "Complaint"), "report": Text("举报（违法行为）", "Report"), "clue": Text("其他线索", "Other clue"),
    "consultation": Text("咨询", "Question"), "request": Text("求助", "Request"), "warning": Text("数据预警", "Warning"),
}  # fmt: skip
KINDS = _KINDS


def _act(code: str, zh: str, en: str, at: Any, to: str, sides: Any, *needs: Any, **options: Any) -> Act:
    return Act(
        code, Text(zh, en), tuple(at) if not isinstance(at, str) else (at,), to,
        (sides,) if isinstance(sides, str) else tuple(sides), tuple(needs), **options,
    )  # fmt: skip


# --- effects -----------------------------------------------------------------------------------------------------


def _assigned(given: Given) -> Mapping[str, Any]:
    others = tuple(d for d in given["others"] or () if d != given["department"])
    return {"owner": given["department"], "others": others, "assignee": given["assignee"] or "", "before": ""}


def _transferred(given: Given) -> Mapping[str, Any]:
    old = (given.case.owner,) if given.case.owner else ()
    return {
        "owner": given["department"], "assignee": "",
        "others": tuple(d for d in dict.fromkeys((*given.case.others, *old)) if d != given["department"]),
    }  # fmt: skip


def _returned(given: Given) -> Mapping[str, Any]:
    return {"returns": given.case.returns + 1, "assignee": ""}


def _aside(given: Given) -> Mapping[str, Any]:
    return {"before": given.case.state}


def _disposed(given: Given) -> Mapping[str, Any]:
    return {"measure": given["measure"], "filed": given["measure"] == "file"}


def _closed(given: Given) -> Mapping[str, Any]:
    return {"closing": given["closing"] or given.case.proposed, "closed_at": given.at}


def _answered(given: Given) -> Mapping[str, Any]:
    return {"waiting": tuple(w for w in given.case.waiting if w != given["complainant"])}


def _reopened(given: Given) -> Mapping[str, Any]:
    return {"closing": "", "closed_at": None, "proposed": "", "looked_back": False, "look_back_on": None}


# --- guards ------------------------------------------------------------------------------------------------------


def _everybody_answered(given: Given) -> Text | None:
    left = len(given.case.waiting)
    return left and Text(
        f"还有{left}位诉求人未答复，请先逐一答复再结案。", f"{left} complainants have no answer yet; answer each before closing."
    )  # fmt: skip


def _waits(given: Given) -> Text | None:
    if given["complainant"] in given.case.waiting:
        return None
    return Text("该诉求人不在待答复名单中，请重新选择。", "That complainant waits for no answer; choose another.")


def _still_returnable(given: Given) -> Text | None:
    clock = given.case.clock("T22.return")
    if clock is None or clock.due_at is None or given.at <= clock.due_at:
        return None
    return Text(
        "已超过退回期限（分办后2个工作日），不能退回。确需变更承办部门的，请用“移送其他部门”或报市级专班办公室。",
        "It can be returned within 2 working days of its assignment only. Transfer it, or ask the city office.",
    )


def _another_department(given: Given) -> Text | None:
    if given["department"] != given.case.owner:
        return None
    return Text("应写明的是另一个承办部门，现填的就是本部门。", "Name the right department; this is your own.")


def _more_time_left(given: Given) -> Text | None:
    clock = given.case.clock(given["clock"] or given.case.asked)
    if clock is None:
        return Text("该时限没有在计时，请重新选择。", "That limit isn't running; choose another.")
    rule = LIMITS[clock.rule]
    if not extendable(clock):
        return Text(f"“{rule.title.zh}”依规定不能延期。", f"“{rule.title.en}” can't be extended.")
    if clock.extended >= rule.times:
        return Text(f"“{rule.title.zh}”已经延期，不能再次延期。", f"“{rule.title.en}” was extended already.")
    return None


def _another_approver(given: Given) -> Text | None:
    if given.by != given.case.asked_by:
        return _more_time_left(given)
    return Text("延期须由他人审批，申请人不能自批。", "Somebody else has to approve the extension you asked for.")


def _no_open_referral(given: Given) -> Text | None:
    if given.case.referral and not given.case.referral.get("ended"):
        return Text(
            "移送公安程序尚未结束，请先登记公安机关答复。",
            "The referral is not over: record the police's answer first.",
        )
    return None


def _done_well(given: Given) -> Text | None:
    return _everybody_answered(given) or _no_open_referral(given)


# --- the table ---------------------------------------------------------------------------------------------------

_FACT = need("fact", "text", "涉嫌事项", "What may be wrong", False)
_KIND = need("kind", "choice", "线索类别", "Kind", False, choices=_KINDS)
_CLOCK = need("clock", "clock", "时限", "Limit")
_PROPOSED = need("proposed", "choice", "拟办结方式", "Proposed closing", choices=PROPOSED)
_DISPOSERS = ("owner", "office")

HANDLING: tuple[Act, ...] = (
    _act("register", "登记", "Register", "found", "registered", "office", _KIND, _FACT, NOTE, FILES, primary=True,
         starts=("T1", "T4", "T19"), effect=lambda g: {n: v for n, v in (("kind", g["kind"]), ("facts", (g["fact"],) if g["fact"] else None)) if v}),
    _act("triage", "研判", "Triage", "registered", "triaged", "office", RESULT, FILES, primary=True),
    _act("assign", "分办", "Assign", ("triaged", "returned"), "assigned", "office", DEPARTMENT, COOPERATING,
         need("assignee", "user", "经办人", "Officer", False), NOTE, primary=True, resume=True, starts=("T22", "T22.return", "T20", "F1", "F2"),
         stops=("T19", "T22", "T22.return", "T6"), effect=_assigned),
    _act("rule", "裁定承办部门", "Rule who handles it", "ruling", "assigned", "city", DEPARTMENT, REASON, FILES, primary=True, resume=True,
         starts=("T22",), stops=("T6", "T22"), effect=_assigned),
    _act("sign", "签收", "Sign for it", ("assigned", "transferred"), "signed", "owner", NOTE, primary=True, handles=True, stops=("T22", "T23.receipt")),
    _act("verify", "开始核查", "Begin to verify", "signed", "verifying", "owner", RESULT, FILES, primary=True, handles=True, stops=("F1", "T22.return")),
    _act("dispose", "作出处置决定", "Decide what to do", "verifying", "disposing", "owner", need("measure", "choice", "处置措施", "Measure", choices=MEASURES), RESULT, FILES,
         need("due", "date", "改正到期日", "Correct by", False), need("ended_on", "date", "违法行为终了日", "The act ended on", False),
         primary=True, handles=True, stops=("T4", "F2"), starts_by=("measure", {"file": ("T7", "T15"), "order": ("K1",)}), effect=_disposed),
    _act("report", "反馈结果", "Report back", WORKING, "feedback", "owner", _PROPOSED, RESULT, EVIDENCE, primary=True, handles=True,
         starts=("K2",), stops=("T4", "F1", "F2", "T7", "T15", "K1", "K3", "T20"), effect=lambda g: {"proposed": g["proposed"]}),
    _act("review", "复核通过", "Pass the review", "feedback", "reviewed", "office", RESULT, FILES, primary=True, unhandled=True, stops=("K2",)),
    _act("close", "结案销号", "Close", "reviewed", "closed", "office", need("closing", "choice", "办结方式", "How closed", False, choices=PROPOSED), RESULT, FILES,
         primary=True, stops=("*",), starts=("T21",), guard=_done_well, effect=_closed),
    _act("look_back", "回头看", "Look back", "closed", STAY, "office", RESULT, FILES, primary=True, effect=lambda g: {"looked_back": True}),
    _act("archive", "归档", "File away", "closed", "archived", ("office", "owner"), NOTE, FILES, primary=True, stops=("*",)),
    _act("resume", "恢复办理", "Resume", "suspended", BACK, _DISPOSERS, REASON, FILES, primary=True, resume=True, effect=lambda g: {"before": ""}),
    # ways aside
    _act("decline", "不予受理", "Don't accept", EARLY, "closed", "office", REASON, FILES, stops=("*",), guard=_everybody_answered,
         effect=lambda g: {"closing": "not_accepted", "closed_at": g.at}),
    _act("return", "退回", "Return", ("assigned", "signed"), "returned", "owner", REASON, need("department", "department", "应由哪个部门承办", "The right department"), FILES,
         when=lambda c: c.returns == 0, guard=lambda g: _still_returnable(g) or _another_department(g), pause=True, stops=("T22", "T22.return"), effect=_returned),
    _act("return", "再次退回（报裁定）", "Return again (for a ruling)", ("assigned", "signed"), "ruling", "owner", REASON,
         need("department", "department", "应由哪个部门承办", "The right department"), FILES, when=lambda c: c.returns > 0,
         guard=lambda g: _still_returnable(g) or _another_department(g), pause=True, starts=("T6",), stops=("T22", "T22.return"), effect=_returned),
    _act("transfer", "移送其他部门", "Transfer to another department", ("triaged", *HANDLED), "transferred", _DISPOSERS, need("department", "department", "接收部门", "To which department"),
         REASON, FILES, guard=_another_department, starts=("T23.receipt",), stops=("T23", "T22", "T22.return", "T19"), effect=_transferred),
    _act("must_transfer", "发现应当移送", "It belongs to another department", HANDLED, STAY, "owner", REASON, starts=("T23",)),
    _act("suspend", "挂起", "Suspend", HANDLED, "suspended", "owner", need("pause", "choice", "挂起事由", "Why", choices=PAUSES), REASON, FILES, pause=True, effect=_aside),
    _act("ask_time", "申请延期", "Ask for more time", ("assigned", *HANDLED), STAY, "owner", _CLOCK, REASON, FILES, guard=_more_time_left,
         effect=lambda g: {"asked": g["clock"], "asked_by": g.by}),
    _act("extend", "批准延期", "Extend", ("assigned", *HANDLED), STAY, "approver", need("clock", "clock", "时限", "Limit", False), REASON, FILES,
         when=lambda c: bool(c.asked), guard=_another_approver, effect=lambda g: {"asked": "", "asked_by": ""}),
    _act("refuse_time", "不同意延期", "Refuse more time", ("assigned", *HANDLED), STAY, "approver", REASON, when=lambda c: bool(c.asked), effect=lambda g: {"asked": "", "asked_by": ""}),
    _act("rework", "退回重办", "Have it done again", ("feedback", "reviewed"), "disposing", "office", REASON, FILES, stops=("K2",), starts=("K1",), effect=lambda g: {"proposed": ""}),
    _act("reopen", "重新办理", "Open it again", ("closed", "archived"), "disposing", ("city", "office"), REASON, FILES, starts=("K1",), effect=_reopened),
    _act("call_back", "回访", "Call back", ("closed", "archived"), STAY, "office", need("satisfied", "choice", "是否满意", "Satisfied", choices={"yes": Text("满意", "Yes"), "no": Text("不满意", "No")}), NOTE,
         stops=("T21",)),
    # beside the way
    _act("name_person", "指派经办人", "Name the officer", ("assigned", "transferred", *HANDLED), STAY, _DISPOSERS, need("assignee", "user", "经办人", "Officer"), effect=lambda g: {"assignee": g["assignee"]}),
    _act("answer", "答复诉求人", "Answer the complainant", (*OPEN, "closed"), STAY, _DISPOSERS, need("complainant", "complainant", "诉求人", "Complainant"), RESULT, FILES, stops=("T5",), guard=_waits, effect=_answered,
         when=lambda c: bool(c.waiting)),
    _act("supervise", "督办", "Supervise", OPEN, STAY, "city", REASON, starts=("K3",), stops=("K3",), effect=lambda g: {"supervised": True, "supervised_at": g.at}),
    _act("explain", "回复督办", "Answer the supervision", OPEN, STAY, "owner", RESULT, FILES, when=lambda c: c.clock("K3") is not None, stops=("K3",)),
    _act("assist", "请求协查", "Ask another district for help", WORKING, STAY, "owner", need("unit", "unit", "协查区县", "District"), RESULT, FILES, starts=("K4",),
         effect=lambda g: {"assists": (*g.case.assists, g["unit"]), "units": tuple(dict.fromkeys((*g.case.units, g["unit"])))}),
    _act("assisted", "协查回复", "Answer a request for help", (*WORKING, "suspended"), STAY, _DISPOSERS, need("unit", "unit", "协查区县", "District"), RESULT, FILES, stops=("K4",),
         when=lambda c: bool(c.assists), effect=lambda g: {"assists": tuple(u for u in g.case.assists if u != g["unit"])}),
    _act("note", "补充材料", "Add material", (*OPEN, "closed"), STAY, ("owner", "office", "approver"), NOTE, FILES),
    # by the house, or as a part of an act on several cases
    _act("split", "拆分", "Split", EARLY, STAY, "office", need("content", "text", "分出的事项", "The matter split off"), need("kind", "choice", "线索类别", "Kind", choices=_KINDS), REASON),
    _act("merge", "合并", "Merge", OPEN, "merged", "office", need("into", "case", "并入案件", "Into which case"), REASON, stops=("*",),
         effect=lambda g: {"merged_into": g["into"], "closing": "duplicate", "closed_at": g.at, "waiting": ()}),
    _act("absorb", "并入", "Take another case in", OPEN, STAY, "office", need("case", "case", "并入的案件", "The case taken in"), NOTE),
    _act("lead", "新增线索", "Another lead", OPEN, STAY, ("office", "house"), need("source", "text", "线索", "Lead"), NOTE),
    _act("recount", "重新计算时限", "Count the limits again", OPEN, STAY, ("city", "house"), NOTE),
)  # fmt: skip
