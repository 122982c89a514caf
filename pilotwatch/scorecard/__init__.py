"""How good each indicator is: by what became of its warnings, and by a back-test over the past.

scorecard.scores_of(desk, registry, calendar)     # open, precision by verdicts, lead, never acted on, fatigue
wanted = scorecard.plan(domain, today())          # decision days a week or two apart, a year and a horizon back
scorecard.run(desk, wanted)                       # precision, recall, lead, and what other bounds would have done
"""

from pilotwatch.scorecard import planted
from pilotwatch.scorecard.backtest import Plan, keep, look_back, plan, run, spoken_of
from pilotwatch.scorecard.live import FATIGUE_WEEKS, PER_OFFICER, Score, scores_of
from pilotwatch.scorecard.measures import ENOUGH, Share, Spread, spread, wilson
from pilotwatch.scorecard.tradeoff import BUDGET, USEFUL
from pilotwatch.store.scores import backtests

__all__ = [
    "BUDGET", "ENOUGH", "FATIGUE_WEEKS", "PER_OFFICER", "USEFUL", "Plan", "Score", "Share", "Spread", "backtests",
    "keep", "look_back", "plan", "planted", "run", "scores_of", "spoken_of", "spread", "wilson",
]  # fmt: skip
