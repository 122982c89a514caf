"""The points card: six parts that add up to at most 100, each explained by what is on record. Pure.

Anchored in the finding that a hand-checkable card does about as well as a fitted model once the inspector is left out
(Chicago food inspections; Kannan, Shapiro & Bilgic 2019, arXiv:1910.04906). Nobody's name, no ethnicity, no origin and
no street name is in it. What is at stake weighs the priority, never the score. All points are PRAC.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotwatch.domain import Text

CREDIT = {"A": 0.0, "B": 5.0, "C": 15.0, "D": 30.0}
BREACH, ABERRATION = 25.0, 5.0
SERIOUS, ORDINARY, VIOLATIONS = 10.0, 5.0, 20.0
HALF_LIFE = 365.0  # days after which a past violation weighs half
COMPLAINTS, FULL_AT = 10.0, 5.0  # full points at five times the domain's usual rate
OVERDUE = 10.0  # reached when the last visit lies twice as far back as it may

#: From these scores on the class is B, C, D; below the first it is A.
STEPS = (15.0, 35.0, 60.0)
CLASSES = np.array(["A", "B", "C", "D"], object)


@dataclass(frozen=True)
class Part:
    """One part of the card: its column, its words, and how many points it can give."""

    name: str
    title: Text
    most: float


PARTS = (
    Part("credit", Text("信用等级", "Credit class"), CREDIT["D"]),
    Part("breach", Text("突破法定界限", "Legal bound broken"), BREACH),
    Part("aberration", Text("所在街道异常", "Surge in its street"), ABERRATION),
    Part("violations", Text("既往处罚", "Past penalties"), VIOLATIONS),
    Part("complaints", Text("投诉偏多", "Complaints above usual"), COMPLAINTS),
    Part("overdue", Text("逾期未检查", "Visit overdue"), OVERDUE),
)


@dataclass(frozen=True)
class Norm:
    """A domain's usual rate of complaints, by which a subject's own is drawn towards it (empirical Bayes).

    `rate`: complaints a year and customer, `weight`: how many customers' worth of evidence the usual rate counts as
    (Marshall 1991: rate ÷ variance between subjects; infinite where subjects don't differ), `customers`: the mean, taken
    where a subject's are not known. None of it before the first month's update: then complaints give no points.
    """

    rate: float | None = None
    weight: float = np.inf
    customers: float = 1.0

    @classmethod
    def of(cls, complaints: np.ndarray, customers: np.ndarray) -> Norm:
        """From everybody's complaints of a year and customers (NaN or 0 where unknown: left out)."""
        known = customers > 0
        c, e = complaints[known].astype(float), customers[known].astype(float)
        if not len(e) or not c.sum():
            return cls(customers=float(e.mean()) if len(e) else 1.0)
        rate, mean = float(c.sum() / e.sum()), float(e.mean())
        variance = float((e * (c / e - rate) ** 2).sum() / e.sum() - rate / mean)
        return cls(rate, rate / variance if variance > 0 else np.inf, mean)

    def smoothed(self, complaints: np.ndarray, customers: np.ndarray) -> np.ndarray:
        """Each subject's rate, drawn towards the usual one by how few its customers are; NaN without a norm."""
        if self.rate is None:
            return np.full(len(complaints), np.nan)
        e = np.where(customers > 0, customers, self.customers)
        if np.isinf(self.weight):
            return np.full(len(complaints), self.rate)
        return (complaints + self.rate * self.weight) / (e + self.weight)


def weights(age_days: np.ndarray) -> np.ndarray:
    """What a violation of that age still weighs: 1 today, ½ after a year, ¼ after two."""
    return 0.5 ** (np.maximum(age_days, 0) / HALF_LIFE)


def points(facts: pd.DataFrame, norm: Norm) -> pd.DataFrame:
    """The card of each subject. `facts`: credit_class (text, empty where unknown), breach, aberration (boolean),
    violations (points before the limit), complaints (of the last year), customers, since_visit, visit_within (days; NaN
    where there was none, or none is asked).

    Columns: those of PARTS, and `score`, all rounded to hundredths.
    """
    times_usual = norm.smoothed(facts["complaints"].to_numpy(float), facts["customers"].to_numpy(float))
    times_usual = times_usual / norm.rate if norm.rate else np.ones(len(facts))
    within = facts["visit_within"].to_numpy(float)
    since = facts["since_visit"].fillna(np.inf).to_numpy(float)
    with np.errstate(invalid="ignore"):
        late = np.where(np.isnan(within), 0.0, np.clip((since - within) / within, 0, 1))
    card = pd.DataFrame(
        {
            "credit": facts["credit_class"].map(CREDIT).fillna(0.0).to_numpy(float),
            "breach": BREACH * facts["breach"].to_numpy(float),
            "aberration": ABERRATION * facts["aberration"].to_numpy(float),
            "violations": np.minimum(facts["violations"].to_numpy(float), VIOLATIONS),
            "complaints": COMPLAINTS * np.clip((times_usual - 1) / (FULL_AT - 1), 0, 1),
            "overdue": OVERDUE * late,
        },
        index=facts.index,
    ).round(2)
    return with_score(card)


def with_score(card: pd.DataFrame) -> pd.DataFrame:
    """The parts with their sum as `score`."""
    return card.assign(score=card[[p.name for p in PARTS]].sum(axis=1).round(2))


def class_of(scores: np.ndarray) -> np.ndarray:
    """A, B, C or D of each score."""
    return CLASSES[np.digitize(scores, STEPS)]
