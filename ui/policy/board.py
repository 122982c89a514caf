"""All tasks by unit: one cell each, with the year of its newest proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from pilotwatch.review import policy
from pilotwatch.review.policy import STATES, Standing, Task
from pilotwatch.workdays import today
from ui import blocks
from ui.html import Html, join, tag
from ui.html import table as html_table
from ui.screen import Screen

#: How a state is coloured: with the words of the levels, so that it reads on every screen.
SHOWN_AS = {"lagging": "red", "idle": "nodata", "moving": "yellow", "effective": "blue", "kept": "normal"}


@dataclass(frozen=True)
class Found:
    tasks: tuple[Task, ...]
    units: tuple[str, ...]
    standings: dict[tuple[str, str], Standing]


def load(screen: Screen) -> Found:
    seen = screen.person.units
    units = tuple(u.code for u in screen.house.places.units if seen is None or u.code in seen)
    data = screen.house.settings.data
    return Found(policy.tasks(data), units, policy.ledger(screen.desk, data, units, today()))


def badge(screen: Screen, standing: Standing) -> Html:
    return tag("span", screen.pick(STATES[standing.state]), cls=f"pw-level pw-{SHOWN_AS[standing.state]}")


def judge(screen: Screen, found: Found) -> None:
    """What is behind, in a sentence, and how all cells stand."""
    counts = Counter(s.state for s in found.standings.values())
    owed = sum(s.owes is not None for s in found.standings.values())
    behind = Counter(u for (_, u), s in found.standings.items() if s.state == "lagging")
    key = "policy.judge" if behind else "policy.judge_none"
    most = screen.listed([f"{screen.unit(u)} {n}" for u, n in behind.most_common(3)])
    said = screen.say(key, n=len(found.standings), behind=counts["lagging"], most=most)
    st.html(tag("p", said, cls="pw-judge"))
    word = screen.say("policy.cells")
    st.html(
        blocks.tiles(
            *(
                blocks.tile(
                    tag("span", screen.pick(STATES[s]), cls=f"pw-level pw-{SHOWN_AS[s]}"), f"{counts[s]:,}", word
                )
                for s in STATES
            ),
            blocks.tile(
                screen.say("policy.owed"), f"{owed:,}", word, [screen.say("policy.owed_note", year=today().year)]
            ),
        )
    )


def matrix(screen: Screen, found: Found) -> None:
    """Tasks down, units across; for one unit a column with its proof."""
    with st.container(key="card-policy"):
        st.html(blocks.heading(screen.say("policy.board"), screen.say("policy.board_note")))
        head = [
            screen.say("policy.task"),
            screen.say("policy.lead"),
            screen.say("policy.deadline"),
            *map(screen.unit, found.units),
        ]
        rows = [
            [_title(screen, t), _leads(screen, t), f"{t.deadline:%Y-%m}" if t.deadline else screen.say("policy.standing"),
             *(_cell(screen, found.standings[t.number, u]) for u in found.units)]
            for t in found.tasks
        ]  # fmt: skip
        st.html(
            tag(
                "div",
                html_table(head, rows, cls="pw-stack pw-policy", alt=head[0], numeric=range(3, len(head))),
                cls="pw-scroll",
            )
        )


def _title(screen: Screen, task: Task) -> Html:
    return join([tag("b", f"{task.number} "), tag("span", screen.pick(task.title), title=task.text)])


def _leads(screen: Screen, task: Task) -> Html:
    names = [screen.department(c) for c in task.leads]
    if not names:
        return tag("small", screen.say("policy.all"))
    shown = screen.listed(names[:2])
    return tag("small", screen.say("policy.and_more", names=shown, n=len(names)) if len(names) > 2 else shown, title=screen.listed(names))  # fmt: skip


def _cell(screen: Screen, standing: Standing) -> Html:
    """The state; beneath, the year of its newest proof, and the one that is still due."""
    year = None
    if standing.owes is not None:
        year = tag("small", screen.say("policy.owes", year=standing.owes))
    elif standing.proof is not None:
        year = tag("small", f"{standing.proof}")
    return join([badge(screen, standing), year])
