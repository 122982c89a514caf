"""The demo city: invented, the same for the same seed, valid by the rules of an upload, true to what was planted."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pilotwatch import access, demo, disposal, figures, registry
from pilotwatch.demo.build import _batches
from pilotwatch.demo.frames import SampleError, checked
from pilotwatch.places import Places
from pilotwatch.sampling import City, numbered, where
from pilotwatch.settings import ROOT, Settings
from pilotwatch.store import SYSTEM
from pilotwatch.workdays import now, today
from pilotwatch.workspace import Workspace

ON = date(2026, 11, 20)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def domains():
    return registry.load(ROOT / "domains")


@pytest.fixture(scope="module")
def places():
    return Places.load(ROOT / "data")


def sampled(places, domains, on=ON, seed=7, part=0, scale=0.05):
    """(city, frames by domain name) of one part of a city."""
    city = City(places, on, seed, part, scale)
    return city, {d.name: dict(d.sample(city)) for d in domains.domains if d.sample}


@pytest.fixture(scope="module")
def whole(places, domains):
    """A city of size 1 as its frames, none of them stored."""
    return sampled(places, domains, seed=demo.SEED, scale=1.0)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small city in a store of its own: (workspace, what build told, the planted truth)."""
    var = tmp_path_factory.mktemp("demo")
    workspace = Workspace.open(
        Settings(var=var, database_url=f"sqlite:///{var / 'demo.db'}", data=ROOT / "data", domains=ROOT / "domains")
    )
    summary = demo.build(workspace, size=0.05, seed=7, on=ON)
    yield workspace, summary, json.loads((var / demo.TRUTH).read_text(encoding="utf-8"))
    workspace.store.close()


def of_kind(truth, kind):
    return [p for p in truth["planted"] if p["kind"] == kind]


# --- the same for the same seed ----------------------------------------------------------------------------------


def as_bytes(places, domains, **options) -> bytes:
    """Everything a city sends to the store, and what it planted, as bytes."""
    city = City(places, options.get("on", ON), options.get("seed", 7), options.get("part", 0), 0.03)
    sink = pa.BufferOutputStream()
    for batch in _batches(city, domains):
        for table in batch.tables:
            sink.write(f"{batch.name} {batch.day}".encode())
            with pa.ipc.new_stream(sink, table.frame.schema) as stream:
                stream.write_table(table.frame)
    return sink.getvalue().to_pybytes() + json.dumps(city.planted, ensure_ascii=False).encode()


def test_the_demo_city_has_a_year_of_cases_whose_rows_are_what_their_events_say(built):
    workspace, summary, _ = built
    desk = workspace.desk(SYSTEM)
    rows = disposal.listed(desk, disposal.CaseFilter(closed=True), limit=1000)
    assert len(rows) == summary["cases"] == 22  # 250, 120 and 80 of a whole city's, a twentieth of each: 12 + 6 + 4
    for row in rows.to_dict("records"):
        case = disposal.case(desk, row["number"])
        assert (row["state"], row["version"], row["closing"], row["late"]) == (
            case.state,
            case.version,
            case.closing,
            case.late,
        )
        assert case.received_at.date() >= ON - timedelta(366) and case.handled_at <= now()
    assert set(rows["state"]) >= {"archived"} and rows["domain"].nunique() == 3


def test_the_same_seed_day_and_part_give_the_same_bytes(places, domains):
    assert as_bytes(places, domains) == as_bytes(places, domains)


@pytest.mark.parametrize("other", [{"seed": 8}, {"on": ON - timedelta(days=1)}, {"part": 1}])
def test_another_seed_day_or_part_gives_another_city(places, domains, other):
    assert as_bytes(places, domains) != as_bytes(places, domains, **other)


# --- valid -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.001, 0.04])
@pytest.mark.parametrize(
    "on",
    [date(2023, 11, 10), date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31), date(2026, 8, 31), date(2027, 6, 30)],
)
def test_every_row_passes_the_rules_of_an_upload_on_any_day_and_at_any_size(places, domains, on, scale):
    for batch in _batches(City(places, on, on.toordinal(), 0, scale), domains):  # raises SampleError where one doesn't
        assert batch.day <= on
        for table in batch.tables:
            assert table.good.all()
            assert list(table.findings) == [], (batch.name, table.table.dataset)


def test_a_sample_that_an_upload_would_refuse_is_named_with_field_and_rule(places, domains):
    record = domains.dataset("oil_station")
    frame = pd.DataFrame(
        {"uscc": ["91650106XJDEM0014F", "91650106XJDEM0014F"], "name": ["甲", None], "annual_sales_t": [5.0, -1.0]}
    )
    with pytest.raises(
        SampleError, match=r"oil_station.*required in 1 rows of name.*range in 1 rows of annual_sales_t"
    ):
        checked(record, frame, places=places, on=ON, known={})


def test_a_sample_of_the_wrong_type_is_named_with_its_field(places, domains):
    frame = pd.DataFrame({"uscc": ["91650106XJDEM0014F"], "name": ["甲"], "annual_sales_t": ["五千"]})
    with pytest.raises(SampleError, match=r"oil_station\.annual_sales_t"):
        checked(domains.dataset("oil_station"), frame, places=places, on=ON, known={})


def test_unified_social_credit_codes_are_valid_fictitious_and_never_repeated(places):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = [
        c
        for part in range(3)
        for c in City(places, ON, 7, part).usccs(np.random.default_rng(part), 4_000, individual=0.3)
    ]
    assert len(set(codes)) == len(codes)
    for code in codes:
        values = [alphabet.index(c) for c in code]
        assert sum(v * 3**i % 31 for i, v in enumerate(values[:17])) % 31 == -values[17] % 31
        number = [int(c, 36) for c in code[8:16]]
        check = -sum(v * w for v, w in zip(number, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        assert code[16] == ("X" if check == 10 else str(check))
        assert code[8:11] == "XJD"


def test_no_code_of_the_city_is_one_of_the_workbooks_to_upload_into_it(whole):
    taken = set()
    for path in (SHARED / "workbooks").glob("*.expected.json"):
        text = path.read_text(encoding="utf-8")
        taken |= {word.strip('", ') for word in text.split() if "ZJ" in word or "XJ" in word}
    _, frames = whole
    codes = {c for by in frames.values() for f in by.values() for c in f.get("uscc", pd.Series(dtype=object)).dropna()}
    codes |= set(frames["self_built_housing"]["sbh_house"]["house_no"])
    assert len(taken) > 30
    assert not codes & taken


# --- the city ----------------------------------------------------------------------------------------------------


def test_a_city_of_size_one_has_the_pilots_numbers_of_subjects_and_three_years_of_records(whole):
    city, frames = whole
    assert len(frames["prepaid_cards"]["ppc_issuer"]) == 1_200
    assert len(frames["self_built_housing"]["sbh_house"]) == 20_000
    assert len(frames["refined_oil"]["oil_station"]) == 330
    assert 400_000 < sum(len(f) for by in frames.values() for f in by.values()) < 600_000
    checks = pd.concat(by["inspection"] for by in frames.values())
    assert checks["inspected_on"].min() < pd.Timestamp(ON - timedelta(days=1_080))
    assert checks["inspected_on"].max() > pd.Timestamp(ON - timedelta(days=14))
    assert checks["inspected_on"].max() <= pd.Timestamp(ON)
    named = {d for text in checks["depts"].unique() for d in json.loads(text)}
    assert len(named & set(city.places.departments)) >= 8


def test_every_point_lies_inside_its_own_division(whole, places):
    _, frames = whole
    for by in frames.values():
        for name, frame in by.items():
            if {"lng", "division_code"} <= set(frame.columns):
                at = frame[frame["lng"].notna()]
                assert places.boundaries.contains(at["division_code"], at["lng"], at["lat"], tolerance_m=0).all(), name


def test_some_subjects_are_without_a_point_some_in_ganquanpu_some_under_the_corps(whole, places):
    _, frames = whole
    houses = frames["self_built_housing"]["sbh_house"]
    assert 0.06 < houses["lng"].isna().mean() < 0.10
    assert houses["street_code"].isna().any()
    assert (houses["zone"] == "GQP").sum() > 100
    assert (places.jurisdictions(houses["street_code"].astype(object)) == "xpcc").sum() > 100
    assert set(houses["division_code"]) == {d.code for d in places.divisions}


def test_most_houses_are_sound_and_few_are_dangerous(whole):
    _, frames = whole
    grades = frames["self_built_housing"]["sbh_house"]["grade"].value_counts()
    assert grades["A"] + grades["B"] > 10 * (grades["C"] + grades["D"])
    assert 0.005 < grades["D"] / grades.sum() < 0.03


def test_the_reform_shows_fewer_visits_each_year_and_more_of_them_joint(whole):
    _, frames = whole
    checks = pd.concat(by["inspection"] for by in frames.values())
    year = ((checks["inspected_on"] - pd.Timestamp(ON) + pd.Timedelta(days=1_096)).dt.days // 366).clip(0, 2)
    visits, joint = checks.groupby(year).size(), checks.groupby(year)["joint"].mean()
    assert visits[0] > visits[1] > visits[2]
    assert joint[0] < joint[1] < joint[2]


# --- the planted truth -------------------------------------------------------------------------------------------


def test_houses_of_a_hot_street_lie_close_together_and_are_open_though_dangerous(whole, places):
    city, frames = whole
    houses = frames["self_built_housing"]["sbh_house"].set_index("house_no")
    streets = {p["street"] for p in city.planted if p["kind"] == "hot_street"}
    dangerous = [p for p in city.planted if p["kind"] == "dangerous_operating"]
    assert len(streets) == 3
    assert Counter(p["street"] for p in dangerous) == dict.fromkeys(streets, 45)
    planted = houses.loc[[p["code"] for p in dangerous]]
    assert set(planted["grade"]) == {"C", "D"}
    assert set(planted["operating"]) == {"营业"}
    for _, group in planted.groupby("street_code"):
        x, y = places.boundaries._plane(group["lng"], group["lat"])
        assert np.median(np.hypot(x - np.median(x), y - np.median(y))) < 400
    elsewhere = houses.drop(index=planted.index)
    open_ = elsewhere["grade"].isin(["C", "D"]) & (elsewhere["operating"] == "营业")
    assert open_.sum() < len(planted) / 3


def test_absconding_issuers_are_complained_of_and_owe_and_leave(whole):
    city, frames = whole
    cards = frames["prepaid_cards"]
    gone = {p["code"]: date.fromisoformat(p["since"]) for p in city.planted if p["kind"] == "absconding"}
    assert len(gone) == 12
    complaints = cards["complaint"][cards["complaint"]["received_at"] > pd.Timestamp(ON - timedelta(days=100))]
    late = complaints.groupby("uscc").size().reindex(cards["ppc_issuer"]["uscc"], fill_value=0)
    assert late[list(gone)].min() >= 14
    assert late.drop(list(gone)).quantile(0.99) < 6
    changes = cards["business_change"].groupby("kind")["uscc"].agg(set)
    assert all(set(gone) <= changes[kind] for kind in ("法人", "股东", "注销公告"))
    assert set(gone) <= set(cards["arrears_event"].query("kind == 'wage'")["uscc"])
    reports = cards["ppc_quarter_report"]
    assert not set(reports[reports["quarter"] == "2026Q3"]["uscc"]) & {
        u for u, day in gone.items() if day <= date(2026, 11, 20)
    }


def test_custody_gaps_fall_below_the_ratio_of_order_9_and_few_others_do(whole):
    city, frames = whole
    cards = frames["prepaid_cards"]
    newest = cards["ppc_custody_snapshot"].drop_duplicates("uscc", keep="last").set_index("uscc")
    valid = cards["ppc_guarantee"][cards["ppc_guarantee"]["valid_until"] >= pd.Timestamp(ON)]
    covered = newest["balance"].add(valid.groupby("uscc")["amount"].last(), fill_value=0)
    adequacy = (covered / newest["required"]).dropna()
    gaps = [p["code"] for p in city.planted if p["kind"] == "custody_gap"]
    gone = [p["code"] for p in city.planted if p["kind"] == "absconding"]
    assert (adequacy.reindex(gaps).dropna() < 1).mean() > 0.9
    assert (adequacy.drop([c for c in [*gaps, *gone] if c in adequacy.index]) < 1).mean() < 0.02


def test_leaking_tanks_lose_oil_at_night_and_over_the_month_and_no_others_do(whole):
    city, frames = whole
    readings = frames["refined_oil"]["oil_tank_reading"]
    nightly = readings[readings["read_at"].dt.hour.isin([1, 5])].assign(night=lambda f: f["read_at"].dt.normalize())
    late, early = (
        nightly[nightly["read_at"].dt.hour == h].set_index(["uscc", "tank_no", "night"])["v20_l"] for h in (1, 5)
    )
    rate = ((late - early) / 4).groupby(["uscc", "tank_no"]).min()
    planted = {(p["code"], p["tank_no"]) for p in city.planted if p["kind"] == "leaking"}
    assert len(planted) == 6
    assert set(rate[rate >= 0.8].index) == planted


def test_over_inspected_shops_had_nine_planned_visits_and_more_within_a_year(whole):
    city, frames = whole
    checks = pd.concat(by["inspection"] for by in frames.values())
    recent = checks[checks["inspected_on"] > pd.Timestamp(ON - timedelta(days=365))]
    planned = recent[recent["trigger"].isin(["双随机", "专项", "日常", "重点"])].groupby("uscc").size()
    shops = [p for p in city.planted if p["kind"] == "over_inspected"]
    assert len(shops) == 15
    assert all(planned[p["code"]] >= p["planned_visits"] >= 9 for p in shops)
    assert planned.drop([p["code"] for p in shops]).max() <= 12
    assert (planned.drop([p["code"] for p in shops]) >= 9).mean() < 0.02


def test_the_other_planted_kinds_show_in_the_records(whole):
    city, frames = whole
    oil = frames["refined_oil"]

    def codes(kind):
        return [p["code"] for p in city.planted if p["kind"] == kind]

    failed = oil["oil_sampling"].query("result == '不合格'").groupby("uscc").size()
    assert (failed.reindex(codes("substandard"), fill_value=0) >= 2).all()
    nozzles = oil["oil_nozzle"].groupby("uscc")["verify_until"].max()
    assert (nozzles[codes("verification_overdue")] < pd.Timestamp(ON)).all()
    unfiled = set(oil["oil_wholesaler"].query("filing_status == '未备案'")["uscc"])
    buyers = set(oil["oil_delivery"][oil["oil_delivery"]["supplier_uscc"].isin(unfiled)]["uscc"])
    assert buyers == set(codes("unfiled_supplier"))
    issuers = frames["prepaid_cards"]["ppc_issuer"].set_index("uscc").loc[codes("unfiled")]
    assert issuers["filing_no"].isna().all()
    assert (issuers["first_sale_on"] < pd.Timestamp(ON - timedelta(days=30))).all()


# --- in the store ------------------------------------------------------------------------------------------------


def test_the_store_holds_what_the_samples_gave_and_says_it_is_a_demo(built):
    workspace, summary, _ = built
    desk = workspace.desk(SYSTEM)
    assert workspace.store.demo
    assert not demo.is_unfinished(workspace.store)
    assert len(desk.frame("sbh_house")) == 1_000
    assert len(desk.frame("ppc_issuer")) == 60
    assert summary["records"] == sum(summary["datasets"].values()) > 20_000
    assert {len(desk.frame(d, ["subject_id"])) for d in ("oil_sale_day",)} == {summary["datasets"]["oil_sale_day"]}


def test_batches_are_dated_through_the_three_years_and_named_after_their_team(built):
    workspace, summary, _ = built
    lines = workspace.desk(SYSTEM).batches(limit=500)
    assert len(lines) == summary["batches"] > 30
    assert all(line.demo and line.file.startswith("演示数据/") for line in lines)
    days = sorted(line.at.date() for line in lines)
    assert days[0] <= ON - timedelta(days=1_000)
    assert days[-1] == ON


def test_nothing_of_a_city_of_today_lies_in_the_future(places, domains):
    batches = [b.arrived for b in _batches(City(places, today(), 7, 0, 0.001), domains)]
    assert all(a.at <= now() for a in batches)


def test_the_first_lists_know_nothing_of_what_came_later(built):
    workspace, _, _ = built
    desk = workspace.desk(SYSTEM)
    assert desk.frame("sbh_house")["grade"].notna().any()
    first = next(line for line in reversed(desk.batches(limit=500)) if line.file == "演示数据/自建房安全/名录")
    updated = next(line for line in desk.batches(limit=500) if line.file == "演示数据/自建房安全/名录（更新）")
    (houses,) = [t for t in updated.tables if t.dataset == "sbh_house"]
    assert first.at < updated.at
    assert houses.new == 0
    assert 0 < houses.changed < 1_000


def test_a_row_is_traced_to_its_batch(built):
    workspace, _, _ = built
    desk = workspace.desk(SYSTEM)
    row = desk.frame("inspection", ["subject_id", "id"], limit=1).iloc[0]
    trace = desk.trace("inspection", row["id"], row["subject_id"])
    assert trace.file.startswith("演示数据/综合监管/")
    assert trace.sheet == "涉企检查记录"


def test_every_planted_subject_is_listed_in_the_store_under_its_id(built):
    workspace, summary, truth = built
    listed = set(workspace.desk(SYSTEM).subjects()["subject_id"])
    ids = {p["subject_id"] for p in truth["planted"] if p.get("subject_id")}
    assert ids <= listed
    assert summary["planted"] == dict(sorted(Counter(p["kind"] for p in truth["planted"]).items()))
    assert {"absconding", "leaking", "over_inspected", "hot_street", "dangerous_operating"} <= set(summary["planted"])
    assert all(p["street"] and p["code"] is None for p in of_kind(truth, "hot_street"))


def test_the_figures_find_every_dangerous_house_that_is_open(built):
    workspace, _, truth = built
    found = figures.exceptions_of(workspace.desk(SYSTEM), domain="self_built_housing", limit=1_000)
    red = set(found[found["indicator"] == "SBH-01"]["subject_id"])
    assert {p["subject_id"] for p in of_kind(truth, "dangerous_operating")} <= red


def test_the_demo_accounts_open_the_store(built):
    workspace, summary, _ = built
    people, password = access.demo_login(workspace.store)
    assert summary["accounts"] == [p.username for p in people]
    assert summary["password"] == password


def test_the_demo_city_goes_only_into_an_empty_store(built):
    workspace, summary, _ = built
    with pytest.raises(ValueError, match="empty"):
        demo.build(workspace, size=0.01, on=ON)
    assert len(workspace.desk(SYSTEM).batches(limit=500)) == summary["batches"]


@pytest.mark.postgres
def test_the_same_city_goes_into_postgresql(tmp_path, postgres_url):
    told = []
    for url, name in ((postgres_url, "a"), (f"sqlite:///{tmp_path / 'b.db'}", "b")):
        (tmp_path / name).mkdir()
        workspace = Workspace.open(
            Settings(var=tmp_path / name, database_url=url, data=ROOT / "data", domains=ROOT / "domains")
        )
        summary = demo.build(workspace, size=0.01, seed=7, on=ON)
        houses = workspace.desk(SYSTEM).frame("sbh_house")
        told.append(
            (summary["datasets"], (tmp_path / name / demo.TRUTH).read_bytes(), houses.to_json(date_format="iso"))
        )
        workspace.store.close()
    assert told[0] == told[1]


def test_a_build_that_was_broken_off_is_known_as_unfinished(tmp_path):
    class Stop(Exception):
        pass

    def stop(step, share):
        if share > 0 or "自建房" in step.zh:
            raise Stop

    knobs = Settings(
        var=tmp_path, database_url=f"sqlite:///{tmp_path / 'demo.db'}", data=ROOT / "data", domains=ROOT / "domains"
    )
    workspace = Workspace.open(knobs)
    with pytest.raises(Stop):
        demo.build(workspace, size=0.01, on=ON, progress=stop)
    assert demo.is_unfinished(workspace.store)
    assert workspace.store.on_change  # uploads go on keeping the figures
    assert not (tmp_path / demo.TRUTH).exists()
    workspace.store.close()


# --- large cities ------------------------------------------------------------------------------------------------


def test_the_parts_of_a_large_city_share_no_code_and_their_hot_streets(places, domains):
    (first, a), (second, b) = (sampled(places, domains, part=part) for part in (0, 1))
    for name in a:
        for dataset in a[name]:
            record = domains.dataset(dataset)
            keys = [k for k in record.key() if k in a[name][dataset]]
            both = pd.concat([a[name][dataset][keys], b[name][dataset][keys]])
            assert not both.duplicated().any(), dataset
    streets = [{p["street"] for p in city.planted if p["kind"] == "dangerous_operating"} for city in (first, second)]
    assert streets[0] == streets[1]


# --- the tools of a sample ---------------------------------------------------------------------------------------


def test_numbers_are_padded_and_missing_is_missing():
    assert numbered("RW", [1, 23], 4, "号").tolist() == ["RW0001号", "RW0023号"]
    assert numbered(np.array(["A", "B"], object), [1, 2], 2).tolist() == ["A01", "B02"]
    assert numbered("X", np.array([], int), 3).tolist() == []
    assert where([True, False], ["a", "b"]).tolist() == ["a", None]
    assert np.isnan(where([False], [1])).all()
    assert np.isnat(where([False], np.array(["2026-01-01"], "datetime64[D]"))).all()


def test_an_amount_drawn_beyond_a_thousand_times_the_median_is_drawn_in():
    from pilotwatch.demo.frames import _usual
    from pilotwatch.domain import Column, Text

    money = Column("amount", Text("金额", "Amount"), "decimal", required=False, history=True)
    # the median of what is filled and above zero is 100: 90,000 is 900 times that, 0.11 its nine hundredth
    drawn = pd.Series([0, 100.0, 110, 90, 0.05, 1e6, None])
    assert _usual(drawn, money).tolist()[:6] == [0, 100, 110, 90, 0.11, 90_000]
    assert _usual(drawn[:4], money).tolist() == [0, 100, 110, 90]
