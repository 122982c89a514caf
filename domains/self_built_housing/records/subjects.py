"""Who and what is supervised: the houses, and the companies that appraise them (domain-rules A.2.3)."""

from __future__ import annotations

from datetime import date

from domains.self_built_housing.records.choices import (
    ALTERATIONS,
    AREAS,
    BUSINESSES,
    FOUNDATIONS,
    GRADES,
    LAND,
    MEASURES,
    OPERATING,
    OWNERSHIP,
    RECTIFY,
    ROOFS,
    SCREENING,
    SLABS,
    STRUCTURES,
    USES,
)
from pilotwatch.domain import Division, Latitude, Longitude, Record, Spec, Street, Uscc, column
from pilotwatch.records import address, credit_code, division, latitude, longitude, risk_level, street, subject_name

#: What offices call the number of a house.
HOUSE_HEADERS = ("房屋编号", "自建房编码", "自建房编号", "房屋代码", "房屋唯一编码")


class House(Record):
    """自建房: one self-built house."""

    spec = Spec(
        "sbh_house", zh="自建房排查台账", en="Self-built houses", subject="house_no", kind="subject", name="address",
        words=("自建房", "排查台账", "房屋排查", "自建房安全隐患", "自建房名录"),
    )  # fmt: skip

    house_no: str = column("房屋编码", "House number", key=True, aliases=HOUSE_HEADERS, example="650102003ZJ00005")
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
    sleepers_above: int | None = column(
        "三层及以上住宿人数",
        "People sleeping above the second floor",
        ge=0,
        none_is_zero=True,
        aliases=("三层以上住宿人数", "二层以上住宿人数（不含二层）", "三层及以上居住人数"),
    )
    risk_level: str | None = risk_level()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class Appraiser(Record):
    """鉴定机构: one company whose appraisal reports on houses are accepted."""

    spec = Spec(
        "sbh_appraiser", zh="房屋安全鉴定机构名录", en="Appraisers", subject="uscc", kind="subject", name="name",
        words=("鉴定机构名录", "鉴定机构备案", "鉴定机构名单"),
    )  # fmt: skip

    uscc: Uscc = credit_code(key=True)
    name: str = subject_name("鉴定机构名称", "Name", aliases=("鉴定机构", "鉴定单位", "机构名称"))
    certificate_no: str | None = column(
        "资质证书编号", "Certificate", aliases=("检测资质证书编号", "资质证书号", "备案号")
    )
    valid_until: date | None = column("资质有效期至", "Certificate valid until", aliases=("资质有效期", "证书有效期至"))
    division_code: Division | None = division()
    address: str | None = address()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()
