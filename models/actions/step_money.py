"""The money of a step (金额): what the standards entitle to, what this office stands for, what is
committed or paid."""

from __future__ import annotations

from sqlmodel import Session

from models.actions import budget
from models.actions.course import Course
from models.actions.line_waits import note_waits, waits_of
from models.actions.lock_order import turn_to_pay
from models.queries.claim_facts import GatheredClaim
from models.queries.history import PastStep, last_arrival
from models.rules.claim_workflow import BEFORE_APPROVAL, Action, State
from models.rules.entitlement import Entitlement, Purpose, StandardKind
from models.rules.errors import AmountRefused, ReasonMissing
from models.rules.findings import money_of
from models.rules.money import yuan
from models.rules.payments import FAILURES
from models.rules.wording import say
from models.tables.claims import Claim, ClaimMoney

Monies = dict[Purpose, ClaimMoney]


def match_money(session: Session, claim: Claim, gathered: GatheredClaim, monies: Monies) -> None:
    """Bring the money rows to the standards in force, as long as nothing is committed on them.

    What an office stands for is never lowered here: that would be a decision nobody took. Where the
    standards now give less, F08 says so, and the office lowers it or returns the claim.
    """
    amounts, waited = money_of(gathered.facts), waits_of(monies.values())
    for purpose, given in ((Purpose.subsidy, amounts.subsidy), (Purpose.reward, amounts.reward)):
        money = monies.get(purpose)
        if money is not None and (money.committed_fen or money.paid_fen):
            continue
        if given is None:
            _without_standard(money)
        else:
            monies[purpose] = _with_standard(claim, gathered, purpose, given, money)
            session.add(monies[purpose])
    note_waits(session, waited, waits_of(monies.values()))


def set_amounts(course: Course, subsidy_fen: int | None, note: str) -> None:
    """What this office stands for: at most what is entitled and asked, and what the last office
    stood for.

    Raises:
        AmountRefused: nothing, or more than that, or an amount at a step that sets none.
        ReasonMissing: less than that without a note.
        TypeError: not whole fen; a fault of the program.
    """
    subsidy, reward = course.monies.get(Purpose.subsidy), course.monies.get(Purpose.reward)
    if not course.step.is_guarded:
        if subsidy_fen is not None:
            raise AmountRefused(say("这一步不核定金额"))
        return
    assert subsidy is not None, "a claim without a standard is barred by F07"
    most = _at_most(course.claim, subsidy)
    amount = most if subsidy_fen is None else subsidy_fen
    if type(amount) is not int:
        raise TypeError("money is whole fen")
    if not 0 < amount <= most:
        raise AmountRefused(
            say("金额 {amount} 元须大于 0 且不超过 {most} 元：不得高于核定上限、申请额和上一环节的金额",
                amount=yuan(amount), most=yuan(most))
        )  # fmt: skip
    if amount < most and not note:
        raise ReasonMissing(say("金额低于 {most} 元，须写明理由", most=yuan(most)))
    subsidy.approved_fen = amount
    if reward is not None and not reward.committed_fen:
        reward.approved_fen = reward.entitled_fen


def move_money(session: Session, course: Course, to: State) -> None:
    """Commit, release or pay with the step; forget amounts nobody stands for any more."""
    waited = waits_of(course.monies.values())
    _move_commitments(session, course, to)
    _move_amounts(course, to)
    is_granted = any(money.committed_fen or money.paid_fen for money in course.monies.values())
    for money in course.monies.values():
        if is_granted or to not in BEFORE_APPROVAL:
            money.pending_since_utc = money.pending_on = None
        elif money.pending_since_utc is None:
            money.pending_since_utc, money.pending_on = course.at_utc, course.at_utc.date()
        session.add(money)
    note_waits(session, waited, waits_of(course.monies.values()))


def approved_fen(course: Course, purpose: Purpose) -> int | None:
    """What the offices stand for after the step."""
    money = course.monies.get(purpose)
    return money.approved_fen if money else None


def _without_standard(money: ClaimMoney | None) -> None:
    if money is not None:
        money.entitled_fen = money.policy_rule_id = money.budget_line_id = None


def _with_standard(
    claim: Claim,
    gathered: GatheredClaim,
    purpose: Purpose,
    given: Entitlement,
    money: ClaimMoney | None,
) -> ClaimMoney:
    facts = gathered.facts
    standard = facts.subsidy if purpose is Purpose.subsidy else facts.reward
    assert claim.id is not None
    assert standard is not None
    if money is None:
        money = ClaimMoney(claim_id=claim.id, purpose=purpose, payee=standard.payee)
    money.payee = standard.payee
    money.asked_fen = claim.asked_fen if purpose is Purpose.subsidy else None
    money.policy_rule_id = gathered.policy_rule_ids[purpose]
    money.budget_line_id = gathered.budget_line_ids[purpose]
    entitled_fen = given.amount_fen
    if entitled_fen is None and standard.standard.kind is StandardKind.up_to:
        entitled_fen = given.at_most_fen
    if entitled_fen is None or entitled_fen >= (money.approved_fen or 0):
        money.entitled_fen = entitled_fen
    return money


def _at_most(claim: Claim, subsidy: ClaimMoney) -> int:
    ceilings = (subsidy.entitled_fen, claim.asked_fen, subsidy.approved_fen)
    return min(ceiling for ceiling in ceilings if ceiling is not None)


def _move_commitments(session: Session, course: Course, to: State) -> None:
    monies = course.monies
    match course.step.action:
        case Action.approve:
            budget.commit(session, course.claim, list(monies.values()))
        case Action.pay_agency:
            turn_to_pay(session)
            budget.pay(session, course.claim, monies[Purpose.subsidy])
        case Action.payment_failed | Action.reward_failed:
            budget.unpay(session, monies[FAILURES[course.step.action]])
        case Action.reward_enterprise:
            turn_to_pay(session)
            budget.pay(session, course.claim, monies[Purpose.reward])
        case _ if to not in _KEEPS_COMMITMENT:
            budget.release(session, course.claim, list(monies.values()))


_KEEPS_COMMITMENT = frozenset(
    {State.approved, State.on_hold, State.returned, State.agency_paid, State.closed}
)
"""While a claim is held, or the agency hands in one more paper, what was approved stays set
aside."""


def _move_amounts(course: Course, to: State) -> None:
    """Before the pre-review nobody stands for an amount; one office back it is what that office
    had before it."""
    if to is State.submitted or course.step.action is Action.return_pre_review:
        stood_for = None
    elif course.step.action is Action.return_office:
        stood_for = last_arrival(course.history, to)
    else:
        return
    for purpose, money in course.monies.items():
        money.approved_fen = _amount_of(stood_for, purpose)


def _amount_of(step: PastStep | None, purpose: Purpose) -> int | None:
    if step is None:
        return None
    return step.subsidy_fen if purpose is Purpose.subsidy else step.reward_fen
