"""Alarms against what happened: pure counting over arrays of shape (subjects, days).

An *episode* is one run of alarms about a subject: what one warning is. A day on which it can't be judged changes
nothing. An episode was *right* if an incident befell the subject in (t, t + H], t being the day it began; *wrong* if
that time is over and none did; *undecided*, and in no share, as long as it isn't over. (To count it right whenever an
incident comes while it lasts would flatter alarms that last for ever.) One that stood on the first day already began
nobody knows when: it is in no share either.

An incident on day e was *warned of* if there was an alarm in [e − H, e): never on the day itself, for then the alarm may
come from the incident's own record. Lead is e − the first alarm in that window, so never more than H.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pilotwatch.scorecard.measures import Share, Spread, spread


@dataclass(frozen=True)
class Events:
    """Incidents: `rows[k]` is the subject's row, `days[k]` (datetime64[D]) when; each subject and day once."""

    rows: np.ndarray
    days: np.ndarray

    @classmethod
    def merged(cls, rows: np.ndarray, days: np.ndarray, horizon: int) -> Events:
        """Those that follow another of the same subject within the horizon belong to it: one affair, one event."""
        order = np.lexsort((days, rows))
        rows, days = rows[order], days[order].astype("datetime64[D]")
        keep = np.ones(len(rows), bool)
        last = 0
        for k in range(1, len(rows)):  # a few hundred at most
            if rows[k] == rows[last] and (days[k] - days[last]).astype(int) <= horizon:
                keep[k] = False
            else:
                last = k
        return cls(rows[keep], days[keep])


@dataclass(frozen=True)
class Tally:
    """Counts of a back-test, which add up over parts of the city."""

    right: int = 0
    wrong: int = 0
    undecided: int = 0
    standing: int = 0  # on the first day already
    caught: int = 0
    events: int = 0
    leads: np.ndarray = field(default_factory=lambda: np.zeros(0))  # days

    @property
    def begun(self) -> int:
        """Episodes that began in the time looked at: what fatigue counts."""
        return self.right + self.wrong + self.undecided

    @property
    def precision(self) -> Share:
        return Share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Share:
        return Share(self.caught, self.events)

    @property
    def lead(self) -> Spread:
        return spread(self.leads)

    def __add__(self, other: Tally) -> Tally:
        sums = (getattr(self, n) + getattr(other, n) for n in _COUNTS)
        return Tally(*sums, np.concatenate([self.leads, other.leads]))


_COUNTS = ("right", "wrong", "undecided", "standing", "caught", "events")


@dataclass(frozen=True)
class Field:
    """What stays the same while bounds are tried: the days, the incidents, where an alarm would be right.

    `until`: the last day of which incidents are known.
    """

    days: np.ndarray
    events: Events
    horizon: int  # days
    until: np.datetime64
    right: np.ndarray  # (subjects, days): an incident in (t, t + H]
    first: np.ndarray  # of each event, the columns [first, last) of its window [e − H, e)
    last: np.ndarray

    @classmethod
    def of(cls, days: np.ndarray, subjects: int, events: Events, horizon: int, until: np.datetime64) -> Field:
        """Only events whose whole window lies within the days count."""
        whole = (events.days - horizon >= days[0]) & (events.days <= until)
        first = np.searchsorted(days, events.days - horizon)
        last = np.searchsorted(days, events.days)
        step = np.zeros((subjects, len(days) + 1), "int32")
        np.add.at(step, (events.rows, first), 1)
        np.add.at(step, (events.rows, last), -1)
        right = np.cumsum(step[:, :-1], axis=1) > 0
        counted = whole & (last > first)
        return cls(
            days, Events(events.rows[counted], events.days[counted]), horizon, until, right, first[counted], last[counted]
        )  # fmt: skip

    @property
    def decided(self) -> np.ndarray:
        """The days whose horizon is over."""
        return self.days + self.horizon <= self.until

    def chance(self, judged: np.ndarray) -> Share:
        """How often an alarm at random, among those judged, would have been right."""
        over = judged[:, self.decided]
        return Share(int((over & self.right[:, self.decided]).sum()), int(over.sum()))

    def tally(self, alarm: np.ndarray, judged: np.ndarray) -> Tally:
        """Counts the episodes and the incidents of an alarm (bool, subjects × days)."""
        alarm = standing(alarm, judged)
        begins = alarm[:, 1:] & ~alarm[:, :-1]
        right, over = self.right[:, 1:], self.decided[1:]
        known, hits = int(begins[:, over].sum()), int((begins & right)[:, over].sum())
        leads = self._leads(alarm)
        caught = ~np.isnan(leads)
        return Tally(
            hits, known - hits, int(begins.sum()) - known, int(alarm[:, 0].sum()), int(caught.sum()), len(leads),
            leads[caught],
        )  # fmt: skip

    def _leads(self, alarm: np.ndarray) -> np.ndarray:
        """Days from the first alarm in each event's window to the event; NaN where there was none."""
        if not len(self.events.rows):
            return np.zeros(0)
        width = int((self.last - self.first).max())
        columns = np.minimum(self.first[:, None] + np.arange(width), len(self.days) - 1)
        inside = np.arange(width) < (self.last - self.first)[:, None]
        hit = alarm[self.events.rows[:, None], columns] & inside
        begin = self.days[np.take_along_axis(columns, hit.argmax(axis=1)[:, None], axis=1)[:, 0]]
        return np.where(hit.any(axis=1), (self.events.days - begin).astype(float), np.nan)


def standing(alarm: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """The alarms as warnings stand: where it can't be judged, as it was judged last."""
    last = np.maximum.accumulate(np.where(judged, np.arange(alarm.shape[1]), -1), axis=1)
    held = np.take_along_axis(alarm, np.maximum(last, 0), axis=1)
    return held & (last >= 0)
