"""What the pilots achieved: lines worked out by hand, and the effect of a pilot that was put into the visits."""

from __future__ import annotations

import json

import pytest

from pilotwatch import review
from pilotwatch.figures.ask import Period
from pilotwatch.intake import prepare
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Person, StoreRefused
from pilotwatch.workdays import today
from pilotwatch.workspace import Workspace
from tests.test_cli import run  # noqa: F401 - a fixture

UNITS = ("650102", "650103", "650104", "650105", "650106", "650107", "650109", "650121")
NAMES = ("天山区", "沙依巴克区", "新市区", "水磨沟区", "头屯河区", "达坂城区", "米东区", "乌鲁木齐县")
PILOTS = (0, 3, 6)
MONTHS = [f"{y}-{m:02}" for y in (2025, 2026) for m in range(1, 13)][
    :22
]  # to October 2026; the tests' day is in November
HEAD = "扫码编号,检查单位,统一社会信用代码,检查对象名称,所属区县,检查类型,检查日期,检查结果"


def code(number: int) -> str:
    """A credit code with its check character (GB 32100-2015)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    stem = f"91650100MA{number:07}"
    total = sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(stem))
    return stem + letters[-total % 31]


def visits() -> str:
    """Four planned visits a month and unit: one is joint, in pilots from January 2026 on three; now and then one more."""
    lines = [HEAD]
    for u, name in enumerate(NAMES):
        for m, month in enumerate(MONTHS):
            joint = 3 if u in PILOTS and month >= "2026-01" else 1
            joint += (u * 7 + m * 5) % 11 == 0
            for v in range(4):
                depts = "市商务局、市市场监管局" if v < joint else "市商务局"
                found = "发现问题" if v == 0 else "未发现问题"
                lines.append(
                    f"V{u}-{m}-{v},{depts},{code(u * 10 + v)},甲{u}{v}公司,{name},双随机,{month}-{10 + v},{found}"
                )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    workspace = Workspace.open(Settings(var=folder / "var", database_url=None))
    file = folder / "检查记录.csv"
    file.write_text(visits(), encoding="utf-8-sig")
    prepared = prepare(
        workspace.desk(SYSTEM), file, dataset="inspection", registry=workspace.registry, places=workspace.places
    )
    prepared.commit(explanations="试")
    yield workspace
    workspace.store.close()


@pytest.fixture
def desk(house):
    return house.desk(SYSTEM)


def test_the_months_before():
    assert [review.previous(Period.of(p)).text for p in ("2026-01", "2026-10", "2026Q1", "2026Q3", "2026")] == [
        "2025-12", "2026-09", "2025Q4", "2026Q2", "2025",
    ]  # fmt: skip


def test_a_line_beside_what_it_was(desk, house):
    found = review.results(desk, house.registry, "2026Q1", today(), unit="650102")
    line = {x.code: x for x in found.lines}["REF-03"]
    # 天山区 (u=0): m=0 and m=11 had one more of 2025's: (0*7+0*5)%11==0, (55)%11==0; in 2026 m=12,13,14: 60, 65, 70 % 11 = 5, 10, 4
    assert (line.numerator, line.denominator, line.value) == (9, 12, 0.75)
    assert line.baseline == pytest.approx((2 + 1 + 1) / 12)
    assert line.last == pytest.approx((1 + 1 + 2) / 12)  # the fourth quarter of 2025
    assert line.moved(line.last) == "better" and line.better == "more"
    # Clopper-Pearson of 9 in 12, as tables have it
    assert (round(line.low, 4), round(line.high, 4)) == (0.4281, 0.9451)


def test_what_says_fewer_has_its_guard_beside_it(desk, house):
    lines = {x.code: x for x in review.results(desk, house.registry, "2026", today()).lines}
    for fewer, guard in review.GUARDS.items():
        told = [c for c in lines if c.rstrip("abc") == fewer]
        assert told and all(lines[c].guard == guard for c in told if c in review.GUARDS)
        assert guard in lines
    assert lines["REF-05"].value == pytest.approx(0.25)  # one visit of four finds a problem, everywhere


def test_a_count_has_the_limits_of_garwood(desk, house):
    line = {x.code: x for x in review.results(desk, house.registry, "2025-02", today(), unit="650102").lines}["REF-02"]
    assert line.value == 1  # one joint visit of two departments
    assert (round(line.low, 4), round(line.high, 4)) == (0.0253, 5.5716)


def test_who_sees_one_unit_gets_its_own_results(house):
    leader = Person("l", "领导", "district_leader", units=frozenset({"650103"}))
    own = review.results(house.desk(leader), house.registry, "2026Q1", today())
    asked = review.results(house.desk(SYSTEM), house.registry, "2026Q1", today(), unit="650103")
    assert [x.value for x in own.lines] == [x.value for x in asked.lines]
    with pytest.raises(StoreRefused):
        review.effect(house.desk(leader), house.registry, "REF-03", "reform", today())


def test_a_pilot_without_a_ground_is_refused(desk, house):
    put = (desk, house.registry, house.places)
    for arguments, rule in (
        (("reform", ["650102"], "2026-01", "lottery", ""), "reason"),
        (("nothing", ["650102"], "2026-01", "lottery", "抽签产生"), "domain"),
        (("reform", ["650199"], "2026-01", "lottery", "抽签产生"), "unit"),
        (("reform", [], "2026-01", "lottery", "抽签产生"), "unit"),
        (("reform", ["650102"], "2026-13", "lottery", "抽签产生"), "month"),
        (("reform", ["650102"], "2026-01", None, "抽签产生"), "chosen"),
    ):
        with pytest.raises(review.ReviewRefused) as refused:
            review.set_pilots(*put, *arguments)
        assert refused.value.rule == rule
    team = Person("t", "专班", "pilot_team")
    with pytest.raises(StoreRefused):
        review.set_pilots(
            house.desk(team), house.registry, house.places, "reform", ["650102"], "2026-01", "lottery", "抽签产生"
        )


def test_the_pilot_that_was_put_in_is_found(desk, house):
    none = review.effect(desk, house.registry, "REF-03", "reform", today())
    assert (none.found.verdict, none.found.reason) == ("cant_tell", "no_pilot")
    units = [UNITS[u] for u in PILOTS]
    review.set_pilots(desk, house.registry, house.places, "reform", units, "2026-01", "lottery", "抽签，公证书第1号")
    told = review.effect(desk, house.registry, "REF-03", "reform", today())
    assert (told.found.verdict, told.found.ways, told.found.as_large) == ("rose", 56, 1)
    assert told.found.effect == pytest.approx(0.5, abs=0.03)  # two more of four visits
    assert told.found.bounds.low < 0.5 < told.found.bounds.high
    assert "联合检查占比" in told.sentence.zh and not any("抽签" in c.zh for c in told.caveats)
    assert (
        review.effect(desk, house.registry, "REF-05", "oil", today()).found.verdict == "no_evidence"
    )  # of the reform's pilots
    review.set_pilots(desk, house.registry, house.places, "reform", units[:1], None, None, "退出试点")
    assert set(review.pilots(desk, "reform")) == set(units[1:])
    review.set_pilots(
        desk, house.registry, house.places, "reform", units[:1], "2026-01", "appointed", "恢复试点，市政府批示"
    )
    assert any("不是抽签产生" in c.zh for c in review.effect(desk, house.registry, "REF-03", "reform", today()).caveats)


def test_the_command_line_gives_one_document(run):  # noqa: F811
    code_, out, _ = run("results", "--period", "2026Q3", "--unit", "650102", "--json")
    document = json.loads(out)
    assert (code_, document["period"], document["unit"]) == (0, "2026Q3", "650102")
    assert {x["code"] for x in document["results"]} >= {"REF-01", "REF-02", "OIL-M01"}
    assert all(x["value"] is None and x["level"] == "nodata" for x in document["results"] if x["code"] == "REF-03")
    code_, out, _ = run("effect", "REF-03", "--json")
    assert (code_, json.loads(out)["reason"]) == (0, "no_pilot")
    for arguments, rule, status in (
        (("results", "--period", "2026Q5"), "no_period", 2), (("effect", "REF-99"), "no_code", 2),
        (("pilots", "--units", "650102", "--since", "2026-01", "--chosen", "lottery"), "reason", 1),
    ):  # fmt: skip
        code_, out, _ = run(*arguments, "--json")
        assert (code_, json.loads(out)["refused"]) == (status, rule)
    code_, out, _ = run(
        "pilots",
        "--units",
        "650102,650103",
        "--since",
        "2026-01",
        "--chosen",
        "lottery",
        "--reason",
        "抽签产生",
        "--json",
    )
    assert (code_, [p["report_unit"] for p in json.loads(out)["pilots"]]) == (0, ["650102", "650103"])
