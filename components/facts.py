"""Facts: a grey label over its value, side by side; on a phone two in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.formats import NOTHING, small_grey

TRACKS_A_SHARE = 3
TRACK_WIDTH = 46  # pixels: six tracks, so two facts, fit 390


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        label: its name.
        value: Markdown; text that people typed has gone through `formats.plain`.
        share: its part of the row's width.
        help: more about it, shown when pointed at.
    """

    label: str
    value: str
    share: float = 1.0
    help: str | None = None


def draw_facts(facts: Sequence[Fact]) -> None:
    """A row of facts (at most seven fit 1366 pixels); two a line on a phone."""
    tracks = [max(1, round(fact.share * TRACKS_A_SHARE)) for fact in facts]
    grid = st.grid(sum(tracks), min_column_width=TRACK_WIDTH, gap=("small", "xsmall"))
    for fact, span in zip(facts, tracks, strict=True):
        with grid.cell(column_span=span):
            st.markdown(f"{small_grey(fact.label)}  \n{fact.value or NOTHING}", help=fact.help)
