"""处置进度: what is overdue, due soon and mine; how it flows; one case with its story and the next step as its one button."""

from ui.cases.flow import flow, guards, joint
from ui.cases.form import act
from ui.cases.intake import intake
from ui.cases.listing import judge, listing
from ui.cases.one import about, chosen, clocks, story, systems, title
from ui.cases.room import Room, room
from ui.cases.subject import of_subject
from ui.cases.typical import typical
from ui.cases.visit import visits

__all__ = [
    "Room",
    "about",
    "act",
    "chosen",
    "clocks",
    "flow",
    "guards",
    "intake",
    "joint",
    "judge",
    "listing",
    "of_subject",
    "room",
    "story",
    "systems",
    "title",
    "typical",
    "visits",
]
