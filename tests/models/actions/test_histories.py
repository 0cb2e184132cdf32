"""Random histories of many claims: whatever people do, counts, money, state and record agree at
the end."""

import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.actions.claims import Correction, correct_claim, take_claim
from models.actions.evidence import add_evidence
from models.actions.months import send_month
from models.actions.safe_set import draw_sample, pass_safe_claim
from models.actions.steps import system_actor, take_step
from models.clock import standing_at
from models.database import session
from models.queries.claim_facts import claim_facts
from models.queries.month_sending import sheet_seen
from models.queries.relations import place_of
from models.rules.claim_workflow import ENDED, STEPS, Action, Kind, State, roles_for
from models.rules.errors import Refusal
from models.rules.replay import EventFacts, replay
from models.rules.roles import Role
from models.tables.claims import Claim, ClaimEvent, ClaimMoney
from models.tables.money import BudgetLine, CapCounter, PolicyRule
from tests.town import Town, cover
from tests.world import NOON, PDF

CLAIMS, MOVES = 6, 150
EVERYBODY = (
    "reviewer", "reviewer2", "reviewer3", "importer", "lead", "lead2", "bureau", "bureau2", "committee",
    "committee2", "finance", "finance2", "agency", "agency2", "auditor",
)  # fmt: skip


class Story:
    """One random history: who does what when is drawn from a seed."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.random, self.done = town, random.Random(seed), Counter[str]()
        self.at = NOON

    def play(self) -> None:
        """File some claims, then let people do things, mostly what the workflow allows."""
        self.town.people["reviewer3"] = cover(self.town.people["reviewer3"], Role.alliance_lead)
        numbers = [self.file() for _ in range(CLAIMS)]
        for _ in range(MOVES):
            self.at += timedelta(minutes=self.random.choice((1, 5, 20, 600, 4000)))
            with standing_at(self.at):
                at = self.random.randrange(CLAIMS)
                if self.town.state(numbers[at]) in ENDED - {State.refused}:
                    numbers[at] = self.file()
                self.move(numbers[at])

    def file(self) -> str:
        """Another claim, large or small."""
        return self.town.software() if self.random.random() < 0.4 else self.town.file()

    def move(self, number: str) -> None:
        """One thing somebody does; refusals are part of life."""
        doing = self.random.choice((self.step,) * 12 + (self.other,) * 3)
        try:
            doing(number)
        except Refusal as refusal:
            self.done[type(refusal).__name__] += 1

    def step(self, number: str) -> None:
        """A step that exists for the claim, by somebody."""
        claim = self.town.claim(number)
        steps = [step for step in STEPS if claim.state in step.from_states]
        (step,) = self.random.choices(
            steps, [9 if s.kind is Kind.onward else 1 + 2 * (s.kind is not Kind.end) for s in steps]
        )
        roles = roles_for(step, place_of(claim))
        fitting = [who for who in EVERYBODY if roles & self.town.people[who].roles]
        who = (
            self.random.choice(fitting or EVERYBODY)
            if self.random.random() < 0.9
            else self.random.choice(EVERYBODY)
        )
        actor = system_actor() if step.by_system else self.town.people[who]
        seen = None if step.by_system else self.town.seen(who, number)
        amount = self.random.choice((None, None, None, 90_000, 4_000_000))
        with self.town.session() as current:
            take_step(
                current, actor, number, step.action, seen, reasons=("R01",), note="说明",
                subsidy_fen=amount if step.is_guarded else None,
            )  # fmt: skip
        self.done[step.action] += 1

    def other(self, number: str) -> None:
        """Something beside the steps."""
        doing, people = self.random.randrange(6), self.town.people
        with self.town.session() as current:
            if doing == 0:
                asked = self.random.choice((80_000, 100_000, 3_000_000))
                correct_claim(current, people["agency"], number, Correction(asked_fen=asked))
            elif doing == 1:
                add_evidence(current, people["agency"], number, "M09", "x.pdf", PDF)
            elif doing == 2:
                take_claim(current, people[self.random.choice(EVERYBODY)], number)
            elif doing == 3:
                draw_sample(current, people["reviewer"], "2026-11")
            elif doing == 4:
                pass_safe_claim(current, people["reviewer2"], number)
            else:
                month = self.random.choice(("2026-10", "2026-11"))
                seen = sheet_seen(current, people["lead"], month)
                send_month(current, people["lead"], month, seen)
        self.done[f"other {doing}"] += 1


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_everything_agrees(town: Town, seed: int) -> None:
    if seed == 3:  # a poor year: lines and caps run out
        town.ceiling(150_000)
        town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", agency_year_cap_fen=12_000_000)
    story = Story(town, seed)
    story.play()
    assert sum(story.done[action] for action in Action) > 20
    assert town.is_sound()
    _money_agrees(town)
    _findings_in_short_are_those_of_the_last_look(town)
    _replay_gives_the_claims(town)


def _money_agrees(town: Town) -> None:
    """Lines and counters, counted again in Python from the claims' own money."""
    with session(town.engine) as current:
        monies = list(current.execute(select(ClaimMoney)).scalars())
        claims = {claim.id: claim for claim in current.execute(select(Claim)).scalars()}
        rules = {rule.id: rule for rule in current.execute(select(PolicyRule)).scalars()}
        lines = list(current.execute(select(BudgetLine)).scalars())
        counters = list(current.execute(select(CapCounter)).scalars())
    for line in lines:
        own = [money for money in monies if money.budget_line_id == line.id]
        assert line.committed_fen == sum(money.committed_fen for money in own)
        assert line.paid_fen == sum(money.paid_fen for money in own)
        assert line.committed_fen + line.paid_fen <= line.ceiling_fen
    counted: dict[tuple[str, str, int], int] = defaultdict(int)
    for money in monies:
        if money.policy_rule_id is None or not (granted := money.committed_fen + money.paid_fen):
            continue
        rule, claim = rules[money.policy_rule_id], claims[money.claim_id]
        if rule.agency_year_cap_fen is not None:
            counted[rule.key, "agency", claim.agency_id] += granted
        if rule.enterprise_year_cap_fen is not None:
            counted[rule.key, "enterprise", claim.enterprise_id] += granted
    kept = {
        (c.rule_key, c.party.value, c.party_id): c.committed_fen
        for c in counters
        if c.committed_fen
    }
    assert kept == dict(counted)


def _findings_in_short_are_those_of_the_last_look(town: Town) -> None:
    with session(town.engine) as current:
        for claim in current.execute(select(Claim)).scalars():
            last = current.execute(
                select(ClaimEvent.findings, ClaimEvent.version)
                .where(ClaimEvent.claim_id == claim.id)
                .order_by(ClaimEvent.position.desc())
            ).first()
            assert last is not None
            if last.version == claim.version:
                met = sum(finding["verdict"] == "met" for finding in last.findings)
                assert claim.findings_met == met


def _replay_gives_the_claims(town: Town) -> None:
    with session(town.engine) as current:
        for claim in current.execute(select(Claim)).scalars():
            events = current.execute(
                select(ClaimEvent)
                .where(ClaimEvent.claim_id == claim.id)
                .order_by(ClaimEvent.position)
            ).scalars()
            end = replay(
                [
                    EventFacts(e.position, e.action, e.from_state, e.to_state, e.round, e.version, e.subsidy_fen, e.reward_fen)
                    for e in events
                ]
            )  # fmt: skip
            assert end.fault is None
            assert (end.place.state, end.round) == (claim.state, claim.round)
            assert claim_facts(current, claim.id or 0, NOON.date()).state is State(claim.state)
