"""Everything that draws; with `pages/` and `app.py` the only users of Streamlit."""
