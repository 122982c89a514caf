"""How clues about refined oil are disposed of (domain-rules A.3.6): first owner, first action, clock, then the steps."""

from __future__ import annotations

from pilotwatch.domain import Basis, Procedure, Step, Text

_DATA = (
    Step(Text("企业3个工作日内说明情况", "The station explains within 3 working days"), "3wd"),
    Step(Text("商务、税务、市场监管联合检查液位仪、泵码和发票", "Joint check of gauge, pump boards and invoices"), levels=("red", "orange")),
    Step(Text("转税务评估、计量立案或办结", "Tax assessment, metrology case, or closing")),
)  # fmt: skip
_QUALITY = (
    Step(Text("送达检验报告，告知15日内可申请复检", "Serve the report; a re-test may be asked for within 15 days"), "15d", basis="LAW"),
    Step(Text("封存库存，追溯上下游，召回", "Seal the stock, trace it up and down, recall"), basis="LAW"),
    Step(Text("最高处货值金额三倍罚款；销售金额5万元以上的移送公安", "Penalty of up to three times the goods' value; from 50,000 yuan sold, refer to the police"), basis="LAW"),
)  # fmt: skip
_METROLOGY = (
    Step(Text("立即停用加油枪，责令改正，处罚", "Stop the nozzle at once, order, fine"), "24h", basis="LAW"),
    Step(Text("检定合格后恢复使用", "Use it again after verification"), basis="LAW"),
)  # fmt: skip
_VAPOUR = (
    Step(Text("责令改正，处2万元以上20万元以下罚款；拒不改正的停产整治", "Order and fine of 20,000–200,000 yuan; who refuses stops for rectification"), basis="LAW"),
)  # fmt: skip
_LICENCE = (
    Step(Text("停止销售，应急部门处罚，商务部门撤回或注销", "Stop selling; emergency management fines, commerce withdraws or closes"), basis="LAW"),
    Step(Text("名单抄送税务部门关停开票模块", "The list goes to the tax office, which closes the invoice module")),
)  # fmt: skip
_PRICE = (
    Step(Text("责令限期改正价格、名称或标识", "Order price, name or mark to be corrected"), "3wd"),
    Step(Text("退还多收价款，拒不改正的处罚", "Pay the excess back; a penalty for who refuses"), levels=("red", "orange"), basis="LAW"),
)  # fmt: skip
_BLACK_POINT = (
    Step(Text("公安、应急、商务、交通、街道当日联合查处", "Joint action the same day"), "24h"),
    Step(Text("依《行政强制法》扣押（30日，可延长30日），处理油品", "Seize under the coercion law (30 days, 30 more), dispose of the oil"), "30d", basis="LAW"),
    Step(Text("涉嫌危险作业、非法经营的移送公安", "Dangerous operation or illegal dealing goes to the police"), basis="LAW"),
)  # fmt: skip
CLOSE_WHEN = (
    Text("问题已改正并复查合格", "Corrected and re-checked"), Text("处罚决定已执行并公示", "The penalty is carried out and published"),
    Text("证据和文书齐全", "Evidence and papers are complete"),
)  # fmt: skip
_PRACTICE = Basis("PRAC", "经验值")


def _of(
    numbers: tuple[int, ...], owner: str, zh: str, en: str, within: str | None, basis: Basis, steps: tuple[Step, ...], **more
) -> Procedure:  # fmt: skip
    facts = tuple(f"OIL-{n:02d}" for n in numbers)
    return Procedure(facts, owner, Text(zh, en), within, basis=basis, steps=steps, close_when=CLOSE_WHEN, **more)


PROCEDURES = (
    _of((1, 2, 3, 15), "SWJ", "要求说明，核对液位仪与泵码", "Explanation; gauge and pump-board check", "3wd", _PRACTICE, _DATA, others=("SWJU",), limits=("T4",)),
    _of((4, 6), "SCJG", "封存加油枪，重新检定，立案", "Seal the nozzle, verify it, open a case", "24h", Basis("LAW", "《计量法实施细则》；当日为经验值"), _METROLOGY,
        limits=("T4", "T7")),
    _of((5,), "SCJG", "停用逾期加油枪", "Stop the nozzle", "24h", Basis("LAW", "《计量法实施细则》、《加油站计量监督管理办法》；当日为经验值"), _METROLOGY, limits=("T4",)),
    _of((7,), "SCJG", "封存库存，追溯来源，告知复检权利", "Seal the stock, trace it, tell of the re-test", None, Basis("LAW", "《产品质量法》（复检15日待核实）"), _QUALITY,
        limits=("T4", "T7")),
    _of((8,), "STHJ", "责令修复，重新检测", "Order the repair, test again", "15d", Basis("LAW", "《大气污染防治法》；改正期限15日为经验值"), _VAPOUR, limits=("T4", "T7")),
    _of((9,), "SWJ", "黄色提醒换证，红色责令停止经营", "Yellow: remind of the renewal; red: stop", None, Basis("LAW", "《成品油流通管理办法》、《危险化学品安全法》"), _LICENCE,
        others=("YJJ",), limits=("T4",)),
    _of((10, 11), "GAJ", "公安、应急、商务、街道当日联合查处", "Joint action of police, emergency management, commerce and street", "24h", _PRACTICE, _BLACK_POINT,
        others=("YJJ", "SWJ", "JTJ"), limits=("T4", "T11")),
    _of((12,), "SWJ", "报自治区商务厅核查备案，会同税务关停开票模块", "Have the filing checked by the region; close the invoice module with the tax office", "30d",
        Basis("PRAC", "变更期限30日（待核实）"), _LICENCE, others=("SWT", "SWJU"), limits=("T4",)),
    _of((13,), "YJJ", "立即停止卸油，启动渗漏处置程序", "Stop unloading; leak procedure", "2h", _PRACTICE, _DATA, limits=("T4",)),
    _of((14,), "SCJG", "责令改正价格，退还多收价款", "Order the price to be corrected and the excess paid back", "3wd", _PRACTICE, _PRICE, others=("SWJ",), limits=("T4",)),
    _of((16,), "SWJ", "责令改正罩棚名称和标识", "Order the canopy's name and marks to be corrected", "3wd", _PRACTICE, _PRICE, others=("SCJG",), limits=("T4",)),
)  # fmt: skip
