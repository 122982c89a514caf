"""A visit from its order to its published result, through the desks of those who make it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pilotwatch import figures
from pilotwatch.figures import ask
from pilotwatch.inspection import tasks
from pilotwatch.store import StoreRefused, draws, visit_tasks
from pilotwatch.workdays import now
from tests.store.made import CITY, LEADER_TIANSHAN, checked
from tests.store.uploads import arrived
from tests.tasks.conftest import CODE, COMMERCE, MARKET, POLICE, STATION, draw_of

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def task(house, drawn):
    """A task of the station, issued from its draw."""
    (number,) = tasks.issue(house.desk(CITY), tasks.of_draw(house.desk(CITY), house.registry, drawn))
    return visit_tasks.find(house.desk(CITY), number)


def found(house, task, **results):
    """Everybody has said what they found; the task as it is then."""
    for department in task["departments"]:
        given = {"result": "未发现问题", **results.get(department, {})}
        task = tasks.save(house.desk(CITY), task, department, **given)
    return task


def finished(house, task, **results):
    task = tasks.enter(house.desk(COMMERCE), task)
    task = found(house, task, **results)
    return tasks.finish(house.desk(CITY), house.registry, house.places, house.calendar(), task, signed_by="李某")


def rows(house, dataset, *columns, person=CITY):
    return house.desk(person).frame(dataset, list(columns), subjects=[STATION]).to_dict("records")


# --- issuing ----------------------------------------------------------------------------------------------------------


def test_a_task_says_who_is_visited_by_whom_about_what(house, task):
    assert task["number"] == "RW-20261124-00001"
    assert (task["name"], task["code"], task["address"], task["lead"]) == ("天山加油站", CODE, "人民路1号", "SWJ")
    assert task["departments"] == ["SWJ", "SCJG"]
    assert [(m["department"], m["name"]) for m in task["matters"]] == [
        ("SWJ", "经营资格及证照"),
        ("SWJ", "购销台账"),
        ("SCJG", "加油机检定证书"),
    ]
    assert [o["department"] for o in task["officers"]] == ["SWJ", "SWJ", "SCJG", "SCJG"]
    assert (task["trigger"], task["state"], task["until"]) == ("双随机", "issued", date(2026, 12, 31))


def test_without_a_plan_there_is_no_task(house, drawn):
    (order,) = tasks.of_draw(house.desk(CITY), house.registry, drawn)
    for origin, ref in (("draw", draws.new_id()), ("plan", draws.new_id()), ("case", "x"), ("idea", "")):
        with pytest.raises(StoreRefused) as no:
            tasks.issue(house.desk(CITY), [{**order, "origin": origin, "origin_ref": ref}])
        assert no.value.rule == "no_plan"
    assert visit_tasks.listed(house.desk(CITY)) == []


def test_a_task_is_issued_once(house, drawn, task):
    assert tasks.of_draw(house.desk(CITY), house.registry, drawn) == []
    order = {
        n: task[n]
        for n in task
        if n not in ("id", "number", "version", "state", "issued_at", "issued_by", "moved_at", "batch_id")
    }
    with pytest.raises(StoreRefused) as no:
        tasks.issue(house.desk(CITY), [order])
    assert no.value.rule == "issued"
    tasks.cancel(house.desk(CITY), task, "企业停业")
    assert len(tasks.of_draw(house.desk(CITY), house.registry, drawn)) == 1


def test_what_is_not_published_is_not_checked(house, drawn):
    (order,) = tasks.of_draw(house.desk(CITY), house.registry, drawn)
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.issue(house.desk(CITY), [{**order, "matters": []}])
    assert no.value.rule == "matters"


def test_only_those_who_take_part_see_a_task(house, task):
    assert visit_tasks.find(house.desk(COMMERCE), task["number"])["id"] == task["id"]
    assert visit_tasks.find(house.desk(LEADER_TIANSHAN), task["number"])["id"] == task["id"]
    with pytest.raises(StoreRefused) as no:
        visit_tasks.find(house.desk(POLICE), task["number"])
    assert no.value.rule == "no_task"
    assert visit_tasks.listed(house.desk(POLICE)) == []


# --- at the door --------------------------------------------------------------------------------------------------------


def test_scanning_in_is_now(house, task):
    entered = tasks.enter(house.desk(COMMERCE), task)
    assert (entered["state"], entered["entered_how"]) == ("entered", "scan")
    assert abs(entered["entered_at"] - now()) < timedelta(minutes=1)


def test_what_is_entered_afterwards_needs_a_reason(house, task):
    earlier = now() - timedelta(minutes=30)
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.enter(house.desk(COMMERCE), task, entered_at=earlier)
    assert no.value.rule == "late_reason"
    entered = tasks.enter(house.desk(COMMERCE), task, entered_at=earlier, late_reason="现场无网络")
    assert (entered["entered_how"], entered["late_reason"]) == ("late", "现场无网络")


@pytest.mark.parametrize(("days", "rule"), [(-30, "window"), (40, "future"), (1, "future")])
def test_nobody_enters_before_its_time_or_in_the_future(house, task, days, rule):
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.enter(house.desk(COMMERCE), task, entered_at=now() + timedelta(days=days), late_reason="补录")
    assert no.value.rule == rule


def test_of_two_at_once_the_second_is_told(house, task):
    tasks.enter(house.desk(COMMERCE), task)
    with pytest.raises(StoreRefused) as no:
        tasks.enter(house.desk(MARKET), task)
    assert no.value.rule == "meanwhile"


def test_an_uploaded_scan_is_taken_over(house, task):
    scan = {
        "scan_id": "SM1", "task_no": task["number"], "uscc": CODE, "site": "天山加油站", "dept": '["SWJ"]',
        "scan_in_at": datetime(2026, 11, 24, 9, 5, tzinfo=None), "distance_to_site_m": 42.0,  # noqa: DTZ001
    }  # fmt: skip
    house.desk(CITY).commit(arrived("扫码.xlsx"), [checked(house.registry.dataset("scan_in"), [scan])])
    desk = house.desk(CITY)
    assert tasks.take_scans(desk, visit_tasks.listed(desk)) == [task["number"]]
    entered = visit_tasks.find(desk, task["number"])
    assert (entered["entered_how"], entered["distance_m"]) == ("import", 42.0)
    assert entered["entered_at"].astimezone(BEIJING).strftime("%m-%d %H:%M") == "11-24 09:05"
    after = found(house, entered)
    tasks.finish(desk, house.registry, house.places, house.calendar(), after, signed_by="李某")
    assert len(rows(house, "scan_in", "scan_id")) == 1  # the scan isn't told twice


# --- what was found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"result": "很好"}, "result"),
        ({"result": "未发现问题", "ticks": {"JC-1": ["problem", "无证"]}}, "contradiction"),
        ({"result": "发现问题"}, "problems"),
        ({"result": "未发现问题", "ticks": {"JC-3": ["ok"]}}, "matter"),
    ],
)
def test_ticks_result_and_words_must_agree(house, task, given, rule):
    task = tasks.enter(house.desk(COMMERCE), task)
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.save(house.desk(COMMERCE), task, "SWJ", **given)
    assert no.value.rule == rule


def test_a_visit_ends_when_every_department_has_said_what_it_found_and_somebody_signed(house, task):
    task = tasks.enter(house.desk(COMMERCE), task)
    house_ = (house.registry, house.places, house.calendar())
    task = tasks.save(house.desk(COMMERCE), task, "SWJ", result="未发现问题")
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.finish(house.desk(CITY), *house_, task, signed_by="李某")
    assert no.value.rule == "open"
    assert "市场监督管理局" in no.value.message.zh
    task = tasks.save(house.desk(MARKET), task, "SCJG", result="未发现问题")
    with pytest.raises(tasks.TaskRefused) as no:
        tasks.finish(house.desk(CITY), *house_, task)
    assert no.value.rule == "signature"
    done = tasks.finish(house.desk(CITY), *house_, task, refused=True)
    assert (done["state"], done["refused_to_sign"], done["result"]) == ("recorded", True, "未发现问题")


# --- the record -----------------------------------------------------------------------------------------------------------


def test_a_finished_visit_is_a_record_like_any_other(house, task):
    done = finished(
        house, task, SCJG={"result": "责令改正", "problems": "检定证书过期", "ticks": {"JC-3": ["problem", "过期"]}}
    )
    (check,) = rows(
        house,
        "inspection",
        "id",
        "scan_id",
        "depts",
        "joint",
        "task_no",
        "trigger",
        "items",
        "result",
        "problems",
        "report_unit",
    )
    assert json.loads(check["depts"]) == ["SWJ", "SCJG"]
    assert (check["joint"], check["task_no"], check["trigger"], check["result"]) == (
        True,
        task["number"],
        "双随机",
        "责令改正",
    )
    assert json.loads(check["items"]) == ["经营资格及证照", "购销台账", "加油机检定证书"]
    assert check["problems"] == "市市场监督管理局：检定证书过期；加油机检定证书（过期）"
    (scan,) = rows(house, "scan_in", "scan_id", "certs", "task_no")
    assert json.loads(scan["certs"]) == [o["id"] for o in task["officers"]]
    trace = house.desk(CITY).trace("inspection", check["id"], STATION)
    assert (trace.file, trace.row, trace.batch.id) == (f"入企检查记录 {task['number']}.xlsx", 2, done["batch_id"])
    assert trace.batch.by == "city"


def test_the_figures_of_the_reform_follow(house, task):
    def saved():
        rows = ask.measured(house.desk(CITY), house.registry, ["REF-02"], ask.Period.of("2026-11"), date(2026, 11, 24))
        return float(rows["numerator"].fillna(0).sum())

    before = saved()
    finished(house, task)
    assert saved() - before == 1.0  # two departments in one visit save one


def test_storing_it_again_changes_nothing(house, task):
    done = finished(house, task)
    again = tasks.store_record(house.desk(CITY), house.registry, house.places, task["number"])
    assert (again["version"], again["batch_id"]) == (done["version"], done["batch_id"])
    assert len(rows(house, "inspection", "scan_id")) == 1


def test_an_officer_who_may_not_upload_records_his_visit_all_the_same(house, task):
    task = tasks.enter(house.desk(COMMERCE), task)
    for department in task["departments"]:
        task = tasks.save(house.desk(COMMERCE), task, department, result="未发现问题")
    tasks.finish(house.desk(COMMERCE), house.registry, house.places, house.calendar(), task, signed_by="李某")
    assert [r["task_no"] for r in rows(house, "inspection", "task_no")] == [task["number"]]
    with pytest.raises(StoreRefused) as no:
        house.desk(COMMERCE).commit(
            arrived(), [checked(house.registry.dataset("inspection"), [{"scan_id": "x", "uscc": CODE}])]
        )
    assert no.value.rule == "not_allowed"


def test_a_visit_without_a_scan_says_why(house, task):
    task = tasks.enter(house.desk(COMMERCE), task, exempt_reason="突发事件")
    task = found(house, task)
    tasks.finish(house.desk(CITY), house.registry, house.places, house.calendar(), task, signed_by="李某")
    (check,) = rows(house, "inspection", "exempt_reason", "scan_in_at", "inspected_on")
    assert check["exempt_reason"] == "突发事件"
    assert str(check["scan_in_at"]) == "NaT"
    assert str(check["inspected_on"].date()) == "2026-11-24"
    assert rows(house, "scan_in", "scan_id") == []


def test_a_house_without_a_credit_code_is_visited_too(house):
    number = draw_of(house, "self_built_housing", "自建房", ("SWJ",))
    (order,) = tasks.of_draw(house.desk(CITY), house.registry, number)
    (issued,) = tasks.issue(house.desk(CITY), [order])
    task = visit_tasks.find(house.desk(CITY), issued)
    finished(house, task)
    frame = house.desk(CITY).frame("inspection", ["subject_id", "task_no"], subjects=[task["subject_id"]])
    assert frame["task_no"].tolist() == [issued]


# --- the clock of publication ---------------------------------------------------------------------------------------------


def test_a_result_is_published_within_twenty_working_days(house, task):
    """2026-11-24 is a Tuesday; with four weeks of five days and no day off the twentieth is 2026-12-22."""
    done = finished(house, task)
    assert done["publish_by"] == date(2026, 12, 22)
    published = tasks.publish(house.desk(CITY), house.registry, house.places, done, date(2026, 11, 24))
    assert (published["state"], published["published_on"]) == ("published", date(2026, 11, 24))
    (check,) = rows(house, "inspection", "published_on")
    assert check["published_on"].date() == date(2026, 11, 24)
    with pytest.raises(StoreRefused) as no:
        tasks.publish(house.desk(CITY), house.registry, house.places, published, date(2026, 11, 24))
    assert no.value.rule == "task_state"


def test_nothing_is_published_before_the_visit(house, task):
    done = finished(house, task)
    for day in (date(2026, 11, 23), date(2026, 11, 25)):
        with pytest.raises(tasks.TaskRefused) as no:
            tasks.publish(house.desk(CITY), house.registry, house.places, done, day)
        assert no.value.rule == "published_on"


# --- what the enterprise says ---------------------------------------------------------------------------------------------


def test_the_rating_is_kept_from_those_who_inspected(house, task):
    done = finished(house, task)
    tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 2, "态度生硬")
    assert visit_tasks.rating_of(house.desk(CITY), done) == (2, "态度生硬")
    assert visit_tasks.was_rated(house.desk(COMMERCE), done)
    with pytest.raises(StoreRefused) as no:
        visit_tasks.rating_of(house.desk(COMMERCE), done)
    assert no.value.rule == "anonymous"
    (seen,) = rows(house, "scan_in", "rating", "rating_text")
    assert (seen["rating"], seen["rating_text"]) == (2, "态度生硬")
    for dataset in ("inspection", "scan_in"):
        (hidden,) = rows(house, dataset, "rating", "task_no", person=COMMERCE)
        assert str(hidden["rating"]) in ("nan", "None", "<NA>")
        assert hidden["task_no"] == task["number"]


def test_nobody_finds_the_rating_out_by_asking_for_it(house, task):
    done = finished(house, task)
    tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 1)
    desk, batch = house.desk(COMMERCE), visit_tasks.find(house.desk(CITY), task["number"])["batch_id"]
    for asking in (
        lambda: desk.frame("inspection", ["id"], where={"rating": 1}),
        lambda: desk.count("inspection", ["rating"]),
        lambda: desk.count("inspection", where={"rating": slice(1, 3)}),
        lambda: desk.file_of(batch),
    ):
        with pytest.raises(StoreRefused) as no:
            asking()
        assert no.value.rule == "anonymous"
    with house.store.registers(write=False) as books:
        told = [line for line in books.audit_lines() if line["act"] == "task.rated"]
    assert [line["details"] for line in told] == [{}]


def test_an_enterprise_says_it_once(house, task):
    done = finished(house, task)
    done = tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 5)
    with pytest.raises(StoreRefused) as no:
        tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 1)
    assert no.value.rule == "rated"
    with pytest.raises(tasks.TaskRefused):
        tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 6)


def test_sums_of_ratings_are_everybodys(house, task):
    done = finished(house, task)
    tasks.rate(house.desk(COMMERCE), house.registry, house.places, done, 5)
    told = ask.measured(house.desk(COMMERCE), house.registry, ["REF-14a"], ask.Period.of("2026-11"), date(2026, 11, 24))
    assert float(told["numerator"].fillna(0).sum()) >= 1.0
    assert figures.overview(house.desk(COMMERCE), house.registry, on=date(2026, 11, 24))


def test_its_story_is_told(house, task):
    done = finished(house, task)
    assert [e["act"] for e in visit_tasks.events(house.desk(CITY), done)] == [
        "issue",
        "enter",
        "save",
        "save",
        "finish",
        "store",
    ]
    assert visit_tasks.counts(house.desk(CITY))["recorded"] == 1
