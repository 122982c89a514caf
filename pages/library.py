"""事项与对象: what may be checked, one manual for each scene, whose rows are one object, whom several departments supervise."""

from ui import begin
from ui.library import choose, show

screen = begin("library")

show(screen, choose(screen))
