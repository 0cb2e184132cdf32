"""One change: what it would make of what holds, what it would do to open claims, and the second
person's decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components import formats
from components.attempt import attempt
from components.change_history import state_badge
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.plain_table import plain_table
from components.policy_words import FIELDS, content_words, subject_name
from components.shell import Visit
from models.actions.changes import confirm_change, turn_down_change, withdraw_change
from models.actions.daily import judge_changed
from models.database import session
from models.queries.change_effects import ClaimEffect, Preview, preview_of
from models.queries.changes import ChangeCard, ChangeLine
from models.rules.changes import ChangeKind
from models.rules.findings import VERDICT_NAMES
from models.rules.roles import Permission
from models.rules.standards import LONGEST_REASON
from models.rules.wording import Wording, say

PARAMETER = "change"
SHOWN_EFFECTS = 15
_REASON = "change_decision_reason"
_CONFIRMED = "change_just_confirmed"


def draw_change(
    visit: Visit, card: ChangeCard | None, before: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """The card, or that there is no such change.

    Args:
        visit: who looks.
        card: what was found; `None` for an address that names nothing.
        before: what holds now, field by field in words.
        names: services and reasons by code.
    """
    if card is None:
        title_row(_("补贴标准|栏目"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的调整。请从列表中打开，或核对地址。"))
        return
    line = card.line
    number = _("调整 {number}").format(number=line.id)
    title_row(subject_name(line, names), number, state_badge(line))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"{line.kind}:{line.subject}")
    _draw_facts(line)
    _judge_after_confirming(line)
    decides = card.may_decide or card.may_withdraw or card.barred is not None
    with st.container(key="answer_first"):  # on a phone the decision comes before the preview
        left, right = st.columns([0.665, 0.335], gap="medium")
    with left:
        _draw_contents(line, before)
        if line.is_waiting and visit.may(Permission.see_claims):
            _draw_preview(visit, line)
    if decides:
        with right, st.container(border=True, key="decide_change"):
            _draw_decision(card)


def _draw_facts(line: ChangeLine) -> None:
    plain = formats.plain
    facts = [
        Fact(_("对象"), formats.label(line.kind)),
        Fact(_("生效日期"), formats.day(line.valid_from)),
        Fact(_("起草人"), plain(line.drafted_by or _("导入"))),
        Fact(_("起草时间"), formats.instant(line.drafted_at_utc)),
        Fact(_("调整理由"), plain(line.reason), 2.0),
    ]
    draw_facts(facts)
    if line.decided_at_utc is not None:
        draw_facts(
            [
                Fact(_("状态"), formats.label(line.state)),
                Fact(_("办理人"), plain(line.decided_by)),
                Fact(_("办理时间"), formats.instant(line.decided_at_utc)),
                Fact(_("办理理由"), plain(line.decided_reason), 3.0),
            ]
        )


def _draw_contents(line: ChangeLine, before: Mapping[str, str]) -> None:
    """Field by field what holds and what would; what differs stands out."""
    after = content_words(line.kind, line.subject, line.content)
    was = {field: before.get(field, formats.NOTHING) for field in after}
    if line.is_waiting:
        st.subheader(_("现在与草稿"), anchor=False)
    else:
        st.subheader(_("内容"), anchor=False)
    columns = {_("项目"): [words(FIELDS[field]) for field in after]}
    if line.is_waiting:
        columns[_("现在")] = [formats.plain(was[field]) for field in after]
    columns[_("草稿") if line.is_waiting else _("内容")] = [
        _marked(text, is_other=line.is_waiting and text != was[field])
        for field, text in after.items()
    ]
    plain_table(columns)


def _marked(text: str, *, is_other: bool) -> str:
    return f"**{formats.plain(text)}**" if is_other else formats.plain(text)


# ---------------------------------------------------------------- the preview


def _draw_preview(visit: Visit, line: ChangeLine) -> None:
    st.subheader(_("对未决申请的影响（试算）"), anchor=False)
    with st.spinner(_("正在试算…")), session() as current:
        preview = preview_of(current, visit.actor, line, visit.today)
    st.markdown(formats.plain(words(preview_words(line, preview))))
    if not preview.effects:
        return
    shown = preview.effects[:SHOWN_EFFECTS]
    plain_table(
        {
            _("申请"): [_claim(effect) for effect in shown],
            _("企业"): [formats.plain(effect.enterprise) for effect in shown],
            _("服务机构"): [formats.plain(effect.agency) for effect in shown],
            _("应补金额（元）"): [_amounts(effect) for effect in shown],
            _("判定变化"): [_flips(effect) for effect in shown],
        },
    )
    if len(preview.effects) > len(shown):
        rest = len(preview.effects) - len(shown)
        said = _("只列最早的 {shown} 件，其余 {rest} 件同样有变化。")
        st.markdown(formats.small_grey(said.format(shown=len(shown), rest=rest)))


def preview_words(line: ChangeLine, preview: Preview) -> Wording:
    """What confirming would come to, in a sentence."""
    if not preview.concerned:
        if line.kind is ChangeKind.service_terms:
            return say("只适用于生效日期起签订的协议，没有未决申请受影响")
        return say("没有未决申请受影响")
    if preview.computed < preview.concerned:
        return say(
            "可能涉及未决申请 {concerned} 件，试算了最早的 {computed} 件："
            "{changed} 件有变化，应补合计 {before} → {after} 元",
            concerned=preview.concerned, computed=preview.computed, **_totals(preview),
        )  # fmt: skip
    return say(
        "涉及未决申请 {concerned} 件：{changed} 件有变化，应补合计 {before} → {after} 元",
        concerned=preview.concerned, **_totals(preview),
    )  # fmt: skip


def _totals(preview: Preview) -> dict[str, str | int]:
    return {
        "changed": len(preview.effects),
        "before": formats.yuan_in_list(preview.before_fen),
        "after": formats.yuan_in_list(preview.after_fen),
    }


def _claim(effect: ClaimEffect) -> str:
    return f"[{formats.plain(effect.number)}](/claim?no={effect.number})"


def _amounts(effect: ClaimEffect) -> str:
    before = formats.yuan_in_list(effect.entitled_before_fen)
    after = formats.yuan_in_list(effect.entitled_after_fen)
    return before if before == after else f"{before} → **{after}**"


def _flips(effect: ClaimEffect) -> str:
    return (
        _("；").join(
            f"{code} {words(VERDICT_NAMES[was])} → {words(VERDICT_NAMES[now])}"
            for code, (was, now) in effect.flips.items()
        )
        or formats.NOTHING
    )


# ---------------------------------------------------------------- the decision


def _draw_decision(card: ChangeCard) -> None:
    if card.may_withdraw:
        _draw_withdrawal(card)
    elif card.may_decide:
        _draw_confirmation(card.line)


def _draw_confirmation(line: ChangeLine) -> None:
    """The second person: confirm, or turn down with a reason."""
    said = _("请先核对依据和试算结果。确认后自 {on} 起生效，已生效的版本不能改动。")
    consequence = formats.small_grey(said.format(on=formats.day(line.valid_from)))
    st.markdown(f"**{_('由您确认')}**  \n{consequence}")
    st.button(
        _("确认这项调整"), key="confirm_change", type="primary", width="stretch",
        on_click=_confirm, args=(line.id, line.valid_from),
    )  # fmt: skip
    _reason_field(_("不予采用的理由"), _("例如：依据的条款不符"))
    st.button(
        _("不予采用这项调整"), key="turn_down_change", width="stretch", on_click=_with_reason,
        args=(turn_down_change, line.id, say("调整 {number} 未采用，理由已记录", number=line.id)),
    )  # fmt: skip


def _draw_withdrawal(card: ChangeCard) -> None:
    """Who drafted it: another confirms; taking it back needs a reason."""
    barred = (
        words(card.barred) if card.barred else _("由联盟负责人确认；起草人不能确认自己的草稿。")
    )
    st.markdown(f"**{_('待另一人确认')}**  \n{formats.small_grey(barred)}")
    _reason_field(_("撤回的理由"), _("例如：金额写错"))
    number = card.line.id
    st.button(
        _("撤回我的草稿"), key="withdraw_change", width="stretch", on_click=_with_reason,
        args=(withdraw_change, number, say("已撤回调整 {number}", number=number)),
    )  # fmt: skip


def _reason_field(title: str, example: str) -> None:
    st.text_input(
        title, key=_REASON, max_chars=LONGEST_REASON, placeholder=example, on_change="ignore"
    )


def _with_reason(action: Callable[..., None], number: int, done: Wording) -> None:
    attempt(action, number, str(st.session_state.get(_REASON) or ""), done=done)


def _confirm(number: int, valid_from: object) -> None:
    """What is decided is decided before the card is read anew: whoever comes second is told."""
    done = say("已确认调整 {number}，{on} 起生效", number=number, on=str(valid_from))
    if attempt(confirm_change, number, done=done).is_done:
        st.session_state[_CONFIRMED] = number


def _judge_after_confirming(line: ChangeLine) -> None:
    """The claims it concerns show in the queue what they come to now; left half-way, the day's
    steps go on."""
    if st.session_state.get(_CONFIRMED) != line.id:
        return
    with st.spinner(_("正在重新判定未决申请…")):
        judged = judge_changed()
    del st.session_state[_CONFIRMED]
    if judged:
        said = _("已重新判定未决申请 {count} 件。").format(count=formats.count(judged))
        st.markdown(formats.small_grey(said))
