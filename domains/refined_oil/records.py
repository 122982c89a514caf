"""What the departments report about the circulation of refined oil (domain-rules A.3.3 and A.3.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pilotwatch.domain import Choices, Division, Latitude, Longitude, Month, Record, Spec, Street, Uscc, column
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

Day = date  # the type, where a field is itself called date

# --- enumerations ------------------------------------------------------------------------------------------------

BRANDS = Choices.of(
    ("中石油", "中石油", "CNPC", "中国石油", "中国石油天然气", "PetroChina", "昆仑"),
    ("中石化", "中石化", "Sinopec", "中国石化", "中国石油化工", "SINOPEC"),
    ("中海油", "中海油", "CNOOC", "中国海油", "中国海洋石油"),
    ("其他国有", "其他国有", "Other state-owned", "其他国企", "地方国有", "地方国企"),
    ("民营", "民营", "Private", "民营企业", "私营", "社会加油站"),
    ("外资", "外资", "Foreign", "外资企业", "合资", "中外合资"),
)
OPERATION = Choices.of(
    ("自营", "自营", "Own", "直营", "自有自营"), ("租赁", "租赁", "Leased", "租赁经营", "承租"),
    ("特许", "特许", "Franchise", "特许经营", "加盟"), ("委托", "委托", "Entrusted", "委托经营", "托管"),
)  # fmt: skip
CLASSES = Choices.of(
    ("一级", "一级", "Class 1", "一级站", "1级", "Ⅰ级", "I级"), ("二级", "二级", "Class 2", "二级站", "2级", "Ⅱ级", "II级"),
    ("三级", "三级", "Class 3", "三级站", "3级", "Ⅲ级", "III级"),
)  # fmt: skip
STATUS = Choices.of(
    ("营业", "营业", "Open", "正常营业", "在营", "经营中", "正常", "营业中"), ("歇业", "歇业", "Suspended", "暂停营业", "停业", "暂歇业"),
    ("停业整顿", "停业整顿", "Stopped to rectify", "责令停业", "整顿"), ("关闭", "关闭", "Closed", "已关闭", "关停", "注销"),
    ("未许可", "未许可", "Unlicensed", "无证", "无许可"),
)  # fmt: skip
PRODUCTS = Choices.of(
    ("92#", "92#汽油", "Petrol 92", "92号", "92号汽油", "92", "92#车用汽油"),
    ("95#", "95#汽油", "Petrol 95", "95号", "95号汽油", "95", "95#车用汽油"),
    ("98#", "98#汽油", "Petrol 98", "98号", "98号汽油", "98", "98#车用汽油"),
    ("0#", "0#柴油", "Diesel 0", "0号", "0号柴油", "0", "0#车用柴油"),
    ("-10#", "-10#柴油", "Diesel −10", "-10号", "-10号柴油", "负10号", "负10号柴油", "负10#", "−10#", "－10#", "-10", "-10#车用柴油"),
    ("-20#", "-20#柴油", "Diesel −20", "-20号", "-20号柴油", "负20号", "负20号柴油", "负20#", "−20#", "－20#", "-20", "-20#车用柴油"),
    ("-35#", "-35#柴油", "Diesel −35", "-35号", "-35号柴油", "负35号", "负35号柴油", "负35#", "−35#", "－35#", "-35", "-35#车用柴油"),
)  # fmt: skip
VERDICTS = Choices.of(
    ("合格", "合格", "Passed", "检定合格", "符合"), ("不合格", "不合格", "Failed", "检定不合格", "不符合")
)
FILING = Choices.of(
    ("已备案", "已备案", "Filed", "备案"), ("变更逾期", "变更逾期", "Change overdue", "逾期未变更"), ("未备案", "未备案", "Not filed", "无备案"),
)  # fmt: skip
VAPOR_STATES = Choices.of(("正常", "正常", "Normal"), ("预警", "预警", "Warning"), ("报警", "报警", "Alarm"))
DIRECTIONS = Choices.of(("in", "进项", "In", "进项发票", "购进"), ("out", "销项", "Out", "销项发票", "销售"))

# --- columns that several records have ---------------------------------------------------------------------------

_PRODUCT = ("油品", "油品牌号", "牌号", "油品名称", "油品种类", "油号", "品号", "油品标号")
_TANK = r"(?:No\.?|第)?\s*0*([0-9]+|[A-Za-z][A-Za-z0-9-]*)\s*[号#＃]?\s*(?:油?罐)?"
_NOZZLE = ("加油枪号", "枪编号", "油枪号", "加油枪编号")


def station(*, key: bool = True):
    return credit_code(key=key, refers_to="oil_station", aliases=("加油站统一社会信用代码", "加油站代码"))


def tank_no():
    return column(
        "罐号", "Tank", key=True, pattern=_TANK, aliases=("油罐编号", "油罐号", "罐编号"), example="1号罐",
        help=("罐的编号，如 1、1号罐、A2；按编号本身保存", "The tank's number, as 1 or A2; the words around it are not stored"),
    )  # fmt: skip


def product(*, key: bool = False):
    return column("油品", "Product", key=key, choices=PRODUCTS, aliases=_PRODUCT[1:], example="92#")


# --- subjects and what they consist of ---------------------------------------------------------------------------


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
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=_NOZZLE, example="01")
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
        "oil_wholesaler", zh="成品油批发企业备案名单", en="Wholesalers", subject="uscc", kind="subject", name="name",
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
    product: list[str] | None = column("油品", "Products", choices=PRODUCTS, aliases=_PRODUCT[1:])
    capacity_l: float | None = column("容积", "Capacity", unit="L", ge=0, aliases=("储油容积", "罐容"))
    sells_outside: bool | None = column("是否对外销售", "Sells to others", aliases=("对外销售", "是否对外", "对外经营"))
    lng: Longitude | None = longitude()
    lat: Latitude | None = latitude()


# --- what happens at a station -----------------------------------------------------------------------------------


class TankReading(Record):
    """油罐读数: one gauge reading of one tank; a monthly stock-taking is one too."""

    spec = Spec(
        "oil_tank_reading", zh="油罐读数", en="Tank readings", subject="uscc", day="read_at",
        words=("油罐读数", "进销存", "油罐月度", "盘点", "液位"),
    )  # fmt: skip

    uscc: Uscc = station()
    division_code: Division | None = division()
    tank_no: str = tank_no()
    read_at: datetime = column(
        "读数时间", "Read at", key=True, aliases=("盘点日期", "采集时间", "读数日期", "盘点时间", "计量时间")
    )
    product: str | None = product()
    level_mm: float | None = column(
        "油高", "Level", unit="mm", ge=0, aliases=("液位", "油高(mm)", "液位高度", "油水总高")
    )
    water_mm: float | None = column("水高", "Water", unit="mm", ge=0, aliases=("水高(mm)", "水位", "水位高度"))
    temp_c: float | None = column(
        "油温", "Temperature", unit="°C", ge=-50, le=60, aliases=("温度", "油温（℃）", "油品温度")
    )
    volume_l: float = column(
        "油量",
        "Volume",
        unit="L",
        ge=0,
        history=True,
        aliases=("期末库存", "体积", "库存", "油量（升）", "库存量", "实际库存", "净油体积"),
    )
    v20_l: float | None = column(
        "标准体积V20",
        "Volume at 20 °C",
        unit="L",
        ge=0,
        history=True,
        aliases=("标准体积", "V20", "20℃体积", "标准体积（升）"),
    )


class Delivery(Record):
    """进油(配送单): one load that a truck brought."""

    spec = Spec(
        "oil_delivery", zh="进油配送单", en="Deliveries", subject="uscc", day="unloaded_at",
        words=("进油", "配送单", "卸油", "进货台账", "购进台账"),
    )  # fmt: skip

    waybill_no: str = column(
        "配送单号", "Waybill", key=True, aliases=("运单号", "提货单号", "出库单号", "单号", "配送单编号")
    )
    uscc: Uscc = station(key=False)
    plate: str | None = column("车牌号", "Plate", aliases=("车牌", "油罐车车牌", "运输车辆"))
    supplier_uscc: Uscc | None = credit_code(
        "供应商统一社会信用代码", "Supplier", aliases=("供油单位代码", "供货企业统一社会信用代码", "供应商代码")
    )
    product: str = product()
    litres: float = column(
        "进油量", "Litres", unit="L", ge=0, history=True, aliases=("升数", "数量（升）", "实收升数", "进油升数", "体积")
    )
    tonnes: float | None = column("吨数", "Tonnes", unit="t", ge=0, aliases=("数量（吨）", "进油吨数", "重量"))
    temp_c: float | None = column("油温", "Temperature", unit="°C", ge=-50, le=60, aliases=("温度", "卸油温度"))
    density: float | None = column(
        "密度", "Density", unit="kg/m³", ge=600, le=1000, aliases=("标准密度", "视密度", "20℃密度")
    )
    invoice_no: str | None = column("发票号码", "Invoice", aliases=("发票号", "发票编号"))
    unloaded_at: datetime = column("卸油时间", "Unloaded at", aliases=("进油时间", "到货时间", "进油日期", "卸油日期"))


class SaleDay(Record):
    """加油日汇总: what one nozzle sold on one day."""

    spec = Spec(
        "oil_sale_day",
        zh="加油日汇总",
        en="Daily sales",
        subject="uscc",
        day="day",
        words=("加油交易", "日汇总", "日销售", "付油"),
    )

    uscc: Uscc = station()
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=_NOZZLE)
    day: date = column("日期", "Day", key=True, aliases=("销售日期", "交易日期", "营业日期"))
    product: str | None = product()
    fillings: int | None = column("加油笔数", "Fillings", ge=0, none_is_zero=True, aliases=("笔数", "交易笔数"))
    litres: float = column("加油量", "Litres", unit="L", ge=0, aliases=("销量", "销售升数", "升数", "付油量"))
    amount: Decimal | None = column("金额", "Amount", unit="yuan", ge=0, aliases=("销售金额", "交易金额"))
    avg_price: Decimal | None = column("平均单价", "Mean price", unit="yuan/L", ge=0, aliases=("均价", "单价"))


class Totalizer(Record):
    """泵码累计: the counter of one nozzle."""

    spec = Spec(
        "oil_totalizer",
        zh="泵码累计",
        en="Totalizers",
        subject="uscc",
        day="read_at",
        words=("泵码", "累计泵码", "总累"),
    )

    uscc: Uscc = station()
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=_NOZZLE)
    read_at: datetime = column("读数时间", "Read at", key=True, aliases=("抄表时间", "采集时间", "抄码时间"))
    reading_l: float = column("泵码读数", "Reading", unit="L", ge=0, aliases=("累计读数", "泵码数", "泵码", "累计泵码"))


class Invoice(Record):
    """发票: one invoice for oil, bought or sold."""

    spec = Spec(
        "oil_invoice",
        zh="成品油发票",
        en="Invoices",
        subject="uscc",
        day="date",
        words=("发票", "成品油发票", "进项", "销项"),
    )

    direction: str = column(
        "进销方向", "Direction", key=True, choices=DIRECTIONS, aliases=("方向", "发票方向", "进项/销项")
    )
    invoice_no: str = column("发票号码", "Number", key=True, aliases=("发票号", "数电发票号码"))
    uscc: Uscc = station(key=False)
    product: str | None = product()
    date: Day = column("开票日期", "Date", aliases=("发票日期", "日期"))
    litres: float | None = column("升数", "Litres", unit="L", ge=0, aliases=("数量（升）", "开票升数"))
    tonnes: float | None = column("吨数", "Tonnes", unit="t", ge=0, aliases=("数量（吨）", "开票吨数"))
    amount: Decimal | None = column("不含税金额", "Amount without tax", unit="yuan", aliases=("金额", "开票金额"))
    vat: Decimal | None = column("税额", "VAT", unit="yuan", aliases=("增值税额", "增值税"))


class TaxDeclaration(Record):
    """纳税申报: the sales that a station declared for a month."""

    spec = Spec(
        "tax_declaration",
        zh="纳税申报",
        en="Tax declarations",
        subject="uscc",
        day="period",
        words=("纳税申报", "增值税申报"),
    )

    uscc: Uscc = station()
    period: Month = column("所属期", "Period", key=True, aliases=("税款所属期", "申报所属期", "月份", "属期"))
    taxable_sales: Decimal = column(
        "应税销售额", "Taxable sales", unit="yuan", aliases=("申报销售额", "销售额"), history=True
    )
    declared_on: date | None = column("申报日期", "Declared on", aliases=("申报时间",))


class Sampling(Record):
    """油品抽检: one sample and what the laboratory found."""

    spec = Spec(
        "oil_sampling", zh="油品抽检", en="Fuel samplings", subject="uscc", day="sampled_on",
        words=("油品抽检", "质量抽检", "油品质量", "监督抽查"),
    )  # fmt: skip

    sample_no: str = column("样品编号", "Sample", key=True, aliases=("抽样编号", "抽样单号", "样品号"))
    uscc: Uscc = station(key=False)
    division_code: Division | None = division()
    product: str | None = product()
    sampled_on: date = column("抽样日期", "Sampled on", aliases=("抽检日期", "采样日期", "抽样时间"))
    lab: str | None = column("检验机构", "Laboratory", aliases=("检测机构", "承检机构", "检验单位"))
    failed_items: list[str] | None = column(
        "不合格项目", "Failed items", aliases=("不合格项", "不合格指标", "不符合项目"), example="硫含量、闪点",
        help=("不合格的检验项目，如硫含量、闪点、辛烷值、十六烷值", "The items that failed, as sulphur, flash point, octane, cetane"),
    )  # fmt: skip
    items: list[str] | None = column("检验项目", "Items", aliases=("检测项目", "检验项目及结果"))
    result: str = column(
        "检验结论", "Result", choices=VERDICTS, aliases=("检验结果", "抽检结果", "抽检结论", "检测结果", "结论", "判定")
    )
    reported_on: date | None = column(
        "报告日期", "Reported on", not_before="sampled_on", aliases=("检验报告日期", "报告出具日期")
    )


class Verification(Record):
    """计量检定: one verification of one nozzle (JJG 443)."""

    spec = Spec(
        "oil_verification", zh="加油机检定台账", en="Verifications", subject="uscc", day="verified_on",
        words=("检定台账", "强制检定", "加油机检定", "计量检定"),
    )  # fmt: skip

    uscc: Uscc = station(key=False)
    division_code: Division | None = division()
    dispenser_no: int | None = column("加油机号", "Dispenser", ge=0, aliases=("机号", "加油机编号"))
    nozzle_no: str = column("枪号", "Nozzle", aliases=_NOZZLE, example="01")
    product: str | None = product()
    error_pct: float | None = column(
        "示值误差", "Error", unit="%", ge=-5, le=5, aliases=("误差", "示值误差（%）", "最大示值误差")
    )
    repeat_pct: float | None = column(
        "重复性", "Repeatability", unit="%", ge=0, le=5, aliases=("重复性（%）", "测量重复性")
    )
    result: str = column(
        "检定结论", "Result", choices=VERDICTS, aliases=("检定结果", "结论", "检定结论（合格/不合格）")
    )
    cert_no: str = column(
        "检定证书编号", "Certificate", key=True, aliases=("证书编号", "检定证书号", "证书号", "检定证书")
    )
    verified_on: date = column("检定日期", "Verified on", aliases=("检定时间", "本次检定日期"))
    verify_until: date | None = column(
        "有效期至",
        "Valid until",
        not_before="verified_on",
        aliases=("检定有效期至", "检定有效期", "有效期", "有效日期", "下次检定日期"),
    )
    seal_no: str | None = column("铅封号", "Seal", aliases=("铅封编号", "铅封"))


class VaporTest(Record):
    """油气回收检测: one test of a station's vapour recovery (GB 20952)."""

    spec = Spec(
        "vapor_test",
        zh="油气回收检测",
        en="Vapour tests",
        subject="uscc",
        day="tested_on",
        words=("油气回收检测", "气液比", "密闭性"),
    )

    uscc: Uscc = station()
    tested_on: date = column("检测日期", "Tested on", key=True, aliases=("检测时间", "采样日期"))
    report_no: str | None = column("检测报告编号", "Report", aliases=("报告编号", "报告号"))
    resistance_pa: float | None = column(
        "液阻", "Liquid resistance", unit="Pa", ge=0, aliases=("液阻（Pa）", "液阻压力")
    )
    tightness_pa: float | None = column(
        "密闭性", "Tightness", unit="Pa", aliases=("密闭性（Pa）", "5min后压力", "密闭性压力")
    )
    air_liquid_ratio: float | None = column(
        "气液比", "Air-to-liquid ratio", ge=0, le=10, aliases=("气液比（A/L）", "A/L")
    )
    result: str | None = column("检测结论", "Result", choices=VERDICTS, aliases=("检测结果", "结论"))


class VaporDay(Record):
    """油气回收在线日报: one nozzle and day of the on-line monitor."""

    spec = Spec(
        "vapor_online_day",
        zh="油气回收在线日报",
        en="Vapour on line",
        subject="uscc",
        day="day",
        words=("油气在线", "油气回收在线", "在线日报"),
    )

    uscc: Uscc = station()
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=_NOZZLE)
    day: date = column("日期", "Day", key=True, aliases=("监测日期",))
    fillings: int = column("加油次数", "Fillings", ge=0, none_is_zero=True, aliases=("有效加油次数", "加油笔数"))
    out_of_range: int = column(
        "超标次数", "Out of range", ge=0, none_is_zero=True, aliases=("气液比异常次数", "异常次数")
    )
    state: str | None = column("状态", "State", choices=VAPOR_STATES, aliases=("监测状态", "预警状态"))


class BulkSale(Record):
    """散装汽油登记: one sale of petrol in cans."""

    spec = Spec(
        "bulk_sale",
        zh="散装汽油登记",
        en="Bulk sales",
        subject="uscc",
        day="sold_at",
        words=("散装汽油", "散装油", "实名登记"),
    )

    uscc: Uscc = station()
    sold_at: datetime = column("销售时间", "Sold at", key=True, aliases=("购买时间", "登记时间", "销售日期"))
    litres: float = column("数量", "Litres", unit="L", ge=0, aliases=("升数", "购买数量", "数量（升）"))
    id_masked: str | None = column(
        "购买人证件号", "Buyer's ID", key=True, mask="id", aliases=("身份证号", "证件号码", "购买人身份证号")
    )
    purpose: str | None = column("用途", "Purpose", aliases=("购买用途",))
    certificate: str | None = column("证明文件", "Certificate", aliases=("购油证明", "证明编号", "单位证明"))


class PricePost(Record):
    """价格公示: the price of a product and its cap."""

    spec = Spec(
        "price_post",
        zh="成品油价格公示",
        en="Prices",
        subject="uscc",
        day="effective_at",
        words=("价格公示", "零售价格", "油价", "挂牌价"),
    )

    uscc: Uscc = station()
    product: str = product(key=True)
    effective_at: datetime = column("执行时间", "In force from", key=True, aliases=("调价时间", "执行日期", "生效时间"))
    price: Decimal = column("零售价", "Price", unit="yuan/L", ge=0, aliases=("挂牌价", "单价", "销售价格"))
    cap: Decimal | None = column("最高零售价", "Cap", unit="yuan/L", ge=0, aliases=("最高限价", "政府指导价", "限价"))


RECORDS = (
    Station, Tank, Nozzle, Wholesaler, Depot, Truck, InternalPoint, TankReading, Delivery, SaleDay, Totalizer, Invoice,
    TaxDeclaration, Sampling, Verification, VaporTest, VaporDay, BulkSale, PricePost,
)  # fmt: skip
