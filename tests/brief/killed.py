"""The process that `test_office` kills: makes the briefs that wait, and stops before it keeps the second one."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pilotwatch import brief
from pilotwatch.store import briefs
from tests.brief.houses import opened


def main(var: str, url: str) -> None:
    keep, kept = briefs.keep, []

    def slow(desk, issue, **options):
        if kept:
            for data in issue.documents.values():  # what a kill leaves: the bytes are there, the row is not
                briefs.files.keep_bytes(desk._store.files, data)
            print("made", flush=True)  # noqa: T201
            time.sleep(60)
        kept.append(keep(desk, issue, **options))
        return kept[-1]

    briefs.keep = slow
    brief.run(opened(Path(var), url))


if __name__ == "__main__":
    main(*sys.argv[1:])
