"""What is watched beside the single station: counts that surge, and papers that contradict the pumps (口径冲突)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from domains.refined_oil.indicators.balance import stock_balance
from domains.refined_oil.indicators.common import months_before
from domains.refined_oil.indicators.papers import undeclared, uninvoiced
from domains.refined_oil.records import (
    Delivery,
    Invoice,
    Nozzle,
    SaleDay,
    Sampling,
    Station,
    Tank,
    TankReading,
    TaxDeclaration,
    Verification,
)
from pilotwatch.domain import Basis, Contradiction, Count, Side, Text
from pilotwatch.frames import Frames

COUNTS = (
    Count(
        "failed_sample", "抽检不合格", "Failed samples", record=Sampling, fields=("result",), day=("reported_on", "sampled_on"),
        weigh=lambda rows: rows["result"].eq("不合格"), unit="批次", owner="SCJG",
    ),
    Count(
        "failed_verification", "加油机检定不合格", "Failed verifications", record=Verification, fields=("result",),
        weigh=lambda rows: rows["result"].eq("不合格"), unit="枪次", owner="SCJG",
    ),
)  # fmt: skip

#: What two papers may differ by, as a share (PRAC): the first where something is missing, the second where it is too much.
TAX, INVOICES = (0.03, 0.05), (0.02, 0.05)
STOCK = 0.005  # of opening stock and purchases, beyond the allowed loss (PRAC; docs/performance/rules.md)
Z = 2.58  # uncertainties of measurement, of one error in a hundred on both sides together


def _periods(on: date, month: pd.Series) -> pd.Series:
    """2026-10, from the number of one of the last months; empty where there is none."""
    names = {float(m.month): str(m) for m in months_before(on, 12)}
    return month.map(names).fillna("").astype("str")


def _size(share: pd.Series, missing: float, surplus: float) -> pd.Series:
    """How often the tolerance goes into a share: `missing` is that above zero, `surplus` below."""
    return pd.Series(np.where(share > 0, share / missing, -share / surplus), share.index).where(share.notna())


def sold_and_declared(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-K01: the pumps' sales of the newest month that was declared against what was declared, both without VAT."""
    found = undeclared(frames, on)
    return found[["pumped", "declared"]].assign(
        period=_periods(on, found["month"]), gap=found["pumped"] - found["declared"], size=_size(found["value"], *TAX)
    )


def received_and_invoiced(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-K02: the litres the trucks brought in 90 days against the litres on purchase invoices."""
    found = uninvoiced(frames, on)
    first = pd.Timestamp(on) - pd.Timedelta(days=89)
    return found[["received_l", "invoiced_l"]].assign(
        period=f"{first:%Y-%m-%d}/{on:%Y-%m-%d}", gap=found["received_l"] - found["invoiced_l"],
        size=_size(found["value"], *INVOICES),
    )  # fmt: skip


def bought_sold_and_in_tank(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-K03: what was bought less what was sold against what the gauge says the stock changed by, of the product of
    the newest month whose balance is worst (OIL-01).

    A loss up to the allowed one is none; `gap` is what lies beyond it (below zero: a surplus). It must exceed half a
    percent of what there was, and 2.58 uncertainties of measurement.
    """
    found = stock_balance(frames, on)
    missing = found["missing_l"]  # the allowed loss is deducted
    gap = missing.where(missing > 0, (missing + found["allowed_l"]).clip(upper=0))
    spread = (missing / found["z"]).abs()
    beyond = [gap.abs() / found["base_l"].where(found["base_l"] > 0) / STOCK, gap.abs() / spread / Z]
    size = pd.concat(beyond, axis=1).min(axis=1, skipna=False).mask(gap == 0, 0.0)
    grade = found["grade"].map("{:.0f}#".format, na_action="ignore").fillna("").astype("str")
    return pd.DataFrame(
        {
            "bought": found["bought_l"], "sold": found["sold_l"], "tank": found["close_l"] - found["open_l"],
            "period": _periods(on, found["month"]) + " " + grade, "gap": gap, "size": size,
        }
    )  # fmt: skip


CONTRADICTIONS = (
    Contradiction(
        "OIL-K01", "销售与申报不符", "Sales and tax declaration differ", per=Station,
        needs=(Station, Nozzle, SaleDay, TaxDeclaration), compute=sold_and_declared, unit="元",
        sides=(
            Side("pumped", "加油机销售额（不含税）", "Sales by the pumps, without VAT", SaleDay, "SWJ", "元"),
            Side("declared", "申报应税销售额", "Declared taxable sales", TaxDeclaration, "SWJU", "元"),
        ),
        tolerance=Text("申报少于销售的不超过 3%，多于销售的不超过 5%", "Declared at most 3 % less, or 5 % more, than sold"),
        basis=Basis("PRAC", "允许差为经验值；如实申报义务见《税收征收管理法》"),
        formula=Text("最近一个已申报且逐日有销售数据的整月；加油机销售额÷1.13后与申报额比较", "Newest month declared and with sales for every day; pump sales ÷ 1.13 against what was declared"),
    ),
    Contradiction(
        "OIL-K02", "进油与进项发票不符", "Deliveries and invoices differ", per=Station,
        needs=(Station, Delivery, Invoice), compute=received_and_invoiced, unit="L",
        sides=(
            Side("received_l", "进油量（配送单）", "Received, by waybills", Delivery, "SWJ", "L"),
            Side("invoiced_l", "进项发票升数", "Litres on purchase invoices", Invoice, "SWJU", "L"),
        ),
        tolerance=Text("发票少于进油的不超过 2%，多于进油的不超过 5%", "Invoiced at most 2 % less, or 5 % more, than received"),
        basis=Basis("PRAC", "允许差为经验值；成品油发票管理见国家税务总局公告2018年第1号（待核实）"),
        formula=Text("近90日；只有吨数的发票，汽油1吨折1388升、柴油1吨折1176升", "90 days; an invoice in tonnes counts 1,388 L a tonne of petrol, 1,176 L of diesel"),
    ),
    Contradiction(
        "OIL-K03", "购进、销售与库存不符", "Purchases, sales and stock differ", per=Station,
        needs=(Station, Tank, Nozzle, TankReading, Delivery, SaleDay), compute=bought_sold_and_in_tank, unit="L",
        sides=(
            Side("bought", "本月购进", "Bought", Delivery, "SWJ", "L"), Side("sold", "本月销售", "Sold", SaleDay, "SWJ", "L"),
            Side("tank", "油罐库存变动（液位仪）", "Change of stock, by the gauge", TankReading, "YJJ", "L"),
        ),
        tolerance=Text("允许损耗以内不计；超出部分不超过期初与购进之和的 0.5%，或不超过计量不确定度的 2.58 倍", "None within the allowed loss; beyond it up to 0.5 % of opening stock and purchases, or 2.58 uncertainties of measurement"),
        basis=Basis("PRAC", "允许差为经验值；允许损耗按GB/T 11085-1989（待核实）"),
        formula=Text("最近一个可核算整月、差异最大的油品：购进－销售－允许损耗，与液位仪测得的库存变动比较；体积换算到20℃", "Newest month that can be judged, the product that differs most: bought − sold − allowed loss against the change of stock by the gauge, at 20 °C"),
    ),
)  # fmt: skip
