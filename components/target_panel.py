"""One target's path (单项路径): the sentence, the chart, the reading, and every figure with its
source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from components import formats
from components.attempt import when_clicked
from components.charts.target_path import Path, target_path
from components.figures import draw_figures
from components.filters import ask, asked
from components.language import CHINESE, _, language, words
from components.shell import Visit
from components.target_bullets import HAIRLINE, MUTED, status_words
from components.target_tasks import draw_tasks_of
from components.target_words import amount, amount_of, legend, name, spoken_path
from components.this_run import this_run
from models.actions.meetings import add_slide
from models.queries.meetings import slide_of
from models.queries.targets import TargetLine
from models.rules.roles import Permission
from models.rules.targets import (
    Actual,
    Fit,
    Growth,
    Pace,
    headline,
    implied_pace,
    needed_pace,
    spoken,
)
from models.rules.targets.facts import FIT_NAMES, GRADE_NAMES, KIND_NAMES
from models.rules.targets.saying import figure
from models.rules.targets.slides import Named, Slide
from models.rules.wording import Wording, say


def target_asked(lines: Sequence[TargetLine]) -> TargetLine:
    """Draw the choice of targets; the one the address asks for, else the first with figures.

    Args:
        lines: every target, at least one.
    """
    known = {line.id: line for line in lines}
    standard = next((line.id for line in lines if line.known), lines[0].id)
    value = asked("target") if asked("target") in known else standard

    def chosen() -> None:
        ask("target", st.session_state["target_choice"])

    st.session_state["target_choice"] = value
    st.selectbox(
        _("目标"), list(known), key="target_choice", width=420, label_visibility="collapsed",
        format_func=lambda one: f"{name(known[one].place)} · {name(known[one].indicator)} · {one}",
        filter_mode="contains", on_change=chosen,
    )  # fmt: skip
    return known[value]


def draw_target(visit: Visit, line: TargetLine) -> None:
    """The path left, its reading, sources and work items right.

    Args:
        visit: who looks, and on which day.
        line: the target.
    """
    on = visit.today
    slide = slide_of(line, on)
    left, right = st.columns([0.68, 0.32], gap="medium")
    with left:
        st.subheader(f"{name(line.place)} · {sentence(line)}", anchor=False)
        st.vega_lite_chart(
            spec=target_path(_path(slide), is_dark=st.context.theme.type == "dark"),
            width="stretch", alt=_alternative(line), key=f"path_{line.id}",
        )  # fmt: skip
        said = legend(slide.marks, slide.growth, slide.silent_years)
        st.markdown(formats.small_grey("　".join([said, *map(words, slide.caveats)])))
    with right:
        draw_figures(("", ""), _reading_rows(line, on))
        if visit.may(Permission.keep_meeting):
            st.button(
                _("加入会议材料"), key="add_slide", icon=":material/add_to_queue:",
                disabled=not line.reading.target.is_read,
                on_click=when_clicked(add_slide, line.id, done=_added),
            )  # fmt: skip
        st.subheader(_("实绩与来源"), anchor=False)
        _draw_sources(line)
        draw_tasks_of(visit, line.id)


def _added(slides: int) -> Wording:
    return say("已加入会议材料，共 {slides} 项目标", slides=slides)


def sentence(line: TargetLine) -> str:
    """What a slide would say of it."""
    return words(
        spoken(headline(line.reading), name(line.indicator), lambda n: amount_of(n, line.unit))
    )


def _path(slide: Slide) -> Path:
    return spoken_path(
        slide.marks, slide.goal, slide.goal_words, slide.target_year, slide.unit, slide.gap
    )


def _reading_rows(line: TargetLine, on: date) -> list[tuple[str, str]]:
    read, unit = line.reading, line.unit
    rows = [(_("状态"), status_words(line))]
    if read.compared is not None:
        label = _("实绩（{year}）").format(year=read.compared.year)
        rows.append((label, f"{amount(read.compared.value, unit)} {_trust(read.compared)}"))
    if read.gap is not None:
        share = f"（{figure(read.gap_percent, 1)}%）" if read.gap_percent is not None else ""
        rows.append((_("差距"), f"{amount(read.gap, unit)}{share}"))
    rows += _pace_rows(line, on)
    if line.units:
        rows.append((_("责任单位"), _("、").join(line.units)))
    rows.append((_("出处"), f"{line.number or name(line.plan)} {line.clause}"))
    note = line.derived_zh if language() == CHINESE and line.derived_zh else name(line.note)
    return [*rows, (_("说明"), note)] if note else rows


def _pace_rows(line: TargetLine, on: date) -> list[tuple[str, str]]:
    """What the whole way asks a year, and, while there is time, what is still needed."""
    target, unit = line.reading.target, line.unit
    rows = []
    if whole := implied_pace(target, line.known):
        is_share = whole.growth is Growth.geometric
        rows.append((_("隐含年增速") if is_share else _("隐含年增量"), _pace_said(whole, unit)))
    needed = needed_pace(target, line.known)
    if needed and on <= target.due_on and not line.reading.is_met:
        rows.append((_("尚需每年"), _pace_said(needed, unit)))
    return rows


def _pace_said(pace: Pace, unit: Named) -> str:
    if pace.growth is Growth.geometric:
        return f"{figure(pace.value, 1)}%"
    return amount(pace.value, unit)


def _trust(actual: Actual) -> str:
    """Reported or derived, how far to be trusted, and the fit where it is not the same."""
    said = [words(KIND_NAMES[actual.kind]), words(GRADE_NAMES[actual.grade])]
    if actual.fit is not Fit.same:
        said.append(words(FIT_NAMES[actual.fit]))
    return " · ".join(said)


def _draw_sources(line: TargetLine) -> None:
    """Every figure with its source, the newest first: also those that contradict it or forecast."""
    if not line.all_figures:
        st.markdown(formats.small_grey(_("没有找到公开数据；缺数，不估计。")))
        return
    st.html("".join(_figure_with_source(line, actual) for actual in line.all_figures))


def _figure_with_source(line: TargetLine, actual: Actual) -> str:
    said = f"{actual.as_of:%Y-%m-%d} · {_trust(actual)}"
    return (
        f'<div style="padding:5px 6px;border-bottom:1px solid {HAIRLINE};font-size:12.25px;'
        'font-variant-numeric:tabular-nums"><div style="display:flex;gap:12px;'
        f'justify-content:space-between"><span>{escape(said)}</span>'
        f'<b style="font-weight:600;white-space:nowrap">{escape(figure(actual.value))}</b></div>'
        f'<div style="color:{MUTED}">{_linked(line, actual)}</div></div>'
    )


def _linked(line: TargetLine, actual: Actual) -> str:
    source = line.sources[actual.id]
    title = escape(source.title)
    if source.url.startswith(("https://", "http://")):
        address = escape(source.url)
        title = (
            f'<a href="{address}" target="_blank" rel="noopener" style="color:inherit">{title}</a>'
        )
    parts = [title, escape(source.published), escape(source.note_zh), _card_link(actual.id)]
    return " ".join(filter(None, parts))


def _card_link(number: str) -> str:
    """The figure's card, for who may read it: its history, and what stands beside it."""
    visit = this_run.visit
    if visit is None or not visit.may(Permission.see_actuals):
        return ""
    address, shown = escape(f"/actuals?figure={number}"), escape(number)
    return f'<a href="{address}" target="_self" style="{_CARD_LINK}">{shown}</a>'


_CARD_LINK = "color:light-dark(#1D4F91,#93BCF0);text-decoration:none;white-space:nowrap"


def _alternative(line: TargetLine) -> str:
    """The chart in words, for who does not see it."""
    figures = _("；").join(f"{actual.year} {figure(actual.value)}" for actual in line.known)
    return f"{sentence(line)}{_('。')}{figures}"
