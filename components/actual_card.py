"""One figure's card: what it says, its history, what stands beside it, the targets it decides,
and the second person's decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from components import formats
from components.actual_contradictions import days, draw_contradiction, rule_in_words
from components.actual_form import replace_dialog
from components.actual_list import badge, unit_said
from components.attempt import attempt, when_clicked
from components.facts import Fact, draw_facts
from components.language import CHINESE, _, language, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.plain_table import plain_table
from components.shell import Visit
from components.site import page_at
from components.target_bullets import MUTED, status_words
from components.target_words import name
from models.actions.actuals import (
    confirm_actual,
    subject_of_actual,
    turn_down_actual,
    withdraw_actual,
)
from models.queries.actual_card import ActualCard
from models.queries.actuals import ActualRow
from models.queries.targets import TargetLine
from models.rules.targets.entries import LONGEST_REASON, FigureState
from models.rules.wording import Wording, say


def draw_actual(visit: Visit, card: ActualCard | None, lines: Sequence[TargetLine]) -> None:
    """The card, or that there is no such figure.

    Args:
        visit: who looks.
        card: what was found; `None` for an address that names nothing.
        lines: every target as it stands, for those it decides.
    """
    if card is None:
        title_row(_("实绩填报"))
        back_button("figure")
        st.markdown(_("没有这个编号的实绩。请从列表中打开，或核对地址。"))
        return
    row = card.row
    head = f"{name(row.place)} · {name(row.indicator)}"
    title_row(head, row.id, *filter(None, [badge(row)]))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button("figure")
        st.space("stretch")
        _draw_related(card)
        record_link(visit, subject_of_actual(row.id))
        if card.may_replace and st.button(
            _("更正这个数字"), key="replace_actual", icon=":material/edit:"
        ):
            replace_dialog(visit, row)
    _draw_facts(card)
    if not card.may_decide:
        _draw_surroundings(card, lines)
        return
    with st.container(key="answer_first"):  # on a phone the decision comes before the history
        left, right = st.columns([0.665, 0.335], gap="medium")
    with left:
        _draw_surroundings(card, lines)
    with right:
        _draw_decision(card)


def _draw_related(card: ActualCard) -> None:
    """The figures it replaced, was replaced by, or may yet be replaced by."""
    row = card.row
    for number in filter(None, (row.replaces_id, row.replaced_by, card.waiting_for_place)):
        st.page_link(
            page_at("/actuals").script,
            label=_("查看 {number}").format(number=number),
            icon=":material/arrow_forward:",
            query_params={"figure": number},
        )


def _draw_facts(card: ActualCard) -> None:
    row, plain = card.row, formats.plain
    value = f"**{formats.exact(row.value)}** {plain(unit_said(row.counted_in))}"
    draw_facts(
        [
            Fact(_("数值"), value),
            Fact(_("截至日期"), plain(days(row))),
            Fact(_("类型"), formats.label(row.kind)),
            Fact(_("可信度"), formats.label(row.grade)),
            Fact(_("状态"), _state(card)),
            Fact(_("主题"), plain(name(card.theme))),
        ]
    )
    note = [Fact(_("说明"), plain(row.note_zh), 1.6)] if row.note_zh else []
    draw_facts(
        [Fact(_("来源"), _source(row), 2.4), Fact(_("发布日期"), plain(row.published), 0.8), *note]
    )
    if language() == CHINESE and card.definition_zh:
        said = _("指标口径：{definition}").format(definition=card.definition_zh)
        st.markdown(formats.small_grey(plain(said)))


def _state(card: ActualCard) -> str:
    row = card.row
    if row.state is FigureState.replaced:
        said = _("已由 {number} 替代").format(number=formats.plain(row.replaced_by))
    else:
        said = formats.label(row.state)
    if card.waiting_for_place:
        number = formats.plain(card.waiting_for_place)
        said += "  \n" + _("更正 {number} 待确认").format(number=number)
    return said


def _source(row: ActualRow) -> str:
    title = formats.plain(row.source_title)
    if not row.source_url.startswith(("https://", "http://")):
        return title
    address = row.source_url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{title}](<{address.replace('<', '%3C').replace('>', '%3E')}>)"


# ---------------------------------------------------------------- what belongs to it


def _draw_surroundings(card: ActualCard, lines: Sequence[TargetLine]) -> None:
    _draw_beside(card)
    _draw_history(card)
    _draw_targets(card.row, lines)


def _draw_beside(card: ActualCard) -> None:
    if card.beside is None:
        return
    st.subheader(_("同一年的其他数字"), anchor=False)
    st.markdown(formats.small_grey(rule_in_words()))
    draw_contradiction(card.beside, has_head=False)


def _draw_history(card: ActualCard) -> None:
    st.subheader(_("经过"), anchor=False)
    plain_table(
        {
            _("时间"): [formats.instant(step.at_utc) for step in card.steps],
            _("办理人"): [formats.plain(step.by) for step in card.steps],
            _("办理"): [formats.plain(words(step.what)) for step in card.steps],
            _("理由"): [formats.plain(step.reason) for step in card.steps],
        },
    )


def _draw_targets(row: ActualRow, lines: Sequence[TargetLine]) -> None:
    """The targets whose reading rests on it, and those on whose path it stands."""
    using = [line for line in lines if any(one.id == row.id for one in line.known)]
    st.subheader(_("用到它的目标 {count}").format(count=len(using)), anchor=False)
    if not using:
        st.markdown(formats.small_grey(_("没有目标的判定用到这个数字。")))
        return
    st.html("".join(_target(row, line) for line in using))


def _target(row: ActualRow, line: TargetLine) -> str:
    read = line.reading
    deciding = {one.id for one in (read.decided_by, read.compared) if one is not None}
    role = _("判定依据") if row.id in deciding else _("路径上的点")
    address = escape(f"/targets?view=path&target={line.id}")
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:2px 16px;padding:4px 0;font-size:13px">'
        f'<a href="{address}" target="_self" style="color:light-dark(#1D4F91,#93BCF0);'
        f'text-decoration:none;flex:1 1 260px">{escape(name(line.place))} · '
        f"{escape(name(line.indicator))} {read.target.target_year}</a>"
        f'<span style="flex:0 1 220px">{escape(status_words(line))}</span>'
        f'<span style="flex:0 1 90px;color:{MUTED}">{escape(role)}</span></div>'
    )


# ---------------------------------------------------------------- the decision

_REASON = "actual_decision_reason"


def _draw_decision(card: ActualCard) -> None:
    with st.container(border=True, key="decide_actual"):
        if card.may_withdraw:
            _draw_withdrawal(card)
        else:
            _draw_confirmation(card)


def _draw_confirmation(card: ActualCard) -> None:
    """The second person: confirm, or turn down with a reason."""
    number = card.row.id
    st.markdown(f"**{_('由您确认')}**  \n{formats.small_grey(_consequence(card))}")
    done = say("已确认 {number}，即刻计入判定", number=number)
    st.button(
        _("确认这个数字"), key="confirm_actual", type="primary", width="stretch",
        on_click=when_clicked(confirm_actual, number, done=done),
    )  # fmt: skip
    _reason_field(_("不予采用的理由"), _("例如：来源无法核实"))
    st.button(
        _("不予采用这个数字"), key="turn_down_actual", width="stretch", on_click=_with_reason,
        args=(turn_down_actual, number, say("{number} 未采用，理由已记录", number=number)),
    )  # fmt: skip


def _draw_withdrawal(card: ActualCard) -> None:
    """Who entered it: another confirms; taking it back needs a reason."""
    number = card.row.id
    barred = words(card.barred) if card.barred else ""
    st.markdown(f"**{_('待另一人确认')}**  \n{formats.small_grey(barred)}")
    _reason_field(_("撤回的理由"), _("例如：数字录错"))
    st.button(
        _("撤回我的填报"), key="withdraw_actual", width="stretch", on_click=_with_reason,
        args=(withdraw_actual, number, say("已撤回 {number}", number=number)),
    )  # fmt: skip


def _consequence(card: ActualCard) -> str:
    """What confirming would come to."""
    own = next(
        (one for one in (card.beside.rivals if card.beside else ()) if one.row.id == card.row.id),
        None,
    )
    said = [_("请先核对来源。确认后计入判定。")]
    if card.row.replaces_id:
        said.append(_("{number} 由它替代，仍可查看。").format(number=card.row.replaces_id))
    if own is not None and not own.is_chosen:
        said.append(_("同年已有数字优先，它只并列、不取用：{why}。").format(why=words(own.why)))
    return " ".join(said)


def _reason_field(title: str, example: str) -> None:
    st.text_input(
        title, key=_REASON, max_chars=LONGEST_REASON, placeholder=example, on_change="ignore"
    )


def _with_reason(action: Callable[..., None], number: str, done: Wording) -> None:
    """What is decided is decided before the card is read anew: whoever comes second is told."""
    attempt(action, number, str(st.session_state.get(_REASON) or ""), done=done)
