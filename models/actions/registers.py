"""What the actions of both registers (名录) share: finding a party, changing it, and what follows
from that.

Open claims of a changed party are computed anew, because their findings rest on its facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.meanwhile import Change, last_recorded, who
from models.actions.record import record
from models.actions.steps import refresh_findings
from models.clock import now_utc
from models.queries.sealing import recorded
from models.rules.claim_workflow import BEFORE_APPROVAL
from models.rules.errors import NotFound
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.claims import Claim
from models.tables.organisations import Agency, Enterprise

# fmt: off
DECIDES_FINDINGS = frozenset({
    "name", "joined_on", "left_on", "payee_name", "payee_account",
    "admission", "suspended_from", "suspended_to", "removed_on", "scopes",
})
# fmt: on
"""Fields the findings of open claims rest on (F01, F02, F13)."""

Party = TypeVar("Party", Enterprise, Agency)


def change_party(
    session: Session,
    actor: Actor,
    party: Party,
    verb: str,
    values: Mapping[str, Any],
    reason: str = "",
    *,
    stated: Mapping[str, Any] | None = None,
    grant_id: int | None = None,
) -> bool:
    """Change some columns of a party, with everything that follows: version, findings, record.

    Args:
        session: the writing transaction.
        actor: who does it; already allowed.
        party: the row, locked.
        verb: what is done, for the record.
        values: columns as they shall be; those already so are left alone.
        reason: why, in words, for the record.
        stated: what else the record states of it.
        grant_id: the grant acted under; the actor's first when left out.

    Returns:
        Whether anything changed; if not, nothing is written.
    """
    changed = {name: value for name, value in values.items() if getattr(party, name) != value}
    if not changed:
        return False
    before = {name: getattr(party, name) for name in changed}
    for name, value in changed.items():
        setattr(party, name, value)
    touch_party(session, party)
    compute_open_claims(session, party, changed)
    after = recorded(changed) | ({"reason": reason.strip()} if reason else {})
    after |= dict(stated or {})
    record(session, actor, verb, subject_of_party(party), recorded(before), after, grant_id)
    return True


def touch_party(session: Session, party: Enterprise | Agency) -> None:
    """Raise a party's version, so that a form filled from an older one is refused."""
    party.version += 1
    party.changed_at_utc = now_utc()
    session.add(party)
    session.flush()


def compute_open_claims(
    session: Session, party: Enterprise | Agency, changed: Iterable[str]
) -> None:
    """Compute the findings of a party's open claims anew, if what changed decides any.

    Args:
        session: the writing transaction.
        party: whose claims.
        changed: names of the fields that changed.
    """
    if DECIDES_FINDINGS.isdisjoint(changed):
        return
    side = Claim.enterprise_id if isinstance(party, Enterprise) else Claim.agency_id
    statement = (
        select(Claim)
        .where(col(side) == party.id, col(Claim.state).in_(BEFORE_APPROVAL))
        .order_by(col(Claim.id))
        .with_for_update()
    )
    for claim in session.execute(statement).scalars().all():
        refresh_findings(session, claim)


def locked_party(session: Session, kind: type[Party], uscc: str) -> Party:
    """The enterprise or agency of a code, locked for this transaction.

    Raises:
        NotFound: the register has none of that code.
    """
    statement = select(kind).where(col(kind.uscc) == uscc).with_for_update()
    party = session.execute(statement).scalar_one_or_none()
    if party is None:
        raise NotFound(say("名录中没有信用代码为 {uscc} 的单位", uscc=uscc))
    return party


def refuse_stale(session: Session, party: Enterprise | Agency, seen_version: int) -> None:
    """Go on only if the party is still at the version its form was filled from.

    Raises:
        SeenIsStale: somebody changed it since, with who and when.
    """
    if party.version == seen_version:
        return
    last = last_recorded(session, subject_of_party(party)) or Change(
        who(None), party.changed_at_utc
    )
    raise last.stale(say("{name}在您打开后修改了这条记录，请重新打开再改", name=last.by))


def subject_of_party(party: Enterprise | Agency) -> str:
    """What the record calls a party: `enterprise:9121…`, `agency:9121…`."""
    kind = "enterprise" if isinstance(party, Enterprise) else "agency"
    return f"{kind}:{party.uscc}"
