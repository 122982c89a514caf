"""A domain unlike the pilots, in a folder of its own, goes the whole way: file, rows, levels, warnings, case, score, screens.

It has subjects with a number of their own, measurements every few days in units that nobody else has, a standard that
changed, statements of two departments, and every other piece that a domain may declare.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from pilotwatch import access, bounds, conformance, demo, disposal, registry, risk, scorecard, signals, warnings
from pilotwatch.places import Places
from pilotwatch.sampling import City
from pilotwatch.settings import settings
from pilotwatch.signals import contradictions
from pilotwatch.store import SYSTEM, StoreRefused
from pilotwatch.workdays import today
from tests.fourth.conftest import HERE
from tests.pages.conftest import shown

PAGES = ("overview", "warnings", "cases", "subject", "signals", "dictionary", "hotspots", "scorecard", "settings")


@pytest.fixture
def desk(pools):
    return pools.desk(SYSTEM)


def subject(desk, code: str) -> str:
    return desk.subjects(["subject_id"], where={"code": code})["subject_id"].iloc[0]


def explained(pools, desk, indicator: str, code: str, on: date | None = None) -> warnings.Explanation:
    return warnings.explain(desk, pools.registry, indicator, subject(desk, code), on or today())


def confirmed(pools) -> tuple[disposal.Case, str]:
    """The case that the first warning became when the city office found it true, and the warning's number."""
    desk = pools.desk(access.person(pools.store, "city"))
    first = warnings.listed(desk).iloc[0]
    warnings.close(desk, first["subject_id"], first["id"], "true", "现场复测余氯0.04", today())
    return disposal.of_warning(desk, first["subject_id"], first["id"]), first["number"]


# --- declared ----------------------------------------------------------------------------------------------------


def test_a_folder_of_its_own_holds_a_whole_domain_that_passes_the_kit():
    found = registry.load(HERE / "domain")
    (domain,) = found.domains
    city = City(Places.load(settings().data), date(2026, 11, 23), 1, scale=0.06)  # 12 pools of 200

    assert (domain.name, found.broken) == ("swimming_pools", ())
    assert conformance.check(domain, domain.sample(city), shared=found.shared) == []


def test_a_copy_of_the_folder_is_read_from_where_it_lies(tmp_path):
    """Its modules import each other relatively, so a copy doesn't reach back into the folder it came from."""
    copy = shutil.copytree(HERE / "domain", tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    records = copy / "swimming_pools" / "records.py"
    records.write_text(records.read_text(encoding="utf-8").replace("泳池名录", "浴场名录"), encoding="utf-8")

    assert registry.load(copy).dataset("pool").spec.zh == "浴场名录"
    assert registry.load(HERE / "domain").dataset("pool").spec.zh == "泳池名录"


def test_checks_and_complaints_can_be_about_a_pool():
    found = registry.load(HERE / "domain")

    assert found.dataset("inspection").column("pool_no").refers_to == "pool"
    assert "pool_no" in found.dataset("complaint").spec.subject_fields


# --- uploaded and judged -----------------------------------------------------------------------------------------


def test_units_of_its_own_are_read_in_headers_and_in_cells(desk):
    """The header says 毫克/升 or mg/L, three cells say it again, one in wide digits; the row 合计 is no pool."""
    rows = desk.frame("pool_reading", ["pool_no", "measured_at", "chlorine", "turbidity", "urea"])
    yesterday = rows[(rows["pool_no"] == "YC-0001") & (rows["measured_at"].dt.year >= today().year - 1)].iloc[0]

    assert len(desk.frame("pool", ["pool_no"])) == 5
    assert [float(yesterday[n]) for n in ("chlorine", "turbidity", "urea")] == [0.05, 2.5, 4.0]


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        # chlorine 0.05 < 0.1; below 0.3 and turbidity 2.5 > 1; measured yesterday
        ("YC-0001", ["red", "red", "normal"]),
        # 0.6 within 0.3–1.0; urea 3.5 is not above 3.5, so 0 items; 5 days > 3
        ("YC-0002", ["normal", "normal", "yellow"]),
        # 1.2 > 1.0; chlorine and urea 4.1 > 3.5 are 2 items, turbidity 0.4 is clear; 8 days > 7
        ("YC-0003", ["orange", "orange", "orange"]),
        # the later of two readings: 0.4; turbidity wasn't measured; yesterday
        ("YC-0004", ["normal", "nodata", "normal"]),
        ("YC-0005", ["nodata", "nodata", "nodata"]),  # never measured
    ],
)
def test_its_levels_are_those_worked_out_by_hand(pools, desk, code, levels):
    codes = ("SWM-01", "SWM-02", "SWM-03")

    assert [explained(pools, desk, i, code).level for i in codes] == levels
    standing = warnings.listed(desk, warnings.Filter(subject_id=subject(desk, code)))
    expected = [(i, level) for i, level in zip(codes, levels, strict=True) if level not in ("normal", "nodata")]
    assert sorted(zip(standing["indicator"], standing["level"], strict=True)) == expected


def test_one_reading_is_judged_by_the_standard_of_its_day(pools, desk):
    """0.8 mg/L on 2019-09-20: above the 0.5 of GB 9667-1996, within the 1.0 of GB 37488-2019 since 2019-11-01."""
    told = explained(pools, desk, "SWM-01", "YC-0001", date(2019, 12, 1))
    by_month = {day: (value, level) for day, value, level in told.trend}

    assert by_month[date(2019, 8, 31)] == (None, "nodata")
    assert by_month[date(2019, 9, 30)] == by_month[date(2019, 10, 31)] == (0.8, "orange")
    assert by_month[date(2019, 11, 30)] == (0.8, "normal")
    assert told.basis.source == "GB 37488-2019"
    # SWM-02 has no rule before that day: not normal, but unknown
    assert explained(pools, desk, "SWM-02", "YC-0001", date(2019, 10, 31)).level == "nodata"


def test_a_warning_is_explained_by_its_inputs_its_bound_and_the_rows_of_the_file(pools, desk):
    told = explained(pools, desk, "SWM-02", "YC-0003")

    assert {i.name: value for i, value in told.inputs} == {"chlorine": 1.2, "turbidity": 0.4, "urea": 4.1}
    assert (told.value, told.bound, told.bound_basis) == (2.0, ">= 2", "PRAC")
    # a title and a header stand above: the third pool is row 5; the sixth reading row 8
    assert told.sources[["sheet", "source_row"]].to_numpy().tolist() == [["泳池名录", 5], ["水质检测", 8]]


def test_its_standard_cannot_be_loosened_but_its_practice_may_be_set(pools):
    """Yellow from 6 days on instead of 4: YC-0002, measured 5 days ago, is normal. 1.5 mg/L is more than 1.0 allows."""
    person = access.person(pools.store, "city")

    def propose(code: str, version: str = "", **levels: str) -> bounds.Proposal:
        return bounds.Proposal("swimming_pools", code, levels, today(), "冬季人少", version=version)

    warnings.set_bounds(pools.store, person, pools.registry, propose("SWM-03", yellow="> 5"))
    assert explained(pools, pools.desk(SYSTEM), "SWM-03", "YC-0002").level == "normal"
    with pytest.raises(StoreRefused) as no:
        warnings.set_bounds(
            pools.store, person, pools.registry, propose("SWM-01", "2019-11-01", orange="< 0.3 | > 1.5")
        )
    assert "宽于国家标准规定的界限“< 0.3 | > 1.0”，不能放宽" in no.value.message.zh


# --- what follows ------------------------------------------------------------------------------------------------


def test_a_confirmed_warning_is_a_case_by_the_procedure_of_the_domain(pools):
    case, number = confirmed(pools)
    procedure = pools.rulebook().procedure(case)

    assert (case.owner, case.others, case.facts, case.channel_ref) == ("WJW", ("TYJ",), ("SWM-01",), number)
    assert procedure.first_action.zh == "现场复测，责令停止开放"
    assert [s.text.zh for s in procedure.steps] == ["复测余氯、浑浊度、尿素", "公示检测结果"]
    desk, book = pools.desk(access.person(pools.store, "city")), pools.rulebook()
    for act, values in (
        ("register", {"reason": "受理"}),
        ("triage", {"reason": "属实"}),
        ("assign", {"department": "WJW"}),
    ):
        case = disposal.do(desk, book, case, act, values)
    # two hours, as the domain wants it of a red one; other levels would have three working days
    first = case.clock("F1")
    assert (first.limit, first.due_at - first.start) == ("2h", timedelta(hours=2))


def test_two_departments_that_say_otherwise_are_one_item_of_both(desk):
    """YC-0004 told 0.9 itself, the Health Commission found 0.4: 0.5 apart, 2.5 times the tolerance of 0.2."""
    (item,) = contradictions.listed(desk).to_dict("records")

    assert (item["code"], item["code_of_subject"], list(item["owners"])) == ("SWM-K01", "YC-0004", ["TYJ", "WJW"])
    assert (round(item["gap"], 9), round(item["size"], 9)) == (0.5, 2.5)


def test_its_count_is_watched_and_a_unit_that_only_began_is_not_told_to_report(desk):
    watched = signals.listed(desk)

    assert set(watched["measure"]) == {"failed_reading"}
    assert set(watched["verdict"]) <= {"nothing", "short"}


def test_its_subjects_have_a_card_its_own_score_and_what_is_at_stake(pools, desk):
    """Never visited, asked for every 180 days: 10 points. Two reds of 50 are 100; 600 bathers are beyond 500: consequence 4."""
    (card,) = risk.risk_of(desk, pools.registry, subject(desk, "YC-0001"), risk.signer(pools.settings))

    assert {line.part.name: line.points for line in card.lines if line.points} == {"overdue": 10.0}
    assert (card.composite, card.composite_level) == (100.0, "red")
    assert (card.exposure, card.consequence, card.priority) == (600.0, 4, 40.0)


def test_its_indicators_are_scored_by_what_became_of_their_warnings(pools, desk):
    confirmed(pools)
    scores = {s.indicator.code: s for s in scorecard.scores_of(desk, pools.registry, pools.calendar())}

    assert (scores["SWM-01"].open, scores["SWM-01"].closed, scores["SWM-01"].true) == (1, 1, 1)
    assert scores["SWM-01"].incidents == ("ill_bathers", "penalty")


# --- seen --------------------------------------------------------------------------------------------------------


def test_the_commands_list_its_figures_warnings_and_cases(pools, run):
    case, number = confirmed(pools)

    # 2019-09: two readings, of which 0.8 was beyond the 0.5 of then
    whole, own = run("figures", "SWM-M01", "--period", "2019-09")["figures"]
    assert (whole["numerator"], whole["denominator"], whole["value"], whole["level"]) == (1.0, 2.0, 0.5, "red")
    assert (own["kind"], own["numerator"]) == ("self", 1.0)
    # pools 1 and 4 of 5 were measured within 3 days: 40 %, below 60 %
    (area,) = run("figures", "SWM-03")["area"]
    assert (area["numerator"], area["denominator"], area["level"]) == (2.0, 5.0, "red")
    told = run("warnings")
    assert told["total"] == 5 and number not in {w["number"] for w in told["warnings"]}
    assert [c["number"] for c in run("cases")["cases"]] == [case.number]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_shows_it_in_both_languages(pools, see, language):
    case, _ = confirmed(pools)
    desk = pools.desk(SYSTEM)
    row = warnings.listed(desk).iloc[0]
    asked = {
        "warnings": {"warning": row["number"]}, "cases": {"case": case.number}, "subject": {"subject": row["subject_id"]},
        "signals": {"view": "conflicts"},
    }  # fmt: skip
    said = {}
    for page in PAGES:
        at = see(page, "city", language=language, query=asked.get(page))
        assert not at.exception, page
        said[page] = shown(at)
    (domain,) = pools.registry.domains
    wanted = {
        "overview": domain.title, "warnings": domain.indicators[1].title, "cases": domain.procedures[0].first_action,
        "subject": domain.stake.title, "signals": domain.contradictions[0].title, "dictionary": domain.records[0].spec.title,
        "scorecard": domain.indicators[0].title, "settings": domain.title,
    }  # fmt: skip
    assert [page for page, text in wanted.items() if text(language) not in said[page]] == []


# --- drawn -------------------------------------------------------------------------------------------------------


def test_its_sample_is_a_city_in_which_its_warnings_find_what_was_planted(open_folder):
    """One pool of ten was not disinfected in the last fortnight: 0.05 mg/L, and no other was below 0.35."""
    house = open_folder("domain")
    built = demo.build(house, size=0.06)
    desk = house.desk(SYSTEM)
    red = warnings.listed(desk, warnings.Filter(indicator="SWM-01", level="red"))

    assert (built["datasets"]["pool"], built["planted"]["undisinfected"]) == (12, 1)
    assert red["code"].tolist() == ["YC-0001"]
