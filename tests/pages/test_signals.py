"""What 异常与口径 shows and does, seen as its readers see it."""

from __future__ import annotations

import pytest

from pilotwatch import signals
from pilotwatch.access import person
from pilotwatch.signals import contradictions
from pilotwatch.signals.contradictions import Filter
from tests.pages.conftest import shown


def _desk(city, username="city"):
    return city.desk(person(city.store, username))


def test_the_city_office_sees_how_many_series_are_watched_and_how_it_is_judged(city, see):
    said = shown(see("signals", "city"))
    total = int(signals.counted(_desk(city))["series"].sum())
    assert "监看" in said and f"{total:,} 个序列" in said
    for word in ("不作判断", "偶然误报上限", "同一序列 7 天内只提示一次", "最短积累周数"):
        assert word in said


def test_an_alarm_is_told_as_a_sentence_with_its_numbers(city, see):
    standing = signals.listed(_desk(city))
    standing = standing[standing["raised_on"].notna()]
    said = shown(see("signals", "city"))
    if standing.empty:
        assert "没有异常升高" in said
    else:
        assert "本周" in said and "预期" in said and "上限" in said


def test_a_series_in_the_address_is_shown_with_its_reason(city, see):
    row = signals.listed(_desk(city), signals.Filter(kind="unit")).iloc[0]
    key = "/".join((row["domain"], row["measure"], row["kind"], row["place"]))
    assert row["reason_zh"] in shown(see("signals", "city", query={"series": key}))


def test_a_leader_sees_no_other_unit_and_not_the_city_as_a_place(city, see):
    said = shown(see("signals", "tianshan")) + shown(see("signals", "tianshan", query={"view": "conflicts"}))
    assert "米东区" not in said and "全市 " not in said


def test_contradictions_show_both_statements_and_whose_they_are(city, see):
    rows = contradictions.listed(_desk(city))
    assert len(rows)
    said = shown(see("signals", "city", query={"view": "conflicts"}))
    assert f"{len(rows)} 项口径冲突未消除" in said
    row = rows.iloc[0]
    assert row["name"] in said and "市商务局" in said and "相差" in said


def test_one_in_the_address_is_told_with_its_basis_and_sources_and_may_be_answered(city, see):
    row = contradictions.listed(_desk(city)).iloc[0]
    at = see("signals", "city", query={"view": "conflicts", "conflict": row["number"]})
    said = shown(at)
    for word in ("怎样比较", "依据", "发现不一致", row["number"]):
        assert word in said
    assert any("行" in e.label for e in at.expander)
    at.text_area[0].set_value("取数时点不同")
    next(b for b in at.button if b.label == "提交").click().run()
    history = contradictions.history(_desk(city), row["subject_id"], row["id"])
    assert history[["act", "note"]].to_numpy().tolist()[-1] == ["note", "取数时点不同"]


def test_a_foreign_one_in_the_address_is_not_shown(city, see):
    rows = contradictions.listed(_desk(city))
    other = rows[rows["report_unit"] != "650102"].iloc[0]
    said = shown(see("signals", "tianshan", query={"view": "conflicts", "conflict": other["number"]}))
    assert "不在您的权限范围内" in said and str(other["name"]) not in said


def test_kind_and_department_in_the_address_narrow(city, see):
    code = contradictions.listed(_desk(city)).iloc[0]["code"]
    few = contradictions.counted(_desk(city), Filter(code=code))["items"].sum()
    assert f"{few} 项口径冲突未消除" in shown(see("signals", "city", query={"view": "conflicts", "code": code}))


@pytest.mark.parametrize(
    ("view", "words"),
    [("surges", "还没有可以监看的计数"), ("conflicts", "没有未消除的口径冲突")],
)
def test_an_empty_store_says_so(empty, see, view, words):
    assert words in shown(see("signals", "city", query={"view": view}))


def test_english_has_no_chinese_of_ours(city, see):
    said = shown(see("signals", "city", language="en", query={"view": "conflicts"}))
    assert "contradictions that stand" in said and "口径" not in said
