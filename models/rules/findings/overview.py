"""A claim's findings taken together: how many of each, what is in the way, in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from models.rules.findings.conditions import CONDITION_OF
from models.rules.findings.verdicts import GRAVITY, Finding, Verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """How many conditions have each verdict: the queue's findings in short."""

    met: int = 0
    not_met: int = 0
    unknown: int = 0
    warning: int = 0
    not_applicable: int = 0


def summary(findings: Iterable[Finding]) -> Summary:
    """The findings counted by verdict."""
    return Summary(**Counter(finding.verdict.value for finding in findings))


def all_met(findings: Iterable[Finding]) -> bool:
    """Whether every condition that applies is met (全部符合): the safe set's first half."""
    return all(finding.verdict in (Verdict.met, Verdict.not_applicable) for finding in findings)


def blocking_not_met(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with which a claim can only be returned, refused or held."""
    return _blocking(findings, Verdict.not_met)


def blocking_unknown(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with which a claim passes only with a reason that every later office sees."""
    return _blocking(findings, Verdict.unknown)


def by_exception(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Exceptions first: not met, unknown, warning, then the rest; each in the table's order."""
    return tuple(sorted(findings, key=lambda finding: GRAVITY[finding.verdict]))


def _blocking(findings: Iterable[Finding], verdict: Verdict) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in findings
        if finding.verdict is verdict and CONDITION_OF[finding.code].is_blocking
    )
