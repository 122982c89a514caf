"""典型案例: what was done well with closed cases, written up, published by the city office, to be copied elsewhere."""

from ui import begin
from ui.typical import one, shelf

screen = begin("typical")
found = one.chosen(screen)
if found:
    one.show(screen, found)
else:
    shelf.show(screen)
