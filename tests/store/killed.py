"""The process that `test_killed` kills: opens a store and commits many rows, telling how far it is."""

from __future__ import annotations

import sys
from pathlib import Path

from pilotwatch.store import Store
from tests.store.made import CITY, RECORDS, Station, checked, station
from tests.store.uploads import arrived


def main(url: str, folder: str, rows: str) -> None:
    store = Store.open(url, RECORDS, files=Path(folder) / "files")
    table = checked(Station, [station(n, f"站{n}") for n in range(int(rows))])
    store.desk(CITY).commit(arrived("killed"), [table], progress=tell)


def tell(_step: object, share: float) -> None:
    print(share, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
