"""Checks and visits: what is planned, what was done, who scanned in."""

from __future__ import annotations

from datetime import date, datetime

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
    credit_class,
    credit_code,
    departments,
    division,
    latitude,
    longitude,
    risk_level,
    street,
    subject_name,
)

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
    ("批后核查", "批后核查", "After a licence", "许可后核查", "事后核查", "告知承诺核查"),
)  # fmt: skip
RESULTS = Choices.of(
    ("未发现问题", "未发现问题", "Nothing found", "合格", "正常", "无问题", "未发现违法行为"),
    ("发现问题", "发现问题", "Problems found", "有问题", "存在问题", "不合格"),
    ("责令改正", "责令改正", "Ordered to correct", "责令整改", "责令限期改正", "限期整改"),
    ("移送", "移送", "Transferred", "移送处理", "移送其他部门"),
)  # fmt: skip
OFF_SITE = Choices.of(
    ("true", "非现场", "Off site", "非现场检查", "非现场监管", "线上检查", "远程检查"),
    ("false", "现场", "On site", "现场检查", "实地检查"),
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
    rating: int | None = column(
        "企业评价", "Rating by the enterprise", ge=1, le=5, aliases=_RATING, example="5", anonymous=True
    )
    off_site: bool | None = column(
        "是否非现场检查", "Off site", choices=OFF_SITE, aliases=("非现场检查", "现场或非现场", "检查形式")
    )
    published_on: date | None = column(
        "结果公示日期", "Result published on", not_before="inspected_on", aliases=("检查结果公示日期", "结果公开日期")
    )
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
    rating: int | None = column("企业评价", "Rating by the enterprise", ge=1, le=5, aliases=_RATING, anonymous=True)
    rating_text: str | None = column(
        "评价内容", "Words of the rating", aliases=("评价意见", "企业意见"), anonymous=True
    )
    exempt_reason: str | None = column("未扫码原因", "Why not scanned", choices=EXEMPTIONS, aliases=("免扫码原因",))
    division_code: Division | None = division()
    street_code: Street | None = street()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class PlannedCheck(Record):
    """计划检查: one department's due check of one subject, before it is merged into a visit."""

    spec = Spec(
        "planned_check", zh="检查计划", en="Planned checks", subject="uscc", day="window_from", name="name", any_subject=True,
        ahead=("window_until",),
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
