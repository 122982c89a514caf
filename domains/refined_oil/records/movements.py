"""Oil on its way from the truck to the nozzle, and the papers about it (domain-rules A.3.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domains.refined_oil.records.words import DIRECTIONS, NOZZLE_WORDS, product, station, tank_no
from pilotwatch.domain import Division, Month, Record, Spec, Uscc, column
from pilotwatch.records import credit_code, division

Day = date  # the type, where a field is itself called date


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
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=NOZZLE_WORDS)
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
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=NOZZLE_WORDS)
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
        known="declared_on",
        lag=15,
        words=("纳税申报", "增值税申报"),
    )

    uscc: Uscc = station()
    period: Month = column("所属期", "Period", key=True, aliases=("税款所属期", "申报所属期", "月份", "属期"))
    taxable_sales: Decimal = column(
        "应税销售额", "Taxable sales", unit="yuan", aliases=("申报销售额", "销售额"), history=True
    )
    declared_on: date | None = column("申报日期", "Declared on", aliases=("申报时间",))
