"""Drafts of standards and budget lines: who drafted what, and the second person's buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import streamlit as st

from components import formats
from components.attempt import attempt
from components.language import _
from components.tables import Column, chosen, day, draw_list, money, text
from models.actions.daily import judge_changed
from models.actions.imports_confirming import confirm_drafts, discard_drafts
from models.queries.imports_drafts import DraftWaiting
from models.queries.paging import Count, Page
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.wording import Wording, say

Keys: TypeAlias = tuple[tuple[str, int], ...]


def draw_drafts(drafts: Sequence[DraftWaiting], *, may_act: bool) -> None:
    """The drafts, and for who may act tick boxes with the buttons for what is ticked; one sentence
    where there are none.
    """
    st.subheader(_("待第二人确认 {count}").format(count=len(drafts)), anchor=False)
    page = Page(tuple(drafts), 1, 1, Count(len(drafts)))
    ticked = draw_list(
        "drafts", _columns(), page,
        title=_("待第二人确认的草稿"),
        empty=_("没有待确认的草稿。导入的补贴标准和预算额度先成为草稿，由另一位负责人确认后生效。"),
        footer=_("起草人不能确认自己的草稿。勾选后确认或撤回。") if may_act else "",
        is_selectable=may_act,
    )  # fmt: skip
    selected = tuple(draft for draft in drafts if draft.id in ticked)
    if drafts and may_act:
        _draw_buttons(selected)


def _draw_buttons(selected: Sequence[DraftWaiting]) -> None:
    keys = tuple((draft.kind, draft.record_id) for draft in selected)
    may_confirm = bool(selected) and all(draft.may_confirm for draft in selected)
    with st.container(horizontal=True):
        st.button(
            _("确认 {count} 份草稿").format(count=len(selected)),
            key="confirm_drafts",
            disabled=not may_confirm,
            help=None if may_confirm else _("勾选由他人起草的草稿；确认由联盟负责人办理"),
            on_click=_run,
            args=(confirm_drafts, keys, _confirmed),
        )
        st.button(
            _("撤回 {count} 份草稿").format(count=len(selected)),
            key="discard_drafts",
            type="tertiary",
            disabled=not selected,
            on_click=_run,
            args=(discard_drafts, keys, _discarded),
        )


def _run(action: Callable[..., int], keys: Keys, done: Callable[[int], Wording]) -> None:
    if attempt(action, keys, done=done).is_done and action is confirm_drafts:
        judge_changed()


def _confirmed(count: int) -> Wording:
    return say("{count} 份草稿已生效", count=count)


def _discarded(count: int) -> Wording:
    return say("{count} 份草稿已撤回", count=count)


def _columns() -> tuple[Column, ...]:
    return (
        chosen("kind", _("草稿"), 90, {"policy_rule": _("补贴标准"), "budget_line": _("预算额度")}),
        text("service", _("服务"), 190),
        chosen("purpose", _("用途"), 70, _purposes()),
        chosen("payee", _("收款方"), 90, _payees()),
        chosen("standard", _("方式"), 100, _kinds()),
        money("amount_fen", _("金额（元）"), 120),
        text("budget", _("科目"), 120),
        text("source", _("文件和条款"), 220),
        day("valid_from", _("生效日期")),
        text("drafted_by", _("起草人"), 140),
    )


def _purposes() -> dict[str, str]:
    nothing = {"": formats.NOTHING}
    return nothing | {Purpose.subsidy: _("补贴"), Purpose.reward: _("奖励")}


def _payees() -> dict[str, str]:
    return {Payee.agency: _("服务机构"), Payee.alliance: _("联盟"), Payee.enterprise: _("企业")}


def _kinds() -> dict[str, str]:
    return {
        StandardKind.flat: _("定额"),
        StandardKind.up_to: _("最高"),
        StandardKind.per_unit: _("按数量"),
        StandardKind.percent: _("按比例"),
        StandardKind.match_ratio: _("配套"),
        StandardKind.not_printed: _("未公布金额"),
    }
