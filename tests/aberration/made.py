"""Series as the tests write them: cases by week, and the frame `detect` takes."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

ON = date(2027, 6, 30)


def series(place: str, cases, at_risk=100.0, domain: str = "oil", measure: str = "complaint") -> pd.DataFrame:
    """One series whose last week ends on `ON`; a week's cases lie on its first day. at_risk: a number, or one a week."""
    n = len(cases)
    days = [ON - timedelta(days=7 * (n - 1 - i) + 6) for i in range(n)]
    return pd.DataFrame(
        {"domain": domain, "measure": measure, "place": place, "day": days, "count": cases,
         "at_risk": np.broadcast_to(np.asarray(at_risk, dtype=float), n)}
    )  # fmt: skip


def districts(weeks: int, rng: np.random.Generator, rates=(1, 2, 4, 8), phi: float = 1.4, **kept) -> pd.DataFrame:
    """Districts A, B, C … with so many cases a week, 100 subjects per case."""
    return pd.concat(
        [
            series(name, rng.negative_binomial(rate / (phi - 1), 1 / phi, weeks), at_risk=100.0 * rate, **kept)
            for name, rate in zip("ABCDEFGH", rates, strict=False)
        ],
        ignore_index=True,
    )
