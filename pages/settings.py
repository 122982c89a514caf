"""设置: the bounds that the city sets, and the working days that limits are counted in."""

from ui import begin
from ui.settings import tabs

screen = begin("settings")

tabs.show(screen, tabs.choose(screen))
