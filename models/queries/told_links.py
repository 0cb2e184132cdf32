"""What a notice needs of a link of the record: its subject's parties, the people that have a part
in it, and who may know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from models.clock import today
from models.queries.imports import in_chunks
from models.queries.people import in_force_on
from models.queries.sight import may_see_claim
from models.rules.admission_terms import REASONS
from models.rules.claim_workflow import STEP_OF, Action, Kind, State
from models.rules.notice_table import NOTICES_OF
from models.rules.notices import PLACES, said_by
from models.rules.roles import Actor, GrantFacts, Office, Role
from models.rules.told import Audience, Told
from models.rules.wording import Wording, named
from models.tables.admissions import Application
from models.tables.agreements import Agreement
from models.tables.claims import Claim, ClaimEvent
from models.tables.conduct import Complaint, Training, TrainingSeat
from models.tables.messages import MessageCursor
from models.tables.needs import Need, NeedRequest
from models.tables.organisations import Agency
from models.tables.people import Account, Grant
from models.tables.ratings import RatingPeriod, RatingResult
from models.tables.record import Activity, ChainHead
from models.tables.reference import ReasonCode

TOLD_VERBS = tuple(NOTICES_OF)
_SENT_BACK = frozenset({Action.return_pre_review, Action.ask_agency})
_NO_OFFICE = frozenset({Office.filing, Office.system})


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A link of the record with everybody who may know of its subject."""

    seq: int
    at_utc: datetime
    told: Told
    people: tuple[Actor, ...]


def has_news(session: Session) -> bool:
    """Whether the record holds something that was not told yet: one statement along an index."""
    read = select(MessageCursor.seq).where(col(MessageCursor.id) == 1).scalar_subquery()
    statement = (
        select(Activity.seq)
        .where(col(Activity.verb).in_(TOLD_VERBS), or_(read.is_(None), col(Activity.seq) > read))
        .limit(1)
    )
    return session.execute(statement).first() is not None


def links_after(session: Session, seq: int, limit: int) -> list[Any]:
    """The next links of the record that are to be told, in their order, with who made them.

    Args:
        session: the transaction that holds the cursor.
        seq: the last link that was looked at.
        limit: at most so many.
    """
    statement = (
        select(Activity, Account.display_name)
        .outerjoin(Account, col(Account.id) == Activity.account_id)
        .where(col(Activity.verb).in_(TOLD_VERBS), col(Activity.seq) > seq)
        .order_by(col(Activity.seq))
        .limit(limit)
    )
    return list(session.execute(statement))


def last_link(session: Session) -> int:
    """The number of the record's last link; 0 while there is none."""
    return session.execute(select(ChainHead.seq)).scalar_one_or_none() or 0


def link_before(session: Session, at_utc: datetime) -> int:
    """The number of the last link before an instant; 0 where there is none."""
    statement = (
        select(Activity.seq)
        .where(col(Activity.at_utc) < at_utc)
        .order_by(col(Activity.seq).desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none() or 0


def told_links(session: Session, rows: Sequence[Any]) -> tuple[ToldLink, ...]:
    """Links with what their notices need, in a number of statements that does not grow with them.

    Args:
        session: any transaction.
        rows: of `links_after`.
    """
    subjects = _Subjects(session, [row.Activity for row in rows])
    found = ((link, subjects.told(link, name)) for link, name in rows)
    return tuple(
        ToldLink(
            link.seq,
            link.at_utc,
            told,
            tuple(one for one in subjects.people if subjects.may_know(one, told)),
        )
        for link, told in found
    )


class _Subjects:
    """The subjects of some links, read at once.

    Args:
        session: any transaction.
        links: the links.
    """

    def __init__(self, session: Session, links: Sequence[Activity]) -> None:
        numbers = _numbers_of(links)
        self._claims = _by(session, select(Claim), Claim.number, numbers["claim"])
        self._agreements = _by(session, select(Agreement), Agreement.number, numbers["agreement"])
        self._complaints = _by(session, select(Complaint), Complaint.number, numbers["complaint"])
        named = numbers["agency"] | _agencies_named(links)
        self._agencies = _by(session, select(Agency), Agency.uscc, named)
        rated = _rated(session, numbers["rating"])
        self._seated = {**_seated(session, numbers["training"]), **rated}
        self._admissions = _by(
            session, select(Application), Application.number, numbers["admission"]
        )
        self._accounts = _by(session, select(Account), Account.username, numbers["account"])
        self._needs = _by(session, select(Need), Need.id, _ids(numbers["need"]))
        asked = _ids((link.after or {}).get("request") for link in links if "need:" in link.subject)
        self._requests = _by(session, select(NeedRequest), NeedRequest.id, asked)
        self._events = _events_of(session, self._claims.values())
        self._reasons = _reasons(session)
        self.people = _people(session, self._parties())

    def told(self, link: Activity, name: str | None) -> Told:
        """A link as a notice needs it."""
        subject = _subject_of(link)
        kind, _colon, number = subject.partition(":")
        before, after = link.before or {}, link.after or {}
        claim = self._claims.get(number) if kind == "claim" else None
        party = claim or (self._agreements.get(number) if kind == "agreement" else None)
        agency = self._agencies.get(number) if kind == "agency" else None
        applicant = self._admissions.get(number) if kind == "admission" else None
        need = self._needs.get(int(number)) if kind == "need" else None
        request = self._requests.get(after.get("request"))
        agency_id = _agency_of(party or applicant, agency, request)
        complaint = self._complaints.get(number) if kind == "complaint" else None
        if complaint is not None:
            party, agency_id = complaint, complaint.agency_id if complaint.accepted_on else None
        return Told(
            verb=link.verb,
            subject=subject,
            by=said_by(name),
            by_account_id=link.account_id,
            before=before,
            after=after,
            reasons=tuple(self._reasons.get(code, named(code)) for code in _codes(after)),
            agency_id=agency_id,
            enterprise_id=_enterprise_of(party, need),
            people=self._people_with_a_part(kind, number, claim, before, after)
            | ({Audience.asked_by: request.asked_by_id} if request else {}),
            invited=self._invited(kind, number, after),
        )

    def may_know(self, person: Actor, told: Told) -> bool:
        """Whether a person may know of the subject: a party of it, or by the rules of sight."""
        claim = self._claims.get(told.number) if told.kind == "claim" else None
        if claim is not None:
            is_own = person.enterprise_id == claim.enterprise_id and Role.enterprise in person.roles
            return (is_own and claim.state is not State.draft) or may_see_claim(person, claim)
        if told.kind == "account":
            return told.people.get(Audience.named) == person.account_id
        if told.invited and person.agency_id in told.invited:
            return True
        if person.agency_id is not None or person.enterprise_id is not None:
            own = {(person.agency_id, None), (None, person.enterprise_id)} - {(None, None)}
            return bool(own & {(told.agency_id, None), (None, told.enterprise_id)})
        return told.kind in PLACES and person.may(PLACES[told.kind].permission)

    def _people_with_a_part(
        self,
        kind: str,
        number: str,
        claim: Claim | None,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> dict[Audience, int]:
        stated = {
            Audience.taken_by: before.get("taken_by"),
            Audience.drafted_by: _first(after, before, "drafted_by", "entered_by", "recorded_by"),
        }
        if kind == "account" and number in self._accounts:
            stated[Audience.named] = self._accounts[number].id
        if claim is not None and "event" in after:
            stated |= _parts_in(self._events[claim.id or 0], after["event"])
        return {audience: one for audience, one in stated.items() if one is not None}

    def _invited(self, kind: str, number: str, after: Mapping[str, Any]) -> frozenset[int]:
        """The agencies a step of a training or a rating period concerns: those it names, else all
        that are invited or rated."""
        if kind not in ("training", "rating"):
            return frozenset()
        if codes := _codes_named(after):
            return frozenset(self._agencies[code].id for code in codes)
        return self._seated.get(number, frozenset())

    def _parties(self) -> tuple[set[int], set[int]]:
        sides = (
            *self._claims.values(), *self._agreements.values(), *self._complaints.values()
        )  # fmt: skip
        agencies = {side.agency_id for side in sides} | {one.id for one in self._agencies.values()}
        agencies |= {request.agency_id for request in self._requests.values()}
        agencies |= {one.agency_id for one in self._admissions.values() if one.agency_id}
        agencies |= frozenset[int]().union(*self._seated.values())
        needs = {need.enterprise_id for need in self._needs.values()}
        return agencies, {side.enterprise_id for side in sides} - {None} | needs


def _subject_of(link: Activity) -> str:
    """What a link is about for who is told of it: an objection is looked at on its claim."""
    if link.subject.startswith("objection:"):
        return f"claim:{(link.after or {})['claim']}"
    return link.subject


def _agency_of(party: Any, agency: Agency | None, request: NeedRequest | None) -> int | None:
    """The agency of a subject; an applicant may not be one yet."""
    found: int | None = next((one.agency_id for one in (party, request) if one), None)
    return agency.id if agency else found


def _enterprise_of(party: Any, need: Need | None) -> int | None:
    return party.enterprise_id if party else need.enterprise_id if need else None


def _numbers_of(links: Iterable[Activity]) -> Mapping[str, set[str]]:
    numbers: dict[str, set[str]] = defaultdict(set)
    for link in links:
        kind, _colon, number = _subject_of(link).partition(":")
        numbers[kind].add(number)
    return numbers


def _agencies_named(links: Iterable[Activity]) -> set[str]:
    """The agencies that steps of trainings and of rating periods name."""
    return {
        code
        for link in links
        if link.subject.startswith(("training:", "rating:"))
        for code in _codes_named(link.after or {})
    }


def _codes_named(after: Mapping[str, Any]) -> tuple[str, ...]:
    """The credit codes a step names: several, or the one it is about."""
    several, one = after.get("agencies"), after.get("agency")
    return tuple(several) if isinstance(several, list) else (one,) if one else ()


def _rated(session: Session, months: Iterable[str]) -> dict[str, frozenset[int]]:
    """The agencies with a result in some rating periods, by the period's last month."""
    statement = select(RatingPeriod.last_month, RatingResult.agency_id).join(
        RatingResult, col(RatingResult.period_id) == RatingPeriod.id
    )
    found: dict[str, frozenset[int]] = {}
    for month, agency_id in in_chunks(session, statement, RatingPeriod.last_month, months):
        found[month] = found.get(month, frozenset()) | {agency_id}
    return found


def _seated(session: Session, numbers: Iterable[str]) -> Mapping[str, frozenset[int]]:
    """The agencies invited to some trainings, by the training's number."""
    statement = select(Training.number, TrainingSeat.agency_id).join(
        TrainingSeat, col(TrainingSeat.training_id) == Training.id
    )
    found: dict[str, frozenset[int]] = defaultdict(frozenset)
    for number, agency_id in in_chunks(session, statement, Training.number, numbers):
        found[number] |= {agency_id}
    return found


def _ids(values: Iterable[Any]) -> set[int]:
    """The numbers among some values."""
    return {int(value) for value in values if value is not None}


def _by(session: Session, statement: Any, key: Any, numbers: Iterable[Any]) -> dict[Any, Any]:
    """Rows by their key."""
    found = in_chunks(session, statement, key, numbers)
    return {getattr(row, key.key): row for (row,) in found}


def _events_of(session: Session, claims: Iterable[Claim]) -> Mapping[int, list[Any]]:
    """The steps of some claims, the oldest first."""
    statement = select(
        ClaimEvent.claim_id, ClaimEvent.position, ClaimEvent.action, ClaimEvent.office,
        ClaimEvent.account_id,
    ).order_by(col(ClaimEvent.claim_id), col(ClaimEvent.position))  # fmt: skip
    events: dict[int, list[Any]] = defaultdict(list)
    for event in in_chunks(session, statement, ClaimEvent.claim_id, (one.id for one in claims)):
        events[event.claim_id].append(event)
    return events


def _parts_in(events: Sequence[Any], position: int) -> dict[Audience, int | None]:
    """Who has a part in a claim's step by what they did before it."""
    parts: dict[Audience, int | None] = {}
    for event in events:
        if event.position >= position:
            break
        if event.action in _SENT_BACK:
            parts[Audience.sent_back_by] = event.account_id
        if event.action is Action.request_recall:
            parts[Audience.asked_by] = event.account_id
        if STEP_OF[event.action].kind is Kind.onward and event.office not in _NO_OFFICE:
            parts[Audience.came_from] = event.account_id
    return parts


def _reasons(session: Session) -> dict[str, Wording]:
    """What the coded reasons are called."""
    rows = session.execute(select(ReasonCode.code, ReasonCode.name_zh))
    of_admissions = {code.value: words for code, (words, _remedy) in REASONS.items()}
    return {code: named(name) for code, name in rows} | of_admissions


def _people(session: Session, parties: tuple[set[int], set[int]]) -> tuple[Actor, ...]:
    """Everybody of the offices, and who speaks for these parties: each with today's grants."""
    agencies, enterprises = parties
    statement = (
        select(Account, Grant)
        .join(Grant, and_(col(Grant.account_id) == Account.id, in_force_on(today())))
        .where(
            col(Account.is_locked).is_(False),
            or_(
                and_(col(Account.agency_id).is_(None), col(Account.enterprise_id).is_(None)),
                col(Account.agency_id).in_(agencies),
                col(Account.enterprise_id).in_(enterprises),
            ),
        )
        .order_by(col(Account.id), col(Grant.id))
    )
    grants: dict[int, list[GrantFacts]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for account, grant in session.execute(statement):
        accounts[account.id] = account
        grants[account.id].append(
            GrantFacts(grant.id, grant.role, grant.valid_from, grant.valid_to, grant.is_cover)
        )
    return tuple(
        Actor(id_, one.display_name, tuple(grants[id_]), one.agency_id, one.enterprise_id)
        for id_, one in accounts.items()
    )


def _first(after: Mapping[str, Any], before: Mapping[str, Any], *names: str) -> int | None:
    """The first of these values that is stated: of what is taken away, before."""
    stated = (values.get(name) for values in (after, before) for name in names)
    return next((value for value in stated if value is not None), None)


def _codes(after: Mapping[str, Any]) -> list[str]:
    """The coded reasons of a decision."""
    stated = after.get("reasons")
    return stated if isinstance(stated, list) else []
