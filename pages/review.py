"""试点评估: what a unit's figures came to in a period, and whether the pilot did it."""

from ui import begin
from ui.review import choose, effect, lines

screen = begin("review")
view = choose.ask(screen)
found = lines.load(screen, view)
lines.judge(screen, view, found)
lines.table(screen, view, found)
effect.show(screen, view)
