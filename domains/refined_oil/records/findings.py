"""What was measured, sampled and tested at a station, and how it sells (domain-rules A.3.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domains.refined_oil.records.words import NOZZLE_WORDS, VAPOR_STATES, VERDICTS, product, station
from pilotwatch.domain import Division, Record, Spec, Uscc, column
from pilotwatch.records import division


class Sampling(Record):
    """油品抽检: one sample and what the laboratory found."""

    spec = Spec(
        "oil_sampling", zh="油品抽检", en="Fuel samplings", subject="uscc", day="sampled_on", known="reported_on", lag=15,
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
        "oil_verification", zh="加油机检定台账", en="Verifications", subject="uscc", day="verified_on", ahead=("verify_until",),
        words=("检定台账", "强制检定", "加油机检定", "计量检定"),
    )  # fmt: skip

    uscc: Uscc = station(key=False)
    division_code: Division | None = division()
    dispenser_no: int | None = column("加油机号", "Dispenser", ge=0, aliases=("机号", "加油机编号"))
    nozzle_no: str = column("枪号", "Nozzle", aliases=NOZZLE_WORDS, example="01")
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
    nozzle_no: str = column("枪号", "Nozzle", key=True, aliases=NOZZLE_WORDS)
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


class PriceCap(Record):
    """成品油最高零售价: the region's cap of one product from one round of adjustment on; it binds every station."""

    spec = Spec(
        "oil_price_cap", zh="成品油最高零售价", en="Price caps", subject="product", day="effective_at", public=True,
        words=("最高零售价", "价格调整", "调价通知", "限价"),
    )  # fmt: skip

    product: str = product(key=True)
    effective_at: datetime = column(
        "调价生效时间", "In force from", key=True, aliases=("调整时间", "生效时间"), example="2026-11-10 00:00",
        help=("调价窗口24时，写作次日00:00", "24:00 of the window, written as 00:00 of the next day"),
    )  # fmt: skip
    cap: Decimal = column("最高零售价", "Cap", unit="yuan/L", gt=0, aliases=("最高限价", "政府指导价", "限价"))
    notice_no: str | None = column("通知文号", "Notice", aliases=("文号", "调价文号"))
