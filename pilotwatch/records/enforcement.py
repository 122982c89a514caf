"""What follows a check: orders, interviews, penalties, hazards, criminal referrals, acts under the three systems."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pilotwatch.domain import (
    Choices,
    Department,
    Division,
    Latitude,
    Longitude,
    Record,
    Spec,
    Street,
    Uscc,
    column,
)
from pilotwatch.records.columns import (
    credit_code,
    departments,
    division,
    latitude,
    longitude,
    street,
    subject_name,
)


class OrderToCorrect(Record):
    """责令改正: an order with a date, and the re-check that closes it."""

    spec = Spec(
        "order_to_correct", zh="责令改正", en="Orders to correct", subject="uscc", day="issued_on", name="name", any_subject=True,
        ahead=("due_on",), later={"recheck_on": ("recheck_ok",)},
        words=("责令改正", "责令整改", "责令限期改正", "整改通知书"),
    )  # fmt: skip

    order_no: str = column(
        "责令改正文号",
        "Order number",
        key=True,
        aliases=("文书编号", "文号", "通知书编号", "责令改正通知书编号", "整改通知书编号"),
    )
    dept: Department | None = column("作出部门", "Department", aliases=("责令部门", "作出机关", "执法部门", "下达部门"))
    name: str | None = subject_name()
    uscc: Uscc | None = credit_code()
    problem: str | None = column(
        "改正内容", "To be corrected", aliases=("整改内容", "存在问题", "责令改正内容", "违法行为")
    )
    issued_on: date = column("责令日期", "Issued on", aliases=("下达日期", "作出日期", "发出日期", "责令改正日期"))
    due_on: date | None = column(
        "改正期限", "Due on", not_before="issued_on", aliases=("整改期限", "限期改正日期", "整改截止日期")
    )
    done_on: date | None = column(
        "改正完成日期", "Done on", not_before="issued_on", aliases=("整改完成日期", "完成日期")
    )
    recheck_on: date | None = column(
        "复查日期", "Re-checked on", not_before="issued_on", aliases=("复核日期", "复查时间")
    )
    recheck_ok: bool | None = column(
        "复查是否合格", "Re-check passed", aliases=("复查结果", "复查结论", "复核结果"),
        choices=Choices.of(
            ("true", "合格", "Passed", "已整改", "通过", "已改正"), ("false", "不合格", "Failed", "未整改", "未通过", "未改正")
        ),
    )  # fmt: skip
    division_code: Division | None = division()


class Interview(Record):
    """约谈: what a subject promised, and until when."""

    spec = Spec(
        "interview", zh="约谈记录", en="Interviews", subject="uscc", day="held_on", name="name", any_subject=True, ahead=("due_on",),
        words=("约谈", "行政约谈", "约谈记录", "约谈台账"),
    )  # fmt: skip

    name: str | None = subject_name("被约谈单位", "Interviewed", aliases=("约谈对象", "企业名称"))
    uscc: Uscc | None = credit_code(key=True)
    held_on: date = column("约谈日期", "Held on", key=True, aliases=("约谈时间",))
    depts: list[Department] = departments("约谈部门", "Departments", aliases=("约谈单位", "约谈机关", "参与部门"))
    commitments: str | None = column("承诺事项", "Commitments", aliases=("整改承诺", "承诺内容", "约谈要求"))
    due_on: date | None = column(
        "承诺期限", "Due on", not_before="held_on", aliases=("整改期限", "完成期限", "落实期限")
    )
    division_code: Division | None = division()


#: 处罚种类, 行政处罚法 art. 9 (行政拘留 belongs to the police and is here so that their lists can be read).
PENALTIES = Choices.of(
    ("警告", "警告", "Warning"), ("通报批评", "通报批评", "Public criticism"), ("罚款", "罚款", "Fine", "罚金"),
    ("没收违法所得", "没收违法所得", "Confiscated gain", "没收所得"), ("没收非法财物", "没收非法财物", "Confiscated goods", "没收财物"),
    ("暂扣许可证件", "暂扣许可证件", "Licence suspended", "暂扣许可证"), ("降低资质等级", "降低资质等级", "Lower qualification"),
    ("吊销许可证件", "吊销许可证件", "Licence revoked", "吊销许可证", "吊销营业执照"),
    ("限制开展生产经营活动", "限制开展生产经营活动", "Business restricted", "限制经营"),
    ("责令停产停业", "责令停产停业", "Business stopped", "停业整顿", "责令停业"), ("责令关闭", "责令关闭", "Closed"),
    ("限制从业", "限制从业", "Barred from the trade"), ("行政拘留", "行政拘留", "Detention", "拘留"), ("其他", "其他", "Other"),
)  # fmt: skip


class Penalty(Record):
    """行政处罚: one decision."""

    spec = Spec(
        "penalty", zh="行政处罚", en="Penalties", subject=("uscc", "name"), day="decided_on", name="name", any_subject=True,
        words=("行政处罚", "处罚决定", "处罚信息", "处罚台账"),
    )  # fmt: skip

    decision_no: str = column(
        "处罚决定书文号",
        "Decision number",
        key=True,
        aliases=("行政处罚决定书文号", "决定书文号", "文号", "处罚文号", "处罚决定文书号"),
    )
    dept: Department | None = column("处罚机关", "Department", aliases=("处罚部门", "作出部门", "处罚单位", "执法机关"))
    name: str | None = subject_name("当事人", "Party", aliases=("行政相对人名称", "被处罚单位", "被处罚人", "企业名称"))
    uscc: Uscc | None = credit_code(aliases=("行政相对人代码",))
    act: str | None = column("违法行为", "Act", aliases=("违法事实", "违法行为类型", "案由", "主要违法事实"))
    basis: str | None = column("处罚依据", "Basis", aliases=("法律依据", "处罚法律依据"))
    kind: list[str] | None = column(
        "处罚种类", "Kinds", choices=PENALTIES, aliases=("处罚类别", "处罚类型", "处罚方式")
    )
    fine: Decimal | None = column("罚款金额", "Fine", unit="yuan", ge=0, aliases=("罚款", "罚款数额", "处罚金额"))
    confiscated: Decimal | None = column(
        "没收金额", "Confiscated", unit="yuan", ge=0, aliases=("没收违法所得金额", "没收违法所得、非法财物的金额")
    )
    decided_on: date = column("处罚决定日期", "Decided on", aliases=("决定日期", "处罚日期", "作出日期"))
    published_on: date | None = column(
        "公示日期", "Published on", not_before="decided_on", aliases=("公开日期", "公示时间")
    )
    paid_on: date | None = column(
        "缴款日期", "Paid on", not_before="decided_on", aliases=("缴纳日期", "罚款缴纳日期", "履行日期")
    )
    division_code: Division | None = division()


HAZARD_LEVELS = Choices.of(
    ("重大", "重大", "Major", "重大隐患", "重大事故隐患"),
    ("较大", "较大", "Serious", "较大隐患"),
    ("一般", "一般", "General", "一般隐患"),
)


class Hazard(Record):
    """安全隐患: a danger that was found at a subject, and its end."""

    spec = Spec(
        "hazard", zh="安全隐患", en="Hazards", subject="uscc", day="found_on", name="name", any_subject=True, ahead=("due_on",),
        words=("安全隐患", "隐患排查", "隐患台账", "事故隐患"),
    )  # fmt: skip

    hazard_no: str = column("隐患编号", "Hazard number", key=True, aliases=("编号", "隐患编码"))
    name: str | None = subject_name()
    uscc: Uscc | None = credit_code()
    kind: str | None = column("隐患类别", "Kind", aliases=("隐患类型", "隐患种类"))
    level: str = column("隐患等级", "Level", choices=HAZARD_LEVELS, aliases=("隐患级别", "隐患程度"))
    content: str | None = column("隐患内容", "Content", aliases=("隐患描述", "隐患情况", "存在隐患"))
    dept: Department | None = column("发现部门", "Found by", aliases=("检查部门", "监管部门", "责任部门"))
    found_on: date = column("发现日期", "Found on", aliases=("排查日期", "发现时间", "检查日期"))
    due_on: date | None = column("整改期限", "Due on", not_before="found_on", aliases=("整改截止日期", "整改时限"))
    closed_on: date | None = column(
        "销号日期", "Closed on", not_before="found_on", aliases=("整改完成日期", "闭环日期", "完成日期")
    )
    division_code: Division | None = division()
    street_code: Street | None = street()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


REFERRAL_RESULTS = Choices.of(
    ("立案", "立案", "Case opened", "已立案"),
    ("不予立案", "不予立案", "No case", "不立案"),
    ("转送", "转送", "Forwarded", "移转"),
)


class Referral(Record):
    """行刑衔接移送: a case handed to the police, step by step (国务院令310号, 2020)."""

    spec = Spec(
        "referral", zh="涉嫌犯罪案件移送", en="Criminal referrals", subject=("uscc", "name"), day="report_on", name="name",
        any_subject=True, later={"police_result_on": ("police_result",)}, words=("案件移送", "行刑衔接", "移送公安", "涉嫌犯罪", "移送司法"),
    )  # fmt: skip

    referral_no: str = column(
        "移送书编号", "Referral number", key=True, aliases=("移送编号", "移送书文号", "案件移送编号")
    )
    dept: Department | None = column("移送部门", "Department", aliases=("移送机关", "移送单位"))
    name: str | None = subject_name("涉案单位", "Party", aliases=("涉案对象", "涉案主体", "企业名称"))
    uscc: Uscc | None = credit_code()
    suspected_crime: str | None = column("涉嫌罪名", "Suspected crime", aliases=("罪名", "涉嫌犯罪"))
    amount: Decimal | None = column("涉案金额", "Amount", unit="yuan", ge=0, aliases=("金额",))
    report_on: date = column("书面报告日期", "Reported on", aliases=("报告日期", "提出移送日期"))
    approved_on: date | None = column("批准移送日期", "Approved on", not_before="report_on", aliases=("批准日期",))
    handed_on: date | None = column(
        "移送日期", "Handed over on", not_before="report_on", aliases=("移送公安日期", "移交日期")
    )
    police_office: str | None = column("接收公安机关", "Police office", aliases=("公安机关", "接收单位"))
    receipt_signed_on: date | None = column(
        "回执签收日期", "Receipt signed on", not_before="handed_on", aliases=("签收日期", "回执日期")
    )
    police_result: str | None = column(
        "公安审查结果", "Police result", choices=REFERRAL_RESULTS, aliases=("审查结果", "立案情况", "公安处理结果")
    )
    police_result_on: date | None = column(
        "公安答复日期", "Police answered on", not_before="handed_on", aliases=("答复日期", "立案日期")
    )
    reconsider_on: date | None = column("提请复议日期", "Reconsideration asked on", aliases=("复议日期",))
    goods_handed_on: date | None = column("涉案物品移交日期", "Goods handed over on", aliases=("物品移交日期",))
    returned_case_no: str | None = column("退回案件编号", "Returned case", aliases=("退回行政处理案号", "退案编号"))
    division_code: Division | None = division()


ACTS = Choices.of(
    ("检查", "检查", "Inspection", "行政检查"), ("处罚", "处罚", "Penalty", "行政处罚"), ("许可", "许可", "Licence", "行政许可"),
    ("强制", "强制", "Coercion", "行政强制"), ("征收", "征收", "Levy", "行政征收"),
)  # fmt: skip


class EnforcementAct(Record):
    """执法行为: one act with what the three systems ask of it: publicity, record, legal review."""

    spec = Spec(
        "enforcement_act", zh="行政执法行为", en="Enforcement acts", subject=("uscc", "name"), day="started_at", name="name",
        any_subject=True, words=("执法行为", "执法案件", "三项制度", "执法台账", "执法记录"),
    )  # fmt: skip

    act_id: str = column("执法行为编号", "Act number", key=True, aliases=("案件编号", "执法编号", "案号", "立案号"))
    type: str = column("执法类别", "Type", choices=ACTS, aliases=("执法类型", "行为类别", "行为类型"))
    dept: Department = column("执法部门", "Department", aliases=("执法机关", "执法单位"))
    name: str | None = subject_name("行政相对人", "Party", aliases=("相对人", "企业名称"))
    uscc: Uscc | None = credit_code()
    officers: list[str] | None = column("执法人员", "Officers", mask="name", aliases=("承办人", "办案人员"))
    certs: list[str] | None = column("执法证号", "Certificates", aliases=("执法证件号", "执法证编号"))
    started_at: datetime = column("开始时间", "Started at", aliases=("立案时间", "启动时间", "立案日期", "检查时间"))
    decided_at: datetime | None = column(
        "决定时间", "Decided at", not_before="started_at", aliases=("决定日期", "作出决定日期")
    )
    published_at: datetime | None = column("公示时间", "Published at", aliases=("公示日期", "公开时间"))
    publish_url: str | None = column("公示网址", "Published where", aliases=("公示链接", "公开网址"))
    text_record: bool | None = column("文字记录", "Text record", aliases=("有无文字记录",))
    av_record: bool | None = column("音像记录", "Audio-visual record", aliases=("有无音像记录", "全过程音像记录"))
    av_minutes: float | None = column(
        "音像时长", "Length of the recording", unit="min", ge=0, aliases=("音像记录时长",)
    )
    closed_on: date | None = column("结案日期", "Closed on", not_before="started_at", aliases=("办结日期", "结案时间"))
    archived_on: date | None = column("归档日期", "Archived on", aliases=("案卷归档日期",))
    review_required: bool | None = column(
        "是否应当法制审核", "Legal review required", aliases=("应审核", "重大执法决定")
    )
    reviewed_at: datetime | None = column("法制审核时间", "Legally reviewed at", aliases=("法制审核日期", "审核日期"))
    reviewer: str | None = column("审核人", "Reviewer", mask="name", aliases=("法制审核人", "法制审核人员"))
    review_opinion: str | None = column("审核意见", "Opinion", aliases=("法制审核意见",))
    collective_discussion: bool | None = column(
        "集体讨论", "Discussed collectively", aliases=("是否集体讨论", "集体讨论记录")
    )
    hearing_notice: bool | None = column(
        "听证告知", "Told of the right to a hearing", aliases=("是否听证告知", "听证告知书")
    )
    division_code: Division | None = division()
