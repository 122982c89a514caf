"""预警: which warnings matter, why each stands, who takes it on, and with what verdict it is closed."""

import streamlit as st

from ui import begin, warnings

screen = begin("warnings")

wanted = warnings.ask(screen)
counts = warnings.judge(screen, wanted)
rows = warnings.first(screen, wanted, int(counts["warnings"].sum()))
chosen = None if rows.empty else warnings.pick(screen, rows)
if chosen:
    left, right = st.columns([11, 10])
    with left:
        warnings.why(screen, chosen)
    with right:
        warnings.handle(screen, chosen)
        warnings.story(screen, chosen)
