"""The indicators of card issuers as a whole: their parts, their scope, and what they find in the demo city."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pilotwatch.levels import level_of
from pilotwatch.places import Places
from pilotwatch.sampling import City
from pilotwatch.settings import settings

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def indicators(domains):
    return {i.code: i for i in domains.domain("prepaid_cards").indicators}


@pytest.fixture(scope="module")
def city():
    return City(Places.load(settings().data), ON, seed=7, scale=0.3)


@pytest.fixture(scope="module")
def frames(domains, city):
    """The demo city's records, each subject known by its credit code."""
    drawn = domains.domain("prepaid_cards").sample(city)
    return {name: frame.assign(subject_id=frame["uscc"]) for name, frame in drawn.items() if "uscc" in frame}


@pytest.fixture(scope="module")
def found(indicators, frames):
    """Indicator code → its value and parts for every issuer of the demo city."""
    return {code: i.compute(_needed(i, frames), ON) for code, i in indicators.items()}


def _needed(indicator, frames):
    return {r.spec.dataset: frames[r.spec.dataset] for r in indicator.needs if r.spec.dataset in frames}


def test_all_indicators_of_the_rules_are_there_in_their_order(indicators):
    assert list(indicators) == [f"PPC-{n:02}" for n in range(1, 16)]


# --- the parts that explain a value ------------------------------------------------------------------------------


def parts(indicators, code: str, **rows):
    """The parts of the value of the one issuer "S"."""
    indicator = indicators[code]
    frames = {name: pd.DataFrame(list(given)).assign(subject_id="S") for name, given in rows.items()}
    return indicator.compute(frames, ON).loc["S", [i.name for i in indicator.inputs]].to_dict()


def test_ppc_01_shows_what_is_held_and_what_is_owed(indicators):
    assert parts(
        indicators, "PPC-01",
        ppc_issuer=[{"issuer_type": "group"}],
        ppc_quarter_report=[{"quarter": "2026Q3", "balance_end": 1_000_000}],
        ppc_custody_snapshot=[
            {"snap_on": date(2026, 11, 20), "bank": "甲", "balance": 200_000}, {"snap_on": date(2026, 10, 24), "bank": "乙", "balance": 50_000},
        ],
        ppc_guarantee=[{"amount": 30_000, "valid_from": date(2026, 1, 1), "valid_until": ON}],
    ) == {"custody": 250_000, "guarantee": 30_000, "balance": 1_000_000, "ratio": 0.3, "required": 300_000, "age": 30}  # fmt: skip


def test_ppc_02_shows_the_cap_and_what_it_is_taken_of(indicators):
    issuer = {
        "issuer_type": "scale",
        "industry": "餐饮业",
        "prior_fy_main_revenue": 5_000_000,
        "prepaid_balance_qe": 600_000,
    }
    told = parts(indicators, "PPC-02", ppc_issuer=[issuer])
    assert told == {"balance": 600_000, "base": 5_000_000, "share": 0.4, "cap": 2_000_000}


def test_ppc_04_shows_both_counts(indicators):
    row = {"sold_on": ON, "card_kind": "named", "amount": 10, "buyer": "person", "payment": "cash"}
    rows = [{**row, "real_name": True}] * 3 + [{**row, "real_name": False}]
    told = parts(indicators, "PPC-04", ppc_issuer=[{"issuer_type": "scale"}], ppc_purchase=rows)
    assert told == {"violating": 1, "purchases": 4}


def test_ppc_07_shows_both_spans_and_the_growth(indicators):
    rows = [
        {"received_at": pd.Timestamp(day), "kind": "投诉", "people_count": people}
        for day, people in [
            ("2026-11-20", 4),
            ("2026-11-01", 50),
            ("2026-10-01", 1),
            ("2026-09-01", 1),
            ("2026-09-02", 1),
        ]
    ]
    told = parts(indicators, "PPC-07", ppc_issuer=[{"issuer_type": "scale"}], complaint=rows)
    assert told == {"n30": 2, "before": 3, "g": 2, "group7": 4}  # 2 ÷ (3 ÷ 3)


def test_ppc_08_shows_what_was_asked_for_and_paid(indicators):
    rows = [
        {"requested_on": date(2026, 11, 20), "amount": 300, "paid_amount": None, "paid_on": None},
        {"requested_on": date(2026, 11, 1), "amount": 100, "paid_amount": 100, "paid_on": date(2026, 11, 5)},
    ]
    told = parts(indicators, "PPC-08", ppc_issuer=[{"prepaid_balance_qe": 50_000}], ppc_refund=rows)
    assert told == {"asked7": 300, "balance": 50_000, "asked30": 400, "paid30": 100, "s": 0.25, "requests": 2}


def test_ppc_11_shows_the_contracts(indicators):
    told = parts(indicators, "PPC-11", ppc_issuer=[{"contract_ok_ratio": 83.3, "contracts_sampled": 12}])
    assert told == {"complete": 10, "sampled": 12}


def test_ppc_12_shows_what_is_only_suspected(indicators):
    row = {"paid_on": ON, "amount": 70, "purpose": "lending"}
    rows = [
        {**row, "finding": "confirmed"},
        {**row, "finding": "suspected"},
        {**row, "purpose": "main", "finding": None},
    ]
    told = parts(indicators, "PPC-12", ppc_issuer=[{"issuer_type": "scale"}], ppc_fund_outflow=rows)
    assert told == {"suspected": 70, "payments": 3}


def test_ppc_13_shows_which_kinds(indicators):
    told = parts(indicators, "PPC-13", ppc_issuer=[{"arrears_flags": '["wage", "execution"]'}])
    assert told == {"wage": 1, "rent": 0, "tax": 0, "social": 0, "utility": 0, "execution": 1}


# --- the demo city -----------------------------------------------------------------------------------------------


def _red_or_orange(indicators, found, code: str) -> set[str]:
    levels = level_of(found[code].astype("float64"), indicators[code].in_force(ON).levels)
    return set(levels.index[levels.isin(["red", "orange"])])


@pytest.mark.parametrize(
    ("kind", "code", "share"),
    [("absconding", "PPC-15", 1.0), ("unfiled", "PPC-05", 1.0), ("custody_gap", "PPC-01", 0.8)],
)
def test_what_was_planted_is_found(indicators, found, city, kind, code, share):
    planted = {p["code"] for p in city.planted if p["kind"] == kind}
    assert len(planted & _red_or_orange(indicators, found, code)) >= share * len(planted)


def test_no_indicator_calls_more_than_a_few_issuers_red_or_orange(indicators, found):
    for code in indicators:
        assert len(_red_or_orange(indicators, found, code)) < 0.08 * len(found[code]), code


def test_every_indicator_can_judge_some_issuers_and_warns_of_some(indicators, found):
    for code, values in found.items():
        assert values["value"].notna().any(), code
        assert _red_or_orange(indicators, found, code), code


def test_an_issuer_evaluated_alone_has_the_same_values_as_among_all(indicators, frames, found):
    for subject in frames["ppc_issuer"]["uscc"].sample(12, random_state=1):
        alone = {name: frame[frame["subject_id"] == subject] for name, frame in frames.items()}
        for code, indicator in indicators.items():
            one = indicator.compute(_needed(indicator, alone), ON)
            pd.testing.assert_frame_equal(
                one.astype("float64"), found[code].loc[[subject]].astype("float64"), obj=code, check_names=False
            )


def test_records_of_later_days_change_nothing(indicators, frames, found):
    """Everything that is dated lies before the day: judged on an earlier day, what came later must not be seen."""
    before = date(2026, 9, 30)
    days = {
        "ppc_custody_snapshot": "snap_on", "ppc_guarantee": "valid_from", "ppc_filing": "filed_on", "ppc_purchase": "sold_on",
        "ppc_refund": "requested_on", "ppc_fund_outflow": "paid_on", "ppc_quarter_report": "submitted_on", "complaint": "received_at",
        "business_change": "changed_on", "arrears_event": "from_on", "lawsuit": "from_on", "order_to_correct": "issued_on",
    }  # fmt: skip
    cut = pd.Timestamp(before) + pd.Timedelta(days=1)
    known = {n: f[pd.to_datetime(f[days[n]]) < cut] if n in days else f for n, f in frames.items()}
    for code, indicator in indicators.items():
        pd.testing.assert_frame_equal(
            indicator.compute(_needed(indicator, frames), before),
            indicator.compute(_needed(indicator, known), before),
            obj=code,
        )
