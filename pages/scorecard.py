"""指标评分: how good each indicator is, what another bound would do, and which subjects are in which risk class."""

from ui import begin, scorecard
from ui.scorecard import backtest, classes

screen = begin("scorecard")
view, domain = scorecard.choose(screen)

if view == "risk":
    classes.show(screen, domain)
else:
    found = scorecard.load(screen, domain)
    scorecard.judge(screen, found)
    parts = [scorecard.table, backtest.show]
    for show in reversed(parts) if backtest.asked(found) else parts:  # who asked for one indicator sees it first
        show(screen, found)
    backtest.planted(screen, found)
