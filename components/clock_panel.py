"""The clocks of the bodies (办理时限): the month's days, how long claims lay with each body, and
what lies there too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from components import formats
from components.auth import has_narrow_window
from components.cache import clocks_of_all
from components.figures import draw_figures
from components.language import _, words
from components.shell import Visit
from models.database import session
from models.queries.clocks import ClockReading, calendar_of, filing_month_now
from models.queries.month import SentMonth
from models.rules.month_calendar import MonthCalendar
from models.rules.months import YearMonth
from models.rules.roles import Role

_ON_PHONE = (0, 1, 4, 7)
MONTHS_BACK = 2
"""The start page sums up this month and so many before it."""


def draw_clocks_of_month(month: str, on: date) -> None:
    """The clocks over what left each body in a month.

    Args:
        month: `2026-11`.
        on: the office's day.
    """
    shown = YearMonth.parse(month)
    readings = clocks_of_all(shown, shown, on)
    st.subheader(
        _("{month}办出的申请在各环节停留多久（工作日）").format(month=formats.month(month)),
        anchor=False,
    )
    _draw_table(readings)
    st.markdown(
        formats.small_grey(
            _(
                "从到达该环节起，到该环节作出决定止，中间暂缓的计算在内；十个中有九个不超过 P90。在办和逾期为今天的数。"
            )
        )
    )


def draw_clocks_now(visit: Visit) -> None:
    """On the start page of whoever answers for the whole course: the last months, body by body."""
    if not visit.actor.roles & {Role.alliance_lead, Role.leader}:
        return
    last = YearMonth.containing(visit.today)
    first = last
    for _month in range(MONTHS_BACK):
        first = first.previous()
    st.subheader(_("各环节办理时限（近三个月，工作日）"), anchor=False)
    _draw_table(clocks_of_all(first, last, visit.today))


def draw_calendar(calendar: MonthCalendar, sent: SentMonth | None, on: date) -> None:
    """The days of a month in a row: until when claims count, by when each body is done.

    Args:
        calendar: the month's days.
        sent: what was sent, if it was.
        on: the office's day.
    """
    cutoff = _("截止（此后提交的计入下月）")
    first, *bodies = calendar.due
    sending = words(first.name)
    if sent is not None:
        at = formats.instant(sent.sent_at_utc)[:10]
        sending = _("{name} · {at} 已发送").format(name=sending, at=at)
    steps = [
        (calendar.cutoff_on, cutoff),
        (first.due_on, sending),
        *((due.due_on, words(due.name)) for due in bodies),
    ]
    boxes = "".join(_box(day, said, is_past=day < on) for day, said in steps)
    st.html(
        '<div role="list" style="display:flex;flex-wrap:wrap;gap:6px 0;align-items:flex-start;'
        f'font-variant-numeric:tabular-nums">{boxes}</div>'
    )


def draw_filing_note(visit: Visit) -> None:
    """To an agency: the month a claim filed today counts for."""
    if Role.agency not in visit.actor.roles:
        return
    with session() as current:
        month = filing_month_now(current)
        cutoff_on = calendar_of(current, month).cutoff_on
    said = _("今天提交的申请计入{month}；{day} 以后提交的计入下个月。")
    st.markdown(
        formats.small_grey(said.format(month=formats.month(month), day=formats.day(cutoff_on)))
    )


def _draw_table(readings: Sequence[ClockReading]) -> None:
    """Every column; on a phone the body, its time, P90 and what is overdue."""
    heads = (_("环节"), _("时限"), _("办出（件）"), _("中位"), _("P90"), _("按期"), _("在办（件）"),
             _("逾期（件）"))  # fmt: skip
    shown = _ON_PHONE if has_narrow_window() else tuple(range(len(heads)))
    rows = [_row(reading) for reading in readings]
    draw_figures([heads[at] for at in shown], [[row[at] for at in shown] for row in rows])


def _row(reading: ClockReading) -> tuple[str, ...]:
    taken, due = reading.taken, str(reading.due_days)
    waits = (formats.count(reading.waiting), formats.count(reading.overdue))
    name = words(reading.clock.name)
    if taken is None:
        return (name, due, "0", *[formats.NOTHING] * 3, *waits)
    is_late = taken.p90 > reading.due_days
    return (
        name,
        due,
        formats.count(taken.count),
        f"{taken.median:g}",
        _("{days}（超时限）").format(days=taken.p90) if is_late else str(taken.p90),
        formats.percent(taken.in_time, taken.count),
        *waits,
    )


def _box(day: date, said: str, *, is_past: bool) -> str:
    line = "light-dark(#D6DCE4,#323C48)" if is_past else "light-dark(#1D4F91,#93BCF0)"
    return (
        f'<div role="listitem" style="flex:1;min-width:130px;padding:0 8px 2px 9px;'
        f'border-left:2px solid {line}"><div style="font-size:12.25px;'
        f'color:light-dark(#525D6B,#A9B4C1)">{formats.day(day)}</div>'
        f"<div>{escape(said)}</div></div>"
    )
