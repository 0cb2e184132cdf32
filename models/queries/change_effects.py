"""What a change does to the claims nobody has approved yet (未决申请): which it concerns, and what each
would come to, computed with the same rules and without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.queries.changes import ChangeLine
from models.queries.claim_facts import facts_of_claims
from models.queries.policy import suppose_standard
from models.queries.settings import calendar, suppose_day, suppose_setting
from models.queries.sight import claims_in_sight
from models.rules.changes import ChangeKind, ChangeState
from models.rules.claim_facts import ReviewSettings
from models.rules.claim_workflow import BEFORE_APPROVAL
from models.rules.findings import Verdict, changed_verdicts, findings, money_of
from models.rules.roles import Actor
from models.tables.agreements import Agreement, Result
from models.tables.claims import Claim
from models.tables.money import PolicyRule
from models.tables.organisations import Agency, Enterprise
from models.tables.policy import PolicyChange

MOST_COMPUTED = 200
"""Of more claims the oldest are computed: a preview answers while one looks at it."""
READ_BY_CLAIMS = frozenset({*ReviewSettings.__slots__, "place", "is_demonstration",
                            "announced_years"})  # fmt: skip
"""Settings a claim's findings rest on."""


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """What one claim would come to.

    Attributes:
        entitled_before, entitled_after: what the standards give together; `None` where they give
            nothing, or it cannot be computed.
        flips: condition → verdict before and after, of those whose verdict would change.
    """

    number: str
    enterprise: str
    agency: str
    entitled_before_fen: int | None
    entitled_after_fen: int | None
    flips: Mapping[str, tuple[Verdict, Verdict]]

    @property
    def is_changed(self) -> bool:
        """Whether anything about it would change."""
        return bool(self.flips) or self.entitled_before_fen != self.entitled_after_fen


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming a change would come to (试算).

    Attributes:
        concerned: how many claims not approved yet it can concern.
        computed: of how many of them it was computed, the oldest first.
        effects: those that would change, the oldest first.
        before_fen, after_fen: what the computed claims are entitled to together.
    """

    concerned: int
    computed: int
    effects: tuple[ClaimEffect, ...]
    before_fen: int
    after_fen: int


def preview_of(session: Session, actor: Actor, line: ChangeLine, on: date) -> Preview:
    """What confirming a change would come to (试算), as if it were confirmed now.

    Args:
        session: a reading transaction of its own: the change is supposed in it from then on.
        actor: who asks; sees the claims in sight.
        line: the change, one that waits.
        on: the office's day.
    """
    concerned = _concerned(line)
    if concerned is None:
        return Preview(0, 0, (), 0, 0)
    condition = and_(
        col(Claim.state).in_(sorted(BEFORE_APPROVAL)), claims_in_sight(actor), concerned
    )
    claims = _joined(select(Claim.id, Claim.number, Enterprise.name, Agency.name)).where(condition)
    count = session.execute(_joined(select(func.count())).where(condition)).scalar_one()
    found = session.execute(claims.order_by(col(Claim.id)).limit(MOST_COMPUTED)).all()
    ids = [row[0] for row in found]
    before = _computed(session, ids, on)
    _suppose(session, line)
    after = _computed(session, ids, on)
    effects = tuple(
        ClaimEffect(number, enterprise, agency, before[claim_id].fen, after[claim_id].fen,
                    _flips(before[claim_id].verdicts, after[claim_id].verdicts))
        for claim_id, number, enterprise, agency in found
    )  # fmt: skip
    return Preview(
        concerned=int(count),
        computed=len(ids),
        effects=tuple(effect for effect in effects if effect.is_changed),
        before_fen=sum(one.fen or 0 for one in before.values()),
        after_fen=sum(one.fen or 0 for one in after.values()),
    )


def claims_changed(session: Session, on: date) -> list[int]:
    """Ids of claims not approved yet whose findings were taken before a change that concerns them
    was confirmed or began."""
    open_claims = col(Claim.state).in_(sorted(BEFORE_APPROVAL))
    oldest = select(func.min(Claim.findings_at_utc)).where(open_claims)
    since = session.execute(oldest).scalar_one()
    if since is None:
        return []
    conditions = [
        and_(concerned, col(Claim.findings_at_utc) < at_utc)
        for change, at_utc in _begun(session, since, on)
        if (concerned := _concerned(change)) is not None
    ]
    if not conditions:
        return []
    statement = _joined(select(Claim.id)).where(open_claims, or_(*conditions))
    return list(session.execute(statement.order_by(col(Claim.id))).scalars())


# ---------------------------------------------------------------- which claims


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Claim)
        .join(Result, col(Result.id) == Claim.result_id)
        .join(Agreement, col(Agreement.id) == Claim.agreement_id)
        .join(Enterprise, col(Enterprise.id) == Claim.enterprise_id)
        .join(Agency, col(Agency.id) == Claim.agency_id)
    )


def _concerned(change: ChangeLine | PolicyChange) -> ColumnElement[bool] | None:
    """Which claims a change can concern; `None`: none, it changes nothing that is judged."""
    match change.kind:
        case ChangeKind.policy_rule:
            is_covered = [col(Claim.service_code) == change.content["service"]]
            if kind := change.content["result_kind"]:
                is_covered.append(col(Result.kind_code) == kind)
            return and_(*is_covered, col(Result.obtained_on) >= change.valid_from)
        case ChangeKind.setting if change.subject in READ_BY_CLAIMS:
            return col(Claim.id).is_not(None)
        case ChangeKind.service_terms:
            is_of_service = col(Claim.service_code) == change.subject
            return and_(is_of_service, col(Agreement.signed_on) >= change.valid_from)
        case ChangeKind.calendar_day:
            return col(Claim.id).is_not(None)
    return None


def _begun(session: Session, since: datetime, on: date) -> Iterable[tuple[PolicyChange, datetime]]:
    """Confirmed changes that hold by now and did not at an instant, each with when it began to."""
    statement = select(PolicyChange).where(
        col(PolicyChange.state) == ChangeState.confirmed, col(PolicyChange.valid_from) <= on
    )
    for change in session.execute(statement).scalars():
        assert change.decided_at_utc is not None
        first = datetime.combine(change.valid_from, time.min, OFFICE_ZONE)
        at_utc = max(change.decided_at_utc, first)
        if at_utc > since:
            yield change, at_utc


# ---------------------------------------------------------------- what each comes to


@dataclass(frozen=True, slots=True)
class _Computed:
    fen: int | None
    verdicts: Any


def _computed(session: Session, ids: list[int], on: date) -> dict[int, _Computed]:
    days = calendar(session)
    computed: dict[int, _Computed] = {}
    for claim_id, facts in facts_of_claims(session, ids, on).items():
        amounts = money_of(facts)
        given = [one.amount_fen for one in (amounts.subsidy, amounts.reward) if one is not None]
        known = [fen for fen in given if fen is not None]
        computed[claim_id] = _Computed(sum(known) if known else None, findings(facts, days))
    return computed


def _flips(before: Any, after: Any) -> dict[str, tuple[Verdict, Verdict]]:
    was = {finding.code: finding.verdict for finding in before}
    now = {finding.code: finding.verdict for finding in after}
    return {code: (was[code], now[code]) for code in changed_verdicts(before, after)}


def _suppose(session: Session, line: ChangeLine) -> None:
    match line.kind:
        case ChangeKind.policy_rule:
            key, _colon, version = line.subject.rpartition(":")
            of_version = select(col(PolicyRule.id)).where(
                col(PolicyRule.key) == key, col(PolicyRule.version) == int(version)
            )
            suppose_standard(session, session.execute(of_version).scalar_one())
        case ChangeKind.setting:
            written = session.get_one(PolicyChange, line.id).content["value"]  # never masked
            suppose_setting(session, line.subject, line.valid_from, written)
        case ChangeKind.calendar_day:
            suppose_day(session, line.valid_from, is_working=line.content["is_working"])
