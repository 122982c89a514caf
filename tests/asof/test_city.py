"""A city as it was known on a past day is what its screens said on that day, on either database, and nobody can change it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pilotwatch import access, asof, brief, demo, disposal, figures, hotspots, review, risk, signals, warnings
from pilotwatch.disposal import CaseFilter
from pilotwatch.inspection import objects
from pilotwatch.inspection.ledger import keep as ledger
from pilotwatch.review import approvals as rules
from pilotwatch.settings import Settings
from pilotwatch.store import SYSTEM, Person, StoreRefused, approvals, audit, backup, case_lists
from pilotwatch.workdays import BEIJING, now, standing, today
from pilotwatch.workspace import Workspace

THEN, LATER = date(2026, 11, 10), date(2026, 11, 20)
TIANSHAN = Person("l", "天山区领导", "district_leader", units=frozenset({"650102"}))
CARDS = Person("p", "预付卡专班", "pilot_team", domains=frozenset({"prepaid_cards"}))


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING)


def a_days_work(house) -> None:
    store, found = house.store, house.registry
    for update in (warnings.update, signals.update, risk.update):
        update(store, found)
    ledger.update(store, found, today())
    hotspots.keep.update(store, found, house.places)
    objects.update(store, found, house.places)
    disposal.daily.run(store, house.rulebook(), [])


def shown(house, person) -> dict[str, str]:
    """All that the screens read, as text: what somebody of a scope is shown today."""
    desk, found = house.desk(person), house.registry
    lists = {
        "warnings": warnings.listed(desk, warnings.Filter(closed=True), limit=5000),
        "counted": warnings.counted(desk, warnings.Filter(closed=True)),
        "cases": case_lists.listed(desk, CaseFilter(closed=True), limit=5000),
        "subjects": desk.subjects(),
        **{f"worst of {d.name}": figures.exceptions_of(desk, domain=d.name, limit=50) for d in found.domains if desk_sees(desk, d.name)},
    }  # fmt: skip
    told = {n: "\n".join(sorted(f.to_csv(index=False).splitlines())) for n, f in lists.items()}
    results = review.results(desk, found, f"{today():%Y-%m}", today())
    return told | {
        "overview": json.dumps(figures.overview(desk, found, on=today()).as_json(), default=str),
        "results": repr(results.lines),
        "approvals": repr(approvals.decisions(desk)),
    }


def desk_sees(desk, domain: str) -> bool:
    return desk.person.domains is None or domain in desk.person.domains


def numbers(house, person) -> list[tuple]:
    """Every number of the whole brief of this month."""
    about = brief.House(house.registry, house.places, house.calendar(), house.settings.data, house.store.demo)
    made = brief.brief(house.desk(person), about, f"{today():%Y-%m}", form="long", on=today())
    return [(n.fact, n.shown) for n in made.numbers()]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city of 10 November that went on for ten days, with what its screens said on the first evening."""
    house = Workspace.open(Settings(var=tmp_path_factory.mktemp("city"), database_url=None))
    with standing(at(THEN, 9)):
        demo.build(house, size=0.005)
    with standing(at(THEN, 23)):
        a_days_work(house)
        then = {p.username: shown(house, p) for p in (SYSTEM, TIANSHAN, CARDS)}
        then_brief = numbers(house, SYSTEM)
    with standing(at(LATER, 10)):
        change_all(house)
        a_days_work(house)
    yield house, then, then_brief
    house.store.close()


def change_all(house) -> None:
    """Withdrawals, verdicts, acts on cases, approvals: whatever a later day brings."""
    desk = house.desk(SYSTEM)
    lines = desk.batches(limit=500)
    for line in (lines[0], lines[len(lines) // 2], lines[-1]):
        desk.withdraw(line.id, "报错")
    rows = warnings.listed(desk, warnings.Filter(), limit=8)
    for n, row in enumerate(rows.to_dict("records")):
        if n < 4:
            warnings.close(desk, row["subject_id"], row["id"], ("true", "false")[n % 2], "核查", today())
        else:
            warnings.assign(desk, row["subject_id"], row["id"], "某人")
    cells = set(rules.board(desk, house.registry, ["650102"], ["2026-09"]))
    known = approvals.decisions(desk)
    seen = {c: approvals.standing(known.get(c, ())).number for c in cells}
    names = {u.code: u.title for u in house.places.units}
    approvals.decide(desk, "approve", seen, names=names)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def past(request, city, tmp_path_factory):
    """The city as of the evening, from either database: into PostgreSQL it comes by a backup."""
    house, _, _ = city
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_server")
        folder = tmp_path_factory.mktemp("moved")
        backup.take(house.desk(SYSTEM), folder / "whole.tar")
        name = f"asof_{folder.name}".replace("-", "_")
        url = make_database(url, name)
        backup.restore(url, folder / "whole.tar", folder / "files", house.registry.records)
        house = Workspace.open(Settings(var=folder, database_url=url))
    with standing(at(LATER, 12)):
        found = asof.house(house, THEN)
    yield house, found
    found.store.close()
    if request.param == "postgres":
        house.store.close()


def make_database(server: str, name: str) -> str:
    from sqlalchemy import create_engine, text

    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.rsplit("/", 1)[0] + "/" + name


@pytest.mark.parametrize("who", [SYSTEM, CARDS], ids=lambda p: p.username)
def test_every_list_and_figure_is_that_of_the_evening(city, past, who):
    _, then, _ = city
    with asof.looking_at(past[1]) as house:
        assert today() == THEN
        seen = shown(house, who)
    for name, was in then[who.username].items():
        assert seen[name] == was, name
    with standing(at(LATER, 12)):
        assert shown(past[0], who)["warnings"] != then[who.username]["warnings"]  # much has changed since


def test_a_brief_of_the_day_has_the_numbers_of_the_brief_made_then(city, past):
    with asof.looking_at(past[1]) as house:
        told = numbers(house, SYSTEM)
    assert [n for n in told if n not in city[2]] == []
    assert told == city[2]
    assert len(told) > 100


def test_scope_is_that_of_today_and_holds(past):
    with asof.looking_at(past[1]) as house:
        assert set(house.desk(TIANSHAN).subjects()["report_unit"]) == {"650102"}
        nobody = Person("a", "管理员", "administrator")
        with pytest.raises(StoreRefused):
            house.desk(nobody).subjects()
        assert access.person(house.store, "tianshan") == access.person(past[0].store, "tianshan")


def test_nobody_changes_anything_by_any_way(past):
    house = past[1]
    desk = house.desk(SYSTEM)
    one = warnings.listed(desk, warnings.Filter(), limit=1).iloc[0]
    batch = desk.batches(limit=1)[0]
    acts = (
        lambda: warnings.acknowledge(desk, one["subject_id"], one["id"]),
        lambda: desk.withdraw(batch.id, "x"),
        lambda: desk.remember_mapping("x", ["a"], {}),
        lambda: house.store.registers().__enter__(),
        lambda: warnings.update(house.store, house.registry),
    )
    for act in acts:
        with pytest.raises(StoreRefused) as no:
            act()
        assert no.value.rule == "as_of"
        assert "2026-11-10" in no.value.message.zh
    with pytest.raises(Exception, match="readonly"), house.store._engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM batch")


def test_what_is_taken_out_of_a_look_back_is_told_to_the_present(past):
    present, house = past
    before = len(audit_lines(present))
    with asof.looking_at(house):
        asof.looked(present.store, TIANSHAN, THEN)
        audit.told_of(house.desk(TIANSHAN), "export.brief", "x")
    looked, taken = audit_lines(present)[before:]
    assert (looked["username"], looked["act"], looked["object"]) == ("l", "store.look_back", "2026-11-10")
    assert taken["details"]["as_of"] == "2026-11-10"
    assert abs((now() - taken["at"]).total_seconds()) < 600  # by the clock of the present


def audit_lines(house) -> list[dict]:
    with house.store.registers(write=False) as books:
        return sorted(books.audit_lines(limit=10_000), key=lambda r: r["number"])


def test_later_uploads_leave_a_copy_good_and_what_is_removed_for_good_does_not(city):
    house = city[0]
    copy = asof.at_hand(house, THEN) or asof.make(house, THEN)
    with standing(at(LATER, 15)):
        line = house.desk(SYSTEM).batches(limit=500)[3]
        house.desk(SYSTEM).withdraw(line.id, "报错")
        assert asof.at_hand(house, THEN) == copy
        with house.store.registers() as books:
            books.audit("system", "retention.remove", "reporters", {"n": 1})
        assert asof.at_hand(house, THEN) is None


def test_days_that_cannot_be_looked_back_to_are_refused(city):
    house = city[0]
    for day, rule in (
        (today(), "day_not_over"),
        (today() + timedelta(9), "day_not_over"),
        (date(2001, 1, 1), "before_first"),
    ):
        with pytest.raises(StoreRefused) as no:
            asof.house(house, day)
        assert no.value.rule == rule


def test_few_copies_are_kept_and_the_oldest_go_first(city, monkeypatch):
    house = replace(
        city[0], settings=city[0].settings.model_copy(update={"as_of_kept": 2, "var": city[0].settings.var / "few"})
    )
    monkeypatch.setattr("pilotwatch.asof.kept.remake", lambda *_: None)
    for n in (3, 1, 2):
        asof.make(house, THEN - timedelta(n))
    assert [c.day for c in asof.copies(house)] == [THEN - timedelta(1), THEN - timedelta(2)]
    assert asof.forget(house, THEN - timedelta(1))
    assert not asof.forget(house, THEN - timedelta(1))


def test_versions_of_data_never_meet(past):
    assert past[1].store.data_version() < 0 < past[0].store.data_version()


def test_a_subject_is_found_by_its_name_of_the_day(past):
    with asof.looking_at(past[1]) as house:
        desk = house.desk(SYSTEM)
        some = desk.subjects().iloc[0]
        assert some["subject_id"] in set(desk.subjects(where={"code": some["code"]})["subject_id"])
