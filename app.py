"""The ASGI app. Both serve it: `uvicorn app:app` (faster) and `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from components.web.guards import MIDDLEWARE
from components.web.routes import ROUTES
from components.web.start import lifespan

app = st.App(
    Path(__file__).resolve().parent / "components" / "frame.py",
    lifespan=lifespan,
    routes=ROUTES,
    middleware=MIDDLEWARE,
)
