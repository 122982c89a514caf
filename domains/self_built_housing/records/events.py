"""What happens to a house, and the disasters that happen to all of them (domain-rules A.2.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domains.self_built_housing.records.choices import (
    ADVICE,
    ALERTS,
    ALTERED,
    APPRAISALS,
    DISASTERS,
    GRADES,
    HAZARDS,
    MEASURES,
    PERMITS,
    SCREENERS,
    SCREENING,
    SENSORS,
)
from domains.self_built_housing.records.subjects import HOUSE_HEADERS
from pilotwatch.domain import Division, Latitude, Longitude, Record, Spec, Uscc, column
from pilotwatch.records import HAZARD_LEVELS, credit_code, division, latitude, longitude


def house(*, key: bool = True):
    return column(
        "房屋编码", "House", key=key, refers_to="sbh_house", aliases=HOUSE_HEADERS, example="650102003ZJ00005"
    )


class Screening(Record):
    """排查: somebody looked at a house."""

    spec = Spec(
        "sbh_screening",
        zh="自建房排查记录",
        en="Screenings",
        subject="house_no",
        day="screened_on",
        words=("排查记录", "排查情况", "入户排查"),
    )

    house_no: str = house()
    screened_on: date = column("排查日期", "Screened on", key=True, aliases=("排查时间",))
    by: str | None = column("排查主体", "By", choices=SCREENERS, aliases=("排查单位", "排查方式", "排查人员类别"))
    result: str = column("排查结论", "Result", choices=SCREENING, aliases=("初判结论", "排查结果", "初判结果"))
    photos: int | None = column("照片数", "Photos", ge=0, none_is_zero=True, aliases=("照片", "照片张数"))


class Appraisal(Record):
    """安全鉴定: one report on a house, first or as a review (JGJ 125-2016)."""

    spec = Spec(
        "sbh_appraisal", zh="自建房安全鉴定台账", en="Appraisals", subject="house_no", day="reported_on", public=True,
        ahead=("valid_until",),
        words=("鉴定台账", "安全鉴定", "房屋鉴定", "鉴定报告"),
    )  # fmt: skip

    report_no: str = column(
        "报告编号", "Report", key=True, aliases=("鉴定报告编号", "报告号", "鉴定报告号", "鉴定编号")
    )
    house_no: str = house(key=False)
    division_code: Division | None = division()
    appraiser: str | None = column("鉴定机构", "Appraiser", aliases=("鉴定单位", "检测机构", "检测鉴定机构"))
    appraiser_uscc: Uscc | None = credit_code(
        "鉴定机构统一社会信用代码", "Appraiser's credit code", aliases=("鉴定机构代码", "鉴定单位统一社会信用代码")
    )
    kind: str | None = column("鉴定类型", "Kind", choices=APPRAISALS, aliases=("鉴定类别", "鉴定范围", "鉴定方式"))
    onsite_on: date | None = column(
        "现场检测日期", "On site on", aliases=("现场鉴定日期", "检测日期", "现场检测时间", "现场查勘日期")
    )
    reported_on: date = column(
        "出具日期",
        "Reported on",
        not_before="onsite_on",
        aliases=("报告日期", "报告出具日期", "鉴定日期", "出具时间", "签发日期"),
    )
    grade: str = column("鉴定等级", "Grade", choices=GRADES, aliases=("等级", "鉴定结论", "危险性等级", "鉴定结果"))
    clauses: list[str] | None = column("依据条款", "Clauses", aliases=("鉴定依据条款", "标准条款"))
    tilt_pct: float | None = column(
        "倾斜率", "Tilt", unit="%", ge=0, le=100, aliases=("倾斜率（%）", "倾斜", "最大倾斜率")
    )
    crack_mm: float | None = column(
        "最大裂缝宽度", "Widest crack", unit="mm", ge=0, aliases=("裂缝宽度", "最大裂缝宽度（mm）", "裂缝")
    )
    advice: str | None = column("处理建议", "Advice", choices=ADVICE, aliases=("处理意见", "鉴定建议", "处置建议"))
    valid_until: date | None = column(
        "有效期至", "Valid until", not_before="reported_on", aliases=("报告有效期", "鉴定有效期至", "有效期")
    )


class DangerNotice(Record):
    """危险房屋通知书: tells the owner to leave by a day."""

    spec = Spec(
        "sbh_danger_notice",
        zh="危险房屋通知书",
        en="Danger notices",
        subject="house_no",
        day="served_on",
        ahead=("leave_by",),
        words=("危险房屋通知", "危房通知"),
    )

    notice_no: str = column("通知书编号", "Notice", key=True, aliases=("文号", "通知书文号", "编号"))
    house_no: str = house(key=False)
    served_on: date = column("送达日期", "Served on", aliases=("送达时间", "发出日期"))
    leave_by: date | None = column("限期搬离日期", "Leave by", not_before="served_on", aliases=("搬离期限", "撤离期限"))


class HouseHazard(Record):
    """自建房隐患: a danger in a house."""

    spec = Spec(
        "sbh_hazard",
        zh="自建房隐患台账",
        en="Hazards of houses",
        subject="house_no",
        day="found_on",
        ahead=("due_on",),
        words=("自建房隐患", "房屋隐患", "隐患台账"),
    )

    house_no: str = house()
    kind: str = column("隐患类别", "Kind", key=True, choices=HAZARDS, aliases=("隐患类型", "隐患种类"))
    alteration: str | None = column(
        "改扩建类型",
        "Altered how",
        choices=ALTERED,
        aliases=("违规改扩建类型", "改扩建情形", "违法改建类型"),
        help=("隐患类别为改扩建的填写", "For hazards of the kind “alterations”"),
    )
    level: str = column("隐患等级", "Level", choices=HAZARD_LEVELS, aliases=("隐患级别", "隐患程度"))
    content: str | None = column("隐患内容", "Content", aliases=("隐患描述", "隐患情况"))
    found_on: date = column("发现日期", "Found on", key=True, aliases=("发现时间", "排查日期"))
    due_on: date | None = column("整改期限", "Due on", not_before="found_on", aliases=("整改时限", "整治期限"))
    closed_on: date | None = column(
        "销号日期", "Closed on", not_before="found_on", aliases=("整改完成日期", "闭环日期")
    )


class Rectification(Record):
    """整治: what is done about a house, by when, at what cost."""

    spec = Spec(
        "sbh_rectification", zh="自建房整治台账", en="Rectifications", subject="house_no", day="plan_on", ahead=("due_on",),
        words=("整治台账", "隐患整治", "整治情况", "房屋整治"),
    )  # fmt: skip

    house_no: str = house()
    division_code: Division | None = division()
    measure: list[str] | None = column(
        "整治措施", "Measures", choices=MEASURES, aliases=("措施", "整治方式", "处置措施")
    )
    plan_on: date = column("方案日期", "Planned on", key=True, aliases=("制定方案日期", "整治方案日期", "方案制定日期"))
    due_on: date | None = column(
        "整治期限", "Due on", not_before="plan_on", aliases=("整治时限", "完成期限", "整改期限", "计划完成日期")
    )
    started_on: date | None = column("开工日期", "Started on", aliases=("开工时间", "实施日期", "开始日期"))
    done_on: date | None = column(
        "完成日期", "Done on", not_before="started_on", aliases=("完工日期", "竣工日期", "整治完成日期", "完成时间")
    )
    funds_yuan: Decimal | None = column(
        "整治资金",
        "Funds",
        unit="yuan",
        ge=0,
        history=True,
        aliases=("资金", "整治经费", "投入资金", "整治资金（万元）"),
    )
    contractor: str | None = column("施工单位", "Contractor", aliases=("施工企业", "实施单位"))


class Evacuation(Record):
    """人员撤离: people who left a house."""

    spec = Spec(
        "sbh_evacuation",
        zh="自建房人员撤离",
        en="Evacuations",
        subject="house_no",
        day="started_at",
        words=("人员撤离", "撤离台账", "转移安置"),
    )

    house_no: str = house()
    people: int = column("撤离人数", "People", ge=0, none_is_zero=True, aliases=("人数", "转移人数"))
    started_at: datetime = column("撤离开始时间", "Started at", key=True, aliases=("撤离时间", "开始时间", "撤离日期"))
    finished_at: datetime | None = column(
        "撤离完成时间", "Finished at", not_before="started_at", aliases=("完成时间", "撤离结束时间")
    )
    placed_at: str | None = column("安置地点", "Placed at", aliases=("安置去向", "安置点"))


class Closeout(Record):
    """销号: the three signatures that cross a house off, and the look-back."""

    spec = Spec(
        "sbh_closeout",
        zh="自建房销号",
        en="Close-outs",
        subject="house_no",
        day="closed_on",
        words=("销号", "销号台账", "销号审批"),
    )

    house_no: str = house()
    signed_community: date | None = column(
        "社区签字日期", "Signed by the community", aliases=("社区（村）签字日期", "社区确认日期")
    )
    signed_street: date | None = column(
        "街道签字日期", "Signed by the street office", aliases=("街道（乡镇）签字日期", "街道确认日期")
    )
    signed_dept: date | None = column(
        "部门签字日期", "Signed by the department", aliases=("主管部门签字日期", "部门确认日期")
    )
    closed_on: date = column("销号日期", "Closed on", key=True, aliases=("销号时间",))
    lookback_on: date | None = column(
        "回头看日期", "Looked back on", not_before="closed_on", aliases=("回头看时间", "复查日期")
    )


class Patrol(Record):
    """巡查: somebody walked past and looked."""

    spec = Spec(
        "sbh_patrol",
        zh="自建房巡查记录",
        en="Patrols",
        subject="house_no",
        day="patrolled_on",
        words=("巡查记录", "巡查台账", "日常巡查"),
    )

    house_no: str = house()
    patrolled_on: date = column("巡查日期", "Patrolled on", key=True, aliases=("巡查时间",))
    patroller: str | None = column("巡查人", "Patroller", mask="name", aliases=("巡查人员", "网格员", "包联干部"))
    problems: str | None = column("发现问题", "Problems", aliases=("巡查情况", "存在问题"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class MonitorReading(Record):
    """监测读数: one value of one sensor (settlement and crack in mm, tilt in ‰)."""

    spec = Spec(
        "sbh_monitor_reading",
        zh="自建房监测读数",
        en="Sensor readings",
        subject="house_no",
        day="read_at",
        words=("监测读数", "监测数据", "沉降监测"),
    )

    sensor_id: str = column("传感器编号", "Sensor", key=True, aliases=("设备编号", "监测点编号", "测点编号"))
    house_no: str = house(key=False)
    kind: str = column("监测类型", "Kind", choices=SENSORS, aliases=("监测项目", "类型"))
    value: float = column(
        "读数",
        "Value",
        aliases=("监测值", "数值"),
        help=("沉降、裂缝以毫米计，倾斜以千分计", "Settlement and crack in mm, tilt in ‰"),
    )
    unit: str | None = column("单位", "Unit", aliases=("计量单位",))
    read_at: datetime = column("监测时间", "Read at", key=True, aliases=("采集时间", "读数时间"))


class Permit(Record):
    """许可/证照: a permit of a house or of a business in it."""

    spec = Spec(
        "permit",
        zh="自建房许可证照",
        en="Permits",
        subject="house_no",
        day="valid_until",
        ahead=("valid_until",),
        words=("审批手续", "许可台账", "房屋许可"),
    )

    house_no: str = house()
    kind: str = column("许可类别", "Kind", key=True, choices=PERMITS, aliases=("证照类型", "许可类型", "审批类型"))
    no: str = column("许可编号", "Number", key=True, aliases=("证号", "许可证编号", "批准文号"))
    operator_uscc: Uscc | None = credit_code("经营主体统一社会信用代码", "Operator")
    valid_until: date | None = column("有效期至", "Valid until", aliases=("有效期", "到期日期"))


class Disaster(Record):
    """灾害事件: an earthquake or a weather alert, entered by the city office; it concerns every house of the place."""

    spec = Spec(
        "sbh_event",
        zh="灾害事件",
        en="Disasters",
        subject="event_no",
        day="at",
        public=True,
        words=("灾害事件", "地震事件", "灾害预警"),
    )

    event_no: str = column("事件编号", "Event", key=True, aliases=("灾害编号", "预警编号"), example="ZH-2027-003")
    kind: str = column("灾害种类", "Kind", choices=DISASTERS, aliases=("灾害类型", "事件类型", "预警种类"))
    at: datetime = column("发生时间", "At", aliases=("发震时间", "预警发布时间", "灾害发生时间"))
    magnitude: float | None = column("震级", "Magnitude", ge=0, le=10, aliases=("地震震级",))
    distance_km: float | None = column(
        "震中距（公里）", "Distance of the epicentre, km", ge=0, aliases=("震中距", "震中距离", "距震中距离")
    )
    alert_level: str | None = column("预警等级", "Alert", choices=ALERTS, aliases=("预警级别", "预警信号", "预警颜色"))
    division_code: Division | None = division("影响区县", "District concerned")
