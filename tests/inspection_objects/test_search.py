"""The search for objects that are the same: the model, one to one, what a person said, and no chains."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import linkage
from pilotwatch.inspection.objects.pairs import MISSING, Pairs, candidates, compare
from pilotwatch.inspection.objects.parse import FIELDS as PARTS
from pilotwatch.inspection.objects.search import _groups, search
from pilotwatch.inspection.objects.settle import precision_recall, settle
from pilotwatch.inspection.objects.weigh import Model, fit
from pilotwatch.places import Places

PLACES = Places.load()


# --- the model ------------------------------------------------------------------------------------------------------------


def test_the_model_finds_the_probabilities_that_pairs_were_drawn_with():
    rng = np.random.default_rng(7)
    n, sizes = 40_000, (2, 2, 3)
    m = [np.array([0.1, 0.9]), np.array([0.2, 0.8]), np.array([0.05, 0.15, 0.8])]
    u = [np.array([0.9, 0.1]), np.array([0.7, 0.3]), np.array([0.8, 0.15, 0.05])]
    match = rng.random(n) < 0.2
    levels = np.column_stack(
        [np.where(match, rng.choice(len(a), n, p=a), rng.choice(len(b), n, p=b)) for a, b in zip(m, u, strict=True)]
    )
    levels[rng.random(levels.shape) < 0.1] = MISSING
    for known in (None, np.where(rng.random(n) < 0.3, match, np.nan)):
        model = fit(levels.astype(np.int8), known, sizes=sizes)
        assert model.prior == pytest.approx(0.2, abs=0.02)
        for found, true in zip((*model.m, *model.u), (*m, *u), strict=True):
            assert np.abs(found - true).max() < 0.03


def test_weight_and_probability_are_those_of_the_formula():
    levels = np.array([[1, 1], [0, MISSING], [0, 0]], np.int8)
    model = fit(np.repeat(levels, [30, 40, 50], axis=0), sizes=(2, 2))
    odds = (
        model.prior / (1 - model.prior) * model.m[0][0] / model.u[0][0]
    )  # the second field is missing: it says nothing
    assert model.probability(levels)[1] == pytest.approx(odds / (1 + odds))
    assert model.weight(levels)[0] == pytest.approx(
        sum(np.log2(m[1] / u[1]) for m, u in zip(model.m, model.u, strict=True))
    )


def test_known_pairs_alone_give_the_shares_counted_by_hand():
    levels = np.array([[1], [1], [1], [0], [0], [0], [0], [1]], np.int8)
    known = np.array([1, 1, 1, 1, 0, 0, 0, 0], float)
    model = fit(levels, known, sizes=(2,))
    assert model.m[0].tolist() == [1.5 / 5, 3.5 / 5]  # one and three of four, half a pair added to each
    assert model.u[0].tolist() == [3.5 / 5, 1.5 / 5]


def test_a_level_that_is_more_alike_never_weighs_less():
    m, u = np.array([0.2, 0.1, 0.7]), np.array([0.1, 0.3, 0.6])
    first = np.log2(0.3 / 0.4)  # the first two put together; 0.7/0.6 rises above
    assert Model(0.5, (m,), (u,), 1).weights()[0].tolist() == pytest.approx([first, first, np.log2(0.7 / 0.6)])


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=6))
def test_weights_never_fall(pairs):
    m, u = (np.array(side) / sum(side) for side in zip(*pairs, strict=True))
    assert (np.diff(Model(0.5, (m,), (u,), 1).weights()[0]) >= -1e-9).all()


# --- pairs ----------------------------------------------------------------------------------------------------------------


def parts(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame({f: columns.get(f, [""] * n) for f in PARTS}).assign(
        lng=columns.get("lng", np.nan), lat=columns.get("lat", np.nan)
    )


def test_pairs_share_two_characters_or_a_door_or_a_phone():
    left = parts(
        stem=["苒谷川", "晨曦", "松涛", "苒"],
        road=["", "友好路", "", ""],
        number=["", "12", "", ""],
        phone=["", "", "138-1234", ""],
    )
    right = parts(
        stem=["大苒谷", "金华", "银河", "晨", "苒"],
        road=["友好路", "友好路", "", "", ""],
        number=["", "12", "", "", ""],
        phone=["", "", "138-1234", "", ""],
    )
    found = candidates(left, right)
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == {(0, 0), (1, 1), (2, 2), (3, 4)}


def test_fields_compare_by_levels_and_what_is_missing_says_nothing():
    left = parts(
        stem=["苒谷川", "苒谷川", ""],
        trade=["商贸", "", "餐饮"],
        branch=["", "友好店", ""],
        lng=[87.6, 87.6, np.nan],
        lat=[43.8, 43.8, np.nan],
    )
    right = parts(
        stem=["苒谷川", "苒谷州", "银河"],
        trade=["商贸", "商贸", "健身"],
        branch=["", "", ""],
        lng=[87.6, 87.61, 87.6],
        lat=[43.8005, 43.8, 43.8],
    )
    got = compare(left, right, Pairs(np.arange(3), np.arange(3), {}))
    stem, trade, branch, point = got[:, 0], got[:, 1], got[:, 3], got[:, 9]
    assert stem.tolist() == [3, 1, MISSING]  # Jaro-Winkler of 苒谷川 and 苒谷州: .822
    assert trade.tolist() == [1, MISSING, 0]
    assert branch.tolist() == [MISSING, 1, MISSING]
    assert point.tolist() == [2, 1, MISSING]  # 56 m and 803 m


# --- settling -------------------------------------------------------------------------------------------------------------


def scored(*rows: tuple[str, str, float], named: bool = True) -> pd.DataFrame:
    odds = np.exp2(np.array([w for _, _, w in rows]))
    return pd.DataFrame(
        {"row": [r for r, _, _ in rows], "list": "B", "object": [o for _, o, _ in rows], "other": [o for _, o, _ in rows],
         "weight": [w for _, _, w in rows], "probability": odds / (1 + odds), "named": named}
    )  # fmt: skip


def zones(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(r, o): z for r, o, z in zip(frame["row"], frame["object"], frame["zone"], strict=True)}


def test_an_object_takes_one_row_of_a_list_and_a_row_one_object():
    pairs = scored(("b1", "A", 20.0), ("b2", "A", 12.0), ("b1", "C", 9.0))
    assert zones(settle(pairs)) == {("b1", "A"): "auto", ("b2", "A"): "clerical"}


def test_two_that_are_nearly_as_likely_are_for_a_person():
    assert zones(settle(scored(("b1", "A", 20.0), ("b1", "C", 18.0)))) == {
        ("b1", "A"): "clerical",
        ("b1", "C"): "clerical",
    }
    assert zones(settle(scored(("b1", "A", 20.0), ("b2", "A", 19.0)))) == {
        ("b1", "A"): "clerical",
        ("b2", "A"): "clerical",
    }


def test_an_address_alone_never_makes_a_link():
    assert zones(settle(scored(("b1", "A", 20.0), named=False))) == {("b1", "A"): "clerical"}


def test_the_three_zones_lie_at_their_bounds():
    pairs = scored(
        ("b1", "A", np.log2(99.1)),
        ("b2", "C", np.log2(98.9)),
        ("b3", "D", np.log2(5.1 / 94.9)),
        ("b4", "E", np.log2(4.9 / 95.1)),
    )
    assert zones(settle(pairs)) == {("b1", "A"): "auto", ("b2", "C"): "clerical", ("b3", "D"): "clerical"}


def test_what_a_person_said_stands():
    pairs = scored(("b1", "A", 20.0), ("b1", "C", 1.0))
    assert zones(settle(pairs, refused=[("b1", "A")])) == {("b1", "C"): "clerical"}
    assert zones(settle(pairs, confirmed=[("b1", "C")])) == {("b1", "C"): "auto"}


def test_a_chain_needs_each_pair():
    ab, bc = ("a", "b", 12.0), ("c", "b", 12.0)
    chain = scored(ab, bc).assign(list=["A", "C"])
    settled = _groups(chain, (), ())
    assert sorted(settled["zone"]) == ["auto", "clerical"]
    whole = scored(ab, bc, ("a", "c", 5.0)).assign(list=["A", "C", "A"])
    joined = _groups(whole, (), ())
    assert joined.loc[joined["zone"] == "auto", "top"].tolist() == ["b", "b"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("UVWXYZ"), st.sampled_from("PQ"), st.integers(-9, 25)),
        max_size=30,
    )
)
def test_whatever_the_pairs_links_are_one_to_one_and_none_is_invented(drawn):
    lists = {}
    pairs = {(lists.setdefault(r, of) + r, o): (lists[r], float(w)) for r, o, of, w in drawn}
    frame = scored(*((r, o, w) for (r, o), (_, w) in pairs.items())).assign(list=[of for of, _ in pairs.values()])
    found = settle(frame)
    auto = found[found["zone"] == "auto"]
    assert not auto["row"].duplicated().any()
    assert not auto[["object", "list"]].duplicated().any()
    assert set(zones(found)) <= set(pairs) and set(found["zone"]) <= {"auto", "clerical"}
    assert (auto["probability"] >= 0.99).all()


# --- the search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("harm", "recall"), [(linkage.MILD, 0.9), (linkage.HARSH, 0.65)])
def test_invented_lists_are_linked_without_a_wrong_link_and_most_of_the_rest_goes_to_a_person(harm, recall):
    rows, truth = linkage.two_lists(1_200, harm, PLACES)
    found = search(rows, PLACES.without_division)
    auto = found.links[(found.links["zone"] == "auto") & found.links["object"].str.startswith("C")]
    told = precision_recall(auto, truth)
    assert told["precision"] >= 0.99 and told["recall"] >= recall


def test_the_order_of_the_rows_changes_nothing():
    rows, _ = linkage.two_lists(300, linkage.HARSH, PLACES)
    first = search(rows, PLACES.without_division).links
    again = search(rows.sample(frac=1, random_state=3), PLACES.without_division).links
    pd.testing.assert_frame_equal(first, again)


def test_rows_with_codes_measure_the_search_on_its_own_data():
    rows, truth = linkage.two_lists(600, linkage.MILD, PLACES)
    half = search(linkage.taught(rows, truth, 0.5), PLACES.without_division)
    assert half.measured["true"] > 50 and half.measured["precision"] >= 0.98
    assert search(rows, PLACES.without_division).measured is None  # no second list has codes


def test_nothing_to_search_is_no_error():
    empty = linkage.two_lists(10, linkage.MILD, PLACES)[0].iloc[:0]
    assert len(search(empty, PLACES.without_division).links) == 0
