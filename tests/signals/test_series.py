"""From counts by place to what the detection says of streets, units, divisions and the city."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pilotwatch.signals.series import STALE_DAYS, expected_false_alarms, place_of, signals
from tests.signals.made import VISITS

ON = date(2027, 6, 30)
UNITS = {"650102": 2, "650103": 4, "650104": 6, "650109": 8}
STREETS = {unit: f"{unit}001" for unit in UNITS}


def _cases(weeks=60, extra=(), measure="visit", units=UNITS):
    """So many cases a week in each unit, all on the week's last day and in its one street; `extra`: (unit, day, n)."""
    rows = [
        (measure, u, u, STREETS[u], ON - timedelta(days=7 * w), n) for u, n in units.items() for w in range(weeks)
    ] + [(measure, u, u, STREETS[u], day, n) for u, day, n in extra]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["measure", "report_unit", "division_code", "street_code", "day", "n"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def _people(units=UNITS):
    rows = [(u, u, STREETS[u], 50 * n) for u, n in units.items()]
    return pd.DataFrame(rows, columns=["report_unit", "division_code", "street_code", "subjects"])


def _judged(cases, people=None, counts=(VISITS,), on=ON, **kept):
    found = signals(counts, cases, _people() if people is None else people, on, **kept)
    return found.set_index(["measure", "kind", "place"])


def test_every_unit_street_and_the_city_is_a_series_with_its_subjects_and_history():
    """60 weeks reported, so 59 whole weeks before the one in question (the first case opens a begun week)."""
    found = _judged(_cases())
    assert sorted(found.loc["visit"].index.get_level_values("kind").unique()) == ["city", "street", "unit"]
    unit = found.loc[("visit", "unit", "650104")]
    assert (unit["observed"], unit["at_risk"], unit["report_unit"], unit["tier"]) == (6, 300, "650104", "pooled")
    assert unit["expected"] == pytest.approx(6, abs=0.01) and unit["level"] == "none"
    street = found.loc[("visit", "street", "650104/650104001")]
    assert (street["observed"], street["report_unit"]) == (6, "650104")
    city = found.loc[("visit", "city", "*")]
    assert (city["observed"], city["at_risk"], city["report_unit"]) == (20, 1000, "")
    assert unit["week_to"] == ON and unit["week_from"] == ON - timedelta(6) and unit["history"] == 58


def test_a_surge_in_one_unit_is_red_there_and_its_weeks_are_kept_for_the_chart():
    found = _judged(_cases(extra=[("650104", ON, 20)]))
    unit = found.loc[("visit", "unit", "650104")]
    assert unit["level"] == "red" and unit["observed"] == 26 and unit["bound"] < 26
    weeks = json.loads(unit["weeks"])
    assert weeks["observed"][-3:] == [6, 6, 26] and len(weeks["observed"]) == 52
    assert len(weeks["expected"]) == len(weeks["bound"]) == 26 and weeks["bound"][-1] == unit["bound"]
    assert found.loc[("visit", "unit", "650102"), "level"] == "none"


def test_a_unit_that_never_reported_a_measure_has_no_series_of_it():
    people = pd.concat([_people(), pd.DataFrame({"report_unit": ["650121"], "division_code": ["650121"], "street_code": [""], "subjects": [9]})])  # fmt: skip
    assert ("visit", "unit", "650121") not in _judged(_cases(), people).index


def test_a_place_without_listed_subjects_is_grey_and_not_normal():
    found = _judged(_cases(), _people({k: v for k, v in UNITS.items() if k != "650103"}))
    assert found.loc[("visit", "unit", "650103"), ["level", "verdict"]].tolist() == ["grey", "unknown"]


def test_a_short_history_is_grey_and_says_how_short():
    found = _judged(_cases(weeks=10))
    assert set(found["level"]) == {"grey"} and set(found["verdict"]) == {"short"}
    assert "不足 26 周" in found.iloc[0]["reason_zh"]


def test_a_week_ends_on_the_newest_day_that_was_reported_less_the_delay():
    """Rows up to three days ago; with a delay of two days the week ends five days ago and leaves out what came since."""
    late = _cases()
    late["day"] = late["day"] - pd.Timedelta(days=3)
    assert _judged(late).iloc[0]["week_to"] == ON - timedelta(3)
    found = _judged(late, counts=(replace(VISITS, delay=2),)).loc[("visit", "unit", "650102")]
    assert found["week_to"] == ON - timedelta(5) and found["observed"] == 2


@pytest.mark.parametrize(("days", "verdict"), [(STALE_DAYS, "usual"), (STALE_DAYS + 1, "late")])
def test_a_count_without_news_for_two_weeks_is_not_judged(days, verdict):
    found = _judged(_cases(), on=ON + timedelta(days))
    assert found.loc[("visit", "unit", "650109"), "verdict"] == verdict


def test_rows_of_the_future_are_not_looked_at():
    found = _judged(_cases(extra=[("650102", ON + timedelta(1), 50)]))
    assert found.loc[("visit", "unit", "650102"), "observed"] == 2


def _with_the_zone(extra=()):
    """甘泉堡 is a unit within the division of Midong, with three cases a week."""
    zone = (
        _cases()
        .query("report_unit == '650102'")
        .assign(report_unit="GQP", division_code="650109", street_code="650109104", n=3)
    )
    cases = pd.concat([_cases(extra=extra), zone], ignore_index=True)
    people = pd.concat([_people(), pd.DataFrame({"report_unit": ["GQP"], "division_code": ["650109"], "street_code": ["650109104"], "subjects": [150]})])  # fmt: skip
    return cases, people


def test_a_division_of_several_units_is_a_series_of_nobodys_own_and_the_others_are_their_units():
    found = _judged(*_with_the_zone())
    kinds = found.loc["visit"].index
    assert [place for kind, place in kinds if kind == "division"] == ["650109"]
    division = found.loc[("visit", "division", "650109")]
    assert (division["observed"], division["at_risk"], division["report_unit"]) == (11, 550, "")


def test_a_division_is_told_by_its_unit_where_that_is_in_alarm():
    found = _judged(*_with_the_zone(extra=[("650109", ON, 30)]))
    assert found.loc[("visit", "unit", "650109"), "level"] == "red"
    assert found.loc[("visit", "division", "650109"), ["level", "told"]].tolist() == ["red", True]
    assert not found.loc[("visit", "unit", "650109"), "told"]


def test_weeks_of_holidays_are_no_baseline():
    """In one week with three days off there were ten times as many cases; as a holiday week it leaves no trace."""
    first = ON - timedelta(days=7 * 30)
    cases = _cases(extra=[("650102", first, 18)])
    holidays = [first - timedelta(n) for n in range(3)]
    with_it, without = _judged(cases), _judged(cases, holidays=holidays)
    at = ("visit", "unit", "650102")
    assert without.loc[at, "expected"] == pytest.approx(2, abs=1e-3)
    assert with_it.loc[at, "expected"] > 2.003  # hardly more, for a week that stands out loses its weight


def test_counts_whose_newest_day_differs_are_judged_each_for_its_own_week():
    other = replace(VISITS, name="other")
    cases = _cases(measure="other")
    cases["day"] = cases["day"] - pd.Timedelta(days=2)
    found = _judged(pd.concat([_cases(), cases]), counts=(VISITS, other))
    weeks = found.groupby("measure")["week_to"].first()
    assert weeks.to_dict() == {"visit": ON, "other": ON - timedelta(2)}


def test_the_rows_order_does_not_matter():
    cases = _cases(extra=[("650104", ON, 20)])
    shuffled = cases.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(_judged(cases), _judged(shuffled))


def test_no_count_no_signal():
    assert signals((VISITS,), _cases().iloc[:0], _people(), ON).empty


def test_a_street_is_named_within_its_unit_for_a_street_may_lie_in_two():
    frame = pd.DataFrame({"report_unit": ["650109", "GQP", ""], "street_code": ["650109104", "650109104", "650109104"]})
    assert place_of(frame, "street").tolist() == ["650109/650109104", "GQP/650109104", ""]


def test_the_number_of_false_alarms_that_chance_alone_gives_is_told():
    """120 series judged by statistics at 1 % a week: 52 × 120 × 0.01 = 62.4; grey ones have no alarms."""
    counted = pd.DataFrame({"tier": ["pooled", "farrington", "exact"], "series": [100, 20, 500]})
    assert expected_false_alarms(counted) == 62


def test_band_and_cases_of_a_short_series_are_empty_and_not_zero():
    weeks = json.loads(_judged(_cases(weeks=10)).iloc[0]["weeks"])
    assert set(weeks["bound"]) == {None} and np.nansum([np.nan if v is None else v for v in weeks["observed"]]) > 0
