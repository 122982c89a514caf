"""Closed cases, and a house, for the tests of typical cases."""

from __future__ import annotations

from functools import cache
from typing import Any

from pilotwatch import typical
from pilotwatch.disposal import Case
from pilotwatch.disposal.rows import write_of
from pilotwatch.places import Places
from pilotwatch.registry import Registry
from pilotwatch.settings import settings
from pilotwatch.store import SYSTEM, Person, Store, cases
from tests.disposal.made import CITY, SHOPS, SWJ, Story, calendar, lead

OFFICE = Person("office", "市级专班办公室（另一人）", "city_office")
LEADER_2 = Person("md", "米东区领导", "district_leader", frozenset({"650109"}))
OTHER_TEAM = Person("cars", "别的专班", "pilot_team", None, frozenset({"cars"}))
NAME, PLACE = "乌鲁木齐欣荣健身服务有限公司", "解放北路88号"
PRACTICE = "一是收到线索当日研判分办；二是核查与取证同步进行；三是到期前提醒经办人。"
LESSONS = "把时限写进流程，复核由未参与办理的人员进行，结果回填监管对象档案。"


@cache
def house() -> typical.House:
    return typical.House(Registry((SHOPS,)), Places.load(settings().data), calendar())


def closed(store: Store, number: str = "XS-SHP-1", *, to: str = "closed", slow: float = 4, **values: Any) -> Case:
    """A case with its whole story, stored; the numbers of several have to differ."""
    story = Story(lead(**({"name": NAME, "address": PLACE, "channel_ref": number} | values)))
    story.do("register", CITY)
    story.do("triage", CITY, days=1)
    story.do("assign", CITY, days=1, department="SWJ", others=("GAJ",))
    story.do("sign", SWJ, days=0.2)
    story.do("verify", SWJ, days=3, reason=f"{NAME}地处{PLACE}，负责人电话13812341234，情况属实")
    story.do("dispose", SWJ, days=slow, measure="order")
    if to == "closed":
        story.do("report", SWJ, days=5, proposed="corrected")
        story.do("review", CITY, days=2)
        story.do("close", CITY, days=1)
    return _stored(store, story, number)


def _stored(store: Store, story: Story, number: str) -> Case:
    """The story under a number and an id of its own."""
    from dataclasses import replace

    from pilotwatch.disposal import replay
    from pilotwatch.store.cases import new_id

    first = story.events[0]
    own = {**first.data["set"], "number": number, "id": new_id()}
    events = [replace(first, data={**first.data, "set": own}), *story.events[1:]]
    case = replay(events)
    cases.plant(store.desk(SYSTEM), [write_of(Case(), case, events)])
    return case


def written(desk: Any, number: str, **body: str) -> dict[str, Any]:
    """The draft with what people have to write."""
    found = typical.find(desk, number)
    told = {**found["body"], "practice": PRACTICE, "lessons": LESSONS} | body
    typical.save(desk, number, found["moves"], typical.content_of(found, body=told, tags=("quick", "data")))
    return typical.find(desk, number)


def published(store: Store, by: Person, *numbers: str) -> str:
    """Drafted, written, submitted by one and published by another."""
    desk = store.desk(by)
    number = typical.draft(desk, house(), numbers)
    found = written(desk, number)
    typical.submit(desk, house(), number, found["moves"])
    typical.approve(store.desk(OFFICE), number, found["moves"] + 1, checked=True)
    return number
