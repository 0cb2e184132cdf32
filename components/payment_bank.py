"""Reconciling (对账): the bank's list brought in, dry run first; what was found in the ledger and
what was not; payments no list has shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, found, keep
from components.exchange_problems import draw_problems
from components.figures import draw_figures
from components.filters import segments
from components.language import _, words
from components.payment_orders import draw_refused
from components.shell import Visit
from components.tables import (
    Colour,
    Column,
    chips,
    day,
    download,
    draw_list,
    instant,
    label,
    money,
    number,
    page_asked,
    text,
)
from models.actions.bank_lists import (
    ListPlan,
    fail_by_list,
    import_bank_list,
    pay_by_list,
    plan_bank_list,
    reconcile_again,
)
from models.actions.imports import Upload
from models.actions.payment_orders import MoneyResult
from models.queries.bank_lists import (
    BankRowShown,
    bank_rows,
    imported_lists,
    unseen_payments,
    verdict_counts,
)
from models.queries.paging import Page, everything
from models.queries.visibility import refuse_without
from models.rules.reconciling import VERDICT_NAMES, Verdict
from models.rules.roles import Actor, Permission
from models.rules.wording import say

ROWS = 9
LARGEST_LIST_MB = 20
_TURN, _PAID = "bank_list_turn", "bank_list_paid"


class Shown(StrEnum):
    """What is shown below the upload."""

    open = "open"
    matched = "matched"
    unseen = "unseen"
    lists = "lists"


# fmt: off
COLOURS: Mapping[Verdict, Colour] = {
    Verdict.matched:       "green",
    Verdict.not_entered:   "orange",
    Verdict.other_amount:  "red",
    Verdict.other_account: "red",
    Verdict.other_name:    "red",
    Verdict.doubled:       "red",
    Verdict.came_back:     "orange",
    Verdict.unknown:       "red",
}
# fmt: on


def draw_import(visit: Visit) -> None:
    """The upload with its dry run, for finance."""
    if not visit.may(Permission.pay):
        return
    turn = st.session_state.get(_TURN, 0)
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        file = st.file_uploader(
            _("选择或拖入银行清单（.xlsx 或 .csv：日期、户名、账号、金额、凭证号、摘要）"),
            type=["xlsx", "csv"],
            key=f"bank_list_{turn}",
            max_upload_size=LARGEST_LIST_MB,
        )
    upload = Upload(file.name, file.getvalue()) if file else None
    plan = found(plan_bank_list, visit.actor, upload) if upload else None
    with right:
        if upload is None:
            st.markdown(
                formats.small_grey(
                    _("先试运行：逐格检查并与台账核对，不写入任何数据；没有错误才能导入。")
                )
            )
        elif plan is not None:
            _draw_plan(upload, plan)
    if plan is not None and plan.read.problems:
        draw_problems(plan.read.problems, _refuse_others)


def _refuse_others(actor: Actor) -> None:
    refuse_without(actor, Permission.pay)


def _draw_plan(upload: Upload, plan: ListPlan) -> None:
    """What importing would come to."""
    draw_figures(
        (_("核对结果"), _("行数")),
        [
            (words(VERDICT_NAMES[verdict]), formats.count(plan.count(verdict)))
            for verdict in Verdict
            if plan.count(verdict)
        ],
    )
    if plan.read.errors:
        said = _("{count} 处错误").format(count=formats.count(plan.read.errors))
        st.markdown(f":red-badge[:material/close: {said}] {_('改正后重新上传。')}")
        return
    label_ = _("导入 {count} 行并对账").format(count=formats.count(len(plan.read.lines)))
    if st.button(label_, key="import_bank_list", type="primary", disabled=not plan.read.lines):
        outcome = attempt(import_bank_list, upload, done=_imported_words)
        if outcome.is_done:
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
            keep(outcome)
            st.rerun()


def _imported_words(plan: ListPlan) -> Any:
    matched = plan.count(Verdict.matched)
    return say(
        "银行清单已导入：{matched} 行已对上，{open} 行未对上",
        matched=matched, open=len(plan.found) - matched,
    )  # fmt: skip


def draw_reconciling(visit: Visit, session: Any) -> None:
    """What was found and what was not.

    Args:
        visit: who looks.
        session: a reading transaction.
    """
    counts = verdict_counts(session, visit.actor)
    matched = counts[Verdict.matched]
    sizes = {Shown.open: sum(counts.values()) - matched, Shown.matched: matched}
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = segments(
            "show", Shown, _("对账结果"), called=lambda one: _shown_name(one, sizes),
            default=Shown.open,
        )  # fmt: skip
        st.space("stretch")
        if visit.may(Permission.pay):
            _draw_buttons(counts)
        if shown in sizes:
            download(_("对账结果"), _row_columns(), partial(_all_rows, shown))
    _draw_paid()
    _DRAWN[shown](visit, session)


def _draw_buttons(counts: Mapping[Verdict, int]) -> None:
    waiting, back = counts[Verdict.not_entered], counts[Verdict.came_back]
    if waiting:
        label_ = _("按清单登记 {count} 笔支付").format(count=formats.count(waiting))
        if st.button(label_, key="pay_by_list", type="primary"):
            _enter(pay_by_list, _paid_words)
    if back:
        label_ = _("按清单登记 {count} 笔支付失败").format(count=formats.count(back))
        kind: Any = "secondary" if waiting else "primary"
        if st.button(label_, key="fail_by_list", type=kind):
            _enter(fail_by_list, _failed_words)
    if sum(counts.values()) > counts[Verdict.matched] and st.button(
        _("再次对账"), key="reconcile_again"
    ):
        outcome = attempt(reconcile_again, done=lambda more: say("又对上 {count} 行", count=more))
        if outcome.is_done:
            keep(outcome)
            st.rerun()


def _enter(doing: Any, said: Any) -> None:
    """Enter row by row what the lists show; what was refused stays on screen with its reason."""
    outcome = attempt(doing, done=said)
    if outcome.is_done:
        st.session_state[_PAID] = outcome.result
        keep(outcome)
        st.rerun()


def _failed_words(results: tuple[MoneyResult, ...]) -> Any:
    done = sum(result.is_done for result in results)
    return say("已登记支付失败 {done} 笔，未办理 {left} 笔", done=done, left=len(results) - done)


def _paid_words(results: tuple[MoneyResult, ...]) -> Any:
    done = sum(result.is_done for result in results)
    return say("已登记支付 {done} 笔，未办理 {left} 笔", done=done, left=len(results) - done)


def _draw_paid() -> None:
    refused = [result for result in st.session_state.get(_PAID, ()) if not result.is_done]
    if refused:
        draw_refused(_("未办理 {count} 笔").format(count=len(refused)), refused)


def _draw_rows(visit: Visit, session: Any, verdict: Verdict | None) -> None:
    page = bank_rows(session, visit.actor, page_asked(size=ROWS), verdict)
    empty = (
        _("没有未对上的行。导入银行清单后，与台账不一致的行连同原因列在这里。")
        if verdict is None
        else _("还没有对上的行。导入银行清单后，与台账一致的行列在这里。")
    )
    draw_list(
        "bank_rows", _row_columns(), page, title=_("对账结果"), empty=empty,
        footer=_("最近导入的清单在前。点凭证号看对应的申请。"),
        row_id="number", opens=(None, "pay"),
    )  # fmt: skip


def _row_columns() -> list[Column]:
    names: dict[str, Colour] = {
        words(name): COLOURS[verdict] for verdict, name in VERDICT_NAMES.items()
    }
    return [
        text("voucher", _("凭证号"), 150),
        chips("verdict", _("核对"), 128, names, shown=_verdict_chip),
        day("paid_on", _("日期"), 92),
        text("payee_name", _("收款户名"), 172),
        text("payee_account", _("收款账号"), 156, on_phone=False),
        money("amount_fen", _("清单金额（元）"), 128),
        money("booked_fen", _("台账金额（元）"), 136, on_phone=False),
        text("number", _("申请号"), 104),
        text("order", _("拨付单"), 122, on_phone=False),
        text("summary", _("摘要|银行清单"), 130, on_phone=False),
    ]


def _draw_unseen(visit: Visit, session: Any) -> None:
    page = unseen_payments(session, visit.actor, page_asked(size=ROWS))
    draw_list(
        "unseen",
        [
            text("number", _("申请号"), 108),
            label("purpose", _("用途"), 90),
            text("payee_name", _("收款户名"), 240),
            money("amount_fen", _("金额（元）"), 116),
            day("paid_on", _("付款日期"), 104),
            text("voucher", _("凭证号"), 180),
        ],
        page,
        title=_("清单未见"),
        empty=_("已登记的支付都在银行清单中出现过。"),
        footer=_("付款最早的在前：台账登记为已付，导入的银行清单中还没有。"),
        row_id="number",
        opens=(None, "pay"),
    )


def _draw_lists(visit: Visit, session: Any) -> None:
    page = imported_lists(session, visit.actor, page_asked(size=ROWS))
    draw_list(
        "bank_lists",
        [
            text("file_name", _("文件"), 320),
            number("rows", _("行数"), 90),
            money("total_fen", _("合计（元）"), 130),
            number("matched", _("已对上"), 90),
            text("imported_by", _("导入人"), 140),
            instant("imported_at_utc", _("导入时间"), 150),
        ],
        page,
        title=_("已导入的清单"),
        empty=_("还没有导入银行清单。财政局在上方导入后出现在这里。"),
    )


def _verdict_chip(verdict: Verdict) -> list[str]:
    return [words(VERDICT_NAMES[verdict])]


def _shown_name(shown: Shown, sizes: Mapping[Shown, int]) -> str:
    names = {
        Shown.open: _("未对上"),
        Shown.matched: _("已对上"),
        Shown.unseen: _("清单未见"),
        Shown.lists: _("已导入的清单"),
    }
    return f"{names[shown]} {formats.count(sizes[shown])}" if shown in sizes else names[shown]


def _all_rows(shown: Shown, session: Any, actor: Actor) -> Page[BankRowShown]:
    verdict = Verdict.matched if shown is Shown.matched else None
    return bank_rows(session, actor, everything(), verdict)


_DRAWN: Mapping[Shown, Any] = {
    Shown.open: partial(_draw_rows, verdict=None),
    Shown.matched: partial(_draw_rows, verdict=Verdict.matched),
    Shown.unseen: _draw_unseen,
    Shown.lists: _draw_lists,
}
