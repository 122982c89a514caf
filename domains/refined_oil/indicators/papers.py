"""What the papers say against what came and went: tax declared, invoices received, suppliers filed (OIL-02, 03, 12)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from domains.refined_oil.indicators.common import (
    end_of,
    first_known,
    having,
    judged,
    lately,
    months_before,
    only,
    ratio,
    stations,
)
from domains.refined_oil.indicators.sales import Sales
from domains.refined_oil.records import Delivery, Invoice, Nozzle, SaleDay, Station, TaxDeclaration, Wholesaler
from domains.refined_oil.volumes import PETROL
from pilotwatch.domain import Basis, Bound, Indicator, Input, Levels, Text, Version
from pilotwatch.frames import Frames, register, table

VAT = 0.13  # of petrol and diesel since 2019-04-01: pump prices have it in them, declared sales don't

_MONTHS = 3  # whole months back that are tried, the newest first: a month is declared in the next one

#: Litres in a tonne, as the tax on consumption counts them.
LITRES_A_TONNE = {"petrol": 1388.0, "diesel": 1176.0}

WINDOW = 90  # days

#: The filing guide of 2025-05-19 gave existing companies 90 days; what was bought before isn't held against anyone.
FILING_SINCE = date(2025, 8, 18)
CHANGE_DAYS = 30  # in which a company files, or files a change


def undeclared(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-02: of the newest of the last three whole months that was declared and has sales for every day, the share of
    the pumps' sales that wasn't declared, both without VAT.
    """
    index = stations(frames)
    sales = Sales(frames, index)
    rows = table(frames, TaxDeclaration, "period", "taxable_sales", "declared_on")
    rows = rows[~(rows["declared_on"] > pd.Timestamp(on))]

    def of_month(month: pd.Period) -> pd.DataFrame:
        told = rows[rows["period"] == str(month)].groupby("subject_id")["taxable_sales"].sum()
        declared, sold = told.reindex(index).to_numpy(), sales.of(month)
        pumped = np.where(sold.whole, sold.yuan / (1 + VAT), np.nan)
        value, litres = ratio(pumped - declared, pumped), sold.litres.sum(axis=1)
        parts = {"value": value, "pumped": pumped, "declared": declared, "litres": litres, "month": float(month.month)}
        return only(pd.DataFrame(parts, index), ~np.isnan(value))

    return judged(frames, first_known(of_month(m) for m in months_before(on, _MONTHS)))


def uninvoiced(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-03: the share of the litres received in 90 days that isn't invoiced, litres as both papers tell them.

    NaN where nothing was received, where an invoice tells neither litres nor tonnes, or where no purchase invoice of the
    station was ever reported.
    """
    index = stations(frames)
    loads = table(frames, Delivery, "unloaded_at", "litres")
    received = loads[lately(loads["unloaded_at"], on, WINDOW)].groupby("subject_id")["litres"].sum().reindex(index)
    rows = table(frames, Invoice, "direction", "date", "product", "litres", "tonnes")
    rows = rows[(rows["direction"] == "in") & (rows["date"] < end_of(on))]
    recent = rows[lately(rows["date"], on, WINDOW)]
    kind = np.where(recent["product"].isin(PETROL), LITRES_A_TONNE["petrol"], LITRES_A_TONNE["diesel"])
    litres = recent["litres"].fillna((recent["tonnes"] * kind).where(recent["product"].notna()))
    by_station = litres.groupby(recent["subject_id"])
    invoiced = by_station.sum().where(by_station.count() == by_station.size())
    none_lately = having(index, rows["subject_id"]) & ~having(index, recent["subject_id"])
    invoiced = invoiced.reindex(index).mask(none_lately, 0.0)
    value = ratio(received - invoiced, received)
    return judged(frames, pd.DataFrame({"value": value, "received_l": received, "invoiced_l": invoiced}, index))


def unfiled_supply(frames: Frames, on: date) -> pd.DataFrame:
    """OIL-12: the share of the litres bought in 90 days that came from companies not in the list of filed wholesalers.

    `later_l` is what still came from them more than 30 days after the first such load of the 90 days, `overdue_l` what
    came from those that are late with a change. A load of an unnamed supplier leaves the station unjudged unless another
    one is bad; so does an empty list.
    """
    index = stations(frames)
    loads = table(frames, Delivery, "unloaded_at", "litres", "supplier_uscc")
    recent = lately(loads["unloaded_at"], on, WINDOW) & (loads["unloaded_at"] >= pd.Timestamp(FILING_SINCE))
    loads = loads[recent & (loads["litres"] > 0)]
    filed = _filing(frames, on)
    status = filed.reindex(loads["supplier_uscc"].fillna("")).to_numpy()
    named = loads["supplier_uscc"].notna()
    unfiled = named & ~pd.Series(status, loads.index).isin(["已备案", "变更逾期"])
    bad = loads[unfiled]
    first = bad.groupby("subject_id")["unloaded_at"].transform("min")
    later = bad["unloaded_at"].dt.normalize() > first.dt.normalize() + timedelta(days=CHANGE_DAYS)

    def litres(rows: pd.DataFrame) -> pd.Series:
        return rows.groupby("subject_id")["litres"].sum().reindex(index).fillna(0.0)

    parts = pd.DataFrame(
        {"unfiled_l": litres(bad), "bought_l": litres(loads), "later_l": litres(bad[later]),
         "overdue_l": litres(loads[status == "变更逾期"])}
    )  # fmt: skip
    parts.insert(0, "value", ratio(parts["unfiled_l"], parts["bought_l"]))
    unknown = having(index, loads.loc[~named, "subject_id"]) & (parts["unfiled_l"] == 0)
    return judged(frames, only(parts, ~unknown & parts["value"].notna() & (not filed.empty)))


def _filing(frames: Frames, on: date) -> pd.Series:
    """The filing status by credit code of every wholesaler in the list; one filed after `on` isn't in it yet."""
    listed = register(frames, Wholesaler, "uscc", "filing_status", "filed_on")
    listed = listed[~(listed["filed_on"] > pd.Timestamp(on))].drop_duplicates("uscc", keep="last")
    return listed.set_index("uscc")["filing_status"]


_TAX = (
    Input("pumped", "加油机销售额（不含税）", "Sales by the pumps, without VAT", "元"),
    Input("declared", "申报应税销售额", "Declared taxable sales", "元"),
    Input("litres", "加油量", "Litres sold", "L"),
    Input("month", "所属月份", "Month", "月"),
)

UNDECLARED = Indicator(
    "OIL-02", "申报差异率", "Undeclared sales", unit="%",
    per=Station, needs=(Station, Nozzle, SaleDay, TaxDeclaration), compute=undeclared, inputs=_TAX,
    levels=Levels(red="> 10 %", orange="> 5 %", yellow="> 3 % | < -5 %"),
    basis=Basis("PRAC", "分级为经验值；如实申报义务见《税收征收管理法》"), owner="SWJ", first_within="3wd",
    formula=Text(
        "最近一个已申报且逐日有销售数据的整月：（加油机销售额－申报应税销售额）÷加油机销售额，均不含税（加油机销售额÷1.13）；"
        "低于－5%为申报多于加油，也提示",
        "Newest whole month that was declared and has sales for every day: (sales by the pumps − declared taxable sales) ÷ "
        "sales by the pumps, both without VAT (pump sales ÷ 1.13); below −5 % more was declared than pumped",
    ),
    first_action=Text("会同税务部门要求说明，核对泵码与申报表", "With the tax office ask for an explanation; compare pumps and declaration"),
)  # fmt: skip

UNINVOICED = Indicator(
    "OIL-03", "进项票覆盖缺口", "Purchases without invoice", unit="%",
    per=Station, needs=(Station, Delivery, Invoice), compute=uninvoiced,
    inputs=(Input("received_l", "近90日进油量", "Received in 90 days", "L"), Input("invoiced_l", "近90日进项发票升数", "Invoiced in 90 days", "L")),
    levels=Levels(red="> 10 %", orange="> 5 %", yellow="> 2 %"),
    basis=Basis("PRAC", "分级为经验值；成品油发票管理见国家税务总局公告2018年第1号（待核实）"), owner="SWJ", first_within="3wd",
    formula=Text(
        "1－近90日进项发票升数÷近90日进油量；发票只有吨数的，汽油1吨折1388升、柴油1吨折1176升",
        "1 − litres invoiced ÷ litres received, 90 days; an invoice in tonnes counts 1,388 L a tonne of petrol, 1,176 L of diesel",
    ),
    first_action=Text("会同税务部门要求补充进项发票，查明油品来源", "With the tax office ask for the invoices; find where the oil came from"),
)  # fmt: skip

_SUPPLY_BY_RULE = Levels(red=Bound("later_l > 0", "LAW"), orange=Bound("> 0 %", "LAW"), yellow="overdue_l > 0")
_SUPPLY_LAW = Basis(
    "LAW",
    "《成品油流通管理办法》（商务部令2025年第4号）批发企业备案；国办发〔2025〕5号；备案工作指南（试行）2025-05-19：变更30日内备案",
)

UNFILED_SUPPLY = Indicator(
    "OIL-12", "上游未备案", "Bought from unfiled companies", unit="%",
    per=Station, needs=(Station, Delivery), registers=(Wholesaler,), compute=unfiled_supply,
    inputs=(
        Input("unfiled_l", "近90日自未备案企业购进", "From unfiled companies, 90 days", "L"),
        Input("bought_l", "近90日购进", "Bought in 90 days", "L"),
        Input("later_l", "首次购进30日后仍自其购进", "Still bought 30 days after the first", "L"),
        Input("overdue_l", "自变更备案逾期企业购进", "From companies late with a change", "L"),
    ),
    levels=_SUPPLY_BY_RULE, basis=_SUPPLY_LAW, owner="SWJ", first_within="30d",
    versions=(
        Version(
            Levels(red=Bound("later_l > 0", "POL"), orange=Bound("> 0 %", "POL"), yellow="overdue_l > 0"),
            Basis("POL", "国办发〔2025〕5号；备案工作指南（试行）2025-05-19：存量企业90日内备案"),
            since=FILING_SINCE, until=date(2025, 8, 31), name="国办发〔2025〕5号",
        ),
        Version(_SUPPLY_BY_RULE, _SUPPLY_LAW, since=date(2025, 9, 1), name="商务部令2025年第4号"),
    ),
    formula=Text(
        "近90日自不在批发企业备案名单内的企业购进升数÷近90日购进升数；首次购进30日后仍自其购进的为红色；供应商变更备案逾期的为黄色。"
        "2025年8月18日前的购进不计",
        "Litres bought from companies not in the list of filed wholesalers ÷ litres bought, 90 days; red where it goes on 30 days "
        "after the first; yellow where a supplier is late with a change. Purchases before 2025-08-18 don't count",
    ),
    first_action=Text("核实供应商备案，通报税务部门关停开票模块", "Check the supplier's filing; have the tax office close its invoice module"),
)  # fmt: skip
