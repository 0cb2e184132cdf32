"""The terms of a service agreement (协议内容): what must hold before it is filed, all faults at once.

Source: `dalian-hightech` 五.2 一是 (nothing is paid before the result), 五.3(1) (filed before work
starts; what no policy covers is paid by the enterprise after success), 二.五 (price band).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.rules.membership import AgencyStanding, AgencyState, Fault
from models.rules.money import LARGEST_FEN, yuan_whole
from models.rules.wording import say

UPFRONT_FEE_FEN = 0
"""What an enterprise pays before the result (预收费用): nothing, fixed by 五.2 一是."""
LONGEST_EXPECTED = 200  # characters of the expected result in words
LONGEST_REASON = 400  # characters of a reason in words
MOST_PAPERS = 5  # papers of one step


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What the two sides agree (协议内容).

    Attributes:
        signed_on: the day of signing.
        fee_fen: the agreed fee, owed only after success.
        result_kind_code: the kind of result that is expected; empty where the service has none.
        expected: the expected result in words.
        due_on: when it is expected.
        advance_fen: what the agency means to advance (垫资).
    """

    signed_on: date
    fee_fen: int
    result_kind_code: str = ""
    expected: str = ""
    due_on: date | None = None
    advance_fen: int = 0


@dataclass(frozen=True, slots=True)
class TermsContext:
    """What the terms are held against.

    Attributes:
        today: the office's day.
        joined_on: since when the enterprise is a member.
        left_on: until when, if it left.
        agency: how the agency's admission stands on the day of signing.
        agency_joined_on: since when the agency is admitted.
        is_in_scope: the agency is admitted for the service.
        is_offered: the service stood on the service list on the day of signing.
        is_subsidised: public money may pay for it.
        result_kinds: the kinds of result the service knows.
        price_floor_fen, price_ceiling_fen: the price band, where one is set.
        was_suspended: the day of signing lies in a suspension that is over.
    """

    today: date
    joined_on: date
    left_on: date | None
    agency: AgencyStanding
    agency_joined_on: date
    is_in_scope: bool
    is_offered: bool
    is_subsidised: bool
    result_kinds: frozenset[str]
    price_floor_fen: int | None = None
    price_ceiling_fen: int | None = None
    was_suspended: bool = False


def term_faults(terms: AgreementTerms, context: TermsContext) -> tuple[Fault, ...]:
    """Everything wrong with the terms at once (一次性告知), blocking faults first.

    Args:
        terms: what was agreed.
        context: what it is held against.
    """
    found = [fault for examine in TERM_RULES for fault in examine(terms, context)]
    return tuple(sorted(found, key=lambda fault: not fault.is_blocking))


def _days(terms: AgreementTerms, context: TermsContext) -> list[Fault]:
    faults = []
    if terms.signed_on > context.today:
        faults.append(Fault("signed_on", say("签订日期不能晚于今天")))
    if terms.due_on is not None and terms.due_on < terms.signed_on:
        faults.append(Fault("due_on", say("预计完成日期不能早于签订日期")))
    return faults


def _parties(terms: AgreementTerms, context: TermsContext) -> list[Fault]:
    faults = []
    if terms.signed_on < context.joined_on:
        words = say("企业 {joined_on} 入会，晚于签订日期（F01）", joined_on=context.joined_on)
        faults.append(Fault("signed_on", words))
    if context.left_on is not None and context.left_on < terms.signed_on:
        words = say("企业 {left_on} 已退会，早于签订日期（F01）", left_on=context.left_on)
        faults.append(Fault("signed_on", words))
    if terms.signed_on < context.agency_joined_on:
        words = say(
            "机构 {joined_on} 准入，晚于签订日期（F02）", joined_on=context.agency_joined_on
        )
        faults.append(Fault("signed_on", words))
    elif context.was_suspended:
        faults.append(Fault("signed_on", say("签订日期在机构的暂停期内（F02）")))
    elif context.agency.state is not AgencyState.admitted:
        words = say("签订当日机构不具备服务资格：{standing}（F02）", standing=context.agency.words)
        faults.append(Fault("signed_on", words))
    if not context.is_in_scope:
        faults.append(Fault("service_code", say("该服务不在机构的服务范围内（F02）")))
    if not context.is_offered:
        faults.append(Fault("service_code", say("签订当日该服务不在服务清单内")))
    return faults


def _result(terms: AgreementTerms, context: TermsContext) -> list[Fault]:
    if terms.result_kind_code and terms.result_kind_code not in context.result_kinds:
        return [Fault("result_kind_code", say("成果类型不属于该服务"))]
    if not terms.result_kind_code and context.is_subsidised and context.result_kinds:
        return [Fault("result_kind_code", say("请选择预期成果：补贴以取得成果为前提"))]
    return []


def _money(terms: AgreementTerms, context: TermsContext) -> list[Fault]:
    faults = []
    if not 0 <= terms.fee_fen <= LARGEST_FEN:
        faults.append(Fault("fee_fen", say("服务费须为不超过上限的非负金额")))
    if not 0 <= terms.advance_fen <= LARGEST_FEN:
        faults.append(Fault("advance_fen", say("垫资须为不超过上限的非负金额")))
    floor_fen, ceiling_fen = context.price_floor_fen, context.price_ceiling_fen
    if floor_fen is not None and terms.fee_fen < floor_fen:
        words = say(
            "低于参考下限 {floor} 元，请核对是否低价竞争（F12）", floor=yuan_whole(floor_fen)
        )
        faults.append(Fault("fee_fen", words, is_blocking=False))
    if ceiling_fen is not None and ceiling_fen < terms.fee_fen:
        words = say("高于参考上限 {ceiling} 元，申请时 F12 不符合", ceiling=yuan_whole(ceiling_fen))
        faults.append(Fault("fee_fen", words, is_blocking=False))
    return faults


TERM_RULES: tuple[Callable[[AgreementTerms, TermsContext], list[Fault]], ...] = (
    _days,
    _parties,
    _result,
    _money,
)
"""Every rule the terms are held against; all of them speak."""
