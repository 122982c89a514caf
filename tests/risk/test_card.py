"""The points card, worked out by hand, and the grid that is published."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pilotwatch import registry, risk
from pilotwatch.frames import Stored
from pilotwatch.risk import PARTS, Norm, class_of, frequency, points
from pilotwatch.risk.card import weights
from pilotwatch.risk.facts import law_ranks, of_records

ON = date(2026, 11, 23)
CALM = {
    "credit_class": "A", "breach": False, "aberration": False, "violations": 0.0, "complaints": 0.0, "customers": 100.0,
    "since_visit": 10.0, "visit_within": np.nan,
}  # fmt: skip


def card(norm: Norm = Norm(0.01, 50.0, 100.0), **facts: object) -> pd.Series:
    return points(pd.DataFrame([CALM | facts]), norm).iloc[0]


def test_the_parts_add_up_to_a_hundred_and_a_blameless_subject_has_none():
    assert sum(p.most for p in PARTS) == 100
    assert card()["score"] == 0


@pytest.mark.parametrize(("credit", "given"), [("A", 0), ("B", 5), ("C", 15), ("D", 30), ("", 0)])
def test_the_credit_class_gives_its_points_and_an_unknown_one_none(credit, given):
    assert card(credit_class=credit)["credit"] == given


def test_a_broken_bound_of_law_gives_25_once_and_a_surge_in_the_street_5():
    assert card(breach=True, aberration=True)["score"] == 30


def test_a_past_violation_halves_every_year():
    """Serious today 10, ordinary a year ago 2.5, ordinary two years ago 1.25; together at most 20."""
    assert (10 * weights(np.array([0.0])) + 5 * weights(np.array([365.0])) + 5 * weights(np.array([730.0]))) == 13.75
    assert card(violations=13.75)["violations"] == 13.75
    assert card(violations=31.0)["violations"] == 20


def test_complaints_are_drawn_towards_the_usual_rate_by_how_few_the_customers_are():
    """Usual 0.01 a customer, worth 50 customers. 6 complaints of 100: (6 + 0.5) / 150 = 0.0433, 4.33 times the usual:
    10 · (4.333 - 1) / 4 = 8.33. The same rate of 10 customers (0.6): (0.6 + 0.5) / 60 = 0.0183: 2.08."""
    assert card(complaints=6.0)["complaints"] == 8.33
    assert card(complaints=0.6, customers=10.0)["complaints"] == 2.08
    assert card(complaints=1.0)["complaints"] == 0  # no more than usual
    assert card(complaints=60.0)["complaints"] == 10
    assert card(complaints=6.0, customers=np.nan)["complaints"] == 8.33  # unknown: the mean, 100
    assert card(Norm(), complaints=60.0)["complaints"] == 0  # no norm yet


def test_the_norm_is_marshalls():
    """Counts 0, 4 of 100 customers each: rate 4/200 = 0.02; variance Σe(c/e - rate)²/Σe - rate/ē = 0.0004 - 0.0002 =
    0.0002; weight 0.02 / 0.0002 = 100 customers. Equal counts have no variance of their own: full weight."""
    norm = Norm.of(np.array([0.0, 4.0, 9.0]), np.array([100.0, 100.0, np.nan]))
    assert (norm.rate, norm.customers) == (0.02, 100)
    assert norm.weight == pytest.approx(100)
    assert np.isinf(Norm.of(np.array([2.0, 2.0]), np.array([100.0, 100.0])).weight)
    assert Norm.of(np.zeros(2), np.ones(2)).rate is None


@pytest.mark.parametrize(("since", "given"), [(365, 0), (366, 0.03), (547.5, 5), (730, 10), (2000, 10), (np.nan, 10)])
def test_an_overdue_visit_gives_points_up_to_twice_the_time_and_none_on_record_gives_all(since, given):
    """Every 365 days: a day over is 10 / 365 = 0.03."""
    assert card(since_visit=since, visit_within=365.0)["overdue"] == given


def test_where_no_regular_visit_is_asked_for_none_is_overdue():
    assert card(since_visit=np.nan)["overdue"] == 0


@pytest.mark.parametrize(
    ("score", "name"), [(0, "A"), (14.99, "A"), (15, "B"), (34.99, "B"), (35, "C"), (59.99, "C"), (60, "D"), (100, "D")]
)
def test_the_class_changes_at_its_step(score, name):
    assert class_of(np.array([score]))[0] == name


def test_the_grid_goes_by_the_worse_class_and_a_key_site_is_visited_anyway():
    assert len(risk.grid()) == 16
    assert (frequency("A", "A").ratio, frequency("A", "A").most_visits) == (0.01, 1)
    assert frequency("B", "D") == frequency("D", "B") == risk.BY_CLASS["D"]
    assert frequency("", "C").most_visits == 2
    assert frequency("A", "A", key_site=True).ratio == 1


def test_nobodys_name_or_place_is_in_the_card():
    assert {p.name for p in PARTS} == {"credit", "breach", "aberration", "violations", "complaints", "overdue"}


# --- what it is made from ------------------------------------------------------------------------------------------


def test_the_facts_of_a_subject_come_from_its_records():
    """Two penalties: a fine of 50,000 today (serious, 10) and a warning a year ago (ordinary, 2.5). Complaints of the last
    365 days that say something is wrong: two of four. The newest class not after this month is C."""
    domain = registry.load().domain("prepaid_cards")
    rows = {
        "ppc_issuer": [{"active_cards_named": 40, "active_cards_anon": 60, "prepaid_balance_qe": 2_500_000.0, "credit_class": "A"}],
        "penalty": [{"decided_on": ON, "kind": '["罚款"]', "fine": 50_000.0},
                    {"decided_on": date(2025, 11, 23), "kind": '["警告"]', "fine": None},
                    {"decided_on": date(2027, 1, 1), "kind": '["警告"]', "fine": None}],
        "complaint": [{"received_at": "2026-11-23 18:00", "kind": "投诉"}, {"received_at": "2025-11-24", "kind": "举报"},
                      {"received_at": "2025-11-23 23:00", "kind": "投诉"}, {"received_at": "2026-10-01", "kind": "咨询"}],
        "inspection": [{"inspected_on": "2026-11-13", "scan_in_at": None}, {"inspected_on": None, "scan_in_at": "2026-11-20 10:00"}],
        "credit_rating": [{"month": "2026-11", "credit_class": "C"}, {"month": "2026-12", "credit_class": "D"},
                          {"month": "2026-05", "credit_class": "B"}],
    }  # fmt: skip
    facts = of_records(domain, _frames(domain, rows), pd.Index(["S"]), ON).iloc[0]
    assert facts["violations"] == 12.5
    assert facts["complaints"] == 2
    assert (facts["credit_class"], facts["customers"], facts["exposure"]) == ("C", 100, 2_500_000)
    assert facts["since_visit"] == 3
    assert np.isnan(facts["visit_within"])


def test_a_subject_without_any_record_has_no_points_and_its_lists_class():
    domain = registry.load().domain("prepaid_cards")
    facts = of_records(domain, _frames(domain, {"ppc_issuer": [{"credit_class": "B"}]}), pd.Index(["S"]), ON).iloc[0]
    assert (facts["credit_class"], facts["violations"], facts["complaints"]) == ("B", 0, 0)
    assert np.isnan(facts["since_visit"])


def test_every_petrol_station_and_dangerous_house_in_business_has_to_be_visited():
    found = registry.load()
    oil, housing = found.domain("refined_oil"), found.domain("self_built_housing")
    station = of_records(
        oil, _frames(oil, {"oil_station": [{"annual_sales_t": 900.0, "business_status": "营业"}]}), pd.Index(["S"]), ON
    )
    assert station["visit_within"].tolist() == [365]
    house = {"grade": "D", "appraised_on": "2026-01-05", "operating": "营业", "occupants": 4}
    for operating, within in (("营业", 365), ("停业", np.nan)):
        rows = {"sbh_house": [house | {"operating": operating}]}
        facts = of_records(housing, _frames(housing, rows), pd.Index(["S"]), ON)
        np.testing.assert_equal(facts["visit_within"].tolist(), [within])


def test_a_bound_of_law_is_broken_at_its_level_and_at_every_graver_one():
    """PPC-01: red < 0.80 is practice, orange < 1.00 is law: orange (1) and red (0) break it, yellow (2) doesn't."""
    ranks = law_ranks(registry.load().domain("prepaid_cards"), ON)
    assert ranks["PPC-01"] == 1
    assert "PPC-07" not in ranks


def test_the_composite_score_of_an_issuer_is_a_1_5s():
    """Red 40, orange 20, yellow 8 for each indicator, at most 100; 60 is red, 35 orange, 15 yellow."""
    import pyarrow as pa

    from pilotwatch.risk.facts import composite

    domain = registry.load().domain("prepaid_cards")

    def of(*levels: str) -> float:
        rows = [("S", "*", "red"), *(("S", f"PPC-{n:02d}", level) for n, level in enumerate(levels, 1))]
        table = pa.table(
            {n: pa.array(c) for n, c in zip(("subject_id", "indicator", "level"), zip(*rows, strict=True), strict=True)}
        )
        return float(composite(table, domain, pd.Index(["S"]))[0])

    assert of("red", "orange", "yellow", "normal", "blue") == 68
    assert of("red", "red", "red") == 100
    assert of("normal") == 0


def _frames(domain, rows) -> Stored:
    given = {**{r.spec.dataset: r for r in domain.records}, **{r.spec.dataset: r for r in registry.SHARED}}

    def read(dataset: str, columns: list[str] | None) -> pd.DataFrame:
        names = list(columns or [c.name for c in given[dataset].columns()])
        found = pd.DataFrame(rows.get(dataset, []), index=range(len(rows.get(dataset, []))))
        found = found.assign(subject_id="S").reindex(columns=[*dict.fromkeys(["subject_id", *names])])
        days = [c.name for c in given[dataset].columns() if c.kind in ("date", "datetime") and c.name in names]
        return found.assign(**{d: pd.to_datetime(found[d], format="ISO8601") for d in days})[names]

    return Stored(read, given.values())
