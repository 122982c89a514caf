"""Makes a demo city of a given size and tells what it cost."""

from __future__ import annotations

import sys

from sqlalchemy import Engine, event

from bench.measure import Meter


@event.listens_for(Engine, "checkout")  # after the store has set up its connection
def _room(connection, *_) -> None:
    """Gives SQLite the memory that a store of many gigabytes is built in: the 32 MB of the product are thrashed by it."""
    connection.execute("PRAGMA cache_size=-4194304")  # KiB
    connection.execute("PRAGMA wal_autocheckpoint=65536")  # pages


def main(size: float) -> None:
    from pilotwatch import demo
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    with Meter() as meter:
        built = demo.build(workspace, size=size)
    meter.report(size=size, records=built["records"], batches=built["batches"])


if __name__ == "__main__":
    main(float(sys.argv[1]))
