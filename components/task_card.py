"""One work item: where it stands, what its clause prints, its sub-items, what was reported and with
which papers, and the targets it serves."""

from __future__ import annotations

from html import escape

import streamlit as st

from components import formats
from components.cache import targets_on
from components.facts import Fact, draw_facts
from components.filters import ask
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, few, record_link
from components.plain_table import plain_table
from components.shell import Visit
from components.tables import Column, day, draw_list
from components.target_bullets import HAIRLINE, LINK, MUTED, status_words
from components.target_words import name
from components.task_form import draw_report_form
from components.task_words import (
    RECURRENCES,
    SHAPES,
    note_words,
    progress_words,
    reminder,
    reminder_chips,
    standing_words,
    unit_in_address,
    unit_words,
    units_words,
)
from models.queries.targets import TargetLine
from models.queries.task_card import SHOWN_REPORTS, ReportLine, ReportPaper, TaskCard
from models.queries.tasks import TaskRow
from models.rules.roles import Permission
from models.rules.tasks import TaskStanding

PARAMETER = "task"


def draw_task(visit: Visit, card: TaskCard | None) -> None:
    """The card, or that there is no such item.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
    """
    if card is None:
        title_row(_("任务台账"))
        back_button(PARAMETER)
        st.markdown(_("任务台账中没有这个编号。请从台账中打开，或核对地址。"))
        return
    row = card.row
    title_row(name(row.title), row.code, *_badges(row))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        if row.parent is not None:
            _open_button(row.parent.code, name(row.parent), "parent", ":material/arrow_upward:")
        st.space("stretch")
        record_link(visit, f"task:{row.code}")
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_facts(card)
        _draw_units(row)
        if card.sub_items:
            _draw_sub_items(card)
        if card.is_reported_itself:
            _draw_reports(card)
    with right:
        if visit.may(Permission.report_tasks):
            draw_report_form(visit, card)
        _draw_targets(visit, card)


def _badges(row: TaskRow) -> list[str]:
    colour = "green" if row.stands.standing is TaskStanding.done else "gray"
    badges = [f":{colour}-badge[{progress_words(row)}]"]
    if said := reminder(row.stands):
        shown = words(said)
        badges.append(f":{reminder_chips()[shown]}-badge[:material/schedule: {shown}]")
    return badges


def _draw_facts(card: TaskCard) -> None:
    row = card.row
    recurrence = RECURRENCES.get(row.recurrence)
    due = formats.day(row.deadline_on)
    if card.starts_on is not None:
        due = formats.days(card.starts_on, row.deadline_on)
    draw_facts(
        [
            Fact(_("期限"), due),
            Fact(_("进展"), formats.plain(words(row.stands.words)), 1.6),
            Fact(_("频次"), words(recurrence) if recurrence else _("一次")),
            Fact(_("地区"), formats.plain(name(row.place))),
        ]
    )
    clause = f"{card.number or name(row.plan)} {row.clause}"
    draw_facts(
        [
            Fact(_("出处"), formats.plain(clause), 2.3),
            Fact(_("文中字句"), f"…{formats.plain(card.printed)}…", 2.3),
        ]
    )
    if note := note_words(card.note_zh):
        st.markdown(formats.small_grey(formats.plain(note)))


def _draw_units(row: TaskRow) -> None:
    """The units, each opening its own list."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="task_units"):
        st.markdown(formats.small_grey(_("责任单位")), width="content")
        if not row.units:
            st.markdown(formats.small_grey(_("文中未标责任单位")), width="content")
        for at, unit in enumerate(row.units):
            st.button(
                f":blue[{formats.plain(unit_words(unit))}]",
                key=f"unit_{at}",
                type="tertiary",
                help=_("看这个单位的全部任务"),
                on_click=ask,
                args=(PARAMETER, ""),
                kwargs={"unit": unit_in_address(row.plan.code, unit.name), "page": "", "plan": ""},
            )


def _open_button(code: str, title: str, key: str, icon: str) -> None:
    st.button(
        f":blue[{formats.plain(title)}]", key=key, type="tertiary", icon=icon,
        help=_("打开所属任务"), on_click=ask, args=(PARAMETER, code),
    )  # fmt: skip


def _draw_sub_items(card: TaskCard) -> None:
    st.subheader(_("子项 {count}").format(count=len(card.sub_items)), anchor=False)
    columns = [
        Column("title", _("任务"), 270, shown=name),
        Column("units", _("责任单位"), 200, shown=units_words),
        day("deadline_on", _("期限"), 96),
        Column("stands", _("进展"), 100, shown=standing_words),
        Column("stands", _("提醒"), 140, kind="chips", options=reminder_chips(),
               shown=lambda stands: [words(said)] if (said := reminder(stands)) else []),
    ]  # fmt: skip
    draw_list(
        "sub_items", columns, few(card.sub_items), title=_("子项"), empty="",
        row_id="code", opens=(None, PARAMETER),
    )  # fmt: skip


def _draw_reports(card: TaskCard) -> None:
    st.subheader(_("进展填报"), anchor=False)
    if not card.reports:
        st.markdown(formats.small_grey(_("还没有填报。联盟填报后，状态、说明和材料出现在这里。")))
        return
    with st.container(key="task_reports"):
        plain_table(
            {
                _("填报"): [_report(report) for report in card.reports],
                _("填报人"): [_writer(report) for report in card.reports],
            },
        )
    if len(card.reports) == SHOWN_REPORTS:
        st.markdown(formats.small_grey(_("只列最近 {count} 次填报").format(count=SHOWN_REPORTS)))


def _report(report: ReportLine) -> str:
    shape = SHAPES[TaskStanding(report.state.value)]
    until = _("截至 {on}").format(on=formats.day(report.stands_on))
    lines = [f"**{shape} {formats.label(report.state)}** &nbsp; {formats.small_grey(until)}"]
    if report.said:
        lines.append(formats.plain(report.said))
    lines += [_paper(paper) for paper in report.papers]
    return "  \n".join(lines)


def _writer(report: ReportLine) -> str:
    return f"{formats.plain(report.by)}  \n{formats.small_grey(formats.instant(report.at_utc))}"


def _paper(paper: ReportPaper) -> str:
    address = f"/files/tasks/{paper.id}"
    size = formats.size(paper.size_bytes)
    return (
        f":material/attach_file: [{formats.plain(paper.file_name)}]({address}?inline=1)"
        f" :small[:gray[{size}] [{_('下载')}]({address})]"
    )


def _draw_targets(visit: Visit, card: TaskCard) -> None:
    """The targets the item serves, with where they stand now."""
    st.subheader(_("关联目标 {count}").format(count=len(card.targets)), anchor=False)
    if not card.targets:
        st.markdown(formats.small_grey(_("条文没有为这项任务印出量化目标。")))
        return
    known = {line.id: line for line in targets_on(visit.today)}
    rows = "".join(_target(known[one]) for one in card.targets if one in known)
    st.html(f'<div role="list" style="font-size:13px">{rows}</div>')


def _target(line: TargetLine) -> str:
    goal = _("{place} · {year} 年").format(
        place=name(line.place), year=line.reading.target.target_year
    )
    return (
        f'<div role="listitem" style="padding:6px 0;border-bottom:1px solid {HAIRLINE};'
        'display:flex;flex-wrap:wrap;gap:2px 12px;justify-content:space-between">'
        f'<span><a href="/targets?view=path&amp;target={escape(line.id)}" target="_self" '
        f'style="color:{LINK};text-decoration:none">{escape(name(line.indicator))}</a> '
        f'<span style="color:{MUTED};font-size:12.25px">{escape(goal)}</span></span>'
        f"<span>{escape(status_words(line))}</span></div>"
    )
