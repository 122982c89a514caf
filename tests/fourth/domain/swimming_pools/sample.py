"""A synthetic city's pools, measured twice a week; some were not disinfected for the last fortnight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pilotwatch.sampling import City, Practice, numbered, supervise

POOLS, WEEKS, EACH = 200, 40, 84  # of a whole city; of readings, before which nobody measured; hours apart
PRACTICE = Practice(
    code="Y", key="pool_no", dataset="pool", departments={"WJW": 0.7, "TYJ": 0.3}, matters=("水质", "救生员"),
    problems=("余氯不足", "未公示水质"), visits=2.0, complaints=1.0, complaint_subjects=("游泳后皮炎", "池水浑浊"), rated=False,
)  # fmt: skip


def sample(city: City) -> Mapping[str, pd.DataFrame]:
    rng = city.rng("pools")
    n = city.count(POOLS)
    number = np.arange(n) + city.part * n + 1
    pools = city.spots(rng, n).assign(
        pool_no=numbered("YC-", number, 4), name=city.brands(n) + "游泳馆", capacity=rng.integers(30, 800, n),
        risk=rng.random(n),
    )  # fmt: skip
    neglected = np.arange(n) < max(1, n // 10)
    city.plant("undisinfected", "pool", pools["pool_no"].to_numpy(object)[neglected])
    times = WEEKS * 7 * 24 // EACH
    hours = np.tile(np.arange(times) * EACH, n)
    late = np.repeat(neglected, times) & (hours < 14 * 24)
    readings = pd.DataFrame(
        {
            "pool_no": np.repeat(pools["pool_no"].to_numpy(object), times),
            "measured_at": city.today.astype("datetime64[s]") - hours.astype("timedelta64[h]"),
            "who": np.where(rng.random(n * times) < 0.1, "official", "self"),
            "chlorine": np.where(late, 0.05, rng.uniform(0.35, 0.95, n * times)).round(2),
            "turbidity": rng.uniform(0.1, 0.9, n * times).round(2), "urea": rng.uniform(0.5, 3.4, n * times).round(1),
        }
    )  # fmt: skip
    return {"pool": pools.drop(columns="risk"), "pool_reading": readings, **supervise(city, PRACTICE, pools)}
