"""总览: the answer first, in the scope of who asks; right for an empty store, for one row and for a city."""

from __future__ import annotations

import re

import pytest

from pilotwatch import access, intake
from pilotwatch.domain import Text
from pilotwatch.registry import Broken
from tests.pages.conftest import PASSWORD, shown
from ui import cache

ONE_STATION = "加油站名称,统一社会信用代码,区县,经度,纬度\n天山一站,91650102MA00000156,天山区,87.63,43.79\n"


def judged(at) -> str:
    """The judgement of the page, its first sentence."""
    return re.search(r'<p class="pw-judge">(.*?)</p>', shown(at))[1]


def test_the_city_office_sees_the_city_in_a_sentence(city, see):
    at = see("overview", "city")
    assert not at.exception
    subjects = sum(d.subjects for d in cache.overview(city.desk(access.person(city.store, "city"))).domains)
    assert judged(at).startswith(f"全市 {subjects:,} 户监管对象中，一级红 ")


def test_a_leader_sees_the_own_unit_with_the_city_as_reference(city, see):
    at = see("overview", "tianshan")
    assert not at.exception
    assert judged(at).startswith("天山区 ")
    assert "全市（" in judged(at)
    page = shown(at)
    assert "沙依巴克区" not in page
    assert not [s for s in at.selectbox if s.key == "unit"]


def test_a_team_sees_its_own_domain_only(city, see):
    at = see("overview", "oil")
    page = shown(at)
    assert "成品油流通" in judged(at)
    assert "自建房" not in page
    assert "预付卡" not in page


def test_a_district_chosen_in_the_list_is_looked_at(city, see):
    at = see("overview", "city")
    at.selectbox(key="unit").select("650109").run()
    assert judged(at).startswith("米东区 ")
    assert dict(at.query_params)["unit"] in ("650109", ["650109"])


def test_a_view_can_be_sent_as_its_address(city, see):
    domain = city.registry.domains[0].name
    at = see("overview", "city", query={"unit": "650109", "domain": domain})
    assert judged(at).startswith(f"米东区 · {city.registry.domains[0].zh} ")


def test_what_is_counted_is_counted_once(city, see):
    """The tiles, the units and the domains of one screen say the same total."""
    person = access.person(city.store, "city")
    figures = cache.overview(city.desk(person))
    red = sum(d.red for d in figures.domains)
    page = shown(see("overview", "city"))
    assert f"<strong>{red:,}<em>户</em></strong>" in page


def test_english_says_all_of_ours_in_english(city, see):
    at = see("overview", "city", language="en")
    page = shown(at)
    names = {x for b in city.desk(access.person(city.store, "city")).batches() for x in (b.file, b.by_name)}
    names |= {s.name for s in city.places.streets.values()} | {"市级专班办公室"}
    for cell in re.findall(r">([^<>]+)<", page):
        if re.search(r"[\u4e00-\u9fff]", cell):
            assert any(name in cell for name in names) or _is_data(cell), cell


def _is_data(cell: str) -> bool:
    """Names of subjects are data and stay as they were reported."""
    return bool(re.search(r"(公司|加油|路|街|号|店|镇|乡|村|院|部|场|中心|站|区|馆|吧)", cell))


def test_an_empty_store_says_what_to_do_next(empty, see):
    at = see("overview", "city")
    assert not at.exception
    assert judged(at) == "全市还没有监管对象。"
    assert at.button(key="go-upload")


def test_an_empty_store_doesnt_send_a_leader_to_upload(empty, see):
    at = see("overview", "tianshan")
    assert not at.exception
    assert not [b for b in at.button if b.key == "go-upload"]
    assert "试点专班上报数据后" in shown(at)


def test_one_row_is_a_city_too(empty, see, tmp_path):
    desk = empty.desk(access.person(empty.store, "oil"))
    path = tmp_path / "一座站.csv"
    path.write_text(ONE_STATION, encoding="utf-8-sig")
    upload = intake.prepare(desk, path, registry=empty.registry, places=empty.places)
    upload.commit(explanations="一座站")
    at = see("overview", "city")
    assert not at.exception
    assert judged(at) == "全市已登记 1 户监管对象，但数据不足，暂不能判定风险等级。"
    assert "一座站.csv" in shown(at)


@pytest.mark.parametrize("username", ["admin", "auditor"])
def test_who_manages_the_system_sees_no_supervision_data(city, see, username):
    at = see("overview", username)
    assert "不查看业务数据" in shown(at)
    assert "pw-judge" not in shown(at)


def test_without_a_log_in_there_is_only_the_way_to_it(city, see):
    at = see("overview", None)
    assert "登录已结束" in shown(at)
    assert 'href="/login"' in shown(at)
    assert "pw-judge" not in shown(at)


def test_a_log_in_that_ended_elsewhere_ends_an_open_page(city, see):
    at = see("overview", "city")
    access.log_out_everywhere(city.store, "city")
    assert "登录已结束" in shown(at.run())


def test_a_broken_domain_is_named_on_every_page(city, see, monkeypatch):
    broken = Broken("street_stalls", Text("缺少 DOMAIN", "no DOMAIN"))
    monkeypatch.setitem(vars(city.registry), "broken", (broken,))
    assert "“street_stalls”未启用：缺少 DOMAIN" in shown(see("overview", "city"))


def test_a_name_in_the_data_is_never_markup(empty, see, tmp_path):
    desk = empty.desk(access.person(empty.store, "oil"))
    path = tmp_path / "x.csv"
    path.write_text(ONE_STATION.replace("天山一站", "<img src=x onerror=alert(1)>站"), encoding="utf-8-sig")
    intake.prepare(desk, path, name="<b>x</b>.csv", registry=empty.registry, places=empty.places).commit(
        explanations="x"
    )
    page = shown(see("overview", "city"))
    assert "<img" not in page
    assert "&lt;b&gt;x&lt;/b&gt;.csv" in page


def test_the_password_of_the_demo_stays_on_the_log_in_page(city, see):
    assert PASSWORD not in shown(see("overview", "city"))
