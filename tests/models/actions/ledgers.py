"""What the tests of payments share: short ways to pay, and to look at the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.clock import today
from models.database import session
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.payments import EntryKind, Voucher
from models.tables.claims import Claim
from models.tables.payments import Payment
from tests.town import NOTICE_DAYS, Town
from tests.world import later

SUBSIDY, REWARD = Purpose.subsidy, Purpose.reward


@contextmanager
def notice_over() -> Iterator[None]:
    """The clock behind the notice period of what was approved at noon."""
    with later(days=NOTICE_DAYS):
        yield


def voucher(number: str, on: date | None = None) -> Voucher:
    """A voucher of today, or of another day."""
    return Voucher(number, on or today())


def pay(town: Town, number: str, voucher_: str = "", who: str = "finance", **given: Any) -> Any:
    """Somebody pays what is next of a claim: its subsidy, then its reward."""
    action = Action.pay_agency
    if town.claim(number).state is State.agency_paid:
        action = Action.reward_enterprise
    if voucher_:
        given["voucher"] = voucher(voucher_)
    return town.step(who, number, action, **given)


def entries(town: Town, number: str, purpose: Purpose = SUBSIDY) -> list[Payment]:
    """The entries of a claim's money, in their order."""
    statement = (
        select(Payment)
        .join(Claim, col(Claim.id) == Payment.claim_id)
        .where(col(Claim.number) == number, col(Payment.purpose) == purpose)
        .order_by(col(Payment.position))
    )
    with session(town.engine) as current:
        found = list(current.exec(statement))
        current.expunge_all()
        return found


def kinds(town: Town, number: str, purpose: Purpose = SUBSIDY) -> list[str]:
    """The kinds of those entries."""
    return [EntryKind(entry.kind).value for entry in entries(town, number, purpose)]
