"""The tables of docs/performance/aberration.md."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import pandas as pd

from bench.aberration.designs import DISTRICTS, ON, SHORT_TESTED, SHORT_WEEKS, TESTED, city, draw, published, short
from bench.aberration.methods import published_methods, scores, short_methods
from bench.report import table
from pilotwatch.aberration import CITY, Settings, detect, false_alarms_a_year, farrington, quasipoisson

#: The figures of the method note this follows: FPR, POD, POD of k ≥ 5, PPV, in percent (4 repetitions: ± 7 points of POD).
NOTED = {
    "Farrington flexible, α = .01 (our red)": "0.74 / 54.3 / 73.7 / 68",
    "Farrington flexible, α = .05": "3.86 / 69.5 / 90.9 / 37",
    "EARS C1, α = .001": "3.69 / 54.9 / 71.7 / 25",
    "EARS C2, α = .001": "4.80 / 55.5 / 71.7 / 28",
    "NB-CUSUM, κ = 1.5, h = 2": "1.44 / 56 / 76 / 52",
    "NB-CUSUM, κ = 1.5, h = 3": "0.60 / 43 / 63 / 66",
    "NB-CUSUM, κ = 1.5, h = 4": "0.32 / 34 / 52 / 74",
    "Farrington .01 or CUSUM h = 4": "0.92 / 54.9 / 74.7 / 65",
}
NOTED_SHORT = {
    "EARS C1, α = .001": "3.15 / 61.5 / 28",
    "EARS C2, α = .001": "3.41 / 62.5 / 38",
    "Farrington flexible, b = 2, α = .01, per district": "1.78 / 72.9 / 56",
    "pooled model, mid-p < .01": "0.90 / 68.8 / 69",
    "pooled model, Benjamini–Hochberg q = .10": "1.90 / 75.0 / 56",
    "pooled, p < .05 and ≥ 5 in 4 weeks": "4.67 / 90.6 / 40",
}


def published_table(reps: int, seed: int) -> str:
    series, of_week = published(reps, seed), published(reps, seed, of_week=True)
    found, other = scores(series, TESTED, published_methods), scores(of_week, TESTED, published_methods)
    surges = int((series.surge.sum(axis=1) > 0).sum())
    return (
        "### The design of Noufaily et al. 2013\n\n"
        f"42 scenarios × {reps} repetitions, {len(series.counts) * TESTED:,} weeks tested, {surges} surges; seed {seed}. POD is known "
        f"to ± {100 * 1.96 * np.sqrt(0.25 / surges):.0f} points. A surge is k standard deviations of its series; the column “sd of the "
        "week” draws it by the standard deviation of the week it starts in, which is smaller where there is trend or season. "
        "“Noted” are the figures of the method note (4 repetitions, ± 7 points of POD), which does not say which of the two it used.\n\n"
        + table(
            ("method", "FPR %", "POD %", "POD %, k ≥ 5", "PPV %", "false alarms / series-year", "POD % / PPV %, sd of the week", "noted: FPR / POD / k ≥ 5 / PPV"),
            (
                (name, f"{100 * s.fpr:.2f}", f"{100 * s.pod:.1f}", f"{100 * s.pod_large:.1f}", f"{100 * s.ppv:.0f}", f"{52 * s.fpr:.2f}",
                 f"{100 * other[name].pod:.1f} / {100 * other[name].ppv:.0f}", NOTED.get(name, "–"))
                for name, s in found.items()
            ),
        )
    )  # fmt: skip


def short_table(reps: int, seed: int) -> str:
    found = scores(short(reps, seed), SHORT_TESTED, short_methods)
    return (
        "### Short history: eight districts, two years\n\n"
        f"Means .4 to 9 a week, {SHORT_WEEKS - SHORT_TESTED} weeks of history before the first of {SHORT_TESTED} tested, {reps} repetitions, "
        f"{reps * DISTRICTS} surges of 4–10 sd (those of the week).\n\n"
        + table(
            ("method", "FPR %", "false alarms / year, 8 districts", "POD %", "PPV %", "noted: FPR / POD / PPV"),
            (
                (name, f"{100 * s.fpr:.2f}", f"{100 * s.fpr * 0.52 * DISTRICTS:.1f}", f"{100 * s.pod:.1f}", f"{100 * s.ppv:.0f}", NOTED_SHORT.get(name, "–"))
                for name, s in found.items()
            ),
        )
    )  # fmt: skip


def quiet_table(seed: int, dates: int) -> str:
    lines = []
    for name, places, days, mean in (
        ("8 districts, 2 years", 8, 730, 6.0), ("130 streets, 2 years", 130, 730, 0.5),
        ("8 districts, 5½ years", 8, 2010, 6.0), ("130 streets, 5½ years", 130, 2010, 0.5),
    ):  # fmt: skip
        frame = city(np.random.default_rng(seed), places, days + 7 * dates, mean)
        found = pd.concat(
            [detect(frame[frame["day"] <= str(d)], d) for d in (ON - timedelta(weeks=k) for k in range(dates))]
        )
        local = found[found["place"] != CITY]
        share = {level: (local["level"] == level).mean() for level in ("red", "amber")}
        year = 52 * 9 * places
        lines.append(
            (name, f"{len(local):,}", f"{100 * share['red']:.2f}", f"{100 * share['amber']:.2f}", f"{100 * local['creeping'].mean():.2f}",
             f"{year * share['red']:.0f}", f"{false_alarms_a_year(9 * places, Settings().alpha_red):.0f}")
        )  # fmt: skip
    return (
        "### When nothing happens\n\n"
        f"`detect` on nine counts of a quiet city (φ = 1.4, places of very different rates), {dates} weeks each. By design α = .01 would be "
        "1 %; the rule of five cases in four weeks, Benjamini–Hochberg and the steps of small counts make it less.\n\n"
        + table(("city", "series-weeks", "red %", "amber %", "creeping %", "red a year", "a year by α alone"), lines)
    )  # fmt: skip


def shock_table(seed: int, reps: int) -> str:
    rng, lines = np.random.default_rng(seed), []
    for name, rise, more in (
        ("nothing", 1.0, 1.0),
        ("every district doubles", 2.0, 1.0),
        ("… and one of them again × 2.5", 2.0, 2.5),
    ):
        alone, after, kept, told = 0, 0, 0, 0
        for _ in range(reps):
            rises = np.where(np.arange(8) == 3, rise * more, rise)
            found = detect(city(rng, 8, 730, 8.0, kinds=1, rise=rises), ON).set_index("place")
            alarm = found["level"].isin(["red", "amber"])
            told += alarm[CITY]
            others = found.drop(index=[CITY, "003"])
            after += alarm[others.index].sum()
            alone += (alarm[others.index] | (others["verdict"] == "with_city")).sum()
            kept += alarm["003"]
        lines.append(
            (
                name,
                f"{100 * told / reps:.0f}",
                f"{100 * alone / reps / 7:.1f}",
                f"{100 * after / reps / 7:.1f}",
                f"{100 * kept / reps:.0f}",
            )
        )
    return (
        "### When the whole city rises\n\n"
        f"Eight districts, two years, {reps} cities each. District alarms that only follow the city are told by the city's row alone; "
        "“one district” is the one that rises further in the last line.\n\n"
        + table(
            ("last week", "city alarms %", "other districts in alarm %, by themselves", "… given the city's total", "one district in alarm %"), lines
        )
    )  # fmt: skip


def cost_table(seed: int) -> str:
    import statsmodels.api as sm

    lines = []
    for name, days in (
        ("2 years (pooled)", 730),
        ("3 years (Farrington, b = 3)", 1130),
        ("6 years (Farrington, b = 5)", 2190),
    ):
        frame = city(np.random.default_rng(seed), 130, days, 0.5)
        cpu, wall = time.process_time(), time.perf_counter()
        found = detect(frame, ON)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        lines.append(
            (name, f"{len(frame):,}", f"{len(found):,}", f"{cpu:.1f}", f"{wall:.1f}", f"{1000 * cpu / len(found):.1f}")
        )
    weeks = farrington.baseline(5, 3, 10, 26, 52)
    y = draw(np.random.default_rng(seed), np.full((200, len(weeks.lags)), 3.0), 1.4)
    design = np.column_stack([weeks.levels[:, None] == np.arange(10), weeks.lags / 52]).astype(float)
    start = time.process_time()
    for row in y:
        sm.GLM(row, design, family=sm.families.Poisson()).fit(scale="X2")
    peer = time.process_time() - start
    start = time.process_time()
    quasipoisson.fit(y, quasipoisson.Design(weeks.levels, weeks.lags / 52), np.zeros(y.shape), np.ones(y.shape))
    ours = time.process_time() - start
    return (
        "### What it costs\n\n"
        "130 streets × 3 domains × 3 counts, and the city of each; every one of the last 26 weeks is judged as it would have been then "
        f"(for amber and creeping). The fit itself takes {1e6 * ours / len(y):.0f} µs a series, statsmodels' GLM one by one "
        f"{peer / ours:.0f} times as long.\n\n"
        + table(("history", "rows", "series", "CPU s", "wall s", "CPU ms a series"), lines)
    )  # fmt: skip
