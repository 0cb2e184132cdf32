"""A town: the small world with neighbours — colleagues at every office, a second agency, a second
service.

Made once per database kind and copied for each test (fixture `town`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlmodel import Session

from models.actions.claims import ClaimDraft
from models.actions.rating_recount import recount
from models.actions.steps import StepTaken, system_actor, take_step
from models.clock import office_day
from models.database import session
from models.queries.history import NO_ARRIVAL
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.errors import Refusal
from models.rules.month_calendar import CLOCK_STATES, LEAVES
from models.rules.roles import Actor, GrantFacts, Role
from models.tables.agreements import Agreement, Filing
from models.tables.claims import Claim, ClaimEvent, ClaimMoney, ClaimTally, ClockTally
from models.tables.money import BudgetLine, CapCounter, LineWait, PolicyRule, Standing
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account, Grant, Tie
from tests.signals import signals_agree
from tests.world import NOON, TODAY, World, later, make_world

COLLEAGUES = {
    "reviewer3": Role.alliance_reviewer,
    "lead2": Role.alliance_lead,
    "bureau2": Role.bureau,
    "committee2": Role.committee,
    "finance2": Role.finance,
}
SOFTWARE_FEN = 100_000

# The way of a clean claim, and who usually goes it.
COURSE = (
    ("reviewer", Action.pass_pre_review),
    ("lead", Action.apply),
    ("bureau", Action.pass_re_review),
    ("committee", Action.approve),
    ("finance", Action.pay_agency),
    ("finance", Action.reward_enterprise),
)
REACHED = (
    State.submitted,
    State.pre_reviewed,
    State.applied,
    State.re_reviewed,
    State.approved,
    State.agency_paid,
    State.closed,
)
NOTICE_DAYS = 8
"""Calendar days after which the notice period of any approval at `NOON` is over."""


@dataclass
class Town(World):
    """The world, its neighbours, and short ways to ask and act."""

    agreements: dict[str, int] = field(default_factory=dict)
    agency2_id: int = 0
    enterprise2_id: int = 0

    def draft(self, **changes: object) -> ClaimDraft:
        """As in the small world; the second agency is paid into its own account."""
        if changes.get("agreement_id") == self.agreements.get("second", 0):
            own = {"payee_name": "大连示例乙机构有限公司", "payee_account": "6222020200003333"}
            changes = {**own, **changes}
        return super().draft(**changes)

    def bring(self, number: str, to: State) -> str:
        """Let a claim go its usual way from its submission as far as a state; its number."""
        for who, action in COURSE[: REACHED.index(to)]:
            with later(
                days=NOTICE_DAYS if action in (Action.pay_agency, Action.reward_enterprise) else 0
            ):
                self.step(who, number, action)
        return number

    def at(self, to: State, **changes: object) -> str:
        """A new claim, brought to a state."""
        return self.bring(self.file(**changes), to)

    def software(self, **changes: object) -> str:
        """A small claim of the second service: a software copyright, no reward, its own line."""
        self.filed += 1
        values: dict[str, object] = {
            "agreement_id": self.agreements["software"],
            "result_kind_code": "software_registration",
            "result_printed": f"2026SR{self.filed:07d}",
            "asked_fen": SOFTWARE_FEN,
            "papers": ("M01", "M02"),
        }
        return self.file(**{**values, **changes})

    def system(self, number: str, action: Action) -> StepTaken:
        """A step of the system."""
        with self.session() as current:
            return take_step(current, system_actor(), number, action)

    def claim(self, number: str) -> Claim:
        """A claim's row as it is now."""
        with session(self.engine) as current:
            return current.execute(select(Claim).where(Claim.number == number)).scalar_one()

    def state(self, number: str) -> State:
        """Where a claim stands now."""
        return self.claim(number).state

    def money(self, number: str, purpose: Purpose = Purpose.subsidy) -> ClaimMoney:
        """One purpose's money now."""
        with session(self.engine) as current:
            return current.get_one(ClaimMoney, (self.claim(number).id, purpose))

    def amounts(
        self, number: str, purpose: Purpose = Purpose.subsidy
    ) -> tuple[int | None, int, int]:
        """Approved, committed and paid, in yuan."""
        money = self.money(number, purpose)
        approved = None if money.approved_fen is None else money.approved_fen // 100
        return approved, money.committed_fen // 100, money.paid_fen // 100

    def line(self, code: str = "K01") -> tuple[int, int]:
        """Committed and paid on a line, in yuan."""
        with session(self.engine) as current:
            row = current.execute(select(BudgetLine).where(BudgetLine.code == code)).scalar_one()
            return row.committed_fen // 100, row.paid_fen // 100

    def counter(self) -> dict[str, int]:
        """The cap counters: party and rule → committed, in yuan."""
        with session(self.engine) as current:
            rows = current.execute(select(CapCounter)).scalars()
            return {f"{row.party}:{row.rule_key}": row.committed_fen // 100 for row in rows}

    def events(self, number: str) -> list[ClaimEvent]:
        """A claim's events."""
        statement = select(ClaimEvent).where(ClaimEvent.claim_id == self.claim(number).id)
        with session(self.engine) as current:
            return list(current.execute(statement.order_by(ClaimEvent.position)).scalars())

    def change(self, table: type[Any], where: Any, **values: object) -> None:
        """Somebody outside the workflow changes a row."""
        with self.session() as current:
            current.execute(update(table).where(where).values(**values))
            if table is Agreement:
                recount(current)

    def tie(
        self, who: str, *, from_on: date = TODAY, to_on: date | None = None, **party: int
    ) -> None:
        """Somebody is tied to a party."""
        account_id = self.people[who].account_id
        with self.session() as current:
            current.add(
                Tie(account_id=account_id, kind="亲属", from_on=from_on, to_on=to_on,
                    reported_by_id=account_id, reported_at_utc=NOON, **party)
            )  # fmt: skip

    def ceiling(self, yuan: int, code: str = "K01") -> None:
        """Set what a line may hold."""
        self.change(BudgetLine, BudgetLine.code == code, ceiling_fen=yuan * 100)

    @contextmanager
    def refused(self, kind: type[Refusal], words: str = "") -> Iterator[None]:
        """What happens inside is refused in these words, and leaves no trace."""
        before = self.traces()
        with pytest.raises(kind, match=words or None):
            yield
        assert self.traces() == before

    def traces(self) -> tuple[object, ...]:
        """Everything a step writes, counted and summed."""
        with session(self.engine) as current:
            return tuple(
                tuple(current.execute(statement).all())
                for statement in (
                    select(Claim.number, Claim.state, Claim.version, Claim.round, Claim.facts_digest),
                    select(ClaimMoney.claim_id, ClaimMoney.approved_fen, ClaimMoney.committed_fen, ClaimMoney.paid_fen),
                    select(BudgetLine.code, BudgetLine.committed_fen, BudgetLine.paid_fen),
                    select(func.count()).select_from(ClaimEvent),
                )
            )  # fmt: skip

    def is_sound(self) -> bool:
        """The record verifies, and the kept counts are those of a full count."""
        with session(self.engine) as current:
            broken = verify(current).first_broken
            assert broken is None, str(broken)
            assert tally(current) == full_count(current)
            assert kept_waits(current) == summed_waits(current)
            assert kept_clocks(current) == counted_clocks(current)
            assert signals_agree(current)
        return True


def cover(actor: Actor, role: Role) -> Actor:
    """The same person, covering for a colleague today as well."""
    grant = GrantFacts(actor.grants[0].id, role, TODAY, TODAY, is_cover=True)
    return replace(actor, grants=(*actor.grants, grant))


def tally(current: Session) -> dict[tuple[str, State], tuple[int, int]]:
    """The kept counts, empty ones left out."""
    rows = current.execute(select(ClaimTally)).scalars()
    return {
        (r.filed_month, r.state): (r.claims, r.asked_fen) for r in rows if r.claims or r.asked_fen
    }


def full_count(current: Session) -> dict[tuple[str, State], tuple[int, int]]:
    """The same, counted."""
    statement = select(Claim.filed_month, Claim.state, func.count(), func.sum(Claim.asked_fen))
    rows = current.execute(statement.group_by(Claim.filed_month, Claim.state))
    return {(month, state): (number, int(fen)) for month, state, number, fen in rows}


def kept_waits(current: Session) -> dict[tuple[int, date], int]:
    """What waits on the lines, as it is kept; empty days left out."""
    rows = current.execute(select(LineWait).where(LineWait.waiting_fen != 0)).scalars()
    return {(row.budget_line_id, row.pending_on): row.waiting_fen for row in rows}


def summed_waits(current: Session) -> dict[tuple[int, date], int]:
    """The same, summed over the claims."""
    key = (ClaimMoney.budget_line_id, ClaimMoney.pending_on)
    statement = select(*key, func.sum(ClaimMoney.entitled_fen)).group_by(*key)
    rows = current.execute(statement.where(*(column.is_not(None) for column in key)))
    return {(line, on): int(fen) for line, on, fen in rows if fen}


def kept_clocks(current: Session) -> dict[tuple[State, date, date], int]:
    """How long claims lay with the bodies, as it is kept; what was undone left out."""
    rows = current.execute(select(ClockTally).where(ClockTally.claims != 0)).scalars()
    return {(row.state, row.since_on, row.left_on): row.claims for row in rows}


def counted_clocks(current: Session) -> dict[tuple[State, date, date], int]:
    """The same, counted claim by claim out of its steps."""
    found: Counter[tuple[State, date, date]] = Counter()
    events = current.execute(select(ClaimEvent).order_by(ClaimEvent.claim_id, ClaimEvent.position))
    arrived: dict[tuple[int, State], date] = {}
    passes: dict[int, tuple[State, date, date]] = {}
    for event in events.scalars():
        on = office_day(event.at_utc)
        if event.action is Action.undo_pre_review:
            found[passes[event.claim_id]] -= 1
        elif event.action in LEAVES and event.from_state in CLOCK_STATES:
            key = (event.from_state, arrived[event.claim_id, event.from_state], on)
            found[key] += 1
            if event.action is Action.pass_pre_review:
                passes[event.claim_id] = key
        if event.action not in NO_ARRIVAL:
            arrived[event.claim_id, event.to_state] = on
    return {key: claims for key, claims in found.items() if claims}


def make_town(engine: Engine) -> Town:
    """The world and its neighbours in an empty database; the clock must stand at `NOON`."""
    town = Town(**vars(make_world(engine)))
    with town.session() as current:
        _neighbours(current, town)
        _colleagues(current, town)
        _second_service(current, town)
        recount(current)
    return town


def _neighbours(current: Session, town: Town) -> None:
    agency = Agency(
        uscc="91210231MA0XY0004D", name="大连示例乙机构有限公司", joined_on=date(2025, 11, 20),
        payee_name="大连示例乙机构有限公司", payee_account="6222020200003333", changed_at_utc=NOON,
    )  # fmt: skip
    enterprise = Enterprise(
        uscc="91210231MA0XY0005B", name="大连示例丑企业有限公司", joined_on=date(2026, 3, 2),
        payee_name="大连示例丑企业有限公司", payee_account="6222020200004444", changed_at_utc=NOON,
    )  # fmt: skip
    current.add_all((agency, enterprise))
    current.flush()
    town.agency2_id, town.enterprise2_id = agency.id or 0, enterprise.id or 0
    current.add(AgencyScope(agency_id=agency.id, service_code="hnte_first"))
    _account(current, town, "agency2", Role.agency, agency_id=agency.id)


def _colleagues(current: Session, town: Town) -> None:
    for username, role in COLLEAGUES.items():
        _account(current, town, username, role)


def _account(current: Session, town: Town, username: str, role: Role, **party: int | None) -> None:
    account = Account(
        username=username, display_name=f"{username} 1", password_hash="-", created_at_utc=NOON,
        password_changed_at_utc=NOON, **party,
    )  # fmt: skip
    current.add(account)
    current.flush()
    grant = Grant(
        account_id=account.id, role=role, valid_from=date(2026, 1, 1), granted_at_utc=NOON
    )
    current.add(grant)
    current.flush()
    town.people[username] = Actor(
        account.id, account.display_name, (GrantFacts(grant.id, role, grant.valid_from),),
        account.agency_id, account.enterprise_id,
    )  # fmt: skip


def _second_service(current: Session, town: Town) -> None:
    """Software copyright: per piece, held to a yearly cap of the agency, no reward, line K02."""
    current.add(
        PolicyRule(
            key="S-02", place="大连高新区", standing=Standing.in_force, document="示例标准", clause="S-02",
            title_zh="软件著作权", service_code="software_copyright", purpose=Purpose.subsidy,
            payee=Payee.agency, kind=StandardKind.flat, parameters={"amount_fen": SOFTWARE_FEN},
            enterprise_year_cap_fen=3 * SOFTWARE_FEN, budget_code="K02", valid_from=date(2026, 1, 1),
            confirmed_at_utc=NOON,
        )
    )  # fmt: skip
    current.add(BudgetLine(year=2026, code="K02", ceiling_fen=100_000_000, confirmed_at_utc=NOON))
    for name, parties in {
        "software": (town.enterprise_id, town.agency_id, "software_copyright"),
        "second": (town.enterprise2_id, town.agency2_id, "hnte_first"),
        "other": (town.enterprise2_id, town.agency_id, "hnte_first"),
    }.items():
        enterprise_id, agency_id, service = parties
        agreement = Agreement(
            number=f"XY-2026-{name}", enterprise_id=enterprise_id, agency_id=agency_id,
            service_code=service, signed_on=date(2026, 4, 18), work_started_on=date(2026, 4, 25),
            fee_fen=3_600_000 if service == "hnte_first" else 200_000, filing=Filing.confirmed,
            filing_number=f"BA-{name}", filing_confirmed_on=date(2026, 4, 22), changed_at_utc=NOON,
        )  # fmt: skip
        current.add(agreement)
        current.flush()
        town.agreements[name] = agreement.id or 0
