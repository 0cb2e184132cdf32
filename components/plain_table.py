"""A short table of ready words, whole on the screen; what is paged and sorted is a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import streamlit as st


def plain_table(columns: Mapping[str, Sequence[object]], *, alt: str | None = None) -> None:
    """Draw a table.

    Arrow's own table is handed over: a mapping would go through pandas, which took a seventh of a
    claim's page for three tables.

    Args:
        columns: head → cells, in the visitor's language; cells are Markdown.
        alt: its name for who cannot see it.
    """
    st.table(pa.table(dict(columns)), hide_index=True, border="horizontal", alt=alt)
