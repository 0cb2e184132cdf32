"""Moves between budget lines: two persons, the total unchanged, and on the last 100 yuan exactly one
comes through, in threads and in processes."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from models.actions.budget_moves import (
    confirm_budget_move,
    discard_budget_move,
    draft_budget_move,
)
from models.actions.steps import StepTaken, take_step
from models.database import session
from models.queries.budget import budget_moves, budget_standing, budget_years
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    BudgetExhausted,
    FindingsBlock,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    TextRefused,
)
from models.tables.money import BudgetLine, PolicyRule
from models.tables.payments import BudgetMove, DraftState
from tests.rivals import SPAWN, at_once, decide
from tests.town import Town
from tests.world import NOON

A, S = Action, State
YUAN = 100


def line_id(town: Town, code: str = "K01", year: int = 2026) -> int:
    """A line's number."""
    with session(town.engine) as current:
        wanted = select(BudgetLine.id).where(BudgetLine.code == code, BudgetLine.year == year)
        return current.execute(wanted).scalar_one()


def draft(town: Town, fen: Any, who: str = "finance", reason: str = "K02 申请增多") -> int:
    """Somebody drafts a move from K01 to K02."""
    with town.session() as current:
        return draft_budget_move(
            current, town.people[who], line_id(town), line_id(town, "K02"), fen, reason
        )


def confirm(town: Town, move: int, who: str = "lead") -> None:
    """Somebody confirms one."""
    with town.session() as current:
        confirm_budget_move(current, town.people[who], move)


def ceilings(town: Town) -> dict[str, int]:
    """What each line of this year may hold, in yuan."""
    with session(town.engine) as current:
        lines = budget_standing(current, town.people["leader"], 2026)
        return {line.code: line.ceiling_fen // YUAN for line in lines}


def total(town: Town) -> int:
    """The year's whole ceiling, in fen."""
    with session(town.engine) as current:
        return current.execute(select(func.sum(BudgetLine.ceiling_fen))).scalar_one()


@pytest.mark.parametrize(("first", "second"), [("finance", "lead"), ("lead", "finance2")])
def test_two_persons_move_room_and_the_total_stays(town: Town, first: str, second: str) -> None:
    before, whole = ceilings(town), total(town)
    move = draft(town, 5_000_000, first)
    assert ceilings(town) == before
    confirm(town, move, second)
    assert ceilings(town) == {"K01": before["K01"] - 50_000, "K02": before["K02"] + 50_000}
    assert total(town) == whole
    with session(town.engine) as current:
        (shown,) = budget_moves(current, town.people["auditor"], 2026)
        assert budget_years(current) == (2026,)
    assert (shown.from_code, shown.to_code, shown.state) == ("K01", "K02", DraftState.confirmed)
    assert (shown.drafted_by, shown.decided_by) == (f"{first} 1", f"{second} 1")
    assert town.is_sound()


def test_nobody_confirms_their_own_move(town: Town) -> None:
    move = draft(town, 100)
    with town.refused(NotAllowed, "起草人不能确认自己起草的调剂"):
        confirm(town, move, "finance")
    with pytest.raises(IntegrityError), town.session() as current:
        row = current.get_one(BudgetMove, move)
        row.state, row.decided_by_id = DraftState.confirmed, row.drafted_by_id
        current.add(row)


@pytest.mark.parametrize("who", ["reviewer", "leader", "committee", "agency", "auditor"])
def test_others_neither_draft_nor_decide(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        draft(town, 100, who)
    move = draft(town, 100)
    with pytest.raises(NotAllowed):
        confirm(town, move, who)
    with pytest.raises(NotAllowed), town.session() as current:
        discard_budget_move(current, town.people[who], move)


# fmt: off
@pytest.mark.parametrize(("fen", "reason", "kind", "words"), [
    (0,               "x",        AmountRefused,   "须大于 0"),
    (-1,              "x",        AmountRefused,   "须大于 0"),
    (10**15,          "x",        AmountRefused,   "须大于 0"),
    (1_000_000_001,   "x",        BudgetExhausted, "预算科目 K01 余额 10,000,000.00 元，不足以调出 10,000,000.01 元"),
    (1,               " ",        ReasonMissing,   "请写明调剂的原因"),
    (1,               "长" * 301, TextRefused,     "最长 300"),
])
# fmt: on
def test_what_cannot_be_drafted(
    town: Town, fen: int, reason: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        draft(town, fen, reason=reason)


def test_money_is_whole_fen(town: Town) -> None:
    with pytest.raises(TypeError, match="whole fen"):
        draft(town, 1.0)


def test_only_between_two_confirmed_lines_of_a_year(town: Town) -> None:
    with town.session() as current:
        current.add(BudgetLine(year=2027, code="K01", ceiling_fen=1, confirmed_at_utc=NOON))
        current.add(BudgetLine(year=2026, code="K09", ceiling_fen=1))
    here = line_id(town)
    finance = town.people["finance"]
    for to, kind, words in (
        (here, NotAvailable, "须是两个预算科目"),
        (line_id(town, year=2027), NotAvailable, "同一年度"),
        (line_id(town, "K09"), NotFound, "还没有确认"),
        (999, NotFound, "没有这个预算科目"),
    ):
        with pytest.raises(kind, match=words), town.session() as current:
            draft_budget_move(current, finance, here, to, 1, "x")


def test_a_move_is_decided_once(town: Town) -> None:
    move = draft(town, 100)
    with town.session() as current:
        discard_budget_move(current, town.people["finance"], move)
    for doing in (confirm_budget_move, discard_budget_move):
        with pytest.raises(AlreadyDone, match="已经办结"), town.session() as current:
            doing(current, town.people["lead"], move)
        with pytest.raises(NotFound, match="没有这份预算调剂草稿"), town.session() as current:
            doing(current, town.people["lead"], 999)
    assert town.is_sound()


def test_a_ceiling_changed_behind_the_record_is_named(town: Town) -> None:
    confirm(town, draft(town, 100))
    town.change(BudgetLine, BudgetLine.code == "K02", ceiling_fen=200_000_000)
    with session(town.engine) as current:
        assert "预算额度“2026:K02”的额度与操作记录不符" in str(verify(current).first_broken)


# ---------------------------------------------------------------- the last 100 yuan


def test_two_moves_the_last_hundred_yuan(town: Town) -> None:
    town.ceiling(100)
    moves = [draft(town, 100 * YUAN, who) for who in ("finance", "finance2")]
    came_to = at_once(*(partial(confirm, town, move) for move in moves))
    assert [type(one) for one in came_to if one is not None] == [BudgetExhausted]
    assert ceilings(town)["K01"] == 0


def test_an_approval_and_a_move_the_last_hundred_yuan(town: Town) -> None:
    """Whoever comes first has it, the other is told; the line never holds more than its ceiling."""
    number = town.at(S.re_reviewed)
    town.ceiling(70_000)
    move = draft(town, 100 * YUAN)
    seen = replace(town.seen("committee", number), verdicts={})

    def approve() -> StepTaken:
        with town.session() as current:
            return take_step(current, town.people["committee"], number, A.approve, seen)

    came_to = at_once(approve, partial(confirm, town, move))
    (told,) = [one for one in came_to if isinstance(one, Exception)]
    assert isinstance(told, BudgetExhausted | FindingsBlock), told
    committed, _ = town.line()
    assert committed + (0 if committed else 100) <= ceilings(town)["K01"] + 100
    assert (committed, ceilings(town)["K01"]) in ((70_000, 70_000), (0, 69_900))


def test_two_approvals_in_two_processes_the_last_hundred_yuan(town: Town) -> None:
    url = town.engine.url.render_as_string(hide_password=False)
    numbers = [town.at(S.re_reviewed) for _ in range(2)]
    town.ceiling(2 * 70_000 - 100)
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        assert list(pool.map(abs, (-1, -1))) == [1, 1]  # both are up
        seen = {n: replace(town.seen("committee", n), verdicts={}) for n in numbers}
        begin_at = time.monotonic() + 1
        futures = [
            pool.submit(decide, url, town.people[who], number, A.approve, seen[number], begin_at)
            for who, number in zip(("committee", "committee2"), numbers, strict=True)
        ]
        came_to = [future.result(60) for future in futures]
    (refused,) = [one for one in came_to if isinstance(one, tuple)]
    assert refused[0] in ("BudgetExhausted", "FindingsBlock")
    assert town.line() == (70_000, 0)
    assert town.is_sound()


def test_two_lines_exhausted_each_refuses_alone(town: Town) -> None:
    """Subsidy on K01, reward on K02: without room for the reward the subsidy is not committed
    either."""
    with town.session() as current:
        current.execute(
            update(PolicyRule).where(PolicyRule.key == "S-01-reward").values(budget_code="K02")
        )
    number = town.at(S.re_reviewed)
    town.ceiling(19_999, "K02")
    with town.refused(FindingsBlock, "F10"):
        town.step("committee", number, A.approve)
    confirm_room(town, 100)
    town.step("committee", number, A.approve)
    assert (town.line(), town.line("K02")) == ((50_000, 0), (20_000, 0))
    with session(town.engine) as current:
        k01, k02 = budget_standing(current, town.people["finance"], 2026)
    assert (k01.reserved_fen, k02.reserved_fen, k02.free_fen) == (0, 2_000_000, 9_900)
    town.ceiling(1_000_000, "K02")
    other = town.at(S.re_reviewed)
    town.ceiling(99_999)
    with town.refused(FindingsBlock, "F10"):
        town.step("committee", other, A.approve)
    town.ceiling(100_000)
    town.step("committee", other, A.approve)
    assert (town.line(), town.line("K02")) == ((100_000, 0), (40_000, 0))


def confirm_room(town: Town, yuan: int) -> None:
    """Room for K02, from K01, by two persons."""
    confirm(town, draft(town, yuan * YUAN))
