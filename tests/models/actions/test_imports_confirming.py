"""Drafts of standards and budget lines: in force once a second person says so."""

from __future__ import annotations

import pytest

from models.actions.imports import Upload, commit_import
from models.actions.imports_confirming import (
    confirm_budget_line,
    confirm_drafts,
    confirm_policy_rule,
    discard_budget_line,
    discard_drafts,
    discard_policy_rule,
)
from models.queries.claim_facts import policy_in_force
from models.queries.imports_drafts import DraftWaiting, drafts_waiting
from models.rules.errors import AlreadyDone, NotAllowed, NotFound
from models.tables.money import BudgetLine
from tests.models.exchange.workbooks import policy, workbook
from tests.world import World

SHEETS = {"补贴标准": [policy()], "预算额度": [[2027, "T01", 1_000_000]]}


def drafted_by(world: World, who: str) -> tuple[DraftWaiting, ...]:
    with world.session() as current:
        upload = Upload("标准.xlsx", workbook(SHEETS))
        commit_import(current, world.people[who], upload)
        return drafts_waiting(current, world.people["lead"])


def test_a_draft_matches_no_claim_until_it_is_confirmed(world: World) -> None:
    rule, line = drafted_by(world, "importer")
    assert (rule.amount_fen, rule.source, rule.may_confirm) == (100_000, "测试办法 第三条", True)
    assert (line.amount_fen, line.budget) == (100_000_000, "T01")
    with world.session() as current:
        assert rule.record_id not in {version.id for version in policy_in_force(current)}
        confirm_policy_rule(current, world.people["lead"], rule.record_id)
        confirm_budget_line(current, world.people["lead"], line.record_id)
    with world.session() as current:
        assert rule.record_id in {version.id for version in policy_in_force(current)}
        stored = current.get_one(BudgetLine, line.record_id)
        assert stored.confirmed_by_id == world.people["lead"].account_id
        assert drafts_waiting(current, world.people["lead"]) == ()


def test_the_drafter_does_not_confirm_her_own(world: World) -> None:
    rule, line = drafted_by(world, "lead")
    assert not rule.may_confirm
    with pytest.raises(NotAllowed, match="另一人"), world.session() as current:
        confirm_policy_rule(current, world.people["lead"], rule.record_id)
    with pytest.raises(NotAllowed, match="另一人"), world.session() as current:
        confirm_budget_line(current, world.people["lead"], line.record_id)


def test_only_the_lead_confirms(world: World) -> None:
    rule, _ = drafted_by(world, "importer")
    for who in ("reviewer2", "bureau", "finance", "administrator", "agency"):
        with pytest.raises(NotAllowed), world.session() as current:
            confirm_policy_rule(current, world.people[who], rule.record_id)


def test_what_is_in_force_or_gone_is_no_draft(world: World) -> None:
    rule, line = drafted_by(world, "importer")
    lead = world.people["lead"]
    with world.session() as current:
        assert confirm_drafts(current, lead, [(rule.kind, rule.record_id)]) == 1
        discard_budget_line(current, lead, line.record_id)
    with pytest.raises(AlreadyDone), world.session() as current:
        confirm_policy_rule(current, lead, rule.record_id)
    with pytest.raises(AlreadyDone), world.session() as current:
        discard_policy_rule(current, lead, rule.record_id)
    with pytest.raises(NotFound), world.session() as current:
        confirm_budget_line(current, lead, line.record_id)


def test_the_drafter_or_the_lead_takes_a_draft_back(world: World) -> None:
    drafts = drafted_by(world, "importer")
    keys = [(draft.kind, draft.record_id) for draft in drafts]
    with pytest.raises(NotAllowed), world.session() as current:
        discard_drafts(current, world.people["reviewer2"], keys)
    with world.session() as current:
        assert discard_drafts(current, world.people["importer"], keys) == 2
        assert drafts_waiting(current, world.people["lead"]) == ()


def test_only_the_alliance_sees_drafts(world: World) -> None:
    with pytest.raises(NotAllowed), world.session() as current:
        drafts_waiting(current, world.people["agency"])
