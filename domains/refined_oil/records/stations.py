"""Who is supervised, and what a station consists of (domain-rules A.3.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domains.refined_oil.records.words import (
    BRANDS,
    CLASSES,
    FILING,
    NOZZLE_WORDS,
    OPERATION,
    POINT_VERDICTS,
    PRODUCT_WORDS,
    PRODUCTS,
    STATUS,
    UNLICENSED,
    product,
    station,
    tank_no,
)
from pilotwatch.domain import Division, Latitude, Longitude, Record, Spec, Street, Uscc, column
from pilotwatch.records import (
    address,
    credit_class,
    credit_code,
    division,
    latitude,
    longitude,
    risk_level,
    street,
    subject_name,
)


class Station(Record):
    """加油站(点): a petrol station, the subject of nearly everything here."""

    spec = Spec(
        "oil_station", zh="加油站名录", en="Petrol stations", subject="uscc", kind="subject", name="name",
        words=("加油站名录", "成品油零售经营企业", "加油站台账", "加油站（点）", "加油站信息", "零售企业名录"),
    )  # fmt: skip

    name: str = subject_name(
        "加油站名称", "Station", aliases=("站名", "加油站", "企业名称", "经营企业名称", "油站名称")
    )
    uscc: Uscc = credit_code(key=True)
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    brand: str | None = column("品牌", "Brand", choices=BRANDS, aliases=("所属品牌", "品牌归属", "企业品牌", "隶属"))
    operation_mode: str | None = column("经营模式", "Operated as", choices=OPERATION, aliases=("经营方式", "运营模式"))
    station_class: str | None = column(
        "站级", "Class", choices=CLASSES, aliases=("加油站级别", "加油站等级", "等级", "级别")
    )
    retail_licence_no: str | None = column(
        "成品油零售经营批准证书编号",
        "Retail licence number",
        aliases=("零售证书编号", "零售许可证编号", "批准证书编号", "成品油零售经营许可证编号"),
    )
    retail_licence_from: date | None = column(
        "零售证书有效期起", "Retail licence from", aliases=("零售证书发证日期", "零售许可有效期起", "零售证书有效期自")
    )
    retail_licence_until: date | None = column(
        "零售证书有效期至", "Retail licence until", not_before="retail_licence_from",
        aliases=("成品油零售经营批准证书有效期", "成品油零售经营批准证书有效期至", "零售许可证有效期至", "零售证书有效期", "零售证书到期日期"),
    )  # fmt: skip
    hazchem_licence_no: str | None = column(
        "危险化学品经营许可证编号",
        "Hazardous-chemical licence number",
        aliases=("危化品经营许可证编号", "危化证编号", "危化品许可证号"),
    )
    hazchem_licence_until: date | None = column(
        "危险化学品经营许可证有效期至", "Hazardous-chemical licence until",
        aliases=("危化品经营许可证有效期至", "危化证有效期至", "危化品经营许可证有效期", "危险化学品经营许可证有效期", "危化证到期日期"),
    )  # fmt: skip
    discharge_permit_until: date | None = column(
        "排污许可证有效期至",
        "Discharge permit until",
        aliases=("排污许可有效期至", "排污登记有效期至", "排污许可证有效期", "排污许可证/登记有效期"),
    )
    lightning_report_until: date | None = column(
        "防雷检测报告有效期至",
        "Lightning report until",
        aliases=("防雷检测有效期至", "防雷报告有效期", "防雷检测有效期", "防雷检测到期日期"),
    )
    business_status: str | None = column(
        "经营状态", "State", choices=STATUS, aliases=("营业状态", "状态", "运营状态", "经营情况")
    )
    canopy_name: str | None = column("罩棚标注名称", "Name on the canopy", aliases=("罩棚名称", "罩棚标识", "招牌名称"))
    product_marked: bool | None = column(
        "油品标识齐全", "Products marked", aliases=("油品品种牌号标识齐全", "油品标识", "标识是否齐全"),
        help=("品种、牌号在加油机和罩棚上标明的填“是”，检查发现缺失的填“否”", "Yes where kind and grade are marked, no where found missing"),
    )  # fmt: skip
    annual_sales_t: float | None = column(
        "年销量",
        "Sales of the year",
        unit="t",
        ge=0,
        history=True,
        aliases=("年销售量", "年销量（吨）", "年度销量", "上年销量", "成品油年销量"),
    )
    has_vapor_online: bool | None = column(
        "油气回收在线监测", "Vapour monitored on line", aliases=("在线监测", "油气在线监测", "是否安装在线监测")
    )
    self_service: bool | None = column("自助加油", "Self-service", aliases=("是否自助", "自助加油站", "是否自助加油"))
    video_online: bool | None = column(
        "视频联网", "Video on line", aliases=("视频监控联网", "是否视频联网", "视频接入")
    )
    credit_class: str | None = credit_class()
    risk_level: str | None = risk_level()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class Tank(Record):
    """油罐: one tank of a station."""

    spec = Spec(
        "oil_tank", zh="油罐台账", en="Tanks", subject="uscc", words=("油罐台账", "油罐信息", "油罐名录", "储罐")
    )

    uscc: Uscc = station()
    tank_no: str = tank_no()
    product: str | None = product()
    capacity_l: float | None = column(
        "容积", "Capacity", unit="L", gt=0, history=True, aliases=("油罐容积", "罐容", "公称容积", "标称容量")
    )
    double_wall: bool | None = column("双层罐", "Double-walled", aliases=("是否双层罐", "双层"))
    gauge_model: str | None = column("液位仪型号", "Gauge", aliases=("液位仪", "液位计型号"))
    safe_height_mm: float | None = column("安全高度", "Safe height", unit="mm", ge=0, aliases=("安全液位", "安全油高"))


class Nozzle(Record):
    """加油枪: one nozzle of a station, with the verification now in force."""

    spec = Spec(
        "oil_nozzle",
        zh="加油枪台账",
        en="Nozzles",
        subject="uscc",
        words=("加油枪台账", "加油机台账", "加油枪信息", "加油枪名录"),
    )

    uscc: Uscc = station()
    dispenser_no: int | None = column("加油机号", "Dispenser", ge=0, aliases=("机号", "加油机编号"))
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=NOZZLE_WORDS, example="01")
    product: str | None = product()
    verified_on: date | None = column("检定日期", "Verified on", aliases=("最近检定日期", "上次检定日期"))
    verify_until: date | None = column(
        "有效期至", "Valid until", not_before="verified_on", aliases=("检定有效期至", "检定有效期", "下次检定日期")
    )
    cert_no: str | None = column("检定证书编号", "Certificate", aliases=("证书编号", "检定证书号"))
    seal_no: str | None = column("铅封号", "Seal", aliases=("铅封编号",))
    error_pct: float | None = column("示值误差", "Error", unit="%", ge=-5, le=5, aliases=("误差", "示值误差（%）"))
    repeat_pct: float | None = column(
        "重复性", "Repeatability", unit="%", ge=0, le=5, aliases=("重复性（%）", "测量重复性")
    )


class Wholesaler(Record):
    """成品油批发企业: filed with the commerce department of the region (or of the XPCC)."""

    spec = Spec(
        "oil_wholesaler", zh="成品油批发企业备案名单", en="Wholesalers", subject="uscc", kind="subject", name="name", public=True,
        words=("批发企业", "成品油批发", "批发企业备案", "批发企业名录"),
    )  # fmt: skip

    name: str = subject_name()
    uscc: Uscc = credit_code(key=True)
    division_code: Division | None = division()
    address: str | None = address()
    filing_receipt_no: str | None = column("备案回执号", "Filing receipt", aliases=("备案编号", "备案号", "回执编号"))
    filed_on: date | None = column("备案日期", "Filed on", aliases=("备案时间",))
    filing_status: str | None = column("备案状态", "Filing", choices=FILING, aliases=("状态", "备案情况"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class Depot(Record):
    """油库: a storage company, filed like a wholesaler."""

    spec = Spec(
        "oil_depot", zh="油库备案名单", en="Depots", subject="uscc", kind="subject", name="name",
        words=("油库", "仓储企业", "成品油仓储", "油库名录"),
    )  # fmt: skip

    name: str = subject_name("油库名称", "Depot", aliases=("企业名称", "仓储企业名称"))
    uscc: Uscc = credit_code(key=True)
    division_code: Division | None = division()
    address: str | None = address()
    filing_receipt_no: str | None = column("备案回执号", "Filing receipt", aliases=("备案编号", "备案号", "回执编号"))
    filed_on: date | None = column("备案日期", "Filed on", aliases=("备案时间",))
    filing_status: str | None = column("备案状态", "Filing", choices=FILING, aliases=("状态", "备案情况"))
    depot_capacity_m3: float | None = column(
        "库容", "Capacity", unit="m³", ge=0, aliases=("总库容", "油库容量", "库容量")
    )
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class Truck(Record):
    """油罐车: a tank truck (dangerous goods, class 3)."""

    spec = Spec(
        "oil_truck", zh="油罐车名录", en="Tank trucks", subject="plate", kind="subject", name="plate",
        words=("油罐车", "危货车辆", "运油车"),
    )  # fmt: skip

    plate: str = column("车牌号", "Plate", key=True, aliases=("车牌", "车牌号码", "号牌号码", "车号"))
    name: str | None = subject_name("所属企业", "Company", aliases=("运输企业", "车属单位"))
    uscc: Uscc | None = credit_code()
    transport_permit: str | None = column(
        "道路运输证号", "Transport permit", aliases=("道路运输证", "运输证号", "道路运输证编号")
    )
    gps_online: bool | None = column("定位在线", "Position on line", aliases=("卫星定位在线", "GPS在线", "北斗在线"))
    division_code: Division | None = division()


class InternalPoint(Record):
    """企业内设加油点: a company's own filling point, which must not sell to others."""

    spec = Spec(
        "oil_internal_point", zh="企业内设加油点名录", en="Internal filling points", subject="owner_uscc", kind="subject",
        name="name", words=("内设加油点", "自用加油", "内部加油", "橇装"),
    )  # fmt: skip

    name: str = subject_name("单位名称", "Company", aliases=("企业名称", "所属单位"))
    owner_uscc: Uscc = credit_code(key=True)
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    product: list[str] | None = column("油品", "Products", choices=PRODUCTS, aliases=PRODUCT_WORDS[1:])
    capacity_l: float | None = column("容积", "Capacity", unit="L", ge=0, aliases=("储油容积", "罐容"))
    sells_outside: bool | None = column("是否对外销售", "Sells to others", aliases=("对外销售", "是否对外", "对外经营"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


class UnlicensedPoint(Record):
    """疑似无证加油点: a place or a vehicle that is said to sell fuel without a licence, and what came of it."""

    spec = Spec(
        "oil_unlicensed_point", zh="疑似无证加油点", en="Suspected unlicensed points", subject="point_no", kind="subject", name="name",
        words=("无证加油点", "黑加油点", "流动加油车", "非法加油"),
    )  # fmt: skip

    point_no: str = column(
        "疑点编号", "Point number", key=True, aliases=("无证加油点编号", "黑加油点编号"), example="YD20260001"
    )
    name: str = column(
        "疑点描述", "What and where", aliases=("无证加油点", "黑加油点", "疑点名称"), example="西山路停车场院内"
    )
    kind: str | None = column("疑点类型", "Kind", choices=UNLICENSED, aliases=("加油点类型",))
    found_on: date = column("发现日期", "Found on", aliases=("发现时间", "排查日期"))
    plate: str | None = column("车牌号", "Plate", aliases=("车牌", "流动加油车车牌"))
    truck_stops: int | None = column(
        "近30日罐车停靠次数", "Tank trucks stopping in 30 days", ge=0, none_is_zero=True, aliases=("罐车停靠次数", "油罐车停靠次数"),
        help=("按油罐车定位轨迹统计，停靠20分钟以上计一次", "By the positions of tank trucks; a stop is 20 minutes or more"),
    )  # fmt: skip
    price: Decimal | None = column("售油单价", "Price", unit="yuan/L", ge=0, aliases=("售价", "销售单价"))
    cap: Decimal | None = column("同期最高零售价", "Cap of that day", unit="yuan/L", ge=0, aliases=("当日最高零售价",))
    verdict: str | None = column("核实结论", "Verdict", choices=POINT_VERDICTS, aliases=("核查结论", "核实情况"))
    verified_on: date | None = column("核实日期", "Verified on", not_before="found_on", aliases=("核查日期",))
    closed_on: date | None = column(
        "取缔日期", "Closed down on", not_before="found_on", aliases=("取缔时间", "查处日期")
    )
    division_code: Division | None = division()
    street_code: Street | None = street()
    address: str | None = address()
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()
