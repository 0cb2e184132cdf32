"""The facts of claims: many at once are as one by one, in as many statements; what waits ahead is
counted right."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from models.clock import now_utc, standing_at, today
from models.database import session
from models.queries.claim_facts import claim_facts, facts_of_claims, gathered_claims
from models.queries.policy import matching_policy, policy_in_force
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import FindingsBlock
from models.tables.agreements import Confirmation, ConfirmationBasis
from models.tables.claims import Claim, ClaimMoney
from models.tables.money import BudgetLine, PolicyRule, Standing
from models.tables.people import Account
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import NOON, TODAY, later

A, S = Action, State


def crowd(town: Town) -> list[int]:
    """Claims in many states, of two agencies, with shared results, invoices, caps and ties."""
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", enterprise_year_cap_fen=100_000_000)
    with standing_at(NOON - timedelta(days=1)):
        town.file(result_printed="GR202621000777", invoice_number="77", invoice_fen=1)
        town.file(
            result_printed="GR202621000777",
            invoice_number="77",
            agreement_id=town.agreements["second"],
        )
        town.software(asked_fen=50_000)
    for state in (S.submitted, S.pre_reviewed, S.applied, S.re_reviewed, S.approved):
        with later(minutes=town.filed):
            town.at(state, agreement_id=town.agreements["second" if town.filed % 2 else "other"])
    town.bring(town.software(), S.approved)
    returned, held = town.file(papers=("M01",)), town.at(S.applied)
    town.step("reviewer", returned, A.return_pre_review, **BACK)
    town.step("bureau", held, A.hold, **BACK)
    town.tie("reviewer", agency_id=town.agency_id)
    town.tie("bureau", enterprise_id=town.enterprise2_id)
    with session(town.engine) as current:
        return list(current.execute(select(Claim.id).order_by(Claim.id)).scalars())


def test_many_at_once_are_as_one_by_one(town: Town) -> None:
    ids = crowd(town)
    with session(town.engine) as current:
        together = facts_of_claims(current, [*ids, 9_999, ids[0]], TODAY)
        assert list(together) == ids
        assert together == {claim_id: claim_facts(current, claim_id, TODAY) for claim_id in ids}
        gathered = gathered_claims(current, ids, TODAY)
        assert {k: v.facts for k, v in gathered.items()} == together
        assert facts_of_claims(current, [], TODAY) == {}


def test_a_result_filed_again_hinders_the_later_claim_not_the_first(town: Town) -> None:
    first = town.file(result_printed="GR202621000777")
    again = town.file(result_printed="GR202621000777", agreement_id=town.agreements["second"])
    verdicts = {
        number: {finding.code: finding.verdict for finding in town.card("lead", number).findings}
        for number in (first, again)
    }
    assert (verdicts[first]["F06"], verdicts[again]["F06"]) == ("warning", "not_met")
    town.step("reviewer", first, A.pass_pre_review)
    assert town.state(first) is S.pre_reviewed
    with town.refused(FindingsBlock, "F06"):
        town.step("reviewer2", again, A.pass_pre_review)


def test_what_the_enterprise_denied_is_not_met(town: Town) -> None:
    number = town.file()
    town.change(
        Confirmation, Confirmation.id > 0, basis=ConfirmationBasis.given, is_denied=True,
        satisfaction=None,
    )  # fmt: skip
    found = {finding.code: finding for finding in town.card("lead", number).findings}
    assert found["F14"].verdict == "not_met"
    assert found["F14"].reason_codes == ("R16",)


def test_the_number_of_statements_does_not_grow_with_the_claims(town: Town) -> None:
    ids = crowd(town)
    counts = []
    for asked in (ids[:1], ids):
        statements: list[str] = []

        @event.listens_for(town.engine, "before_cursor_execute")
        def note(_c: object, _cur: object, statement: str, *_: object) -> None:
            statements.append(statement)  # noqa: B023 - one list a round

        with session(town.engine) as current:
            facts_of_claims(current, asked, TODAY)
        event.remove(town.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 18


def test_what_waits_ahead_is_what_python_counts(town: Town) -> None:
    ids = crowd(town)
    with session(town.engine) as current:
        claims = {c.id: c for c in current.execute(select(Claim)).scalars()}
        monies = list(current.execute(select(ClaimMoney)).scalars())
        lines = {line.id: line for line in current.execute(select(BudgetLine)).scalars()}
        rules = {rule.id: rule for rule in current.execute(select(PolicyRule)).scalars()}
        facts = facts_of_claims(current, ids, TODAY)
    since = {
        m.claim_id: (m.pending_since_utc, m.claim_id)
        for m in monies
        if m.purpose is Purpose.subsidy and m.pending_since_utc
    }

    def ahead(mine: int, other: ClaimMoney) -> bool:
        is_waiting = other.pending_since_utc is not None and other.claim_id != mine
        return is_waiting and (mine not in since or since[other.claim_id] < since[mine])

    assert any(f.subsidy_budget and f.subsidy_budget.ahead_fen for f in facts.values())
    assert any(cap.ahead_fen for f in facts.values() for cap in f.caps)
    for claim_id, fact in facts.items():
        for budget in filter(None, (fact.subsidy_budget, fact.reward_budget)):
            assert budget.ahead_fen == sum(
                m.entitled_fen or 0
                for m in monies
                if ahead(claim_id, m)
                and m.budget_line_id
                and lines[m.budget_line_id].code == budget.code
            )
        key = fact.subsidy.key if fact.subsidy else ""
        for cap in fact.caps:
            party = "agency_id" if cap.party == fact.agency.name else "enterprise_id"
            assert cap.ahead_fen == sum(
                m.entitled_fen or 0
                for m in monies
                if m.purpose is Purpose.subsidy and ahead(claim_id, m) and m.policy_rule_id
                if rules[m.policy_rule_id].key == key
                if getattr(claims[m.claim_id], party) == getattr(claims[claim_id], party)
            )
            assert cap.committed_fen == sum(
                m.committed_fen + m.paid_fen
                for m in monies
                if m.policy_rule_id and rules[m.policy_rule_id].key == key
                if getattr(claims[m.claim_id], party) == getattr(claims[claim_id], party)
            )


def test_a_draft_stands_behind_all(town: Town) -> None:
    town.file()
    with later(days=1):
        second = town.file()
        facts = town.card("reviewer", second).facts
    assert facts.subsidy_budget is not None
    assert facts.subsidy_budget.ahead_fen == 7_000_000
    at_filing = town.events(second)[0].findings
    assert next(f for f in at_filing if f["code"] == "F10")["verdict"] == "met"


def test_claims_filed_last_year_wait_ahead_on_this_years_line(town: Town) -> None:
    old, new = town.file(), town.file()
    with town.session() as current:
        current.add(BudgetLine(year=2027, code="K01", ceiling_fen=10**9, confirmed_at_utc=NOON))
    with later(days=60):
        facts = town.card("reviewer", new).facts
    assert facts.subsidy_budget is not None
    assert (facts.subsidy_budget.year, facts.subsidy_budget.ahead_fen) == (2027, 7_000_000)
    assert town.card("reviewer", old).facts.subsidy_budget is not None


def test_only_confirmed_standards_of_this_place_match(town: Town) -> None:
    number = town.file()
    for change in (
        {"confirmed_at_utc": None}, {"place": "大连金普新区"}, {"standing": Standing.reference},
        {"standing": Standing.example}, {"service_code": None}, {"valid_from": date(2026, 10, 17)},
        {"valid_to": date(2026, 10, 15)}, {"result_kind_code": "hnte_renewal_cert"},
    ):  # fmt: skip
        with town.session() as current:
            rule = current.execute(
                select(PolicyRule).where(PolicyRule.key == "S-01-subsidy")
            ).scalar_one()
            for name, value in change.items():
                setattr(rule, name, value)
            current.flush()
            facts = claim_facts(current, town_id(town, number), TODAY)
            assert facts.subsidy is None, change
            current.rollback()


def town_id(town: Town, number: str) -> int:
    """A claim's id."""
    claim_id = town.claim(number).id
    assert claim_id is not None
    return claim_id


def test_examples_are_in_force_in_a_demonstration(town: Town) -> None:
    number = town.file()
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", standing=Standing.example)
    with town.session() as current:
        current.add(
            Setting(key="is_demonstration", value=True, valid_from=date(2026, 1, 1), confirmed_at_utc=now_utc())
        )  # fmt: skip
    assert town.card("reviewer", number).facts.subsidy is not None


def test_a_standard_for_the_kind_goes_before_a_general_and_the_newest_version_first(
    town: Town,
) -> None:
    with town.session() as current:
        rule = current.execute(
            select(PolicyRule).where(PolicyRule.key == "S-01-subsidy")
        ).scalar_one()
        own = rule.model_dump(exclude={"id", "version"})
        current.add(PolicyRule(**own, version=2))
        current.add(
            PolicyRule(**{**own, "key": "S-kind", "result_kind_code": "hnte_first_cert"}, version=1)
        )
    with session(town.engine) as current:
        policy = policy_in_force(current)
        asked = (policy, Purpose.subsidy, "hnte_first")
        found = matching_policy(*asked, "hnte_first_cert", TODAY)
        general = matching_policy(*asked, "something", TODAY)
        assert found is not None
        assert general is not None
        assert found.facts.key == "S-kind"
        assert (general.facts.key, general.facts.version) == ("S-01-subsidy", 2)
        assert matching_policy(*asked, "hnte_first_cert", date(2025, 12, 31)) is None
        assert {
            version.facts.key for version in policy_in_force(current, ["software_copyright"])
        } == {"S-02"}


def test_who_acted_is_named_once_in_order_with_the_ties_of_today(town: Town) -> None:
    number = town.at(S.applied)
    town.tie("reviewer", agency_id=town.agency_id)
    town.tie(
        "lead", enterprise_id=town.enterprise_id, from_on=date(2026, 1, 1), to_on=date(2026, 11, 19)
    )
    town.tie("importer", agency_id=town.agency2_id)
    facts = town.card("bureau", number).facts
    assert facts.people == ("importer 1", "reviewer 1", "lead 1")
    assert [(tie.person, tie.organisation) for tie in facts.ties] == [
        ("reviewer 1", "大连示例甲机构有限公司")
    ]
    town.tie("lead", enterprise_id=town.enterprise_id)
    ties = town.card("bureau", number).facts.ties
    assert [tie.organisation for tie in ties] == [
        "大连示例甲机构有限公司",
        "大连示例子企业有限公司",
    ]


@pytest.mark.parametrize("days", [0, 400])
def test_the_day_is_the_one_asked_for(town: Town, days: int) -> None:
    number = town.file()
    with session(town.engine) as current:
        facts = claim_facts(current, town_id(town, number), TODAY + timedelta(days=days))
        assert facts.today == TODAY + timedelta(days=days)
        assert (facts.subsidy_budget is None) is bool(days)
        assert today() == TODAY
        assert current.execute(select(Account.id)).first()
