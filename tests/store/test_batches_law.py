"""The law of batches, held against a model: what is current is what the last standing batch that stated a key says."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete

from pilotwatch.identity import subject_id
from pilotwatch.store import Store
from pilotwatch.store.engine import writing
from pilotwatch.store.tables import Batch, BatchFinding, BatchTable, BatchUnit, Confirmation, Subject
from tests.store.made import CITY, RECORDS, Station, Visit, checked, station
from tests.store.uploads import arrived

KEYS = st.integers(0, 5)
STATIONS = st.dictionaries(KEYS, st.sampled_from(["甲", "乙", "丙"]), max_size=6)
VISITS = st.dictionaries(KEYS, st.integers(0, 2), max_size=6)  # number → whose: a visit can move to another subject


def visit(number: int, whose: int) -> dict:
    return {"visit_no": f"V{number}", "uscc": station(whose)["uscc"], "on": date(2026, 1, 1), "division_code": "650102"}


def emptied(store: Store) -> Store:
    """The store without its batches and rows: quicker than a new one for each example."""
    with writing(store._engine) as connection:
        for model in (BatchFinding, BatchUnit, BatchTable, Batch, Confirmation, Subject):
            connection.execute(delete(model))
        for dataset in store.datasets:
            connection.execute(delete(store.dataset(dataset)[1]))
    return store


class Batches(RuleBasedStateMachine):
    """Random uploads and withdrawals, told to the store and to a list of what each standing batch stated."""

    def __init__(self, store: Store):
        super().__init__()
        self.desk = emptied(store).desk(CITY)
        self.stated: dict[str, dict[tuple, object]] = {}  # batch → key → content, in the order of commits

    @property
    def current(self) -> dict[tuple, object]:
        return {key: content for batch in self.stated.values() for key, content in batch.items()}

    @rule(stations=STATIONS, visits=VISITS)
    def commit(self, stations, visits):
        if not stations and not visits:
            return
        tables = [checked(Station, [station(n, name) for n, name in stations.items()], sheet="s")] if stations else []
        tables += [checked(Visit, [visit(n, whose) for n, whose in visits.items()], sheet="v")] if visits else []
        content = {("s", n): name for n, name in stations.items()} | {("v", n): whose for n, whose in visits.items()}
        line = self.desk.commit(arrived(), tables)
        changes = {k for k, c in content.items() if self.current.get(k) != c}
        assert (line.id is None) == (not changes)
        assert line.rows == len(changes)
        if line.id:
            self.stated[line.id] = content

    @precondition(lambda self: self.stated)
    @rule(data=st.data())
    def withdraw(self, data):
        batch = data.draw(st.sampled_from(sorted(self.stated)))
        self.desk.withdraw(batch, "x")
        del self.stated[batch]

    @invariant()
    def the_store_holds_what_the_model_holds(self):
        stations = self.desk.frame("t_station", ["uscc", "name", "batch_id"])
        visits = self.desk.frame("t_visit", ["visit_no", "uscc", "batch_id", "subject_id"])
        held = [("s", int(r.uscc[1:]), r.name, r.batch_id) for r in stations.itertuples(index=False)]
        held += [("v", int(r.visit_no[1:]), int(r.uscc[1:]), r.batch_id) for r in visits.itertuples(index=False)]
        assert sorted((t, n) for t, n, _, _ in held) == sorted(self.current), "one current row per key"
        for t, n, content, batch in held:
            assert self.current[t, n] == content
            assert self.stated[batch][t, n] == content, "a row is traced to a standing batch that states it"
        assert all(str(subject_id("uscc", r.uscc)) == r.subject_id for r in visits.itertuples(index=False))

    @invariant()
    def the_subjects_are_those_listed(self):
        listed = self.desk.subjects(["code", "name"])
        assert {(int(c[1:]), n) for c, n in listed.itertuples(index=False)} == {
            (n, name) for (t, n), name in self.current.items() if t == "s"
        }


def test_any_sequence_of_commits_and_withdrawals_keeps_the_law(open_store):
    store = open_store(RECORDS)
    run_state_machine_as_test(
        lambda: Batches(store),
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
