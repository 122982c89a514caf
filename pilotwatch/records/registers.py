"""What other registers know of a subject: changes, arrears, lawsuits, licences, credit classes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pilotwatch.domain import (
    Choices,
    Division,
    Month,
    Record,
    Spec,
    Uscc,
    column,
)
from pilotwatch.records.columns import (
    credit_class,
    credit_code,
    division,
    subject_name,
)

CHANGES = Choices.of(
    ("法人", "法人", "Legal representative", "法定代表人", "法定代表人变更", "法人变更"),
    ("股东", "股东", "Shareholders", "股东变更", "股权变更", "投资人变更"), ("地址", "地址", "Address", "住所", "地址变更", "住所变更"),
    ("经营范围", "经营范围", "Business scope", "经营范围变更"),
    ("注销公告", "注销公告", "Cancellation notice", "简易注销公告", "注销", "清算公告"),
    ("名称", "名称", "Name", "名称变更"), ("注册资本", "注册资本", "Registered capital", "注册资本变更"),
)  # fmt: skip


class BusinessChange(Record):
    """主体变更: a change in the company register."""

    spec = Spec(
        "business_change", zh="主体变更", en="Changes of registration", subject="uscc", day="changed_on", name="name",
        words=("主体变更", "变更登记", "工商变更", "变更信息"),
    )  # fmt: skip

    name: str | None = subject_name()
    uscc: Uscc = credit_code(key=True)
    kind: str = column(
        "变更事项", "What changed", key=True, choices=CHANGES, aliases=("变更类别", "变更类型", "变更项目")
    )
    changed_on: date = column("变更日期", "Changed on", key=True, aliases=("变更时间", "核准日期", "公告日期"))
    before: str | None = column("变更前", "Before", aliases=("变更前内容", "原内容"))
    after: str | None = column("变更后", "After", aliases=("变更后内容", "现内容"))


ARREARS = Choices.of(
    ("wage", "欠薪", "Wages", "拖欠工资", "工资"), ("rent", "欠租", "Rent", "拖欠租金", "租金"), ("tax", "欠税", "Tax", "税款"),
    ("social", "欠社保", "Social insurance", "欠缴社保", "社保"), ("utility", "欠水电费", "Utilities", "欠水电气暖", "欠费", "水电费"),
    ("execution", "被执行", "Court execution", "被执行人", "失信被执行", "法院执行"),
)  # fmt: skip


class ArrearsEvent(Record):
    """欠款事件: money owed, from a day until it was cleared."""

    spec = Spec(
        "arrears_event", zh="欠款事件", en="Arrears", subject="uscc", day="from_on", name="name",
        words=("欠款", "欠薪", "欠税", "欠租", "欠费"),
    )  # fmt: skip

    name: str | None = subject_name()
    uscc: Uscc = credit_code(key=True)
    kind: str = column("欠款类别", "Kind", key=True, choices=ARREARS, aliases=("欠款类型", "欠款种类", "类别"))
    amount: Decimal | None = column("欠款金额", "Amount", unit="yuan", ge=0, aliases=("金额", "拖欠金额"))
    from_on: date = column("欠款起始日期", "From", key=True, aliases=("起始日期", "欠款日期", "发生日期", "立案日期"))
    cleared_on: date | None = column("清偿日期", "Cleared on", not_before="from_on", aliases=("结清日期", "清欠日期"))


LAWSUITS = Choices.of(
    ("诉讼", "诉讼", "Lawsuit", "民事诉讼", "涉诉"), ("执行", "执行", "Execution", "被执行", "执行案件"),
    ("仲裁", "仲裁", "Arbitration", "劳动仲裁"), ("破产", "破产", "Insolvency", "破产清算"),
)  # fmt: skip


class Lawsuit(Record):
    """涉诉执行: a case at a court or an arbitration body."""

    spec = Spec(
        "lawsuit", zh="涉诉执行", en="Lawsuits", subject="uscc", day="from_on", name="name",
        words=("涉诉", "诉讼", "执行案件", "司法案件"),
    )  # fmt: skip

    case_no: str = column("案号", "Case number", key=True, aliases=("案件编号", "案件号"))
    name: str | None = subject_name()
    uscc: Uscc = credit_code()
    kind: str = column("案件类别", "Kind", choices=LAWSUITS, aliases=("案件类型", "类别"))
    court: str | None = column("受理法院", "Court", aliases=("法院", "受理机构", "执行法院"))
    amount: Decimal | None = column("标的金额", "Amount", unit="yuan", ge=0, aliases=("执行标的", "涉案金额", "标的额"))
    from_on: date = column("立案日期", "Filed on", aliases=("受理日期", "立案时间"))
    cleared_on: date | None = column("结案日期", "Closed on", not_before="from_on", aliases=("终结日期", "结案时间"))


LICENCES = Choices.of(
    ("成品油零售经营批准证书", "成品油零售经营批准证书", "Oil retail licence", "成品油零售许可", "成品油零售证书", "零售证书", "成品油零售经营许可"),
    ("危险化学品经营许可证", "危险化学品经营许可证", "Hazardous-chemical licence", "危化品经营许可证", "危化证", "危险化学品经营许可"),
    ("排污许可证", "排污许可证", "Discharge permit", "排污登记", "排污许可证/登记", "排污许可"),
    ("防雷检测报告", "防雷检测报告", "Lightning protection report", "防雷装置检测报告", "防雷检测"),
    ("营业执照", "营业执照", "Business licence"), ("食品经营许可证", "食品经营许可证", "Food licence", "食品经营许可"),
    ("特种行业许可证", "特种行业许可证", "Special trade licence", "特种行业许可"),
    ("消防安全检查合格证", "消防安全检查合格证", "Fire safety certificate", "消防安全检查", "消防验收"), ("其他", "其他", "Other"),
)  # fmt: skip


class Licence(Record):
    """证照: a licence, permit or report of a subject that runs out."""

    spec = Spec(
        "licence", zh="证照", en="Licences", subject="uscc", day="valid_from", name="name", any_subject=True, ahead=("valid_until",),
        words=("证照", "许可证", "证照台账", "证照信息", "证照到期"),
    )  # fmt: skip

    kind: str = column(
        "证照类型", "Kind", key=True, choices=LICENCES, aliases=("证照种类", "证照名称", "许可证类型", "许可类别")
    )
    no: str = column("证照编号", "Number", key=True, aliases=("证号", "许可证编号", "证书编号", "编号"))
    name: str | None = subject_name("持证单位", "Holder", aliases=("企业名称", "持证人"))
    uscc: Uscc | None = credit_code()
    issuer: str | None = column("发证机关", "Issued by", aliases=("发证部门", "颁发机关", "核发机关"))
    valid_from: date | None = column("有效期起", "Valid from", aliases=("发证日期", "有效期自", "生效日期", "核发日期"))
    valid_until: date | None = column(
        "有效期至", "Valid until", not_before="valid_from", aliases=("有效期止", "到期日期", "有效期限", "有效期")
    )
    renew_applied_on: date | None = column(
        "换证申请日期", "Renewal applied on", aliases=("延续申请日期", "申请换证日期")
    )
    division_code: Division | None = division()


class CreditRating(Record):
    """信用分级: the class of one month; a check asks for the one in force on its day."""

    spec = Spec(
        "credit_rating", zh="信用分级分类", en="Credit ratings", subject="uscc", day="month", name="name",
        words=("信用分级", "信用分类", "信用等级", "信用风险分类"),
    )  # fmt: skip

    name: str | None = subject_name()
    uscc: Uscc = credit_code(key=True)
    month: Month = column("评定月份", "Month", key=True, aliases=("月份", "评级月份", "所属月份"))
    credit_class: str = credit_class()
    division_code: Division | None = division()
