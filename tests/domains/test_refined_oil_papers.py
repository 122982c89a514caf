"""OIL-02, 03 and 12: what was declared, invoiced and bought from whom."""

from __future__ import annotations

from datetime import date

import pytest

from tests.domains.oil import CLOSED, ON, ago, at, compute, days_of, indicator, judge, level, numbers

OCTOBER = days_of(2026, 10)  # 31 days


def sales(month=tuple(OCTOBER), yuan: float = 113_000.0, litres: float = 15_500.0, **fields) -> list[dict]:
    """113,000 yuan with VAT are 100,000 without."""
    n = len(month)
    return [
        {"nozzle_no": "01", "day": d, "product": "92#", "litres": litres / n, "amount": yuan / n, **fields}
        for d in month
    ]


def declared(yuan: float, period: str = "2026-10", on: date | None = date(2026, 11, 12)) -> dict:
    return {"period": period, "taxable_sales": yuan, "declared_on": on}


# --- OIL-02 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taxable", "value", "found"),
    [
        (89_999, 0.10001, "red"),
        (90_000, 0.10, "orange"),  # 10 % is not above 10 %
        (94_999, 0.05001, "orange"),
        (95_000, 0.05, "yellow"),
        (96_999, 0.03001, "yellow"),
        (97_000, 0.03, "normal"),
        (100_000, 0.0, "normal"),
        (105_000, -0.05, "normal"),
        (105_001, -0.05001, "yellow"),  # more declared than pumped
    ],
)
def test_oil_02_compares_both_without_vat(taxable, value, found):
    # (113,000 ÷ 1.13 − declared) ÷ 100,000
    assert judge("OIL-02", oil_sale_day=sales(), tax_declaration=[declared(taxable)]) == (value, found)


def test_oil_02_is_explained_by_its_parts():
    told = numbers("OIL-02", oil_sale_day=sales(), tax_declaration=[declared(96_000)])
    assert told == {"value": 0.04, "pumped": 100_000, "declared": 96_000, "litres": 15_500, "month": 10}


def test_oil_02_without_an_amount_takes_the_mean_price():
    rows = sales(amount=None, avg_price=7.30)  # 15,500 L × 7.30 = 113,150 yuan, 100,132.74 without VAT
    assert numbers("OIL-02", oil_sale_day=rows, tax_declaration=[declared(96_000)])["pumped"] == pytest.approx(
        100_132.743
    )
    assert judge("OIL-02", oil_sale_day=sales(amount=None), tax_declaration=[declared(96_000)]) == (None, "nodata")


def test_oil_02_is_no_data_without_declaration_every_days_sales_or_any_sales():
    assert judge("OIL-02") == (None, "nodata")
    assert judge("OIL-02", oil_sale_day=sales()) == (None, "nodata")
    assert judge("OIL-02", tax_declaration=[declared(1)]) == (None, "nodata")
    assert judge("OIL-02", oil_sale_day=sales()[1:], tax_declaration=[declared(90_000)]) == (None, "nodata")
    assert judge("OIL-02", oil_sale_day=sales(yuan=0), tax_declaration=[declared(0)]) == (None, "nodata")  # 0 ÷ 0
    assert judge("OIL-02", oil_station=CLOSED, oil_sale_day=sales(), tax_declaration=[declared(1)]) == (None, "nodata")


def test_oil_02_a_declaration_of_tomorrow_isnt_known_and_the_month_before_counts():
    rows = sales() + sales(days_of(2026, 9))
    late = [declared(50_000, on=date(2026, 11, 24)), declared(96_000, "2026-09", date(2026, 10, 9))]
    assert judge("OIL-02", oil_sale_day=rows, tax_declaration=late) == (0.04, "yellow")
    assert judge("OIL-02", date(2026, 11, 24), oil_sale_day=rows, tax_declaration=late) == (0.5, "red")
    assert judge("OIL-02", oil_sale_day=rows, tax_declaration=[declared(96_000, on=None)]) == (0.04, "yellow")


# --- OIL-03 ------------------------------------------------------------------------------------------------------


def load(litres: float, days: int = 10, supplier: str | None = "A", hour: float = 12) -> dict:
    return {"litres": litres, "unloaded_at": at(ago(days), hour), "product": "92#", "supplier_uscc": supplier}


def invoice(litres: float | None, days: int = 10, direction: str = "in", **fields) -> dict:
    return {"direction": direction, "litres": litres, "date": ago(days), "product": "92#", **fields}


@pytest.mark.parametrize(
    ("invoiced", "value", "found"),
    [
        (89_999, 0.10001, "red"),
        (90_000, 0.10, "orange"),
        (94_999, 0.05001, "orange"),
        (95_000, 0.05, "yellow"),
        (97_999, 0.02001, "yellow"),
        (98_000, 0.02, "normal"),
        (101_000, -0.01, "normal"),  # an invoice for an earlier load
    ],
)
def test_oil_03_is_what_came_without_an_invoice(invoiced, value, found):
    # 1 − invoiced ÷ 100,000
    assert judge("OIL-03", oil_delivery=[load(60_000), load(40_000)], oil_invoice=[invoice(invoiced)]) == (value, found)


def test_oil_03_counts_ninety_days_the_last_one_included_and_purchases_only():
    loads = [load(100_000, 0, hour=23.9), load(100_000, 89, hour=0), load(999, 90, hour=23.9), load(999, -1, hour=0)]
    papers = [invoice(100_000, 0), invoice(90_000, 89), invoice(999, 90), invoice(999, -1), invoice(999, 5, "out")]
    told = numbers("OIL-03", oil_delivery=loads, oil_invoice=papers)
    assert told == {"value": 0.05, "received_l": 200_000, "invoiced_l": 190_000}


def test_oil_03_an_invoice_in_tonnes_is_litres_as_the_tax_counts_them():
    # 50 t × 1,388 L = 69,400 L of petrol, 20 t × 1,176 L = 23,520 L of diesel: 92,920 of 100,000
    papers = [invoice(None, tonnes=50), invoice(None, tonnes=20, product="0#")]
    assert judge("OIL-03", oil_delivery=[load(100_000)], oil_invoice=papers) == (0.0708, "orange")
    untold = [invoice(90_000), invoice(None)]
    assert judge("OIL-03", oil_delivery=[load(100_000)], oil_invoice=untold) == (None, "nodata")


def test_oil_03_no_invoice_in_ninety_days_is_a_gap_but_none_ever_is_no_data():
    assert judge("OIL-03", oil_delivery=[load(100)], oil_invoice=[invoice(100, 91)]) == (1.0, "red")
    assert judge("OIL-03", oil_delivery=[load(100)]) == (None, "nodata")
    assert judge("OIL-03", oil_delivery=[load(100)], oil_invoice=[invoice(100, -1)]) == (None, "nodata")  # of tomorrow
    assert judge("OIL-03", oil_invoice=[invoice(100)]) == (None, "nodata")  # nothing received


# --- OIL-12 ------------------------------------------------------------------------------------------------------


def company(uscc: str, status: str | None = "已备案", filed_on: date | None = date(2025, 7, 1)) -> dict:
    return {"uscc": uscc, "filing_status": status, "filed_on": filed_on, "subject_id": uscc}


FILED = [company("A"), company("B", "未备案", None), company("C", "变更逾期")]


def test_oil_12_is_the_share_bought_from_companies_that_arent_filed():
    loads = [load(60_000), load(30_000, supplier="B"), load(10_000, supplier="X")]  # X is in no list
    told = numbers("OIL-12", oil_delivery=loads, oil_wholesaler=FILED)
    assert told == {"value": 0.4, "unfiled_l": 40_000, "bought_l": 100_000, "later_l": 0, "overdue_l": 0}
    assert level("OIL-12", oil_delivery=loads, oil_wholesaler=FILED) == "orange"


@pytest.mark.parametrize(
    ("loads", "found"),
    [
        ([load(1)], "normal"),
        ([load(1), load(1, supplier="C")], "yellow"),  # the supplier's change is overdue
        ([load(1), load(1, supplier="B")], "orange"),
        ([load(1, 40, "B"), load(1, 10, "B")], "orange"),  # 30 days after the first one
        ([load(1, 41, "B"), load(1, 10, "B")], "red"),  # 31 days after it
        ([load(1, 41, "B"), load(1, 10, "X")], "red"),  # another that isn't filed either
        ([load(1, 41, "B"), load(1, 10)], "orange"),  # it stopped
        ([load(1, 90, "B"), load(1, 10)], "normal"),  # ninety days ago: out
        ([load(1, -1, "B"), load(1, 10)], "normal"),  # of tomorrow
        ([load(1), load(1, supplier=None)], "nodata"),  # from whom?
        ([load(1, supplier="B"), load(1, supplier=None)], "orange"),
        ([], "nodata"),
        ([load(0, supplier="B")], "nodata"),  # nothing bought: 0 ÷ 0
    ],
)
def test_oil_12_turns_red_where_it_goes_on_for_more_than_thirty_days(loads, found):
    assert level("OIL-12", oil_delivery=loads, oil_wholesaler=FILED) == found


def test_oil_12_is_no_data_without_a_list_and_a_company_filed_tomorrow_isnt_in_it_yet():
    assert judge("OIL-12", oil_delivery=[load(1)]) == (None, "nodata")
    assert level("OIL-12", oil_delivery=[load(1)], oil_wholesaler=[company("A", filed_on=ON)]) == "normal"
    coming = [company("A", filed_on=ago(-1)), company("C")]
    assert level("OIL-12", oil_delivery=[load(1)], oil_wholesaler=coming) == "orange"


def test_oil_12_holds_no_purchase_before_the_filing_date_against_a_station():
    day = date(2025, 9, 20)

    def bought(on: date) -> dict:
        return {"litres": 100.0, "unloaded_at": at(on, 8), "product": "0#", "supplier_uscc": "B"}

    before, after = bought(date(2025, 8, 17)), bought(date(2025, 8, 18))
    assert judge("OIL-12", day, oil_delivery=[before], oil_wholesaler=FILED) == (None, "nodata")
    assert numbers("OIL-12", day, oil_delivery=[before, after], oil_wholesaler=FILED)["unfiled_l"] == 100


def test_oil_12_had_no_rule_before_the_guide_ended_and_is_law_since_september_2025():
    versions = {
        day: indicator("OIL-12").in_force(day) for day in (date(2025, 8, 17), date(2025, 8, 18), date(2025, 9, 1))
    }
    assert versions[date(2025, 8, 17)] is None
    assert versions[date(2025, 8, 18)].basis.level == "POL"
    assert versions[date(2025, 9, 1)].basis.level == "LAW"
    assert indicator("OIL-12").in_force(date(2025, 8, 31)) == versions[date(2025, 8, 18)]


def test_each_station_is_judged_by_its_own_rows():
    stations = [{"uscc": c, "business_status": "营业", "subject_id": c} for c in "PQR"]
    loads = [load(100, supplier="B") | {"subject_id": "P"}, load(100) | {"subject_id": "Q"}]
    found = compute("OIL-12", oil_station=stations, oil_delivery=loads, oil_wholesaler=FILED)
    assert found["value"].fillna(-1).to_dict() == {"P": 1.0, "Q": 0.0, "R": -1}
