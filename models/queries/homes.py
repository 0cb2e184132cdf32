"""What the start page says besides the queue: to an enterprise, to an agency with claims to put
right, to the administrator, to the lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.queries.admissions import admissions_waiting
from models.queries.agreements import AgreementFilter, turn_size
from models.queries.complaints import complaints_waiting
from models.queries.covers import CoverRow, covers_listed
from models.queries.needs import requests_waiting
from models.queries.paging import Count
from models.queries.people import in_force_on
from models.queries.rating_home import OwnGrade, RatingTurn, own_grade, rating_turns
from models.queries.settings import calendar, whole_number
from models.queries.sign_in_blocks import SignInBlock, blocks_now
from models.queries.trainings import trainings_waiting
from models.rules.claim_workflow import OFFICE_ROLE, WAITING, Action, State, states_held_by
from models.rules.entitlement import Purpose
from models.rules.roles import Actor, Office, Permission, Role
from models.rules.wording import Wording
from models.tables.agreements import Agreement, Confirmation, Filing, Result
from models.tables.claims import Claim, ClaimEvent, ClaimMoney, Evidence
from models.tables.organisations import Admission, Agency, Enterprise
from models.tables.people import Account, Grant, Tie

SHOWN = 12
ENDS_WITHIN_DAYS = 30
NAMED_CLAIMS = 20


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """A service agreement of one's own enterprise."""

    number: str
    agency: str
    service_code: str
    signed_on: date
    fee_fen: int
    upfront_fee_fen: int
    filing: Filing
    filing_is_imported: bool = False

    @property
    def has_letter(self) -> bool:
        """Whether its filing was confirmed here, so that there is a letter of it (备案确认书)."""
        return self.filing is Filing.confirmed and not self.filing_is_imported


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim for one's own enterprise: where it stands, and the reward it brings."""

    number: str
    agency: str
    service_code: str
    state: State
    reward_fen: int | None
    reward_paid_fen: int


@dataclass(frozen=True, slots=True)
class AnswerAsked:
    """A service the enterprise is asked to confirm (企业确认)."""

    agency: str
    service_code: str
    result: str
    requested_on: date


@dataclass(frozen=True, slots=True)
class ToPutRight:
    """A claim returned to its agency: every fault named at once, and the last day to answer."""

    number: str
    enterprise: str
    service_code: str
    reasons: tuple[str, ...]
    note: str
    due: Wording


@dataclass(frozen=True, slots=True)
class GrantEnding:
    """A grant that ends soon."""

    username: str
    name: str
    role: Role
    valid_to: date
    is_cover: bool


@dataclass(frozen=True, slots=True)
class AgencyWithoutAccount:
    """An admitted agency nobody can sign in for."""

    uscc: str
    name: str
    joined_on: date


@dataclass(frozen=True, slots=True)
class WithoutAccount:
    """Admitted agencies without an account: how many, and the newest of them."""

    agencies: int = 0
    newest: tuple[AgencyWithoutAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """Claims nobody may decide (无可办理人): how many, and the first of them."""

    claims: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The start page's own part; what is not for this person is empty.

    Attributes:
        agreements_waiting: agreements that wait for this person; `None` for who takes no step.
        needs_waiting: needs whose request waits for this person's agency.
        complaints_waiting: complaints that wait for this person; `None` for who takes no step.
        trainings_waiting: trainings to register for, or whose attendance is to be recorded.
        admissions_waiting: applications for admission that wait; `None` for whom none can.
        grade: of the agency this person speaks for.
        ratings: what waits in the rating periods for the alliance.
    """

    agreements: tuple[OwnAgreement, ...] = ()
    claims: tuple[OwnClaim, ...] = ()
    answers: tuple[AnswerAsked, ...] = ()
    to_put_right: tuple[ToPutRight, ...] = ()
    blocks: tuple[SignInBlock, ...] = ()
    endings: tuple[GrantEnding, ...] = ()
    without_account: WithoutAccount = WithoutAccount()
    covers: tuple[CoverRow, ...] = ()
    agreements_waiting: Count | None = None
    needs_waiting: int = 0
    complaints_waiting: Count | None = None
    trainings_waiting: int = 0
    admissions_waiting: Count | None = None
    grade: OwnGrade | None = None
    ratings: tuple[RatingTurn, ...] = ()


def home_of(session: Session, actor: Actor, day: date) -> Home:
    """What the start page says to this person besides their queue."""
    manages = actor.may(Permission.manage_accounts)
    return Home(
        agreements=own_agreements(session, actor),
        claims=own_claims(session, actor),
        answers=answers_asked(session, actor),
        to_put_right=claims_to_put_right(session, actor),
        blocks=blocks_now(session, actor) if manages else (),
        endings=grants_ending(session, day) if manages else (),
        without_account=agencies_without_account(session) if manages else WithoutAccount(),
        covers=covers_listed(session, actor, day) if actor.may(Permission.see_covers) else (),
        agreements_waiting=turn_size(session, actor, AgreementFilter()),
        needs_waiting=requests_waiting(session, actor),
        complaints_waiting=complaints_waiting(session, actor),
        trainings_waiting=trainings_waiting(session, actor),
        admissions_waiting=admissions_waiting(session, actor),
        grade=own_grade(session, actor),
        ratings=rating_turns(session, actor),
    )


# ---------------------------------------------------------------- an enterprise


def own_agreements(session: Session, actor: Actor) -> tuple[OwnAgreement, ...]:
    """The newest agreements of the enterprise this person speaks for."""
    if not _speaks_for_enterprise(actor):
        return ()
    statement = (
        select(
            Agreement.number, Agency.name, Agreement.service_code, Agreement.signed_on,
            Agreement.fee_fen, Agreement.upfront_fee_fen, Agreement.filing,
            Agreement.filing_is_imported,
        )
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .where(col(Agreement.enterprise_id) == actor.enterprise_id)
        .order_by(col(Agreement.signed_on).desc(), col(Agreement.id).desc())
        .limit(SHOWN)
    )  # fmt: skip
    return tuple(OwnAgreement(*row) for row in session.execute(statement))


def own_claims(session: Session, actor: Actor) -> tuple[OwnClaim, ...]:
    """The newest claims filed for that enterprise; a draft is the agency's own business."""
    if not _speaks_for_enterprise(actor):
        return ()
    reward = and_(col(ClaimMoney.claim_id) == Claim.id, col(ClaimMoney.purpose) == Purpose.reward)
    statement = (
        select(
            Claim.number, Agency.name, Claim.service_code, Claim.state,
            ClaimMoney.approved_fen, ClaimMoney.paid_fen,
        )
        .join(Agency, col(Agency.id) == Claim.agency_id)
        .outerjoin(ClaimMoney, reward)
        .where(col(Claim.enterprise_id) == actor.enterprise_id, col(Claim.state) != State.draft)
        .order_by(col(Claim.id).desc())
        .limit(SHOWN)
    )  # fmt: skip
    return tuple(
        OwnClaim(number, agency, service, State(state), reward_fen, paid_fen or 0)
        for number, agency, service, state, reward_fen, paid_fen in session.execute(statement)
    )


def answers_asked(session: Session, actor: Actor) -> tuple[AnswerAsked, ...]:
    """Services that enterprise is asked to confirm and has not answered for, the oldest first."""
    if not _speaks_for_enterprise(actor):
        return ()
    statement = (
        select(Agency.name, Agreement.service_code, Result.printed, Confirmation.requested_on)
        .select_from(Confirmation)
        .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
        .join(Agency, col(Agency.id) == Agreement.agency_id)
        .join(Result, col(Result.id) == Confirmation.result_id)
        .where(
            col(Agreement.enterprise_id) == actor.enterprise_id,
            col(Confirmation.requested_on).is_not(None),
            col(Confirmation.confirmed_on).is_(None),
        )
        .order_by(col(Confirmation.requested_on), col(Confirmation.id))
        .limit(SHOWN)
    )
    return tuple(AnswerAsked(*row) for row in session.execute(statement))


def _speaks_for_enterprise(actor: Actor) -> bool:
    return Role.enterprise in actor.roles and actor.enterprise_id is not None


# ---------------------------------------------------------------- an agency


def claims_to_put_right(session: Session, actor: Actor) -> tuple[ToPutRight, ...]:
    """The claims returned to the agency this person speaks for, the most pressing first."""
    if Role.agency not in actor.roles or actor.agency_id is None:
        return ()
    own = aliased(ClaimEvent)
    last = (
        select(func.max(own.position))
        .where(col(own.claim_id) == Claim.id, col(own.to_state) == State.returned)
        .scalar_subquery()
    )
    statement = (
        select(Claim, col(Enterprise.name).label("enterprise"), ClaimEvent.reasons, ClaimEvent.note)
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .where(
            col(Claim.agency_id) == actor.agency_id,
            col(Claim.state) == State.returned,
            col(ClaimEvent.position) == last,
        )
        .order_by(col(Claim.waiting_since_on), col(Claim.id))
        .limit(SHOWN)
    )
    return tuple(
        ToPutRight(
            row.Claim.number, row.enterprise, row.Claim.service_code, tuple(row.reasons),
            row.note, _answer_due(session, row.Claim),
        )
        for row in session.execute(statement)
    )  # fmt: skip


def _answer_due(session: Session, claim: Claim) -> Wording:
    """The last day to answer, marked where it rests on a year not yet announced (暂估)."""
    days = whole_number(session, "return_lapse_working_days")
    return calendar(session).deadline(claim.waiting_since_on, days).words


# ---------------------------------------------------------------- the administrator


def grants_ending(session: Session, day: date) -> tuple[GrantEnding, ...]:
    """Grants in force on a day that end within `ENDS_WITHIN_DAYS`, the next first."""
    statement = (
        select(Account.username, Account.display_name, Grant.role, Grant.valid_to, Grant.is_cover)
        .join(Account, col(Account.id) == Grant.account_id)
        .where(
            col(Account.is_locked).is_(False),
            in_force_on(day),
            col(Grant.valid_to).between(day, day + timedelta(days=ENDS_WITHIN_DAYS)),
        )
        .order_by(col(Grant.valid_to), col(Grant.id))
        .limit(SHOWN)
    )
    return tuple(GrantEnding(*row) for row in session.execute(statement))


def agencies_without_account(session: Session) -> WithoutAccount:
    """Admitted agencies nobody can sign in for, the newest first: neither claims nor replies come
    from them."""
    has_account = exists().where(
        col(Account.agency_id) == Agency.id, col(Account.is_locked).is_(False)
    )
    lacks = and_(col(Agency.admission) == Admission.admitted, ~has_account)
    agencies = session.execute(select(func.count()).where(lacks)).scalar_one()
    newest = (
        select(Agency.uscc, Agency.name, Agency.joined_on)
        .where(lacks)
        .order_by(col(Agency.joined_on).desc(), col(Agency.id).desc())
        .limit(SHOWN)
    )
    return WithoutAccount(
        agencies, tuple(AgencyWithoutAccount(*row) for row in session.execute(newest))
    )


def claims_without_anyone(session: Session, day: date) -> Stuck:
    """Claims at an office none of whose people may decide them (无可办理人): each acted on them at
    another office, or is tied to a party.

    Args:
        session: any transaction.
        day: whose grants count.
    """
    stuck = or_(*(_nobody_at(office, role, day) for office, role in _OFFICES))
    statement = select(Claim.number).where(col(Claim.state).in_(WAITING), stuck)
    numbers = list(session.execute(statement.order_by(col(Claim.number))).scalars())
    return Stuck(len(numbers), tuple(numbers[:NAMED_CLAIMS]))


_OFFICES: Iterable[tuple[Office, Role]] = tuple(
    (office, role) for office, role in OFFICE_ROLE.items() if office is not Office.filing
)
"""Where a claim waits for a person of an office; a claim with its agency waits for the agency."""


def _nobody_at(office: Office, role: Role, day: date) -> ColumnElement[bool]:
    place: Any = func.coalesce(col(Claim.held_from), col(Claim.state))
    somebody = (
        select(Grant.id)
        .join(Account, col(Account.id) == Grant.account_id)
        .where(
            col(Grant.role) == role,
            in_force_on(day),
            col(Account.is_locked).is_(False),
            ~_acted_elsewhere(office),
            ~_tied(day),
        )
        .correlate(Claim)
        .exists()
    )
    return and_(place.in_(states_held_by((office,))), ~somebody)


def _acted_elsewhere(office: Office) -> ColumnElement[bool]:
    stepped = exists().where(
        col(ClaimEvent.claim_id) == Claim.id,
        col(ClaimEvent.account_id) == Grant.account_id,
        col(ClaimEvent.office) != office,
        col(ClaimEvent.action) != Action.release,
    )
    handed_in = exists().where(
        col(Evidence.claim_id) == Claim.id, col(Evidence.uploaded_by_id) == Grant.account_id
    )
    return or_(stepped, handed_in)


def _tied(day: date) -> ColumnElement[bool]:
    return exists().where(
        col(Tie.account_id) == Grant.account_id,
        col(Tie.from_on) <= day,
        or_(col(Tie.to_on).is_(None), col(Tie.to_on) >= day),
        or_(col(Tie.agency_id) == Claim.agency_id, col(Tie.enterprise_id) == Claim.enterprise_id),
    )
