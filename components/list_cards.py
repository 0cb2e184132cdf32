"""A list on a phone: each row a card, its columns one after another instead of side by side.

One piece of HTML for the whole page of rows: a card of widgets a row would cost a phone seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from components import formats

if TYPE_CHECKING:
    from components.tables import Column

_COLOURS: Mapping[str, str] = {
    "red": "light-dark(#A5340B,#F49B76);background:light-dark(#FCEBE4,#3A2118)",
    "orange": "light-dark(#7F5000,#E6BC62);background:light-dark(#FDF3DC,#332A14)",
    "green": "light-dark(#175C55,#7CCBBF);background:light-dark(#E6F2F0,#15302D)",
    "blue": "light-dark(#1D4F91,#93BCF0);background:light-dark(#E8EFF8,#182A42)",
    "gray": "light-dark(#525D6B,#A9B4C1);background:light-dark(#EEF1F5,#252D37)",
}


def draw_cards(
    columns: Sequence[Column],
    rows: Sequence[Any],
    *,
    title: str,
    row_id: str,
    opens: tuple[str | None, str] | None,
) -> None:
    """The rows of one page as cards: the first column is the heading and opens the row.

    Args:
        columns: of the list; those that are not `on_phone` are left out, and so is what is empty.
        rows: the page.
        title: the list's name for who cannot see it.
        row_id: the attribute that names a row in the address.
        opens: the address and parameter a row opens; no address means this page.
    """
    heading, *rest = columns
    told = [column for column in rest if column.on_phone]
    cards = "".join(
        f"<li>{_heading(heading, row, row_id, opens)}<div>{_facts(told, row)}</div></li>"
        for row in rows
    )
    st.html(f'<ul class="cards" aria-label="{escape(title)}">{cards}</ul>')


def _heading(column: Column, row: Any, row_id: str, opens: tuple[str | None, str] | None) -> str:
    said = escape(_said(column, row) or formats.NOTHING)
    if opens is None:
        return f"<b>{said}</b>"
    address, parameter = opens
    asked = {} if address else st.query_params.to_dict()
    link = f"{address or ''}?{urlencode({**asked, parameter: str(getattr(row, row_id))})}"
    return f'<a href="{escape(link)}" target="_self"><b>{said}</b></a>'


def _facts(columns: Sequence[Column], row: Any) -> str:
    return "".join(
        _chips(column, row) if column.kind == "chips" else _fact(column.title, said)
        for column in columns
        if (said := _said(column, row))
    )


def _fact(label: str, said: str) -> str:
    return f"<span><small>{escape(label)}</small> {escape(said)}</span>"


def _chips(column: Column, row: Any) -> str:
    colours = column.options or {}
    return "".join(chip(word, colours.get(word, "gray")) for word in column.cell(row))


def chip(word: str, colour: str) -> str:
    """A status on its badge, in one of the palette's colours."""
    return f'<span class="chip" style="color:{_COLOURS[colour]}">{escape(word)}</span>'


def _said(column: Column, row: Any) -> str:
    """A cell in words; empty where the list shows nothing."""
    match column.kind:
        case "money":
            said = formats.yuan_in_list(getattr(row, column.field))
        case "number" | "meter":
            number = getattr(row, column.field)
            said = "" if number is None else formats.count(number)
        case "chips":
            said = "".join(column.cell(row) or ())
        case _:
            said = str(column.cell(row) or "")
    return "" if said == formats.NOTHING else said
