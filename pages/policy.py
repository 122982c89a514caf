"""政策任务台账: the 16 tasks and 4 safeguards of the policy by unit, with proof, and what the figures say of them."""

from ui import begin
from ui.policy import board, one

screen = begin("policy")
found = board.load(screen)
board.judge(screen, found)
board.matrix(screen, found)
one.show(screen, found)
