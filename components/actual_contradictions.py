"""Contradictions (矛盾): the figures of a year side by side, the one that counts marked, each with
why it does or does not.

One piece of HTML a group; on a phone the figures stand one under another.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from components import formats
from components.actual_list import unit_said
from components.language import _, words
from components.tables import draw_pager
from components.target_bullets import HAIRLINE, MUTED
from components.target_words import name
from models.queries.actuals import ActualRow
from models.queries.contradictions import Contradiction, Rival
from models.queries.paging import Page

_ACCENT = "light-dark(#1D4F91,#93BCF0)"
_WAITS = "light-dark(#7F5000,#E6BC62)"


def draw_contradictions(page: Page[Contradiction]) -> None:
    """The page of groups, with the rule in words above it."""
    if not page.rows:
        st.markdown(
            formats.small_grey(
                _("没有互相矛盾的实绩。同一地区、同一指标、同一年有不同数字时，在这里并列。")
            )
        )
        return
    st.markdown(formats.small_grey(rule_in_words()))
    for group in page.rows:
        draw_contradiction(group)
    draw_pager("contradictions", page)


def rule_in_words() -> str:
    """How one of contradicting figures is chosen."""
    return _(
        "矛盾的数字都保留，判定只取一个：先公开通报、后推算；再看口径、可信度、发布和截至日期的先后。预计数和不代表全年的期中数不取。"
    )


def draw_contradiction(group: Contradiction, *, has_head: bool = True) -> None:
    """One group under its heading.

    Args:
        group: figures of one place, indicator and year.
        has_head: whether place, indicator and year are said; a card has said them.
    """
    head = _("{place} · {indicator} · {year} 年").format(
        place=name(group.place), indicator=name(group.indicator), year=group.year
    )
    aside = _("同一日期、不同数字") if group.is_of_one_day else _("截至日期或期间不同")
    cells = "".join(map(_cell, group.rivals))
    aside = f'<span style="{_ASIDE}">{escape(aside)}</span>'
    heading = f'<h3 style="{_HEAD}">{escape(head)} {aside}</h3>' if has_head else ""
    st.html(
        f'<section style="padding:2px 0 6px">{heading}'
        f'<div role="list" style="display:flex;flex-wrap:wrap;gap:8px 0">{cells}</div></section>'
    )


_HEAD = "font-size:14px;font-weight:600;margin:0 0 6px;padding:0"
_ASIDE = f"font-weight:400;font-size:12.25px;color:{MUTED};padding-left:8px"


_TOP = "display:flex;justify-content:space-between;align-items:baseline;gap:12px"


def _cell(rival: Rival) -> str:
    row = rival.row
    edge = (
        f"2px solid {_ACCENT}"
        if rival.is_chosen and not rival.is_waiting
        else f"2px solid {HAIRLINE}"
    )
    value, unit = escape(formats.exact(row.value)), escape(unit_said(row.counted_in))
    trust = " · ".join((days(row), formats.label(row.kind), formats.label(row.grade)))
    small = '<span style="font-size:13px;font-weight:400">'
    figure = f'<div style="font-size:18px;font-weight:600">{value} {small}{unit}</span></div>'
    lines = (
        f'<div style="{_TOP}">{figure}{_number(rival)}</div>',
        f"<div>{_verdict(rival)}</div>",
        f"<div>{escape(trust)}</div>",
        f'<div style="color:{MUTED};overflow-wrap:anywhere">{_source(rival)}</div>',
    )
    return (
        f'<div role="listitem" style="flex:1 1 250px;max-width:420px;min-width:0;'
        f"border-left:{edge};padding:0 14px 2px 12px;font-size:12.25px;line-height:19px;"
        f'font-variant-numeric:tabular-nums">{"".join(lines)}</div>'
    )


def _verdict(rival: Rival) -> str:
    """Whether it counts, and why: a word and a weight, not a colour alone."""
    why = escape(words(rival.why))
    if rival.is_waiting:
        said = _("待确认，确认后取用") if rival.is_chosen else _("待确认，确认后也不取用")
        return f'<b style="font-weight:600;color:{_WAITS}">{escape(said)}</b> {why}'
    if rival.is_chosen:
        return f'<b style="font-weight:600;color:{_ACCENT}">✓ {escape(_("取用"))}</b> {why}'
    return f'<span style="color:{MUTED}">{escape(_("不取用"))}</span> {why}'


def _number(rival: Rival) -> str:
    """The figure's number; it opens its card."""
    number = escape(rival.row.id)
    return (
        f'<a href="/actuals?figure={number}" target="_self" style="color:{_ACCENT};'
        f'text-decoration:none">{number}</a>'
    )


def _source(rival: Rival) -> str:
    said = (rival.row.source_title, rival.row.published)
    return " · ".join(escape(part) for part in said if part)


def days(row: ActualRow) -> str:
    """The day a figure stands on, or the period it speaks of."""
    if row.period_start is None:
        return formats.day(row.as_of)
    return formats.days(row.period_start, row.as_of)
