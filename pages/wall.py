"""大屏轮播: starts the slides of a unit on this screen, and tells which screens keep playing."""

from ui import begin
from ui.wall import start

screen = begin("wall")

start.play(screen, start.choose(screen))
start.running(screen)
