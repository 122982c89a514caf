"""消息推送: what I am told and where, how it would look now, and what became of it."""

import streamlit as st

from ui import begin, messages

screen = begin("messages")

mine = messages.judge(screen)
if screen.person.may("read"):
    left, right = st.columns([11, 10])
    with left:
        messages.wanted(screen, mine)
        messages.channels(screen, mine)
        messages.log(screen)
    with right:
        messages.preview(screen)
if screen.person.may("settings"):
    messages.failures(screen)
