"""The indicators of self-built houses: both sides of every bound, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

ON = date(2026, 11, 23)


def ago(days: int) -> date:
    return ON - timedelta(days)


def graded(grade: str, days: int | None = 100, **fields) -> list[dict]:
    return [{"report_no": "R", "grade": grade, "reported_on": None if days is None else ago(days), **fields}]


OPEN = [{"house_no": "H", "operating": "营业", "use_kind": "经营性自建房"}]
SHUT = [{"house_no": "H", "operating": "停用", "use_kind": "经营性自建房"}]


@pytest.mark.parametrize(
    ("grade", "days", "value", "level"),
    [
        ("D", 0, 17, "red"),  # no grace: day 1 + 16
        ("D", 15, 32, "red"),
        ("C", 0, 1, "orange"),  # its own day is the first
        ("C", 15, 16, "orange"),  # 15 days: still in grace
        ("C", 16, 17, "red"),
        ("B", 900, 0, "normal"),
        ("A", 900, 0, "normal"),
    ],
)
def test_sbh_01_a_house_graded_d_may_not_be_open_a_c_not_beyond_15_days(judge, grade, days, value, level):
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=graded(grade, days)) == (value, level)


def test_sbh_01_is_normal_for_a_closed_house_and_no_data_where_grade_or_business_is_unknown(judge):
    assert judge("SBH-01", ON, sbh_house=SHUT, sbh_appraisal=graded("D")) == (0, "normal")
    assert judge("SBH-01", ON, sbh_house=SHUT) == (0, "normal")  # whatever its grade is
    assert judge("SBH-01", ON, sbh_house=OPEN) == (None, "nodata")
    unknown = [{"house_no": "H", "use_kind": "经营性自建房"}]
    assert judge("SBH-01", ON, sbh_house=unknown, sbh_appraisal=graded("D")) == (None, "nodata")
    assert judge("SBH-01", ON, sbh_house=unknown, sbh_appraisal=graded("A")) == (0, "normal")
    home = [{"house_no": "H", "use_kind": "其他自建房"}]
    assert judge("SBH-01", ON, sbh_house=home, sbh_appraisal=graded("D")) == (0, "normal")


def test_sbh_01_goes_by_the_latest_grade_that_was_known(judge):
    better = [*graded("D", 300), *graded("B", 20)]
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=better) == (0, "normal")
    tomorrow = [*graded("B", 300), *graded("D", -1)]
    assert judge("SBH-01", ON, sbh_house=OPEN, sbh_appraisal=tomorrow) == (0, "normal")
    listed = [{**OPEN[0], "grade": "C", "appraised_on": ago(16)}]
    assert judge("SBH-01", ON, sbh_house=listed, sbh_appraisal=graded("A", 300)) == (17, "red")
    undated = [{**OPEN[0], "grade": "D"}]  # a D is red whenever it was given
    assert judge("SBH-01", ON, sbh_house=undated) == (17, "red")
    assert judge("SBH-01", ON, sbh_house=[{**OPEN[0], "grade": "C"}]) == (None, "nodata")


def work(due: int | None, done: int | None = None) -> dict:
    """A rectification due so many days from now, done so many days ago."""
    return {
        "plan_on": ago(90), "due_on": None if due is None else ago(-due), "done_on": None if done is None else ago(done)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("due", "value", "level"),
    [
        (-31, 47, "red"),  # 31 days overdue: 16 + 31
        (-30, 46, "orange"),
        (-1, 17, "orange"),
        (0, 16, "yellow"),  # due today
        (15, 1, "yellow"),  # 15 days left: the reminder's first day
        (16, 0, "normal"),
    ],
)
def test_sbh_03_reminds_15_days_ahead_and_is_red_beyond_30_days_overdue(judge, due, value, level):
    found = judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("C"), sbh_rectification=[work(due)])
    assert found == (value, level)


def test_sbh_03_no_due_date_counts_as_31_days_overdue_after_15_days(judge):
    # 16 + 31 = 47; with and without a rectification on the list
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("D", 16)) == (47, "red")
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("D", 15)) == (0, "normal")
    rows = {"sbh_appraisal": graded("C", 16), "sbh_rectification": [work(None)]}
    assert judge("SBH-03", ON, sbh_house=OPEN, **rows) == (47, "red")


def test_sbh_03_ends_when_the_work_is_done(judge):
    rows = {"sbh_house": OPEN, "sbh_appraisal": graded("C", 100)}
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=10)]) == (0, "normal")
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=-1)]) == (56, "red")  # done tomorrow: 16 + 40
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=10), work(-2)]) == (18, "orange")
    # done 110 days ago, graded C 100 days ago: that work doesn't answer to this grade
    assert judge("SBH-03", ON, **rows, sbh_rectification=[work(-40, done=110)]) == (47, "red")
    over = [{**OPEN[0], "rectify_status": "已销号"}]
    assert judge("SBH-03", ON, sbh_house=over, sbh_appraisal=graded("C", 100)) == (0, "normal")


def test_sbh_03_concerns_c_and_d_only_and_is_no_data_without_a_grade(judge):
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_appraisal=graded("B"), sbh_rectification=[work(-40)]) == (
        0,
        "normal",
    )
    assert judge("SBH-03", ON, sbh_house=OPEN, sbh_rectification=[work(-40)]) == (None, "nodata")
    assert judge("SBH-03", ON, sbh_house=[{**OPEN[0], "grade": "C"}]) == (None, "nodata")  # since when?


def screened(result: str, days: int) -> list[dict]:
    return [{"screened_on": ago(days), "result": result}]


@pytest.mark.parametrize(
    ("days", "level"),
    [(61, "red"), (60, "orange"), (31, "orange"), (30, "yellow"), (16, "yellow"), (15, "normal"), (0, "normal")],
)
def test_sbh_04_serious_danger_must_be_appraised(judge, days, level):
    rows = screened("存在严重安全隐患", days)
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=rows) == (days, level)


def test_sbh_04_ends_with_an_appraisal_made_since(judge):
    serious = screened("存在严重安全隐患", 61)
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=serious, sbh_appraisal=graded("B", 61)) == (0, "normal")
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=serious, sbh_appraisal=graded("B", 62)) == (61, "red")
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=serious, sbh_appraisal=graded("B", -1)) == (61, "red")


def test_sbh_04_goes_by_the_latest_screening_and_knows_when_it_does_not_know(judge):
    calmer = [*screened("存在严重安全隐患", 61), *screened("存在一定安全隐患", 5)]
    assert judge("SBH-04", ON, sbh_house=OPEN, sbh_screening=calmer) == (0, "normal")
    assert judge("SBH-04", ON, sbh_house=OPEN) == (None, "nodata")
    undated = [{**OPEN[0], "screen_result": "存在严重安全隐患"}]
    assert judge("SBH-04", ON, sbh_house=undated) == (None, "nodata")
    assert judge("SBH-04", ON, sbh_house=undated, sbh_appraisal=graded("C")) == (0, "normal")
    dated = [{**undated[0], "screened_on": ago(31)}]
    assert judge("SBH-04", ON, sbh_house=dated) == (31, "orange")


@pytest.mark.parametrize(
    ("floors", "people", "value", "level"),
    [
        (3, 1, 2, "red"),
        (2, 10, 2, "red"),
        (2, 9, 1, "orange"),
        (None, None, 1, "orange"),  # how large isn't known: at least this
        (None, 10, 2, "red"),
    ],
)
def test_sbh_05_business_needs_an_appraisal_and_a_large_house_is_red(judge, floors, people, value, level):
    house = [{**OPEN[0], "floors": floors, "occupants": people}]
    assert judge("SBH-05", ON, sbh_house=house) == (value, level)


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
    assert judge("SBH-05", ON, sbh_house=[{"house_no": "H", "use_kind": "其他自建房"}]) == (0, "normal")
    assert judge("SBH-05", ON, sbh_house=[{"house_no": "H"}]) == (None, "nodata")
