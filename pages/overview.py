"""总览: where the risk is, what needs action, what was reported. Answer first, then the map, then the tables."""

import streamlit as st

from ui import begin, cache, overview, trends
from ui.summary import Summary

screen = begin("overview")

domain, unit = overview.choose(screen)
figures = cache.overview(screen.desk)
summary = Summary.of(figures, domain, unit)

overview.judge(screen, summary)
if not summary.subjects:
    overview.empty(screen)
left, right = st.columns([11, 10])
with left:
    if summary.subjects:
        overview.concerns(screen, summary)
        trends.strip(screen, summary)
        overview.domains(screen, summary)
    overview.missing(screen, summary)
with right:
    overview.risk_map(screen, summary)
    if summary.subjects:
        overview.units(screen, summary)
if summary.subjects:
    overview.cases(screen, summary)
overview.batches(screen, summary)
