"""How often the local test shows what isn't there, and finds what is: `python -m bench.hotspots`.

271 hexagonal cells, heavy-tailed denominators, 200 maps a row, as methods for hot spots are compared in the literature:
no effect; a planted disk (a cell and its six neighbours) of 2, 3 and 5 times the risk; counts more scattered than Poisson.
A *false map* has a hot cell whose ring doesn't touch the disk; a *hit* map one inside it.
"""

from __future__ import annotations

import h3
import numpy as np
from scipy import stats

from pilotwatch import hotspots
from pilotwatch.aberration.tails import discoveries

MAPS = 200
RATE = 0.01
PAST = 12  # periods from which the dispersion is taken
SEED = 20231110


def main(maps: int = MAPS) -> None:
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(43.8256, 87.6168, 8), 9))
    near, wide = hotspots.near_cells(cells), hotspots.near_cells(cells, 2)
    rng = np.random.default_rng(SEED)
    print("| map | test | false maps | hit maps |\n|---|---|---|---|")
    for name, times, scatter in (
        ("no effect", 1, 0.0), ("disk × 2", 2, 0.0), ("disk × 3", 3, 0.0), ("disk × 5", 5, 0.0),
        ("no effect, scattered (CV .55)", 1, 0.55), ("disk × 3, scattered", 3, 0.55),
    ):  # fmt: skip
        told = {test: np.zeros(2) for test in ("ours", "ours, without a past", "ring O/E alone", "Gi* on rates, BH")}
        for _ in range(maps):
            at_risk = rng.lognormal(np.log(400), 1.0, len(cells))
            middle = int(rng.integers(len(cells)))
            disk = near[[middle]].toarray().ravel() > 0
            touching = wide[[middle]].toarray().ravel() > 0
            risk = np.where(disk, times, 1.0)
            counts = _drawn(rng, at_risk * RATE * risk, scatter)
            past = np.column_stack([_drawn(rng, at_risk * RATE, scatter) for _ in range(PAST)])
            z = hotspots.getis_ord(counts / at_risk, near)
            hot = {
                "ours": hotspots.judge(np.column_stack([counts, past]), at_risk, near).hot[:, 0],
                "ours, without a past": hotspots.judge(counts[:, None], at_risk, near).hot[:, 0],
                "ring O/E alone": hotspots.ring_test(counts, at_risk, near).hot,
                "Gi* on rates, BH": discoveries(stats.norm.sf(z), 0.05),
            }
            for test, found in hot.items():
                told[test] += [
                    bool((found & ~touching).any() if times > 1 else found.any()),
                    bool((found & disk).any()),
                ]
        for test, (false, hit) in told.items():
            print(
                f"| {name} | {test} | {100 * false / maps:.0f} % | {f'{100 * hit / maps:.0f} %' if times > 1 else '–'} |"
            )


def _drawn(rng: np.random.Generator, mean: np.ndarray, scatter: float) -> np.ndarray:
    if not scatter:
        return rng.poisson(mean).astype(float)
    shape = 1 / scatter**2  # gamma of mean 1 and this coefficient of variation
    return rng.poisson(mean * rng.gamma(shape, 1 / shape, mean.shape)).astype(float)


if __name__ == "__main__":
    main()
