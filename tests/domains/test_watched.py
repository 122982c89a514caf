"""What the three domains count for surges, and what their departments may contradict each other in, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from pilotwatch.signals.contradictions import judged
from pilotwatch.signals.counts import SHARED, cases_of, columns_of, counts_of
from tests.domains.oil import days_of
from tests.domains.test_refined_oil_balance import load, month, read
from tests.domains.test_refined_oil_papers import declared, sales

ON = date(2026, 11, 23)
STATION = [{"uscc": "91650100XJDEM00576", "business_status": "营业"}]


@pytest.fixture
def told(domains):
    """`told("OIL-K01", on, oil_station=[{…}], …)` → (period, what each side states, gap, size) of the one subject."""

    def run(code, on=ON, **rows):
        kinds = {c.code: c for d in domains.domains for c in d.contradictions}
        kind = kinds[code]
        frames = {r.spec.dataset: _frame(r, rows.pop(r.spec.dataset, ())) for r in kind.needs}
        assert not rows, f"{code} doesn't need {', '.join(rows)}"
        found = kind.compute(frames, on).loc["S"]
        stated = tuple(found[s.name] for s in kind.sides)
        return found["period"], stated, found["gap"], None if pd.isna(found["size"]) else round(float(found["size"]), 9)

    return run


def _frame(record, rows):
    names = [c.name for c in record.columns()]
    assert not {n for row in rows for n in row} - set(names)
    return pd.DataFrame(rows, columns=names, index=range(len(rows))).assign(subject_id="S")


# --- refined oil ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taxable", "size"),
    [
        (97_000, 1.0),  # 3 % less than the 100,000 that were pumped: just borne
        (96_999, 1.000333333),
        (80_000, 6.666666667),  # 20 % ÷ 3 %
        (100_000, 0.0),
        (105_000, 1.0),  # 5 % more is borne
        (110_000, 2.0),
    ],
)
def test_oil_k01_holds_the_pumps_sales_against_the_declaration(told, taxable, size):
    found = told("OIL-K01", oil_station=STATION, oil_sale_day=sales(), tax_declaration=[declared(taxable)])
    assert found[0] == "2026-10" and found[1] == pytest.approx((100_000, taxable))
    assert found[2] == pytest.approx(100_000 - taxable, abs=1e-6) and found[3] == pytest.approx(size, abs=1e-8)


def test_oil_k01_is_silent_while_nothing_is_declared(told):
    assert told("OIL-K01", oil_station=STATION, oil_sale_day=sales())[3] is None


@pytest.mark.parametrize(("invoiced", "size"), [(58_800, 1.0), (54_000, 5.0), (60_000, 0.0), (66_000, 2.0)])
def test_oil_k02_holds_deliveries_against_invoices(told, invoiced, size):
    """60,000 L came; 2 % less or 5 % more on paper are borne: 1,200 ÷ 1,200, 6,000 ÷ 1,200, and 6,000 ÷ 3,000."""
    loads = [load(30_000, date(2026, 10, 5)), load(30_000, date(2026, 11, 5))]
    paper = [{"direction": "in", "date": date(2026, 11, 6), "product": "92#", "litres": invoiced}]
    period, stated, gap, found = told("OIL-K02", oil_station=STATION, oil_delivery=loads, oil_invoice=paper)
    assert (period, stated, gap, found) == ("2026-08-26/2026-11-23", (60_000, invoiced), 60_000 - invoiced, size)


def test_oil_k03_is_the_worked_example_of_the_stock_balance(told):
    """Open 20,000, buy 60,000, sell 58,500, close 20,100: missing 1,230.35 of 80,000 L beyond the allowed loss, 1.54 %
    against 0.5 %: 3.08 times.

    The instruments leave open: 2 readings × 25² + 0.0008² × 2 × 30,000² + 0.0006² × 58,500² + 0.0006² × 30 × 1,950² =
    1,250 + 1,152 + 1,232 + 41 = 60.6²; 1,230.35 ÷ 60.6 ÷ 2.58 = 7.9 times, so the half percent decides.
    """
    found = told("OIL-K03", date(2026, 10, 20), oil_station=STATION, **month())
    assert found[:2] == ("2026-09 92#", (60_000, 58_500, 100))
    assert found[2] == pytest.approx(1230.35) and found[3] == pytest.approx(1230.35 / 80_000 / 0.005)


@pytest.mark.parametrize(
    ("close", "gap", "size"),
    [
        (21_500, 0.0, 0.0),  # 20,000 + 60,000 − 58,500: not a litre lost
        (21_330.35, 0.0, 0.0),  # all of the allowed loss of 169.65 lost, and no more
        (20_930.35, 400.0, 1.0),  # 0.5 % of 80,000 beyond it
        (21_900, -400.0, 1.0),  # as much too much, from no loss on
        (22_300, -800.0, 2.0),
    ],
)
def test_oil_k03_bears_a_loss_up_to_the_allowed_one_and_no_surplus(told, close, gap, size):
    found = told("OIL-K03", date(2026, 10, 20), oil_station=STATION, **month(close=close))
    assert found[2] == pytest.approx(gap, abs=1e-6) and found[3] == pytest.approx(size, abs=1e-6)


def test_oil_k03_a_gap_within_the_error_of_the_instruments_is_none(told):
    """Open 500, buy 500, sell 400, close 585.84: missing 13 of 1,000 L after 1.16 L of loss, 1.3 %. The readings alone
    leave open 35.4 L, so 13 ÷ 35.4 ÷ 2.58 = 0.14 decides."""
    few = sales(days_of(2026, 9), litres=400)
    rows = {
        "oil_tank_reading": [read(date(2026, 9, 1), 500), read(date(2026, 10, 1), 585.84)],
        "oil_delivery": [load(500)], "oil_sale_day": few,
    }  # fmt: skip
    found = told("OIL-K03", date(2026, 10, 20), oil_station=STATION, **rows)
    assert found[2] == pytest.approx(13.0) and found[3] == pytest.approx(13 / 35.37 / 2.58, rel=1e-3)


# --- prepaid cards -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "size"),
    [(190_000, 1.0), (189_000, 1.1), (100_000, 10.0), (200_000, 0.0), (500_000, 0.0)],
)
def test_ppc_k01_holds_what_the_balance_asks_for_against_what_banks_hold(told, held, size):
    """1,000,000 of a scale issuer ask for 200,000; 5 % of that may be missing, and more than is owed is no contradiction."""
    found = told(
        "PPC-K01", ppc_issuer=[{"issuer_type": "scale"}],
        ppc_quarter_report=[{"quarter": "2026Q3", "balance_end": 1_000_000, "submitted_on": date(2026, 10, 20)}],
        ppc_custody_snapshot=[{"snap_on": date(2026, 11, 1), "bank": "新疆银行", "balance": held}],
    )  # fmt: skip
    assert found == ("2026Q3", (200_000, held), 200_000 - held, size)


def test_ppc_k01_counts_valid_guarantees_with_the_custody(told):
    found = told(
        "PPC-K01", ppc_issuer=[{"issuer_type": "scale"}],
        ppc_quarter_report=[{"quarter": "2026Q3", "balance_end": 1_000_000, "submitted_on": date(2026, 10, 20)}],
        ppc_custody_snapshot=[{"snap_on": date(2026, 11, 1), "bank": "新疆银行", "balance": 150_000}],
        ppc_guarantee=[{"kind": "银行保函", "amount": 50_000, "valid_from": date(2026, 1, 1), "valid_until": ON}],
    )  # fmt: skip
    assert found[1] == (200_000, 200_000) and found[3] == 0.0


@pytest.mark.parametrize(
    ("listed", "size"), [(100_000, 0.0), (105_000, 0.952380952), (95_000, 1.0), (50_000, 10.0), (None, None)]
)
def test_ppc_k02_holds_the_list_against_the_banks_newest_balances(told, listed, size):
    """Two banks, 60,000 + 40,000, an older balance doesn't count; 5 % of the larger: 5,000 ÷ 5,250, 5,000 ÷ 5,000 …"""
    shots = [
        ("新疆银行", date(2026, 10, 31), 60_000),
        ("昆仑银行", date(2026, 10, 30), 40_000),
        ("新疆银行", date(2026, 9, 30), 9),
    ]
    rows = [{"bank": b, "snap_on": d, "balance": n} for b, d, n in shots]
    period, stated, _, found = told("PPC-K02", ppc_issuer=[{"custody_balance": listed}], ppc_custody_snapshot=rows)
    assert (period, stated[1], found) == ("2026-10-31", 100_000, size)


def test_ppc_k02_nothing_in_both_places_is_agreement(told):
    shot = [{"bank": "新疆银行", "snap_on": date(2026, 10, 31), "balance": 0}]
    assert told("PPC-K02", ppc_issuer=[{"custody_balance": 0}], ppc_custody_snapshot=shot)[3] == 0.0


# --- self-built housing --------------------------------------------------------------------------------------------


def hazard(level, kind="结构", found=date(2026, 10, 9), closed=None):
    return {"kind": kind, "level": level, "found_on": found, "closed_on": closed}


def grade(letter, day=date(2026, 6, 1)):
    return [{"report_no": "R", "grade": letter, "reported_on": day}]


@pytest.mark.parametrize(
    ("letter", "level", "size"),
    [
        ("A", "一般", 1.0), ("A", "较大", 2.0), ("A", "重大", 3.0), ("B", "较大", 1.0), ("B", "重大", 2.0),
        ("C", "一般", 1.0), ("C", "重大", 1.0), ("D", "重大", 0.0), ("D", "一般", 2.0),
    ],
)  # fmt: skip
def test_sbh_k01_bears_one_step_between_grade_and_hazard(told, letter, level, size):
    """A 0, B 1, C 2, D 3 against general 1, serious 2, major 3."""
    found = told("SBH-K01", sbh_house=[{"house_no": "H"}], sbh_appraisal=grade(letter), sbh_hazard=[hazard(level)])
    assert found == ("2026-10-09", (letter, level), size, size)


def test_sbh_k01_takes_the_gravest_structural_hazard_that_is_open(told):
    rows = [hazard("一般"), hazard("重大", closed=date(2026, 11, 1)), hazard("较大"), hazard("重大", kind="消防")]
    found = told("SBH-K01", sbh_house=[{"house_no": "H"}], sbh_appraisal=grade("A"), sbh_hazard=rows)
    assert found[1] == ("A", "较大") and found[3] == 2.0


def test_sbh_k01_is_silent_without_a_hazard_without_a_grade_and_where_the_house_is_gone(told):
    house = [{"house_no": "H"}]
    assert told("SBH-K01", sbh_house=house, sbh_appraisal=grade("A"))[3] is None
    assert told("SBH-K01", sbh_house=house, sbh_hazard=[hazard("重大")])[3] is None
    gone = [{"measure": '["拆除"]', "done_on": date(2026, 11, 1), "plan_on": date(2026, 7, 1)}]
    found = told(
        "SBH-K01", sbh_house=house, sbh_appraisal=grade("D"), sbh_hazard=[hazard("一般")], sbh_rectification=gone
    )
    assert found[3] is None


@pytest.mark.parametrize(
    ("listed", "on", "size"),
    [
        ("B", date(2026, 6, 1), 0.0), ("C", date(2026, 6, 1), 2.0), ("D", None, 3.0),
        ("D", date(2026, 7, 1), None),  # the list tells of a later appraisal
        (None, None, None),
    ],
)  # fmt: skip
def test_sbh_k02_the_list_must_say_what_the_newest_report_says(told, listed, on, size):
    """A report of grade B: one step off is 1 + 1, two steps 1 + 2."""
    house = [{"house_no": "H", "grade": listed, "appraised_on": on}]
    rows = [*grade("A", date(2025, 1, 1)), *grade("B")]
    period, stated, _, found = told("SBH-K02", sbh_house=house, sbh_appraisal=rows)
    assert (period, stated[0], found) == ("2026-06-01", "B", size)


# --- counts --------------------------------------------------------------------------------------------------------


def counted(domains, domain, name, rows):
    """(day, cases) of one subject."""
    count = next(c for c in counts_of(domains.domain(domain)) if c.name == name)
    names = [*dict.fromkeys((*columns_of(count), *(n for row in rows for n in row)))]
    frame = pd.DataFrame(rows, columns=names).assign(subject_id="S", day=pd.to_datetime([r.get("day") for r in rows]))
    listed = pd.DataFrame(
        {"subject_id": ["S"], "report_unit": ["650102"], "division_code": ["650102"], "street_code": [""]}
    )
    found = cases_of(count, frame, listed, own=True)
    return [(f"{r.day:%m-%d}", r.n) for r in found.itertuples()]


def test_questions_are_no_complaints_and_the_same_sheet_twice_is_one(domains):
    at = datetime(2026, 10, 1, 10)  # noqa: DTZ001 - the wall clock, as a file states it
    same = {"day": date(2026, 10, 1), "received_at": at, "kind": "投诉", "subject": "退卡", "amount": 100.0}
    rows = [same, same, {**same, "amount": 200.0}, {**same, "kind": "咨询", "subject": "营业时间", "amount": None}]
    assert counted(domains, "prepaid_cards", "complaint", rows) == [("10-01", 2)]


def test_sheets_that_name_no_amount_are_not_taken_for_one(domains):
    at = datetime(2026, 10, 1, 10)  # noqa: DTZ001
    row = {"day": date(2026, 10, 1), "received_at": at, "kind": "举报", "subject": "缺斤短两", "amount": None}
    assert counted(domains, "refined_oil", "complaint", [row, row]) == [("10-01", 2)]


def test_a_failed_sample_counts_on_the_day_of_its_report_and_a_passed_one_tells_that_samples_were_reported(domains):
    rows = [
        {
            "day": date(2026, 10, 1),
            "sampled_on": date(2026, 10, 1),
            "reported_on": date(2026, 10, 20),
            "result": "不合格",
        },
        {"day": date(2026, 10, 2), "sampled_on": date(2026, 10, 2), "reported_on": None, "result": "合格"},
    ]
    assert counted(domains, "refined_oil", "failed_sample", rows) == [("10-02", 0), ("10-20", 1)]


def test_grades_c_and_d_count_as_dangerous(domains):
    rows = [{"day": date(2026, 10, 1), "grade": g} for g in "ABCD"]
    assert counted(domains, "self_built_housing", "dangerous_grade", rows) == [("10-01", 2)]


def test_every_domain_counts_what_all_share_and_its_own(domains):
    names = {d.name: [c.name for c in counts_of(d)] for d in domains.domains}
    shared = [c.name for c in SHARED]
    assert all(found[: len(shared)] == shared and len(found) > len(shared) for found in names.values())


def test_where_nothing_is_known_nothing_contradicts(domains):
    for domain in domains.domains:
        frames = {r.spec.dataset: _frame(r, ()) for c in domain.contradictions for r in (c.per, *c.needs)}
        assert judged(domain.contradictions, frames, ON).empty
