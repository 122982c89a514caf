"""预警中心: which warnings matter, why each stands, who takes it on, and with what verdict it is closed."""

import streamlit as st

from pilotwatch import warnings as core
from ui import begin, blocks, handling, warnings

screen = begin("warnings")

row = warnings.chosen(screen)
here = warnings.room(screen)
if row:
    warnings.title(screen, here, row)
    left, right = st.columns([11, 10])
    with left:
        warnings.reasons(screen, row)
    with right:
        handling.handle(screen, row)
        warnings.story(screen, row)
else:
    total = warnings.judge(screen, here)
    warnings.exceptions(screen, here, total)
    with st.container(key="card-warnings"):
        st.html(blocks.heading(screen.say("warnings.list")))
        wanted, order = warnings.narrow(screen, here)
        n = int(core.counted(screen.desk, wanted)["warnings"].sum())
        handling.together(screen, here, wanted, order, n)
        warnings.listing(screen, here, wanted, order, n)
