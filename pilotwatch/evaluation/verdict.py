"""What the data say about a pilot, and when they can say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pilotwatch.evaluation.did import MONTHS, Panel, changes, contrast, slopes, windows
from pilotwatch.evaluation.inference import Interval, assignments, interval, p_value

Floats = NDArray[np.float64]
Verdict = Literal["fell", "rose", "no_evidence", "cant_tell"]

#: A figure that the drawing of the pilots alone gives less often than this is taken for an effect.
ALPHA = 0.05


@dataclass(frozen=True)
class Found:
    """What came out. Where `verdict` is "cant_tell", `reason` says why; figures that exist even so are given.

    `before`, `after`: of the pilots and of the others, the mean of the units. `effect`: change of the pilots less that of
    the others. `ways`: of how many ways to draw the pilots, `as_large` gave such a figure (ours among them). `by_model`: the
    p of a t-test between the units' changes, which supposes that all are equally unsteady; never shown alone. `range`: the
    effect with each comparison unit left out in turn. `trend_p`: of the difference in course before the start. `placebos`:
    the figures of all ways, ours first. `left_out`: units too little is known of; `panel` holds the others.
    """

    panel: Panel
    verdict: Verdict
    reason: str | None = None
    before: tuple[float, float] = (np.nan, np.nan)
    after: tuple[float, float] = (np.nan, np.nan)
    effect: float = np.nan
    bounds: Interval | None = None
    p: float = np.nan
    ways: int = 0
    as_large: int = 0
    by_model: float = np.nan
    range: tuple[float, float] = (np.nan, np.nan)
    trend: float = np.nan
    trend_p: float = np.nan
    placebos: Floats | None = None
    left_out: tuple[str, ...] = ()


def evaluate(panel: Panel, *, alpha: float = ALPHA) -> Found:
    """The effect on the pilots, with everything that speaks for and against it.

    "cant_tell": no pilot, fewer than two units to compare with, under MONTHS known months before or after of any unit, too
    few ways to draw the pilots for any figure to be rare (one pilot of eight: 1/8), or a course before the start that the
    drawing gives less often than `alpha`.
    """
    every = panel
    panel, left_out = _known_enough(panel)
    short = _short(panel) and (_short(every) or _short(panel))  # what is missing is told of all units
    if short:
        return Found(every, "cant_tell", short, left_out=left_out)
    changed = changes(panel)
    ways = assignments(panel.starts)
    figures = np.array([contrast(changed, way) for way in ways])
    p = p_value(figures)
    start = panel.first_start
    assert start is not None  # noqa: S101 - _short has seen to it
    trend, trend_p = _trend(panel, ways, start)
    before, after = _told(panel)
    made = {
        "before": before, "after": after, "effect": float(figures[0]),
        "bounds": interval(figures, _shares(panel, ways), 1 - alpha), "p": p, "ways": len(ways),
        "as_large": round(p * len(ways)), "by_model": _by_model(panel, changed), "range": _range(panel, changed),
        "trend": trend, "trend_p": trend_p, "placebos": figures, "left_out": left_out,
    }  # fmt: skip
    if _least(ways, figures) > alpha:
        return Found(panel, "cant_tell", "one_pilot" if len(panel.pilots) == 1 else "few_ways", **made)
    if trend_p <= alpha:
        return Found(panel, "cant_tell", "apart_before", **made)
    if p > alpha:
        return Found(panel, "no_evidence", **made)
    return Found(panel, "fell" if figures[0] < 0 else "rose", **made)


def _known_enough(panel: Panel) -> tuple[Panel, tuple[str, ...]]:
    """The units of which MONTHS months are known on both sides, and the names of the others. Pilots that would all go, stay."""
    start, last = panel.first_start, max((s for s in panel.starts if s is not None), default=0)
    if start is None:
        return panel, ()
    known = np.isfinite(panel.values)
    enough = (known[:, :start].sum(axis=1) >= MONTHS) & (known[:, last:].sum(axis=1) >= MONTHS)
    if enough.all() or not enough[panel.pilots].any():
        return panel, ()
    kept = np.flatnonzero(enough)
    names, starts = (tuple(of[i] for i in kept) for of in (panel.units, panel.starts))
    smaller = Panel(panel.numerators[kept], panel.denominators[kept], names, panel.months, starts)
    return smaller, tuple(u for u, e in zip(panel.units, enough, strict=True) if not e)


def _short(panel: Panel) -> str | None:
    """Why nothing can be reckoned at all."""
    start, last = panel.first_start, max((s for s in panel.starts if s is not None), default=0)
    if start is None:
        return "no_pilot"
    if len(panel.others) < 2:
        return "no_comparison"
    known = np.isfinite(panel.values)
    if (known[:, :start].sum(axis=1) < MONTHS).any():
        return "short_before"
    if (known[:, last:].sum(axis=1) < MONTHS).any():
        return "short_after"
    return None


def _least(ways: list[tuple[int | None, ...]], figures: Floats) -> float:
    """The smallest p that any figure could have had: a way and its mirror (as many pilots as others) always agree."""
    starts = ways[0]
    mirrored = len({s for s in starts if s is not None}) == 1 and 2 * sum(s is None for s in starts) == len(starts)
    return (2 if mirrored else 1) / len(figures)


def _shares(panel: Panel, ways: list[tuple[int | None, ...]]) -> Floats:
    """What each way would show of an effect of one on the true pilots: the contrast of a panel that holds nothing else."""
    on = np.zeros_like(panel.numerators)
    for i, start in enumerate(panel.starts):
        if start is not None:
            on[i, start:] = 1.0
    known = np.isfinite(panel.values)
    under = np.where(known, panel.denominators, np.nan)
    changed = changes(Panel(on * under, under, panel.units, panel.months, panel.starts))
    return np.array([contrast(changed, way) for way in ways])


def _trend(panel: Panel, ways: list[tuple[int | None, ...]], start: int) -> tuple[float, float]:
    """How much more the pilots moved per month than the others before the start, and how rare that is."""
    course = slopes(panel, start)
    pilots = np.array([[s is not None for s in way] for way in ways])
    apart = np.array([course[way].mean() - course[~way].mean() for way in pilots])
    return float(apart[0]), p_value(apart)


def _told(panel: Panel) -> tuple[tuple[float, float], tuple[float, float]]:
    """Before and after, of the pilots (each about its own start) and of the others (about the pilots', on average)."""
    about = {s: windows(panel, s) for s in {s for s in panel.starts if s is not None}}
    own = [(about[s][0][i], about[s][1][i]) for i, s in enumerate(panel.starts) if s is not None]
    rest = [(about[s][0][panel.others].mean(), about[s][1][panel.others].mean()) for s in panel.starts if s is not None]
    mine, others = np.mean(own, axis=0), np.mean(rest, axis=0)
    return (float(mine[0]), float(others[0])), (float(mine[1]), float(others[1]))


def _by_model(panel: Panel, changed: dict[int, Floats]) -> float:
    """Two-sided p of the t-test of equal variances between the units' changes; NaN with starts that differ."""
    from scipy import stats  # a second's work, which no first view waits for

    if len(changed) > 1:
        return float("nan")
    (change,) = changed.values()
    mine, others = change[panel.pilots], change[panel.others]
    left = len(change) - 2
    spread = np.sqrt((((mine - mine.mean()) ** 2).sum() + ((others - others.mean()) ** 2).sum()) / left)
    if spread == 0:
        return float("nan")
    t = (mine.mean() - others.mean()) / (spread * np.sqrt(1 / len(mine) + 1 / len(others)))
    return float(2 * stats.t.sf(abs(t), left))


def _range(panel: Panel, changed: dict[int, Floats]) -> tuple[float, float]:
    """The effect with each unit of the comparison left out in turn: the least and the largest."""
    if len(panel.others) < 3:
        return (float("nan"), float("nan"))
    found = []
    for out in panel.others:
        left = [i for i in range(len(panel.units)) if i != out]
        found.append(contrast({s: c[left] for s, c in changed.items()}, [panel.starts[i] for i in left]))
    return min(found), max(found)
