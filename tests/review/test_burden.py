"""How much templates ask: a registry made by hand, in which every number can be counted."""

from __future__ import annotations

from datetime import date
from functools import partial

from pilotwatch import reform, registry
from pilotwatch.domain import Basis, Domain, Indicator, Input, Levels, Measure, Record, Spec, Text, Uscc, column
from pilotwatch.registry import Registry
from pilotwatch.review.burden import burden


class Shop(Record):
    spec = Spec("b_shop", zh="商户", en="Shops", subject="uscc", kind="subject", name="name")
    uscc: Uscc = column("代码", "Code", key=True)
    name: str = column("名称", "Name")
    phone: str | None = column("电话", "Phone")
    area: float | None = column("面积", "Area")


class Sale(Record):
    spec = Spec("b_sale", zh="销售", en="Sales", subject="uscc", day="on")
    uscc: Uscc = column("代码", "Code", key=True, refers_to="b_shop")
    on: date = column("日期", "On", key=True)
    amount: float | None = column("金额", "Amount")
    phone: str | None = column("电话", "Phone")  # the list has it already
    clerk: str | None = column("经办", "Clerk")


class Return(Record):
    spec = Spec("b_return", zh="退货", en="Returns", subject="uscc", day="on")
    uscc: Uscc = column("代码", "Code", key=True, refers_to="b_shop")
    on: date = column("日期", "On", key=True)
    clerk: str | None = column("经办", "Clerk")  # sales ask it already
    area: str | None = column("面积", "Area")  # a text: not what the list asks


class Depot(Record):
    """A list of its own: its telephone isn't the shops'."""

    spec = Spec("b_depot", zh="仓库", en="Depots", subject="uscc", kind="subject")
    uscc: Uscc = column("代码", "Code", key=True)
    phone: str | None = column("电话", "Phone")


COLUMNS = ("amount",)


def _read(frames, columns):
    return frames["b_sale"][list(columns)]


def sold(frames, on, least=0):
    return _read(frames, COLUMNS).sum()


def large(frames, on):
    return frames["b_shop"].area


BASIS = Basis("PRAC", "试")
ONE = Indicator("B-1", "大", "Large", Shop, (Shop,), large, Levels(red="value > 1"), BASIS, "SCJG")
TWO = Measure(
    "B-M1", "销售", "Sold", (Sale,), partial(sold, least=1), Input("a", "甲", "A"), Input("b", "乙", "B"), BASIS, "SCJG"
)
SHOPS = Domain("shops", "商业", "Shops", "B", "SCJG", (Shop, Sale, Return, Depot), (ONE,), measures=(TWO,))


def made():
    return {b.record.spec.dataset: b for b in burden(Registry((SHOPS,), shared=()), ())}


def test_fields_are_counted():
    assert {n: (b.fields, b.required, b.readers) for n, b in made().items()} == {
        "b_shop": (4, 2, 1), "b_sale": (5, 2, 1), "b_return": (4, 2, 0), "b_depot": (2, 1, 0),
    }  # fmt: skip


def test_what_is_asked_twice_is_told_with_where():
    twice = {n: [(t.column.name, t.home) for t in b.twice] for n, b in made().items()}
    assert twice == {"b_shop": [], "b_sale": [("phone", "b_shop")], "b_return": [("clerk", "b_sale")], "b_depot": []}


def test_what_nothing_reads_is_told():
    """`amount` is named in a constant, reached through a partial and a helper; keys, days and names tie rows together."""
    unused = {n: {c.name for c in b.unused} for n, b in made().items()}
    assert unused == {
        "b_shop": {"phone"},
        "b_sale": {"phone", "clerk"},
        "b_return": {"clerk", "area"},
        "b_depot": {"phone"},
    }


def test_the_heaviest_come_first():
    assert list(made()) == ["b_return", "b_sale", "b_depot", "b_shop"]


def test_the_pilots_own_templates():
    found = registry.load()
    every = {b.record.spec.dataset: b for b in burden(found, reform.MEASURES)}
    assert set(every) == {r.spec.dataset for r in found.records}
    assert {c.name for c in every["tax_declaration"].unused} == set()
    assert all(b.fields == len(b.record.columns()) and len(b.twice) <= b.fields for b in every.values())
    for b in every.values():  # of two templates that ask the same, one of them is the first
        assert all(every[t.home].record is not b.record for t in b.twice)


def test_titles_are_bilingual():
    assert all(isinstance(t.of, Text) and t.of.en for b in made().values() for t in b.twice)
