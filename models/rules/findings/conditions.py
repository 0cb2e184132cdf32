"""The pre-review checklist (初审条件), one table: `CONDITIONS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.rules.claim_facts import ClaimFacts
from models.rules.findings.agreement import (
    enterprise_confirmed,
    fee_is_in_band,
    filing_came_first,
    nothing_was_taken_up_front,
)
from models.rules.findings.amounts import (
    asked_at_most_entitled,
    budget_has_room,
    caps_have_room,
    standard_is_in_force,
)
from models.rules.findings.case import Case, money_of
from models.rules.findings.parties import (
    agency_was_admitted,
    enterprise_was_member,
    nobody_is_tied,
    payee_matches_record,
)
from models.rules.findings.result import (
    filed_in_time,
    result_is_claimed_once,
    result_is_evidenced,
)
from models.rules.findings.verdicts import Finding, Judgement
from models.rules.wording import Wording, say
from models.rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a claim (初审条件).

    Attributes:
        code: F01 to F15, the number every screen and letter uses.
        is_blocking: not met, the claim cannot pass; unknown, it passes only with a reason that
            every later office sees.
        title: what must hold.
        basis: the clause it rests on; 设定 where no document prints it, 标准 where each standard says.
        judge: how it is found.
    """

    code: str
    is_blocking: bool
    title: Wording
    basis: str
    judge: Callable[[Case], Judgement]


BLOCKS, ADVISES = True, False
SETTING, STANDARD = say("设定").template, say("标准").template

# fmt: off
CONDITIONS: tuple[Condition, ...] = (
    Condition("F01", BLOCKS,  say("签约时企业为有效会员"),       "五.1",        enterprise_was_member),
    Condition("F02", BLOCKS,  say("机构已准入，服务在范围内"),   "五.1 一是",   agency_was_admitted),
    Condition("F03", BLOCKS,  say("备案确认早于取得成果"),       "五.3(1)",     filing_came_first),
    Condition("F04", BLOCKS,  say("未预收费用"),                 "五.2 一是",   nothing_was_taken_up_front),
    Condition("F05", BLOCKS,  say("成果与证明材料齐全"),         "五.3(1)",     result_is_evidenced),
    Condition("F06", BLOCKS,  say("该成果此前未申请"),           "五.3",        result_is_claimed_once),
    Condition("F07", BLOCKS,  say("有现行补贴标准"),             "四",          standard_is_in_force),
    Condition("F08", BLOCKS,  say("申请额不超过核定上限"),       "五.3 效果一", asked_at_most_entitled),
    Condition("F09", ADVISES, say("未超机构、企业年度上限"),     STANDARD,      caps_have_room),
    Condition("F10", BLOCKS,  say("额度可同时容纳补贴与奖励"),   "五.3 效果一", budget_has_room),
    Condition("F11", ADVISES, say("在规定期限内提出"),           SETTING,       filed_in_time),
    Condition("F12", ADVISES, say("服务费在价格区间内"),         "二.五",       fee_is_in_band),
    Condition("F13", BLOCKS,  say("收款账户与登记一致"),         SETTING,       payee_matches_record),
    Condition("F14", ADVISES, say("企业已确认"),                 SETTING,       enterprise_confirmed),
    Condition("F15", BLOCKS,  say("经办人与双方无利害关系"),     SETTING,       nobody_is_tied),
)
# fmt: on

CONDITION_OF: dict[str, Condition] = {condition.code: condition for condition in CONDITIONS}


def findings(facts: ClaimFacts, calendar: Calendar) -> tuple[Finding, ...]:
    """Every condition as found on one claim (认定结论).

    Args:
        facts: the claim on one day.
        calendar: the deployment's working days.

    Returns:
        Fifteen findings, in the order of `CONDITIONS`.

    Source: `dalian-hightech`, clause by clause as the table says; settings where it prints nothing.
    """
    case = Case(facts, calendar, money_of(facts))
    return tuple(_found(condition, condition.judge(case)) for condition in CONDITIONS)


def _found(condition: Condition, judgement: Judgement) -> Finding:
    return Finding(
        condition.code,
        judgement.verdict,
        judgement.fact,
        judgement.fix,
        judgement.clause or condition.basis,
        judgement.reason_codes,
    )
