"""How often a pilot without effect is found to have one, and whether the interval covers what was put in: `python -m
bench.evaluation`.

8 districts, 24 months, the start in the middle, months of a district hanging together (AR(1), ρ = .5), a course that all
share; effects in standard deviations of a month. Pilots are drawn by lot in each run.
"""

from __future__ import annotations

import sys

import numpy as np

from pilotwatch.evaluation import Panel, evaluate

UNITS, MONTHS, START, RHO = 8, 24, 12, 0.5
RUNS, SEED = 1000, 20231110


def main(runs: int = RUNS) -> str:
    lines = [
        "## Did the pilot work? What the evaluation finds where the truth is known", "",
        f"`python -m bench.evaluation`: {UNITS} districts, {MONTHS} months, start in the middle, AR(1) with ρ = {RHO}, {runs} runs a row "
        "(half-width of a share near 5 %: "
        f"± {196 * np.sqrt(0.05 * 0.95 / runs):.1f} points). *Found*: the verdict is “fell” or “rose”. *Covers*: the 95 % interval "
        "holds the true effect. *Bounded*: it says something at all. *OLS*: a regression of months, its p taken at face value.", "",
        "| pilots | ways | effect (SD) | found % | can't tell % | covers % | bounded % | t-test % | OLS % |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for k in (1, 2, 3, 4):
        for effect in (0.0, 1.0, 1.5):
            lines.append(_row(np.random.default_rng([SEED, k, int(effect * 10)]), k, effect, runs))
    return "\n".join(lines) + "\n"


def _row(rng: np.random.Generator, k: int, effect: float, runs: int) -> str:
    told = np.zeros(6)
    ways = 0
    for _ in range(runs):
        values = _drawn(rng)
        pilots = rng.choice(UNITS, k, replace=False)
        values[pilots, START:] += effect
        starts = tuple(START if i in pilots else None for i in range(UNITS))
        panel = Panel(
            values, np.ones_like(values), tuple(map(str, range(UNITS))), tuple(map(str, range(MONTHS))), starts
        )
        found = evaluate(panel)
        ways = found.ways
        told += [
            found.verdict in ("fell", "rose"), found.verdict == "cant_tell", found.bounds.low <= effect <= found.bounds.high,
            found.bounds.bounded, found.by_model <= 0.05, _ols(values, pilots) <= 0.05,
        ]  # fmt: skip
    shares = " | ".join(f"{100 * t / runs:.1f}" for t in told)
    return f"| {k} | {ways} | {effect:g} | {shares} |"


def _drawn(rng: np.random.Generator) -> np.ndarray:
    """Months of standard deviation one, about levels of the districts' own and a course that all share."""
    noise = np.empty((UNITS, MONTHS))
    noise[:, 0] = rng.normal(size=UNITS)
    for m in range(1, MONTHS):
        noise[:, m] = RHO * noise[:, m - 1] + np.sqrt(1 - RHO**2) * rng.normal(size=UNITS)
    return 20 + rng.normal(0, 3, (UNITS, 1)) + np.cumsum(rng.normal(0, 0.3, MONTHS)) + noise


def _ols(values: np.ndarray, pilots: np.ndarray) -> float:
    """p of the interaction in a regression of all months on district, month and pilot × after."""
    from scipy import stats

    on = np.zeros_like(values)
    on[pilots, START:] = 1

    def within(a: np.ndarray) -> np.ndarray:
        return a - a.mean(axis=0) - a.mean(axis=1, keepdims=True) + a.mean()

    y, d = within(values).ravel(), within(on).ravel()
    slope = (d @ y) / (d @ d)
    left = values.size - UNITS - MONTHS
    error = np.sqrt(((y - slope * d) ** 2).sum() / left / (d @ d))
    return float(2 * stats.t.sf(abs(slope / error), left))


if __name__ == "__main__":
    print(main(*map(int, sys.argv[1:])), end="")
