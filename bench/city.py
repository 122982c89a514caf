"""Makes a demo city of a given size and tells what it cost."""

from __future__ import annotations

import sys

from bench.measure import Meter


def main(size: float) -> None:
    from pilotwatch import demo
    from pilotwatch.workspace import Workspace

    workspace = Workspace.open()
    with Meter() as meter:
        built = demo.build(workspace, size=size)
    meter.report(size=size, records=built["records"], batches=built["batches"])


if __name__ == "__main__":
    main(float(sys.argv[1]))
