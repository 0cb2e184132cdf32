"""The Streamlit script: site map → navigation → the chosen page. Nothing else."""

import streamlit as st

from components.look import head
from components.navigation import navigation
from components.shell import arrive
from components.this_run import in_one_run

with in_one_run():
    page = navigation(arrive())
    head(page.title)
    with st.container(key="page"):
        page.run()
