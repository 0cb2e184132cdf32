"""What the conditions look at: the claim's facts, the calendar, and what the standards give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.claim_facts import ClaimFacts, StandardFacts
from models.rules.entitlement import Basis, Entitlement, entitlement
from models.rules.wording import Wording, say
from models.rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class ClaimAmounts:
    """What the standards in force give (应补金额): the subsidy, and the reward it triggers."""

    subsidy: Entitlement | None
    reward: Entitlement | None


@dataclass(frozen=True, slots=True)
class Case:
    """One claim as the conditions see it: its facts, the calendar, its amounts computed once."""

    facts: ClaimFacts
    calendar: Calendar
    amounts: ClaimAmounts


def money_of(facts: ClaimFacts) -> ClaimAmounts:
    """What the claim's standards (补贴标准) give, each with its computation in words.

    Args:
        facts: the claim; only its standards and the facts they are computed from are read.

    Returns:
        Amounts in fen; `None` where no standard is in force for that purpose.

    Source: `dalian-hightech` 五.3(1), the subsidy first, then the reward; 五.3 效果一 for the amounts.
    """
    return ClaimAmounts(_given(facts, facts.subsidy), _given(facts, facts.reward))


def _given(facts: ClaimFacts, standard: StandardFacts | None) -> Entitlement | None:
    if standard is None:
        return None
    basis = Basis(
        units=facts.units,
        base_fen=facts.basis_fen,
        granted_this_year_fen=standard.granted_this_year_fen,
    )
    return entitlement(standard.standard, basis)


_PROVISIONAL = say("（暂估）")


def provisional_mark(calendar: Calendar, start: date, end: date) -> Wording | str:
    """The mark (暂估) of a count that rests on a year not yet announced; empty otherwise."""
    return _PROVISIONAL if calendar.is_provisional(start, end) else ""
