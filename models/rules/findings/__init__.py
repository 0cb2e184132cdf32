"""Findings (认定结论): a claim's conditions, computed, each with verdict, fact and clause.

    conditions   the table F01 to F15, and `findings` that walks it
    parties      F01 F02 F13 F15      agreement  F03 F04 F12 F14
    result       F05 F06 F11          amounts    F07 F08 F09 F10
    case         what they look at; `money_of`, what the standards give
    verdicts     what they answer
    overview     the fifteen taken together
    seen         the digest a decision is bound to, and what changed since

They are taken at every office and stored with its decision; the next office is shown what changed.
Nothing here reads the clock or the database: `ClaimFacts` says everything, the day included.
"""

from models.rules.findings.agreement import deemed_on
from models.rules.findings.case import ClaimAmounts, money_of
from models.rules.findings.conditions import CONDITION_OF, CONDITIONS, Condition, findings
from models.rules.findings.overview import (
    Summary,
    all_met,
    blocking_not_met,
    blocking_unknown,
    by_exception,
    summary,
)
from models.rules.findings.seen import changed_verdicts, facts_digest
from models.rules.findings.verdicts import VERDICT_NAMES, Finding, Verdict

__all__ = [
    "CONDITIONS",
    "CONDITION_OF",
    "VERDICT_NAMES",
    "ClaimAmounts",
    "Condition",
    "Finding",
    "Summary",
    "Verdict",
    "all_met",
    "blocking_not_met",
    "blocking_unknown",
    "by_exception",
    "changed_verdicts",
    "deemed_on",
    "facts_digest",
    "findings",
    "money_of",
    "summary",
]
