"""What follows an upload is given the rows just written without reading them; a rebuild reads each dataset once."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pilotwatch.store import SYSTEM, Ids, bulk
from pilotwatch.store.records import layout
from tests.store.made import OWNERS, RECORDS, Reading, Station, checked, reading, station
from tests.store.uploads import arrived


@pytest.fixture
def store(open_store):
    return open_store(RECORDS, owners=OWNERS)


@pytest.fixture
def reads(monkeypatch):
    """The tables that were read, in order."""
    done, read = [], bulk.read

    def noting(connection, statement, types):
        done.extend(f.name for f in statement.get_final_froms() if hasattr(f, "name"))
        return read(connection, statement, types)

    monkeypatch.setattr(bulk, "read", noting)
    return done


def seen_by_hook(store, record, *uploads):
    """What a hook is given of the touched subjects after the last of the uploads, and what is read of them afterwards."""
    desk, columns = store.desk(SYSTEM), list(layout(record))
    for rows in uploads[:-1]:
        desk.commit(arrived(), [checked(record, rows)])
    told = []

    def hook(_connection, change):
        asked = Ids(change.touched[record.spec.dataset].tolist())
        told.append((asked, change.desk.frame(record.spec.dataset, columns, subjects=asked)))

    store.on_change.append(hook)
    desk.commit(arrived(), [checked(record, uploads[-1])])
    store.on_change.remove(hook)
    [(asked, given)] = told
    return given, desk.frame(record.spec.dataset, columns, subjects=asked)


def test_the_hook_of_new_and_of_changed_rows_is_given_what_a_reading_gives_without_one(store, reads):
    filled = {"capital": 1234.56, "opened_on": date(2020, 2, 29), "self_service": True, "nozzles": 4}
    first = [station(n, **(filled if n % 2 else {})) for n in range(1, 6)]
    given, read = seen_by_hook(store, Station, first)
    pd.testing.assert_frame_equal(given, read)
    assert len(given) == 5
    again = [station(n, name=f"新{n}") for n in (2, 4)]
    reads.clear()
    given, read = seen_by_hook(store, Station, again)
    pd.testing.assert_frame_equal(given, read)
    assert reads.count("rec_" + Station.spec.dataset) == 2  # the versions that are replaced, and here afterwards


def test_a_subject_with_other_rows_than_those_written_is_read(store):
    given, read = seen_by_hook(store, Reading, [reading(1), reading(8)], [reading(15, 2.5, ratio=0.1)])
    pd.testing.assert_frame_equal(given, read)
    assert len(given) == 3


def test_somebody_whom_the_upload_did_not_touch_is_read_too(store):
    store.desk(SYSTEM).commit(arrived(), [checked(Station, [station(1)])])
    found = []
    store.on_change.append(lambda _connection, change: found.append(change.desk.frame(Station.spec.dataset)))
    store.desk(SYSTEM).commit(arrived(), [checked(Station, [station(2)])])
    assert len(found[0]) == 2


def test_what_was_written_is_forgotten_with_its_transaction(store):
    desk = store.desk(SYSTEM)

    def fail(_connection, _change):
        raise RuntimeError("no")

    store.on_change.append(fail)
    with pytest.raises(RuntimeError):
        desk.commit(arrived(), [checked(Station, [station(1)])])
    store.on_change.remove(fail)
    with store.registers() as books:
        inside = desk._inside(books._connection)
        assert inside.frame(Station.spec.dataset).empty


def test_within_holding_a_dataset_is_read_once_and_anew_after_it_changed(store, reads):
    desk = store.desk(SYSTEM)
    desk.commit(arrived(), [checked(Station, [station(n) for n in range(1, 4)])])
    table, name = "rec_" + Station.spec.dataset, Station.spec.dataset
    whole = desk.frame(name)
    one = whole["subject_id"].iloc[[1]].tolist()
    reads.clear()
    with store.holding():
        with store.registers() as books:
            inside = desk._inside(books._connection)
            pd.testing.assert_frame_equal(inside.frame(name), whole)
            pd.testing.assert_frame_equal(inside.frame(name, subjects=one), whole.iloc[[1]].reset_index(drop=True))
        assert reads.count(table) == 1
        desk.commit(arrived(), [checked(Station, [station(9)])])
        with store.registers() as books:
            assert len(desk._inside(books._connection).frame(name)) == 4
    assert store.held is None
