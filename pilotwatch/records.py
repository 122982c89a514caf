"""Records that every domain shares: checks, complaints, clues, penalties, licences … (domain-rules A.1.4, B, C.5).

They are declared like a domain's own. `any_subject` ones may be about a subject that has no credit code: the registry
adds the field that identifies it, as the domain of that subject declares it (a house by its 房屋编码).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pilotwatch.domain import (
    Choices,
    Department,
    Division,
    Latitude,
    Longitude,
    Month,
    Record,
    Spec,
    Street,
    Uscc,
    column,
)

# --- columns that most records have ------------------------------------------------------------------------------


def credit_code(
    zh: str = "统一社会信用代码", en: str = "Unified social credit code", *, aliases: Iterable[str] = (), **options: Any
) -> Any:
    """The 18-character code of GB 32100-2015; `options` as for `column`. A code with a title of its own (a supplier's)
    is not read from the general headers, which are the subject's.
    """
    general = (
        "社会信用代码",
        "信用代码",
        "统一信用代码",
        "企业统一社会信用代码",
        "机构代码",
        "统一社会信用代码（18位）",
    )
    words = general if zh == "统一社会信用代码" else ()
    return column(zh, en, aliases=(*aliases, *words), example="91650100XJDEM00576", **options)


def subject_name(zh: str = "企业名称", en: str = "Name", *, aliases: Iterable[str] = ()) -> Any:
    words = (
        "单位名称",
        "名称",
        "市场主体名称",
        "监管对象",
        "监管对象名称",
        "检查对象",
        "检查对象名称",
        "被检查单位",
        "当事人",
        "当事人名称",
    )
    return column(zh, en, aliases=(*aliases, *words))


def division(zh: str = "区县", en: str = "District") -> Any:
    """The district as any of its names; stored as its code of GB/T 2260."""
    words = (
        "区（县）",
        "所属区（县）",
        "所属区县",
        "所在区县",
        "所在区（县）",
        "行政区划",
        "行政区",
        "辖区",
        "所属辖区",
        "区县名称",
        "地区",
    )
    return column(zh, en, aliases=words, example="天山区")


def street() -> Any:
    """The street, town or township as any of its names; stored as its 9-digit statistical code."""
    words = (
        "街道",
        "乡镇",
        "镇街",
        "街道名称",
        "所属街道",
        "所在街道",
        "街道/乡镇",
        "乡镇（街道）",
        "街道（乡镇、片区）",
        "片区",
    )
    return column("街道（乡镇）", "Street or township", aliases=words, example="胜利路街道")


def address(zh: str = "地址", en: str = "Address", *, aliases: Iterable[str] = ()) -> Any:
    words = ("详细地址", "经营地址", "住所", "经营场所", "注册地址", "所在地址", "位置", "具体位置")
    return column(zh, en, aliases=(*aliases, *words))


def longitude() -> Any:
    words = ("东经", "经度（东经）", "X坐标", "坐标X", "高德经度", "百度经度", "lng", "lon", "longitude")
    return column("经度", "Longitude", aliases=words, example="87.616800")


def latitude() -> Any:
    words = ("北纬", "纬度（北纬）", "Y坐标", "坐标Y", "高德纬度", "百度纬度", "lat", "latitude")
    return column("纬度", "Latitude", aliases=words, example="43.825600")


def departments(zh: str, en: str, *, aliases: Iterable[str] = ()) -> Any:
    return column(zh, en, aliases=aliases, example="市商务局、市市场监管局")


#: 信用等级, A best, as the credit classification of enterprises gives it every month.
CREDIT = Choices.of(
    ("A", "A", "A", "A级", "A类"), ("B", "B", "B", "B级", "B类"),
    ("C", "C", "C", "C级", "C类"), ("D", "D", "D", "D级", "D类"),
)  # fmt: skip
RISK = Choices.of(
    ("high", "高", "High", "高风险"), ("medium", "中", "Medium", "中风险"),
    ("low", "低", "Low", "低风险"),
)  # fmt: skip


def credit_class() -> Any:
    return column(
        "信用等级", "Credit class", choices=CREDIT, aliases=("信用分类", "信用风险分类", "信用评级", "信用类别")
    )


def risk_level() -> Any:
    return column("风险等级", "Risk level", choices=RISK, aliases=("风险级别", "风险分级", "风险类别"))


# --- checks and visits -------------------------------------------------------------------------------------------

TRIGGERS = Choices.of(
    ("双随机", "双随机", "Double random", "双随机抽查", "双随机一公开", "双随机、一公开", "随机抽查"),
    ("重点", "重点", "Key supervision", "重点检查", "重点监管"),
    ("专项", "专项", "Special campaign", "专项检查", "专项整治"),
    ("日常", "日常", "Routine", "日常检查", "日常巡查", "日常监管", "例行检查"),
    ("投诉举报", "投诉举报", "Complaint or report", "投诉", "举报", "投诉举报核查", "举报核查"),
    ("移送", "移送", "Transferred", "部门移送", "线索移送", "移送核查"),
    ("交办", "交办", "Assigned from above", "上级交办", "转办", "转办交办", "上级转办交办"),
    ("应急", "应急", "Emergency", "应急处置", "应急检查", "突发事件"),
    ("复查", "复查", "Re-check", "复核", "整改复查", "回头看"),
)  # fmt: skip
RESULTS = Choices.of(
    ("未发现问题", "未发现问题", "Nothing found", "合格", "正常", "无问题", "未发现违法行为"),
    ("发现问题", "发现问题", "Problems found", "有问题", "存在问题", "不合格"),
    ("责令改正", "责令改正", "Ordered to correct", "责令整改", "责令限期改正", "限期整改"),
    ("移送", "移送", "Transferred", "移送处理", "移送其他部门"),
)  # fmt: skip
JOINT = Choices.of(
    ("true", "联合", "Joint", "联合检查", "联合执法", "多部门"),
    ("false", "单独", "Single", "单独检查", "单部门", "非联合"),
)  # fmt: skip
EXEMPTIONS = Choices.of(
    ("突发事件", "突发事件", "Emergency", "应急处置"),
    ("暗访", "暗访", "Unannounced visit", "暗查暗访", "四不两直"),
    ("食品抽检", "食品抽检", "Food sampling", "抽检", "抽样检验"),
    ("其他", "其他", "Other"),
)  # fmt: skip
_SCAN = ("扫码编码", "扫码号", "扫码记录编号", "入企编号", "检查记录编号", "检查编号")
_TASK = ("任务编号", "检查任务号", "任务号", "任务书编号")
_ITEMS = ("检查内容", "检查项目", "事项", "检查事项名称")
_RATING = ("评价", "满意度", "评分", "企业评分", "满意度评价")


class Inspection(Record):
    """检查记录: one visit of one team to one subject, by one department or several together."""

    spec = Spec(
        "inspection", zh="涉企检查记录", en="Inspections", subject="uscc", day=("scan_in_at", "inspected_on"), name="name",
        any_subject=True, words=("涉企行政检查", "行政检查记录", "检查记录", "检查台账", "检查情况"),
    )  # fmt: skip

    scan_id: str = column("扫码编号", "Visit number", key=True, aliases=_SCAN)
    depts: list[Department] = departments(
        "检查单位", "Departments",
        aliases=("检查部门", "检查机关", "执法单位", "执法部门", "牵头部门", "联合检查部门", "参与部门", "联合部门", "配合部门"),
    )  # fmt: skip
    joint: bool | None = column("是否联合检查", "Joint", choices=JOINT, aliases=("联合检查", "是否联合", "检查方式"))
    name: str | None = subject_name()
    uscc: Uscc | None = credit_code()
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address("检查地址", "Address", aliases=("检查地点", "检查场所"))
    task_no: str | None = column("检查任务编号", "Task number", aliases=_TASK)
    trigger: str = column(
        "检查类型", "Why", choices=TRIGGERS, aliases=("检查类别", "检查来源", "任务类型", "触发原因", "检查性质")
    )
    items: list[str] | None = column("检查事项", "Matters checked", aliases=_ITEMS)
    inspected_on: date | None = column("检查日期", "Inspected on", aliases=("检查时间", "现场检查日期"))
    scan_in_at: datetime | None = column(
        "进入时间", "Scanned in at", aliases=("扫码进入时间", "入企时间", "扫码时间", "开始时间")
    )
    scan_out_at: datetime | None = column(
        "离开时间", "Scanned out at", not_before="scan_in_at", aliases=("扫码离开时间", "离企时间", "结束时间")
    )
    exempt_reason: str | None = column(
        "未扫码原因", "Why not scanned", choices=EXEMPTIONS, aliases=("免扫码原因", "未亮码原因")
    )
    result: str = column("检查结果", "Result", choices=RESULTS, aliases=("检查结论", "处理结果"))
    problems: str | None = column("发现问题", "Problems", aliases=("存在问题", "问题描述", "发现的问题", "问题情况"))
    rating: int | None = column("企业评价", "Rating by the enterprise", ge=1, le=5, aliases=_RATING, example="5")
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class ScanIn(Record):
    """扫码入企: one scan at a site, by the officer's code or the enterprise's."""

    spec = Spec(
        "scan_in", zh="扫码入企记录", en="Scan-ins", subject="uscc", day="scan_in_at", name="site", any_subject=True,
        words=("扫码入企", "亮码入企", "扫码记录", "入企记录"),
    )  # fmt: skip

    scan_id: str = column("扫码编号", "Scan number", key=True, aliases=_SCAN)
    task_no: str | None = column("检查任务编号", "Task number", aliases=_TASK)
    uscc: Uscc | None = credit_code()
    site: str | None = column("检查场所", "Site", aliases=("场所", "场所名称", "入企场所", "企业名称", "检查对象"))
    dept: list[Department] = departments(
        "入企部门", "Departments", aliases=("检查单位", "检查部门", "执法部门", "扫码部门")
    )
    officers: list[str] | None = column("执法人员", "Officers", mask="name", aliases=("检查人员", "入企人员"))
    certs: list[str] | None = column("执法证号", "Officers' certificates", aliases=("执法证件号", "执法证编号"))
    items: list[str] | None = column("检查事项", "Matters checked", aliases=_ITEMS)
    trigger: str | None = column("检查类型", "Why", choices=TRIGGERS, aliases=("检查类别", "检查来源"))
    scan_in_at: datetime = column(
        "扫码进入时间", "Scanned in at", aliases=("进入时间", "入企时间", "扫码时间", "亮码时间")
    )
    scan_out_at: datetime | None = column(
        "扫码离开时间", "Scanned out at", not_before="scan_in_at", aliases=("离开时间", "离企时间")
    )
    distance_to_site_m: float | None = column(
        "距场所距离", "Distance to the site", unit="m", ge=0, aliases=("定位偏差", "距离")
    )
    notice_no: str | None = column("检查通知书编号", "Notice number", aliases=("通知书编号", "通知书文号"))
    result: str | None = column("检查结果", "Result", choices=RESULTS, aliases=("检查结论",))
    rating: int | None = column("企业评价", "Rating by the enterprise", ge=1, le=5, aliases=_RATING)
    rating_text: str | None = column("评价内容", "Words of the rating", aliases=("评价意见", "企业意见"))
    exempt_reason: str | None = column("未扫码原因", "Why not scanned", choices=EXEMPTIONS, aliases=("免扫码原因",))
    division_code: Division | None = division()
    street_code: Street | None = street()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class PlannedCheck(Record):
    """计划检查: one department's due check of one subject, before it is merged into a visit."""

    spec = Spec(
        "planned_check", zh="检查计划", en="Planned checks", subject="uscc", day="window_from", name="name", any_subject=True,
        words=("检查计划", "年度检查计划", "抽查计划", "计划检查", "待检查"),
    )  # fmt: skip

    plan_no: str = column("计划编号", "Plan number", key=True, aliases=("检查计划编号", "计划号", "计划任务编号"))
    dept: Department = column(
        "计划部门", "Department", aliases=("检查单位", "检查部门", "实施部门", "责任部门", "制定部门")
    )
    name: str | None = subject_name()
    uscc: Uscc | None = credit_code()
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    items: list[str] | None = column("检查事项", "Matters to check", aliases=_ITEMS)
    item_code: str | None = column("事项编码", "Matter code", aliases=("检查事项编码", "事项代码"))
    trigger: str = column("检查类型", "Why", choices=TRIGGERS, aliases=("检查类别", "计划类型", "检查方式"))
    window_from: date = column(
        "计划开始日期", "Not before", aliases=("开始日期", "计划起始日期", "检查开始日期", "计划开始时间")
    )
    window_until: date = column(
        "计划结束日期",
        "Due by",
        not_before="window_from",
        aliases=("结束日期", "截止日期", "检查截止日期", "计划结束时间", "完成时限"),
    )
    minutes: int | None = column("预计用时", "Minutes on site", unit="min", gt=0, aliases=("预计时长", "检查时长"))
    officers_needed: int | None = column("所需人数", "Officers needed", ge=1, aliases=("执法人数", "检查人数"))
    mergeable: bool | None = column("可否合并", "Can be merged", aliases=("是否可合并", "可合并", "可否联合"))
    published_on: date | None = column("公示日期", "Published on", aliases=("计划公示日期", "公开日期"))
    task_no: str | None = column("检查任务编号", "Task number", aliases=_TASK)
    credit_class: str | None = credit_class()
    risk_level: str | None = risk_level()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


# --- complaints and clues ----------------------------------------------------------------------------------------

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
        words=("投诉举报", "投诉", "举报", "热线工单", "工单", "诉求"),
    )  # fmt: skip

    source: str = column(
        "来源", "Source", key=True, choices=COMPLAINT_SOURCES, aliases=("投诉来源", "工单来源", "受理渠道", "来源渠道")
    )
    ref_no: str = column(
        "工单编号", "Sheet number", key=True, aliases=("编号", "工单号", "登记编号", "投诉编号", "受理编号", "流水号")
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
        "诉求主题", "Subject", aliases=("主题", "诉求标题", "反映事项", "投诉内容", "诉求内容", "反映内容")
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
    address: str | None = address("事发地址", "Place", aliases=("事发地点", "发生地址", "涉事地址"))
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
        words=("问题线索", "线索", "线索台账", "线索登记"),
    )  # fmt: skip

    clue_no: str = column("线索编号", "Clue number", key=True, aliases=("线索号", "编号", "线索登记编号"))
    channel: str = column("线索来源", "Channel", choices=CHANNELS, aliases=("来源", "来源渠道", "线索渠道", "渠道"))
    channel_ref_no: str | None = column(
        "来源编号", "Its number there", aliases=("来源单号", "原编号", "来文编号", "工单编号")
    )
    received_at: datetime = column(
        "接收时间", "Received at", aliases=("收到时间", "登记时间", "受理时间", "接收日期", "登记日期")
    )
    name: str | None = subject_name(
        "涉及对象", "Subject", aliases=("涉及单位", "涉事单位", "线索对象", "企业名称", "涉嫌单位")
    )
    uscc: Uscc | None = credit_code()
    content: str | None = column("线索内容", "Content", aliases=("内容", "主要内容", "问题描述", "反映问题"))
    domain: str | None = column("所属领域", "Domain", aliases=("试点领域", "领域", "监管领域"))
    objects: list[str] | None = column("其他涉及对象", "Other subjects", aliases=("涉及对象清单", "关联对象"))
    people_count: int | None = column("涉及人数", "People", ge=0, none_is_zero=True, aliases=("人数", "反映人数"))
    amount: Decimal | None = column("涉及金额", "Amount", unit="yuan", ge=0, aliases=("金额", "涉案金额"))
    urgency: str | None = column("紧急程度", "Urgency", choices=URGENCY, aliases=("缓急", "紧急度"))
    real_name: bool | None = column("是否实名", "Real name", aliases=("实名", "实名举报"))
    confidential: bool | None = column("是否保密", "Confidential", aliases=("保密", "需保密"))
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
    evidence: list[str] | None = column("证据材料", "Evidence", aliases=("附件", "证据", "相关材料"))
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address("事发地址", "Place", aliases=("事发地点", "发生地址"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


# --- what follows a check ----------------------------------------------------------------------------------------


class OrderToCorrect(Record):
    """责令改正: an order with a date, and the re-check that closes it."""

    spec = Spec(
        "order_to_correct", zh="责令改正", en="Orders to correct", subject="uscc", day="issued_on", name="name", any_subject=True,
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
        "interview", zh="约谈记录", en="Interviews", subject="uscc", day="held_on", name="name", any_subject=True,
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
        "hazard", zh="安全隐患", en="Hazards", subject="uscc", day="found_on", name="name", any_subject=True,
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
        any_subject=True, words=("案件移送", "行刑衔接", "移送公安", "涉嫌犯罪", "移送司法"),
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


# --- what other registers know of a subject ----------------------------------------------------------------------

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
        "licence", zh="证照", en="Licences", subject="uscc", day="valid_from", name="name", any_subject=True,
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


#: Every shared record class.
SHARED: tuple[type[Record], ...] = (
    Inspection, ScanIn, PlannedCheck, Complaint, Clue, OrderToCorrect, Interview, Penalty, Hazard, Referral,
    EnforcementAct, BusinessChange, ArrearsEvent, Lawsuit, Licence, CreditRating,
)  # fmt: skip
