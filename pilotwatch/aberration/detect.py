"""Which counts are higher than they should be: every series by the method its history allows.

| weeks before | tier | alarm |
|---|---|---|
| fewer than 26 | exact Poisson limits at the city's rate | none: grey |
| 26 to 156 | one quasi-Poisson model of all places | red: p < .01 and Benjamini–Hochberg q = .10; amber: p < .01 alone, or p < .05 and several places believed at once |
| 157 and more | Farrington flexible | red: α = .01; amber: α = .05 two weeks in a row |

Beside them: fewer than five cases in four weeks are no alarm; when the city as a whole rises, a place keeps its alarm
only if its share of the city is unusual too; NB-CUSUM finds what creeps up below every week's bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotwatch.aberration import farrington, pooled, tails, words
from pilotwatch.aberration.cusum import cusum
from pilotwatch.aberration.settings import LEAST_CASES_WEEKS, Settings
from pilotwatch.aberration.weeks import CITY, KEY, Weekly, weekly, with_city

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RATE_WEEKS = 52  # of the city's rate: a whole year, so that its season evens out
SHOWN_WEEKS = 52  # of `Bands`

#: The levels of a row, worst first.
LEVELS = ("red", "amber", "none", "grey")

#: The columns of the result, in order.
RESULT = (
    *KEY, "week_from", "week_to", "tier", "weeks", "observed", "expected", "bound", "score", "p", "level", "verdict",
    "creeping", "cusum", "share", "p_share", "limit_low", "limit_high", "phi", "years", "reason", "method",
)  # fmt: skip


def detect(
    series: pd.DataFrame, on: date, settings: Settings | None = None, *, holidays: Iterable[date] = ()
) -> pd.DataFrame:
    """Judges the seven days up to `on` of every series; one row per series and one per measure for the city (place `*`).

    series: the counts of places of *one* kind (streets, or districts), as `weeks.weekly` describes: columns domain,
    measure, place, day, count (cases), at_risk (subjects), and if wanted `until`. A change of categories breaks a
    series: give the rows since the break.

    The result is sorted by domain, measure, place:

    - week_from, week_to: the seven days. weeks: whole weeks of history before them. tier: none, exact, pooled, farrington.
    - observed, expected (cases), bound: the largest count that isn't unusual at `alpha_red`. score: (observed −
      expected)/(bound − expected), of at least half a case, to rank by. p: of as many cases by chance, mid-p in the
      pooled tier.
    - level: red, amber, none or grey (not judged). verdict: the key of `words.REASONS`. reason, method: `Text`.
    - creeping: NB-CUSUM crossed its limit this week, which by itself is as usual. cusum: its sum.
    - share: of the city's cases; p_share: of as large a share by chance (beta-binomial).
    - limit_low, limit_high: exact Poisson limits at the city's rate. phi: dispersion. years: of the seasonal baseline.

    NaN where there is no such number. Raises ValueError for a frame that isn't as described.

    Four districts with a case a day for a year; in the last week three a day in district C:

    >>> days = pd.date_range("2026-01-01", "2026-12-31")
    >>> frame = pd.DataFrame([("oil", "complaint", p, d, 1, 100) for p in "ABCD" for d in days],
    ...                      columns=["domain", "measure", "place", "day", "count", "at_risk"])
    >>> frame.loc[(frame.place == "C") & (frame.day > "2026-12-24"), "count"] = 3
    >>> found = detect(frame, date(2026, 12, 31))
    >>> found[["place", "tier", "observed", "expected", "bound", "level"]].round(1)
      place    tier  observed  expected  bound level
    0     *  pooled      42.0      28.0   41.0   red
    1     A  pooled       7.0       7.0   14.0  none
    2     B  pooled       7.0       7.0   14.0  none
    3     C  pooled      21.0       7.0   14.0   red
    4     D  pooled       7.0       7.0   14.0  none
    >>> found.loc[3, "reason"]("en")
    '21 from 2026-12-25 to 2026-12-31, expected 7.0: more than the bound of 14.'
    """
    return judge(series, on, settings, holidays=holidays)[0]


@dataclass(frozen=True)
class Bands:
    """The weeks behind each row of `detect`, in its order; the newest last.

    observed (S, W): cases of up to `SHOWN_WEEKS` weeks, NaN where a series wasn't observed. expected, bound (S, K): of the
    last weeks, each judged as it would have been then; NaN where it couldn't be.
    """

    observed: Floats
    expected: Floats
    bound: Floats


def judge(
    series: pd.DataFrame, on: date, settings: Settings | None = None, *, holidays: Iterable[date] = ()
) -> tuple[pd.DataFrame, Bands]:
    """`detect`, and the weeks behind each of its rows."""
    settings = settings or Settings()
    table = with_city(weekly(series, on, settings, holidays))
    rows = table.keys.copy()
    rows["week_from"], rows["week_to"] = table.last - timedelta(days=6), table.last
    rows["weeks"] = table.history
    rows["observed"] = table.counts[:, -1]
    rows["tier"] = _tiers(table, settings)
    rows["limit_low"], rows["limit_high"], at_city_rate = _city_limits(table, settings)
    past = _expectations(table, rows["tier"].to_numpy(), settings)
    rows["years"] = past.years
    rows["phi"] = past.phi[:, 0]
    exact = (rows["tier"] == "exact").to_numpy()
    rows["expected"] = np.where(exact, at_city_rate, past.mu[:, 0])
    bounds = _bounds(past, settings.alpha_red, past.mu.shape[1])
    rows["bound"] = np.where(exact, rows["limit_high"], bounds[:, 0])
    rows["score"] = (rows["observed"] - rows["expected"]) / np.maximum(rows["bound"] - rows["expected"], 0.5)
    rows["p"] = _p(rows["observed"].to_numpy(), past)
    rows["share"], rows["p_share"] = _shares(rows)
    rows["verdict"] = _verdicts(table, rows, past, settings)
    rows["level"] = rows["verdict"].map(_LEVEL_OF)
    rows["cusum"], crossed = _creeping(table, past, settings)
    rows["creeping"] = crossed & (rows["verdict"] == "usual") & _enough(table, 0, settings)
    values = asdict(settings) | {"holiday": bool(table.holiday[-1])}
    told = [{**values, **row, "until": str(u)} for row, u in zip(rows.to_dict("records"), table.until, strict=True)]
    rows["reason"] = [words.reason(row) for row in told]
    rows["method"] = [words.method(row) for row in told]
    order = rows.sort_values(KEY).index.to_numpy()
    shown = table.counts[:, -SHOWN_WEEKS:]
    observed = np.where(table.observed[:, -shown.shape[1] :], shown, np.nan)
    bands = Bands(observed[order], past.mu[order, ::-1], bounds[order, ::-1])
    return rows.loc[order, list(RESULT)].reset_index(drop=True), bands


_LEVEL_OF = {
    "late": "grey", "unknown": "grey", "short": "grey", "nothing": "grey",
    "red": "red", "again": "amber", "one_of_many": "amber", "among_others": "amber",
    "few": "none", "with_city": "none", "usual": "none",
}  # fmt: skip


# --- what each week lets expect -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """The week in question (column 0) and the weeks before it, each judged as it would have been then; (S, K).

    mu: expected cases; ratio: variance of a new count to it; phi: dispersion, `ratio` without the model's own
    uncertainty; years (S,): of the seasonal baseline. mid (S,): whether p is a mid-p, as in the pooled tier.
    """

    mu: Floats
    ratio: Floats
    phi: Floats
    years: NDArray[np.int64]
    mid: Bools


def _tiers(table: Weekly, settings: Settings) -> NDArray[np.str_]:
    judged = table.observed[:, -1] & (table.at_risk[:, -1] > 0)
    return np.select(
        [~judged, table.history < settings.least_weeks, table.history < settings.farrington_weeks],
        ["none", "exact", "pooled"],
        default="farrington",
    )


def _expectations(table: Weekly, tier: NDArray[np.str_], settings: Settings) -> Past:
    shape = (len(tier), min(settings.cusum_weeks, table.counts.shape[1]))
    mu, ratio, phi = (np.full(shape, np.nan) for _ in range(3))
    years = np.zeros(len(tier), dtype=np.int64)
    seasonal = np.flatnonzero(tier == "farrington")
    if seasonal.size:
        of = (a[seasonal] for a in (table.counts, table.at_risk, table.usable, table.history))
        found = farrington.expect(*of, back=shape[1], settings=settings)
        mu[seasonal], ratio[seasonal], phi[seasonal] = found.mu, found.phi, found.phi
        years[seasonal] = found.years[:, 0]
    for members in _models(table, tier):
        found = None
        for k in range(shape[1]):
            # NaN for the members that were too short then, or are judged by their own seasons.
            mine = members[(tier[members] == "pooled") & (table.history[members] - k >= settings.least_weeks)]
            if not mine.size:
                break
            at, upto = np.isin(members, mine), table.counts.shape[1] - k
            of = (a[members, :upto] for a in (table.counts, table.at_risk, table.usable))
            found = pooled.predict(*of, settings, found)
            mu[mine, k], ratio[mine, k], phi[mine, k] = found.mu[at], found.ratio[at], found.phi
    return Past(mu, ratio, phi, years, tier == "pooled")


def _models(table: Weekly, tier: NDArray[np.str_]) -> list[NDArray[np.int64]]:
    """The series of one pooled model each: the places of a measure together, the city by itself."""
    city = (table.keys["place"] == CITY).to_numpy()
    groups = table.keys.assign(city=city).groupby([*KEY[:2], "city"], sort=True, observed=True).indices.values()
    long_enough = np.isin(tier, ["pooled", "farrington"])
    return [rows[long_enough[rows]] for rows in groups if (tier[rows] == "pooled").any()]


# --- bounds and probabilities ---------------------------------------------------------------------------------------


def _bounds(past: Past, alpha: float, weeks: int) -> Floats:
    """(S, weeks), this week first: the largest count that isn't unusual; never below the expectation."""
    mu, ratio, mid = past.mu[:, :weeks], past.ratio[:, :weeks], past.mid
    bound = np.empty(mu.shape)
    bound[mid] = tails.mid_p_bound(alpha, mu[mid], ratio[mid])
    bound[~mid] = tails.quantile(1 - alpha, mu[~mid], ratio[~mid])
    return np.maximum(bound, np.floor(mu))


def _p(observed: Floats, past: Past) -> Floats:
    mu, ratio = past.mu[:, 0], past.ratio[:, 0]
    return np.where(past.mid, tails.mid_p(observed, mu, ratio), tails.tail(observed, mu, ratio))


def _city_limits(table: Weekly, settings: Settings) -> tuple[Floats, Floats, Floats]:
    """Exact limits and expectation of each series at its measure's rate in the city; NaN before there is a rate."""
    weeks = slice(-1 - RATE_WEEKS, -1)
    usable = table.usable[:, weeks]
    place = (table.keys["place"] != CITY).to_numpy()[:, None]
    sums = table.keys[KEY[:2]].assign(
        cases=np.where(usable & place, table.counts[:, weeks], 0).sum(axis=1),
        exposed=np.where(usable & place, table.at_risk[:, weeks], 0).sum(axis=1),
    )
    of_city = sums.groupby(KEY[:2], sort=True, observed=True)[["cases", "exposed"]].transform("sum").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = of_city[:, 0] / of_city[:, 1] * table.at_risk[:, -1]
    low, high = tails.poisson_limits(mean, settings.alpha_red)
    return low, high, mean


def _shares(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Each place's share of the city's cases this week, and how often chance gives one as large."""
    counted = (rows["expected"].notna() & (rows["place"] != CITY) & (rows["tier"] != "exact")).to_numpy()
    parts = rows[KEY[:2]].assign(
        y=rows["observed"].where(counted, 0.0), mu=rows["expected"].where(counted, 0.0),
        variance=(rows["expected"] * rows["phi"]).where(counted, 0.0),
    )  # fmt: skip
    total = parts.groupby(KEY[:2], sort=True, observed=True)[["y", "mu", "variance"]].transform("sum")
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = (total["variance"] / total["mu"]).to_numpy()
        share = np.where(counted, (rows["observed"] / total["y"]).to_numpy(), np.nan)
    p = tails.share_mid_p(rows["observed"], total["y"], rows["expected"], total["mu"], phi)
    return share, np.where(counted, p, np.nan)


# --- verdicts -------------------------------------------------------------------------------------------------------


def _enough(table: Weekly, k: int, settings: Settings) -> Bools:
    """Whether the four weeks up to k weeks ago had enough cases for an alarm."""
    stop = table.counts.shape[1] - k
    return table.counts[:, max(stop - LEAST_CASES_WEEKS, 0) : stop].sum(axis=1) >= settings.least_cases


def _verdicts(table: Weekly, rows: pd.DataFrame, past: Past, settings: Settings) -> NDArray[np.str_]:
    tier, y = (rows[c].to_numpy() for c in ("tier", "observed"))
    city = (rows["place"] == CITY).to_numpy()
    beyond = y > rows["bound"].to_numpy()
    believed, several = (found & (y > past.mu[:, 0]) for found in _believed(rows, city, settings))
    again = (tier == "farrington") & _in_a_row(table, past, settings)
    red = beyond & (believed | (tier != "pooled") | city)
    high = red | beyond | again | several
    enough = _enough(table, 0, settings)
    verdict = np.select(
        [
            table.until < np.datetime64(table.last), ~(table.at_risk[:, -1] > 0), np.isnan(rows["bound"]), tier == "exact",
            high & ~enough, red, again, high & beyond, high,
        ],
        ["late", "unknown", "nothing", "short", "few", "red", "again", "one_of_many", "among_others"],
        default="usual",
    )  # fmt: skip
    return np.where(_only_with_the_city(rows, verdict, city, settings), "with_city", verdict)


def _believed(rows: pd.DataFrame, city: Bools, settings: Settings) -> tuple[Bools, Bools]:
    """Benjamini–Hochberg among the places of a domain that the pooled model judges: which to believe, and which of these
    are several at once (then a place that is a little high, within `alpha_amber`, is one too).
    """
    p = rows["p"].where((rows["tier"] == "pooled") & ~city)
    each = p.groupby(rows["domain"], sort=True, observed=True)
    found = each.transform(lambda of_domain: tails.discoveries(of_domain, settings.false_share)).astype(bool)
    several = found.groupby(rows["domain"], sort=True, observed=True).transform("sum") > 1
    return found.to_numpy(), (found & several & (p < settings.alpha_amber)).to_numpy()


def _in_a_row(table: Weekly, past: Past, settings: Settings) -> Bools:
    """Whether each of the last weeks exceeded the bound of amber, with enough cases."""
    bounds = _bounds(past, settings.alpha_amber, settings.amber_weeks)
    return np.logical_and.reduce(
        [(table.counts[:, -1 - k] > bounds[:, k]) & _enough(table, k, settings) for k in range(bounds.shape[1])]
    )


def _only_with_the_city(rows: pd.DataFrame, verdict: NDArray[np.str_], city: Bools, settings: Settings) -> Bools:
    """Places that are high while the city is, and no higher than their usual share of it."""
    alarm = pd.Series(np.isin(verdict, [v for v, level in _LEVEL_OF.items() if level in ("red", "amber")]))
    of_city = (alarm & city).groupby([rows[c] for c in KEY[:2]], sort=True, observed=True).transform("any")
    return (alarm & of_city & ~city & ~(rows["p_share"] < settings.alpha_share)).to_numpy()


def _creeping(table: Weekly, past: Past, settings: Settings) -> tuple[Floats, Bools]:
    """The NB-CUSUM of each series this week, and whether it crossed its limit."""
    weeks = past.mu.shape[1]
    y = table.counts[:, -weeks:]
    sums, crossed = cusum(y, past.mu[:, ::-1], past.phi[:, ::-1], settings.shift, settings.cusum_limit)
    return np.where(np.isnan(past.mu[:, 0]), np.nan, sums[:, -1]), crossed[:, -1]
