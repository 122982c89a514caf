"""Complaints and clues: what people and departments say may be wrong.

Who reported is confidential (市场监管投诉举报处理规定, 总局令第20号 art. 33; 总局令第121号 art. 36): the columns that tell it, or
may (a person's own words, the number that leads to the sheet), are marked `reporter`.
"""

from __future__ import annotations

from datetime import datetime
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
    address,
    credit_code,
    departments,
    division,
    latitude,
    longitude,
    street,
    subject_name,
)

COMPLAINT_SOURCES = Choices.of(
    ("12345", "12345", "12345", "12345热线", "政务服务便民热线", "12345政务服务便民热线"),
    ("12315", "12315", "12315", "12315平台", "全国12315平台", "12315热线"),
    ("其他", "其他", "Other", "来信来访", "信访", "网络", "窗口"),
)  # fmt: skip
COMPLAINT_KINDS = Choices.of(
    ("投诉", "投诉", "Complaint", "投诉类"), ("举报", "举报", "Report", "举报类"),
    ("咨询", "咨询", "Question", "咨询类"), ("求助", "求助", "Request", "求助类", "诉求", "求决"),
)  # fmt: skip
HANDLING = Choices.of(
    ("待受理", "待受理", "Waiting", "未受理", "待办"), ("办理中", "办理中", "In hand", "处理中", "在办", "受理"),
    ("已办结", "已办结", "Closed", "办结", "已结案", "已完成", "已处理"), ("不予受理", "不予受理", "Not accepted", "不受理"),
)  # fmt: skip


class Complaint(Record):
    """投诉举报: one sheet of the hotlines, about one subject."""

    spec = Spec(
        "complaint", zh="投诉举报", en="Complaints", subject=("uscc", "name"), day="received_at", name="name", any_subject=True,
        later={"closed_at": ("status", "satisfied")},
        words=("投诉举报", "投诉", "举报", "热线工单", "工单", "诉求"),
    )  # fmt: skip

    source: str = column(
        "来源", "Source", key=True, choices=COMPLAINT_SOURCES, aliases=("投诉来源", "工单来源", "受理渠道", "来源渠道")
    )
    ref_no: str = column(
        "工单编号",
        "Sheet number",
        key=True,
        reporter=True,
        aliases=("编号", "工单号", "登记编号", "投诉编号", "受理编号", "流水号"),
    )
    received_at: datetime = column(
        "接收时间", "Received at", aliases=("受理时间", "登记时间", "来电时间", "投诉时间", "受理日期", "登记日期")
    )
    kind: str = column("类别", "Kind", choices=COMPLAINT_KINDS, aliases=("类型", "诉求类型", "工单类型", "诉求类别"))
    name: str | None = subject_name(
        "被投诉单位", "Complained of", aliases=("被投诉企业", "被投诉主体", "被举报人", "企业名称", "涉事单位")
    )
    uscc: Uscc | None = credit_code(aliases=("被投诉单位统一社会信用代码",))
    subject: str | None = column(
        "诉求主题",
        "Subject",
        reporter=True,
        aliases=("主题", "诉求标题", "反映事项", "投诉内容", "诉求内容", "反映内容"),
    )
    amount: Decimal | None = column("涉及金额", "Amount", unit="yuan", ge=0, aliases=("金额", "涉案金额", "争议金额"))
    people_count: int | None = column(
        "涉及人数", "People", ge=0, none_is_zero=True, aliases=("人数", "投诉人数", "反映人数")
    )
    dept: Department | None = column("承办单位", "Handled by", aliases=("承办部门", "办理单位", "责任单位", "处理部门"))
    status: str | None = column("办理状态", "State", choices=HANDLING, aliases=("状态", "处理状态", "工单状态"))
    closed_at: datetime | None = column(
        "办结时间", "Closed at", not_before="received_at", aliases=("办结日期", "完成时间", "结案时间", "处理完成时间")
    )
    satisfied: bool | None = column(
        "是否满意", "Satisfied", aliases=("满意度", "回访满意度", "满意情况"),
        choices=Choices.of(("true", "满意", "Satisfied", "基本满意", "非常满意"), ("false", "不满意", "Not satisfied")),
    )  # fmt: skip
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address("事发地址", "Place", aliases=("事发地点", "发生地址", "涉事地址"), reporter=True)
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


CHANNELS = Choices.of(
    ("上级转办交办", "上级转办交办", "From above", "上级交办", "上级转办", "转办", "交办"),
    ("12345", "12345", "12345", "12345热线"), ("12315", "12315", "12315", "12315平台"),
    ("行业协会", "行业协会", "Trade association", "协会"),
    ("新闻媒体/舆情", "新闻媒体/舆情", "Media", "新闻媒体", "舆情", "媒体曝光"),
    ("日常检查", "日常检查", "Routine check", "检查发现", "巡查发现"),
    ("双随机抽查", "双随机抽查", "Random check", "双随机", "双随机一公开"),
    ("数据预警(本系统)", "数据预警", "Warning of this system", "数据预警（本系统）", "系统预警", "监测预警"),
    ("部门移送", "部门移送", "Other department", "移送", "线索移送"),
    ("信访", "信访", "Petition", "来信来访"), ("领导批示", "领导批示", "Leader's note", "批示"),
    ("人大政协", "人大政协", "Deputies' proposals", "人大建议", "政协提案", "建议提案"),
    ("110联动", "110联动", "110", "110", "110非警务"), ("网格/社区上报", "网格/社区上报", "Street grid", "网格上报", "社区上报"),
    ("企业自报", "企业自报", "Reported by itself", "企业自查"), ("巡视审计反馈", "巡视审计反馈", "Audit", "审计反馈", "巡视反馈", "巡察反馈"),
)  # fmt: skip
URGENCY = Choices.of(
    ("一般", "一般", "Normal", "普通"), ("紧急", "紧急", "Urgent", "急", "加急"), ("特急", "特急", "Most urgent")
)
STATES = Choices.of(
    ("found", "发现", "Found"), ("registered", "登记", "Registered", "已登记"), ("triaged", "研判", "Triaged", "已研判"),
    ("assigned", "分办", "Assigned", "转办", "已分办", "分办/转办"), ("transferred", "移送", "Transferred", "已移送"),
    ("signed", "签收", "Signed for", "已签收"), ("verifying", "核查", "Verifying", "核查中"),
    ("disposing", "处置", "Disposing", "处置中", "办理中"), ("feedback", "反馈", "Reported back", "已反馈"),
    ("reviewed", "复核", "Reviewed", "已复核"), ("closed", "结案", "Closed", "销号", "销号/结案", "已结案", "已销号", "办结"),
    ("archived", "归档", "Archived", "回访/归档", "已归档"), ("returned", "退回", "Returned", "已退回"),
    ("suspended", "挂起", "Suspended"), ("merged", "合并", "Merged", "已合并"), ("extended", "延期", "Extended"),
    ("supervised", "督办", "Supervised"),
)  # fmt: skip
CLOSINGS = Choices.of(
    ("no_violation", "查无实据", "Nothing in it", "不属实"), ("corrected", "责令改正", "Ordered to correct", "已整改"),
    ("exempt", "轻微免罚", "Minor, no penalty", "免罚"), ("penalty", "行政处罚", "Penalty", "处罚"),
    ("mediated", "调解", "Mediated", "调解结案"), ("transferred", "移送其他部门", "Transferred", "移送"),
    ("criminal", "移送司法", "Criminal referral", "移送公安"), ("duplicate", "重复", "Duplicate", "重复件"),
    ("not_accepted", "不予受理", "Not accepted", "不受理"),
)  # fmt: skip


class Clue(Record):
    """问题线索: something that may be a violation and has to be looked into."""

    spec = Spec(
        "clue", zh="问题线索", en="Clues", subject=("uscc", "name"), day="received_at", name="name", any_subject=True,
        ahead=("due_at",), later={"closed_at": ("state", "closing"), "transferred_at": ("transferred_to", "transfer_offline")},
        words=("问题线索", "线索", "线索台账", "线索登记"),
    )  # fmt: skip

    clue_no: str = column("线索编号", "Clue number", key=True, aliases=("线索号", "编号", "线索登记编号"))
    channel: str = column("线索来源", "Channel", choices=CHANNELS, aliases=("来源", "来源渠道", "线索渠道", "渠道"))
    channel_ref_no: str | None = column(
        "来源编号", "Its number there", reporter=True, aliases=("来源单号", "原编号", "来文编号", "工单编号")
    )
    received_at: datetime = column(
        "接收时间", "Received at", aliases=("收到时间", "登记时间", "受理时间", "接收日期", "登记日期")
    )
    name: str | None = subject_name(
        "涉及对象", "Subject", aliases=("涉及单位", "涉事单位", "线索对象", "企业名称", "涉嫌单位")
    )
    uscc: Uscc | None = credit_code()
    content: str | None = column(
        "线索内容", "Content", reporter=True, aliases=("内容", "主要内容", "问题描述", "反映问题")
    )
    domain: str | None = column("所属领域", "Domain", aliases=("试点领域", "领域", "监管领域"))
    objects: list[str] | None = column("其他涉及对象", "Other subjects", aliases=("涉及对象清单", "关联对象"))
    people_count: int | None = column("涉及人数", "People", ge=0, none_is_zero=True, aliases=("人数", "反映人数"))
    amount: Decimal | None = column("涉及金额", "Amount", unit="yuan", ge=0, aliases=("金额", "涉案金额"))
    urgency: str | None = column("紧急程度", "Urgency", choices=URGENCY, aliases=("缓急", "紧急度"))
    real_name: bool | None = column("是否实名", "Real name", reporter=True, aliases=("实名", "实名举报"))
    confidential: bool | None = column("是否保密", "Confidential", reporter=True, aliases=("保密", "需保密"))
    lead_dept: Department | None = column(
        "主办部门", "Lead department", aliases=("牵头部门", "主办单位", "承办部门", "责任部门")
    )
    coop_depts: list[Department] | None = departments("协办部门", "Other departments", aliases=("配合部门", "协办单位"))
    due_at: datetime | None = column(
        "办理时限", "Due at", not_before="received_at", aliases=("截止时间", "办结期限", "办理期限")
    )
    due_basis: str | None = column("时限依据", "Basis of the limit", aliases=("期限依据",))
    state: str | None = column(
        "办理环节", "State", choices=STATES, aliases=("状态", "办理状态", "当前环节", "处置状态")
    )
    closing: str | None = column(
        "办结方式", "How closed", choices=CLOSINGS, aliases=("处理结果", "结案方式", "处置结果")
    )
    closed_at: datetime | None = column(
        "办结时间", "Closed at", not_before="received_at", aliases=("结案时间", "销号时间", "办结日期")
    )
    transferred_at: datetime | None = column(
        "移送时间", "Transferred at", not_before="received_at", aliases=("移送日期", "线索移送时间", "线索移送日期")
    )
    transferred_to: Department | None = column(
        "移送至", "Transferred to", aliases=("接收部门", "移送接收部门", "受移送部门")
    )
    transfer_offline: bool | None = column("是否线下移送", "Transferred off line", aliases=("线下移送",))
    returned_at: datetime | None = column(
        "退回补充时间", "Returned at", not_before="transferred_at",
        aliases=("退回时间", "退回日期", "退回补充材料时间", "退回补充材料日期"),
    )  # fmt: skip
    evidence: list[str] | None = column("证据材料", "Evidence", reporter=True, aliases=("附件", "证据", "相关材料"))
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address("事发地址", "Place", aliases=("事发地点", "发生地址"), reporter=True)
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()
