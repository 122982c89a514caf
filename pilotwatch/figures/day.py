"""Up to which day everything that follows the day was brought."""

from __future__ import annotations

from datetime import date

from pilotwatch.store import Store

_DONE = "daily_done"  # a setting of the store


def note_day(store: Store, on: date) -> None:
    """Notes that a day's work is done; an earlier day never takes the place of a later one."""
    with store.registers() as books:
        if on.isoformat() > books.setting(_DONE, ""):
            books.set_setting(_DONE, on.isoformat())


def noted_day(store: Store) -> date | None:
    """The newest day whose work is done; None where none ever was."""
    with store.registers(write=False) as books:
        done = books.setting(_DONE, "")
    return date.fromisoformat(done) if done else None
