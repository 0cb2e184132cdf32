"""What has happened to the generated claims: their events, money, papers, kept counts, and the
record.

Written by SQLite itself from the claims (`INSERT … SELECT`, composed with SQLAlchemy's own
expressions), because seven million events one by one would take longer than all the benchmarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    select,
    text,
    update,
)

from models.database import session
from models.queries.claim_facts import facts_of_claims
from models.queries.settings import calendar
from models.rules.chain import link_hash
from models.rules.claim_workflow import BEFORE_APPROVAL, ENDED, STEP_OF, Action, State
from models.rules.entitlement import Purpose
from models.rules.findings import facts_digest, findings, summary
from models.rules.roles import Office
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim, ClaimEvent, ClaimMoney, ClaimTally, Evidence
from models.tables.money import BudgetLine, CapCounter, CapParty, LineWait, PolicyRule
from models.tables.record import Activity, ChainHead
from models.tables.reference import RequiredEvidence

IMPORTER, LEAD, BUREAU, COMMITTEE, FINANCE, FIRST_REVIEWER = 1, 2, 3, 4, 5, 6
_REVIEWERS = 8
_REMEMBERED = 20  # the record holds the steps of the newest twentieth
_TOGETHER = 25  # an agency's: what its caps have to be compared with stays small

_ONWARD = (
    Action.submit, Action.pass_pre_review, Action.apply, Action.pass_re_review, Action.approve,
    Action.pay_agency, Action.reward_enterprise,
)  # fmt: skip
_STATES = (
    State.draft, State.submitted, State.pre_reviewed, State.applied, State.re_reviewed,
    State.approved, State.agency_paid, State.closed,
)  # fmt: skip
COURSES: dict[State, tuple[Action, ...]] = {
    **{state: _ONWARD[: _STATES.index(state)] for state in _STATES[1:]},
    State.returned: (Action.submit, Action.return_pre_review),
    State.on_hold: (Action.submit, Action.hold),
    State.refused: (Action.submit, Action.refuse_pre_review),
    State.withdrawn: (Action.submit, Action.withdraw),
}
"""The steps that led a claim to a state."""

_DAYS = {
    Action.submit: 0, Action.hold: 2, Action.pass_pre_review: 3, Action.return_pre_review: 3,
    Action.refuse_pre_review: 3, Action.withdraw: 4, Action.apply: 7, Action.pass_re_review: 12,
    Action.approve: 20, Action.pay_agency: 30, Action.reward_enterprise: 60,
}  # fmt: skip
"""How many days after filing a step was taken."""

_STOOD_FOR = _STATES[2:]
_WITH_AMOUNT = frozenset(_ONWARD[1:])
_AT = {
    Action.submit: (Office.filing, literal(IMPORTER)),
    Action.withdraw: (Office.filing, literal(IMPORTER)),
    Action.apply: (Office.application, literal(LEAD)),
    Action.pass_re_review: (Office.re_review, literal(BUREAU)),
    Action.approve: (Office.approval, literal(COMMITTEE)),
    Action.pay_agency: (Office.payment, literal(FINANCE)),
    Action.reward_enterprise: (Office.payment, literal(FINANCE)),
}


def reached_on(filed_on: date, course: Sequence[Action]) -> date:
    """The day a claim came to where it stands; a pause does not count."""
    return filed_on + timedelta(days=0 if course[-1] is Action.hold else _DAYS[course[-1]])


def reached_at(filed_on: date, course: Sequence[Action]) -> datetime:
    """The instant of a claim's last step."""
    day = filed_on + timedelta(days=_DAYS[course[-1]])
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def write(connection: Connection, today: date) -> None:
    """Everything that follows from the claims.

    Args:
        connection: the one transaction of the generator.
        today: the day the last claim was filed.
    """
    for purpose in Purpose:
        connection.execute(_money(purpose, today))
    connection.execute(_confirmations())
    connection.execute(_papers())
    for statement in _events():
        connection.execute(statement)
    for statement in _kept():
        connection.execute(statement)
    _record(connection)


def compute_pending(engine: Engine, today: date) -> None:
    """Findings in short, digest and entitlement of what waits, by the rules themselves."""
    with session(engine, write=True) as current:
        waiting = select(Claim.id).where(Claim.state == State.submitted).order_by(Claim.agency_id)
        ids = list(current.execute(waiting).scalars())
        days = calendar(current)
        for at in range(0, len(ids), _TOGETHER):
            facts = facts_of_claims(current, ids[at : at + _TOGETHER], today)
            rows = []
            for claim_id, known in facts.items():
                found = findings(known, days)
                counts = summary(found)
                rows.append({
                    "claim": claim_id, "facts_digest": facts_digest(known, found),
                    "findings_met": counts.met, "findings_not_met": counts.not_met,
                    "findings_unknown": counts.unknown, "findings_warning": counts.warning,
                })  # fmt: skip
            table = Claim.__table__
            current.connection().execute(
                update(table).where(table.c.id == bindparam("claim")), rows
            )


# ---------------------------------------------------------------- money


def _in(*states: State) -> ColumnElement[bool]:
    return Claim.state.in_(states)


def _day(days: int = 0) -> ColumnElement[Any]:
    return func.strftime("%Y-%m-%d 01:00:00.000000", Claim.filed_on, f"+{days} days")


def _money(purpose: Purpose, today: date) -> Any:
    is_subsidy = purpose is Purpose.subsidy
    amount = func.json_extract(PolicyRule.parameters, "$.amount_fen")
    stood_for = case((_in(*_STOOD_FOR), amount))
    committed = _in(State.approved) if is_subsidy else _in(State.approved, State.agency_paid)
    paid = _in(State.agency_paid, State.closed) if is_subsidy else _in(State.closed)
    year = case(
        (_in(*BEFORE_APPROVAL), str(today.year)),
        else_=func.strftime("%Y", Claim.filed_on, f"+{_DAYS[Action.approve]} days"),
    )
    columns = {
        "claim_id": Claim.id, "purpose": PolicyRule.purpose, "payee": PolicyRule.payee,
        "policy_rule_id": PolicyRule.id, "budget_line_id": BudgetLine.id,
        "asked_fen": Claim.asked_fen if is_subsidy else null(), "entitled_fen": amount,
        "approved_fen": stood_for, "committed_fen": case((committed, amount), else_=0),
        "paid_fen": case((paid, amount), else_=0),
        "pending_on": case((_in(*BEFORE_APPROVAL), Claim.filed_on)),
        "pending_since_utc": case((_in(*BEFORE_APPROVAL), _day())),
    }  # fmt: skip
    rows = (
        select(*columns.values())
        .join(PolicyRule, and_(
            PolicyRule.service_code == Claim.service_code, PolicyRule.purpose == purpose,
        ))
        .join(BudgetLine, BudgetLine.year == year.cast(BudgetLine.__table__.c.year.type))
    )  # fmt: skip
    return insert(ClaimMoney.__table__).from_select(list(columns), rows)


def _kept() -> Iterator[Any]:
    """Tallies, clocks, lines and cap counters: sums of what is there now."""
    scripts = ScriptDirectory("models/migrations").walk_revisions()
    made = (script.module for script in scripts if hasattr(script.module, "first_clocks"))
    yield text(next(made).first_clocks("sqlite"))
    counts = select(Claim.filed_month, Claim.state, func.count(), func.sum(Claim.asked_fen))
    yield insert(ClaimTally.__table__).from_select(
        ["filed_month", "state", "claims", "asked_fen"],
        counts.group_by(Claim.filed_month, Claim.state),
    )
    for column in ("committed_fen", "paid_fen"):
        total = (
            select(func.coalesce(func.sum(getattr(ClaimMoney, column)), 0))
            .where(ClaimMoney.budget_line_id == BudgetLine.id, getattr(ClaimMoney, column) > 0)
            .scalar_subquery()
        )
        yield update(BudgetLine.__table__).values({column: total})
    waiting = (
        select(ClaimMoney.budget_line_id, ClaimMoney.pending_on, func.sum(ClaimMoney.entitled_fen))
        .where(ClaimMoney.pending_on.is_not(None), ClaimMoney.budget_line_id.is_not(None))
        .group_by(ClaimMoney.budget_line_id, ClaimMoney.pending_on)
    )
    yield insert(LineWait.__table__).from_select(
        ["budget_line_id", "pending_on", "waiting_fen"], waiting
    )
    granted = (
        select(
            BudgetLine.year, PolicyRule.key,
            literal(CapParty.agency, CapCounter.__table__.c.party.type), Claim.agency_id,
            func.sum(ClaimMoney.committed_fen + ClaimMoney.paid_fen),
        )
        .join(PolicyRule, PolicyRule.id == ClaimMoney.policy_rule_id)
        .join(BudgetLine, BudgetLine.id == ClaimMoney.budget_line_id)
        .join(Claim, Claim.id == ClaimMoney.claim_id)
        .where(ClaimMoney.purpose == Purpose.subsidy,
               ClaimMoney.committed_fen + ClaimMoney.paid_fen > 0)
        .group_by(BudgetLine.year, PolicyRule.key, Claim.agency_id)
    )  # fmt: skip
    yield insert(CapCounter.__table__).from_select(
        ["year", "rule_key", "party", "party_id", "committed_fen"], granted
    )


# ---------------------------------------------------------------- papers and confirmations


def _confirmations() -> Any:
    """All but every twenty-third are confirmed."""
    columns = {
        "agreement_id": Claim.agreement_id, "result_id": Claim.result_id,
        "basis": literal(ConfirmationBasis.imported, Confirmation.__table__.c.basis.type),
        "requested_on": func.date(Result.obtained_on, "+1 day"),
        "confirmed_on": func.date(Result.obtained_on, "+4 days"),
        "paid_before_fen": literal(0), "paid_after_fen": Agreement.fee_fen,
        "satisfaction": 3 + Claim.id % 3, "is_denied": literal(False), "recorded_at_utc": _day(),
    }  # fmt: skip
    rows = (
        select(*columns.values())
        .join(Result, Result.id == Claim.result_id)
        .join(Agreement, Agreement.id == Claim.agreement_id)
        .where(Claim.id % 23 != 0)
    )
    return insert(Confirmation.__table__).from_select(list(columns), rows)


def _papers() -> Any:
    """Every paper an open claim needs; every seventeenth lacks its certificate."""
    columns = {
        "claim_id": Claim.id, "kind_code": RequiredEvidence.evidence_kind_code,
        "file_name": literal("材料.pdf"), "media_type": literal("application/pdf"),
        "size_bytes": 180_000 + Claim.id % 60_000, "sha256": func.printf("%064d", Claim.id),
        "uploaded_by_id": literal(IMPORTER), "uploaded_at_utc": _day(),
    }  # fmt: skip
    lacking = and_(Claim.id % 17 == 0, RequiredEvidence.evidence_kind_code == "M02")
    rows = (
        select(*columns.values())
        .join(Result, Result.id == Claim.result_id)
        .join(RequiredEvidence, RequiredEvidence.result_kind_code == Result.kind_code)
        .where(Claim.state.not_in(ENDED), ~lacking)
    )
    return insert(Evidence.__table__).from_select(list(columns), rows)


# ---------------------------------------------------------------- events and the record


def _events() -> Iterator[Any]:
    """One statement for each step that some course holds at some place."""
    for action in _DAYS:
        states = [state for state, course in COURSES.items() if action in course]
        position = COURSES[states[0]].index(action) + 1
        yield _event(action, position, states)


def _event(action: Action, position: int, states: Iterable[State]) -> Any:
    of = ClaimEvent.__table__.c
    by_reviewer = FIRST_REVIEWER + Claim.id % _REVIEWERS
    office, account = _AT.get(action, (Office.pre_review, by_reviewer))
    origin, target = _ends(action)
    has_amount = action in _WITH_AMOUNT
    columns = {
        "claim_id": Claim.id, "position": literal(position), "action": literal(action, of.action.type),
        "from_state": literal(origin, of.from_state.type),
        "to_state": literal(target, of.to_state.type),
        "office": literal(office, of.office.type), "round": literal(1),
        "is_decision": literal(STEP_OF[action].decides), "account_id": account, "grant_id": account,
        "on_behalf": literal(action is Action.submit), "at_utc": _day(_DAYS[action]),
        "version": literal(position + 1), "facts_digest": func.printf("%064d", Claim.id),
        "subsidy_fen": Claim.asked_fen if has_amount else null(),
        "reward_fen": _reward() if has_amount else null(),
        "reasons": literal(["R01"] if STEP_OF[action].needs_reason else [], of.reasons.type),
        "note": literal(""), "findings": literal([], of.findings.type),
    }  # fmt: skip
    rows = select(*columns.values()).where(Claim.state.in_(list(states))).order_by(Claim.id)
    return insert(ClaimEvent.__table__).from_select(list(columns), rows)


def _ends(action: Action) -> tuple[State, State]:
    """From where to where a step leads."""
    onward = dict(zip(_ONWARD, pairwise(_STATES), strict=True))
    if action in onward:
        return onward[action]
    return State.submitted, next(state for state, course in COURSES.items() if course[-1] is action)


def _reward() -> Any:
    return (
        select(ClaimMoney.entitled_fen)
        .where(ClaimMoney.claim_id == Claim.id, ClaimMoney.purpose == Purpose.reward)
        .correlate(Claim)
        .scalar_subquery()
    )


def _record(connection: Connection) -> None:
    """The chain, link by link, over the steps of the newest claims."""
    head = connection.execute(select(ChainHead.seq, ChainHead.hash)).one()
    seq, previous, links = head.seq, head.hash, []
    for row in connection.execute(_remembered()):
        seq += 1
        link = _link(row, seq, previous)
        previous = link["hash"] = link_hash(link)
        links.append(link)
    if links:
        connection.execute(insert(Activity.__table__), links)
        connection.execute(update(ChainHead.__table__).values(seq=seq, hash=previous))


def _remembered() -> Any:
    from_id = select(func.max(Claim.id) * (_REMEMBERED - 1) // _REMEMBERED).scalar_subquery()
    return (
        select(ClaimEvent.__table__, Claim.number)
        .join(Claim, Claim.id == ClaimEvent.claim_id)
        .where(ClaimEvent.claim_id > from_id)
        .order_by(ClaimEvent.at_utc, ClaimEvent.id)
    )


def _link(row: Any, seq: int, previous: str) -> dict[str, Any]:
    return {
        "seq": seq, "at_utc": row.at_utc, "account_id": row.account_id, "grant_id": row.grant_id,
        "verb": row.action.value, "subject": f"claim:{row.number}",
        "before": {"state": row.from_state.value, "version": row.version - 1},
        "after": {
            "state": row.to_state.value, "version": row.version, "round": row.round,
            "event": row.position, "digest": row.facts_digest, "subsidy_fen": row.subsidy_fen,
            "reward_fen": row.reward_fen, "reasons": row.reasons, "note": row.note,
            "on_behalf": row.on_behalf,
        },
        "previous_hash": previous,
    }  # fmt: skip
