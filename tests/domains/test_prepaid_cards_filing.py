"""The duties to file and to report: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

ON = date(2026, 11, 23)


# --- PPC-05 ------------------------------------------------------------------------------------------------------


def unfiled(judge, sold: date | None, **issuer):
    orders = issuer.pop("orders", [])
    filings = issuer.pop("filings", [])
    row = {"issuer_type": "scale", "first_sale_on": sold, **issuer}
    return judge("PPC-05", ON, ppc_issuer=[row], ppc_filing=filings, order_to_correct=orders)


@pytest.mark.parametrize(
    ("sold", "days", "level"),
    [
        (date(2026, 9, 23), 61, "red"),  # 7 days of September + 31 + 23
        (date(2026, 9, 24), 60, "orange"),
        (date(2026, 10, 23), 31, "orange"),  # 8 days of October + 23
        (date(2026, 10, 24), 30, "yellow"),  # the law's thirtieth day
        (date(2026, 11, 2), 21, "yellow"),
        (date(2026, 11, 3), 20, "normal"),
        (date(2026, 12, 1), 0, "normal"),  # sells from next month on
        (None, None, "nodata"),
    ],
)
def test_ppc_05_counts_natural_days_since_the_first_sale(judge, sold, days, level):
    assert unfiled(judge, sold) == (days, level)


def test_ppc_05_is_nothing_for_the_filed_and_not_judged_outside_order_9(judge):
    sold = date(2020, 1, 1)
    assert unfiled(judge, sold, filing_no="650100AAC0024", filed_on=date(2020, 1, 20)) == (0, "normal")
    assert unfiled(judge, sold, filings=[{"kind": "备案", "filed_on": date(2020, 1, 20)}]) == (0, "normal")
    assert unfiled(judge, None, filing_no="650100AAC0024") == (0, "normal")
    assert unfiled(judge, sold, issuer_type="non_order9") == (None, "nodata")


def test_ppc_05_a_filing_that_comes_later_does_not_count_yet(judge):
    # first sale 2026-10-23, filed on 2026-11-24, judged on 11-23: 31 days without a filing
    assert unfiled(judge, date(2026, 10, 23), filing_no="650100AAC0024", filed_on=date(2026, 11, 24)) == (31, "orange")
    later = [{"kind": "备案", "filed_on": date(2026, 11, 24)}]
    assert unfiled(judge, date(2026, 10, 23), filings=later) == (31, "orange")


def test_ppc_05_is_red_once_an_order_to_file_has_run_out(judge):
    order = {"problem": "未办理单用途商业预付卡备案", "due_on": date(2026, 11, 22)}
    assert unfiled(judge, date(2026, 11, 3), orders=[order]) == (20, "red")
    assert unfiled(judge, None, orders=[order]) == (None, "red")  # when it began to sell isn't known
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "due_on": ON}]) == (20, "normal")  # the last day
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "done_on": date(2026, 11, 20)}]) == (20, "normal")
    assert unfiled(judge, date(2026, 11, 3), orders=[{**order, "problem": "未公示章程"}]) == (20, "normal")
    assert unfiled(judge, date(2026, 11, 3), orders=[order], filing_no="650100AAC0024") == (0, "normal")


# --- PPC-06 ------------------------------------------------------------------------------------------------------

FILED = {"filing_no": "650100AAC0024", "filed_on": date(2021, 3, 9)}


def late(judge, on: date, kind: str = "scale", *reported: str, **issuer):
    """Judges an issuer that reported these quarters, each long ago."""
    reports = [{"quarter": q, "balance_end": 1, "submitted_on": date(2025, 7, 10)} for q in reported]
    return judge("PPC-06", on, ppc_issuer=[{"issuer_type": kind, **FILED, **issuer}], ppc_quarter_report=reports)


# Working days in Xinjiang after 2025-09-30: 1st–8th October off, the 11th (Saturday) worked, so 9 10 11 13 14 15 16 17 20
# 21 22 23 24 27 28 October are fifteen, and 29 30 31 October, 3 and 4 November make twenty.
@pytest.mark.parametrize(
    ("on", "value", "level"),
    [
        (date(2025, 10, 20), 0, "normal"),  # six working days left
        (date(2025, 10, 21), 0, "blue"),  # five
        (date(2025, 10, 28), 0, "blue"),  # the last day
        (date(2025, 10, 29), 1, "yellow"),
        (date(2025, 11, 4), 5, "yellow"),
        (date(2025, 11, 5), 6, "orange"),
        (date(2025, 11, 25), 20, "orange"),
        (date(2025, 11, 26), 21, "red"),
    ],
)
def test_ppc_06_a_scale_issuer_reports_within_15_working_days_of_xinjiang(judge, on, value, level):
    assert late(judge, on, "scale", "2025Q2") == (value, level)


@pytest.mark.parametrize("kind", ["group", "brand"])
def test_ppc_06_group_and_brand_have_20_working_days(judge, kind):
    assert late(judge, date(2025, 10, 27), kind, "2025Q2") == (
        0,
        "normal",
    )  # six left: 28 29 30 31 October, 3 4 November
    assert late(judge, date(2025, 10, 28), kind, "2025Q2") == (0, "blue")
    assert late(judge, date(2025, 11, 4), kind, "2025Q2") == (0, "blue")
    assert late(judge, date(2025, 11, 5), kind, "2025Q2") == (1, "yellow")


def test_ppc_06_the_other_types_report_the_year_by_31_january(judge):
    assert late(judge, date(2025, 11, 26), "other", "2024Q4") == (0, "normal")  # quarters aren't asked of them
    assert late(judge, date(2026, 1, 23), "other", "2024Q4") == (0, "blue")  # 26 27 28 29 30 January
    assert late(judge, date(2026, 1, 31), "other", "2024Q4") == (0, "blue")  # a Saturday
    assert late(judge, date(2026, 2, 2), "other", "2024Q4") == (1, "yellow")
    assert late(judge, date(2026, 2, 2), "other", "2025Q4") == (0, "normal")


def test_ppc_06_who_reported_is_normal_and_a_report_counts_from_its_submission(judge):
    assert late(judge, date(2025, 11, 26), "scale", "2025Q2", "2025Q3") == (0, "normal")
    issuer = [{"issuer_type": "scale", **FILED}]
    rows = [{"quarter": "2025Q2"}, {"quarter": "2025Q3", "submitted_on": date(2025, 11, 6)}]
    assert judge("PPC-06", date(2025, 11, 5), ppc_issuer=issuer, ppc_quarter_report=rows) == (6, "orange")
    assert judge("PPC-06", date(2025, 11, 6), ppc_issuer=issuer, ppc_quarter_report=rows) == (0, "normal")


def test_ppc_06_the_quarter_before_is_still_asked_for(judge):
    # the second quarter was due on 2025-07-21; by 2025-08-18 twenty working days have gone by (22–25 July, 28 July–1 August,
    # 4–8, 11–15 and 18 August)
    assert late(judge, date(2025, 8, 18), "scale", "2025Q1") == (20, "orange")
    assert late(judge, date(2025, 8, 19), "scale", "2025Q1") == (21, "red")
    assert late(judge, date(2025, 10, 20), "scale", "2025Q1")[1] == "red"  # though the third isn't due yet


def test_ppc_06_asks_for_the_quarters_since_the_filing_and_judges_nobody_of_whom_no_report_was_heard(judge):
    on = date(2025, 11, 26)
    assert late(judge, on, "scale", "2025Q2", filed_on=date(2025, 9, 30))[1] == "red"
    assert late(judge, on, "scale", filed_on=date(2025, 10, 1)) == (0, "normal")  # its first quarter isn't over
    assert late(judge, on, "scale") == (None, "nodata")
    assert late(judge, on, "scale", "2025Q2", filing_no=None, filed_on=None) == (None, "nodata")
    assert late(judge, on, "non_order9", "2025Q2") == (None, "nodata")


def test_ppc_06_is_no_data_where_the_calendar_of_the_year_is_unknown(judge):
    assert late(judge, date(2041, 11, 26), "scale", "2041Q2") == (None, "nodata")
    assert late(judge, date(2041, 11, 26), "scale", "2041Q2", "2041Q3") == (0, "normal")  # nothing to count
