"""Kept briefs: their bytes and numbers stay what they were, in the scope they were made with; marked, never removed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from pilotwatch import brief
from pilotwatch.brief.issuing import facts
from pilotwatch.brief.model import Note, Number, Section, Sentence
from pilotwatch.domain import Text
from pilotwatch.push import Channel
from pilotwatch.push import listed as told
from pilotwatch.store import Person, StoreRefused, audit, briefs, deliveries, subscriptions
from pilotwatch.store.deliveries import Notice
from pilotwatch.store.subscriptions import Subscription
from tests.brief.houses import kept, opened, person, settled


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = settled(opened(tmp_path_factory.mktemp("kept")))
    yield made
    made.store.close()


def acts(house, kind):
    asked = audit.Wanted(act=kind)
    return audit.lines(house.desk(Person("r", "审计", "auditor")), asked, limit=5)


def test_what_was_issued_is_kept_byte_for_byte_on_either_engine(store_url, tmp_path):
    house = settled(opened(tmp_path, store_url))
    first = kept(house, "tianshan")
    again = kept(house, "tianshan", key="asked:650102/2026:1", documents={"pdf": b"other"})
    assert again == first and [b.id for b in briefs.listed(house.desk(person(house, "tianshan")))] == [first.id]
    second = kept(house, "city", bound=person(house, "tianshan"))
    assert (first.series, first.number, second.number) == ("650102/2026", 1, 3)  # the second was given and not used
    desk = house.desk(person(house, "tianshan"))
    assert briefs.document(desk, first.id, "pdf") == b"pdf 1"
    assert first.files["docx"] == (hashlib.sha256(b"docx 1").hexdigest(), 6)
    line = acts(house, "brief.download")[0]
    assert (line["username"], line["object"], line["details"]["kind"]) == ("tianshan", "650102/2026-10#1", "pdf")
    briefs.mark(desk, first.id, "superseded", "数字更正", second.id)
    mark = briefs.one(desk, first.id).mark
    assert (mark.kind, mark.reason, mark.instead, mark.by_name) == ("superseded", "数字更正", second.id, "天山区领导")
    assert briefs.document(desk, first.id, "pdf") == b"pdf 1"  # it is still there
    with pytest.raises(StoreRefused) as no:
        briefs.mark(desk, first.id, "withdrawn", "再次")
    assert no.value.rule == "marked" and "天山区领导" in no.value.message.zh
    house.store.close()


def test_who_may_see_less_than_a_brief_holds_does_not_see_it(house):
    own = kept(house, "tianshan")
    whole = kept(house, "city", "", audience="office")
    cards = kept(house, "cards", "", audience="office")
    assert cards.series == "*+prepaid_cards/2026" and whole.series == "*/2026"
    seen = {
        who: {b.id for b in briefs.listed(house.desk(person(house, who)))}
        for who in ("tianshan", "midong", "cards", "city")
    }
    assert seen["city"] >= {own.id, whole.id, cards.id}
    assert own.id in seen["tianshan"] and not seen["tianshan"] & {whole.id, cards.id}
    assert not seen["midong"] and seen["cards"] == {cards.id}
    for who, brief_id in (("midong", own.id), ("cards", own.id), ("tianshan", whole.id), ("city", "not-an-id")):
        for asked in (
            briefs.one,
            lambda d, i: briefs.document(d, i, "pdf"),
            lambda d, i: briefs.mark(d, i, "withdrawn", "x"),
        ):
            with pytest.raises(StoreRefused) as no:
                asked(house.desk(person(house, who)), brief_id)
            assert no.value.rule == "no_brief"
    with pytest.raises(StoreRefused):
        briefs.listed(house.desk(person(house, "auditor")))
    assert briefs.listed(house.desk(person(house, "city")), unit="650102", year=2025) == []


def test_only_who_issued_it_or_the_city_takes_it_back_and_says_why(house):
    by_city = kept(house, "city", bound=person(house, "tianshan"))
    leader, city = house.desk(person(house, "tianshan")), house.desk(person(house, "city"))
    for desk, reason, rule in ((leader, "x", "not_yours"), (city, "  ", "no_reason")):
        with pytest.raises(StoreRefused) as no:
            briefs.mark(desk, by_city.id, "withdrawn", reason)
        assert no.value.rule == rule
    with pytest.raises(StoreRefused) as no:
        briefs.mark(city, by_city.id, "superseded", "x", by_city.id)
    assert no.value.rule == "no_instead"
    briefs.mark(city, by_city.id, "withdrawn", "口径有误")
    assert briefs.one(leader, by_city.id).mark.reason == "口径有误"
    assert acts(house, "brief.withdraw")[0]["details"]["reason"] == "口径有误"


def test_a_damaged_file_is_not_handed_out(house):
    mine = kept(house, "tianshan")
    digest = mine.files["pdf"][0]
    (house.store.files / digest[:2] / digest).write_bytes(b"else")
    with pytest.raises(StoreRefused) as no:
        briefs.document(house.desk(person(house, "tianshan")), mine.id, "pdf")
    assert no.value.rule == "broken"


def test_its_audience_is_told_once_and_not_after_it_was_withdrawn(house):
    leader = house.desk(person(house, "tianshan"))
    subscriptions.save(leader, Subscription(kinds=frozenset({"brief"})))
    subscriptions.set_channel(leader, "wecom", "…1234", "sealed")

    def tell(one, readers):
        assert readers == ["tianshan"]
        return [
            Notice(r, "brief", f"brief:{one.id}", Text("简报", "Brief"), link=f"/brief?kept={one.id}") for r in readers
        ]

    mine = kept(house, "city", bound=person(house, "tianshan"), tell=tell)
    states = {t.channel: (t.state, t.link) for t in told(leader)}
    assert states == {"app": ("sent", f"/brief?kept={mine.id}"), "wecom": ("waiting", f"/brief?kept={mine.id}")}
    briefs.mark(house.desk(person(house, "city")), mine.id, "withdrawn", "口径有误")
    assert {t.channel: (t.state, t.rule) for t in told(leader)} == {
        "app": ("sent", None),
        "wecom": ("dropped", "withdrawn"),
    }
    assert isinstance(subscriptions.channels(leader)["wecom"], Channel)


NOTE = Note("总览", "/overview", "2026-11-24 10:30", "a.xlsx", "X-1", "甲", "乙", "未审核")


def test_what_moved_since_is_told_by_the_number(house):
    about = brief.house_of(house)
    told_ = brief.brief(house.desk(person(house, "city")), about, "2026-10")
    numbers = [
        Number(v, str(v), NOTE, ("cases", n)) for v, n in ((3, "open"), (0.5, "share"), (7, "gone"), (None, "none"))
    ]
    then = replace(told_, sections=(Section("s", (Sentence(tuple(numbers)),)),))
    new = [replace(numbers[0], value=4, shown="4"), numbers[1], Number(1, "1", NOTE, ("cases", "new"))]
    now_ = replace(told_, sections=(Section("s", (Sentence(tuple(new)),)),))
    found = {m.fact[1]: (m.then, m.now) for m in brief.moved(facts(then), now_)}
    assert found == {"open": ("3", "4"), "gone": ("7", None), "new": (None, "1")}
    assert brief.moved(facts(then), then) == []
    assert brief.said_of(house, ("where", "refined_oil", "OIL-01", "650102"), "zh") == "成品油流通，天山区"
    assert deliveries.kept_file(house.store.files, "0" * 64) is None
