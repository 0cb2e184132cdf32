"""Notices (消息): what of the record is told to whom, and in which words, read from one table,
`NOTICES`.

Nobody is told of their own act, and nobody of what their roles do not show them: that is asked of
each recipient, by the rules of sight, when the notice is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from models.rules.agreement_life import ATTRIBUTIONS
from models.rules.claim_workflow import OFFICE_ROLE
from models.rules.money import yuan
from models.rules.notice_table import NOTICES_OF
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES, Actor, Office, Permission, Role
from models.rules.told import Audience, Message, Told
from models.rules.wording import Fact, Wording, say


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of subject is looked at: an address, the parameter that names it there, and the
    permission that opens it; `fixed` is what the address asks whatever the subject."""

    address: str
    parameter: str
    permission: Permission
    fixed: tuple[tuple[str, str], ...] = ()


_CHANGES = (("view", "changes"),)
# fmt: off
PLACES: Mapping[str, Place] = {
    "claim":       Place("/claim",    "no",     Permission.see_claims),
    "agreement":   Place("/agreements", "agreement", Permission.see_agreements),
    "admission":   Place("/admissions", "application", Permission.see_admissions),
    "complaint":   Place("/complaints", "complaint", Permission.see_complaints),
    "training":    Place("/trainings", "training", Permission.see_trainings),
    "agency":      Place("/agencies", "uscc",   Permission.see_agencies),
    "rating":      Place("/ratings",  "period", Permission.see_ratings),
    "month":       Place("/month",    "month",  Permission.see_month),
    "actual":      Place("/actuals",  "figure", Permission.see_actuals),
    "need":        Place("/needs",    "need",   Permission.see_needs),
    "budget_move": Place("/payments", "",       Permission.see_payments, (("view", "budget"),)),
    "policy_rule": Place("/policies", "",       Permission.see_policies, _CHANGES),
    "setting":     Place("/policies", "",       Permission.see_policies, _CHANGES),
    "service_terms": Place("/policies", "",     Permission.see_policies, _CHANGES),
    "reason_text": Place("/policies", "",       Permission.see_policies, _CHANGES),
    "calendar_day": Place("/policies", "",      Permission.see_policies, _CHANGES),
    "budget_line": Place("/exchange", "",       Permission.see_exchange),
    "account":     Place("/",         "",       Permission.see_overview),
}
# fmt: on
"""The kinds of subject a notice may speak of."""
OWN_PLACES: Mapping[str, Place] = {
    "rating": Place("/my-rating", "period", Permission.see_own_rating),
}
"""Where a party looks at its own part of a subject, whose page is not open to it."""
HOME = "/"
_ROLES = {
    Audience.bureau: (Role.bureau,),
    Audience.alliance: (Role.alliance_reviewer, Role.alliance_lead),
    Audience.finance: (Role.finance,),
    Audience.money: (Role.finance, Role.alliance_lead),
    Audience.policy: (Role.alliance_lead,),
    Audience.reviewers: (Role.alliance_reviewer,),
    Audience.lead: (Role.alliance_lead,),
}
"""The roles that are an audience."""


def notices_of(told: Told, people: Iterable[Actor]) -> tuple[Message, ...]:
    """Who is told of one link of the record, and what: at most one message a person.

    Args:
        told: the link.
        people: everybody who may know of its subject.

    Returns:
        The messages, the table's order first; none for who did it.
    """
    everybody = [person for person in people if person.account_id != told.by_account_id]
    messages: dict[int, Message] = {}
    for notice in NOTICES_OF.get(told.verb, ()):
        if notice.when is None or notice.when(told):
            for person, role in _hearers(notice.to, told, everybody):
                words = _filled(notice.words, facts_of(told))
                message = Message(person.account_id, role, words, notice.is_turn)
                messages.setdefault(person.account_id, message)
    return tuple(messages.values())


def facts_of(told: Told) -> dict[str, Fact]:
    """The facts a notice's sentence may name."""
    role = told.after.get("role")
    return {
        "number": told.number,
        "by": told.by,
        "reasons": told.reasons or (say("见办理记录"),),
        "subsidy": _amount(told.after.get("subsidy_fen")),
        "reward": _amount(told.after.get("reward_fen")),
        "rows": told.after.get("rows"),
        "role": ROLE_NAMES[Role(role)] if role in set(Role) else None,
        "since": told.after.get("from"),
        "due": told.after.get("answer_due_on"),
        "until": told.after.get("reply_until_on"),
        "held_on": told.after.get("held_on"),
        "amount": _amount(told.after.get("amount_fen", told.before.get("amount_fen"))),
        "attribution": ATTRIBUTIONS.get(told.after.get("attribution")),  # type: ignore[arg-type]
    }


def place_of(kind: str, number: str, actor: Actor) -> tuple[str, dict[str, str]]:
    """Where a person looks at a subject: the address and what it asks there; the start page where
    the subject's own page is not open to them.

    Args:
        kind: of subject.
        number: the subject's.
        actor: who is told.
    """
    places = (PLACES.get(kind), OWN_PLACES.get(kind))
    place = next((one for one in places if one and actor.may(one.permission)), None)
    if place is None:
        return HOME, {}
    own = {place.parameter: number} if place.parameter else {}
    return place.address, dict(place.fixed) | own


def said_by(name: str | None, office: Office = Office.system) -> str | Wording:
    """Who did something: a name, or the office where nobody did."""
    return name or OFFICE_NAMES[office]


def _hearers(
    audience: Audience, told: Told, people: Iterable[Actor]
) -> Iterator[tuple[Actor, Role]]:
    """Who belongs to an audience, and as what."""
    for person in people:
        role = _role_in(audience, told, person)
        if role is not None:
            yield person, role


def _role_in(audience: Audience, told: Told, person: Actor) -> Role | None:
    match audience:
        case Audience.agency:
            is_theirs = told.agency_id is not None and person.agency_id == told.agency_id
            return Role.agency if is_theirs and Role.agency in person.roles else None
        case Audience.enterprise:
            is_theirs = (
                told.enterprise_id is not None and person.enterprise_id == told.enterprise_id
            )
            return Role.enterprise if is_theirs and Role.enterprise in person.roles else None
        case Audience.holder:
            role = OFFICE_ROLE.get(told.office) if told.office else None
            return role if role in person.roles else None
        case Audience.invited:
            is_invited = person.agency_id is not None and person.agency_id in told.invited
            return Role.agency if is_invited and Role.agency in person.roles else None
        case _ if audience in _ROLES:
            return next((role for role in _ROLES[audience] if role in person.roles), None)
    return _first_role(person) if told.people.get(audience) == person.account_id else None


def _first_role(person: Actor) -> Role | None:
    """The first of a person's roles; none without one: then no page is open to them either."""
    return person.grants[0].role if person.grants else None


def _filled(words: Wording, facts: Mapping[str, Fact]) -> Wording:
    """A sentence with those of the facts it names."""
    named = [name for _, name, _, _ in Formatter().parse(words.template) if name]
    known: dict[str, Fact] = {**facts, **dict(words.facts)}
    return say(words.template, **{name: known[name] for name in named})


def _amount(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
