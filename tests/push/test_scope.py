"""Everybody is told what their own screens would show, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pilotwatch import push, warnings
from pilotwatch.push import Subscription, mail
from pilotwatch.push.message import message
from pilotwatch.store import scope
from pilotwatch.warnings import Filter
from pilotwatch.workdays import now, today
from tests.figures.test_keep import FOUND
from tests.push.conftest import TOMORROW, at
from tests.store.made import ADMIN, AUDITOR, CARDS, CITY, LEADER_TIANSHAN, OIL, OIL_TIANSHAN, station


def _station(n, unit, name, **values):
    return station(n, division_code=unit, name=name, **values)


def _raise(house):
    """Red (nozzles > 8) in two districts: one in 天山区, two in 米东区, and a yellow one (> 4) in 天山区."""
    house.upload(
        _station(1, "650102", "天山一站", nozzles=9), _station(2, "650102", "天山二站", nozzles=5),
        _station(3, "650109", "米东一站", nozzles=9), _station(4, "650109", "米东二站", nozzles=12),
    )  # fmt: skip
    return house


@pytest.fixture
def raised(house):
    return _raise(house)


@pytest.fixture
def raised_lite(lite):
    return _raise(lite)


def _digest(house, username, kind="daily", since=None, **wanted):
    return push.compose(
        house.desk(username), FOUND, house.places, kind, "key", Subscription(**wanted), now=at(8, 30),
        since=since or at(8, 30, today() - timedelta(7)),
    )  # fmt: skip


def _text(house, notice, language="zh"):
    return mail.as_text(message([notice], at(8, 30), house.settings, demo=False), language)


def test_two_leaders_get_different_digests_each_of_the_own_district_alone(raised):
    tianshan, midong, city = (_text(raised, _digest(raised, who)) for who in ("tianshan", "midong", "city"))
    assert "天山一站" in tianshan and "米东" not in tianshan
    assert "米东一站" in midong and "米东二站" in midong and "天山" not in midong
    assert all(name in city for name in ("天山一站", "米东一站", "米东二站"))


def test_a_digest_counts_what_the_desk_counts(raised):
    for who, red, yellow in (("tianshan", 1, 1), ("midong", 2, 0), ("city", 3, 1), ("cards", 0, 0)):
        counts = warnings.counted(raised.desk(who)).groupby("level")["warnings"].sum()
        assert (counts.get("red", 0), counts.get("yellow", 0)) == (red, yellow)
        said = _text(raised, _digest(raised, who))
        assert f"现有 {red + yellow} 条预警待处置" in said if red + yellow else "目前没有待处置的预警" in said


def test_a_digest_names_the_levels_that_are_wanted_and_says_how_many_are_below(raised_lite):
    said = _text(raised_lite, _digest(raised_lite, "city", levels=("yellow",)))
    assert "天山二站" in said and "天山一站" not in said
    assert "先办这些（1 条，其下还有 3 条）" in said


def test_a_digest_tells_what_was_opened_risen_and_closed_since_the_last_one(raised):
    """Opened: 4. Then 天山二站 rises from yellow to red and 天山一站 is closed: of these two the next digest tells."""
    first = _digest(raised, "tianshan")
    assert "新增 2 条，升级 0 条，办结 0 条" in _text(raised, first)
    since = warnings.history(raised.desk("tianshan"), *_of(raised, "天山二站"))["at"].max()
    raised.upload(_station(2, "650102", "天山二站", nozzles=9))
    warnings.close(raised.desk("tianshan"), *_of(raised, "天山一站"), "true", "核实", today())
    assert "新增 0 条，升级 1 条，办结 1 条" in _text(raised, _digest(raised, "tianshan", since=since))
    assert "新增 0 条，升级 0 条，办结 0 条" in _text(raised, _digest(raised, "midong", since=since))


def _of(house, name):
    rows = warnings.listed(house.desk("city"), Filter())
    row = rows[rows["name"] == name].iloc[0]
    return row["subject_id"], row["id"]


def test_a_digest_tells_of_first_actions_that_are_overdue_and_not_of_those_taken_on(raised):
    """Red: within 24 hours of being raised."""

    def said(hours):
        notice = push.compose(
            raised.desk("midong"), FOUND, raised.places, "daily", "key", Subscription(), since=now(), now=now() + timedelta(hours=hours)
        )  # fmt: skip
        return _text(raised, notice)

    assert "超过首次处置期限" not in said(23)
    assert "超过首次处置期限、尚无人认领的有 2 条：红色 2" in said(25) and "已超期" in said(25)
    warnings.acknowledge(raised.desk("midong"), *_of(raised, "米东一站"))
    assert "超过首次处置期限、尚无人认领的有 1 条：红色 1" in said(25) and "已认领" in said(25)


def test_a_digest_of_nothing_says_so_and_what_was_never_reported(lite):
    said = _text(lite, _digest(lite, "tianshan"))
    assert "天山区目前没有待处置的预警" in said
    assert "从未上报的数据集 2 个：站点、读数" in said
    assert "No open warnings in Tianshan District" in _text(lite, _digest(lite, "tianshan"), "en")


def test_a_digest_links_to_the_view_it_is_about(raised_lite):
    notice = _digest(raised_lite, "tianshan")
    told = message([notice], at(8), raised_lite.settings, demo=False)
    assert told.url("zh") == "https://jg.example.gov.cn/warnings?unit=650102"
    assert told.url("en") == "https://jg.example.gov.cn/warnings?unit=650102&lang=en"
    assert (
        message([_digest(raised_lite, "city")], at(8), raised_lite.settings, demo=False).url("zh").endswith("/warnings")
    )


def test_what_looks_like_a_number_of_a_person_leaves_masked(lite):
    lite.upload(_station(1, "650102", "张三13812345678加油点", nozzles=9))
    said = _text(lite, _digest(lite, "tianshan"))
    assert "13812345678" not in said and "138****5678" in said


# --- red at once ---------------------------------------------------------------------------------------------------


def _read(house):
    for who in ("tianshan", "midong", "cards", "city"):
        house.channel(who)
        house.subscribe(who)
    return house


@pytest.fixture
def readers(lite):
    return _read(lite)


def test_a_red_warning_is_told_at_once_to_those_whose_scope_it_is_in(house):
    readers = _read(house)
    readers.upload(_station(1, "650102", "天山一站", nozzles=9), _station(2, "650102", "天山二站", nozzles=5))
    assert [len(readers.told(who)) for who in ("tianshan", "midong", "cards", "city")] == [1, 0, 0, 1]
    assert push.run(readers, at=at(12)).sent == 2
    assert all("天山一站" in text and "天山二站" not in text for text in readers.robots.texts)
    assert "24小时内" in readers.robots.texts[0]


def test_one_commit_is_one_notice_that_names_ten_and_counts_the_rest(readers):
    readers.upload(*(_station(n, "650102", f"站{n:02}", nozzles=9) for n in range(1, 26)))
    (told,) = readers.told("tianshan")
    assert told.title.zh == "油新增红色预警 25 条"
    push.run(readers, at=at(12))
    text = readers.robots.texts[-1]
    assert text.count("- **【一级红】**") == 10
    assert "另有 15 条" in text


def test_several_commits_that_wait_together_go_out_as_one_message_of_ten_items_at_most(readers):
    for n in range(1, 4):
        readers.upload(*(_station(10 * n + i, "650102", f"站{n}{i}", nozzles=9) for i in range(4)))
    assert push.run(readers, at=at(12)).sent == 6  # three for 天山区 and three for the city
    assert len(readers.robots.got) == 2
    text = readers.robots.texts[0]
    assert "红色预警即时通知（3 则）" in text
    assert text.count("- **【一级红】**") == 10 and "其余未逐条列出" in text
    assert [text.count(f"站{n}") for n in (1, 2, 3)] == [4, 3, 3]  # shared out evenly
    assert "(https://jg.example.gov.cn/warnings?domain=oil&level=red)" in text


def test_a_warning_that_rises_to_red_is_told_and_one_that_stays_red_is_not_told_again(readers):
    readers.upload(_station(1, "650102", "甲站", nozzles=5))
    assert readers.told("tianshan") == []
    readers.upload(_station(1, "650102", "甲站", nozzles=9))
    readers.upload(_station(1, "650102", "甲站", nozzles=10))
    assert len(readers.told("tianshan")) == 1


def test_an_evaluation_of_a_day_gone_by_tells_nobody(readers):
    readers.upload(
        _station(1, "650102", "甲站", nozzles=1, opened_on=today() - timedelta(95))
    )  # T-03: red above 90 days
    assert len(readers.told("tianshan")) == 1
    readers.upload(_station(2, "650102", "乙站", nozzles=1, opened_on=TOMORROW - timedelta(91)))  # red from tomorrow on
    warnings.update(readers.store, FOUND, on=today() - timedelta(1))
    assert len(readers.told("tianshan")) == 1
    warnings.update(readers.store, FOUND, on=TOMORROW)
    assert len(readers.told("tianshan")) == 2


def test_a_name_can_neither_format_nor_link_nor_call_people(readers):
    name = "<script>甲</script>[点](http://e.cn)*站*@all"
    readers.channel("tianshan", "mail", "wang@urumqi.gov.cn")
    readers.upload(_station(1, "650102", name, nozzles=9))
    push.run(readers, at=at(12))
    (letter,) = readers.post.letters
    html = letter.get_body(("html",)).get_content()
    assert "&lt;script&gt;甲" in html and "<script" not in html
    for text in readers.robots.texts:
        item = next(line for line in text.splitlines() if "甲" in line).removeprefix("- **【一级红】** ")
        assert not set("<>[]*@`#") & set(item) and "http:" not in item


def test_the_rows_at_hand_that_are_in_scope_are_those_that_the_desk_shows(raised_lite):
    every = warnings.listed(raised_lite.store.desk(CITY), Filter())
    units = every["report_unit"].to_numpy(dtype=object)
    for person in (CITY, OIL, OIL_TIANSHAN, CARDS, LEADER_TIANSHAN):
        shown = warnings.listed(raised_lite.store.desk(person), Filter())
        assert set(every[scope.holds(person, "oil", units)]["id"]) == set(shown["id"])
    for person in (ADMIN, AUDITOR):
        assert not scope.holds(person, "oil", units).any()
