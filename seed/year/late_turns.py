"""Late turns of the demonstration year (演示数据): rewards the bank sends back, a contested attribution, an
agreement entered at the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from models.actions.agreement_progress import begin_work, fail_agreement
from models.actions.agreements import (
    confirm_filing,
    draft_agreement,
    draft_for_agency,
    file_agreement,
)
from models.actions.attributions import contest_attribution
from models.actions.steps import seen_now, take_step
from models.clock import today
from models.queries.agreement_card import agreement_card
from models.queries.agreement_terms import pair_taken_by
from models.rules.agreement_life import Attribution, CostBearer
from models.rules.agreement_terms import AgreementTerms
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.payments import BANK_RETURNED, EntryKind, Voucher
from models.tables.claims import Claim
from models.tables.organisations import Agency
from models.tables.payments import Payment
from seed.year.cast import House, Member
from seed.year.papers import paper
from seed.year.plot import RESULT_KIND
from seed.year.stage import Stage
from seed.year.timeline import at

Course = Iterator[datetime]
_MORNING, _NOON, _AFTERNOON = 9 * 60 + 50, 11 * 60 + 20, 15 * 60 + 20
_SETTLED = 30  # newest rewards that are left alone: the bank's list and the recoveries use them
_FEE_FEN = 240_000
_CASES = ("utility_model", "design_patent", "invention_patent", "software_copyright")


def sent_back(stage: Stage) -> Course:
    """The bank sends two rewards back after their claims were closed; one is paid again."""
    finance = "finance"
    yield at(stage.timeline.back(stage.timeline.until, 5), _MORNING)
    first, second = _rewarded(stage)
    _step(stage, finance, first, Action.reward_failed, "演示：企业账户已变更，银行退汇。")
    yield at(stage.timeline.back(stage.timeline.until, 3), _AFTERNOON)
    _step(stage, finance, first, Action.reward_enterprise, "演示：账号核对后重新发放。")
    yield at(stage.timeline.back(stage.timeline.until, 2), _NOON)
    _step(stage, finance, second, Action.reward_failed, "演示：户名与账号不符，银行退汇。")


def contested(stage: Stage) -> Course:
    """An enterprise puts a failure down to its agency, which contests it; nobody has decided yet."""
    member, house, timeline = stage.cast.members[0], stage.cast.houses[1], stage.timeline
    yield at(timeline.back(timeline.until, 21), _MORNING)
    service = _free(stage, member, house)
    terms = _terms(stage, service)
    agency, enterprise = stage.actor(house.username), stage.actor("enterprise01")
    number = draft_agreement(stage.session, agency, member.entry.uscc, service, terms)
    _do(stage, house.username, number, file_agreement, papers=_scan(number))
    yield at(timeline.forward(today(), 1), _AFTERNOON)
    _do(stage, "bureau", number, confirm_filing)
    yield at(timeline.forward(today(), 1), _MORNING)
    _do(stage, house.username, number, begin_work, started_on=today())
    yield at(timeline.back(timeline.until, 4), _NOON)
    assert enterprise.enterprise_id == member.id
    _do(
        stage, "enterprise01", number, fail_agreement, attribution=Attribution.agency,
        cost_bearer=CostBearer.agency, reason="演示：约定期限内没有递交申请。",
    )  # fmt: skip
    yield at(timeline.back(timeline.until, 2), _MORNING)
    _do(
        stage, house.username, number, contest_attribution, claimed=Attribution.enterprise,
        reason="演示：技术交底书两次催要未提供，有往来邮件。",
    )  # fmt: skip


def at_counter(stage: Stage) -> Course:
    """An agreement the alliance's counter enters and files for an agency."""
    yield at(stage.timeline.back(stage.timeline.until, 2), _AFTERNOON)
    member, house = stage.cast.members[8], stage.cast.houses[3]
    service = _free(stage, member, house)
    of_house = select(col(Agency.id)).where(col(Agency.uscc) == house.uscc)
    agency_id = stage.session.execute(of_house).scalar_one()
    number = draft_for_agency(
        stage.session, stage.actor("intake"), agency_id, member.entry.uscc, service,
        _terms(stage, service),
    )  # fmt: skip
    _do(stage, "intake", number, file_agreement, papers=_scan(number))


# ---------------------------------------------------------------- pieces


def _rewarded(stage: Stage) -> tuple[str, str]:
    """Two claims closed with a reward a while ago."""
    statement = (
        select(Claim.number)
        .join(Payment, col(Payment.claim_id) == Claim.id)
        .where(
            col(Claim.state) == State.closed, col(Payment.kind) == EntryKind.paid,
            col(Payment.purpose) == Purpose.reward,
        )
        .order_by(col(Payment.id).desc())
        .offset(_SETTLED)
        .limit(2)
    )  # fmt: skip
    first, second = stage.session.execute(statement).scalars()
    return first, second


def _step(stage: Stage, who: str, number: str, action: Action, note: str) -> None:
    actor = stage.actor(who)
    claim = stage.session.execute(select(Claim).where(col(Claim.number) == number)).scalar_one()
    seen = seen_now(stage.session, actor, claim)
    stage.vouchers += 1
    voucher = Voucher(f"PZ{today():%Y%m%d}{stage.vouchers:04d}", today())
    if action is Action.reward_failed:
        take_step(stage.session, actor, number, action, seen, reasons=(BANK_RETURNED,), note=note)
    else:
        take_step(stage.session, actor, number, action, seen, note=note, voucher=voucher)


def _free(stage: Stage, member: Member, house: House) -> str:
    """A service of the agency for which nobody serves the enterprise."""
    return next(
        service
        for service in _CASES
        if service in house.services and not pair_taken_by(stage.session, member.id, service)
    )


def _terms(stage: Stage, service: str) -> AgreementTerms:
    due_on: date = today() + timedelta(days=60)
    return AgreementTerms(
        signed_on=today(), fee_fen=_FEE_FEN, result_kind_code=RESULT_KIND[service],
        expected=stage.service_names[service], due_on=due_on,
    )  # fmt: skip


def _scan(number: str) -> tuple[tuple[str, bytes], ...]:
    lines = (f"协议编号：{number}", f"签订日期：{today()}", "取得成果前企业不支付任何费用。")
    return (("服务协议（盖章）.pdf", paper("科技创新服务协议", lines)),)


def _do(
    stage: Stage, who: str, number: str, action: Callable[..., object], **given: object
) -> None:
    """A step taken by somebody who has just opened the agreement."""
    actor = stage.actor(who)
    seen = agreement_card(stage.session, actor, number).version
    action(stage.session, actor, number, seen_version=seen, **given)
