"""How clues about card issuers are disposed of (domain-rules A.1.6): first owner, first action, clock, then the steps.

Order 9 (商务部令2012年第9号) knows no number of days for a correction and fines only who did not correct in time, so an
order always carries the day it is due and the re-check; 15 days is the default (PRAC).
"""

from __future__ import annotations

from pilotwatch.domain import Basis, Procedure, Step, Text

_ORDER_9 = "《单用途商业预付卡管理办法（试行）》"
_REGULATION = "《消费者权益保护法实施条例》"

STEPS = (
    Step(Text("发提示函并要求自查，10个工作日内反馈", "Reminder letter and self-check; reply within 10 working days"), "10wd", ("yellow",)),
    Step(Text("3个工作日内约谈", "Interview within 3 working days"), "3wd", ("orange",)),
    Step(Text("5个工作日内商务、市场监管和行业主管部门联合检查", "Joint check by commerce, market regulation and the industry's department within 5 working days"), "5wd", ("orange",)),
    Step(Text("责令限期改正（默认15日），写明到期日，到期复查；逾期不改的依《办法》第三十六条至第三十八条处罚", "Order to correct (15 days by default) with its due day, then a re-check; who doesn't correct in time is fined (art. 36–38)"), "15d", ("orange", "red")),
    Step(Text("当日报市商务局和属地区（县）", "Report to the Commerce Bureau and the district the same day"), "24h", ("red",)),
    Step(Text("要求停止收取预付款，协调平台、出租方，固定证据，登记债权，发布消费提示", "Ask to stop taking prepayments; tell platform and landlord; keep evidence, count claims, warn the public"), "24h", ("red",), "LAW"),
    Step(Text("24小时内会同公安、金融部门研判", "Joint study with police and the financial office within 24 hours"), "24h", ("red",)),
    Step(Text("不属《办法》调整的企业，转行业主管部门或由市场监管部门依实施条例第五十条处理", "A company outside Order 9 goes to its industry's department, or to market regulation under art. 50 of the regulation"), basis="LAW"),
    Step(Text("公示处罚，列入异常或严重违法名单；涉嫌诈骗、非法集资、侵占的移送公安", "Publish the penalty, list the company; fraud, illegal fund-raising or embezzlement goes to the police"), levels=("red", "orange"), basis="LAW"),
)  # fmt: skip
CLOSE_WHEN = (
    Text("已改正", "Corrected"), Text("证据齐全", "Evidence is complete"), Text("牵头部门复查合格", "Re-checked by the lead department"),
    Text("投诉均已答复", "Every complaint is answered"),
)  # fmt: skip


def _of(numbers: tuple[int, ...], owner: str, zh: str, en: str, within: str | None, basis: Basis, **more) -> Procedure:
    facts = tuple(f"PPC-{n:02d}" for n in numbers)
    return Procedure(
        facts, owner, Text(zh, en), within, basis=basis, steps=STEPS, close_when=CLOSE_WHEN, **more,
    )  # fmt: skip


_PRACTICE = Basis("PRAC", "经验值")
PROCEDURES = (
    _of((1, 2, 12), "SWJ", "向发卡企业和存管银行发函询问，责令补足", "Written query to issuer and custody bank; order to top up", "5wd",
        Basis("LAW", f"{_ORDER_9}第二十四条至第二十八条；答复5个工作日为经验值"), others=("RMYH",), limits=("T4",)),
    _of((3, 4, 14), "SWJ", "停售该产品，改正并更换卡", "Stop the product, correct, replace the cards", "15d",
        Basis("LAW", f"{_ORDER_9}第三十七条；改正期限15日为经验值"), limits=("T4",)),
    _of((5,), "SWJ", "发出限期备案通知", "Notice to file", "15d", Basis("LAW", f"{_ORDER_9}第七条（30日）、第三十六条；通知期限15日为经验值"), limits=("T4",)),
    _of((6,), "SWJ", "提醒报送，仍不报送的责令10个工作日内改正", "Reminder, then an order to report within 10 working days", "10wd",
        Basis("LAW", f"{_ORDER_9}第三十一条；责令期限10个工作日为经验值"), limits=("T4",)),
    _of((7,), "SCJG", "受理、调解，核查违法线索", "Accept, mediate, look for a violation", "7wd",
        Basis("LAW", "投诉举报处理规定；《消费者权益保护法》第四十六条"), others=("SWJ",), limits=("T1", "T2", "T4")),
    _of((8, 10), "SWJ", "当日现场核查，登记债权，提示消费者", "Visit the same day, count claims, warn the public", None, _PRACTICE,
        by_level={"red": "24h"}, others=("GAJ",), limits=("T4",)),
    _of((9, 13), "SWJ", "由行业主管部门约谈，要求停止收取预付款", "The industry's department interviews and asks to stop prepayments", "3wd",
        Basis("LAW", f"{_REGULATION}第二十二条；3个工作日为经验值"), limits=("T4",)),
    _of((11,), "SCJG", "责令改正，依法处罚", "Order to correct, penalty", "15wd", Basis("LAW", f"{_REGULATION}第二十二条、第五十条"), limits=("T4", "T7")),
    _of((15,), "SWJ", "24小时内联合研判，核实是否跑路", "Joint study within 24 hours whether the issuer absconds", "24h", _PRACTICE,
        others=("GAJ", "JRB"), limits=("T4",)),
)  # fmt: skip
