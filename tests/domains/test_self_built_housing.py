"""Houses graded dangerous, and appraisals that are missing or run out: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from domains.self_built_housing import DOMAIN
from pilotwatch.domain import Bound
from pilotwatch.levels import basis_of
from tests.domains.self_built import HOME, ON, OPEN, SHUT, ago, graded, indicator, numbers, place


def test_every_indicator_of_the_rules_is_there_in_order():
    assert [i.code for i in DOMAIN.indicators] == [f"SBH-{n:02}" for n in range(1, 15)]


@pytest.mark.parametrize("code", [i.code for i in DOMAIN.indicators])
def test_a_bound_says_what_it_rests_on_and_none_is_weightier_than_the_basis(code):
    weight = {"LAW": 3, "STD": 2, "POL": 1, "PRAC": 0}
    found = indicator(code)
    told = [(found.levels, found.basis)] * bool(found.levels) + [(a.levels, a.basis) for a in [found.area] if a]
    for levels, basis in told:
        bounds = [b for b in (levels.red, levels.orange, levels.yellow, levels.blue) if b]
        assert all(weight[basis_of(b)] <= weight[basis.level] for b in bounds)
    assert found.basis.level == "PRAC" or "待核实" in found.basis.source


def test_the_bounds_of_law_and_standard_are_marked_so_that_they_cannot_be_loosened():
    marked = {
        i.code: (name, bound.level)
        for i in DOMAIN.indicators
        if i.levels
        for name in ("red", "orange", "yellow")
        if isinstance(bound := getattr(i.levels, name), Bound) and bound.level in ("LAW", "STD")
    }
    assert marked == {
        "SBH-02": ("orange", "LAW"), "SBH-07": ("yellow", "LAW"), "SBH-08": ("red", "STD"), "SBH-12": ("yellow", "LAW"),
    }  # fmt: skip


# --- SBH-01 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "days", "value", "level"),
    [
        ("D", 0, 0, "red"),  # no grace
        ("D", 15, 15, "red"),
        ("C", 0, 0, "orange"),
        ("C", 15, 15, "orange"),  # still in grace
        ("C", 16, 16, "red"),
        ("B", 900, 0, "normal"),
        ("A", 900, 0, "normal"),
    ],
)
def test_sbh_01_a_house_graded_d_may_not_be_open_a_c_not_beyond_15_days(judge, grade, days, value, level):
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=graded(grade, days)) == (value, level)


def test_sbh_01_tells_the_numbers_it_comes_from():
    rows = {"sbh_house": OPEN, "sbh_appraisal": graded("C", 20)}
    assert numbers("SBH-01", **rows) == {"value": 20, "open_c": 1, "open_d": 0, "days": 20}


def test_sbh_01_is_normal_for_a_closed_house_and_no_data_where_grade_or_business_is_unknown(judge):
    assert judge("SBH-01", ON, sbh_house=SHUT, sbh_appraisal=graded("D")) == (0, "normal")
    assert judge("SBH-01", ON, sbh_house=SHUT) == (0, "normal")  # whatever its grade is
    assert judge("SBH-01", ON, sbh_house=OPEN) == (None, "nodata")
    unknown = [{"house_no": "H", "use_kind": "经营性自建房"}]
    assert judge("SBH-01", ON, sbh_house=unknown, sbh_appraisal=graded("D")) == (None, "nodata")
    assert judge("SBH-01", ON, sbh_house=unknown, sbh_appraisal=graded("A")) == (0, "normal")
    assert judge("SBH-01", ON, sbh_house=HOME, sbh_appraisal=graded("D")) == (0, "normal")


def test_sbh_01_goes_by_the_latest_grade_that_was_known(judge):
    better = [*graded("D", 300), *graded("B", 20)]
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=better) == (0, "normal")
    tomorrow = [*graded("B", 300), *graded("D", -1)]
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=tomorrow) == (0, "normal")
    listed = [{**OPEN[0], "grade": "C", "appraised_on": ago(16)}]
    assert judge("SBH-01", ON, sbh_house=listed, sbh_appraisal=graded("A", 300)) == (16, "red")


def test_sbh_01_needs_no_day_where_the_level_does_not_hang_on_it(judge):
    assert judge("SBH-01", ON, sbh_house=[{**OPEN[0], "grade": "D"}]) == (None, "red")
    assert judge("SBH-01", ON, sbh_house=[{**OPEN[0], "grade": "C"}]) == (None, "orange")  # at least


# --- SBH-02 ------------------------------------------------------------------------------------------------------


def lived_in(people: int | None, **fields) -> list[dict]:
    return [{**SHUT[0], "occupants": people, **fields}]


@pytest.mark.parametrize(
    ("people", "days", "value", "level"),
    [
        (1, 0, 0, "orange"),
        (1, 1, 24, "orange"),  # the next day: 24 hours
        (1, 2, 48, "red"),
        (0, 2, 0, "normal"),
    ],
)
def test_sbh_02_nobody_stays_in_a_house_graded_d_beyond_24_hours(judge, people, days, value, level):
    assert judge("SBH-02", ON, sbh_house=lived_in(people), sbh_appraisal=graded("D", days)) == (value, level)


def test_sbh_02_concerns_d_only_and_is_no_data_where_grade_or_people_are_unknown(judge):
    assert judge("SBH-02", ON, sbh_house=lived_in(5), sbh_appraisal=graded("C")) == (0, "normal")
    assert judge("SBH-02", ON, sbh_house=lived_in(5)) == (None, "nodata")
    assert judge("SBH-02", ON, sbh_house=lived_in(None), sbh_appraisal=graded("D")) == (None, "nodata")
    assert judge("SBH-02", ON, sbh_house=lived_in(5, grade="D")) == (None, "orange")  # since when isn't known


def test_sbh_02_shows_who_left_but_goes_by_the_list():
    def left(started: int, finished: int | None, people: int = 4) -> dict:
        return {
            "started_at": ago(started),
            "finished_at": None if finished is None else ago(finished),
            "people": people,
        }

    rows = {"sbh_house": lived_in(5), "sbh_appraisal": graded("D", 2)}
    # graded on the 21st: the evacuation of the 20th was before it, the last one is not finished: 4 + 1
    gone = [left(3, 3, 9), left(2, 2), left(1, 1, 1), left(0, None, 2)]
    assert numbers("SBH-02", **rows, sbh_evacuation=gone) == {"value": 48, "people": 5, "hours": 48, "left": 5}


def test_sbh_02_ends_when_the_house_is_pulled_down(judge):
    rows = {"sbh_house": lived_in(5), "sbh_appraisal": graded("D", 50)}
    down = {"plan_on": ago(40), "measure": '["人员撤离", "拆除"]'}
    assert judge("SBH-02", ON, **rows, sbh_rectification=[{**down, "done_on": ago(1)}]) == (0, "normal")
    assert judge("SBH-02", ON, **rows, sbh_rectification=[{**down, "done_on": ago(-1)}]) == (1200, "red")  # tomorrow
    repaired = {**down, "measure": '["维修加固"]', "done_on": ago(1)}
    assert judge("SBH-02", ON, **rows, sbh_rectification=[repaired]) == (1200, "red")
    listed = lived_in(5, measure='["拆除重建"]', rectify_status="已销号")
    assert judge("SBH-02", ON, sbh_house=listed, sbh_appraisal=graded("D", 50)) == (0, "normal")
    waiting = lived_in(5, measure='["拆除重建"]', rectify_status="待整治")
    assert judge("SBH-02", ON, sbh_house=waiting, sbh_appraisal=graded("D", 50)) == (1200, "red")


# --- SBH-03 ------------------------------------------------------------------------------------------------------


def work(due: int | None, done: int | None = None) -> dict:
    """A rectification due so many days from now, done so many days ago."""
    return {
        "plan_on": ago(90), "due_on": None if due is None else ago(-due), "done_on": None if done is None else ago(done)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("due", "value", "level"),
    [
        (-31, 31, "red"),
        (-30, 30, "orange"),
        (-1, 1, "orange"),
        (0, 0, "yellow"),  # due today
        (15, 0, "yellow"),  # 15 days left
        (16, 0, "normal"),
    ],
)
def test_sbh_03_reminds_15_days_ahead_and_is_red_beyond_30_days_overdue(judge, due, value, level):
    found = judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("C"), sbh_rectification=[work(due)])
    assert found == (value, level)


def test_sbh_03_no_due_date_counts_as_31_days_overdue_after_15_days(judge):
    # with and without a rectification on the list
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("D", 16)) == (31, "red")
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("D", 15)) == (0, "normal")
    rows = {"sbh_appraisal": graded("C", 16), "sbh_rectification": [work(None)]}
    assert judge("SBH-03", ON, sbh_house=OPEN, **rows) == (31, "red")


def test_sbh_03_takes_the_longest_of_several(judge):
    rows = {"sbh_house": OPEN, "sbh_appraisal": graded("C", 100)}
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-2), work(-29)]) == (29, "orange")
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-2), work(None)]) == (31, "red")
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40), work(None)]) == (40, "red")


def test_sbh_03_ends_when_the_work_is_done(judge):
    rows = {"sbh_house": OPEN, "sbh_appraisal": graded("C", 100)}
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=10)]) == (0, "normal")
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=-1)]) == (40, "red")  # done tomorrow
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=10), work(-2)]) == (2, "orange")
    # done 110 days ago, graded C 100 days ago: that work doesn't answer to this grade
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=110)]) == (31, "red")
    over = [{**OPEN[0], "rectify_status": "已销号"}]
    assert judge("SBH-03", ON, sbh_house=over, sbh_appraisal=graded("C", 100)) == (0, "normal")


def test_sbh_03_concerns_c_and_d_only_and_is_no_data_without_a_grade(judge):
    works = [work(-40)]
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("B"), sbh_rectification=works) == (0, "normal")
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_rectification=works) == (None, "nodata")
    assert judge("SBH-03", ON, sbh_house=[{**OPEN[0], "grade": "C"}]) == (None, "nodata")  # since when?


def test_sbh_03_tells_the_numbers_it_comes_from():
    rows = {"sbh_house": OPEN, "sbh_appraisal": graded("C", 100), "sbh_rectification": [work(-2), work(30)]}
    assert numbers("SBH-03", **rows) == {"value": 2, "pending": 1, "left": -2, "age": 100}


# --- SBH-04 ------------------------------------------------------------------------------------------------------


def screened(result: str, days: int) -> list[dict]:
    return [{"screened_on": ago(days), "result": result}]


SERIOUS = "存在严重安全隐患"


@pytest.mark.parametrize(
    ("days", "level"),
    [(61, "red"), (60, "orange"), (31, "orange"), (30, "yellow"), (16, "yellow"), (15, "normal"), (0, "normal")],
)
def test_sbh_04_serious_danger_must_be_appraised(judge, days, level):
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=screened(SERIOUS, days)) == (days, level)


def test_sbh_04_ends_with_an_appraisal_made_since_or_when_the_house_is_gone(judge):
    rows = {"sbh_house": OPEN, "sbh_screening": screened(SERIOUS, 61)}
    assert judge("SBH-04", ON, **rows, sbh_appraisal=graded("B", 61)) == (0, "normal")
    assert judge("SBH-04", ON, **rows, sbh_appraisal=graded("B", 62)) == (61, "red")
    assert judge("SBH-04", ON, **rows, sbh_appraisal=graded("B", -1)) == (61, "red")
    down = [{"plan_on": ago(50), "measure": '["拆除"]', "done_on": ago(0)}]
    assert judge("SBH-04", ON, **rows, sbh_rectification=down) == (0, "normal")


def test_sbh_04_goes_by_the_latest_screening_and_knows_when_it_does_not_know(judge):
    calmer = [*screened(SERIOUS, 61), *screened("存在一定安全隐患", 5)]
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=calmer) == (0, "normal")
    assert judge("SBH-04", ON, sbh_house=OPEN) == (None, "nodata")
    undated = [{**OPEN[0], "screen_result": SERIOUS}]
    assert judge("SBH-04", ON, sbh_house=undated) == (None, "nodata")
    assert judge("SBH-04", ON, sbh_house=undated, sbh_appraisal=graded("C")) == (0, "normal")
    dated = [{**undated[0], "screened_on": ago(31)}]
    assert judge("SBH-04", ON, sbh_house=dated) == (31, "orange")
    assert numbers("SBH-04", sbh_house=dated) == {"value": 31, "serious": 1, "appraised": 0, "days": 31}


# --- SBH-05 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("floors", "people", "level"),
    [
        (3, 1, "red"),
        (2, 10, "red"),
        (2, 9, "orange"),
        (None, None, "orange"),  # how large isn't known: at least this
        (None, 10, "red"),
        (3, None, "red"),
    ],
)
def test_sbh_05_business_needs_an_appraisal_and_a_large_house_is_red(judge, floors, people, level):
    house = [{**OPEN[0], "floors": floors, "occupants": people}]
    assert judge("SBH-05", ON, sbh_house=house) == (1, level)


def test_sbh_05_an_appraisal_counts_while_it_is_valid_and_good(judge):
    def found(appraisal: list[dict]):
        return judge("SBH-05", ON, sbh_house=OPEN, sbh_appraisal=appraisal)

    assert found(graded("A")) == (0, "normal")
    assert found(graded("B", valid_until=ON)) == (0, "normal")  # the last day
    assert found(graded("B", valid_until=ago(1))) == (1, "orange")
    assert found(graded("C")) == (1, "orange")
    five_years = [{"report_no": "R", "grade": "A", "reported_on": date(2021, 11, 23)}]
    assert found(five_years) == (0, "normal")  # to 2026-11-23, today
    assert found([{**five_years[0], "reported_on": date(2021, 11, 22)}]) == (1, "orange")


def test_sbh_05_concerns_houses_in_business_only(judge):
    assert judge("SBH-05", ON, sbh_house=SHUT) == (0, "normal")
    assert judge("SBH-05", ON, sbh_house=HOME) == (0, "normal")
    assert judge("SBH-05", ON, sbh_house=[{"house_no": "H"}]) == (None, "nodata")


def test_sbh_05_is_a_share_of_the_houses_in_business_of_a_place():
    def parts(houses: list[dict], **rows) -> tuple[float, float]:
        told = numbers("SBH-05", sbh_house=houses, **rows)
        return told["lacking"], told["operating"]

    good = parts(OPEN, sbh_appraisal=graded("A"))
    assert (good, parts(OPEN), parts(SHUT)) == ((0, 1), (1, 1), (0, 0))
    assert numbers("SBH-05", sbh_house=[{"house_no": "H"}])["operating"] is None  # counts in neither
    # 1 of 10, of 11, of 20, of 21, of 100, of 101; a closed one doesn't count
    for others, value, level in [
        (9, 0.1, "red"), (10, 1 / 11, "orange"), (19, 0.05, "orange"), (20, 1 / 21, "yellow"), (99, 0.01, "yellow"),
        (100, 1 / 101, "normal"),
    ]:  # fmt: skip
        assert place("SBH-05", parts(OPEN), (0, 0), *[good] * others) == (round(value, 9), level)


# --- SBH-06 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "level"),
    [(-1, "red"), (0, "orange"), (30, "orange"), (31, "yellow"), (90, "yellow"), (91, "normal")],
)
def test_sbh_06_an_appraisal_that_runs_out_is_told_90_days_ahead(judge, left, level):
    assert judge("SBH-06", ON, sbh_house=OPEN, sbh_appraisal=graded("B", valid_until=ago(-left))) == (left, level)


def test_sbh_06_an_appraisal_without_an_end_holds_five_years_and_one_for_a_c_under_observation(judge):
    def found(grade: str, reported: date, **fields):
        rows = [{"report_no": "R", "grade": grade, "reported_on": reported, **fields}]
        return judge("SBH-06", ON, sbh_house=OPEN, sbh_appraisal=rows)

    assert found("A", date(2021, 11, 22)) == (-1, "red")
    assert found("B", date(2021, 12, 23)) == (30, "orange")
    assert found("C", date(2025, 11, 22), advice="观察使用") == (-1, "red")
    assert found("C", date(2025, 11, 22), advice="停止使用") == (None, "nodata")
    assert found("C", date(2025, 11, 22), advice="停止使用", valid_until=ago(-91)) == (91, "normal")
    assert found("D", date(2025, 11, 22)) == (None, "nodata")


def test_sbh_06_is_no_data_without_an_appraisal_and_at_rest_when_the_house_is_gone(judge):
    assert judge("SBH-06", ON, sbh_house=OPEN) == (None, "nodata")
    over = graded("B", 400, valid_until=ago(10))
    down = [{"plan_on": ago(50), "measure": '["拆除"]', "done_on": ago(5)}]
    assert judge("SBH-06", ON, sbh_house=OPEN, sbh_appraisal=over) == (-10, "red")
    assert judge("SBH-06", ON, sbh_house=OPEN, sbh_appraisal=over, sbh_rectification=down) == (-10, "normal")
    rebuilt = [*over, *graded("A", 2, valid_until=ago(-5))]  # the new house, graded since
    rows = {"sbh_house": OPEN, "sbh_appraisal": rebuilt, "sbh_rectification": down}
    assert judge("SBH-06", ON, **rows) == (5, "orange")
    assert numbers("SBH-06", **rows) == {"value": 5, "standing": 1, "age": 2}
