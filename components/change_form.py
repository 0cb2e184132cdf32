"""Drafting a change of a setting, a service, a reason or a day: one form, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import ask
from components.language import _, words
from components.policy_words import FIELDS, day_words, fault_lines
from components.shell import Visit
from models.actions.changes import Draft, draft_change
from models.rules.changes import (
    AS_ANNOUNCED,
    LONGEST_CRITERION,
    LONGEST_NOTE,
    LONGEST_SETTING,
    LONGEST_TEXTS,
    NO,
    RESTING,
    WORKING,
    YES,
    ChangeKind,
    Content,
    content_read,
    setting_written,
)
from models.rules.membership import Fault
from models.rules.money import yuan_whole
from models.rules.roles import ROLE_NAMES, Role
from models.rules.settings import SETTING_OF
from models.rules.standards import LAST_DAY, LONGEST_REASON
from models.rules.wording import say

LONG_TEXT = 200
"""From so many characters on a text has an area of its own."""
_DAYS = {WORKING: True, RESTING: False, AS_ANNOUNCED: None}


def draw_change_form(visit: Visit, kind: ChangeKind, subject: str, now: Content) -> None:
    """The form of one item, filled with what holds now.

    Args:
        visit: who drafts, and when.
        kind: what is changed.
        subject: the setting's key, the service's or the reason's code.
        now: what holds.
    """
    with st.container(border=True, key="change_form"):
        st.subheader(_("起草调整"), anchor=False)
        written = _FIELDS[kind](subject, now)
        valid_from = _valid_from(visit, f"{kind}_{subject}")
        _finish(kind, subject, written, valid_from, _reason_field(f"{kind}_{subject}"))


def draft_day_dialog(visit: Visit) -> None:
    """A day that shall be another than announced."""

    @st.dialog(_("起草一天的调整"))
    def dialog() -> None:
        draw_day_form(visit, None, {})

    dialog()


def draw_day_form(visit: Visit, on: date | None, now: Content) -> None:
    """The form of a day.

    Args:
        visit: who drafts, and when.
        on: the day; `None` lets one choose it.
        now: what holds; empty where the day is as announced.
    """
    day = on or st.date_input(
        _("日期"), visit.today, key="change_day", format="YYYY-MM-DD", min_value=visit.today,
        max_value=LAST_DAY, on_change="ignore",
    )  # fmt: skip
    assert isinstance(day, date)
    written = _day_fields(day.isoformat() if on else "new", now)
    subject = day.isoformat()
    _finish(
        ChangeKind.calendar_day, subject, written, day, _reason_field((on and subject) or "new")
    )


def _finish(
    kind: ChangeKind, subject: str, written: dict[str, str], valid_from: date, reason: str
) -> None:
    """What happens next, and the button; drafted, the change opens."""
    st.markdown(formats.small_grey(_("起草后待另一人确认，确认前不起作用。")))
    answer = st.container()
    if not st.button(_("起草，待确认"), key="draft_item", type="primary", width="stretch"):
        return
    faults = list(content_read(kind, subject, written).faults)
    if not reason.strip():
        faults.append(Fault("reason", say("请写明理由，将记入操作记录")))
    if faults:
        answer.error(fault_lines(faults), icon=":material/block:")
        return
    draft = Draft(kind, subject, written, valid_from, reason)
    done = say("已起草，待另一人确认")
    outcome = attempt(draft_change, draft, done=done, where=answer)
    if outcome.is_done:
        keep(outcome)
        ask("change", str(outcome.result))
        st.rerun()


# ---------------------------------------------------------------- fields


def _setting_fields(key: str, now: Content) -> dict[str, str]:
    adjustable, value = SETTING_OF[key], setting_written(now["value"])
    at = f"change_value_{key}"
    title = f"{words(adjustable.name)} *"
    if isinstance(adjustable.default, bool):
        chosen = st.segmented_control(
            title, [YES, NO], default=value, key=at, required=True,
            format_func=lambda one: _("是") if one == YES else _("否"), on_change="ignore",
        )  # fmt: skip
        return {"value": chosen}
    if adjustable.choices:
        options = list(adjustable.choices)
        chosen = st.selectbox(
            title, options, options.index(value) if value in options else 0, key=at,
            format_func=lambda one: words(ROLE_NAMES[Role(one)]), filter_mode=None,
            on_change="ignore",
        )  # fmt: skip
        return {"value": chosen}
    bounds = None
    if isinstance(adjustable.default, int | tuple):
        bounds = _("{lowest} 至 {highest}").format(
            lowest=formats.count(adjustable.lowest), highest=formats.count(adjustable.highest)
        )
    typed = st.text_input(
        title, value, key=at, max_chars=LONGEST_SETTING + 1, placeholder=bounds,
        on_change="ignore",
    )  # fmt: skip
    if bounds:
        st.markdown(formats.small_grey(bounds))
    return {"value": typed or ""}


def _terms_fields(code: str, now: Content) -> dict[str, str]:
    left, right = st.columns(2, gap="small")
    with left:
        floor = _line(code, "price_floor_fen", _yuan(now["price_floor_fen"]), _("不限"))
    with right:
        ceiling = _line(code, "price_ceiling_fen", _yuan(now["price_ceiling_fen"]), _("不限"))
    days = now["standard_working_days"]
    typed = _line(code, "standard_working_days", str(days or ""), _("未定"))
    return {
        "price_floor_fen": floor, "price_ceiling_fen": ceiling, "standard_working_days": typed,
    }  # fmt: skip


def _reason_fields(code: str, now: Content) -> dict[str, str]:
    return _text_fields(code, now, LONGEST_TEXTS)


def _criterion_fields(code: str, now: Content) -> dict[str, str]:
    written = _text_fields(code, now, LONGEST_CRITERION)
    for field in ("is_required", "is_in_force"):
        written[field] = st.segmented_control(
            f"{words(FIELDS[field])} *", [YES, NO], default=YES if now[field] else NO,
            key=f"change_{field}_{code}", required=True, on_change="ignore",
            format_func=lambda one: _("是") if one == YES else _("否"),
        )  # fmt: skip
    return written


def _text_fields(code: str, now: Content, longest_of: Mapping[str, int]) -> dict[str, str]:
    """One field a text; the long ones are areas."""
    written = {}
    for field, longest in longest_of.items():
        draw: Any = st.text_area if longest >= LONG_TEXT else st.text_input
        written[field] = draw(
            f"{words(FIELDS[field])} *", now[field], key=f"change_{field}_{code}",
            max_chars=longest, on_change="ignore",
        ) or ""  # fmt: skip
    return written


def _day_fields(at: str, now: Content) -> dict[str, str]:
    held = {value: name for name, value in _DAYS.items()}
    chosen = st.segmented_control(
        _("当日"), list(_DAYS), default=held[now.get("is_working")] if now else RESTING,
        key=f"change_is_working_{at}", required=True, on_change="ignore",
        format_func=lambda one: day_words(_DAYS[one]),
    )  # fmt: skip
    note = st.text_input(
        _("说明"), now.get("note", ""), key=f"change_note_{at}", max_chars=LONGEST_NOTE,
        on_change="ignore",
    )  # fmt: skip
    return {"is_working": chosen, "note": note or ""}


_FIELDS: dict[ChangeKind, Callable[[str, Content], dict[str, str]]] = {
    ChangeKind.setting: _setting_fields,
    ChangeKind.service_terms: _terms_fields,
    ChangeKind.reason_text: _reason_fields,
    ChangeKind.admission_criterion: _criterion_fields,
}


def _line(code: str, field: str, given: str, placeholder: str) -> str:
    return (
        st.text_input(
            words(FIELDS[field]), given, key=f"change_{field}_{code}", max_chars=40,
            placeholder=placeholder, on_change="ignore",
        ) or ""
    )  # fmt: skip


def _yuan(fen: int | None) -> str:
    return "" if fen is None else yuan_whole(fen)


def _valid_from(visit: Visit, at: str) -> date:
    chosen = st.date_input(
        f"{words(FIELDS['valid_from'])} *", visit.today, key=f"change_valid_from_{at}",
        format="YYYY-MM-DD", min_value=visit.today, max_value=LAST_DAY, on_change="ignore",
    )  # fmt: skip
    st.markdown(formats.small_grey(_("今天或以后；不溯及既往")))
    assert isinstance(chosen, date)
    return chosen


def _reason_field(at: str) -> str:
    return (
        st.text_input(
            f"{words(FIELDS['reason'])} *", key=f"change_reason_{at}", max_chars=LONGEST_REASON,
            placeholder=_("为什么调整，依据什么"), on_change="ignore",
        ) or ""
    )  # fmt: skip
