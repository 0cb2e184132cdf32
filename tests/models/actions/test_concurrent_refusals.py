"""Every way in which two people meet over one claim, one sum or one duty, in one table: exactly one of
them goes through, the other is refused in words, and everything agrees afterwards.

Two exceptions are marked: what may rightly follow (a recovery after the reward, an objection after
the subsidy) stands as well where it comes second; coming first it stops the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from models.actions.budget_moves import (
    confirm_budget_move,
    discard_budget_move,
    draft_budget_move,
)
from models.actions.months import send_month
from models.actions.objections import answer_objection, record_objection
from models.actions.payment_orders import drop_from_order, make_order
from models.actions.recoveries import confirm_recovery, discard_recovery, draft_recovery
from models.actions.steps import take_step
from models.queries.month_sending import sheet_seen
from models.rules.claim_workflow import Action, State
from models.rules.errors import Refusal
from models.rules.objections import ObjectionEntry, ObjectionForm, ObjectionState
from models.rules.roles import Role
from models.tables.money import PolicyRule
from tests.models.actions.ledgers import REWARD, SUBSIDY, notice_over, voucher
from tests.models.actions.test_budget_moves import line_id
from tests.rivals import at_once
from tests.town import Town, cover
from tests.world import PDF, TODAY, later

A, S = Action, State
YUAN = 100
BACK: dict[str, Any] = {"reasons": ("R01",), "note": "请补正"}
Doing = Callable[[], Any]
Look = Callable[[], Doing]
"""Somebody opens the screen, and has what they see before them."""
Story = Callable[[Town], Sequence[Look]]
STALE = r"已于 .* 对本件"
NOT_NOW = r"现为“.*”，不能“.*”"
TWO_OFFICES = r"职责分离"
ROOM = r"K01 余"
OWN = r"起草人不能确认自己起草的"
OVER = r"已经办结"


# ---------------------------------------------------------------- who does what


def steps(town: Town, *taken: tuple[str, str, Action], **given: Any) -> list[Look]:
    """Steps on what each person saw before anybody acted; budget and caps not looked at."""

    def look(who: str, number: str, action: Action) -> Doing:
        seen = replace(town.seen(who, number), verdicts={})
        words = BACK if _asks_reasons(action) else {}
        return partial(_step, town, who, number, action, seen, **words, **given)

    return [partial(look, *one) for one in taken]


def _asks_reasons(action: Action) -> bool:
    return action not in (A.pass_pre_review, A.apply, A.pass_re_review, A.approve, A.pay_agency,
                          A.reward_enterprise, A.undo_pre_review)  # fmt: skip


def _step(town: Town, who: str, number: str, action: Action, seen: Any, **given: Any) -> Any:
    with town.session() as current:
        return take_step(current, town.people[who], number, action, seen, **given)


def act(town: Town, who: str, doing: Callable[..., Any], *given: Any) -> Look:
    """Any other action."""
    return lambda: partial(done, town, who, doing, *given)


def done(town: Town, who: str, doing: Callable[..., Any], *given: Any) -> Any:
    """An action, in a transaction of its own."""
    with town.session() as current:
        return doing(current, town.people[who], *given)


LETTER = ObjectionEntry(
    "王某某", ObjectionForm.named, date(2026, 11, 25), "系他人完成", (("书.pdf", PDF),)
)
"""An objection handed in while the notice ran."""


def send(current: Any, actor: Any, month: str) -> Any:
    """The month as it is now."""
    return send_month(current, actor, month, sheet_seen(current, actor, month))


def move(town: Town, fen: int, who: str = "finance") -> int:
    """A drafted move of room from K01 to K02."""
    lines = line_id(town), line_id(town, "K02")
    return int(done(town, who, draft_budget_move, *lines, fen, "K02 申请增多"))


def recovery(town: Town, fen: int = 1_000_000) -> tuple[str, int]:
    """A closed claim with a drafted recovery of its subsidy."""
    number = town.at(S.closed)
    return number, int(done(town, "finance", draft_recovery, number, SUBSIDY, fen, "核查后核减"))


# ---------------------------------------------------------------- the meetings


def pays_twice(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    return steps(town, ("finance", number, A.pay_agency), ("finance2", number, A.pay_agency))


def rewards_twice(town: Town) -> Sequence[Look]:
    number = town.at(S.agency_paid)
    meeting = [(who, number, A.reward_enterprise) for who in ("finance", "finance2")]
    return steps(town, *meeting)


def same_voucher(town: Town) -> Sequence[Look]:
    numbers = [town.at(S.approved) for _ in range(2)]
    pairs = zip(("finance", "finance2"), numbers, strict=True)
    meeting = [(who, number, A.pay_agency) for who, number in pairs]
    with notice_over():
        return steps(town, *meeting, voucher=voucher("PZ-1"))


def reward_and_failure(town: Town) -> Sequence[Look]:
    number = town.at(S.agency_paid)
    return steps(
        town, ("finance", number, A.reward_enterprise), ("finance2", number, A.payment_failed)
    )


def reward_and_recovery(town: Town) -> Sequence[Look]:
    number = town.at(S.agency_paid)
    recovers = act(town, "finance2", draft_recovery, number, SUBSIDY, 1, "核查后核减")
    return [*steps(town, ("finance", number, A.reward_enterprise)), recovers]


def reward_and_hold(town: Town) -> Sequence[Look]:
    number = town.at(S.agency_paid)
    return steps(town, ("finance", number, A.reward_enterprise), ("finance2", number, A.hold))


def pay_and_hold(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    return steps(town, ("finance", number, A.pay_agency), ("finance2", number, A.hold))


def pay_and_return(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    return steps(town, ("finance", number, A.pay_agency), ("finance2", number, A.return_office))


def pay_and_ask(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    return steps(town, ("finance", number, A.pay_agency), ("finance2", number, A.ask_agency))


def pay_and_objection(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    objects = act(town, "reviewer2", record_objection, number, LETTER)
    return [*steps(town, ("finance", number, A.pay_agency)), objects]


def two_orders(town: Town) -> Sequence[Look]:
    town.at(S.approved)
    return [act(town, who, make_order) for who in ("finance", "finance2")]


def dropped_twice(town: Town) -> Sequence[Look]:
    number = town.at(S.approved)
    with notice_over():
        done(town, "finance", make_order)
    return [
        act(town, who, drop_from_order, number, SUBSIDY, "账号待核")
        for who in ("finance", "finance2")
    ]


def drafted_twice(town: Town) -> Sequence[Look]:
    number = town.at(S.closed)
    return [
        act(town, who, draft_recovery, number, REWARD, 1, "核查后核减")
        for who in ("finance", "finance2")
    ]


def recovered_twice(town: Town) -> Sequence[Look]:
    _, drafted = recovery(town)
    return [act(town, who, confirm_recovery, drafted) for who in ("finance2", "lead")]


def recovered_and_discarded(town: Town) -> Sequence[Look]:
    _, drafted = recovery(town)
    return [
        act(town, "lead", confirm_recovery, drafted),
        act(town, "finance", discard_recovery, drafted),
    ]


def own_recovery(town: Town) -> Sequence[Look]:
    _, drafted = recovery(town)
    return [act(town, who, confirm_recovery, drafted) for who in ("finance", "lead")]


def last_yuan_of_a_line(town: Town) -> Sequence[Look]:
    numbers = [town.at(S.re_reviewed) for _ in range(2)]
    town.ceiling(2 * 70_000 - 100)
    return _approvals(town, numbers)


def last_yuan_of_a_cap(town: Town) -> Sequence[Look]:
    numbers = [town.at(S.re_reviewed) for _ in range(2)]
    cap = 2 * 5_000_000 - 100 * YUAN
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", agency_year_cap_fen=cap)
    return _approvals(town, numbers)


def _approvals(town: Town, numbers: list[str]) -> Sequence[Look]:
    pairs = zip(("committee", "committee2"), numbers, strict=True)
    return steps(town, *((who, number, A.approve) for who, number in pairs))


def approval_and_move(town: Town) -> Sequence[Look]:
    number = town.at(S.re_reviewed)
    town.ceiling(70_000)
    moves = act(town, "lead", confirm_budget_move, move(town, 100 * YUAN))
    return [*steps(town, ("committee", number, A.approve)), moves]


def two_moves(town: Town) -> Sequence[Look]:
    town.ceiling(100)
    moves = [move(town, 100 * YUAN, who) for who in ("finance", "finance2")]
    return [act(town, "lead", confirm_budget_move, one) for one in moves]


def moved_twice(town: Town) -> Sequence[Look]:
    one = move(town, 100)
    return [act(town, who, confirm_budget_move, one) for who in ("finance2", "lead")]


def moved_and_discarded(town: Town) -> Sequence[Look]:
    one = move(town, 100)
    return [
        act(town, "lead", confirm_budget_move, one),
        act(town, "finance", discard_budget_move, one),
    ]


def own_move(town: Town) -> Sequence[Look]:
    one = move(town, 100)
    return [act(town, who, confirm_budget_move, one) for who in ("finance", "lead")]


def bureau_and_committee_in_one_person(town: Town) -> Sequence[Look]:
    number = town.at(S.applied)
    town.people["bureau"] = cover(town.people["bureau"], Role.committee)
    return steps(town, ("bureau", number, A.pass_re_review), ("bureau", number, A.approve))


def lead_and_bureau_in_one_person(town: Town) -> Sequence[Look]:
    number = town.at(S.pre_reviewed)
    town.people["lead"] = cover(town.people["lead"], Role.bureau)
    return steps(town, ("lead", number, A.apply), ("lead", number, A.pass_re_review))


def committee_and_finance_in_one_person(town: Town) -> Sequence[Look]:
    number = town.at(S.re_reviewed)
    town.people["committee"] = cover(town.people["committee"], Role.finance)
    return steps(town, ("committee", number, A.approve), ("committee", number, A.pay_agency))


def one_person_in_two_windows(town: Town) -> Sequence[Look]:
    number = town.file()
    return steps(
        town, ("reviewer", number, A.pass_pre_review), ("reviewer", number, A.return_pre_review)
    )


def pass_and_refuse(town: Town) -> Sequence[Look]:
    number = town.file()
    return steps(
        town, ("reviewer", number, A.pass_pre_review), ("reviewer2", number, A.refuse_pre_review)
    )


def pass_and_withdraw(town: Town) -> Sequence[Look]:
    number = town.file()
    return steps(town, ("reviewer", number, A.pass_pre_review), ("agency", number, A.withdraw))


def undo_and_apply(town: Town) -> Sequence[Look]:
    number = town.at(S.pre_reviewed)
    return steps(town, ("reviewer", number, A.undo_pre_review), ("lead", number, A.apply))


def approve_and_refuse(town: Town) -> Sequence[Look]:
    number = town.at(S.re_reviewed)
    return steps(town, ("committee", number, A.approve), ("committee2", number, A.refuse_office))


def reopened_twice(town: Town) -> Sequence[Look]:
    number = town.file()
    town.step("reviewer", number, A.refuse_pre_review, **BACK)
    return steps(town, ("reviewer2", number, A.reopen), ("reviewer3", number, A.reopen))


def sent_twice(town: Town) -> Sequence[Look]:
    town.at(S.pre_reviewed)
    return [act(town, who, send, "2026-11") for who in ("lead", "lead2")]


def answered_twice(town: Town) -> Sequence[Look]:
    one = done(
        town, "reviewer2", record_objection, town.at(S.approved), replace(LETTER, received_on=TODAY)
    )
    to = ObjectionState.dismissed, ObjectionState.upheld
    return [
        act(town, who, answer_objection, one, state, "已核实")
        for who, state in zip(("lead", "bureau2"), to, strict=True)
    ]


# ---------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class Meeting:
    """A row: who meets, what the refused one is told, and whether the notice period is over."""

    story: Story
    words: str
    is_after_notice: bool = False
    both_may: bool = False


# fmt: off
MEETINGS = (
    # the order: subsidy, then reward
    Meeting(pays_twice,              STALE,                                       True),
    Meeting(rewards_twice,           STALE,                                       True),
    Meeting(same_voucher,            "凭证 PZ-1 已登记过同一收款账号.*不能重复支付", True),
    Meeting(reward_and_failure,      STALE,                                       True),
    Meeting(reward_and_recovery,     "补贴正在追回",                               True, both_may=True),
    Meeting(reward_and_hold,         STALE,                                       True),
    Meeting(pay_and_hold,            STALE,                                       True),
    Meeting(pay_and_return,          STALE,                                       True),
    Meeting(pay_and_ask,             STALE,                                       True),
    Meeting(pay_and_objection,       "有 1 项公示异议待答复",                      True, both_may=True),
    Meeting(two_orders,              "没有可以列入",                               True),
    Meeting(dropped_twice,           "不能再登记“撤出拨付单”",                               True),
    Meeting(drafted_twice,           "已有一份追回待确认",                          True),
    Meeting(recovered_twice,         OVER,                                   True),
    Meeting(recovered_and_discarded, OVER,                                   True),
    # the budget
    Meeting(last_yuan_of_a_line,     ROOM),
    Meeting(last_yuan_of_a_cap,      "超过年度上限"),
    Meeting(approval_and_move,       ROOM),
    Meeting(two_moves,               "预算科目 K01 余额 0.00 元，不足以调出"),
    Meeting(moved_twice,             OVER),
    Meeting(moved_and_discarded,     OVER),
    # duties
    Meeting(own_recovery,            f"{OWN}追回|{OVER}",                         True),
    Meeting(own_move,                f"{OWN}调剂|{OVER}"),
    Meeting(bureau_and_committee_in_one_person,  f"{NOT_NOW}|{TWO_OFFICES}|{STALE}"),
    Meeting(lead_and_bureau_in_one_person,       f"{NOT_NOW}|{TWO_OFFICES}|{STALE}"),
    Meeting(committee_and_finance_in_one_person, f"{NOT_NOW}|{TWO_OFFICES}|{STALE}"),
    Meeting(one_person_in_two_windows,           STALE),
    # one claim, one month, one objection
    Meeting(pass_and_refuse,         STALE),
    Meeting(pass_and_withdraw,       STALE),
    Meeting(undo_and_apply,          STALE),
    Meeting(approve_and_refuse,      STALE),
    Meeting(reopened_twice,          STALE),
    Meeting(sent_twice,              "已发送"),
    Meeting(answered_twice,          "已于 .* 答复这项异议"),
)
# fmt: on


@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.story.__name__)
def test_one_goes_through_and_the_other_is_told(town: Town, meeting: Meeting) -> None:
    looks = meeting.story(town)
    with notice_over() if meeting.is_after_notice else later():
        came_to = at_once(*[look() for look in looks])
    odd = [one for one in came_to if isinstance(one, Exception)]
    assert all(isinstance(one, Refusal) for one in odd), came_to
    assert len(odd) in ((0, 1) if meeting.both_may else (1,)), came_to
    for refusal in odd:
        assert re.search(meeting.words, str(refusal)), str(refusal)
    assert town.is_sound()
