"""入企检查: one visit on a phone: what to check, the result, the signature; without a task, those that are to be made."""

from ui import begin
from ui.inspection import visit

screen = begin("visit")

visit.show(screen)
