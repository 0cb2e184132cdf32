"""One month's unified application (月度统一申请): what is in, what may be sent, what was held back or
returned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import office_day
from models.queries.reasons import reasons_on
from models.rules.claim_workflow import Action, State
from models.rules.digest import facts_digest
from models.rules.entitlement import Purpose
from models.tables.agreements import Agreement, Result
from models.tables.claims import Batch, BatchRow, Claim, ClaimEvent, ClaimMoney, ClaimTally
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account
from models.tables.reference import ResultKind, ServiceType


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One line of the official table (汇总表), as it is frozen when sent; money in fen."""

    claim_id: int
    number: str
    filed_month: str
    enterprise: str
    enterprise_uscc: str
    agency: str
    agency_uscc: str
    filing_number: str
    service: str
    result_kind: str
    result: str
    obtained_on: date
    fee_fen: int
    asked_fen: int
    subsidy_fen: int
    reward_fen: int | None
    payee_name: str
    payee_bank: str
    payee_account: str
    contact_name: str
    contact_phone: str
    pre_reviewed_by: str
    pre_reviewed_on: str
    note: str

    def as_json(self) -> dict[str, Any]:
        """The stored form: dates as ISO text."""
        return {**asdict(self), "obtained_on": self.obtained_on.isoformat()}

    @classmethod
    def of(cls, values: dict[str, Any]) -> MonthRow:
        """The line of a row of `table_lines`."""
        rest = {name: value for name, value in values.items() if name != "passed_at_utc"}
        return cls(**rest, pre_reviewed_on=office_day(values["passed_at_utc"]).isoformat())

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> MonthRow:
        """The line that `as_json` stored."""
        return cls(**{**stored, "obtained_on": date.fromisoformat(stored["obtained_on"])})


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A claim of the month that is held back (暂缓) or returned (退回), with the decision's reasons,
    as it is frozen when the month is sent."""

    number: str
    enterprise: str
    agency: str
    service: str
    asked_fen: int
    reasons: tuple[str, ...]
    reasons_said: tuple[str, ...]  # code and Chinese name, as they are printed
    note: str
    decided_by: str  # empty: the system
    decided_at_utc: datetime

    def as_json(self) -> dict[str, Any]:
        """The stored form: the instant as ISO text, UTC."""
        at_utc = self.decided_at_utc.astimezone(UTC).isoformat(timespec="microseconds")
        listed = {"reasons": [*self.reasons], "reasons_said": [*self.reasons_said]}
        return {**asdict(self), **listed, "decided_at_utc": at_utc}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> WaitingRow:
        """The row that `as_json` stored."""
        read = {name: tuple(stored[name]) for name in ("reasons", "reasons_said")}
        at_utc = datetime.fromisoformat(stored["decided_at_utc"])
        return cls(**{**stored, **read, "decided_at_utc": at_utc})


@dataclass(frozen=True, slots=True)
class Annexes:
    """The lists that go with a month's table: what was held back (暂缓), what was returned (退回)."""

    held: tuple[WaitingRow, ...]
    returned: tuple[WaitingRow, ...]

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "held": [row.as_json() for row in self.held],
            "returned": [row.as_json() for row in self.returned],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Annexes:
        """The lists that `as_json` stored."""
        return cls(
            tuple(WaitingRow.from_json(row) for row in stored["held"]),
            tuple(WaitingRow.from_json(row) for row in stored["returned"]),
        )


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A claim that left a sent month (退出): the step that led it out, with its reasons."""

    number: str
    action: Action
    reasons: tuple[str, ...]
    note: str
    left_at_utc: datetime


@dataclass(frozen=True, slots=True)
class SentMonth:
    """A sent month as it was frozen, and the rows that left it since."""

    month: str
    sent_at_utc: datetime
    sent_by: str
    rows: int
    total_fen: int
    digest: str
    chain_head: str
    annexes: Annexes
    left: tuple[LeftRow, ...]


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many claims of a month stand in a state, and what they ask."""

    state: State
    claims: int
    asked_fen: int


def claims_to_send(session: Session, month: str) -> dict[int, str]:
    """Every pre-reviewed claim filed in the month or before, in the order of the table: id →
    number."""
    statement = (
        select(Claim.id, Claim.number).where(*waits_for_sending(month)).order_by(col(Claim.number))
    )
    return dict(session.execute(statement).all())


def lines_to_send(session: Session, month: str) -> list[MonthRow]:
    """The lines those claims would have in the table."""
    return _month_rows(session, table_lines().where(*waits_for_sending(month)))


def lines_of(session: Session, claim_ids: Iterable[int]) -> list[MonthRow]:
    """The lines of some pre-reviewed claims, in the order of the table."""
    return _month_rows(session, table_lines().where(col(Claim.id).in_(list(claim_ids))))


def sent_lines(session: Session, month: str) -> list[MonthRow]:
    """The frozen lines of a sent month."""
    statement = (
        select(BatchRow.line)
        .join(Batch, col(Batch.id) == BatchRow.batch_id)
        .where(col(Batch.month) == month)
        .order_by(col(BatchRow.position))
    )
    return [MonthRow.from_json(line) for line in session.execute(statement).scalars()]


def sent_month(session: Session, month: str) -> SentMonth | None:
    """What was frozen when the month was sent; `None` if it was not."""
    row = session.execute(
        select(Batch, Account.display_name)
        .join(Account, col(Account.id) == Batch.sent_by_id)
        .where(col(Batch.month) == month)
    ).first()
    if row is None:
        return None
    batch: Batch = row.Batch
    left = session.execute(
        select(
            Claim.number, ClaimEvent.action, ClaimEvent.reasons, ClaimEvent.note, ClaimEvent.at_utc
        )
        .select_from(BatchRow)
        .join(Claim, col(Claim.id) == BatchRow.claim_id)
        .join(ClaimEvent, col(ClaimEvent.id) == BatchRow.left_event_id)
        .where(col(BatchRow.batch_id) == batch.id)
        .order_by(col(BatchRow.position))
    )
    return SentMonth(
        batch.month, batch.sent_at_utc, row.display_name, batch.rows, batch.total_fen,
        batch.digest, batch.chain_head, Annexes.from_json(batch.annexes),
        tuple(
            LeftRow(gone.number, gone.action, tuple(gone.reasons), gone.note, gone.at_utc)
            for gone in left
        ),
    )  # fmt: skip


def frozen_digest(lines: Iterable[dict[str, Any]], annexes: dict[str, Any]) -> str:
    """The digest of all that a sent month freezes: its lines and its annexes, as stored."""
    return facts_digest({"rows": [*lines], **annexes})


def annexes_now(session: Session, month: str) -> Annexes:
    """What is held back and returned of the month at this moment."""
    return Annexes(
        tuple(waiting_rows(session, month, State.on_hold)),
        tuple(waiting_rows(session, month, State.returned)),
    )


def waiting_rows(session: Session, month: str, state: State) -> list[WaitingRow]:
    """The month's claims in `on_hold` or `returned`, each with its last decision."""
    names = {code: f"{code} {reason.name_zh}" for code, reason in reasons_on(session).items()}
    own = aliased(ClaimEvent)
    last = select(func.max(own.position)).where(col(own.claim_id) == Claim.id).scalar_subquery()
    statement = (
        select(
            Claim.number, col(Enterprise.name).label("enterprise"),
            col(Agency.name).label("agency"),
            col(ServiceType.name_zh).label("service"), Claim.asked_fen, ClaimEvent.reasons,
            ClaimEvent.note, Account.display_name, ClaimEvent.at_utc,
        )
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .join(ServiceType, col(ServiceType.code) == Claim.service_code)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .where(col(ClaimEvent.position) == last)
        .outerjoin(Account, col(Account.id) == ClaimEvent.account_id)
        .where(col(Claim.filed_month) == month, col(Claim.state) == state)
        .order_by(col(Claim.number))
    )  # fmt: skip
    return [
        WaitingRow(
            row.number, row.enterprise, row.agency, row.service, row.asked_fen,
            tuple(row.reasons),
            tuple(names.get(code, code) for code in row.reasons),
            row.note, row.display_name or "", row.at_utc,
        )
        for row in session.execute(statement)
    ]  # fmt: skip


def month_totals(session: Session, month: str) -> list[StateTotal]:
    """The month by state, from the kept counts, in the workflow's order; empty states left out."""
    statement = select(ClaimTally).where(
        col(ClaimTally.filed_month) == month, col(ClaimTally.claims) > 0
    )
    rows = {tally.state: tally for tally in session.execute(statement).scalars()}
    return [
        StateTotal(state, rows[state].claims, rows[state].asked_fen)
        for state in State
        if state in rows
    ]


def months_with_claims(session: Session) -> list[str]:
    """Every month in which claims were filed, newest first."""
    statement = (
        select(ClaimTally.filed_month).distinct().order_by(col(ClaimTally.filed_month).desc())
    )
    return list(session.execute(statement).scalars())


def months_sent(session: Session) -> list[str]:
    """Every month that was sent, newest first."""
    return list(session.execute(select(Batch.month).order_by(col(Batch.month).desc())).scalars())


def waits_for_sending(month: str) -> tuple[Any, ...]:
    """The conditions of a claim that waits for the month's sending: passed, filed by then."""
    return col(Claim.state) == State.pre_reviewed, col(Claim.filed_month) <= month


def table_lines() -> Select[Any]:
    """Every claim as a line of the table; `waits_for_sending` says which are meant."""
    subsidy, reward = aliased(ClaimMoney), aliased(ClaimMoney)
    passed = aliased(ClaimEvent)
    last_pass = (
        select(func.max(ClaimEvent.position))
        .where(
            col(ClaimEvent.claim_id) == Claim.id,
            col(ClaimEvent.action) == Action.pass_pre_review,
        )
        .scalar_subquery()
    )
    return (
        select(
            col(Claim.id).label("claim_id"), Claim.number, Claim.filed_month,
            col(Enterprise.name).label("enterprise"),
            col(Enterprise.uscc).label("enterprise_uscc"),
            col(Agency.name).label("agency"), col(Agency.uscc).label("agency_uscc"),
            Agreement.filing_number, col(ServiceType.name_zh).label("service"),
            col(ResultKind.name_zh).label("result_kind"), col(Result.normalised).label("result"),
            Result.obtained_on, Agreement.fee_fen, Claim.asked_fen,
            col(subsidy.approved_fen).label("subsidy_fen"),
            col(reward.approved_fen).label("reward_fen"),
            Claim.payee_name, Agency.payee_bank, Claim.payee_account, Agency.contact_name,
            Agency.contact_phone, col(Account.display_name).label("pre_reviewed_by"),
            col(passed.at_utc).label("passed_at_utc"), passed.note,
        )
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .join(Agreement, col(Agreement.id) == Claim.agreement_id)
        .join(ServiceType, col(ServiceType.code) == Claim.service_code)
        .join(Result, col(Result.id) == Claim.result_id)
        .join(ResultKind, col(ResultKind.code) == Result.kind_code)
        .join(
            subsidy,
            and_(col(subsidy.claim_id) == Claim.id, col(subsidy.purpose) == Purpose.subsidy),
        )
        .outerjoin(
            reward,
            and_(col(reward.claim_id) == Claim.id, col(reward.purpose) == Purpose.reward),
        )
        .join(passed, (col(passed.claim_id) == Claim.id) & (col(passed.position) == last_pass))
        .join(Account, col(Account.id) == passed.account_id)
        .order_by(col(Claim.number))
    )  # fmt: skip


def _month_rows(session: Session, statement: Select[Any]) -> list[MonthRow]:
    return [MonthRow.of(row._asdict()) for row in session.execute(statement)]
