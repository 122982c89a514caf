"""What the departments report about the safety of self-built houses (domain-rules A.2.3 and A.2.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pilotwatch.domain import Choices, Division, Latitude, Longitude, Record, Spec, Street, Uscc, column
from pilotwatch.records import HAZARD_LEVELS, address, credit_code, division, latitude, longitude, risk_level, street

# --- enumerations ------------------------------------------------------------------------------------------------

OWNERSHIP = Choices.of(
    ("私有", "私有", "Private", "私人", "个人", "个人所有"), ("集体", "集体", "Collective", "集体所有"),
    ("国有", "国有", "State", "国家所有"), ("不详", "不详", "Unknown", "不明", "产权不明"),
)  # fmt: skip
LAND = Choices.of(
    ("国有土地", "国有土地", "State land", "国有"), ("集体土地", "集体土地", "Collective land", "集体", "宅基地")
)
AREAS = Choices.of(
    ("城市建成区", "城市建成区", "Built-up city", "建成区"), ("城乡接合部", "城乡接合部", "Urban fringe", "城乡结合部"),
    ("城中村", "城中村", "Village in the city"), ("拆迁安置区", "拆迁安置区", "Resettlement area", "安置区"),
    ("工业园区", "工业园区", "Industrial park", "园区"), ("建制镇", "建制镇", "Town"), ("集镇", "集镇", "Market town"),
    ("学校周边", "学校周边", "Around a school"), ("医院周边", "医院周边", "Around a hospital"),
    ("商贸市场周边", "商贸市场周边", "Around a market", "市场周边", "商贸市场"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
USES = Choices.of(
    ("经营性自建房", "经营性自建房", "Used for business", "经营性", "经营", "经营用房"),
    ("其他自建房", "其他自建房", "Other", "非经营性", "自住", "其它自建房", "非经营性自建房", "居住"),
)
BUSINESSES = Choices.of(
    ("餐饮饭店", "餐饮饭店", "Restaurants", "餐饮", "饭店"), ("民宿宾馆", "民宿宾馆", "Lodging", "民宿", "宾馆", "旅馆"),
    ("出租居住(≥10人)", "出租居住（≥10人）", "Rented, 10 people or more", "出租居住", "出租", "出租房"),
    ("商超", "商超", "Shops", "超市", "商店"), ("医疗卫生", "医疗卫生", "Health", "诊所", "医疗"),
    ("教育培训", "教育培训", "Training", "教育", "培训"), ("养老", "养老", "Elderly care", "养老服务"),
    ("文化娱乐", "文化娱乐", "Entertainment", "娱乐"), ("农贸市场", "农贸市场", "Food market", "市场"),
    ("生产加工", "生产加工", "Workshop", "加工", "生产"), ("仓储", "仓储", "Storage", "仓库"),
    ("宗教活动", "宗教活动", "Religious", "宗教活动场所"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
STRUCTURES = Choices.of(
    ("砖混", "砖混", "Brick and concrete", "砖混结构", "砖混（砖砌体）"), ("砖木", "砖木", "Brick and timber", "砖木结构"),
    ("土木(生土)", "土木（生土）", "Earth and timber", "土木", "生土", "土木结构", "生土结构", "土坯"),
    ("框架", "框架", "Frame", "框架结构", "钢筋混凝土框架"), ("底框", "底框", "Frame below", "底框结构", "底部框架", "底部框架-上部砌体"),
    ("钢结构", "钢结构", "Steel", "钢", "轻钢结构"), ("石结构", "石结构", "Stone", "石砌体", "石木结构"),
    ("混杂", "混杂", "Mixed", "混杂结构", "混合结构"), ("其他", "其他", "Other", "其它", "其他结构"),
)  # fmt: skip
ROOFS = Choices.of(
    ("平屋盖", "平屋盖", "Flat", "平屋面", "平顶"), ("坡屋盖", "坡屋盖", "Pitched", "坡屋面", "坡顶"),
    ("现浇板", "现浇板", "Cast slab", "现浇屋盖"), ("预制板", "预制板", "Precast slab", "预制屋盖"), ("木屋盖", "木屋盖", "Timber", "木屋架"),
    ("轻钢彩板", "轻钢彩板", "Light steel", "彩钢板", "轻钢屋盖"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
SLABS = Choices.of(
    ("现浇板", "现浇板", "Cast slab", "现浇楼盖"), ("预制板", "预制板", "Precast slab", "预制楼盖", "空心板"),
    ("木楼盖", "木楼盖", "Timber", "木楼板"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
FOUNDATIONS = Choices.of(
    ("条形基础", "条形基础", "Strip", "条基"), ("独立基础", "独立基础", "Pad", "独基"), ("筏板基础", "筏板基础", "Raft", "筏基"),
    ("桩基础", "桩基础", "Piles", "桩基"), ("毛石基础", "毛石基础", "Rubble"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
ALTERATIONS = Choices.of(
    ("加层", "加层", "Floor added", "增层"), ("扩建", "扩建", "Extended"), ("拆改承重墙", "拆改承重墙", "Load-bearing wall cut", "拆改承重结构"),
    ("开门洞", "开门洞", "Opening cut", "开洞", "墙体开洞"), ("用途变更", "用途变更", "Use changed", "改变用途"), ("无", "无", "None", "未改扩建"),
)  # fmt: skip
SCREENING = Choices.of(
    ("未发现安全隐患", "未发现安全隐患", "No danger found", "暂无危险", "未发现隐患", "无安全隐患"),
    ("存在一定安全隐患", "存在一定安全隐患", "Some danger", "潜在危险", "一定安全隐患"),
    ("存在严重安全隐患", "存在严重安全隐患", "Serious danger", "危险房屋", "严重安全隐患"),
)
GRADES = Choices.of(
    ("A", "A级", "A", "Ａ级"), ("B", "B级", "B", "Ｂ级"),
    ("C", "C级", "C", "Ｃ级", "局部危房"), ("D", "D级", "D", "Ｄ级", "整幢危房"),
)  # fmt: skip
OPERATING = Choices.of(
    ("营业", "营业", "Open", "在营", "正常营业", "营业中"), ("停用", "停用", "Out of use", "停业", "已停用", "停止使用"),
    ("空置", "空置", "Empty", "闲置", "空置房"),
)  # fmt: skip
MEASURES = Choices.of(
    ("停止使用", "停止使用", "Use stopped", "停用"), ("人员撤离", "人员撤离", "Evacuated", "撤离人员", "人员搬离"),
    ("封控围挡", "封控围挡", "Fenced", "封闭围挡", "围挡"), ("限制人数", "限制人数", "People limited"),
    ("警示标志", "警示标志", "Warning sign", "设置警示标志", "警示"), ("维修加固", "维修加固", "Strengthened", "加固", "修缮加固", "加固修缮"),
    ("拆除重建", "拆除重建", "Rebuilt", "重建", "拆旧建新"), ("拆除", "拆除", "Demolished", "整体拆除"),
    ("违法建设查处", "违法建设查处", "Illegal building dealt with", "违建查处"),
)  # fmt: skip
RECTIFY = Choices.of(
    ("待整治", "待整治", "Waiting", "未整治"), ("整治中", "整治中", "In hand", "正在整治"), ("已整治", "已整治", "Done", "整治完成", "已完成"),
    ("已销号", "已销号", "Crossed off", "销号"),
)  # fmt: skip
SCREENERS = Choices.of(
    ("community", "社区", "Community", "村", "社区（村）"), ("street", "街道", "Street office", "乡镇", "街道（乡镇）"),
    ("expert", "专家", "Expert", "专业机构", "专业技术人员"),
)  # fmt: skip
APPRAISALS = Choices.of(
    ("整幢", "整幢", "Whole house", "整幢鉴定", "整栋", "整体鉴定"), ("局部", "局部", "Part", "局部鉴定"),
    ("复核", "复核", "Review", "复核鉴定", "复鉴"),
)  # fmt: skip
ADVICE = Choices.of(
    ("观察使用", "观察使用", "Use and watch"), ("处理使用", "处理使用", "Repair and use"), ("停止使用", "停止使用", "Stop use", "停用"),
    ("整体拆除", "整体拆除", "Demolish", "拆除"),
)  # fmt: skip
HAZARDS = Choices.of(
    ("结构", "结构", "Structure", "结构安全", "结构隐患"), ("消防", "消防", "Fire", "消防安全", "消防隐患"), ("燃气", "燃气", "Gas", "燃气安全"),
    ("用电", "用电", "Electricity", "用电安全", "电气"), ("审批", "审批", "Permits", "审批手续", "手续"), ("改扩建", "改扩建", "Alterations", "违规改扩建"),
)  # fmt: skip
SENSORS = Choices.of(
    ("沉降", "沉降", "Settlement", "沉降监测"),
    ("倾斜", "倾斜", "Tilt", "倾斜监测"),
    ("裂缝", "裂缝", "Crack", "裂缝监测"),
)
PERMITS = Choices.of(
    ("用地", "用地", "Land", "用地审批", "用地批准"), ("规划", "规划", "Planning", "规划许可", "乡村建设规划许可证"),
    ("施工", "施工", "Building", "施工许可", "施工许可证"), ("特种行业", "特种行业", "Special trade", "特种行业许可证"),
    ("食品经营", "食品经营", "Food", "食品经营许可证"), ("消防", "消防", "Fire", "消防验收", "消防安全检查"),
)  # fmt: skip

# --- columns that several records have ---------------------------------------------------------------------------

_HOUSE = ("房屋编号", "自建房编码", "自建房编号", "房屋代码", "房屋唯一编码")


def house(*, key: bool = True):
    return column("房屋编码", "House", key=key, refers_to="sbh_house", aliases=_HOUSE, example="650102003ZJ00005")


# --- the house ---------------------------------------------------------------------------------------------------


class House(Record):
    """自建房: one self-built house."""

    spec = Spec(
        "sbh_house", zh="自建房排查台账", en="Self-built houses", subject="house_no", kind="subject", name="address",
        words=("自建房", "排查台账", "房屋排查", "自建房安全隐患", "自建房名录"),
    )  # fmt: skip

    house_no: str = column("房屋编码", "House number", key=True, aliases=_HOUSE, example="650102003ZJ00005")
    census_no: str | None = column("普查房屋编号", "Census number", aliases=("普查编号", "房屋普查编号"))
    screening_no: str | None = column("自建房排查编码", "Screening number", aliases=("排查编码", "排查编号"))
    division_code: Division | None = division()
    street_code: Street | None = street()
    community: str | None = column(
        "社区（村）", "Community", aliases=("社区", "村", "社区/村", "社区名称", "村（社区）", "所属社区")
    )
    address: str | None = address("房屋坐落", "Where it stands", aliases=("坐落", "房屋地址", "房屋位置", "地址"))
    owner_masked: str | None = column(
        "产权人", "Owner", mask="name", aliases=("产权人（脱敏）", "房主", "户主", "产权人姓名", "所有权人")
    )
    user_masked: str | None = column("使用人", "User", mask="name", aliases=("使用人（脱敏）", "使用人姓名", "承租人"))
    ownership_kind: str | None = column(
        "产权性质", "Ownership", choices=OWNERSHIP, aliases=("房屋产权性质", "产权类型")
    )
    title_no: str | None = column("产权证号", "Title", aliases=("不动产权证号", "房产证号", "产权证书号"))
    land_kind: str | None = column("土地性质", "Land", choices=LAND, aliases=("土地类型", "用地性质"))
    area_kind: str | None = column(
        "所在区域", "Kind of area", choices=AREAS, aliases=("区域类型", "所处区域", "区域类别")
    )
    use_kind: str | None = column(
        "房屋用途", "Use", choices=USES, aliases=("用途", "使用性质", "房屋性质", "是否经营性")
    )
    business_kinds: list[str] | None = column(
        "经营业态", "Businesses", choices=BUSINESSES, aliases=("业态", "经营类型", "经营用途")
    )
    floors: int | None = column("地上层数", "Floors", ge=1, le=60, aliases=("层数", "楼层数", "总层数", "房屋层数"))
    floors_below: int | None = column(
        "地下层数", "Floors below ground", ge=0, le=10, none_is_zero=True, aliases=("地下室层数",)
    )
    eave_height_m: float | None = column(
        "檐口高度", "Height of the eaves", unit="m", gt=0, le=200, aliases=("檐高", "房屋高度")
    )
    build_area: float | None = column(
        "建筑面积",
        "Floor area",
        unit="m²",
        ge=0,
        history=True,
        aliases=("建筑面积（㎡）", "建筑面积（平方米）", "房屋面积", "面积"),
    )
    land_area: float | None = column("占地面积", "Ground area", unit="m²", ge=0, aliases=("占地面积（㎡）", "用地面积"))
    built_year: int | None = column(
        "建成年份",
        "Built in",
        ge=1900,
        not_after_list=True,
        aliases=("建造年份", "建成年代", "建造年代", "建成时间", "修建年份"),
    )
    structure: str | None = column(
        "结构类型", "Structure", choices=STRUCTURES, aliases=("房屋结构", "结构形式", "结构")
    )
    roof: str | None = column("屋盖型式", "Roof", choices=ROOFS, aliases=("屋盖", "屋面形式", "屋盖类型"))
    floor_slab: str | None = column(
        "楼盖型式", "Floors made of", choices=SLABS, aliases=("楼盖", "楼板类型", "楼盖类型")
    )
    foundation: str | None = column(
        "基础型式", "Foundation", choices=FOUNDATIONS, aliases=("基础", "基础类型", "基础形式")
    )
    alteration: list[str] | None = column(
        "改扩建情况", "Alterations", choices=ALTERATIONS, aliases=("改扩建", "改造情况", "改建情况")
    )
    permit_land: bool | None = column("用地审批", "Land permit", aliases=("有无用地手续", "用地手续"))
    permit_plan: bool | None = column("规划审批", "Planning permit", aliases=("有无规划手续", "规划手续", "规划许可"))
    permit_build: bool | None = column("施工审批", "Building permit", aliases=("有无施工手续", "施工手续", "施工许可"))
    screen_result: str | None = column(
        "初判结论",
        "First judgement",
        choices=SCREENING,
        aliases=("初步判定", "初判结果", "排查结论", "安全初判", "排查结果"),
    )
    screened_on: date | None = column("初判日期", "Judged on", aliases=("初判时间",))
    grade: str | None = column("鉴定等级", "Grade", choices=GRADES, aliases=("房屋等级", "危房等级", "安全等级"))
    appraised_on: date | None = column("鉴定日期", "Appraised on", aliases=("鉴定时间",))
    appraiser: str | None = column("鉴定机构", "Appraiser", aliases=("鉴定单位",))
    report_no: str | None = column("鉴定报告编号", "Report", aliases=("鉴定报告号", "报告编号"))
    valid_until: date | None = column(
        "鉴定有效期至", "Appraisal valid until", not_before="appraised_on", aliases=("鉴定报告有效期", "鉴定有效期")
    )
    occupants: int | None = column(
        "居住（使用）人数",
        "Occupants",
        ge=0,
        none_is_zero=True,
        aliases=("居住人数", "使用人数", "居住使用人数", "常住人数", "人数"),
    )
    operating: str | None = column("营业状态", "In business", choices=OPERATING, aliases=("经营状态", "使用状态"))
    operator_uscc: list[str] | None = column(
        "营业主体代码", "Operators", aliases=("经营主体统一社会信用代码", "经营者统一社会信用代码", "统一社会信用代码")
    )
    measure: list[str] | None = column("整治措施", "Measures", choices=MEASURES, aliases=("采取措施", "管控措施"))
    rectify_status: str | None = column("整治状态", "Rectification", choices=RECTIFY, aliases=("整治情况", "整治进度"))
    exits: int | None = column(
        "疏散出口数", "Exits", ge=0, none_is_zero=True, aliases=("安全出口数", "安全出口数量", "出口数")
    )
    barred_windows: bool | None = column(
        "防盗网封窗", "Barred windows", aliases=("是否防盗网封窗", "窗户封堵", "防盗网")
    )
    ebike_inside: bool | None = column(
        "电动车室内停放", "E-bikes indoors", aliases=("电动车停放", "室内停放电动车", "电动自行车停放")
    )
    risk_level: str | None = risk_level()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


# --- what happens to a house -------------------------------------------------------------------------------------


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
        "sbh_appraisal", zh="自建房安全鉴定台账", en="Appraisals", subject="house_no", day="reported_on",
        words=("鉴定台账", "安全鉴定", "房屋鉴定", "鉴定报告"),
    )  # fmt: skip

    report_no: str = column(
        "报告编号", "Report", key=True, aliases=("鉴定报告编号", "报告号", "鉴定报告号", "鉴定编号")
    )
    house_no: str = house(key=False)
    division_code: Division | None = division()
    appraiser: str | None = column("鉴定机构", "Appraiser", aliases=("鉴定单位", "检测机构", "检测鉴定机构"))
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
        words=("自建房隐患", "房屋隐患", "隐患台账"),
    )

    house_no: str = house()
    kind: str = column("隐患类别", "Kind", key=True, choices=HAZARDS, aliases=("隐患类型", "隐患种类"))
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
        "sbh_rectification", zh="自建房整治台账", en="Rectifications", subject="house_no", day="plan_on",
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
        words=("审批手续", "许可台账", "房屋许可"),
    )

    house_no: str = house()
    kind: str = column("许可类别", "Kind", key=True, choices=PERMITS, aliases=("证照类型", "许可类型", "审批类型"))
    no: str = column("许可编号", "Number", key=True, aliases=("证号", "许可证编号", "批准文号"))
    operator_uscc: Uscc | None = credit_code("经营主体统一社会信用代码", "Operator")
    valid_until: date | None = column("有效期至", "Valid until", aliases=("有效期", "到期日期"))


RECORDS = (
    House, Screening, Appraisal, DangerNotice, HouseHazard, Rectification, Evacuation, Closeout, Patrol,
    MonitorReading, Permit,
)  # fmt: skip
