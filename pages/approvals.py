"""数据审核: a month's figures by unit and domain: approved, accepted, returned, what moved since, and what reporting asks."""

from ui import begin
from ui.approvals import asks, board, decide, one, teams

screen = begin("approvals")
found = board.load(screen)
board.judge(screen, found)
board.matrix(screen, found)
decide.show(screen, found)
one.show(screen, found)
teams.show(screen, found)
asks.show(screen)
