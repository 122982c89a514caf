"""What 预警 shows and does, seen as its readers see it."""

from __future__ import annotations

import pytest

from pilotwatch import warnings
from pilotwatch.access import person
from tests.pages.conftest import shown
from ui.why import amount


def test_the_city_office_sees_how_many_there_are_and_the_first_of_them(city, see):
    at = see("warnings", "city")
    counts = warnings.counted(city.desk(person(city.store, "city")))
    assert f"{int(counts['warnings'].sum()):,} 条预警待处置" in shown(at)
    assert "先办这些" in shown(at)


def test_a_leader_sees_the_own_unit_only(city, see):
    at = see("warnings", "tianshan")
    units = set(warnings.counted(city.desk(person(city.store, "tianshan")))["report_unit"])
    assert units == {"650102"}
    assert "米东区" not in shown(at)


def test_the_few_that_matter_are_told_in_sentences_and_how_many_stand_below(city, see):
    said = shown(see("warnings", "city"))
    sentences = said.partition('<ol class="pw-sentences">')[2].partition("</ol>")[0]
    total = int(warnings.counted(city.desk(person(city.store, "city")))["warnings"].sum())
    assert sentences.count("<li>") == 8
    assert "由市" in sentences
    assert f"其下还有 {total - 8:,} 条" in said


def test_the_filters_of_the_address_are_those_of_the_list(city, see):
    """The list alone follows them; the sentences above stay those of the domain and unit."""
    asked = {"level": "red", "state": "untaken", "sort": "due", "mine": "1"}
    at = see("warnings", "city", query=asked)
    assert "符合条件 0 条" in shown(at)
    assert "先办这些" in shown(at)
    at = at.toggle(key="mine").set_value(False).run()
    desk = city.desk(person(city.store, "city"))
    n = int(warnings.counted(desk, warnings.Filter(level="red", state="untaken"))["warnings"].sum())
    assert f"符合条件 {n:,} 条" in shown(at)
    assert "mine" not in at.query_params
    assert at.query_params["level"] == "red"
    at = at.selectbox(key="state").set_value("closed").run()
    assert "没有符合条件的预警" in shown(at)
    assert at.query_params["state"] == "closed"


def test_many_are_taken_on_at_once_after_their_number_was_told(city, see):
    desk = city.desk(person(city.store, "tianshan"))
    wanted = warnings.Filter(level="red")
    n, subjects = warnings.touched(desk, wanted)
    at = see("warnings", "tianshan", query={"level": "red"})
    at = at.button(key="all-acknowledge").click().run()
    assert f"将以您的名义认领 {n} 条预警，涉及 {subjects} 个监管对象" in shown(at)
    assert warnings.counted(desk, wanted)["unseen"].sum() == n
    at = at.button(key="all-do").click().run()
    assert f"已认领 {n} 条" in shown(at)
    assert warnings.counted(desk, wanted)["unseen"].sum() == 0
    assert warnings.counted(city.desk(person(city.store, "city")), wanted)["unseen"].sum() > 0


def test_an_empty_store_says_that_there_is_nothing_to_deal_with(empty, see):
    assert "目前没有待处置的预警" in shown(see("warnings", "city"))


def test_a_warning_in_the_address_is_explained_with_formula_bound_and_sources(city, see):
    row = warnings.listed(city.desk(person(city.store, "city")), limit=1).iloc[0]
    said = shown(see("warnings", "city", query={"warning": row["number"]}))
    for word in ("为什么预警", "算法", "界限", "依据", "经过", "预警产生", row["number"]):
        assert word in said


def test_a_foreign_warning_in_the_address_is_not_shown(city, see):
    rows = warnings.listed(city.desk(person(city.store, "city")))
    other = rows[rows["report_unit"] != "650102"].iloc[0]
    said = shown(see("warnings", "tianshan", query={"warning": other["number"]}))
    assert "不在您的权限范围内" in said
    assert str(other["name"]) not in said


def test_closing_without_a_verdict_is_told_and_with_one_is_done(city, see):
    row = warnings.listed(city.desk(person(city.store, "city")), limit=1).iloc[0]
    at = see("warnings", "city", query={"warning": row["number"]})
    close = next(b for b in at.button if b.label == "下结论并办结")
    at = close.click().run()
    assert "请选择核查结论" in shown(at)
    at.radio[0].set_value("true")
    at.text_area[0].set_value("现场核实")
    next(b for b in at.button if b.label == "下结论并办结").click().run()
    history = warnings.history(city.desk(person(city.store, "city")), row["subject_id"], row["id"])
    assert history["act"].tolist()[-1] == "close:true"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1483560.4, "元", "1,483,560 元"),
        (0.2, "%", "20 %"),
        (0.01234, "", "0.01234"),
        (3.0, "天", "3 天"),
        (None, "元", "—"),
    ],
)
def test_amounts_are_written_as_people_write_them(value, unit, said):
    assert amount(value, unit) == said
