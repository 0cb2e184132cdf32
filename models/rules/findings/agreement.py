"""Conditions on the agreement (合作对子): filing, up-front fee, price, confirmation."""

from __future__ import annotations

from datetime import date

from models.rules.claim_facts import ClaimFacts, ReviewSettings
from models.rules.findings.case import Case, provisional_mark
from models.rules.findings.verdicts import (
    Judgement,
    met,
    not_applicable,
    not_met,
    unknown,
    warning,
)
from models.rules.money import yuan_whole
from models.rules.wording import Fact, Wording, say
from models.rules.working_days import Calendar

# ---------------------------------------------------------------- F03

_AFTER_START = say("确认晚于开工")
_AFTER_RESULT = say("确认晚于取得")
_RESULT_TOO_EARLY = say("取得早于签约")
_ORDER_REASONS = {_AFTER_START: "R02", _AFTER_RESULT: "R02", _RESULT_TOO_EARLY: "R05"}
_IMPORTED = say("；日期为导入，未经系统确认")


def filing_came_first(case: Case) -> Judgement:
    """F03: the filing (备案) was confirmed before work started and before the result was obtained."""
    agreement, obtained_on = case.facts.agreement, case.facts.result.obtained_on
    confirmed_on, started_on = agreement.filing_confirmed_on, agreement.work_started_on
    if confirmed_on is None:
        return not_met(say("备案未确认"), say("先完成备案确认；开工后补备案的不予支持"), "R02")
    dates: dict[str, Fact] = {
        "confirmed_on": confirmed_on,
        "started_on": started_on,
        "obtained_on": obtained_on,
    }
    if faults := _order_faults(case.facts, confirmed_on):
        return not_met(
            say(
                "{faults}：确认 {confirmed_on}，开工 {started_on}，取得 {obtained_on}",
                faults=faults,
                **dates,
            ),
            say("日期有误的附证明更正；确属事后补办的不予支持"),
            *dict.fromkeys(_ORDER_REASONS[fault] for fault in faults),
        )
    if started_on is None:
        return unknown(
            say("确认 {confirmed_on} ≤ 取得 {obtained_on}，开工日期未填", **dates),
            say("补填开工日期并附证明"),
            "R02",
        )
    return _filing_remark(case, confirmed_on) or met(
        say("确认 {confirmed_on} ≤ 开工 {started_on}、取得 {obtained_on}", **dates)
    )


def _order_faults(facts: ClaimFacts, confirmed_on: date) -> tuple[Wording, ...]:
    signed_on, started_on = facts.agreement.signed_on, facts.agreement.work_started_on
    obtained_on = facts.result.obtained_on
    checks = (
        (started_on is not None and started_on < confirmed_on, _AFTER_START),
        (obtained_on < confirmed_on, _AFTER_RESULT),
        (obtained_on < signed_on, _RESULT_TOO_EARLY),
    )
    return tuple(fault for is_fault, fault in checks if is_fault)


def _filing_remark(case: Case, confirmed_on: date) -> Judgement | None:
    facts, is_imported = case.facts, case.facts.agreement.filing_is_imported
    days = case.calendar.working_days_between(confirmed_on, facts.result.obtained_on)
    least = facts.settings.late_filing_warning_working_days
    if days < least:
        return warning(
            say(
                "确认 {confirmed_on}，距取得 {days} 个工作日，少于 {least} 个{imported}",
                confirmed_on=confirmed_on,
                days=days,
                least=least,
                imported=_IMPORTED if is_imported else "",
            ),
            say("核对是否事后补备案"),
        )
    if is_imported:
        return warning(
            say(
                "确认 {confirmed_on} ≤ 取得 {obtained_on}{imported}",
                confirmed_on=confirmed_on,
                obtained_on=facts.result.obtained_on,
                imported=_IMPORTED,
            ),
            say("核对备案原件"),
        )
    return None


# ---------------------------------------------------------------- F04


def nothing_was_taken_up_front(case: Case) -> Judgement:
    """F04: no up-front fee (事先支付) in the agreement, and none that the enterprise says it paid.

    As long as the enterprise has not said what it paid, the agreement speaks alone, and the fact
    says so.
    """
    agreed_fen, confirmation = case.facts.agreement.upfront_fee_fen, case.facts.confirmation
    paid_fen = confirmation.paid_before_fen if confirmation else None
    agreed = yuan_whole(agreed_fen)
    if agreed_fen or paid_fen:
        return not_met(
            say("协议预收 {agreed} 元", agreed=agreed)
            if paid_fen is None
            else say(
                "协议预收 {agreed} 元；企业确认已付 {paid} 元",
                agreed=agreed,
                paid=yuan_whole(paid_fen),
            ),
            say("退还企业并附凭证；预收费计入服务机构考评"),
            "R13",
        )
    if confirmation is None or paid_fen is None:
        return met(say("协议预收 {agreed} 元；企业尚未说明", agreed=agreed))
    return met(
        say(
            "协议预收 {agreed} 元；企业 {confirmed_on} 确认未付",
            agreed=agreed,
            confirmed_on=confirmation.confirmed_on,
        )
    )


# ---------------------------------------------------------------- F12

_OPEN = say("不限")


def fee_is_in_band(case: Case) -> Judgement:
    """F12: the agreed fee lies in the price band (价格区间); below its floor is 恶性竞争."""
    fee_fen, service = case.facts.agreement.fee_fen, case.facts.service
    floor_fen, ceiling_fen = service.price_floor_fen, service.price_ceiling_fen
    fee = yuan_whole(fee_fen)
    if floor_fen is None and ceiling_fen is None:
        return not_applicable(say("本服务未设价格区间"))
    if floor_fen is not None and fee_fen < floor_fen:
        return warning(
            say("协议 {fee} 元，低于下限 {floor}", fee=fee, floor=yuan_whole(floor_fen)),
            say("核对是否低价竞争；不影响通过"),
        )
    if ceiling_fen is not None and ceiling_fen < fee_fen:
        return not_met(
            say("协议 {fee} 元，高于上限 {ceiling}", fee=fee, ceiling=yuan_whole(ceiling_fen)),
            say("请机构说明定价依据，或改签协议"),
            "R18",
        )
    return met(
        say(
            "{fee} 元，区间 {floor}–{ceiling}",
            fee=fee,
            floor=_OPEN if floor_fen is None else yuan_whole(floor_fen),
            ceiling=_OPEN if ceiling_fen is None else yuan_whole(ceiling_fen),
        )
    )


# ---------------------------------------------------------------- F14


def enterprise_confirmed(case: Case) -> Judgement:
    """F14: the enterprise confirmed the service (企业确认), or is deemed to have."""
    confirmation = case.facts.confirmation
    if confirmation is None:
        return _not_asked()
    if confirmation.is_denied:
        return not_met(
            say("企业 {confirmed_on} 否认已获服务", confirmed_on=confirmation.confirmed_on),
            say("向双方核实；查实虚假的不予支持并计入考评"),
            "R16",
        )
    if confirmation.is_deemed:
        return met(
            say(
                "未答复，{confirmed_on} 视为确认，不计满意度",
                confirmed_on=confirmation.confirmed_on,
            )
        )
    if confirmation.confirmed_on is not None:
        return met(
            say(
                "{confirmed_on} 确认，满意度 {satisfaction}",
                confirmed_on=confirmation.confirmed_on,
                satisfaction=confirmation.satisfaction,
            )
        )
    if confirmation.requested_on is None:
        return _not_asked()
    return _awaited(case, confirmation.requested_on)


def deemed_on(requested_on: date, settings: ReviewSettings, calendar: Calendar) -> date:
    """The day from which an unanswered request counts as confirmed (视为确认).

    It is the working day number `deemed_after_working_days` after the request.

    Source: setting; no document prints it.
    """
    return calendar.add_working_days(requested_on, settings.deemed_after_working_days)


def _not_asked() -> Judgement:
    return unknown(say("尚未请企业确认"), say("向企业登记的联系人发出确认请求"), "R16")


def _awaited(case: Case, requested_on: date) -> Judgement:
    calendar, today = case.calendar, case.facts.today
    due_on = deemed_on(requested_on, case.facts.settings, calendar)
    if due_on <= today:
        return met(say("未答复，{due_on} 起视为确认，不计满意度", due_on=due_on))
    return unknown(
        say(
            "已发 {days} 个工作日未答，{due_on} 起视为确认{provisional}",
            days=calendar.working_days_between(requested_on, today),
            due_on=due_on,
            provisional=provisional_mark(calendar, requested_on, due_on),
        ),
        say("可催办，或暂缓至 {due_on}", due_on=due_on),
        "R16",
    )
