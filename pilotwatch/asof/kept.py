"""Copies of the store as past days knew it: made once, kept as `var/as-of/DATE.db`, the oldest removed when there are many.

Later uploads don't change what was known on a past day, so a copy stays good. It is made again where the program's schema has
changed, where something was removed for good (retention), or the store restored.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pilotwatch.asof.remake import remake
from pilotwatch.domain import Text
from pilotwatch.store import Store, StoreRefused, looking_back
from pilotwatch.workdays import end_of, now, standing, today
from pilotwatch.workspace import Workspace, bound_to

Told = Callable[[Text, float], None]


@dataclass(frozen=True)
class Copy:
    """A copy that is kept: of which day, when it was made, in how many seconds, and how large it is."""

    day: date
    file: Path
    made: dict[str, Any]

    @property
    def size(self) -> int:
        return self.file.stat().st_size


def refuse_day(house: Workspace, day: date) -> None:
    """Raises StoreRefused for a day that isn't over, or on which nothing was known yet."""
    with standing(None):
        if day >= today():
            raise StoreRefused("day_not_over", _NOT_OVER.format(day=day))
    first = looking_back.first_day(house.store)
    if first is None or day < first:
        raise StoreRefused("before_first", _BEFORE.format(day=day, first=first or "—"))


def at_hand(house: Workspace, day: date) -> Copy | None:
    """The copy of a day, where there is one that is still good."""
    file = _file(house, day)
    made = looking_back.noted(_url(file)) if file.is_file() else None
    good = made is not None and made["of"] == looking_back.state_of(house.store, day)
    return Copy(day, file, made) if good else None  # type: ignore[arg-type]


def make(house: Workspace, day: date, told: Told | None = None) -> Copy:
    """Makes the copy of a day anew, in the place of one that is there. Nothing is left of one that is interrupted."""
    refuse_day(house, day)
    told, began = told or (lambda _step, _share: None), time.perf_counter()
    folder = _folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    of = looking_back.state_of(house.store, day)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as aside:
        file = Path(aside) / "copy.db"
        # what is written while it is made (audit, its anchors) is nobody's: all of it stays in this folder
        target = Store.open(
            _url(file), list(house.store.records.values()), owners=house.store.owners, files=Path(aside) / "files"
        )
        try:
            rows = looking_back.copy(house.store, target, day, lambda s, share: told(s, 0.3 * share))
            with standing(end_of(day)):
                remake(replace(house, store=target), lambda s, share: told(s, 0.3 + 0.7 * share))
            looking_back.finish(target)
            with standing(None):
                warned = looking_back.first_warning(house.store)
                made = {"day": day.isoformat(), "of": of, "rows": rows, "warnings_since": str(warned) if warned else None, "made_at": now().isoformat(timespec="seconds"),
                        "seconds": round(time.perf_counter() - began, 1)}  # fmt: skip
            looking_back.note(target, made)
        finally:
            target.close()
        file.replace(_file(house, day))
    _remove_oldest(house, keep=day)
    told(_DONE, 1.0)
    return Copy(day, _file(house, day), made)


def house(present: Workspace, day: date, told: Told | None = None) -> Workspace:
    """The workspace as of a day; its copy is made where there is none at hand. Raises StoreRefused for a day that isn't over."""
    refuse_day(present, day)
    copy = at_hand(present, day) or make(present, day, told)
    return replace(present, store=looking_back.opened(_url(copy.file), present.store, day, copy.made))


@contextmanager
def looking_at(past: Workspace) -> Iterator[Workspace]:
    """Whoever opens the workspace here, or asks the time, is at the end of that day."""
    with bound_to(past), standing(end_of(past.store.day)):  # type: ignore[attr-defined]
        yield past


def copies(house: Workspace) -> list[Copy]:
    """The copies that are kept, the newest day first."""
    found = []
    for file in sorted(_folder(house).glob("????-??-??.db"), reverse=True):
        if made := looking_back.noted(_url(file)):
            found.append(Copy(date.fromisoformat(file.stem), file, made))
    return found


def forget(house: Workspace, day: date) -> bool:
    """Removes the copy of a day; whether there was one."""
    there = _file(house, day).is_file()
    for end in ("", "-wal", "-shm"):
        _file(house, day).with_name(f"{day}.db{end}").unlink(missing_ok=True)
    return there


def _remove_oldest(house: Workspace, keep: date) -> None:
    """Leaves as many as may be kept: those that were made last."""
    files = sorted(_folder(house).glob("????-??-??.db"), key=lambda f: f.stat().st_mtime, reverse=True)
    others = [f for f in files if f != _file(house, keep)]
    for file in others[max(0, house.settings.as_of_kept - 1) :]:
        forget(house, date.fromisoformat(file.stem))


def _folder(house: Workspace) -> Path:
    return house.settings.var / "as-of"


def _file(house: Workspace, day: date) -> Path:
    return _folder(house) / f"{day}.db"


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


_NOT_OVER = Text(
    "{day} 还没有结束，不能回看。请选择昨天或更早的日期。", "{day} isn't over: choose yesterday or a day before."
)
_BEFORE = Text(
    "{day} 时系统中还没有任何数据，不能回看。最早可回看 {first}。",
    "Nothing was known on {day} yet. The first day to look back to is {first}.",
)
_DONE = Text("完成", "Done")
