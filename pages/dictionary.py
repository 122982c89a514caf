"""数据字典: what each dataset's columns mean and are checked for, with its template to download."""

import streamlit as st

from ui import begin, blocks, dictionary

screen = begin("dictionary")

st.html(blocks.note(screen.say("dictionary.lead")))
record = dictionary.choose(screen)
dictionary.show(screen, record)
