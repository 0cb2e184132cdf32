"""The budget guard (预算额度): subsidy and the reward it triggers are committed together, or not at
all.

`commit` runs one conditional UPDATE per line and per cap counter; zero rows changed means there was
no room, also when two approvals come at the same moment. Source: `dalian-hightech` 五.3 效果一 (the
total stays unchanged).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.clock import today
from models.rules.entitlement import Payee
from models.rules.errors import BudgetExhausted
from models.rules.money import yuan
from models.rules.wording import say
from models.tables.claims import Claim, ClaimMoney
from models.tables.money import BudgetLine, CapCounter, CapParty, PolicyRule


def commit(session: Session, claim: Claim, monies: Sequence[ClaimMoney]) -> None:
    """Commit a claim's approved amounts on their lines and caps.

    Raises:
        BudgetExhausted: a line or a cap has no room for all of it; the transaction must be given
            up.
    """
    for money in monies:
        money.committed_fen = money.approved_fen or 0
        session.add(money)
    for line, amount_fen in _by_line(monies):
        _commit_line(session, line, amount_fen)
    for key, cap_fen, amount_fen in _counted(session, claim, monies, today().year):
        _commit_cap(session, key, cap_fen, amount_fen)


def release(session: Session, claim: Claim, monies: Sequence[ClaimMoney]) -> None:
    """Give back what is committed and not paid: after a return or a refusal."""
    committed = [money for money in monies if money.committed_fen]
    for line, amount_fen in _by_line(committed):
        _shift(session, line, committed_fen=-amount_fen)
    for key, _, amount_fen in _counted(session, claim, committed, _year_of(session, committed)):
        _uncount(session, key, amount_fen)
    for money in committed:
        money.committed_fen = 0
        session.add(money)


def pay(session: Session, claim: Claim, money: ClaimMoney) -> None:
    """Turn a commitment into a payment; what is paid less than was committed is given back at
    once."""
    assert money.budget_line_id is not None
    assert money.approved_fen is not None
    paid_fen, spare_fen = money.approved_fen, money.committed_fen - money.approved_fen
    _shift(session, money.budget_line_id, committed_fen=-money.committed_fen, paid_fen=paid_fen)
    if spare_fen:
        for key, *_ in _counted(session, claim, [money], _year_of(session, [money])):
            _uncount(session, key, spare_fen)
    money.paid_fen, money.committed_fen = paid_fen, 0
    session.add(money)


def unpay(session: Session, money: ClaimMoney) -> None:
    """A payment failed: it is a commitment again."""
    assert money.budget_line_id is not None
    amount_fen = money.paid_fen
    _shift(session, money.budget_line_id, committed_fen=amount_fen, paid_fen=-amount_fen)
    money.paid_fen, money.committed_fen = 0, amount_fen
    session.add(money)


# ---------------------------------------------------------------- lines


def _by_line(monies: Iterable[ClaimMoney]) -> list[tuple[int, int]]:
    """What is committed per line, in one order for everybody, so that no two writers wait in a
    ring."""
    needed: dict[int, int] = defaultdict(int)
    for money in monies:
        if money.committed_fen and money.budget_line_id is None:
            raise BudgetExhausted(say("本年度没有可用的预算额度，不能审批"))
        if money.committed_fen and money.budget_line_id is not None:
            needed[money.budget_line_id] += money.committed_fen
    return sorted(needed.items())


def _commit_line(session: Session, line: int, amount_fen: int) -> None:
    used = col(BudgetLine.committed_fen) + col(BudgetLine.paid_fen)
    statement = (
        update(BudgetLine)
        .where(col(BudgetLine.id) == line, used + amount_fen <= col(BudgetLine.ceiling_fen))
        .values(committed_fen=col(BudgetLine.committed_fen) + amount_fen)
    )
    if not _changed(session, statement):
        columns = select(BudgetLine.code, (col(BudgetLine.ceiling_fen) - used).label("room_fen"))
        row = session.execute(columns.where(col(BudgetLine.id) == line)).one()
        raise BudgetExhausted(
            say("预算科目 {code} 余额 {room} 元，不足以同时容纳补贴和奖励 {needed} 元",
                code=row.code, room=yuan(row.room_fen), needed=yuan(amount_fen))
        )  # fmt: skip


def _shift(session: Session, line: int, *, committed_fen: int = 0, paid_fen: int = 0) -> None:
    statement = (
        update(BudgetLine)
        .where(col(BudgetLine.id) == line)
        .values(
            committed_fen=col(BudgetLine.committed_fen) + committed_fen,
            paid_fen=col(BudgetLine.paid_fen) + paid_fen,
        )
    )
    session.execute(statement, execution_options=_UNSEEN)


def _year_of(session: Session, monies: Sequence[ClaimMoney]) -> int:
    """The year whose line and counters hold the commitment: that of the approval."""
    if not monies:
        return today().year
    year = select(BudgetLine.year).where(col(BudgetLine.id) == monies[0].budget_line_id)
    return session.execute(year).scalar_one()


# ---------------------------------------------------------------- caps

_CapKey = dict[str, Any]
_UNSEEN = {"synchronize_session": False}
"""Lines and counters are never held as objects here; there is nothing to keep in step."""


def _counted(
    session: Session, claim: Claim, monies: Iterable[ClaimMoney], year: int
) -> list[tuple[_CapKey, int, int]]:
    """The counters a claim's money is held to: key, ceiling, amount; in one order for everybody."""
    counted = [
        ({"year": year, "rule_key": rule.key, "party": party, "party_id": party_id}, cap_fen,
         money.committed_fen)
        for money in monies
        if money.policy_rule_id is not None and money.committed_fen
        for rule in (session.get_one(PolicyRule, money.policy_rule_id),)
        for party, party_id, cap_fen in _caps_of(rule, claim)
    ]  # fmt: skip
    return sorted(counted, key=lambda one: (one[0]["rule_key"], one[0]["party"]))


def _caps_of(rule: PolicyRule, claim: Claim) -> Iterator[tuple[CapParty, int, int]]:
    """The yearly caps of the standard: one per party, and the one on its payee that belongs to the
    amount."""
    own_cap = rule.parameters.get("annual_cap_fen")
    parties = (
        (CapParty.agency, claim.agency_id, rule.agency_year_cap_fen, Payee.agency),
        (CapParty.enterprise, claim.enterprise_id, rule.enterprise_year_cap_fen, Payee.enterprise),
    )
    for party, party_id, year_cap_fen, payee in parties:
        caps = (year_cap_fen, own_cap if rule.payee is payee else None)
        lowest = min((cap for cap in caps if cap is not None), default=None)
        if lowest is not None:
            yield party, party_id, lowest


def _commit_cap(session: Session, key: _CapKey, cap_fen: int, amount_fen: int) -> None:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    session.execute(insert(CapCounter).values(**key, committed_fen=0).on_conflict_do_nothing())
    statement = (
        update(CapCounter)
        .filter_by(**key)
        .where(col(CapCounter.committed_fen) + amount_fen <= cap_fen)
        .values(committed_fen=col(CapCounter.committed_fen) + amount_fen)
    )
    if not _changed(session, statement):
        raise BudgetExhausted(
            say("超过年度上限 {cap} 元（{rule}）", cap=yuan(cap_fen), rule=key["rule_key"])
        )


def _uncount(session: Session, key: _CapKey, amount_fen: int) -> None:
    statement = (
        update(CapCounter)
        .filter_by(**key)
        .values(committed_fen=col(CapCounter.committed_fen) - amount_fen)
    )
    session.execute(statement, execution_options=_UNSEEN)


def _changed(session: Session, statement: Any) -> bool:
    """Whether a conditional UPDATE found its row and its room."""
    result: Any = session.execute(statement, execution_options=_UNSEEN)
    return bool(result.rowcount)
