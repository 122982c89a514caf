"""简报: a unit's period on one page or in full; the briefs that were issued; schedules and batches."""

from ui import begin
from ui.brief import choose, kept, plan, sheet

screen = begin("brief")
part = choose.part(screen)
if part == "kept":
    kept.show(screen)
elif part == "plan":
    plan.show(screen)
else:
    sheet.show(screen, choose.ask(screen))
