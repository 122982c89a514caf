"""How clues about self-built houses are disposed of (domain-rules A.2.6): first owner, first action, clock, then the steps.

The law mostly says 立即 or 及时; the numbers of days are practice (京建发〔2012〕216号 and like rules of other cities).
"""

from __future__ import annotations

from pilotwatch.domain import Basis, Procedure, Step, Text

STEPS = (
    Step(Text("排查并作出初判", "Screen and judge")),
    Step(Text("初判存在严重隐患的，立即停用并委托鉴定", "Serious: stop use at once, have it appraised"), "24h", ("red",), "POL"),
    Step(Text("存在一定隐患的，限制使用并安排鉴定", "Some danger: limit use, plan an appraisal"), levels=("orange", "yellow"), basis="POL"),
    Step(Text("鉴定等级出具后24小时内告知所有人和属地", "Tell owner and authority within 24 hours of the grade"), "24h", ("red", "orange")),
    Step(Text("C级：加固修缮或停用", "Grade C: strengthen, repair or stop"), levels=("orange",)),
    Step(Text("D级：停用、撤人、警戒、拆除", "Grade D: stop, evacuate, fence, demolish"), levels=("red",), basis="POL"),
    Step(Text("公告后15日内拒不撤离的，依法作出行政决定", "Who doesn't leave within 15 days of the notice: administrative decision"), "15d", ("red",)),
    Step(Text("经营许可部门暂停许可或责令停业；违法建设由城管、自然资源部门查处", "Licence departments suspend or stop the business; illegal building goes to city administration and natural resources")),
    Step(Text("整治后重新鉴定为A、B级或房屋已拆除", "Appraised A or B after the work, or the house is gone")),
    Step(Text("社区、街道、部门三级签字销号", "Community, street and department sign it off")),
)  # fmt: skip
CLOSE_WHEN = (
    Text("整治完成，复鉴为A、B级或房屋已拆除", "Work done and appraised A or B, or the house is gone"),
    Text("三级签字齐全", "Signed by community, street and department"), Text("影像和鉴定报告已归集", "Pictures and report are on file"),
)  # fmt: skip
_PRACTICE = Basis("PRAC", "经验值")


def _of(numbers: tuple[int, ...], owner: str, zh: str, en: str, within: str | None, basis: Basis, **more) -> Procedure:
    facts = tuple(f"SBH-{n:02d}" for n in numbers)
    return Procedure(
        facts, owner, Text(zh, en), within, basis=basis, steps=STEPS, close_when=CLOSE_WHEN, look_back="90d", **more,
    )  # fmt: skip


PROCEDURES = (
    _of((1, 2), "JSJ", "立即停用、撤人、警戒，通知所有人和经营者，通报许可部门", "Stop use, evacuate, fence; tell owner and operators; inform the licence departments", "24h",
        Basis("POL", "国办发明电〔2022〕10号；24小时核实为经验值"), others=("FGJ",), limits=("T4",)),
    _of((3, 10), "JSJ", "督办属地，落实资金和方案", "Supervise the district: money and plan", "5wd", _PRACTICE, limits=("T4",)),
    _of((4, 5, 6), "FGJ", "责令委托鉴定，会同市场监管、公安、消防联合检查", "Order an appraisal; joint check with market regulation, police and fire service", "15d",
        Basis("POL", "国办发明电〔2022〕10号；15日为经验值"), others=("SCJG", "GAJ", "XFJY"), limits=("T4",)),
    _of((7,), "CGJ", "责令停工，立案", "Stop-work notice, open a case", "15wd", Basis("LAW", "《城乡规划法》；《行政处罚法》第六十条"), others=("ZRZY", "JSJ"),
        limits=("T4", "T7")),
    _of((8,), "JSJ", "专家到场，红色立即撤离人员", "Expert on site; evacuate if red", "24h", _PRACTICE, by_level={"red": "2h"}, others=("FGJ",), limits=("T4",)),
    _of((9, 11), "JSJ", "向街道下达巡查任务", "Order the street to patrol", "3wd", _PRACTICE, limits=("T4",)),
    _of((12,), "XFJY", "责令立即排除，按消防通知书期限复查", "Order it removed at once; re-check as the fire notice says", "24h",
        Basis("LAW", "《消防法》（条号待核实）；期限见消防通知书"), others=("GAJ",), limits=("T4",)),
    _of((13,), "YJJ", "下达复查清单，72小时内逐户复查", "Send out the list; every house re-checked within 72 hours", "72h", _PRACTICE, others=("JSJ",), limits=("T4",)),
    _of((14,), "JSJ", "抽样复鉴，暂停采信该机构报告；出具虚假报告的移送", "Spot re-appraisal; don't use the agency's reports; refer false ones", "10wd", _PRACTICE,
        limits=("T4",)),
)  # fmt: skip
