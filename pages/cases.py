"""处置进度: what is overdue, due soon and mine; how cases flow; one case with its story and its next step."""

import streamlit as st

from ui import begin, cases

screen = begin("cases")

case = cases.chosen(screen)
if case:
    cases.title(screen, case)
    left, right = st.columns([10, 11])
    with left:
        cases.act(screen, case)
        cases.typical(screen, case)
        cases.about(screen, case)
    with right:
        cases.clocks(screen, case)
        cases.visits(screen, case)
        cases.systems(screen, case)
        cases.story(screen, case)
else:
    here = cases.room(screen)
    cases.judge(screen, here)
    cases.listing(screen, here)
    cases.intake(screen, here)
    cases.joint(screen, here)
    cases.flow(screen, here)
    cases.guards(screen, here)
