"""The list of trainings (业务培训): its piles, its filters, its columns, its download; and announcing
one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.complaint_form import complaint_papers
from components.conduct_words import seat_chip, seat_chips
from components.filters import LAST_DAY, ask, choice, clear_button, search_box, segments
from components.language import _
from components.shell import Visit
from components.tables import Column, day, download, draw_list, number, text
from models.actions.trainings import TrainingEntry, announce_training
from models.queries.paging import Page, everything
from models.queries.trainings import (
    Due,
    TrainingFilter,
    TrainingRow,
    sees_all_trainings,
    trainings,
    trainings_waiting,
)
from models.rules.roles import Actor, Permission, Role
from models.rules.trainings import (
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_STUDY_HOURS,
    SeatState,
)
from models.rules.wording import say

Services = Mapping[str, Any]
ROWS = 13
"""On a page: with the piles above them they fit a window of 768."""
USUAL_HOURS = 4


def asked_filter(actor: Actor) -> TrainingFilter:
    """Draw the filters and read what the address asks for, except for the pile."""
    due: dict[str, str] = {Due.coming: _("未举办"), Due.over: _("已举办")}
    duty = {"yes": _("必修"), "no": _("选修")}
    seat_words = _("全部参训情况") if not sees_all_trainings(actor) else _("任一参训情况")
    text_wanted = search_box(_("培训编号、名称、地点"))
    chosen = choice("duty", list(duty), _("必修和选修"), called=duty, width=120)
    return TrainingFilter(
        text=text_wanted,
        due=choice("due", Due, _("全部时间"), called=due, width=120),
        seat=choice("seat", SeatState, seat_words, width=150),
        is_obligatory=None if chosen is None else chosen == "yes",
    )


def waits_asked(session: Any, actor: Actor) -> bool:
    """Draw the piles, where something can wait for this person, and read which one is asked for."""
    if not (actor.may(Permission.keep_trainings) or Role.agency in actor.roles):
        return False
    size = formats.count(trainings_waiting(session, actor))
    named = {"all": _("全部|培训"), "turn": _("等我办理 {count}").format(count=size)}
    return segments("pile", list(named), _("业务培训"), called=named) == "turn"


def draw_buttons(visit: Visit, wanted: TrainingFilter, services: Services) -> None:
    """The right of the toolbar: leave the filters, download, announce a training.

    Args:
        visit: who looks.
        wanted: the whole filter.
        services: the service list by code.
    """
    clear_button()
    st.space("stretch")
    columns = training_columns(visit.actor, services)
    download(_("业务培训"), columns, partial(_all, wanted))
    if visit.may(Permission.keep_trainings) and st.button(
        _("通知培训"), key="announce_training", type="primary", icon=":material/add:"
    ):
        announce_dialog(visit, services)


def training_columns(actor: Actor, services: Services) -> list[Column]:
    """What the list shows: to an agency how it stands itself, to others how many stand how."""
    columns = [
        text("number", _("培训编号"), 132, sorts=True),
        text("title", _("培训名称"), 262),
        day("held_on", _("培训日期"), 98, sorts=True),
        text("place", _("地点"), 190),
        number("study_hours", _("学时"), 60),
        Column("is_obligatory", _("必修"), 84, shown=duty_name),
        Column("service_codes", _("面向的服务"), 150, on_phone=False,
               shown=lambda codes: audience(codes, services)),
    ]  # fmt: skip
    if not sees_all_trainings(actor):
        own = Column("own", _("参训情况"), 110, kind="chips", options=seat_chips(), shown=seat_chip)
        return [*columns, own, Column("state", _("状态"), 90, shown=formats.label)]
    return [
        *columns,
        number("invited", _("通知"), 64),
        number("attended", _("到场"), 64),
        number("excused", _("准假"), 64),
        number("missed", _("缺席"), 64),
        Column("state", _("状态"), 80, shown=formats.label, on_phone=False),
    ]


def draw_trainings(page: Page[TrainingRow], actor: Actor, services: Services) -> None:
    """The list's page; a click on the number opens the card."""
    draw_list(
        "trainings",
        training_columns(actor, services),
        page,
        title=_("业务培训"),
        empty=_("没有符合条件的培训。联盟通知培训后出现在这里。"),
        footer=_("共 {count} 次，日期近的在前。点编号打开。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="number",
        opens=(None, "training"),
    )


def duty_name(is_obligatory: bool) -> str:
    """Whether it must be attended, in words."""
    return _("必修") if is_obligatory else _("选修")


def audience(codes: tuple[str, ...], services: Services) -> str:
    """Whose agencies are invited: of some services, or all."""
    return formats.listed(services, codes) if codes else _("全部机构")


def announce_dialog(visit: Visit, services: Services) -> None:
    """A new training; announced, its card opens with the agencies invited."""

    @st.dialog(_("通知培训"), width="medium", icon=":material/school:")
    def dialog() -> None:
        title = st.text_input(
            _("培训名称"), key="training_title", max_chars=LONGEST_TITLE, on_change="ignore"
        )
        left, right = st.columns(2)
        held_on = left.date_input(
            _("培训日期"), visit.today, key="training_on", format="YYYY-MM-DD",
            min_value=visit.today, max_value=LAST_DAY, on_change="ignore",
        )  # fmt: skip
        hours = right.number_input(
            _("学时"), 1, MOST_STUDY_HOURS, USUAL_HOURS, key="training_hours", on_change="ignore"
        )
        place = st.text_input(
            _("时间和地点"), key="training_place", max_chars=LONGEST_PLACE, on_change="ignore",
            placeholder=_("例如 14:00，联盟会议室"),
        )  # fmt: skip
        chosen = st.multiselect(
            _("面向的服务（不选即全部机构）"), list(services), key="training_services",
            format_func=lambda code: formats.named(services[code]), filter_mode="contains",
            placeholder=_("从服务清单中选择"), on_change="ignore",
        )  # fmt: skip
        duty = st.checkbox(
            _("必修：无故缺席计入考评"), value=True, key="training_duty", on_change="ignore"
        )
        papers = complaint_papers("training_papers", _("培训材料（可不附，最多 {most} 份）"))
        answer = st.container()
        if st.button(_("通知参训机构"), key="save_training", type="primary"):
            entry = TrainingEntry(
                title or "", held_on, place or "", int(hours), duty, tuple(chosen)
            )
            outcome = attempt(
                announce_training, entry, papers, where=answer,
                done=lambda made: say("已通知培训 {number}", number=made),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                ask("training", str(outcome.result))
                st.rerun()

    dialog()


def _all(wanted: TrainingFilter, session: Any, actor: Actor) -> Page[TrainingRow]:
    return trainings(session, actor, wanted, everything())
