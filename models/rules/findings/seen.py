"""What a decision is bound to: the claim's own facts and verdicts as one digest.

A claim's own facts are what was laid before the offices as this claim. What lies around it — the
registers, other claims, ties, settings, caps and budgets, the day — enters through the verdict it
leads to, or not at all: it moves without anybody touching the claim, and no decision may go stale
for that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from models.rules import digest
from models.rules.claim_facts import ClaimFacts, ConfirmationFacts, StandardFacts
from models.rules.findings.verdicts import Finding

PAPERS_ASKED_FOR = frozenset({"R01"})
"""Reasons of a question that asks for papers: what the agency then hands in is the answer, and no
change of what the earlier offices decided on."""

MOVED_BY_OTHERS = frozenset({"F09", "F10"})
"""Caps and budgets: what other claims take away decides; their flips are shown, not bound."""


def facts_digest(facts: ClaimFacts, findings: Iterable[Finding]) -> str:
    """The digest (摘要) of the claim's own facts, its own verdicts and the versions of its standards.

    Args:
        facts: the claim.
        findings: its findings; those of `MOVED_BY_OTHERS` are left out.

    Returns:
        64 hexadecimal characters; equal on every database and in every process.
    """
    return digest.facts_digest(
        {
            "facts": _own_facts(facts),
            "standards": [_version(facts.subsidy), _version(facts.reward)],
            "verdicts": {
                finding.code: finding.verdict.value
                for finding in findings
                if finding.code not in MOVED_BY_OTHERS
            },
        }
    )


def changed_verdicts(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[str, ...]:
    """The conditions whose verdict is no longer what it was, in order.

    This is what the next office is shown first. A condition only one side has counts as changed.
    """
    was = {finding.code: finding.verdict for finding in before}
    now = {finding.code: finding.verdict for finding in after}
    return tuple(code for code in sorted(was | now) if was.get(code) is not now.get(code))


def _own_facts(facts: ClaimFacts) -> dict[str, digest.Canonical]:
    agreement, result = facts.agreement, facts.result
    return {
        "claim": [
            facts.number,
            facts.filed_on.isoformat(),
            facts.asked_fen,
            facts.basis_fen,
            facts.units,
            facts.invoice_number,
            facts.invoice_fen,
            facts.payee_name,
            facts.payee_account,
        ],
        "parties": [facts.enterprise.uscc, facts.agency.uscc],
        "service": facts.service.code,
        "agreement": [
            agreement.number,
            agreement.signed_on.isoformat(),
            agreement.fee_fen,
            agreement.upfront_fee_fen,
            _iso(agreement.work_started_on),
            agreement.filing_number,
            _iso(agreement.filing_confirmed_on),
            agreement.filing_is_imported,
        ],
        "result": [
            result.kind,
            result.reading.family,
            result.reading.normalised,
            result.obtained_on.isoformat(),
        ],
        "papers": _papers_that_count(facts),
        "confirmation": _answer(facts.confirmation),
    }


def _papers_that_count(facts: ClaimFacts) -> Sequence[digest.Canonical]:
    """The papers the conditions need, each by its file: another file is another fact.

    A further paper that no condition needs changes nothing the earlier offices decided on.
    """
    there = sorted(code for code, _name in facts.result.papers_needed if code in facts.papers)
    return [[code, *sorted(f for kind, f in facts.paper_files if kind == code)] for code in there]


def _answer(confirmation: ConfirmationFacts | None) -> Sequence[digest.Canonical] | None:
    """What the enterprise said itself; a request, or silence that is deemed, is only a verdict."""
    if confirmation is None or confirmation.is_deemed or confirmation.confirmed_on is None:
        return None
    return [
        confirmation.confirmed_on.isoformat(),
        confirmation.is_denied,
        confirmation.paid_before_fen,
        confirmation.paid_after_fen,
        confirmation.satisfaction,
    ]


def _version(standard: StandardFacts | None) -> Sequence[digest.Canonical] | None:
    return None if standard is None else [standard.key, standard.version]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
