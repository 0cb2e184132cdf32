"""One training (业务培训): when, where, for whom, its materials and who came; beside them what this
person may do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.conduct_words import (
    SEAT_COLOURS,
    TRAINING_COLOURS,
    badge,
    paper_line,
    seat_chip,
    seat_chips,
)
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, few, record_link
from components.shell import Visit
from components.tables import Column, draw_list, text
from components.training_list import audience, duty_name
from components.training_step import draw_agency_form, draw_alliance_form
from models.queries.training_card import TrainingCard, TrainingEventLine
from models.rules.trainings import TRAINING_STEP_OF, SeatState, TrainingAction

PARAMETER = "training"
NAMED_AGENCIES = 4
_ORDER = (
    SeatState.leave_asked, SeatState.invited, SeatState.registered, SeatState.missed,
    SeatState.excused, SeatState.attended,
)  # fmt: skip
"""What waits or stands out comes first."""


def draw_training(visit: Visit, card: TrainingCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such training.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code.
    """
    if card is None:
        title_row(_("业务培训"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的培训。请从列表中打开，或核对地址。"))
        return
    row = card.row
    badges = [badge(TRAINING_COLOURS[row.state], formats.label(row.state))]
    if card.own is not None:
        badges.append(badge(SEAT_COLOURS[card.own.state], formats.label(card.own.state)))
    title_row(row.number, row.title, *badges)
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"training:{row.number}")
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_facts(card, services)
        _draw_materials(card)
        if card.own is None:
            _draw_seats(card)
        elif card.own.reason:
            st.subheader(formats.label(card.own.state), anchor=False)
            st.markdown(formats.plain(card.own.reason))
    with right:
        if card.own is not None:
            draw_agency_form(card, card.own)
        elif card.may_keep:
            draw_alliance_form(visit, card)
        _draw_history(card.events)


def _draw_facts(card: TrainingCard, services: Mapping[str, Any]) -> None:
    row = card.row
    draw_facts(
        [
            Fact(_("培训日期"), formats.day(row.held_on)),
            Fact(_("时间和地点"), formats.plain(row.place), 2.2),
            Fact(_("学时"), formats.count(row.study_hours), 0.7),
            Fact(
                _("必修"), duty_name(row.is_obligatory), 0.8,
                help=_("必修培训无故缺席计入考评的规范经营"),
            ),
            Fact(_("面向的服务"), formats.plain(audience(row.service_codes, services)), 2.0),
        ]
    )  # fmt: skip


def _draw_materials(card: TrainingCard) -> None:
    st.subheader(_("培训材料 {count}").format(count=len(card.materials)), anchor=False)
    if not card.materials:
        st.markdown(formats.small_grey(_("没有培训材料。由联盟添加后出现在这里。")))
    for paper in card.materials:
        st.markdown(paper_line(paper, "trainings"))


def _draw_seats(card: TrainingCard) -> None:
    """Who is invited, and how each stands."""
    row = card.row
    st.subheader(_("参训机构 {count}").format(count=row.invited), anchor=False)
    told = [
        f"{formats.label(state)} {formats.count(row.seats[state])}"
        for state in SeatState
        if row.seats.get(state)
    ]
    st.markdown(formats.small_grey(" · ".join(told)))
    columns = [
        text("agency", _("服务机构"), 300),
        Column("state", _("参训情况"), 110, kind="chips", options=seat_chips(), shown=seat_chip),
        text("reason", _("理由"), 300),
    ]
    seats = sorted(card.seats, key=lambda seat: _ORDER.index(seat.state))
    draw_list(
        "seats", columns, few(seats), title=_("参训机构"),
        empty=_("没有参训机构。"), row_id="agency_uscc",
    )  # fmt: skip


def _draw_history(events: Sequence[TrainingEventLine]) -> None:
    st.subheader(_("办理经过"), anchor=False)
    with st.container(key="training_history"):
        for event in events:
            st.markdown("  \n".join(_event_lines(event)))


def _names(agencies: Sequence[str]) -> str:
    """The first few names, and how many there are."""
    named = _("、").join(agencies[:NAMED_AGENCIES])
    if len(agencies) <= NAMED_AGENCIES:
        return named
    return _("{names}等 {count} 家").format(names=named, count=formats.count(len(agencies)))


def _event_lines(event: TrainingEventLine) -> list[str]:
    name = formats.plain(words(TRAINING_STEP_OF[event.action].name))
    at = formats.plain(f"{event.by} {formats.instant(event.at_utc)}")
    lines = [f"**{name}** {formats.small_grey(at)}"]
    if event.action is TrainingAction.correct_attendance:
        lines.append(formats.label(event.seat_to))
    if event.action is not TrainingAction.announce_training and event.agencies:
        lines.append(formats.plain(_names(event.agencies)))
    if event.note:
        lines.append(formats.plain(event.note))
    return lines
