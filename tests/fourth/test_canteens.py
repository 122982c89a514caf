"""The least that a domain may be, one list and two indicators, works wherever a whole one does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pilotwatch import access, conformance, demo, disposal, registry, risk, scorecard, signals, warnings
from pilotwatch.signals import contradictions
from pilotwatch.store import SYSTEM
from pilotwatch.workdays import today
from tests.fourth.conftest import HERE, upload
from tests.pages.conftest import shown

PAGES = (
    "overview",
    "warnings",
    "cases",
    "subject",
    "signals",
    "dictionary",
    "hotspots",
    "scorecard",
    "settings",
    "upload",
)


@pytest.fixture
def canteens(open_folder, tmp_path):
    """Three canteens: a licence that ran out yesterday with 1,001 diners, one for 30 more days with 1,000, one untold."""
    house = open_folder("minimal")
    house.store.mark_demo()
    access.create_demo_accounts(house.store)
    path = tmp_path / "食堂名录.csv"
    ended, soon = today() - timedelta(days=1), today() + timedelta(days=30)
    path.write_text(f"食堂编号,许可有效期至,就餐人数\nST1,{ended},1001\nST2,{soon},1000\nST3,,\n", encoding="utf-8")
    upload(house, path).commit()
    return house


def test_it_passes_the_kit_and_needs_no_more_than_thirty_lines_or_so():
    (domain,) = registry.load(HERE / "minimal").domains

    assert conformance.check(domain) == []
    assert len((HERE / "minimal" / "canteens" / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 45


def test_it_is_judged_warned_of_scored_and_disposed_of(canteens):
    """A day past its end is red, 30 days before it yellow; 1,001 is above 1,000, which 1,000 is not."""
    desk = canteens.desk(access.person(canteens.store, "city"))
    found = warnings.listed(desk)
    told = sorted(zip(found["code"], found["indicator"], found["level"], strict=True))
    assert told == [("ST1", "CTN-01", "red"), ("ST1", "CTN-02", "yellow"), ("ST2", "CTN-01", "yellow")]

    first = found.iloc[0]
    warnings.close(desk, first["subject_id"], first["id"], "true", "已过期", today())
    case = disposal.of_warning(desk, first["subject_id"], first["id"])
    assert (case.owner, canteens.rulebook().procedure(case)) == ("SCJG", None)
    (card,) = risk.risk_of(desk, canteens.registry, first["subject_id"], risk.signer(canteens.settings))
    assert (card.composite, card.exposure) == (None, None)
    score = scorecard.scores_of(desk, canteens.registry, canteens.calendar())[0]
    assert (score.true, score.incidents) == (1, ())
    assert len(signals.listed(desk)) == len(contradictions.listed(desk)) == 0


def test_a_demo_city_without_a_sample_is_an_empty_one(open_folder):
    assert demo.build(open_folder("minimal"), size=0.01)["records"] == 0


def test_every_screen_renders_it(canteens, see):
    row = warnings.listed(canteens.desk(SYSTEM)).iloc[0]
    asked = {"warnings": {"warning": row["number"]}, "subject": {"subject": row["subject_id"]}}
    for page in PAGES:
        at = see(page, "city", query=asked.get(page))
        assert not at.exception, page
        assert shown(at), page


def test_the_commands_tell_of_it(canteens, run):
    assert [f["level"] for f in run("figures", "CTN-01")["figures"]] == ["red", "yellow"]
    assert run("cases")["cases"] == []
