"""风险热点: where more happened than the city's rate lets expect, tested; how the units compare; why there; how it was made."""

import streamlit as st

from ui import begin, hotspots

screen = begin("hotspots")

seen = hotspots.load(screen, hotspots.ask(screen))
if seen:
    hotspots.judge(screen, seen)
    left, right = st.columns([12, 9])
    with left:
        above = st.container()  # the map stands first and is drawn last: the answer doesn't wait for it
        hotspots.quiet_places(screen, seen)
    with right:
        hotspots.hot_places(screen, seen)
        hotspots.one(screen, seen)
    with above:
        hotspots.show(screen, seen)
    hotspots.units(screen, seen)
    hotspots.method(screen, seen)
    hotspots.take_out(screen, seen)
