"""The reform's measures are those of the rules, told in both languages, with owner, basis and bounds that can be read."""

from __future__ import annotations

import re

import pytest

from pilotwatch import levels, reform, registry
from pilotwatch.places import Places
from pilotwatch.settings import ROOT
from ui.indicators import UNITS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEASURES = (*reform.MEASURES, *(m for d in registry.load(ROOT / "domains").domains for m in d.measures))


def test_all_eighteen_are_there():
    assert {m.code[:6] for m in reform.MEASURES} == {f"REF-{n:02}" for n in range(1, 19)}
    assert len({m.code for m in MEASURES}) == len(MEASURES)


def test_every_domain_has_two_to_four_of_its_own():
    assert {2 <= len(d.measures) <= 4 for d in registry.load(ROOT / "domains").domains} == {True}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.code)
def test_a_measure_says_all_that_a_reader_must_be_told(measure):
    kinds = measure.named_kinds
    texts = (
        measure.title,
        measure.formula,
        measure.first_action,
        measure.numerator.title,
        measure.denominator.title,
        *(k.title for k in kinds),
    )
    assert [t for t in texts if not t.zh or not t.en or CHINESE.search(t.en)] == []
    assert measure.owner in Places.load(ROOT / "data").departments
    assert measure.basis.source and measure.basis.level in ("LAW", "STD", "POL", "PRAC")
    assert measure.unit.isascii() or measure.unit in UNITS
    known = {levels.VALUE, measure.numerator.name, measure.denominator.name, *(k.name for k in kinds)}
    assert not measure.levels or levels.names(measure.levels) <= known
