"""What 监管对象 shows, seen as its readers see it: one subject whole, in scope, down to file, sheet and row."""

from __future__ import annotations

import pytest

from pilotwatch import warnings
from pilotwatch.access import person
from pilotwatch.domain import Text
from tests.pages.conftest import shown
from ui.subject import words


def worst(city, username="city", **wanted):
    return warnings.listed(city.desk(person(city.store, username)), warnings.Filter(**wanted)).iloc[0]


def test_before_a_name_is_given_those_that_need_a_look_are_offered(city, see):
    at = see("subject", "city")
    assert "需要关注的对象" in shown(at)
    assert any(b.label == worst(city)["name"] for b in at.button)


def test_a_subject_is_found_by_its_name_and_opened(city, see):
    row = worst(city, domain="prepaid_cards")
    at = see("subject", "city", query={"find": row["name"][:-2]})
    assert "查找结果" in shown(at)
    at = next(b for b in at.button if b.label == row["name"]).click().run()
    assert at.query_params["subject"] == row["subject_id"]
    said = shown(at)
    for word in (row["name"], row["code"], "待处置的预警", "各项指标", "这个数怎么来的", "经过", "位置", row["number"]):
        assert word in said


def test_what_nobody_is_called_is_told_kindly(city, see):
    assert "没有找到“不存在的名字”" in shown(see("subject", "city", query={"find": "不存在的名字"}))


def test_another_units_subject_is_a_sentence_and_nothing_else(city, see):
    rows = warnings.listed(city.desk(person(city.store, "city")))
    other = rows[rows["report_unit"] != "650102"].iloc[0]
    at = see("subject", "tianshan", query={"subject": other["subject_id"]})
    assert "没有这个监管对象，或不在您的权限范围内" in shown(at)
    assert other["name"] not in shown(at)
    assert [len(at.get(kind)) for kind in ("expander", "selectbox", "plotly_chart")] == [0, 0, 0]


@pytest.mark.parametrize("domain", ["prepaid_cards", "refined_oil", "self_built_housing"])
def test_every_number_is_traced_to_the_row_of_a_file(city, see, domain):
    row = worst(city, domain=domain)
    at = see("subject", "city", query={"subject": row["subject_id"], "indicator": row["indicator"]})
    assert not at.exception
    said = shown(at)
    for word in ("算法", "界限", "依据", "演示数据/", "行"):
        assert word in said
    assert row["indicator"] in at.selectbox(key="indicator").value
    assert any("可追溯到上报文件的工作表和行号" in e.label for e in at.expander)


def test_the_timeline_is_filtered_by_dataset_and_department(city, see):
    row = worst(city, domain="prepaid_cards")
    at = see("subject", "city", query={"subject": row["subject_id"]})
    everything = at.selectbox(key="dataset").options
    assert any(o.startswith("投诉举报（") for o in everything)
    asked = {"subject": row["subject_id"], "dataset": "complaint", "department": "SCJG"}
    at = see("subject", "city", query=asked)
    said = shown(at).partition("pw-timeline")[2]
    assert at.selectbox(key="department").value == "SCJG"
    assert "投诉举报" in said
    assert [word for word in ("月度发卡兑付", "市商务局") if word in said.partition("</ul>")[0]] == []


def test_nothing_that_may_tell_who_reported_is_shown(city, see):
    """The sheet numbers of its complaints, and what they say, are stored, and not on the page."""
    row = worst(city, domain="prepaid_cards")
    told = city.desk(person(city.store, "city")).frame("complaint", ["ref_no", "subject"], subjects=[row["subject_id"]])
    assert len(told)
    said = shown(see("subject", "city", query={"subject": row["subject_id"], "dataset": "complaint"}))
    assert [n for n in (*told["ref_no"], *told["subject"]) if isinstance(n, str) and n in said] == []


def test_personal_columns_are_masked_and_say_so(city, see):
    desk = city.desk(person(city.store, "city"))
    houses = desk.frame("sbh_house", ["subject_id", "owner_masked"], where={"owner_masked": slice("一", None)})
    said = shown(see("subject", "city", query={"subject": houses.iloc[0]["subject_id"]}))
    assert "*" in houses.iloc[0]["owner_masked"]
    assert "已脱敏" in said


def test_a_house_without_a_point_is_shown_in_its_street_and_it_says_so(city, see):
    desk = city.desk(person(city.store, "city"))
    house = desk.subjects(where={"dataset": ["sbh_house"], "located": ["street"]}).iloc[0]
    assert "不是实测点位" in shown(see("subject", "city", query={"subject": house["subject_id"]}))


def test_the_page_is_there_in_english_too(city, see):
    row = worst(city, domain="refined_oil")
    at = see("subject", "city", language="en", query={"subject": row["subject_id"]})
    assert not at.exception
    for word in ("Open warnings", "Every indicator", "Timeline", "Petrol stations"):
        assert word in shown(at)


def test_an_empty_store_says_what_the_page_is_for(empty, see):
    assert "按名称或代码查找监管对象" in shown(see("subject", "city"))


def test_values_are_told_as_people_write_them(city):
    from pilotwatch.records import Complaint, Penalty

    class Reader:
        language, house = "zh", city
        say = staticmethod(lambda key: {"word.yes": "是", "word.no": "否"}[key])
        pick = staticmethod(lambda text: text.zh if isinstance(text, Text) else text)
        listed = staticmethod("、".join)
        department = staticmethod(lambda code: city.places.departments[code].title.zh)

    told = {
        (Complaint, "satisfied"): (0, "不满意"),
        (Complaint, "amount"): (858.65, "858.65 元"),
        (Complaint, "people_count"): (1, "1"),
        (Complaint, "dept"): ("SWJ", "市商务局"),
        (Penalty, "kind"): (["警告"], "警告"),
        (Complaint, "closed_at"): (None, ""),
    }
    found = {(r, n): words.value(Reader(), r.column(n), raw) for (r, n), (raw, _) in told.items()}
    assert found == {key: said for key, (_, said) in told.items()}
