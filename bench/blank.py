"""A blank page of the same Streamlit: the floor of every page's server time."""

import streamlit as st

st.write("")
