"""Entering a figure, or one in the place of another: one dialog, all faults named at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import ask
from components.formats import label
from components.language import CHINESE, _, language, words
from components.shell import Visit
from components.target_words import name
from models.actions.actuals import enter_actual
from models.database import session
from models.queries.actuals import ActualRow, Offered, indicators_offered, places_offered
from models.rules.membership import Fault
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import (
    EARLIEST_YEAR,
    LONGEST,
    LONGEST_REASON,
    LONGEST_VALUE,
    FigureEntry,
    faults_of,
    in_one_spelling,
    units_taken,
)
from models.rules.targets.slides import Named
from models.rules.wording import say

# fmt: off
FIELDS = {
    "place_code":     say("地区"),
    "indicator_code": say("指标"),
    "value":          say("数值"),
    "unit":           say("单位|计量"),
    "as_of":          say("截至日期"),
    "period_start":   say("期间起"),
    "kind":           say("类型"),
    "grade":          say("可信度"),
    "source_title":   say("来源"),
    "source_url":     say("来源网址"),
    "published":      say("发布日期"),
    "note_zh":        say("说明"),
    "reason":         say("更正理由"),
}
# fmt: on
"""What the fields of an entry are called."""
REQUIRED = frozenset(
    {"place_code", "indicator_code", "value", "unit", "as_of", "kind", "grade", "source_title",
     "reason"}
)  # fmt: skip


def enter_dialog(visit: Visit) -> None:
    """A new figure; entered, its card opens."""

    @st.dialog(_("填报实绩"), width="large")
    def dialog() -> None:
        draw_entry(visit, None)

    dialog()


def replace_dialog(visit: Visit, row: ActualRow) -> None:
    """A figure in the place of another, with the reason."""

    @st.dialog(_("更正 {number}").format(number=row.id), width="large")
    def dialog() -> None:
        draw_entry(visit, row)

    dialog()


def draw_entry(visit: Visit, replaced: ActualRow | None) -> None:
    """The form with its button.

    Args:
        visit: who enters, and when.
        replaced: the figure in whose place it shall stand; its place and indicator are kept.
    """
    with session() as current:
        places = {one.code: one for one in places_offered(current)}
        indicators = {one.named.code: one for one in indicators_offered(current)}
    entry = _fields(visit, places, indicators, replaced)
    reason = _reason_field() if replaced else ""
    st.markdown(
        formats.small_grey(_("填报后为待确认，由另一人确认后才计入判定；互相矛盾的数字都保留。"))
    )
    answer = st.container()
    button = _("填报更正，待确认") if replaced else _("填报，待确认")
    if not st.button(button, key="save_actual", type="primary"):
        return
    chosen = indicators.get(entry.indicator_code)
    counted = chosen.counted if chosen else None
    faults = list(faults_of(in_one_spelling(entry), counted, visit.today))
    if replaced and not reason.strip():
        faults.append(Fault("reason", say("请写明理由，将记入操作记录")))
    if faults:
        _draw_faults(answer, faults)
        return
    outcome = attempt(
        enter_actual, entry, replaces_id=replaced.id if replaced else "", reason=reason,
        done=lambda number: say("已填报 {number}，待另一人确认", number=number), where=answer,
    )  # fmt: skip
    if outcome.is_done:
        keep(outcome)
        ask("figure", outcome.result)
        st.rerun()


# ---------------------------------------------------------------- fields


def _fields(
    visit: Visit,
    places: Mapping[str, Named],
    indicators: Mapping[str, Offered],
    replaced: ActualRow | None,
) -> FigureEntry:
    """Two columns: what it says, and where it comes from."""
    what, whence = st.columns(2, gap="medium")
    with what:
        place = _pick("place_code", list(places), _named(places), replaced and replaced.place.code)
        named = {code: one.named for code, one in indicators.items()}
        indicator = _pick(
            "indicator_code", list(indicators), _named(named), replaced and replaced.indicator.code
        )
        chosen = indicators.get(indicator or "")
        _draw_definition(chosen)
        value, unit = _value_and_unit(chosen, replaced)
        as_of, period_start = _days(visit, replaced)
    with whence:
        entry = _source(replaced)
    return replace(
        entry, place_code=place or "", indicator_code=indicator or "", value=value, unit=unit,
        as_of=as_of, period_start=period_start,
    )  # fmt: skip


def _draw_definition(chosen: Offered | None) -> None:
    if chosen is None:
        return
    said = _("计量单位：{unit}").format(unit=name(chosen.unit))
    if language() == CHINESE and chosen.definition_zh:
        said = f"{said}。{chosen.definition_zh}"
    st.markdown(formats.small_grey(formats.plain(said)))


def _value_and_unit(chosen: Offered | None, replaced: ActualRow | None) -> tuple[str, str]:
    left, right = st.columns([0.6, 0.4], gap="small", vertical_alignment="bottom")
    value = left.text_input(
        _title("value"), format(replaced.value, "f") if replaced else "", key="actual_value",
        max_chars=LONGEST_VALUE, on_change="ignore", placeholder=_("例如 1,068 或 2.36"),
    )  # fmt: skip
    units = units_taken(chosen.counted.unit) if chosen else ()
    unit = right.selectbox(
        _title("unit"), units, key=f"actual_unit_{chosen.named.code if chosen else ''}",
        format_func=lambda one: _unit(one, chosen), disabled=len(units) < 2, filter_mode=None,
        placeholder=_("先选指标"), on_change="ignore",
    )  # fmt: skip
    return value or "", unit or ""


def _unit(unit: str, chosen: Offered | None) -> str:
    """A unit in the visitor's language, where it is the indicator's own."""
    is_own = chosen is not None and unit == chosen.counted.unit
    return name(chosen.unit) if is_own and chosen is not None else unit


def _days(visit: Visit, replaced: ActualRow | None) -> tuple[date | None, date | None]:
    left, right = st.columns(2, gap="small")
    bounds: dict[str, Any] = {
        "format": "YYYY-MM-DD", "min_value": date(EARLIEST_YEAR, 1, 1),
        "max_value": date(visit.today.year + 20, 12, 31), "on_change": "ignore",
    }  # fmt: skip
    as_of = left.date_input(
        _title("as_of"), replaced.as_of if replaced else None, key="actual_as_of",
        help=_("所指的最后一天，例如年末数写 12 月 31 日；除预计外不晚于今天"), **bounds,
    )  # fmt: skip
    start = right.date_input(
        _title("period_start"), replaced.period_start if replaced else None,
        key="actual_period_start", help=_("一段时间的数填写第一天；时点数留空"), **bounds,
    )  # fmt: skip
    return as_of, start


def _source(replaced: ActualRow | None) -> FigureEntry:
    left, right = st.columns(2, gap="small")
    with left:
        kind = _pick("kind", list(ActualKind), label, replaced and replaced.kind)
    with right:
        grade = _pick("grade", list(Grade), label, replaced and replaced.grade)
    is_over = st.checkbox(
        _("来源写的是“突破”或“以上”"), bool(replaced and replaced.is_over), key="actual_is_over",
        on_change="ignore",
    )  # fmt: skip
    return FigureEntry(
        kind=kind,
        grade=grade,
        is_over=is_over,
        source_title=_line("source_title", replaced, placeholder=_("文件、公报或网页的名称")),
        source_url=_line("source_url", replaced, placeholder="https://"),
        published=_line("published", replaced, placeholder="2026-03-20"),
        note_zh=_line("note_zh", replaced),
    )


def _line(field: str, replaced: ActualRow | None, **more: Any) -> str:
    given = getattr(replaced, field) if replaced else ""
    longest = LONGEST.get(field, 10)
    return str(
        st.text_input(
            _title(field), given, key=f"actual_{field}", max_chars=longest, on_change="ignore",
            **more,
        ) or ""
    )  # fmt: skip


def _reason_field() -> str:
    return str(
        st.text_input(
            _title("reason"), key="actual_reason", max_chars=LONGEST_REASON, on_change="ignore",
            placeholder=_("为什么替代原来的数字"),
        ) or ""
    )  # fmt: skip


def _pick(field: str, options: list[Any], called: Any, given: Any) -> Any:
    """A drop-down; what a correction keeps cannot be changed."""
    is_kept = given is not None and field in ("place_code", "indicator_code")
    return st.selectbox(
        _title(field), options, options.index(given) if given is not None else None,
        key=f"actual_{field}", format_func=called, disabled=is_kept, placeholder=_("请选择"),
        filter_mode="contains" if len(options) > 8 else None,
        on_change="rerun" if field == "indicator_code" else "ignore",
    )  # fmt: skip


def _named(known: Mapping[str, Named]) -> Any:
    return lambda code: name(known[code])


def _title(field: str) -> str:
    return f"{words(FIELDS[field])} *" if field in REQUIRED else words(FIELDS[field])


def _draw_faults(where: Any, faults: Sequence[Fault]) -> None:
    lines = [
        f"- **{words(FIELDS[fault.field])}** {formats.plain(words(fault.words))}"
        for fault in faults
    ]
    where.error("\n".join(lines), icon=":material/block:")
