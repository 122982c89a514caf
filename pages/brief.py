"""简报: a unit's period on one page or in full, to be looked at and taken out as Word or PDF."""

from ui import begin
from ui.brief import choose, sheet

screen = begin("brief")
view = choose.ask(screen)
sheet.show(screen, view)
