"""Recoveries: drafted by one, confirmed by another, never more than was paid."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from models.actions.recoveries import confirm_recovery, discard_recovery, draft_recovery
from models.database import session
from models.queries.budget import budget_standing
from models.queries.payment_card import payment_card
from models.rules.claim_workflow import State
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotFound,
    PaymentRefused,
    ReasonMissing,
    TextRefused,
)
from models.tables.payments import DraftState, Recovery
from tests.models.actions.ledgers import REWARD, SUBSIDY, entries, kinds
from tests.rivals import at_once
from tests.town import Town

S = State


def draft(town: Town, number: str, fen: Any = 1_000_000, who: str = "finance", **more: Any) -> int:
    """Somebody drafts a recovery."""
    purpose, reason = more.get("purpose", SUBSIDY), more.get("reason", "核查后核减")
    with town.session() as current:
        return draft_recovery(current, town.people[who], number, purpose, fen, reason)


def confirm(town: Town, draft_id: int, who: str = "finance2") -> int:
    """Somebody confirms one."""
    with town.session() as current:
        return confirm_recovery(current, town.people[who], draft_id)


def discard(town: Town, draft_id: int, who: str = "finance") -> None:
    """Somebody takes one back."""
    with town.session() as current:
        discard_recovery(current, town.people[who], draft_id)


@pytest.mark.parametrize("second", ["finance2", "lead"])
def test_two_persons_have_money_back(town: Town, second: str) -> None:
    number = town.at(S.closed)
    made = draft(town, number)
    with session(town.engine) as current:
        shown = payment_card(current, town.people["auditor"], number)
    assert shown.purposes[0].recovery is not None
    assert shown.purposes[0].recovery.amount_fen == 1_000_000
    confirm(town, made, second)
    paid, recovered = entries(town, number)
    assert (recovered.amount_fen, recovered.of_id, recovered.reason) == (
        -1_000_000, paid.id, "核查后核减",
    )  # fmt: skip
    assert recovered.entered_by_id == town.people["finance"].account_id
    assert recovered.confirmed_by_id == town.people[second].account_id
    assert town.is_sound()


def test_what_is_had_back_makes_no_room_on_the_line(town: Town) -> None:
    number = town.at(S.closed)
    before = town.line()
    confirm(town, draft(town, number, 5_000_000))
    confirm(town, draft(town, number, 1, purpose=REWARD))
    assert town.line() == before
    with session(town.engine) as current:
        (line, _) = budget_standing(current, town.people["leader"], 2026)
    assert line.recovered_fen == 5_000_001
    assert kinds(town, number, REWARD) == ["paid", "recovered"]
    assert town.is_sound()


def test_nobody_confirms_their_own(town: Town) -> None:
    made = draft(town, town.at(S.closed))
    with town.refused(NotAllowed, "起草人不能确认自己起草的追回"):
        confirm(town, made, "finance")
    with pytest.raises(IntegrityError), town.session() as current:
        row = current.get_one(Recovery, made)
        row.state, row.decided_by_id = DraftState.confirmed, row.drafted_by_id
        current.add(row)


@pytest.mark.parametrize("who", ["lead", "leader", "committee", "agency", "auditor", "reviewer"])
def test_only_finance_drafts(town: Town, who: str) -> None:
    number = town.at(S.closed)
    with town.refused(NotAllowed):
        draft(town, number, who=who)
    made = draft(town, number)
    if who != "lead":
        with town.refused(NotAllowed):
            confirm(town, made, who)
        with town.refused(NotAllowed):
            discard(town, made, who)


# fmt: off
@pytest.mark.parametrize(("fen", "more", "kind", "words"), [
    (0,         {},                      PaymentRefused, "不超过尚未追回的 50,000.00 元"),
    (5_000_001, {},                      PaymentRefused, "不超过尚未追回的 50,000.00 元"),
    (1,         {"reason": "　"},        ReasonMissing,  "请写明追回的原因"),
    (1,         {"reason": "长" * 301},  TextRefused,    "最长 300"),
])
# fmt: on
def test_what_cannot_be_drafted(
    town: Town, fen: int, more: dict[str, str], kind: type[Exception], words: str
) -> None:
    number = town.at(S.closed)
    with town.refused(kind, words):  # type: ignore[arg-type]
        draft(town, number, fen, **more)


def test_money_is_whole_fen_and_was_paid(town: Town) -> None:
    number = town.at(S.approved)
    with town.refused(PaymentRefused, "没有支付登记"):
        draft(town, number)
    with pytest.raises(TypeError, match="whole fen"):
        draft(town, number, 1.0)
    with town.refused(NotFound):
        draft(town, "2026-11-9999")


def test_one_recovery_of_a_payment_waits_at_a_time(town: Town) -> None:
    number = town.at(S.closed)
    made = draft(town, number)
    with town.refused(AlreadyDone, "已有一份追回待确认"):
        draft(town, number, who="finance2")
    discard(town, made)
    with town.refused(AlreadyDone, "已经办结"):
        confirm(town, made)
    with town.refused(NotFound, "没有这份追回草稿"):
        confirm(town, 999)
    confirm(town, draft(town, number, 5_000_000))
    with town.refused(PaymentRefused, "不超过尚未追回的 0.00 元"):
        draft(town, number, 1)
    assert kinds(town, number) == ["paid", "recovered"]
    assert town.is_sound()


def test_two_who_confirm_at_once_have_it_back_once(town: Town) -> None:
    number = town.at(S.closed)
    made = draft(town, number)
    came_to = at_once(*(partial(confirm, town, made, who) for who in ("finance2", "lead")))
    assert [type(one) for one in came_to if isinstance(one, Exception)] == [AlreadyDone]
    assert kinds(town, number) == ["paid", "recovered"]
    assert town.is_sound()
