"""One claim's payments (拨付卡片): each purpose's money with its ledger; paying, a failed payment, a
recovery by two persons."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import formats
from components.attempt import Outcome, attempt, keep, when_clicked
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.plain_table import plain_table
from components.shell import Visit
from models.actions.course import Seen
from models.actions.payment_orders import drop_from_order, fail_ordered
from models.actions.recoveries import confirm_recovery, discard_recovery, draft_recovery
from models.actions.screen_step import take_step_on_screen
from models.queries.payable import STEP_FOR
from models.queries.payment_card import EntryLine, OpenRecovery, PaymentCard, PurposeCard
from models.rules.entitlement import Purpose
from models.rules.money import fen_from_yuan
from models.rules.payments import (
    BANK_RETURNED,
    LONGEST_REASON,
    LONGEST_VOUCHER,
    PURPOSE_NAMES,
    EntryKind,
    Voucher,
)
from models.rules.roles import Permission
from models.rules.wording import say

PARAMETER = "pay"


def draw_payment(visit: Visit, card: PaymentCard | None) -> None:
    """The card, or that there is no such payment.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
    """
    if card is None:
        title_row(_("拨付"))
        back_button(PARAMETER)
        st.markdown(_("没有这件申请的拨付。请从清单中打开，或核对地址。"))
        return
    title_row(card.number, card.agency, f":gray-badge[{formats.label(card.state)}]")
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        address = f"/claim?no={card.number}"
        st.markdown(f":material/description: [{_('打开申请')}]({address})", width="content")
        st.space("stretch")
        record_link(visit, f"claim:{card.number}")
    for at, one in enumerate(card.purposes):
        if at:
            st.space("small")
        left, right = st.columns([0.66, 0.34], gap="medium")
        with left:
            _draw_purpose(card, one)
        with right:
            _draw_doing(visit, card, one)


def _draw_purpose(card: PaymentCard, one: PurposeCard) -> None:
    amount = formats.yuan(one.paid_fen or one.committed_fen)
    name = words(PURPOSE_NAMES[one.purpose])
    st.subheader(_("{purpose} {amount} 元").format(purpose=name, amount=amount), anchor=False)
    recovered = formats.yuan(one.ledger.recovered_fen) if one.ledger.recovered_fen else ""
    draw_facts(
        [
            Fact(_("收款户名"), formats.plain(one.payee_name), 1.3),
            Fact(_("开户行"), formats.plain(one.payee_bank), 1.1),
            Fact(_("收款账号"), formats.plain(one.payee_account), 1.1),
            Fact(_("预算科目"), formats.plain(one.line), 0.7),
            *([Fact(_("已追回（元）"), recovered, 0.7)] if recovered else []),
        ]
    )
    _draw_ledger(one)


def _draw_ledger(one: PurposeCard) -> None:
    if not one.entries:
        st.markdown(formats.small_grey(_("台账还没有记录。列入拨付单或登记支付后出现在这里。")))
        return
    with st.container(key=f"ledger_{one.purpose.value}"):
        plain_table(
            {
                _("台账"): [_kind(entry) for entry in one.entries],
                _("金额（元）"): [formats.yuan(entry.amount_fen) for entry in one.entries],
                _("付款日期"): [formats.day(entry.paid_on) for entry in one.entries],
                _("凭证号"): [formats.plain(entry.voucher) for entry in one.entries],
                _("拨付单、原因"): [_beside(entry) for entry in one.entries],
                _("登记人"): [_writer(entry) for entry in one.entries],
            },
        )


_MARKS = {
    EntryKind.paid: ":green[:material/check:] ",
    EntryKind.failed: ":material/close: ",
    EntryKind.returned: ":material/undo: ",
    EntryKind.recovered: ":material/undo: ",
}


def _kind(entry: EntryLine) -> str:
    said = f"{_MARKS.get(entry.kind, '')}{formats.label(entry.kind)}"
    return f"{said} {formats.small_grey(_('已对账'))}" if entry.is_reconciled else said


def _beside(entry: EntryLine) -> str:
    return formats.plain(_("；").join(part for part in (entry.order, entry.reason) if part))


def _writer(entry: EntryLine) -> str:
    people = " / ".join(name for name in (entry.entered_by, entry.confirmed_by) if name)
    at = formats.small_grey(formats.instant(entry.entered_at_utc))
    return f"{formats.plain(people)}  \n{at}"


# ---------------------------------------------------------------- what can be done


def _draw_doing(visit: Visit, card: PaymentCard, one: PurposeCard) -> None:
    """What this person can do with the money now; else where it stands."""
    if one.recovery is not None:
        _draw_recovery(visit, one.recovery)
        return
    if not visit.may(Permission.pay):
        if one.why_not is not None:
            st.markdown(formats.small_grey(formats.plain(words(one.why_not))))
        return
    if one.ledger.paid is None:
        _draw_paying(visit, card, one)
    else:
        _draw_after_payment(card, one)


def _draw_paying(visit: Visit, card: PaymentCard, one: PurposeCard) -> None:
    if one.is_account_as_failed:
        st.markdown(_correct_account(visit, card, one))
    if one.why_not is not None:
        st.markdown(f":material/schedule: {formats.plain(words(one.why_not))}")
        _draw_leaving_order(card, one)
        return
    key = f"{card.number}_{card.version}_{one.purpose.value}"
    with st.container(border=True, key=f"paying_{one.purpose.value}"):
        voucher, on = voucher_fields(key, visit.today)
        note = ""
        if card.needs_note:
            note = st.text_input(_("说明（有待查证，必填）"), key=f"note_{key}", max_chars=2000)
        label = _("登记补贴已付") if one.purpose is Purpose.subsidy else _("登记奖励已付")
        if st.button(label, key=f"pay_{one.purpose.value}", type="primary", width="stretch"):
            _pay(card, one, Voucher(voucher, on), note)
    _draw_leaving_order(card, one)


def _correct_account(visit: Visit, card: PaymentCard, one: PurposeCard) -> str:
    """Where an account is put right before the money is paid again."""
    mark = f":orange-badge[:material/warning: {_('账号与上次相同')}]"
    if one.purpose is Purpose.subsidy:
        said = _("先核对收款账号；有误的，在申请页请机构补正。")
        return f"{mark} {said}"
    said = _("先向企业核对收款账号；有误的，由联盟在会员名录中改正。")
    if visit.may(Permission.see_members):
        return f"{mark} {said} [{_('打开会员')}](/members?uscc={card.enterprise_uscc})"
    return f"{mark} {said}"


def voucher_fields(key: str, today: date, title: str = "") -> tuple[str, date]:
    """The bank's voucher and the day it paid.

    Args:
        key: of the fields.
        today: the office's day; the bank has paid nothing after it.
        title: what the number is called.
    """
    left, right = st.columns(2)
    number = left.text_input(
        title or _("凭证号"), key=f"voucher_{key}", max_chars=LONGEST_VOUCHER, live=True
    )
    on = right.date_input(
        _("付款日期"), today, key=f"paid_on_{key}", format="YYYY-MM-DD", max_value=today
    )
    return number or "", on


def _pay(card: PaymentCard, one: PurposeCard, voucher: Voucher, note: str) -> None:
    outcome = attempt(
        take_step_on_screen, card.number, STEP_FOR[one.purpose], _seen(card),
        voucher=voucher, note=note,
        done=say("{number} 已登记{purpose}支付", number=card.number,
                 purpose=PURPOSE_NAMES[one.purpose]),
    )  # fmt: skip
    _start_again(outcome)


def _seen(card: PaymentCard) -> Seen:
    return Seen(card.version, card.digest, {code: v.value for code, v in card.verdicts.items()})


def _draw_leaving_order(card: PaymentCard, one: PurposeCard) -> None:
    if one.ledger.last is not EntryKind.ordered:
        return
    with st.expander(_("撤出拨付单，或银行未付成")):
        key = f"{card.number}_{one.purpose.value}"
        reason = st.text_input(_("原因"), key=f"drop_why_{key}", max_chars=LONGEST_REASON) or ""
        if st.button(_("撤出拨付单，稍后重新列入"), key=f"drop_{one.purpose.value}"):
            done = say("{number} 已撤出拨付单", number=card.number)
            _start_again(attempt(drop_from_order, card.number, one.purpose, reason, done=done))
        if st.button(_("登记银行支付失败，待重付"), key=f"fail_ordered_{one.purpose.value}"):
            done = say("{number} 已登记支付失败，可重新拨付", number=card.number)
            _start_again(attempt(fail_ordered, card.number, one.purpose, reason, done=done))


def _draw_after_payment(card: PaymentCard, one: PurposeCard) -> None:
    """A payment that failed or came back; a recovery at any time."""
    key = f"{card.number}_{card.version}_{one.purpose.value}"
    if one.fails_by is not None and one.ledger.last is EntryKind.paid:
        with st.expander(_("支付失败或退汇")):
            why = st.text_input(_("银行给出的原因"), key=f"failed_why_{key}", max_chars=300)
            if one.purpose is Purpose.reward:
                st.markdown(
                    formats.small_grey(_("申请回到“补贴已付”，奖励重新待发；补贴不受影响。"))
                )
            if st.button(_("登记支付失败，退回待拨付"), key=one.fails_by.value):
                _start_again(
                    attempt(
                        take_step_on_screen, card.number, one.fails_by, _seen(card),
                        reasons=(BANK_RETURNED,), note=why or "",
                        done=say("{number} 已登记支付失败，可重新拨付", number=card.number),
                    )
                )  # fmt: skip
    if one.ledger.kept_fen > 0:
        _draw_recovering(card, one, key)


def _draw_recovering(card: PaymentCard, one: PurposeCard, key: str) -> None:
    with st.expander(_("追回（两人办理）")):
        st.markdown(formats.small_grey(_("一人起草，另一人确认；追回的款项缴回财政，不增加额度。")))
        most = one.ledger.kept_fen / 100
        amount = st.number_input(
            _("追回金额（元）"), min_value=0.01, max_value=most, value=most, step=100.0,
            format="%.2f", key=f"recover_{key}",
        )  # fmt: skip
        reason = st.text_input(_("追回原因"), key=f"recover_why_{key}", max_chars=LONGEST_REASON)
        if st.button(_("起草追回"), key=f"draft_recovery_{one.purpose.value}"):
            outcome = attempt(
                draft_recovery, card.number, one.purpose, fen_from_yuan(f"{amount:.2f}"),
                reason or "", done=say("已起草追回，待另一人确认"),
            )  # fmt: skip
            _start_again(outcome)


def _draw_recovery(visit: Visit, one: OpenRecovery) -> None:
    """A recovery that waits for its second person."""
    with st.container(border=True, key=f"recovery_{one.id}"):
        amount = formats.yuan(one.amount_fen)
        st.markdown(
            f":orange-badge[:material/warning: {_('追回待确认')}] "
            f"{_('{amount} 元').format(amount=amount)}"
        )
        at = formats.instant(one.drafted_at_utc)
        st.markdown(formats.plain(one.reason))
        st.markdown(formats.small_grey(f"{formats.plain(one.drafted_by)} {at}"))
        if not visit.may(Permission.confirm_money):
            return
        with st.container(horizontal=True):
            if one.drafted_by_id != visit.actor.account_id:
                st.button(
                    _("确认追回"), key="confirm_recovery", type="primary",
                    on_click=when_clicked(confirm_recovery, one.id, done=say("追回已确认")),
                )  # fmt: skip
            st.button(
                _("撤回追回"), key="discard_recovery",
                on_click=when_clicked(discard_recovery, one.id, done=say("追回已撤回")),
            )  # fmt: skip
        if one.drafted_by_id == visit.actor.account_id:
            st.markdown(formats.small_grey(_("您起草的追回须由另一人确认。")))


def _start_again(outcome: Outcome) -> None:
    if outcome.is_done:
        keep(outcome)
        st.rerun()
