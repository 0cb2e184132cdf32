"""The ledger of payments (拨付台账): what may follow what, and what stands of a purpose's money.

An entry is never changed: what was wrong is answered by a further entry. The reward follows the
subsidy, never before (三段模式, 五.3): its payment names the subsidy's, which must stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import PaymentRefused, TextRefused
from models.rules.half_width import half_width
from models.rules.money import yuan
from models.rules.wording import Wording, say

LONGEST_VOUCHER = 40
LONGEST_REASON = 300
MOST_ROWS = 300
"""Rows of one payment order."""
BANK_RETURNED = "R12"
"""The coded reason of a payment that the bank did not make, or sent back."""
FAILURES = {Action.payment_failed: Purpose.subsidy, Action.reward_failed: Purpose.reward}
"""The steps that take a payment back, and whose."""
FAILURE_OF = {purpose: action for action, purpose in FAILURES.items()}


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    ordered = "ordered"  # 列入拨付单
    dropped = "dropped"  # 撤出拨付单
    paid = "paid"  # 已支付
    failed = "failed"  # 支付失败, nothing left the account
    returned = "returned"  # 退汇, it left and came back
    recovered = "recovered"  # 追回, negative, two persons


ENTRY_NAMES = {
    EntryKind.ordered: say("列入拨付单"),
    EntryKind.dropped: say("撤出拨付单"),
    EntryKind.paid: say("已支付"),
    EntryKind.failed: say("支付失败"),
    EntryKind.returned: say("退汇"),
    EntryKind.recovered: say("追回"),
}


class Standing(StrEnum):
    """Where a purpose's money stands (拨付状态), as the list says it."""

    due = "due"  # 待拨付
    ordered = "ordered"  # 拨付单中
    failed = "failed"  # 支付失败，待重付
    returned = "returned"  # 退汇，待重付
    held = "held"  # 暂缓发放
    not_yet = "not_yet"  # 补贴支付后发放
    paid = "paid"  # 已支付
    reconciled = "reconciled"  # 已对账
    recovered = "recovered"  # 有追回


STANDING_NAMES = {
    Standing.due: say("待拨付"),
    Standing.ordered: say("拨付单中"),
    Standing.failed: say("支付失败，待重付"),
    Standing.returned: say("退汇，待重付"),
    Standing.held: say("暂缓发放"),
    Standing.not_yet: say("补贴支付后发放"),
    Standing.paid: say("已支付"),
    Standing.reconciled: say("已对账"),
    Standing.recovered: say("有追回"),
}

PURPOSE_NAMES = {Purpose.subsidy: say("补贴|用途"), Purpose.reward: say("企业奖励")}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the ledger's table.

    Attributes:
        kind: the entry.
        after: the entries it may follow; `None` is an empty ledger.
        needs_reason: it says why.
        needs_two: one person drafts it, another confirms it.
    """

    kind: EntryKind
    after: tuple[EntryKind | None, ...]
    needs_reason: bool = False
    needs_two: bool = False


_K = EntryKind
_UNPAID = (None, _K.dropped, _K.failed, _K.returned)
# fmt: off
MOVES: tuple[Move, ...] = (
    Move(_K.ordered,   _UNPAID),
    Move(_K.dropped,   (_K.ordered,),              needs_reason=True),
    Move(_K.paid,      (*_UNPAID, _K.ordered)),
    Move(_K.failed,    (_K.paid, _K.ordered),      needs_reason=True),
    Move(_K.returned,  (_K.paid,),                 needs_reason=True),
    Move(_K.recovered, (_K.paid, _K.recovered),    needs_reason=True, needs_two=True),
)
# fmt: on
MOVE_OF: dict[EntryKind, Move] = {move.kind: move for move in MOVES}


@dataclass(frozen=True, slots=True)
class Voucher:
    """What the bank says of a payment (凭证): its number, and the day on which it paid."""

    number: str
    on: date


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as the rules see it; amount in fen, negative for what was recovered."""

    id: int
    kind: EntryKind
    amount_fen: int
    paid_on: date | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the entries of one purpose's money come to.

    Attributes:
        last: the last entry's kind.
        paid: the payment that stands, recovered or not; `None` where none does.
        recovered_fen: how much of it was recovered.
        order_id: the payment order the money waits in.
    """

    last: EntryKind | None = None
    paid: EntryFacts | None = None
    recovered_fen: int = 0
    order_id: int | None = None

    @property
    def kept_fen(self) -> int:
        """What the payee has and keeps."""
        return self.paid.amount_fen - self.recovered_fen if self.paid else 0


def ledger_of(entries: Sequence[EntryFacts]) -> Ledger:
    """What entries come to, in their order."""
    now = Ledger()
    for entry in entries:
        match entry.kind:
            case EntryKind.ordered:
                now = Ledger(entry.kind, order_id=entry.order_id)
            case EntryKind.paid:
                now = Ledger(entry.kind, paid=entry)
            case EntryKind.recovered:
                now = Ledger(entry.kind, now.paid, now.recovered_fen - entry.amount_fen)
            case _:
                now = Ledger(entry.kind)
    return now


def entry_fault(last: EntryKind | None, kind: EntryKind) -> Wording | None:
    """Why an entry cannot follow another; `None` if it can."""
    if last in MOVE_OF[kind].after:
        return None
    if last is None:
        return say("这笔款没有支付登记，不能登记“{kind}”", kind=ENTRY_NAMES[kind])
    return say(
        "这笔款的台账现为“{last}”，不能再登记“{kind}”",
        last=ENTRY_NAMES[last],
        kind=ENTRY_NAMES[kind],
    )


def reward_fault(subsidy: Ledger, reward_on: date, *, is_being_recovered: bool) -> Wording | None:
    """Why a reward cannot be paid yet; `None` where the subsidy before it stands.

    Args:
        subsidy: what the subsidy's entries come to.
        reward_on: the day the bank pays the reward.
        is_being_recovered: a recovery of the subsidy is drafted and waits for its second person.

    Source: `dalian-hightech` 五.3: the subsidy to the agency, then the reward to the enterprise.
    """
    paid = subsidy.paid
    if paid is None:
        return say("补贴没有支付登记，不能发放奖励：先补贴、后奖励")
    if is_being_recovered:
        return say("补贴正在追回，确认或撤回追回之前不能发放奖励")
    if subsidy.kept_fen <= 0:
        return say("补贴已全额追回，不能发放奖励")
    if paid.paid_on is not None and reward_on < paid.paid_on:
        return say(
            "奖励付款日期 {on} 早于补贴付款日期 {subsidy_on}", on=reward_on, subsidy_on=paid.paid_on
        )
    return None


def recovery_fault(ledger: Ledger, amount_fen: int) -> Wording | None:
    """Why an amount cannot be recovered; `None` if it can."""
    if ledger.paid is None:
        return entry_fault(ledger.last, EntryKind.recovered)
    if not 0 < amount_fen <= ledger.kept_fen:
        return say("追回金额须大于 0 且不超过尚未追回的 {most} 元", most=yuan(ledger.kept_fen))
    return None


def standing_of(
    state: State, purpose: Purpose, last: EntryKind | None, *, is_paid: bool, is_reconciled: bool
) -> Standing:
    """Where a purpose's money stands.

    Args:
        state: of its claim.
        purpose: subsidy or reward.
        last: the last entry of its ledger; `None` for an empty one.
        is_paid: a payment stands.
        is_reconciled: a line of the bank's list was found to be that payment.
    """
    if is_paid:
        if last is EntryKind.recovered:
            return Standing.recovered
        return Standing.reconciled if is_reconciled else Standing.paid
    if state is State.on_hold:
        return Standing.held
    if purpose is Purpose.reward and state is not State.agency_paid:
        return Standing.not_yet
    waiting = {_K.ordered: Standing.ordered, _K.failed: Standing.failed}
    return (waiting | {_K.returned: Standing.returned}).get(last, Standing.due)  # type: ignore[arg-type]


def plain_voucher(written: str) -> str:
    """A voucher's number in one spelling, so that the same voucher is found however it was typed.

    Raises:
        PaymentRefused: nothing, or signs no voucher has.
        TextRefused: longer than the ledger keeps.
    """
    number = "".join(half_width(written).split()).upper()
    if not number:
        raise PaymentRefused(say("请填写凭证号"))
    if len(number) > LONGEST_VOUCHER:
        raise TextRefused(longest=LONGEST_VOUCHER, length=len(number))
    if not number.isprintable():
        raise PaymentRefused(say("凭证号含有不可见的字符，请重新输入"))
    return number


def voucher_fault(voucher: Voucher, today: date, approved_on: date | None) -> Wording | None:
    """Why a voucher's day cannot be; `None` if it can.

    Args:
        voucher: as the bank gives it.
        today: the office's day.
        approved_on: the day of the approval.
    """
    if voucher.on > today:
        return say("付款日期 {on} 还没有到，请填今天或以前", on=voucher.on)
    if approved_on is not None and voucher.on < approved_on:
        return say("付款日期 {on} 早于审批通过日期 {approved}", on=voucher.on, approved=approved_on)
    return None
