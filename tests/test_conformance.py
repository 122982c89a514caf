"""The conformance kit: our own domains pass it, and each thing it asks for is named when it is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pilotwatch import conformance, registry
from pilotwatch.domain import Basis, Choices, Domain, Indicator, Levels, Record, Spec, Text, column
from pilotwatch.frames import subjects


class Sight(Record):
    """景区: one sight."""

    spec = Spec("sight", zh="景区名录", en="Sights", subject="sight_no", kind="subject", name="name", words=("景区",))

    sight_no: str = column("景区编号", "Number", key=True)
    name: str = column("名称", "Name")
    rank: str | None = column("等级", "Rank", choices=Choices.of(("5A", "5A级", "5A"), ("4A", "4A级", "4A")))
    visitors: int | None = column("游客数", "Visitors", ge=0)


def visitors(frames, on):
    return subjects(frames, Sight, "visitors")["visitors"]


CROWDED = Indicator(
    "SGT-01", "客流", "Visitors", per=Sight, needs=(Sight,), compute=visitors, levels=Levels(red="> 100"),
    basis=Basis("PRAC", "经验值"), owner="WLJ", formula=Text("游客数", "Visitors"), first_action=Text("限流", "Limit entry"),
)  # fmt: skip
SIGHTS = Domain(
    "sights", zh="景区", en="Sights", code="SGT", lead="WLJ", records=(Sight,), indicators=(CROWDED,),
    about=Text("景区客流。", "Visitors of sights."),
)  # fmt: skip


def said(domain: Domain, **frames: pd.DataFrame) -> list[tuple[str, str]]:
    return [(p.where, p.message.en) for p in conformance.check(domain, frames)]


def variant(**changes) -> type[Record]:
    """Sight with other annotations, columns or spec."""
    body = {"__module__": __name__, "__annotations__": {}, "__doc__": Sight.__doc__}
    for name, (annotation, value) in changes.pop("fields", {}).items():
        body["__annotations__"][name] = annotation
        body[name] = value
    return type(Sight)("Sight", (Sight,), {**body, "spec": replace(Sight.spec, **changes)})


@pytest.mark.parametrize("name", ["prepaid_cards", "refined_oil", "self_built_housing"])
def test_our_own_domains_and_the_shared_records_pass(name):
    found = registry.load()
    domain = found.domain(name)

    assert conformance.check(replace(domain, records=(*domain.records, *found.shared))) == []


def test_a_domain_that_lacks_nothing_passes():
    assert said(SIGHTS) == []


@pytest.mark.parametrize(
    ("domain", "where", "message"),
    [
        (replace(SIGHTS, en=""), "sights", "The title is missing in English"),
        (replace(SIGHTS, about=Text("", "About")), "sights", "The text about it is missing in Chinese"),
        (replace(SIGHTS, lead=""), "sights", "No lead department"),
        (replace(SIGHTS, en="景区"), "sights", "The English title has Chinese in it: 景区"),
        (replace(SIGHTS, records=(variant(words=()),), indicators=()), "sight", "No words that files"),
        (replace(SIGHTS, records=(variant(kind="event"),), indicators=()), "sights", 'No record of kind="subject"'),
    ],
)
def test_what_a_domain_lacks_is_named(domain, where, message):
    ((named, found),) = said(domain)
    assert named == where
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ((str | None, column("新字段", "")), "The title is missing in English"),
        ((float | None, column("面积", "Area", unit="亩")), "The unit '亩' is not one of"),
        ((float | None, column("余氯", "Chlorine", unit=Text("毫克/升", ""))), "The unit is missing in English"),
        ((str | None, column("编码", "Code", pattern=r"\d+")), "It has a pattern but no help"),
        ((str | None, column("档", "Class", choices=Choices.of(("a", "甲", "A", "一"), ("b", "乙", "B", "一")))), "“一” means a、b at once"),
        ((str | None, column("档", "Class", choices=Choices.of(("a", "甲", "")))), "The title of the choice is missing"),
    ],
)  # fmt: skip
def test_what_a_field_lacks_is_named(field, message):
    problems = said(replace(SIGHTS, records=(variant(fields={"extra_field": field}),), indicators=()))
    assert len(problems) == 1
    assert problems[0][0].startswith("sight.extra_field")
    assert problems[0][1].startswith(message)


def test_a_header_that_would_feed_two_fields_is_named():
    record = variant(fields={"title": (str | None, column("标题", "Title", aliases=("名称",)))})
    assert said(replace(SIGHTS, records=(record,), indicators=())) == [
        ("sight", "The header “名称” feeds name、title at once")
    ]


def test_a_record_says_what_one_row_of_it_is():
    record = type(Sight)("Sight", (Sight,), {"__module__": __name__, "spec": Sight.spec})
    assert said(replace(SIGHTS, records=(record,), indicators=())) == [
        ("sight", "No docstring: what is one row of it?")
    ]


def zero_for_all(frames, on: date):
    return visitors(frames, on).fillna(0)


def another(frames, on: date):
    frames.get("inspection")
    return visitors(frames, on)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"formula": Text("", "Visitors")}, "The formula is missing in Chinese"),
        ({"first_action": Text("限流", "")}, "The first action is missing in English"),
        ({"owner": ""}, "No owner department"),
        ({"basis": Basis("LAW", " ")}, "The basis names no source"),
        ({"needs": ()}, "needs must contain the record of per"),
        ({"compute": zero_for_all}, "A subject of which nothing is known must be nodata, not normal"),
        ({"compute": another}, "It reads inspection, which needs doesn't list"),
        ({"compute": lambda frames, on: frames["tour"]}, "It fails where there are no rows"),
        ({"compute": lambda frames, on: 1 / 0}, "It fails where there are no rows, or only a code (ZeroDivisionError"),
        ({"compute": lambda frames, on: []}, "It fails where there are no rows, or only a code (AttributeError"),
    ],
)
def test_what_an_indicator_lacks_is_named(changes, message):
    problems = said(replace(SIGHTS, indicators=(replace(CROWDED, **changes),)))
    assert problems and {where for where, _ in problems} == {"SGT-01"}
    assert problems[0][1].startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "OIL-01"}, "The code is written like SGT-01"),
        ({"levels": Levels(red="> 1", orange="> 2")}, "The levels are wrong: every level's bound must be stricter"),
        ({"levels": Levels(red="about 3")}, "The levels are wrong: a bound is written like"),
        ({"levels": Levels()}, "The levels are wrong: at least one level needs a bound"),
    ],
)
def test_an_indicator_that_cannot_be_used_gives_its_faults_only(changes, message):
    problems = said(replace(SIGHTS, indicators=(replace(CROWDED, **changes, owner=""),)))
    assert len(problems) == 1
    assert problems[0][1].startswith(message)


def drawn(**columns) -> pd.DataFrame:
    return pd.DataFrame({"sight_no": ["1", "2"], "name": ["天池", "红山"], **columns})


@pytest.mark.parametrize(
    ("frames", "where", "message"),
    [
        ({"sight": drawn(name=["天池", None])}, "sight.name", "Required, but empty in 1 rows of the sample"),
        ({"sight": drawn(rank=["5A级", "6A"])}, "sight.rank", "The sample has values that aren't choices: 6A"),
        ({"sight": drawn(sight_no=["1", "1"])}, "sight", "The sample repeats the key in 1 rows"),
        ({"sight": drawn(height=[1, 2])}, "sight.height", "The sample has a field that isn't declared"),
        ({"sight": drawn(), "tour": drawn()}, "tour", "The sample has a dataset that isn't declared"),
    ],
)
def test_a_drawn_sample_is_held_against_the_records(frames, where, message):
    assert said(SIGHTS, **frames) == [(where, message)]


def test_a_drawn_sample_refers_only_to_what_it_has():
    class Ticket(Record):
        """门票: one sale."""

        spec = Spec("sight_ticket", zh="门票", en="Tickets", subject="sight_no", words=("门票",))

        ticket_no: str = column("票号", "Ticket", key=True)
        sight_no: str = column("景区编号", "Sight", refers_to="sight")

    domain = replace(SIGHTS, records=(Sight, Ticket))
    tickets = pd.DataFrame({"ticket_no": ["a", "b"], "sight_no": ["1", "9"]})

    assert said(domain, sight=drawn(), sight_ticket=tickets) == [
        ("sight_ticket.sight_no", "1 codes of the sample aren't in sight, such as 9")
    ]
