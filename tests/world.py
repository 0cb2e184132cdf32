"""A small world for tests: the reference data, one enterprise, one agency, a standard, a line, and
people.

`World` writes organisations and policy as rows (they are what the actions start from) and
everything after that through the actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from models.actions.claims import ClaimDraft, file_claim
from models.actions.evidence import add_evidence
from models.actions.rating_counts import write_counts
from models.actions.rating_recount import counted_anew
from models.actions.steps import Seen, StepTaken, system_actor, take_step
from models.clock import now_utc, standing_at
from models.database import session
from models.queries.claim_card import ClaimCard, claim_card
from models.rules.claim_workflow import Action
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.roles import Actor, GrantFacts, Role
from models.tables.agreements import Agreement, Filing
from models.tables.money import BudgetLine, PolicyRule, Standing
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account, Grant
from seed.reference_data import seed_reference
from seed.target_data import target_tables

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday 20 November 2026, noon at the office."""
TODAY = date(2026, 11, 20)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
PAPERS = ("M01", "M02", "M03", "M04")


Story = Callable[[Engine], Any]
"""Makes a world in an empty database and returns it."""
Copier = Callable[[str, Story], tuple[Any, str]]
"""Kind of database and story → what the story returned, and the URL of a copy of its database
(fixture `copied`)."""
Opener = Callable[[Story], Any]
"""Opens a world of the test's own, a copy of the one the story made (fixture `opened`)."""


@dataclass
class World:
    """Who and what a test works with; made by `make_world`."""

    engine: Engine
    people: dict[str, Actor] = field(default_factory=dict)
    enterprise_id: int = 0
    agency_id: int = 0
    agreement_id: int = 0
    budget_id: int = 0
    filed: int = 0

    def session(self) -> Session:
        """One writing transaction as a context manager."""
        return session(self.engine, write=True)  # type: ignore[return-value]

    def draft(self, **changes: object) -> ClaimDraft:
        """A clean claim's draft with a number of its own."""
        self.filed += 1
        values: dict[str, object] = {
            "number": f"2026-11-{self.filed:04d}",
            "agreement_id": self.agreement_id,
            "result_kind_code": "hnte_first_cert",
            "result_printed": f"GR20262100{self.filed:04d}",
            "obtained_on": date(2026, 10, 16),
            "filed_month": "2026-11",
            "filed_on": date(2026, 11, 5),
            "asked_fen": 5_000_000,
            "payee_name": "大连示例甲机构有限公司",
            "payee_account": "6222020200001111",
            "requested_on": date(2026, 10, 20),
            "confirmed_on": date(2026, 11, 3),
            "paid_before_fen": 0,
            "paid_after_fen": 0,
            "satisfaction": 5,
        }
        return ClaimDraft(**{**values, **changes})  # type: ignore[arg-type]

    def file(self, *, papers: tuple[str, ...] = PAPERS, **changes: object) -> str:
        """File a claim with its papers; its number."""
        draft = self.draft(**changes)
        with standing_at(now_utc() - timedelta(days=15)), self.session() as current:
            file_claim(current, self.people["importer"], draft, on_behalf=True)
            for code in papers:
                add_evidence(
                    current,
                    self.people["importer"],
                    draft.number,
                    code,
                    f"{code}.pdf",
                    PDF + draft.number.encode() + code.encode(),
                    on_behalf=True,
                )
        return draft.number

    def card(self, who: str, number: str) -> ClaimCard:
        """A claim as somebody sees it now."""
        with session(self.engine) as current:
            return claim_card(current, self.people[who], number)

    def seen(self, who: str, number: str) -> Seen:
        """What somebody has on screen."""
        card = self.card(who, number)
        verdicts = {finding.code: finding.verdict.value for finding in card.findings}
        return Seen(card.claim.version, card.digest, verdicts)

    def step(self, who: str, number: str, action: Action, **given: object) -> StepTaken:
        """Somebody looks at a claim and takes a step."""
        given.setdefault("seen", self.seen(who, number))
        with self.session() as current:
            return take_step(current, self.people[who], number, action, **given)  # type: ignore[arg-type]


@contextmanager
def later(**passed: float) -> Iterator[None]:
    """The clock some time after where it stands: `later(days=20)`, `later(minutes=11)`."""
    with standing_at(now_utc() + timedelta(**passed)):
        yield


def make_world(engine: Engine) -> World:
    """The world in an empty database; the clock must stand at `NOON` (fixture `world`)."""
    world = World(engine)
    with world.session() as current:
        seed_reference(current, system_actor())
        _indicators(current)
        _organisations(current, world)
        _people(current, world)
        _policy(current, world)
        _agreement(current, world)
        write_counts(current, counted_anew(current))
    return world


def _indicators(current: Session) -> None:
    """Places, themes and indicators: what figures are entered of."""
    for rows in islice(target_tables(), 3):
        current.add_all(rows)
        current.flush()


def _organisations(current: Session, world: World) -> None:
    enterprise = Enterprise(
        uscc="91210231MA0XY0001K", name="大连示例子企业有限公司", joined_on=date(2026, 3, 2),
        registered_on=date(2024, 1, 5), payee_name="大连示例子企业有限公司",
        payee_bank="示例银行大连分行", payee_account="6222020200002222", contact_name="联系人 1",
        changed_at_utc=NOON,
    )  # fmt: skip
    agency = Agency(
        uscc="91210231MA0XY0002H", name="大连示例甲机构有限公司", joined_on=date(2025, 11, 20),
        payee_name="大连示例甲机构有限公司", payee_bank="示例银行大连分行",
        payee_account="6222020200001111", changed_at_utc=NOON,
    )  # fmt: skip
    current.add_all((enterprise, agency))
    current.flush()
    assert enterprise.id and agency.id
    world.enterprise_id, world.agency_id = enterprise.id, agency.id
    for service in ("hnte_first", "software_copyright"):
        current.add(AgencyScope(agency_id=agency.id, service_code=service))


PEOPLE = {
    "importer": Role.alliance_reviewer,
    "reviewer": Role.alliance_reviewer,
    "reviewer2": Role.alliance_reviewer,
    "lead": Role.alliance_lead,
    "leader": Role.leader,
    "agency": Role.agency,
    "enterprise": Role.enterprise,
    "bureau": Role.bureau,
    "committee": Role.committee,
    "finance": Role.finance,
    "auditor": Role.auditor,
    "administrator": Role.administrator,
}


def _people(current: Session, world: World) -> None:
    for username, role in PEOPLE.items():
        account = Account(
            username=username, display_name=f"{username} 1", password_hash="-",
            agency_id=world.agency_id if role is Role.agency else None,
            enterprise_id=world.enterprise_id if role is Role.enterprise else None,
            created_at_utc=NOON, password_changed_at_utc=NOON,
        )  # fmt: skip
        current.add(account)
        current.flush()
        grant = Grant(
            account_id=account.id, role=role, valid_from=date(2026, 1, 1), granted_at_utc=NOON
        )
        current.add(grant)
        current.flush()
        assert account.id and grant.id
        world.people[username] = Actor(
            account.id, account.display_name, (GrantFacts(grant.id, role, grant.valid_from),),
            account.agency_id, account.enterprise_id,
        )  # fmt: skip


def _policy(current: Session, world: World) -> None:
    for purpose, payee, amount_fen in (
        (Purpose.subsidy, Payee.agency, 5_000_000),
        (Purpose.reward, Payee.enterprise, 2_000_000),
    ):
        current.add(
            PolicyRule(
                key=f"S-01-{purpose.value}", place="大连高新区", standing=Standing.in_force,
                document="示例标准", clause="S-01", title_zh="高企认定（首次）",
                service_code="hnte_first", purpose=purpose, payee=payee,
                kind=StandardKind.flat, parameters={"amount_fen": amount_fen},
                agency_year_cap_fen=80_000_000 if purpose is Purpose.subsidy else None,
                budget_code="K01", valid_from=date(2026, 1, 1), confirmed_at_utc=NOON,
            )
        )  # fmt: skip
    line = BudgetLine(
        year=2026,
        code="K01",
        name_zh="科技创新服务",
        ceiling_fen=1_000_000_000,
        confirmed_at_utc=NOON,
    )
    current.add(line)
    current.flush()
    assert line.id
    world.budget_id = line.id


def _agreement(current: Session, world: World) -> None:
    agreement = Agreement(
        number="XY-2026-001", enterprise_id=world.enterprise_id, agency_id=world.agency_id,
        service_code="hnte_first", signed_on=date(2026, 4, 18), fee_fen=3_600_000,
        work_started_on=date(2026, 4, 25), filing=Filing.confirmed, filing_number="BA-2026-001",
        filing_confirmed_on=date(2026, 4, 22), changed_at_utc=NOON,
    )  # fmt: skip
    current.add(agreement)
    current.flush()
    assert agreement.id
    world.agreement_id = agreement.id
