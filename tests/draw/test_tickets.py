"""The arithmetic of the draw: fair, weighted as told, changed by nothing but what it must be changed by."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwatch.inspection.draw import plans, verify
from pilotwatch.inspection.draw.lists import (
    DrawRefused,
    Entry,
    Inspector,
    canonical,
    entries,
    inspectors,
    sha256,
    written,
)
from pilotwatch.inspection.draw.tickets import commit, draw, rank, seed, ticket, why_not
from tests.draw.made import NONCE, UNTIL, document, key, officers, plan, shops


def test_the_numbers_are_those_of_the_definition():
    of = plan({"s": 1})
    rows, people = b'["a","s","u","1"]\n', b""
    bound = hashlib.sha256(rows).digest() + hashlib.sha256(people).digest() + canonical(of.document())
    assert written([Entry("a", "s", "u")]) == rows
    assert commit(NONCE, sha256(rows), sha256(people), of) == hashlib.sha256(NONCE + bound).hexdigest()
    assert seed(NONCE, " 0123 ", "id") == hashlib.sha256(NONCE + b"0123" + b"id").digest()
    assert ticket(b"k", "s", "a") == hmac.new(b"k", b"obj|s|a", "sha256").hexdigest()


def test_a_rank_is_minus_the_logarithm_of_the_ticket_over_its_weight():
    half = "8" + "0" * 63  # u = 1/2 and a hair
    assert float(rank(half)) == pytest.approx(math.log(2), abs=1e-12)
    assert float(rank(half, "2.5")) == pytest.approx(math.log(2) / 2.5, abs=1e-12)
    assert 0 < rank("f" * 64) < rank("0" * 64)


def test_every_one_is_drawn_as_often_as_any_other():
    """5 of 50 by 4,000 seeds: χ² with 49 degrees of freedom stays below 85.4 in 999 of 1,000 fair draws."""
    rows, of, seen = shops(50), plan({"650102|cards|A": 5}), dict.fromkeys((e.id for e in shops(50)), 0)
    for n in range(4_000):
        for pick in draw(key(n), of, rows):
            seen[pick.id] += 1
    expected = 4_000 * 5 / 50
    assert sum(seen.values()) == 20_000
    assert sum((n - expected) ** 2 / expected for n in seen.values()) < 85.4


def test_a_weight_of_three_is_drawn_first_three_times_as_often():
    """One of weight 3 among four of weight 1: 3/7 of first draws; over 4,000 seeds the spread is 0.0078."""
    rows = [*shops(1, weight="3"), *shops(4, first=1)]
    first = [draw(key(n), plan({"650102|cards|A": 1}), rows)[0].id for n in range(4_000)]
    assert first.count("o000000") / 4_000 == pytest.approx(3 / 7, abs=4 * 0.0078)


def test_a_row_taken_out_moves_up_the_next_ticket_and_nothing_else():
    rows, of = shops(2_000), plan({"650102|cards|A": 60}, reserve=10, departments=("SWJ",))
    staff = officers(12)
    before = draw(key(1), of, rows, staff)
    gone = before[0].id
    after = draw(key(1), of, rows, staff, removed=[gone])
    kept = {p.id: p for p in before if p.id != gone}
    new = [p for p in after if p.id not in kept]
    assert len(after) == len(before) == 70
    assert len(new) == 1
    assert {p.id: p.officers for p in after if p.id in kept} == {i: p.officers for i, p in kept.items()}


def test_a_row_that_was_not_drawn_can_be_taken_out_without_any_change():
    rows, of = shops(500), plan({"650102|cards|A": 20})
    before = draw(key(2), of, rows)
    other = next(e.id for e in rows if e.id not in {p.id for p in before})
    assert draw(key(2), of, rows, removed=[other]) == before


def test_each_stratum_gives_its_number_and_the_rest_its_part():
    rows = [*shops(100), *shops(7, "650109|cards|D", first=100)]
    counts = plans.counts(rows, {"A": 0.1, "D": 1.0})
    assert counts == {"650102|cards|A": 10, "650109|cards|D": 7}
    by_chance = plans.reserve(17, 107)
    assert by_chance == 3  # 17 · 0.15 / 0.85 = 3
    picks = draw(key(3), plan(counts, reserve=by_chance), rows)
    of = {True: [], False: []}
    for p in picks:
        of[p.reserve].append(p.stratum)
    assert (len(of[False]), len(of[True])) == (17, 3)
    assert of[False].count("650109|cards|D") == 7


@pytest.mark.parametrize(
    ("share", "n", "drawn"), [(0.1, 30, 3), (0.01, 5, 1), (0.03, 101, 4), (1.0, 9, 9), (0.3, 1, 1), (0.05, 20, 1)]
)
def test_a_share_is_rounded_up_and_one_at_least(share, n, drawn):
    assert plans.counts(shops(n, "u|d|X"), {"X": share}) == {"u|d|X": drawn}


def test_an_empty_list_gives_nothing():
    assert plans.counts([], {"A": 0.1}) == {}
    assert draw(key(), plan({"gone": 3}, reserve=2), []) == ()


# --- officers ------------------------------------------------------------------------------------------------------


def test_who_may_not_go_and_why():
    of = plan({})
    one = {"id": "c", "department": "SWJ", "unit": "", "valid_until": UNTIL}
    told = {
        None: Inspector(**one), "expired": Inspector(**{**one, "valid_until": date(2026, 12, 30)}),
        "elsewhere": Inspector(**{**one, "unit": "650109"}), "avoid": Inspector(**one, avoid=frozenset({"o"})),
        "visited": Inspector(**one, visited=frozenset({"o"})), "loaded": Inspector(**one, most=0),
    }  # fmt: skip
    assert {why: why_not(i, "o", "650102", of, i.load) for why, i in told.items()} == {why: why for why in told}


def test_work_is_spread_evenly_and_by_no_ones_choice():
    of = plan({"650102|cards|A": 30}, departments=("SWJ", "XFJY"))
    staff = [*officers(6), *officers(4, "XFJY")]
    picks = draw(key(4), of, shops(30), staff)
    going = [i for p in picks for d in p.officers for i in p.officers[d]]
    assert {going.count(i.id) for i in staff if i.department == "SWJ"} == {10}
    assert {going.count(i.id) for i in staff if i.department == "XFJY"} == {15}
    assert all(len(set(o)) == 2 for p in picks for o in p.officers.values())
    assert [p.officers for p in picks] != [p.officers for p in draw(key(5), of, shops(30), staff)]


def test_a_conflict_of_interest_is_avoided_and_a_shortage_is_told():
    staff = [Inspector("a", "SWJ", "", UNTIL, avoid=frozenset({"o000000"})), Inspector("b", "SWJ", "", UNTIL)]
    (pick,) = draw(key(6), plan({"650102|cards|A": 1}, departments=("SWJ",)), shops(1), staff)
    assert pick.officers == {"SWJ": ("b",)}
    assert pick.short == {"SWJ": 1}


# --- the lists -----------------------------------------------------------------------------------------------------


def test_lists_are_read_as_they_were_written():
    rows = [*shops(3), Entry("z", "s|d|B", "u", "2.5")]
    staff = [Inspector("c1", "SWJ", "650102", UNTIL, 2, 9, frozenset({"x", "a"}), frozenset({"v"}))]
    assert entries(written(reversed(rows))) == tuple(rows)
    assert inspectors(written(staff)) == tuple(staff)


@pytest.mark.parametrize("weight", ["0", "-1", "", "NaN", "three", "Infinity"])
def test_a_weight_that_is_no_positive_number_is_refused(weight):
    with pytest.raises(DrawRefused) as no:
        written([Entry("a", "s", "u", weight)])
    assert no.value.rule == "weight"


def test_an_id_that_comes_twice_is_refused():
    with pytest.raises(DrawRefused) as no:
        written([*shops(2), *shops(1)])
    assert no.value.rule == "twice"


# --- anybody can verify it -------------------------------------------------------------------------------------------


@st.composite
def cities(draw_):
    units, classes = ["650102", "650109", ""], ["A", "C", "D"]
    n = draw_(st.integers(0, 60))
    rows = [
        Entry(f"o{i}", plans.stratum(u, "cards", c), u, w)
        for i, (u, c, w) in enumerate(
            draw_(st.lists(st.tuples(st.sampled_from(units), st.sampled_from(classes), st.sampled_from(["1", "2", "0.5"])), min_size=n, max_size=n))
        )
    ]  # fmt: skip
    staff = [
        Inspector(f"i{i}", d, u, UNTIL if ok else date(2026, 1, 1), load, most, frozenset({f"o{i}", f"o{i + 7}"}), frozenset({f"o{2 * i}"}))
        for i, (d, u, ok, load, most) in enumerate(
            draw_(st.lists(st.tuples(st.sampled_from(["SWJ", "XFJY"]), st.sampled_from(["", "650102"]), st.booleans(), st.integers(0, 3), st.integers(0, 9)), max_size=12))
        )
    ]  # fmt: skip
    counts = plans.counts(rows, {"A": 0.1, "C": 0.3, "D": 1.0})
    of = plan(counts, reserve=draw_(st.integers(0, 5)), departments=("SWJ", "XFJY"), officers=draw_(st.integers(1, 3)))
    removed = draw_(st.lists(st.sampled_from([e.id for e in rows]), unique=True, max_size=4)) if rows else []
    return of, rows, staff, draw_(st.text("0123456789", min_size=1, max_size=12)), removed


@settings(max_examples=120, deadline=None)
@given(cities())
def test_a_program_that_shares_no_code_comes_to_the_same(city):
    assert list(verify.verify(document(*city))) == []


def test_whatever_is_changed_is_found():
    of = plan({"650102|cards|A": 5}, reserve=1, departments=("SWJ",))
    honest = document(of, shops(40), officers(5), "4711", ["o000003"])

    def with_(change):
        copy = json.loads(json.dumps(honest))
        change(copy)
        return " ".join(en for _, en in verify.verify(copy))

    assert with_(lambda d: None) == ""
    assert "list of subjects" in with_(lambda d: d["objects"].pop())
    assert "list of subjects" in with_(lambda d: d["objects"][7].__setitem__(3, "9"))
    assert "list of inspectors" in with_(lambda d: d["inspectors"][0][6].append("o000001"))
    assert "commit" in with_(lambda d: d["plan"]["counts"].update({"650102|cards|A": 6}))
    assert "commit" in with_(lambda d: d.update(nonce="00" * 32))
    assert "should have been drawn" in with_(lambda d: d["picks"].pop())
    assert "should not" in with_(lambda d: d.update(public="4712"))
    assert "other officers" in with_(lambda d: d["picks"][0]["officers"].update(SWJ=["SWJ000"]))
    assert "another ticket" in with_(lambda d: d["picks"][0].update(ticket="0" * 64))
    assert "public number" in with_(lambda d: d.update(sealed_at="2026-11-26T10:00:00+08:00"))


def test_the_script_needs_nothing_but_python(tmp_path):
    """It runs alone in an empty folder, isolated from every installed package."""
    script = tmp_path / "verify.py"
    script.write_bytes(Path(verify.__file__).read_bytes())
    told = document(plan({"650102|cards|A": 2}), shops(9), [], "1")
    (tmp_path / "draw.json").write_text(json.dumps(told), "utf-8")
    command = [sys.executable, "-I", "-S", str(script), str(tmp_path / "draw.json")]
    assert (
        subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
        .stdout.decode()
        .startswith("复核通过：CQ-1")
    )
    (tmp_path / "draw.json").write_text(json.dumps(told | {"public": "2"}), "utf-8")
    assert subprocess.run(command, capture_output=True, cwd=tmp_path).returncode == 1


def test_the_public_version_is_verified_without_its_inspectors():
    told = document(plan({"650102|cards|A": 2}, departments=("SWJ",)), shops(9), officers(3), "1")
    del told["inspectors"]
    for pick in told["picks"]:
        del pick["officers"]
    assert list(verify.verify(told)) == []
