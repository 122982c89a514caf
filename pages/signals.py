"""异常与口径: counts that are higher than they should be, and what departments state differently of one thing."""

from ui import begin
from ui.overview import choose
from ui.signals import conflicts, surges, which

screen = begin("signals")
domain, unit = choose(screen)

if which(screen) == "conflicts":
    wanted = conflicts.ask(screen, domain, unit)
    conflicts.judge(screen, wanted)
    rows = conflicts.first(screen, wanted)
    conflicts.one(screen, rows)
else:
    found = surges.load(screen, domain, unit)
    surges.judge(screen, found, unit)
    surges.alarms(screen, found)
    surges.any_series(screen, found)
    surges.grey(screen, found)
    surges.method(screen)
