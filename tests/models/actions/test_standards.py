"""Standards: drafted by one person, confirmed by another, never changed, and what that does to claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from models.actions.changes import confirm_change, turn_down_change, withdraw_change
from models.actions.daily import judge_again, judge_changed
from models.actions.imports import Upload, commit_import
from models.actions.imports_confirming import confirm_policy_rule, discard_policy_rule
from models.actions.standards import draft_standard, rule_key
from models.actions.steps import take_step
from models.clock import standing_at
from models.database import session
from models.queries.changes import ChangeCard, change_card, changes_of
from models.queries.policy import matching_policy, policy_in_force
from models.rules.changes import ChangeKind, ChangeState
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.errors import (
    FigureRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
)
from models.rules.standards import StandardEntry
from models.tables.claims import Claim
from models.tables.money import PolicyRule, Standing
from models.tables.policy import PolicyChange
from models.tables.record import Activity
from tests.models.exchange.workbooks import policy, workbook
from tests.rivals import at_once
from tests.town import Town
from tests.world import NOON, TODAY, World

ENTRY = StandardEntry(
    service_code="hnte_first", amount="40,000", document="测试办法", clause="第三条",
    title_zh="高企认定补贴", budget_code="K01", agency_year_cap="800,000",
    valid_from=date(2026, 10, 1), reason="照新办法调整",
)  # fmt: skip
KEY = "S-01-subsidy"


def act(world: World, who: str, verb: Callable[..., Any], *args: Any) -> Any:
    """Somebody does something in one transaction."""
    with world.session() as current:
        return verb(current, world.people[who], *args)


def draft(world: World, who: str = "reviewer", **changes: Any) -> int:
    return int(act(world, who, draft_standard, replace(ENTRY, **changes)))


def card(world: World, number: int, who: str = "lead") -> ChangeCard:
    with session(world.engine) as current:
        return change_card(current, world.people[who], number)


def versions(world: World, key: str = KEY) -> list[tuple[int, bool]]:
    """The versions of a standard, each with whether it is in force."""
    with session(world.engine) as current:
        rows = current.execute(
            select(PolicyRule).where(PolicyRule.key == key).order_by(PolicyRule.version)
        ).scalars()
        return [(row.version, row.confirmed_at_utc is not None) for row in rows]


def matched(world: World, on: date, service: str = "hnte_first") -> tuple[str, int] | None:
    """Key and version of the subsidy that covers a certificate of a day."""
    with session(world.engine) as current:
        found = matching_policy(
            policy_in_force(current), Purpose.subsidy, service, "hnte_first_cert", on
        )
    return (found.facts.key, found.facts.version) if found else None


def verbs(world: World) -> list[str]:
    with session(world.engine) as current:
        statement = select(Activity.verb).where(Activity.verb.like("%policy_rule"))
        return list(current.execute(statement.order_by(Activity.seq)).scalars())


# ---------------------------------------------------------------- one drafts, another confirms


def test_a_drafted_version_counts_once_another_person_confirms_it(town: Town) -> None:
    number = draft(town)
    assert versions(town) == [(1, True), (2, False)]
    assert matched(town, date(2026, 10, 16)) == (KEY, 1)
    act(town, "lead", confirm_change, number)
    assert versions(town) == [(1, True), (2, True)]
    assert matched(town, date(2026, 10, 16)) == (KEY, 2)
    assert matched(town, date(2026, 9, 30)) == (KEY, 1)
    line = card(town, number).line
    assert (line.state, line.decided_by) == (ChangeState.confirmed, "lead 1")
    assert verbs(town) == ["draft_policy_rule", "confirm_policy_rule"]
    assert town.is_sound()


def test_the_version_before_stays_as_it_was(town: Town) -> None:
    with session(town.engine) as current:
        before = current.execute(select(PolicyRule).where(PolicyRule.key == KEY)).scalar_one()
        stated = before.model_dump()
    act(town, "lead", confirm_change, draft(town))
    with session(town.engine) as current:
        after = current.get_one(PolicyRule, stated["id"])
        assert after.model_dump() == stated


def test_an_ended_version_is_not_replaced_by_the_one_before(town: Town) -> None:
    act(town, "lead", confirm_change, draft(town, valid_to=date(2026, 10, 31)))
    assert matched(town, date(2026, 10, 31)) == (KEY, 2)
    assert matched(town, date(2026, 11, 1)) is None


def test_the_drafter_does_not_confirm_and_only_the_lead_does(town: Town) -> None:
    own = draft(town, "lead")
    assert card(town, own).barred is not None
    assert not card(town, own).may_decide
    with town.refused(NotAllowed, "另一人"):
        act(town, "lead", confirm_change, own)
    for who in ("reviewer2", "bureau", "finance", "administrator", "agency", "leader"):
        with town.refused(NotAllowed):
            act(town, who, confirm_change, own)
        with town.refused(NotAllowed):
            act(town, who, turn_down_change, own, "不妥")
    act(town, "lead2", confirm_change, own)


@pytest.mark.parametrize("who", ["bureau", "leader", "auditor", "administrator", "agency"])
def test_only_the_alliance_drafts(sqlite_only: Town, who: str) -> None:
    with sqlite_only.refused(NotAllowed):
        draft(sqlite_only, who)


def test_what_is_turned_down_stays_to_be_read_with_the_reason(town: Town) -> None:
    number = draft(town)
    with town.refused(ReasonMissing):
        act(town, "lead", turn_down_change, number, "  ")
    act(town, "lead", turn_down_change, number, "条款不符")
    assert versions(town) == [(1, True)]
    line = card(town, number).line
    assert (line.state, line.decided_reason) == (ChangeState.turned_down, "条款不符")
    assert line.content["parameters"] == {"amount_fen": 4_000_000}
    again = draft(town)
    with session(town.engine) as current:
        of_it = changes_of(current, town.people["auditor"], ChangeKind.policy_rule, KEY)
    assert [one.subject for one in of_it] == [f"{KEY}:3", f"{KEY}:2"]  # no number twice
    act(town, "lead", confirm_change, again)
    assert versions(town) == [(1, True), (3, True)]


def test_only_the_drafter_takes_a_draft_back(town: Town) -> None:
    number = draft(town)
    with town.refused(NotAllowed, "由起草人撤回"):
        act(town, "lead", withdraw_change, number, "不要")
    assert card(town, number, "reviewer").may_withdraw
    act(town, "reviewer", withdraw_change, number, "写错")
    assert card(town, number).line.state is ChangeState.withdrawn
    assert versions(town) == [(1, True)]
    with town.refused(NotAllowed, "请撤回"):
        act(town, "lead", turn_down_change, draft(town, "lead"), "不要")


def test_who_comes_second_is_told_who_decided(town: Town) -> None:
    number = draft(town)
    act(town, "lead", confirm_change, number)
    for verb, given in ((confirm_change, ()), (turn_down_change, ("迟了",))):
        with town.refused(SeenIsStale, "lead 1已于 2026-11-20 12:00 办理这份草稿，现为“已确认”"):
            act(town, "lead2", verb, number, *given)
    with town.refused(NotFound):
        act(town, "lead", confirm_change, 999)


def test_of_two_who_confirm_at_once_exactly_one_does(town: Town) -> None:
    number = draft(town)
    came_to = at_once(
        partial(act, town, "lead", confirm_change, number),
        partial(act, town, "lead2", confirm_change, number),
    )
    assert [type(one) for one in came_to if isinstance(one, Refusal)] == [SeenIsStale]
    assert versions(town) == [(1, True), (2, True)]
    assert verbs(town).count("confirm_policy_rule") == 1
    assert town.is_sound()


def test_two_drafts_of_one_day_confirmed_at_once_leave_one_version(town: Town) -> None:
    first, second = draft(town), draft(town, "reviewer2")
    came_to = at_once(
        partial(act, town, "lead", confirm_change, first),
        partial(act, town, "lead2", confirm_change, second),
    )
    (refused,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(refused, NotAvailable)
    assert sum(in_force for _, in_force in versions(town)) == 2
    assert town.is_sound()


# ---------------------------------------------------------------- validity and keys


@pytest.mark.parametrize("begins", [date(2026, 1, 1), date(2025, 6, 1)])
def test_a_version_begins_after_those_in_force(town: Town, begins: date) -> None:
    with town.refused(NotAvailable, "须晚于 S-01-subsidy 第 1 版的生效日期 2026-01-01"):
        draft(town, valid_from=begins)


def test_a_draft_that_a_later_one_overtook_cannot_come_into_force(town: Town) -> None:
    early, late = draft(town), draft(town, valid_from=date(2026, 11, 1))
    act(town, "lead", confirm_change, late)
    with town.refused(NotAvailable, "第 3 版"):
        act(town, "lead", confirm_change, early)
    act(town, "lead", turn_down_change, early, "已有更晚的版本")


def test_two_standards_of_one_coverage_never_overlap(sqlite_only: Town) -> None:
    new = {"service_code": "novelty_search", "clause": "第四条"}
    to_agency, to_alliance = (
        draft(sqlite_only, **new),
        draft(sqlite_only, payee=Payee.alliance, **new),
    )
    act(sqlite_only, "lead", confirm_change, to_agency)
    with sqlite_only.refused(NotAvailable, "有效期重叠"):
        act(sqlite_only, "lead", confirm_change, to_alliance)


def test_a_standard_of_its_own_gets_a_key_of_its_own(sqlite_only: Town) -> None:
    number = draft(
        sqlite_only, service_code="novelty_search", kind=StandardKind.per_unit, unit="份",
        result_kind_code="novelty_report", budget_code="",
    )  # fmt: skip
    act(sqlite_only, "lead", confirm_change, number)
    assert versions(sqlite_only, "novelty_report.subsidy.agency") == [(1, True)]


def test_a_standard_with_a_long_name_still_has_a_key_of_its_own() -> None:
    first = rule_key("s" * 24, None, "subsidy", "enterprise")
    other = rule_key("s" * 24, "k" * 24, "subsidy", "enterprise")
    assert first != other
    assert max(len(first), len(other)) <= 40


def test_a_payee_may_change_with_a_version(sqlite_only: Town) -> None:
    act(sqlite_only, "lead", confirm_change, draft(sqlite_only, payee=Payee.alliance))
    assert versions(sqlite_only) == [(1, True), (2, True)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": ""}, "该类标准缺少定额"),
        ({"reason": " "}, "请填写"),
        ({"service_code": "nothing"}, "没有代码为 nothing 的服务"),
        ({"result_kind_code": "utility_grant"}, "不属于这项服务"),
        ({"result_kind_code": "nothing"}, "不属于这项服务"),
    ],
)
def test_a_faulty_draft_is_refused_in_words(
    sqlite_only: Town, changes: dict[str, Any], words: str
) -> None:
    with sqlite_only.refused(FigureRefused, words):
        draft(sqlite_only, **changes)


# ---------------------------------------------------------------- by workbook, through the same doors


def imported(world: World, **changes: Any) -> int:
    """A standard drafted by a workbook; the number of its change."""
    sheet = policy(
        服务类别="高企认定（首次）", 生效日期=date(2026, 10, 1), 预算科目="K01", **changes
    )
    with world.session() as current:
        upload = Upload("标准.xlsx", workbook({"补贴标准": [sheet]}))
        commit_import(current, world.people["importer"], upload)
        of_it = changes_of(current, world.people["lead"], ChangeKind.policy_rule, KEY)
        return of_it[0].id


def test_an_imported_standard_follows_the_one_in_force_and_waits_as_a_change(town: Town) -> None:
    number = imported(town)
    assert versions(town) == [(1, True), (2, False)]
    assert card(town, number).line.drafted_by == "importer 1"
    act(town, "lead", confirm_change, number)
    assert matched(town, TODAY) == (KEY, 2)
    assert town.is_sound()


def rule_of(world: World, change: int) -> int:
    """The row of a drafted version."""
    key, _, version = card(world, change).line.subject.rpartition(":")
    statement = select(PolicyRule.id).where(
        PolicyRule.key == key, PolicyRule.version == int(version)
    )
    with session(world.engine) as current:
        return int(current.execute(statement).scalar_one())


def test_the_exchange_page_confirms_and_takes_back_the_same_drafts(town: Town) -> None:
    first, own = imported(town), draft(town, "lead", valid_from=date(2026, 11, 1))
    act(town, "lead", confirm_policy_rule, rule_of(town, first))
    act(town, "lead", discard_policy_rule, rule_of(town, own))
    assert card(town, first).line.state is ChangeState.confirmed
    assert card(town, own).line.state is ChangeState.withdrawn
    others = draft(town, valid_from=date(2026, 11, 1))
    act(town, "lead", discard_policy_rule, rule_of(town, others))
    assert card(town, others).line.state is ChangeState.turned_down


def test_what_is_kept_for_comparison_is_no_draft(town: Town) -> None:
    with session(town.engine) as current:
        printed = select(PolicyRule.id).where(PolicyRule.standing == Standing.reference).limit(1)
        reference = current.execute(printed).scalar_one()
    with town.refused(NotFound):
        act(town, "lead", confirm_policy_rule, reference)


def test_a_draft_older_than_the_changes_is_confirmed_and_kept_as_one(sqlite_only: Town) -> None:
    number = draft(sqlite_only)
    rule_id = rule_of(sqlite_only, number)
    with sqlite_only.session() as current:
        current.delete(current.get_one(PolicyChange, number))
    act(sqlite_only, "lead", confirm_policy_rule, rule_id)
    with session(sqlite_only.engine) as current:
        (line,) = changes_of(current, sqlite_only.people["lead"], ChangeKind.policy_rule, KEY)
    assert (line.state, line.subject) == (ChangeState.confirmed, f"{KEY}:2")


# ---------------------------------------------------------------- open claims afterwards


def in_short(town: Town, number: str) -> tuple[int, int]:
    """What the queue shows: conditions not met, and yuan entitled to."""
    claim: Claim = town.claim(number)
    return claim.findings_not_met, (town.money(number).entitled_fen or 0) // 100


def test_open_claims_are_judged_anew_once_confirmed(town: Town) -> None:
    concerned, other = town.file(), town.software()
    settled = town.at(State.approved)
    assert in_short(town, concerned) == (0, 50_000)
    number = draft(town)
    later = NOON + timedelta(minutes=1)
    assert judge_changed(town.engine) == 0
    with standing_at(later):
        act(town, "lead", confirm_change, number)
        assert judge_changed(town.engine) == 1
        assert judge_changed(town.engine) == 0
    assert in_short(town, concerned) == (1, 40_000)
    assert in_short(town, other) == (0, 1_000)
    assert in_short(town, settled) == (0, 50_000)
    assert town.is_sound()


def test_what_nobody_judged_after_confirming_the_day_judges(town: Town) -> None:
    concerned = town.file()
    with standing_at(NOON + timedelta(minutes=1)):
        act(town, "lead", confirm_change, draft(town))
        judge_again(town.engine)
    assert in_short(town, concerned) == (1, 40_000)


def test_a_decision_on_what_was_seen_before_is_refused(town: Town) -> None:
    number = town.file()
    seen = town.seen("reviewer", number)
    with standing_at(NOON + timedelta(minutes=1)):
        act(town, "lead", confirm_change, draft(town, "reviewer2", amount="60,000"))
        with town.refused(SeenIsStale, "lead 1已于 2026-11-20 12:01 确认了本件适用的补贴标准"):
            act(town, "reviewer", take_step, number, Action.pass_pre_review, seen)
    town.step("reviewer", number, Action.pass_pre_review)
    assert town.state(number) is State.pre_reviewed
