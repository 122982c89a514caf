"""Rows of records in a copy are the rows that counted at the end of its day, whatever came later."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from pilotwatch.store import SYSTEM, Store, looking_back
from pilotwatch.workdays import BEIJING, standing
from tests.store.made import OWNERS, RECORDS, Reading, Station, Visit, checked
from tests.store.uploads import arrived, rows_of

FIRST = date(2026, 3, 1)
READ = datetime(2026, 2, 1, 8)  # noqa: DTZ001 - the wall clock
SHOWN = {
    "t_station": ("uscc", "name", "nozzles"),
    "t_reading": ("uscc", "tank", "volume"),
    "t_visit": ("visit_no", "uscc", "note"),
}


def code(n: int) -> str:
    return f"U{n:017d}"


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=BEIJING)


def rows(store) -> dict[str, set]:
    """What counts: the current rows, and how the subjects are listed."""
    desk = store.desk(SYSTEM)
    listed = desk.subjects(["subject_id", "dataset", "code", "name"])
    return {d: rows_of(desk, d, *columns) for d, columns in SHOWN.items()} | {
        "listed": {tuple(r) for r in listed.itertuples(index=False)}
    }


def copied(source: Store, folder, day: date) -> Store:
    target = Store.open(f"sqlite:///{folder / f'{day}.db'}", RECORDS, owners=OWNERS, files=folder / "aside" / "files")
    looking_back.copy(source, target, day, lambda _step, _share: None)
    return target


def some_upload(dice: random.Random):
    """Rows of one of the datasets, few keys and few values, so that they are often stated again or changed."""
    n, record = dice.randint(1, 5), dice.choice((Station, Reading, Visit))
    chosen = dice.sample(range(6), n)
    if record is Station:
        made = [{"uscc": code(i), "name": f"站{dice.randint(1, 2)}", "nozzles": dice.randint(1, 2)} for i in chosen]
    elif record is Reading:
        made = [{"uscc": code(i), "tank": "1", "read_at": READ, "volume": float(dice.randint(1, 2)), "day": READ.date()} for i in chosen]  # fmt: skip
    else:  # the same visit may come to be of another subject
        made = [
            {
                "visit_no": f"V{i}",
                "uscc": code(dice.randint(0, 5)),
                "on": FIRST,
                "note": dice.choice("ab"),
                "day": FIRST,
            }
            for i in chosen
        ]
    return checked(record, made)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rows_of_each_past_day_are_those_that_counted_then(open_store, tmp_path, seed):
    """Uploads that add, repeat and change rows, and withdrawals of any batch, in any order."""
    dice, store, then = random.Random(seed), open_store(RECORDS, owners=OWNERS), {}
    for n in range(14):
        day = FIRST + timedelta(n)
        with standing(on(day)):
            for _ in range(2):
                standing_batches = [b for b in store.desk(SYSTEM).batches() if b.status == "standing"]
                if standing_batches and dice.random() < 0.4:
                    store.desk(SYSTEM).withdraw(dice.choice(standing_batches).id, "报错")
                else:
                    store.desk(SYSTEM).commit(arrived(), [some_upload(dice)])
        then[day] = rows(store)
    for day in dice.sample(sorted(then), 3):
        copy = copied(store, tmp_path, day)
        assert rows(copy) == then[day], day
        copy.close()


def test_a_row_that_went_to_another_batch_by_a_withdrawal_is_known_since_the_first(open_store, tmp_path):
    store = open_store(RECORDS, owners=OWNERS)
    row = [{"uscc": code(1), "name": "站", "nozzles": 1}]
    with standing(on(FIRST)):
        first = store.desk(SYSTEM).commit(arrived("one"), [checked(Station, row)])
    with standing(on(FIRST + timedelta(2))):
        store.desk(SYSTEM).commit(
            arrived("two"), [checked(Station, [*row, {"uscc": code(2), "name": "站", "nozzles": 1}])]
        )
    with standing(on(FIRST + timedelta(4))):
        store.desk(SYSTEM).withdraw(first.id, "报错")
    assert len(rows(store)["t_station"]) == 2
    for days, known in ((1, 1), (3, 2), (5, 2)):
        copy = copied(store, tmp_path, FIRST + timedelta(days))
        assert len(rows(copy)["t_station"]) == known
        copy.close()


def test_nothing_of_later_batches_is_in_the_copy(open_store, tmp_path):
    store = open_store(RECORDS, owners=OWNERS)
    with standing(on(FIRST)):
        store.desk(SYSTEM).commit(arrived("one"), [checked(Station, [{"uscc": code(1), "name": "站", "nozzles": 1}])])
    with standing(on(FIRST + timedelta(1))):
        store.desk(SYSTEM).commit(
            arrived("秘密"), [checked(Station, [{"uscc": code(1), "name": "改名后", "nozzles": 1}])]
        )
    copy = copied(store, tmp_path, FIRST)
    copy.close()
    written = (tmp_path / f"{FIRST}.db").read_bytes() + b"".join(
        p.read_bytes() for p in tmp_path.glob(f"{FIRST}.db-wal")
    )
    assert "改名后".encode() not in written
    assert "秘密".encode() not in written
