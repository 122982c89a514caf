"""The office of briefs: due on the first working day, made once whoever dies or comes twice, by rights that still hold."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta

import pypdf
import pytest

from pilotwatch import access, brief, push
from pilotwatch.brief import due, issuing, office
from pilotwatch.settings import ROOT
from pilotwatch.store import Person as Who
from pilotwatch.store import StoreRefused, audit, brief_jobs, briefs, leases, subscriptions
from pilotwatch.store.subscriptions import Subscription
from pilotwatch.workdays import BEIJING, Calendar, now
from tests.brief.houses import kept, opened, person, settled
from tests.push import servers


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def both(store_url, tmp_path):
    """A house on either engine."""
    made = settled(opened(tmp_path, store_url))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = settled(opened(tmp_path_factory.mktemp("office")))
    yield made
    made.store.close()


# --- when ----------------------------------------------------------------------------------------------------------

CALENDAR = Calendar.load(ROOT / "data" / "calendars")


@pytest.mark.parametrize(
    ("rhythm", "moment", "slot", "period", "made"),
    [
        ("weekly", "2026-11-24T10:30", "2026-W47", "2026-11", "2026-11-23T08:00"),
        ("weekly", "2026-11-23T07:59", "2026-W46", "2026-11", "2026-11-16T08:00"),  # not before eight
        ("weekly", "2026-11-02T09:00", "2026-W44", "2026-10", "2026-11-02T08:00"),  # most of its days are October's
        ("weekly", "2026-10-09T09:00", "2026-W40", "2026-10", "2026-10-08T08:00"),  # National Day puts Monday off
        ("monthly", "2026-11-24T10:30", "2026-10", "2026-10", "2026-11-02T08:00"),  # the 1st is a Sunday
        ("monthly", "2026-10-08T08:00", "2026-09", "2026-09", "2026-10-08T08:00"),
        ("quarterly", "2026-11-24T10:30", "2026Q3", "2026Q3", "2026-10-08T08:00"),
        ("quarterly", "2031-01-02T09:00", "2030Q4", "2030Q4", "2031-01-01T08:00"),  # nobody knows that year's days off
    ],
)  # fmt: skip
def test_a_brief_falls_due_on_the_first_working_day_after_its_period(rhythm, moment, slot, period, made):
    found = due.due(rhythm, at("2020-01-01T00:00"), at(moment), CALENDAR)
    assert (found[-1].name, found[-1].period, found[-1].at) == (slot, period, at(made))
    assert len(found) == due.MADE_UP[rhythm] and found == sorted(found, key=lambda s: s.at)
    assert due.due(rhythm, found[-1].at, at(moment), CALENDAR) == []  # what was due before it was set isn't made
    assert due.next_one(rhythm, at(moment), CALENDAR).at > at(moment)


def test_a_week_without_a_working_day_is_told_with_the_next():
    names = [s.name for s in due.due("weekly", at("2026-09-27T00:00"), at("2026-10-12T09:00"), CALENDAR)]
    assert names == ["2026-W41"]
    assert due.first_working_day(date(2026, 10, 1), CALENDAR) == date(2026, 10, 8)


# --- once ----------------------------------------------------------------------------------------------------------


def test_what_was_being_made_when_the_program_died_is_made_once(both, store_url, tmp_path):
    city = person(both, "city")
    job = brief_jobs.begin(both.store, city, ["650102", "650109", "GQP"], "2026-10")
    command = [sys.executable, "-m", "tests.brief.killed", str(tmp_path), store_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout.readline() == "made\n"
        process.kill()
    (begun,) = brief_jobs.jobs(both.desk(city))
    assert [(i.unit, i.state, i.tries) for i in begun.items] == [
        ("650102", "made", 1),
        ("650109", "waiting", 1),
        ("GQP", "waiting", 0),
    ]
    assert brief.run(both).led is False  # the dead one still holds the lease
    later = now() + office.LEASE_LENGTH
    assert brief.run(both, at=later) == brief.Passed(made=2)
    assert brief.run(both, at=later) == brief.Passed()
    found = briefs.listed(both.desk(city))
    assert sorted((b.unit, b.number) for b in found) == [("650102", 1), ("650109", 1), ("GQP", 1)]
    (ended,) = brief_jobs.jobs(both.desk(city), ids=[job])
    assert {i.brief_id for i in ended.items} == {b.id for b in found} and ended.count("made") == 3
    for who in ("tianshan", "midong"):
        assert [(t.kind, t.channel) for t in push.listed(both.desk(person(both, who)))] == [("brief", "app")]


def test_replicas_make_each_due_brief_once(both):
    city, set_on = person(both, "city"), at("2026-10-20T09:00")
    desk = both.desk(city)
    for rhythm in ("weekly", "monthly"):
        brief_jobs.add_schedule(desk, rhythm, ["650102", "650109"], at=set_on)
    with pytest.raises(StoreRefused) as no:
        brief_jobs.add_schedule(desk, "weekly", ["650109", "650102"])
    assert no.value.rule == "same_schedule"
    moment = at("2026-11-24T10:30")
    passes: list[brief.Passed] = []
    threads = [
        threading.Thread(target=lambda n=n: passes.append(brief.run(both, at=moment, holder=f"r{n}"))) for n in range(3)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert brief.run(both, at=moment + office.LEASE_LENGTH) == brief.Passed()  # nothing is left
    assert sum(p.begun for p in passes) == 2 and sum(p.made for p in passes) >= 4
    found = briefs.listed(desk)
    assert sorted((b.unit, b.period) for b in found) == [
        ("650102", "2026-10"), ("650102", "2026-11"), ("650109", "2026-10"), ("650109", "2026-11"),
    ]  # fmt: skip
    assert {(b.unit, b.number) for b in found} == {(u, n) for u in ("650102", "650109") for n in (1, 2)}
    later = brief.run(both, at=at("2026-11-30T08:00"))
    assert (later.begun, later.made) == (1, 2)  # the next week's
    # two that both believe they hold the lease: the key of the issue decides
    brief_jobs.begin(both.store, city, ["650105"], "2026-10")
    first, second = (brief_jobs.take(both.store, now()) for _ in range(2))
    assert first.key == second.key and (first.series, first.number) == (second.series, second.number)
    made = [kept(both, "city", key=t.key, series=t.series, number=t.number) for t in (first, second)]
    assert made[0] == made[1]


# --- what goes wrong -----------------------------------------------------------------------------------------------


def test_one_that_fails_does_not_keep_the_others(house, monkeypatch):
    made = issuing.brief

    def breaks(desk, about, period, *, unit, **options):
        if unit == "650109":
            raise ZeroDivisionError
        return made(desk, about, period, unit=unit, **options)

    monkeypatch.setattr(issuing, "brief", breaks)
    city = person(house, "city")
    job = brief_jobs.begin(house.store, city, ["650102", "650109", "659999"], "2026-10")
    assert brief.run(house) == brief.Passed(made=1, failed=2)
    for _ in range(2):
        brief.run(house)
    (told,) = brief_jobs.jobs(house.desk(city), ids=[job])
    states = {i.unit: (i.state, i.tries) for i in told.items}
    assert states == {"650102": ("made", 1), "650109": ("failed", 3), "659999": ("failed", 1)}
    reasons = {i.unit: i.reason.zh for i in told.items if i.reason}
    assert "ZeroDivisionError" in reasons["650109"] and "没有代码为“659999”" in reasons["659999"]
    monkeypatch.setattr(issuing, "brief", made)
    assert brief_jobs.again(house.desk(city), job) == 2
    brief.run(house)
    (told,) = brief_jobs.jobs(house.desk(city), ids=[job])
    assert told.count("made") == 2


def test_what_was_cancelled_is_not_made(house, monkeypatch):
    city = person(house, "city")
    job = brief_jobs.begin(house.store, city, ["650102", "650103", "650104"], "2026-10")
    made = issuing.brief

    def cancels(desk, about, period, **options):
        brief_jobs.cancel(house.desk(city), job)
        return made(desk, about, period, **options)

    monkeypatch.setattr(issuing, "brief", cancels)
    brief.run(house)
    (told,) = brief_jobs.jobs(house.desk(city), ids=[job])
    assert [i.state for i in told.items] == ["made", "cancelled", "cancelled"]  # the one under way came to its end
    with pytest.raises(StoreRefused) as no:
        brief_jobs.cancel(house.desk(person(house, "midong")), job)
    assert no.value.rule == "no_job"


def test_it_runs_by_the_rights_of_whoever_set_it_while_these_hold(house):
    access.create_account(
        house.store, username="leaves", name="调离的领导", role="district_leader", units=["650105"], domains=None,
        password="Waerdt-4711-x", by="system",
    )  # fmt: skip
    desk = house.desk(person(house, "leaves"))
    with pytest.raises(StoreRefused) as no:
        brief_jobs.add_schedule(desk, "monthly", ["650102"])
    assert no.value.rule == "other_unit"
    mine = brief_jobs.add_schedule(desk, "monthly", [""], at=at("2026-10-20T09:00"))
    assert mine.units == ("650105",)  # who has one unit means that one
    assert [s.id for s in brief_jobs.schedules(house.desk(person(house, "tianshan")))] == []
    job = brief_jobs.begin(house.store, person(house, "leaves"), ["650105"], "2026-09")
    access.set_disabled(house.store, "leaves", True, by="system")
    passed = brief.run(house, at=at("2026-11-24T10:30"))
    assert (passed.ended, passed.begun, passed.failed) == (1, 0, 1)
    city = house.desk(person(house, "city"))
    (ended,) = [s for s in brief_jobs.schedules(city, ended=True) if s.id == mine.id]
    assert ended.reason == "rights" and ended.ended_at
    assert "权限已变更" in brief_jobs.jobs(city, ids=[job])[0].items[0].reason.zh
    line = audit.lines(house.desk(Who("r", "审计", "auditor")), audit.Wanted(act="brief.schedule.end"), limit=1)[0]
    assert line["details"]["reason"] == "rights"


def test_a_schedule_is_ended_by_its_maker_or_the_city(house):
    mine = brief_jobs.add_schedule(house.desk(person(house, "tianshan")), "quarterly", ["650102"])
    with pytest.raises(StoreRefused):
        brief_jobs.end_schedule(house.desk(person(house, "midong")), mine.id)
    brief_jobs.end_schedule(house.desk(person(house, "city")), mine.id)
    assert mine.id not in [s.id for s in brief_jobs.schedules(house.desk(person(house, "city")))]
    assert leases.hold(house.store, office.LEASE, "t", now(), timedelta(0))  # no pass left it taken


# --- and sent ------------------------------------------------------------------------------------------------------


def test_it_comes_by_mail_with_its_documents_and_by_robot_with_a_link(tmp_path):
    with servers.mail() as post, servers.robots() as robots:
        knobs = {
            "public_url": "https://jg.example.gov.cn/", "smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none",
            "smtp_from": "监测平台 <jc@urumqi.gov.cn>", "wecom_url": robots.url,
        }  # fmt: skip
        house = settled(opened(tmp_path, **knobs))
        leader = house.desk(person(house, "tianshan"))
        push.save(leader, Subscription(kinds=frozenset({"brief"})))
        push.set_channel(leader, "mail", "wangfang@urumqi.gov.cn", "", house.settings)
        push.set_channel(leader, "wecom", "73febdcb-1b38-4d1b-a994-790f21fc8d30", "", house.settings)
        brief_jobs.begin(house.store, person(house, "city"), ["650102"], "2026-10")
        brief.run(house)
        (one,) = briefs.listed(leader)
        passed = push.run(house)
        assert (passed.sent, passed.failed, passed.waiting) == (2, 0, 0)
        letter = post.letters[0]
        brought = {p.get_filename(): p.get_payload(decode=True) for p in letter.iter_attachments()}
        assert {n.rpartition(".")[2] for n in brought} == {"docx", "pdf"}
        for name, data in brought.items():
            assert data == briefs.document(leader, one.id, name.rpartition(".")[2])
        pdf = next(data for n, data in brought.items() if n.endswith("pdf"))
        assert "2026年第1期" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace(" ", "")
        said = str(robots.got[0][2])
        assert f"https://jg.example.gov.cn/brief?view=kept&kept={one.id}" in said
        assert "https://jg.example.gov.cn/brief?form=page&unit=650102&period=2026-10" in said
        assert (
            subscriptions.mine(leader).kinds == {"brief"}
            and one.issued_at.astimezone(BEIJING).date() == now().astimezone(BEIJING).date()
        )
        house.store.close()
