"""Conditions on the result (科技创新成果): number and papers, claimed once, filed in time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.rules.claim_facts import ClaimFacts, OtherClaim
from models.rules.claim_workflow import State
from models.rules.findings.case import Case, provisional_mark
from models.rules.findings.verdicts import GRAVITY, Judgement, met, not_met, unknown, warning
from models.rules.identifiers import IdentifierVerdict
from models.rules.money import yuan_whole
from models.rules.wording import Fact, Wording, named, say

# ---------------------------------------------------------------- F05


def result_is_evidenced(case: Case) -> Judgement:
    """F05: the result's number is well-formed and every paper (证明材料) its kind needs is there."""
    facts, reading = case.facts, case.facts.result.reading
    needed = facts.result.papers_needed
    missing = tuple(named(name) for code, name in needed if code not in facts.papers)
    number = reading.normalised or None
    counts = {"needed": len(needed), "present": len(needed) - len(missing)}
    is_malformed = reading.verdict is IdentifierVerdict.malformed
    if is_malformed and missing:
        return not_met(
            say(
                "编号 {number} 格式不符；应交 {needed} 件，已交 {present} 件，缺“{missing}”",
                number=number,
                missing=missing,
                **counts,
            ),
            say("更正编号，上传{missing}", missing=missing),
            "R01",
            "R04",
        )
    if missing:
        return not_met(
            say("应交 {needed} 件，已交 {present} 件，缺“{missing}”", missing=missing, **counts),
            say("上传{missing}", missing=missing),
            "R01",
        )
    if is_malformed:
        return not_met(say("编号 {number} 格式不符", number=number), reading.words, "R04")
    if reading.verdict is IdentifierVerdict.doubtful:
        return unknown(say("编号 {number} 存疑", number=number), reading.words, "R04")
    return met(say("编号 {number}，应交 {needed} 件已交 {present} 件", number=number, **counts))


# ---------------------------------------------------------------- F06

_WITHOUT_EFFECT = frozenset({State.draft, State.withdrawn, State.refused})
_UNDECIDED = frozenset({State.submitted, State.returned, State.on_hold})
"""Where nobody has passed it yet: a claim filed later that stands here hinders no earlier one."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One half of F06; `brief` is what it says when the other half decides."""

    judgement: Judgement
    brief: Wording


def result_is_claimed_once(case: Case) -> Judgement:
    """F06: no other claim on this result, and no invoice used for more than it is worth.

    Drafts and withdrawn claims leave no trace; one filed later is pointed out, so that nobody stops
    a claim by filing its result again. Both halves are judged; the graver one speaks and the other
    is added in short.
    """
    first, second = sorted(
        (_on_result(case.facts), _on_invoice(case.facts)),
        key=lambda part: GRAVITY[part.judgement.verdict],
    )
    return replace(
        first.judgement,
        fact=_with(first.judgement.fact, also=second.brief),
        reason_codes=first.judgement.reason_codes + second.judgement.reason_codes,
    )


def _with(fact: Wording, *, also: Wording) -> Wording:
    return Wording(fact.template, (*fact.facts, ("also", also)))


_NOT_CLAIMED = say("成果全区唯一")
_REFUSED_BEFORE = say("成果曾不予支持")
_CLAIMED = say("成果已被申请")
_CLAIMED_LATER = say("成果另有在后申请")


def _on_result(facts: ClaimFacts) -> _Part:
    others = facts.on_result
    live = [other for other in others if other.state not in _WITHOUT_EFFECT]
    if claimed := tuple(other.number for other in live if not _stands_behind(other)):
        judgement = not_met(
            say("同一成果已由 {numbers} 申请；{also}", numbers=claimed),
            say("核对成果归属，只保留一件，其余撤回"),
            "R07",
        )
        return _Part(judgement, _CLAIMED)
    if refused := tuple(other.number for other in others if other.state is State.refused):
        judgement = warning(
            say("{numbers} 曾不予支持；{also}", numbers=refused), say("打开原件，核对理由是否消除")
        )
        return _Part(judgement, _REFUSED_BEFORE)
    if live:
        judgement = warning(
            say(
                "{numbers} 在后申请同一成果；{also}", numbers=tuple(other.number for other in live)
            ),
            say("核对成果归属；在后的申请不能通过"),
        )
        return _Part(judgement, _CLAIMED_LATER)
    return _Part(met(say("全区唯一；{also}")), _NOT_CLAIMED)


def _stands_behind(other: OtherClaim) -> bool:
    return other.is_later and other.state in _UNDECIDED


_NO_INVOICE = say("无发票号")
_OWN_INVOICE = say("发票号未重复")
_SHARED = say("发票与他件共用")
_UNREADABLE = say("共用发票未填金额")
_EXCEEDED = say("共用发票金额不足")


def _on_invoice(facts: ClaimFacts) -> _Part:
    if not facts.invoice_number:
        return _Part(met(say("无发票号；{also}")), _NO_INVOICE)
    sharing = [other for other in facts.on_invoice if other.state not in _WITHOUT_EFFECT]
    if not sharing:
        return _Part(met(say("发票号未重复；{also}")), _OWN_INVOICE)
    numbers = tuple(other.number for other in sharing)
    if facts.invoice_fen is None:
        judgement = unknown(
            say("发票与 {numbers} 共用，未填金额；{also}", numbers=numbers),
            say("补填发票金额"),
            "R03",
        )
        return _Part(judgement, _UNREADABLE)
    together_fen = facts.asked_fen + sum(other.asked_fen for other in sharing)
    amounts = {"together": yuan_whole(together_fen), "invoice": yuan_whole(facts.invoice_fen)}
    if facts.invoice_fen < together_fen:
        judgement = not_met(
            say(
                "发票与 {numbers} 共用，合计 {together} > 票面 {invoice}；{also}",
                numbers=numbers,
                **amounts,
            ),
            say("更正发票号或金额；一票多件须附分摊清单"),
            "R03",
        )
        return _Part(judgement, _EXCEEDED)
    judgement = warning(
        say(
            "发票与 {numbers} 共用，合计 {together} ≤ 票面 {invoice}；{also}",
            numbers=numbers,
            **amounts,
        ),
        say("核对分摊清单"),
    )
    return _Part(judgement, _SHARED)


# ---------------------------------------------------------------- F11


def filed_in_time(case: Case) -> Judgement:
    """F11: filed within the window (申请期限) after the result, in working days."""
    calendar, filed_on = case.calendar, case.facts.filed_on
    obtained_on = case.facts.result.obtained_on
    window = case.facts.settings.filing_window_working_days
    if filed_on < obtained_on:
        return not_met(
            say(
                "{filed_on} 提出，早于取得 {obtained_on}",
                filed_on=filed_on,
                obtained_on=obtained_on,
            ),
            say("核对取得日期；取得成果后再提出"),
            "R05",
        )
    days = calendar.working_days_between(obtained_on, filed_on)
    counted: dict[str, Fact] = {
        "days": days,
        "window": window,
        "provisional": provisional_mark(calendar, obtained_on, filed_on),
    }
    if window < days:
        return not_met(
            say("取得后 {days} 个工作日，超过 {window}{provisional}", **counted),
            say("机构说明逾期原因；无正当理由的不予支持"),
            "R06",
        )
    return met(say("取得后 {days} 个工作日，限 {window}{provisional}", **counted))
