"""Every series by the method its history allows, and what it says."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pilotwatch.aberration import CITY, LEVELS, RESULT, Settings, detect
from pilotwatch.aberration.words import REASONS
from tests.aberration.made import ON, districts, series


def one(cases, at_risk=100.0, settings: Settings | None = None, **kept) -> pd.Series:
    """The row of a single place."""
    return detect(series("A", cases, at_risk), ON, settings, **kept).iloc[0]


def constant(cases: int, weeks: int, *last: int) -> list[int]:
    return [cases] * (weeks - len(last)) + list(last)


def mixed(seed: int = 5) -> pd.DataFrame:
    """Domains and measures of all lengths, with surges, unknown subjects and a series that ended."""
    rng = np.random.default_rng(seed)
    parts = [
        districts(20, rng, measure="new"),
        districts(120, rng, measure="clue"),
        districts(300, rng, domain="card"),
        series("E", rng.poisson(3, 120), np.nan, measure="clue"),
        series("F", rng.poisson(3, 120), measure="clue").assign(until=ON - timedelta(days=9)),
        series("E", [*rng.poisson(0.05, 299), 2], domain="card"),
    ]
    frame = pd.concat(parts, ignore_index=True)
    surge = (frame["place"] == "C") & (frame["day"] > ON - timedelta(days=7))
    frame.loc[surge, "count"] += 18
    return frame


# --- tiers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "tier"),
    [(0, "exact"), (25, "exact"), (26, "pooled"), (156, "pooled"), (157, "farrington"), (400, "farrington")],
)
def test_the_length_of_the_history_chooses_the_method(history, tier):
    row = one(constant(4, history + 1))
    assert (row["tier"], row["weeks"]) == (tier, history)
    assert (row["level"] == "grey") == (tier == "exact")


def test_below_26_weeks_there_are_limits_and_no_alarm_however_many():
    """Two places of 100 subjects and 2 + 4 cases a week: at the city's rate 3 are expected; P(Y ≤ 8) = .9962, so 0 to 8 are usual."""
    frame = pd.concat([series("A", constant(2, 20, 40)), series("B", constant(4, 20))])
    found = detect(frame, ON).set_index("place")
    row = found.loc["A"]
    assert (row["level"], row["verdict"], row["expected"], row["bound"]) == ("grey", "short", 3.0, 8.0)
    assert row["reason"].zh == (
        "2027-06-24 至 2027-06-30 共 40 件；积累 19 周，不足 26 周，不作统计预警。按全市水平推算应在 0—8 件之间。"
    )
    assert found["level"].tolist() == ["grey"] * 3


def test_unknown_subjects_at_risk_are_grey_at_any_length():
    for weeks in (10, 100, 200):
        row = one(constant(4, weeks, 30), np.nan)
        assert (row["level"], row["verdict"]) == ("grey", "unknown")
        assert "请先上报名册" in row["reason"].zh


def test_a_place_that_has_not_reported_the_week_is_grey_and_not_in_the_city():
    frame = pd.concat([series("A", constant(4, 60)), series("B", constant(4, 60)).assign(until=ON - timedelta(days=3))])
    found = detect(frame, ON).set_index("place")
    assert (found.loc["B", "level"], found.loc["B", "verdict"]) == ("grey", "late")
    assert "只报到 2027-06-27" in found.loc["B", "reason"].zh
    assert found.loc[CITY, "observed"] == 4 and found.loc[CITY, "expected"] == pytest.approx(4, rel=0.02)


def test_a_place_that_began_to_report_within_the_week_is_not_told_to_report_it():
    began = series("B", [2]).assign(day=pd.Timestamp(ON - timedelta(days=1)))
    found = detect(pd.concat([series("A", constant(4, 60)), began]), ON).set_index("place")
    assert (found.loc["B", "level"], found.loc["B", "verdict"]) == ("grey", "nothing")
    assert "共 2 件；此前没有可比的周" in found.loc["B", "reason"].zh


def test_without_a_week_of_the_season_to_compare_with_it_is_grey():
    at_risk = [0.0] * 140 + [100.0] * 20
    row = one(constant(4, 160), at_risk)
    assert (row["tier"], row["level"], row["verdict"]) == ("farrington", "grey", "nothing")


# --- levels ----------------------------------------------------------------------------------------------------------


def test_a_surge_is_red_in_either_tier_and_one_case_less_than_the_bound_is_not():
    for weeks in (100, 300):
        quiet = one(constant(4, weeks))
        above, at = (one(constant(4, weeks, int(quiet["bound"]) + more)) for more in (1, 0))
        assert (quiet["level"], at["level"], above["level"]) == ("none", "none", "red")
        assert above["p"] < 0.01 <= at["p"] and above["score"] > 1


def test_farrington_of_a_constant_series_is_the_poisson():
    """4 a week without dispersion: P(Y ≤ 9) = .9919, so 9 is the bound; P(Y ≥ 10) = .0081."""
    row = one(constant(4, 300, 10))
    assert row["expected"] == pytest.approx(4) and (row["bound"], row["phi"], row["years"]) == (9, 1.0, 5)
    assert row["p"] == pytest.approx(0.0081, abs=1e-4)
    assert row["reason"].zh == "2027-06-24 至 2027-06-30 共 10 件，预期 4.0 件，超过上限 9 件。"
    assert row["method"].zh == "Farrington flexible（前 5 年同期±3 周，φ=1.00，α=1.0%）"


def test_amber_needs_two_weeks_in_a_row():
    """The bound at 5 % is 8: P(Y ≤ 8) = .9786, P(Y ≤ 7) = .9489."""
    assert one(constant(4, 300, 9))["level"] == "none"
    twice = one(constant(4, 300, 9, 9))
    assert (twice["level"], twice["verdict"]) == ("amber", "again")
    assert twice["reason"].en == (
        "9 from 2027-06-24 to 2027-06-30, expected 4.0: high for 2 weeks in a row, not above the red bound of 9."
    )
    assert one(constant(4, 300, 9, 8))["level"] == "none"
    assert one(constant(4, 300, 9), settings=Settings(amber_weeks=1))["level"] == "amber"


def test_fewer_than_five_cases_in_four_weeks_are_no_alarm_but_told():
    baseline = ([1] + [0] * 9) * 30
    few = one([*baseline, 0, 0, 0, 4])
    assert few["observed"] > few["bound"] and (few["level"], few["verdict"]) == ("none", "few")
    assert "不足 5 件" in few["reason"].zh
    assert one([*baseline, 0, 0, 1, 4])["level"] == "red"


def test_among_many_places_one_high_count_is_amber_and_a_very_high_one_red():
    """200 places of 3 a week: of one p just below .01, Benjamini–Hochberg believes none (.1/200 = .0005)."""
    frame = pd.concat([series(f"{i:03}", constant(3, 60)) for i in range(200)], ignore_index=True)
    last = frame["day"] > ON - timedelta(days=7)
    frame.loc[last & (frame["place"] == "007"), "count"] = 9
    frame.loc[last & (frame["place"] == "008"), "count"] = 25
    found = detect(frame, ON).set_index("place")
    assert 0.0005 < found.loc["007", "p"] < 0.01
    assert (found.loc["007", "level"], found.loc["007", "verdict"]) == ("amber", "one_of_many")
    assert found.loc["008", "level"] == "red"
    assert found.drop(index=["007", "008"])["level"].eq("none").all()


def test_several_places_a_little_high_at_once_are_amber_below_the_bound():
    frame = pd.concat([series(p, constant(6, 100)) for p in "ABCDEFGH"], ignore_index=True)
    last = (frame["day"] > ON - timedelta(days=7)) & frame["place"].isin(["A", "B", "C", "D"])
    frame.loc[last, "count"] = 12
    frame = frame[~((frame["place"] > "D") & (frame["day"] > ON - timedelta(days=7)))]
    found = detect(frame, ON).set_index("place")
    assert found.loc["A", "p"] > 0.01 and found.loc["A", "observed"] <= found.loc["A", "bound"]
    assert (found.loc["A", "level"], found.loc["A", "verdict"]) == ("amber", "among_others")


# --- the city --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [110, 300])
def test_when_the_whole_city_rises_only_a_place_with_an_unusual_share_has_an_alarm(weeks):
    frame = pd.concat([series(p, constant(5, weeks)) for p in "ABCDEFGH"], ignore_index=True)
    last = frame["day"] > ON - timedelta(days=7)
    frame.loc[last, "count"] = 13
    frame.loc[last & (frame["place"] == "C"), "count"] = 35
    found = detect(frame, ON).set_index("place")
    assert found.loc[CITY, "level"] == "red"
    assert found.loc["C", "level"] == "red" and found.loc["C", "share"] == pytest.approx(35 / 126)
    others = found.drop(index=[CITY, "C"])
    assert (others["observed"] > others["bound"]).all() and (others["level"] == "none").all()
    assert "全市同步上升" in others["reason"].iloc[0].zh


def test_an_alarm_of_one_place_does_not_need_the_city():
    frame = pd.concat([series("A", constant(2, 110, 12)), *(series(p, constant(60, 110)) for p in "BCD")])
    found = detect(frame, ON).set_index("place")
    assert found.loc[CITY, "level"] == "none" and found.loc["A", "level"] == "red"


# --- creeping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks_high", [9, 10, 11])
def test_what_creeps_is_reported_in_the_week_its_evidence_suffices(weeks_high):
    """6 where 4 are expected is .4328 of evidence a week; ten weeks are 4.33 > 4, and no week exceeds its bound of 9."""
    row = one(constant(4, 300, *[6] * weeks_high))
    assert (row["creeping"], row["level"]) == (weeks_high == 10, "none")
    assert ("缓慢上升" in row["reason"].zh) == (weeks_high == 10)


def test_a_week_with_an_alarm_does_not_creep_as_well():
    row = one(constant(4, 300, *[6] * 9, 14))
    assert row["cusum"] > 4 and row["level"] == "red" and not row["creeping"]


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_no_alarm_without_more_than_expected_and_grey_is_what_was_not_judged(seed):
    found = detect(mixed(seed), ON)
    alarm = found[found["level"].isin(["red", "amber"])]
    assert (alarm["observed"] > alarm["expected"]).all() and (alarm["observed"] > 0).all()
    assert set(found["level"]) <= set(LEVELS) and found["level"].isin(["red", "grey", "none"]).any()
    assert ((found["level"] == "grey") == found["tier"].isin(["none", "exact"])).all()
    assert (found["bound"].dropna() >= np.floor(found["expected"].dropna())).all()


def test_every_series_has_one_row_and_every_measure_its_city():
    frame = mixed()
    found = detect(frame, ON)
    keys = ["domain", "measure", "place"]
    assert tuple(found.columns) == RESULT
    cities = frame[keys[:2]].drop_duplicates().assign(place=CITY)
    expected = pd.concat([frame[keys].drop_duplicates(), cities]).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(found[keys], expected)


def test_the_order_of_the_rows_changes_nothing():
    frame = mixed()
    shuffled = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(detect(frame, ON), detect(shuffled, ON))


def test_the_unit_of_the_subjects_at_risk_changes_nothing():
    frame = mixed()
    found, scaled = detect(frame, ON), detect(frame.assign(at_risk=frame["at_risk"] / 37), ON)
    pd.testing.assert_series_equal(found["level"], scaled["level"])
    pd.testing.assert_series_equal(found["expected"], scaled["expected"], rtol=1e-6)


def test_the_calendar_does_not_matter_only_how_long_ago():
    frame = mixed()
    later = timedelta(days=1000)
    moved = frame.assign(day=frame["day"] + later, until=pd.to_datetime(frame["until"]) + later)
    found, shifted = detect(frame, ON), detect(moved, ON + later)
    columns = ["level", "expected", "bound", "p", "cusum", "p_share"]
    pd.testing.assert_frame_equal(found[columns], shifted[columns])


def test_what_comes_after_the_day_is_not_looked_at():
    frame = mixed()
    future = series("C", [50, 90], domain="card").assign(day=[ON + timedelta(days=d) for d in (1, 8)])
    pd.testing.assert_frame_equal(detect(frame, ON), detect(pd.concat([frame, future]), ON))


def test_domains_do_not_influence_each_other():
    frame = mixed()
    card = frame[frame["domain"] == "card"]
    found = detect(frame, ON)
    together = found[found["domain"] == "card"].reset_index(drop=True)
    columns = ["level", "verdict", "expected", "bound", "p", "p_share"]
    pd.testing.assert_frame_equal(detect(card, ON)[columns], together[columns], rtol=1e-9)


@pytest.mark.parametrize("weeks", [80, 300])
def test_more_cases_never_lower_a_level(weeks):
    baseline = list(np.random.default_rng(2).negative_binomial(8, 0.6, weeks))
    levels = [LEVELS.index(one([*baseline, y])["level"]) for y in range(0, 30, 3)]
    assert levels == sorted(levels, reverse=True) and levels[0] == 2 and levels[-1] == 0


def test_a_past_surge_does_not_hide_a_new_one():
    calm = list(np.random.default_rng(4).poisson(4, 300))
    surged = calm.copy()
    surged[240] += 40
    without, with_surge = one([*calm, 16]), one([*surged, 16])
    assert with_surge["level"] == without["level"] == "red"
    assert with_surge["bound"] <= without["bound"] + 1


def test_weeks_with_holidays_are_no_baseline():
    """Every year's Spring Festival week is empty; without it the same season expects as many as ever."""
    cases = constant(5, 290, 5)
    holidays = []
    for years in range(1, 6):
        week = 289 - round(years * 365.25 / 7)
        for w in (week - 1, week, week + 1):
            cases[w] = 0
            holidays += [ON - timedelta(days=7 * (289 - w) + d) for d in range(4)]
    assert one(cases)["expected"] < 4
    assert one(cases, holidays=holidays)["expected"] == pytest.approx(5)


def test_nothing_to_judge_is_an_empty_result():
    found = detect(series("A", [1]).iloc[:0], ON)
    assert found.empty and tuple(found.columns) == RESULT


def test_nullable_and_missing_numbers_are_read_as_they_are_meant():
    frame = mixed()
    nullable = frame.assign(count=frame["count"].astype("Int64"), at_risk=frame["at_risk"].astype("Float64"))
    pd.testing.assert_frame_equal(detect(frame, ON), detect(nullable, ON))


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_verdict_has_a_level_and_whole_sentences_in_both_languages():
    from pilotwatch.aberration.detect import _LEVEL_OF

    assert set(_LEVEL_OF) == set(REASONS) and set(_LEVEL_OF.values()) == set(LEVELS)
    for text in [*detect(mixed(), ON)["reason"], *detect(mixed(), ON)["method"]]:
        assert re.search(r"[\u4e00-\u9fff]|Farrington", text.zh) and "{" not in text.zh + text.en
        assert "nan" not in text.zh + text.en
    assert all(t.zh.endswith("。") and t.en.endswith(".") for t in detect(mixed(), ON)["reason"])


def test_a_week_with_holidays_says_so():
    row = one(constant(4, 60), holidays=[ON - timedelta(days=d) for d in range(3)])
    assert row["reason"].zh.endswith("本周含节假日，比较时请留意。")
