"""Acts of enforcement within a case: penalty, coercion, legal review, and the criminal referral step by step (B.6).

They leave the case where it stands (it is being disposed of) and keep their own clocks. The penalty must not replace a
referral: while one is open the case can't be closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pilotwatch.disposal.acts import EVIDENCE, FILES, NOTE, REASON, RESULT, STAY, WORKING, Act, Given, need
from pilotwatch.disposal.case import Case, day_of
from pilotwatch.domain import Text

_PLACE = WORKING  # where enforcement happens
_LATER = (*WORKING, "feedback", "reviewed")

POLICE = {
    "opened": Text("立案", "Case opened"), "refused": Text("不予立案", "No case"), "forwarded": Text("转送其他公安机关", "Forwarded"),
}  # fmt: skip


def _act(code: str, zh: str, en: str, *needs: Any, at: Any = _PLACE, sides: Any = ("owner",), **options: Any) -> Act:
    return Act(code, Text(zh, en), tuple(at), STAY, tuple(sides), tuple(needs), **options)


def _referral(**values: Any):
    """Facts of the referral that an act adds; a callable value is asked what it is."""

    def effect(given: Given) -> Mapping[str, Any]:
        told = {n: v(given) if callable(v) else v for n, v in values.items()}
        return {"referral": {**given.case.referral, **told}}

    return effect


def _penalty(*names: str, day: str = "", **values: Any):
    def effect(given: Given) -> Mapping[str, Any]:
        told = {n: given[n] for n in names if given[n] is not None} | values
        if day:
            told[day] = day_of(given.at).isoformat()
        return {"penalty": {**given.case.penalty, **told}}

    return effect


def _today(given: Given) -> str:
    return day_of(given.at).isoformat()


def _stage(*stages: str):
    return lambda case: case.referral.get("stage") in stages and not case.referral.get("ended")


def _no_referral(case: Case) -> bool:
    return not case.referral or bool(case.referral.get("ended"))


def _police_answered(given: Given) -> Mapping[str, Any]:
    result = given["result"]
    told = {"police_result": result, "police_result_on": _today(given)}
    # forwarded: the other office answers anew; opened: the goods follow; refused: back, or reconsideration
    stage = {"opened": "opened", "refused": "refused", "forwarded": "handed"}[result]
    return {"referral": {**given.case.referral, **told, "stage": stage}}


def _two_officers(given: Given) -> Text | None:
    officers = str(given["officers"] or "").replace("、", ",").replace("，", ",").split(",")
    if len({o.strip() for o in officers if o.strip()}) >= 2:
        return None
    return Text(
        "移送须由2名以上执法人员组成专案组并提出书面报告，请填写至少2名人员。",
        "A referral needs a team of two officers or more and a written report: name at least two.",
    )


def _defence_over(given: Given) -> Text | None:
    clock = next((c for c in given.case.running if c.rule == "T8"), None)
    if clock is None and not any(c.rule == "T8" for c in given.case.clocks):
        return Text(
            "作出处罚决定前应先告知当事人（处罚告知）。", "The party has to be told first (notice of the penalty)."
        )
    if clock is not None and clock.due_at and given.at <= clock.due_at and given["waived"] != "yes":
        return Text(
            "当事人陈述申辩期限未满，不能作出处罚决定；当事人书面放弃的，请勾选并附材料。",
            "The party's time for a defence isn't over; if it was waived in writing, say so and attach it.",
        )
    return None


def _reviewed_first(given: Given) -> Text | None:
    """行政处罚法 art. 58: a decision that needs legal review may not be taken without it."""
    if given["major"] != "yes" or "reviewed_on" in given.case.penalty:
        return None
    return Text(
        "重大执法决定未经法制审核，不得作出。请先送法制审核。",
        "A major decision needs its legal review first: send it there.",
    )


#: What the checks of the three systems ask of a decision (C6–C8, C10).
_THREE_SYSTEMS = (
    need("major", "yes", "属重大执法决定（须法制审核、集体讨论、告知听证）", "A major decision (review, discussion, hearing)", False),
    need("discussed", "yes", "已集体讨论", "Discussed collectively", False), need("heard", "yes", "已告知听证权利", "Told of the hearing", False),
    need("band_low", "number", "裁量幅度下限（元）", "Discretion band from (yuan)", False), need("band_high", "number", "裁量幅度上限（元）", "to (yuan)", False),
    need("band_reason", "text", "超出幅度的理由", "Why outside the band", False),
)  # fmt: skip
_TELLS = need("told", "text", "告知书文号", "Number of the notice", False)
_CRIME = need("crime", "text", "涉嫌罪名", "Suspected crime")
_OFFICERS = need("officers", "text", "专案组人员（2人以上）", "Officers (two or more)")
_POLICE_OFFICE = need("police_office", "text", "接收公安机关", "Police office")

ENFORCING: tuple[Act, ...] = (
    # complaints: 受理、调解
    _act("accept", "受理投诉", "Accept the complaint", RESULT, FILES, at=("registered", "triaged", "assigned", "signed", "verifying"), sides=("owner", "office"), stops=("T1",), starts=("T2",),
         when=lambda c: c.kind == "complaint" and not any(k.rule == "T2" for k in c.clocks)),
    _act("mediate", "终结调解", "End the mediation", RESULT, FILES, at=("signed", *_PLACE), stops=("T2",), starts=("T3",), when=lambda c: c.clock("T2") is not None),
    _act("inform", "告知调解终止", "Tell both sides it ended", RESULT, FILES, at=("signed", *_LATER), stops=("T3",), when=lambda c: c.clock("T3") is not None),
    # penalty
    _act("preserve", "先行登记保存", "Preserve evidence", RESULT, FILES, starts=("T10",)),
    _act("release", "处理登记保存物品", "Decide on preserved evidence", RESULT, FILES, stops=("T10",), when=lambda c: c.clock("T10") is not None),
    _act("seize", "查封扣押", "Seize", RESULT, EVIDENCE, starts=("T11",)),
    _act("unseize", "解除查封扣押", "End a seizure", RESULT, FILES, at=_LATER, stops=("T11",), when=lambda c: c.clock("T11") is not None),
    _act("send_review", "送法制审核", "Send to legal review", RESULT, FILES, at=("disposing",), starts=("T9",), when=lambda c: c.filed),
    _act("opinion", "法制审核意见", "Legal opinion", RESULT, FILES, at=("disposing",), sides=("owner", "office"), stops=("T9",), unhandled=True,
         when=lambda c: c.clock("T9") is not None, effect=_penalty("reason", day="reviewed_on")),
    _act("notify", "处罚告知", "Notice of the penalty", _TELLS, RESULT, FILES, at=("disposing",), starts=("T8",), when=lambda c: c.filed),
    _act("decide", "作出处罚决定", "Decide the penalty", need("decision_no", "text", "决定书文号", "Decision number"), need("fine", "number", "罚款金额（元）", "Fine (yuan)", False),
         need("waived", "yes", "当事人已书面放弃陈述申辩", "The party waived its defence in writing", False), *_THREE_SYSTEMS, RESULT, EVIDENCE,
         at=("disposing",), guard=lambda g: _defence_over(g) or _reviewed_first(g),
         stops=("T7", "T8", "T10", "T15"), starts=("T12", "T16|T17"), when=lambda c: c.filed and "decided_on" not in c.penalty, effect=_penalty("decision_no", "fine", *(n.name for n in _THREE_SYSTEMS), day="decided_on")),
    _act("serve", "送达决定书", "Serve the decision", RESULT, FILES, at=_LATER, stops=("T12",), starts=("T13",), when=lambda c: c.clock("T12") is not None, effect=_penalty(day="served_on")),
    _act("publish", "公示处罚", "Publish the penalty", need("url", "text", "公示网址", "Where", False), NOTE, at=_LATER, stops=("T16", "T17"),
         when=lambda c: "decided_on" in c.penalty and "published_on" not in c.penalty, effect=_penalty("url", day="published_on")),
    _act("paid", "登记缴款", "Record the payment", NOTE, FILES, at=_LATER, stops=("T13", "T14"), when=lambda c: c.clock("T13") is not None or c.clock("T14") is not None, effect=_penalty(day="paid_on")),
    _act("urge", "催告", "Remind before enforcement", RESULT, FILES, at=_LATER, stops=("T13",), starts=("T14",), when=lambda c: c.clock("T13") is not None),
    # criminal referral (国务院令第310号)
    _act("refer", "提出移送公安机关", "Propose a criminal referral", _CRIME, _OFFICERS, RESULT, EVIDENCE, starts=("R1",), guard=_two_officers, when=_no_referral,
         effect=lambda g: {"referral": {"stage": "reported", "crime": g["crime"], "officers": g["officers"], "report_on": _today(g)}}),
    _act("approve_referral", "批准移送", "Approve the referral", RESULT, sides=("approver",), stops=("R1",), starts=("R2",), when=_stage("reported"), unhandled=True,
         effect=_referral(stage="approved", approved_on=_today)),
    _act("refuse_referral", "不批准移送", "Refuse the referral", REASON, sides=("approver",), stops=("R1",), when=_stage("reported"), unhandled=True,
         effect=_referral(stage="not_approved", ended=_today)),
    _act("hand", "移交公安机关", "Hand over to the police", _POLICE_OFFICE, EVIDENCE, stops=("R2",), when=_stage("approved"),
         effect=_referral(stage="handed", handed_on=_today, police_office=lambda g: g["police_office"])),
    _act("receipt", "登记移送回执", "Record the receipt", EVIDENCE, starts=("R3",), when=lambda c: _stage("handed")(c) and c.clock("R3") is None, effect=_referral(receipt_signed_on=_today)),
    _act("police", "登记公安机关答复", "Record the police's answer", need("result", "choice", "答复", "Answer", choices=POLICE), RESULT, EVIDENCE, stops=("R3", "R5"),
         starts_by=("result", {"opened": ("R6",), "refused": ("R4",)}), when=_stage("handed", "reconsidering"), effect=_police_answered),
    _act("goods", "移交涉案物品", "Hand over goods and files", EVIDENCE, stops=("R6",), when=_stage("opened"), effect=_referral(stage="done", goods_handed_on=_today, ended=_today)),
    _act("reconsider", "提请复议或立案监督", "Ask for reconsideration", REASON, FILES, stops=("R4",), starts=("R5",), when=_stage("refused"), effect=_referral(stage="reconsidering", reconsider_on=_today)),
    _act("take_back", "转回行政处理", "Take it back", REASON, FILES, stops=("R4", "R5"), when=_stage("refused"), effect=_referral(stage="returned", ended=_today)),
)  # fmt: skip
