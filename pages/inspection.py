"""综合查一次: this month's joint visits, the plan and how near it is to the best, the draw, the tasks, what was saved."""

from ui import begin, inspection

screen = begin("inspection")

inspection.show(screen, inspection.choose(screen))
