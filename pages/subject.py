"""监管对象: one subject, all departments, all domains; every number down to file, sheet and row."""

import streamlit as st

from pilotwatch import warnings
from pilotwatch.warnings import Filter
from ui import begin, cache, cases, risk
from ui.subject import head, judged, place, search, timeline

screen = begin("subject")

subject = search.choose(screen)
if subject:
    rows = warnings.listed(screen.desk, Filter(subject_id=subject.id, closed=True))
    counted = cache.counts(screen.desk, screen.kept_by, subject.id, subject.datasets)
    head.show(screen, subject, int(rows["closed_on"].isna().sum()), counted)
    left, right = st.columns([13, 9])
    with left:
        judged.warnings(screen, subject, rows)
    with right:
        place.on_map(screen, subject)
    risk.show(screen, subject.id)
    cases.of_subject(screen, subject.id)
    if subject.indicators:
        left, right = st.columns(2)
        with left:
            judged.indicators(screen, subject)
        with right:
            judged.panel(screen, subject)
    left, right = st.columns([13, 9])
    with left:
        timeline.show(screen, subject, counted)
    with right:
        place.attributes(screen, subject)
        place.belongings(screen, subject)
