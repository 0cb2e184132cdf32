"""The five components of a score (五项构成): cases, own, peers, what counts, points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.grade_words import cases_words, component_name, own_words
from components.language import _
from components.rating_grade import HAIRLINE, INK, MUTED
from components.rating_words import rate
from models.rules.rating.freezing import PartShown

_RAISED = "light-dark(#F4F6F9,#1A212A)"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: HTML that is safe, its colour and its weight."""

    html: str
    colour: str
    weight: int = 400


def draw_parts(parts: Sequence[PartShown], lapses: int) -> None:
    """The table, and below it what is meant by the column that counts.

    Args:
        parts: the components in their order.
        lapses: how many lapses of conduct there were.
    """
    heads = (
        _("项 · 权重"), _("样本"), _("本机构"), _("同类"), _("计分用"), _("得分"),
    )  # fmt: skip
    note = _("计分用 = 样本少时向同类平均靠拢后的数，成果成功率另按服务难易折算；满意度满分 5。")
    st.html(
        table_html(_("五项构成"), heads, [_cells(part, lapses) for part in parts])
        + f'<div style="font-size:12.25px;color:{MUTED};padding-top:6px">{escape(note)}</div>'
    )


def table_html(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table that fits a phone: names left and wrapping, figures right-aligned, hairlines between.

    Args:
        title: what it is, for who cannot see it.
        heads: one for each column, plain text.
        rows: as many cells each; the first names the row.
    """
    last = len(heads) - 1
    head = "".join(
        f'<th scope="col" style="{_style(at, last)};color:{MUTED};background:{_RAISED};'
        f'font-weight:400">{escape(text)}</th>'
        for at, text in enumerate(heads)
    )
    body = "".join(f"<tr>{_row(cells, last)}</tr>" for cells in rows)
    return (
        '<table style="width:100%;border-collapse:collapse;font-size:13px;line-height:18px;'
        f'font-variant-numeric:tabular-nums" aria-label="{escape(title)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def points_words(part: PartShown) -> str:
    """What a component gives: `35.2`."""
    return f"{part.points_hundredths / 100:.1f}"


def _cells(part: PartShown, lapses: int) -> tuple[Cell, ...]:
    component = part.component
    name = f'{escape(component_name(component))} <span style="color:{MUTED}">{part.weight}</span>'
    return (
        Cell(name, INK),
        Cell(escape(cases_words(part)), MUTED),
        Cell(escape(own_words(part, lapses)), INK),
        Cell(rate(part, part.peers_millionths), MUTED),
        Cell(rate(part, part.mean_millionths), INK),
        Cell(points_words(part), INK, 600),
    )


def _row(cells: Sequence[Cell], last: int) -> str:
    name, *figures = cells
    head = f'<th scope="row" style="{_style(0, last)};font-weight:{name.weight}">{name.html}</th>'
    return head + "".join(
        f'<td style="{_style(at, last)};color:{cell.colour};font-weight:{cell.weight}">'
        f"{cell.html}</td>"
        for at, cell in enumerate(figures, start=1)
    )


def _style(at: int, last: int) -> str:
    if not at:
        return f"padding:8px 4px 8px 8px;border-bottom:{HAIRLINE};text-align:left"
    end = 8 if at == last else 4
    return (
        f"padding:8px {end}px 8px 4px;border-bottom:{HAIRLINE};text-align:right;white-space:nowrap"
    )
