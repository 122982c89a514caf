"""The limits of law and practice (domain-rules B.4, B.6) as data, each in the version of the day it began on.

Working days, natural days and hours are told apart by the unit of each limit ("7wd", "60d", "24h"); how a law's 日 is
read is `pilotwatch.workdays.statutory`'s business. A limit of practice (PRAC) is only our default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pilotwatch.domain import Basis, Text
from pilotwatch.workdays import Limit, statutory

#: The day on which the rule for 12315 complaints and reports changed (市场监管总局令第20号 → 第121号).
ORDER_121 = date(2026, 4, 15)
_BEFORE_121 = date(2026, 4, 14)

When = Mapping[str, tuple[Any, ...]]  # attribute of a case → the values it may have


@dataclass(frozen=True)
class Version:
    """How long, and why, for limits that begin from `since` to `until` (both included), in cases as `when` says."""

    limit: Limit
    since: date | None = None
    until: date | None = None
    when: When = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Rule:
    """One limit.

    `begins`: the event that starts it; `from_receipt`: counted from when the clue was received, whenever that is told.
    `when`: the cases it is for. `main`: it is the limit of the case as a whole while it runs. `party`: it runs for the
    other side. `extension`, granted up to `times` times. `first`: a domain's procedure may set another length. `begins_on`: the value of the act that says on
    which day it began; without one it doesn't run.
    """

    id: str
    title: Text
    begins: Text
    versions: tuple[Version, ...]
    when: When = field(default_factory=dict)
    main: bool = False
    party: bool = False
    pausable: bool = True
    from_receipt: bool = False
    extension: str | None = None
    times: int = 1
    first: bool = False
    begins_on: str = ""

    def version(self, on: date, case: Any = None) -> Version | None:
        """The version for a limit that begins on a day, in a case; None where no limit is in force then."""
        return next((v for v in self.versions if v.in_force(on) and (case is None or fits(case, v.when))), None)

    def applies(self, case: Any) -> bool:
        return fits(case, self.when)


def fits(case: Any, when: When) -> bool:
    return all(getattr(case, name) in values for name, values in when.items())


def _law(limit: str, source: str) -> Limit:
    return Limit(limit, Basis("LAW", source))


def _practice(limit: str, source: str = "经验值") -> Limit:
    return Limit(limit, Basis("PRAC", source))


def _rule(id: str, zh: str, en: str, begins: tuple[str, str], *versions: Version, **options: Any) -> Rule:
    return Rule(id, Text(zh, en), Text(*begins), versions, **options)


def _always(limit: Limit, **when: tuple[Any, ...]) -> Version:
    return Version(limit, when=when)


_20, _121 = "《市场监督管理投诉举报处理暂行办法》（总局令第20号）", "《市场监督管理投诉举报处理办法》（总局令第121号）"
_ORDER_2 = "《市场监督管理行政处罚程序规定》"
_PENALTY, _COERCION, _REFERRAL = "行政处罚法", "行政强制法", "行政执法机关移送涉嫌犯罪案件的规定"
_MARKET = {"owner": ("SCJG",)}
_HOT = ("紧急", "特急")
_NO_RULE = "本市未见明文，经验值"
_COMPLAINT_12315: When = {"kind": ("complaint",), "channel": ("12315",)}
_12345: When = {"channel": ("12345",)}
_CHECKED: When = {"kind": ("report", "clue", "warning")}

RULES: tuple[Rule, ...] = (
    _rule(
        "T1", "投诉受理告知", "Accept a complaint or not", ("收到投诉", "receipt of the complaint"),
        Version(_law("7wd", f"{_20}第十四条"), until=_BEFORE_121),
        Version(_law("7wd", f"{_121}第十四条；《消费者权益保护法》第四十六条"), since=ORDER_121),
        when=_COMPLAINT_12315, main=True, from_receipt=True,
    ),
    _rule(
        "T2", "调解期限", "Mediation ends", ("受理投诉", "acceptance of the complaint"),
        Version(_law("45wd", f"{_20}第二十一条"), until=_BEFORE_121), Version(_law("60d", f"{_121}第二十三条"), since=ORDER_121),
        when={"kind": ("complaint",)}, main=True,
    ),
    _rule(
        "T3", "终止调解告知", "Tell both sides that mediation ended", ("终止调解", "end of mediation"),
        Version(_law("7wd", f"{_20}第二十一条"), until=_BEFORE_121), Version(_law("7wd", f"{_121}第二十三条"), since=ORDER_121),
        when={"kind": ("complaint",)},
    ),
    _rule(
        "T4", "核查并决定是否立案", "Check, and decide whether to open a case", ("收到线索", "receipt of the clue"),
        _always(_law("15wd", f"{_ORDER_2}第十八条"), **_MARKET),
        _always(_practice("15wd", f"参照{_ORDER_2}第十八条，其他部门为经验值")),
        when=_CHECKED, main=True, from_receipt=True, extension="15wd",
    ),
    _rule(
        "T5", "告知实名举报人是否立案", "Tell a real-name reporter whether a case was opened", ("决定是否立案", "the decision"),
        Version(_law("5wd", f"{_20}第三十一条"), until=_BEFORE_121),
        when={"kind": ("report",), "real_name": (True,)},
    ),
    _rule(
        "T6", "管辖争议解决", "Settle a dispute over jurisdiction", ("发生争议", "the dispute"),
        Version(_law("7wd", f"{_20}第三十条"), until=_BEFORE_121),
        Version(_practice("7wd", "沿用七个工作日，现行条文待核实"), since=ORDER_121), pausable=False,
    ),
    _rule(
        "T7", "作出处罚决定", "Penalty decision", ("立案", "the filing of the case"),
        _always(statutory(_PENALTY, 90, "第六十条")), main=True, extension="30d",
    ),
    _rule(
        "T8", "陈述申辩", "Statements and defence", ("处罚告知", "the notice"), _always(_law("5wd", f"{_ORDER_2}第五十七条；《行政处罚法》第六十四条")),
        party=True, pausable=False,
    ),
    _rule(
        "T9", "法制审核", "Legal review", ("材料齐全", "materials received"), _always(_law("10wd", f"{_ORDER_2}第五十五条"), **_MARKET),
        _always(_practice("10wd", f"参照{_ORDER_2}第五十五条")), pausable=False,
    ),
    _rule("T10", "先行登记保存处理", "Evidence registered for preservation: decide", ("采取措施", "the measure"), _always(statutory(_PENALTY, 7, "第五十六条")), pausable=False),
    _rule("T11", "查封扣押", "Seizure", ("查封、扣押", "the seizure"), _always(statutory(_COERCION, 30, "第二十五条")), extension="30d"),
    _rule("T12", "送达处罚决定书", "Serve the decision", ("作出决定", "the decision"), _always(statutory(_PENALTY, 7, "第六十一条")), pausable=False),
    _rule("T13", "缴纳罚款", "Pay the fine", ("收到决定书", "receipt of the decision"), _always(statutory(_PENALTY, 15, "第六十七条")), party=True, pausable=False),
    _rule("T14", "强制执行前催告", "Reminder before enforcement", ("收到催告书", "receipt of the reminder"), _always(statutory(_COERCION, 10, "第五十四条")), party=True, pausable=False),
    _rule(
        "T15", "处罚时效", "Limitation of penalties", ("违法行为终了", "the end of the act"),
        _always(_law("5y", "行政处罚法第三十六条：涉及公民生命健康安全、金融安全且有危害后果"), grave=(True,)),
        _always(_law("2y", "行政处罚法第三十六条")), pausable=False, begins_on="ended_on",
    ),
    _rule(
        "T16", "公示处罚（市场监管）", "Publish a penalty (market regulation)", ("作出决定", "the decision"),
        _always(_law("20wd", "《市场监督管理行政处罚信息公示规定》（总局令第45号）第九条")), when=_MARKET, pausable=False,
    ),
    _rule("T16.other", "外省登记企业处罚公示交换", "Publish a penalty on a firm of another province", ("作出决定", "the decision"),
          _always(_law("20wd", "总局令第45号第十条：10个工作日交换，10个工作日公示")), pausable=False),
    _rule("T16.withdraw", "撤回公示", "Withdraw what was published", ("决定被撤销", "the annulment"), _always(_law("3wd", "总局令第45号第十一条")), pausable=False),
    _rule(
        "T17", "公示处罚、许可", "Publish penalties and licences", ("作出决定", "the decision"), _always(Limit("7wd", Basis("POL", "国办发〔2018〕118号（待核实）"))), pausable=False,
    ),
    _rule("T17.other", "公示其他执法信息", "Publish other enforcement information", ("信息形成", "its making"), _always(Limit("20wd", Basis("POL", "国办发〔2018〕118号（待核实）"))), pausable=False),
    _rule("T18", "公示抽查结果", "Publish the result of a random check", ("检查结束", "the end of the check"), _always(Limit("20wd", Basis("POL", "国发〔2019〕5号（待核实）"))), pausable=False),
    _rule(
        "T19", "12345工单派发", "Assign a 12345 sheet", ("来电", "the call"), _always(_practice("2h", _NO_RULE), urgency=_HOT), _always(_practice("1wd", _NO_RULE)),
        when=_12345, from_receipt=True, pausable=False,
    ),
    _rule(
        "T20", "12345工单答复", "Answer a 12345 sheet", ("派发", "its assignment"),
        _always(_practice("24h", _NO_RULE), urgency=_HOT), _always(_practice("2wd", _NO_RULE), kind=("consultation",)),
        _always(_practice("15wd", _NO_RULE), group=("group", "major")), _always(_practice("5wd", _NO_RULE)),
        when=_12345, main=True, extension="5wd",
    ),
    _rule("T21", "12345回访", "12345 call-back", ("办结", "closing"), _always(_practice("2wd", _NO_RULE)), when=_12345, pausable=False),
    _rule("T21.again", "不满意工单二次办理", "Second handling of an unsatisfied sheet", ("回访不满意", "the call-back"), _always(_practice("5wd", _NO_RULE)), when=_12345, main=True),
    _rule(
        "T22", "签收", "Sign for it", ("分办", "the assignment"),
        *(_always(_practice(n), level=(v,)) for v, n in {"red": "2h", "orange": "1wd", "yellow": "2wd", "blue": "3wd"}.items()),
        _always(_practice("1wd")), pausable=False,
    ),
    _rule("T22.return", "退回期限", "Return it with a reason", ("分办", "the assignment"), _always(_practice("2wd")), party=True, pausable=False),
    _rule("T23", "移送其他部门", "Transfer to another department", ("发现应当移送", "it is found"), _always(_practice("3wd", "“及时”移送，3个工作日为经验值")), pausable=False),
    _rule("T23.receipt", "移送签收回执", "Receipt of the transfer", ("移送", "the transfer"), _always(_practice("2wd")), pausable=False),
    _rule("T24", "跨区域检查备案", "File a cross-region inspection", ("检查结束", "the inspection"), _always(_practice("20d", "外地一市规定，待核实")), pausable=False),
    _rule("T25", "检查计划报备", "Plan in the platform before going", ("检查", "the inspection"), _always(_practice("7wd", "外地一市规定，待核实")), pausable=False),
    # a warning's own handling time (domain-rules 0)
    _rule(
        "F1", "首次处置", "First action", ("分办", "the assignment"),
        *(_always(_practice(n), level=(v,)) for v, n in {"red": "24h", "orange": "3wd", "yellow": "5wd"}.items()), when={"kind": ("warning",)}, first=True,
    ),
    _rule(
        "F2", "反馈核查结果", "Report back", ("分办", "the assignment"),
        *(_always(_practice(n), level=(v,)) for v, n in {"red": "3wd", "orange": "5wd", "yellow": "10wd", "blue": "15wd"}.items()), when={"kind": ("warning",)},
    ),
    _rule("K1", "责令改正", "Correct what was ordered", ("责令改正", "the order"), _always(_practice("15d", "法律未定日数，默认15日")), main=True, extension="15d"),
    _rule("K2", "复核", "Review", ("反馈", "the report"), _always(_practice("5wd")), pausable=False),
    _rule("K3", "督办反馈", "Answer a supervision", ("督办", "the supervision"), _always(_practice("3wd")), pausable=False),
    _rule("K4", "协查回复", "Answer a request for assistance", ("请求协查", "the request"), _always(_practice("10wd")), pausable=False),
    # criminal referral: natural days, the stricter reading (B.6)
    _rule("R1", "决定是否移送", "Approve the referral or not", ("书面报告", "the report"), _always(statutory(_REFERRAL, 3, "第五条")), pausable=False),
    _rule("R2", "移交公安机关", "Hand over to the police", ("批准移送", "the approval"), _always(_law("24h", f"{_REFERRAL}第五条")), pausable=False),
    _rule("R3", "公安机关审查答复", "The police answer", ("受理", "their acceptance"), _always(statutory(_REFERRAL, 3, "第八条")), party=True, pausable=False),
    _rule("R4", "提请复议或立案监督", "Ask for reconsideration", ("不予立案通知", "the notice of no case"), _always(statutory(_REFERRAL, 3, "第九条")), pausable=False),
    _rule("R5", "公安机关复议答复", "The police reconsider", ("提请复议", "the request"), _always(statutory(_REFERRAL, 3, "第九条")), party=True, pausable=False),
    _rule("R6", "移交涉案物品和材料", "Hand over goods and files", ("立案通知", "the notice of a case"), _always(statutory(_REFERRAL, 3, "第十二条")), pausable=False),
)  # fmt: skip

LIMITS: dict[str, Rule] = {r.id: r for r in RULES}

#: Reasons for which time stands still.
PAUSES: dict[str, Text] = {
    "sampling": Text("抽样检测", "Sampling and testing"), "appraisal": Text("鉴定", "Appraisal"),
    "jurisdiction": Text("管辖争议", "Jurisdiction"), "documents": Text("补正材料", "Completing documents"),
    "retest": Text("复检", "Re-test"), "hearing": Text("听证", "Hearing"), "court": Text("等待司法或其他机关结论", "Waiting for a court or another authority"),
}  # fmt: skip
