"""What a condition says of a claim (认定结论): verdict, deciding fact, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.rules.wording import Wording, say


class Verdict(StrEnum):
    """Whether a condition holds (判定)."""

    met = "met"  # 符合
    not_met = "not_met"  # 不符合
    unknown = "unknown"  # 待查证
    warning = "warning"  # 请注意
    not_applicable = "not_applicable"  # 不适用


VERDICT_NAMES = {
    Verdict.met: say("符合"),
    Verdict.not_met: say("不符合"),
    Verdict.unknown: say("待查证"),
    Verdict.warning: say("请注意"),
    Verdict.not_applicable: say("不适用"),
}

GRAVITY = {
    Verdict.not_met: 0,
    Verdict.unknown: 1,
    Verdict.warning: 2,
    Verdict.met: 3,
    Verdict.not_applicable: 4,
}
"""The gravest first: the order of exceptions on a screen, and which of several parts decides."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition as it was found on one claim on one day (认定结论).

    Attributes:
        code: the condition, F01 to F15.
        verdict: whether it holds.
        fact: the fact that decided.
        fix: what to do about it; `None` where there is nothing to do.
        clause: the clause, the standard's key, or 设定 where no document prints it.
        reason_codes: the coded reasons a return or refusal would give for it.
    """

    code: str
    verdict: Verdict
    fact: Wording
    fix: Wording | None
    clause: str
    reason_codes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The stored form, beside the decision it was taken for."""
        return {
            "code": self.code,
            "verdict": self.verdict.value,
            "fact": self.fact.as_json(),
            "fix": self.fix.as_json() if self.fix else None,
            "clause": self.clause,
            "reasons": list(self.reason_codes),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        """The finding that `as_json` stored."""
        return cls(
            code=stored["code"],
            verdict=Verdict(stored["verdict"]),
            fact=Wording.from_json(stored["fact"]),
            fix=Wording.from_json(stored["fix"]) if stored["fix"] else None,
            clause=stored["clause"],
            reason_codes=tuple(stored["reasons"]),
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a condition's function answers; a nearer `clause` goes before the table's."""

    verdict: Verdict
    fact: Wording
    fix: Wording | None = None
    reason_codes: tuple[str, ...] = ()
    clause: str | None = None


def met(fact: Wording) -> Judgement:
    """The condition holds (符合)."""
    return Judgement(Verdict.met, fact)


def not_met(fact: Wording, fix: Wording, *reason_codes: str) -> Judgement:
    """The condition does not hold (不符合): always with a reason to give."""
    return Judgement(Verdict.not_met, fact, fix, reason_codes)


def unknown(fact: Wording, fix: Wording, *reason_codes: str) -> Judgement:
    """What the condition asks for is not known yet (待查证)."""
    return Judgement(Verdict.unknown, fact, fix, reason_codes)


def warning(fact: Wording, fix: Wording) -> Judgement:
    """The condition holds, but somebody should look (请注意)."""
    return Judgement(Verdict.warning, fact, fix)


def not_applicable(fact: Wording) -> Judgement:
    """The condition asks about something this claim does not have (不适用)."""
    return Judgement(Verdict.not_applicable, fact)
