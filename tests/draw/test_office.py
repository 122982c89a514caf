"""A draw through the desks of those who make it: frozen, sealed by a second person, made once, verified by anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from pilotwatch.inspection.draw import office, verify
from pilotwatch.inspection.draw.lists import DrawRefused
from pilotwatch.records import Inspection, ScanIn
from pilotwatch.store import Person, StoreRefused, draws
from pilotwatch.workdays import now
from tests.store.made import CITY, LEADER_TIANSHAN, OIL, OIL_TIANSHAN, OWNERS, RECORDS, Station, checked, station
from tests.store.uploads import arrived

DOMAIN = SimpleNamespace(name="oil", subjects=[Station])
WITNESS = Person("disc", "派驻纪检", "auditor")
OFFICER = Person("swj", "商务局", "department_officer", departments=frozenset({"SWJ"}))
CARDS_OFFICE = Person("cards", "预付卡专班", "pilot_team", None, frozenset({"cards"}))
SOON = timedelta(hours=1)


@pytest.fixture
def store(open_store):
    """40 stations in two units, one of the XPCC; four inspectors of each of two departments."""
    made = open_store([*RECORDS, Inspection, ScanIn], owners=OWNERS)
    rows = [station(n, f"加油站{n}", division_code="650102" if n % 4 else "650109") for n in range(40)]
    table = checked(Station, rows)
    frame = table.frame.append_column("jurisdiction", [["xpcc" if n == 7 else "local" for n in range(40)]])
    made.desk(CITY).commit(arrived(), [replace(table, frame=frame)])
    cards = [
        {
            "id": f"{d}{n}",
            "name": f"王{n}",
            "department": d,
            "report_unit": "",
            "valid_until": date(2027, 12, 31),
            "most": 30,
        }
        for d in ("SWJ", "XFJY")
        for n in range(4)
    ]
    draws.put_inspectors(made.desk(CITY), cards)
    return made


def asked(**values):
    return office.Asked(
        **{
            "domain": DOMAIN, "title": "2026年12月成品油双随机", "public_source": "福彩3D 第2026325期", "public_at": now() + SOON,
            "until": date(2026, 12, 31), "departments": ("SWJ", "XFJY"), "shares": {"A": 0.2}, **values,
        }
    )  # fmt: skip


def drawn(store, **values):
    """A draw made to its end; gives its number."""
    number = office.prepare(store.desk(CITY), asked(**values))
    nonce = office.seal(store.desk(WITNESS), number)
    office.make(store.desk(CITY), number, "4 7 1", nonce, at=now() + 2 * SOON)
    return number


def test_a_draw_goes_from_its_lists_to_a_result_that_anybody_verifies(store):
    desk = store.desk(CITY)
    number = office.prepare(desk, asked())
    assert number == "CQ-20261124-001"
    row = draws.find(desk, number)
    assert (row["state"], row["objects"], row["inspectors"], row["plan"]["rules"]["xpcc_left_out"]) == (
        "prepared",
        39,
        8,
        1,
    )
    assert row["plan"]["counts"] == {
        "650102|oil|A": 6,
        "650109|oil|A": 2,
    }  # 29 and 10 of local jurisdiction, a fifth of each
    assert row["plan"]["reserve"] == 2  # 8 · 0.15 / 0.85 = 1.4
    nonce = office.seal(store.desk(WITNESS), number)
    picks = office.make(desk, number, " 471 ", nonce, at=now() + 2 * SOON)
    assert len(picks) == 10
    told = json.loads(json.dumps(office.document(desk, number)))
    assert list(verify.verify(told)) == []
    assert [p["id"] for p in told["picks"]] == [p.id for p in picks]
    assert all(len(o) == 2 for p in told["picks"] for o in p["officers"].values())
    assert told["public"] == "471"
    assert [e["act"] for e in draws.events(desk, row["id"])] == ["prepare", "seal", "draw"]


def test_the_nonce_is_nowhere_before_it_is_revealed(store):
    number = office.prepare(store.desk(CITY), asked())
    nonce = office.seal(store.desk(WITNESS), number)
    assert nonce not in json.dumps(draws.find(store.desk(CITY), number), default=str)
    assert nonce not in json.dumps(
        draws.events(store.desk(CITY), draws.find(store.desk(CITY), number)["id"]), default=str
    )
    with store.registers(write=False) as books:
        assert nonce not in json.dumps(books.audit_lines(), default=str)


def test_a_second_person_seals(store):
    number = office.prepare(store.desk(CITY), asked())
    with pytest.raises(StoreRefused) as no:
        office.seal(store.desk(CITY), number)
    assert no.value.rule == "same_person"
    with pytest.raises(StoreRefused) as no:
        office.seal(store.desk(OFFICER), number)
    assert no.value.rule == "not_allowed"
    assert len(office.seal(store.desk(LEADER_TIANSHAN), number)) == 64


def test_sealing_comes_before_the_public_number_and_drawing_after(store):
    number = office.prepare(store.desk(CITY), asked())
    with pytest.raises(StoreRefused) as no:
        office.seal(store.desk(WITNESS), number, at=now() + 2 * SOON)
    assert no.value.rule == "too_late"
    nonce = office.seal(store.desk(WITNESS), number)
    with pytest.raises(StoreRefused) as no:
        office.make(store.desk(CITY), number, "471", nonce)
    assert no.value.rule == "too_early"
    assert draws.find(store.desk(CITY), number)["state"] == "sealed"


def test_a_wrong_nonce_draws_nothing(store):
    number = office.prepare(store.desk(CITY), asked())
    office.seal(store.desk(WITNESS), number)
    for nonce, rule in (("00" * 32, "nonce"), ("abc", "nonce"), ("zz" * 32, "nonce")):
        with pytest.raises(DrawRefused) as no:
            office.make(store.desk(CITY), number, "471", nonce, at=now() + 2 * SOON)
        assert no.value.rule == rule
    assert draws.picks(store.desk(CITY), draws.find(store.desk(CITY), number)["id"]).empty


def test_nothing_is_drawn_twice(store):
    number = drawn(store)
    with pytest.raises(StoreRefused) as no:
        office.make(store.desk(CITY), number, "472", draws.find(store.desk(CITY), number)["nonce"], at=now() + 2 * SOON)
    assert no.value.rule == "draw_state"
    with pytest.raises(StoreRefused) as no:
        office.prepare(store.desk(CITY), asked())
    assert no.value.rule == "drawn_already"


def test_no_two_draws_of_a_place_are_sealed_side_by_side(store):
    first, second = office.prepare(store.desk(CITY), asked()), office.prepare(store.desk(CITY), asked(title="另一批"))
    office.seal(store.desk(WITNESS), first)
    with pytest.raises(StoreRefused) as no:
        office.seal(store.desk(WITNESS), second)
    assert no.value.rule == "one_at_a_time"


def test_an_aborted_draw_stays_on_the_list_and_in_later_papers(store):
    first = office.prepare(store.desk(CITY), asked())
    office.seal(store.desk(WITNESS), first)
    with pytest.raises(StoreRefused) as no:
        office.abort(store.desk(CITY), first, " ")
    assert no.value.rule == "reason"
    office.abort(store.desk(CITY), first, "封存凭证遗失")
    with pytest.raises(StoreRefused):
        office.make(store.desk(CITY), first, "471", "00" * 32, at=now() + 2 * SOON)
    second = drawn(store)
    told = office.document(store.desk(CITY), second)["earlier"]
    assert [(r["number"], r["state"], r["why"]) for r in told] == [(first, "aborted", "封存凭证遗失")]
    assert [r["number"] for r in draws.listed(store.desk(CITY))] == [second, first]


def test_a_list_that_was_exchanged_is_noticed(store):
    number = office.prepare(store.desk(CITY), asked())
    nonce = office.seal(store.desk(WITNESS), number)
    row = draws.find(store.desk(CITY), number)
    kept = store.files / row["objects_sha256"][:2] / row["objects_sha256"]
    kept.write_bytes(b"".join(kept.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(DrawRefused) as no:
        office.make(store.desk(CITY), number, "471", nonce, at=now() + 2 * SOON)
    assert no.value.rule == "tampered"


def test_an_error_in_the_list_moves_up_the_next_one_only(store):
    number = drawn(store)
    before = {
        p["subject_id"]: p["officers"] for p in office.picks_of(store.desk(CITY), draws.find(store.desk(CITY), number))
    }
    gone = next(iter(before))
    office.take_out(store.desk(CITY), number, gone, "已于抽取前注销")
    told = office.document(store.desk(CITY), number)
    after = {p["id"]: p["officers"] for p in told["picks"]}
    assert list(verify.verify(told)) == []
    assert len(after) == len(before)
    assert len(after.keys() - before.keys()) == 1
    assert all(after[i] == officers for i, officers in before.items() if i != gone)
    with pytest.raises(DrawRefused) as no:
        office.take_out(store.desk(CITY), number, gone, "再次")
    assert no.value.rule == "gone"


def test_who_was_there_in_the_last_year_or_has_a_conflict_doesnt_go(store):
    code, subject = (
        "U" + f"{1:017d}",
        store.desk(CITY).subjects(where={"code": "U" + f"{1:017d}"})["subject_id"].iloc[0],
    )
    about = {"uscc": code, "site": "加油站1", "dept": '["SWJ"]'}
    lately, before = (datetime.fromisoformat(f"{year}-03-02T11:00:00") for year in (2026, 2025))
    scan = {**about, "scan_id": "S1", "certs": '["SWJ0"]', "scan_in_at": lately}
    old = {**about, "scan_id": "S0", "certs": '["SWJ3"]', "scan_in_at": before}
    store.desk(CITY).commit(arrived(), [checked(ScanIn, [scan, old])])
    draws.put_conflict(store.desk(CITY), "SWJ1", subject, "近亲属任职")
    number = drawn(store, departments=("SWJ",), shares={"A": 1.0}, reserve_share=0.0)
    told = office.document(store.desk(CITY), number)
    (pick,) = [p for p in told["picks"] if p["id"] == subject]
    assert set(pick["officers"]["SWJ"]) == {"SWJ2", "SWJ3"}
    assert dict(office.why_short(store.desk(CITY), number, subject, "SWJ")) == {"visited": 1, "avoid": 1, "loaded": 2}


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"title": " "}, "title"), ({"public_source": ""}, "public_source"), ({"public_at": datetime(2026, 1, 1, tzinfo=UTC)}, "too_late"),
        ({"until": date(2026, 1, 1)}, "until"), ({"departments": ()}, "departments"), ({"departments": ("GAJ",)}, "officers"),
        ({"officers": 1}, "two"), ({"shares": {"A": 1.5}}, "shares"), ({"reserve_share": 1.0}, "shares"), ({"unit": "650107"}, "empty"),
        ({"until": date(2028, 1, 1)}, "officers"),
    ],
)  # fmt: skip
def test_what_cant_be_drawn_is_refused_in_words(store, values, rule):
    with pytest.raises(DrawRefused) as no:
        office.prepare(store.desk(CITY), asked(**values))
    assert no.value.rule == rule
    assert no.value.message.zh and no.value.message.en


# --- who sees what -----------------------------------------------------------------------------------------------------


def test_a_district_sees_its_own_of_those_drawn(store):
    number = drawn(store)
    row = draws.find(store.desk(LEADER_TIANSHAN), number)
    mine = draws.picks(store.desk(LEADER_TIANSHAN), row["id"])
    every = draws.picks(store.desk(CITY), row["id"])
    assert set(mine["report_unit"]) == {"650102"}
    assert len(mine) == (every["report_unit"] == "650102").sum() < len(every)
    with pytest.raises(StoreRefused) as no:
        office.document(store.desk(OIL_TIANSHAN), number)
    assert no.value.rule == "scope"


def test_another_domains_team_sees_nothing_of_it(store):
    number = drawn(store)
    with pytest.raises(StoreRefused) as no:
        draws.find(store.desk(CARDS_OFFICE), number)
    assert no.value.rule == "no_draw"
    assert draws.listed(store.desk(CARDS_OFFICE)) == []


def test_a_team_draws_in_its_own_units_only(store):
    with pytest.raises(StoreRefused) as no:
        office.prepare(store.desk(OIL_TIANSHAN), asked())
    assert no.value.rule == "scope"
    number = office.prepare(store.desk(OIL_TIANSHAN), asked(unit="650102"))
    assert draws.find(store.desk(OIL), number)["plan"]["counts"] == {"650102|oil|A": 6}


def test_conflicts_of_interest_are_told_to_those_who_draw_alone(store):
    number = drawn(store)
    assert "inspectors" not in office.document(store.desk(OFFICER), number, public=True)
    with pytest.raises(StoreRefused) as no:
        office.document(store.desk(OFFICER), number)
    assert no.value.rule == "not_allowed"
    with pytest.raises(StoreRefused) as no:
        draws.conflicts(store.desk(OFFICER))
    assert no.value.rule == "not_allowed"


def test_who_takes_a_draw_out_is_in_the_audit(store):
    number = drawn(store)
    draws.exported(store.desk(CITY), number, "whole")
    with store.registers(write=False) as books:
        (line,) = [a for a in books.audit_lines() if a["act"] == "draw.export"]
    assert (line["username"], line["object"], line["details"]) == ("city", number, {"what": "whole"})
    with pytest.raises(StoreRefused):
        draws.exported(store.desk(CARDS_OFFICE), number, "whole")


@pytest.mark.parametrize("after", [False, True])
def test_an_abort_after_the_public_number_was_out_is_told_apart(store, after):
    first = office.prepare(store.desk(CITY), asked())
    office.seal(store.desk(WITNESS), first)
    office.abort(store.desk(CITY), first, "名录有误", at=now() + 2 * SOON if after else None)
    (told,) = office.document(store.desk(CITY), drawn(store, title="第二批"))["earlier"]
    assert told["aborted_after_public_number"] is after
