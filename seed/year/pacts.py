"""Agreements that no claim rests on yet, played through the actions: drafted, filed with a scan,
confirmed or returned by the bureau, worked on; and what enterprises look for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from models.actions.agreement_progress import (
    add_milestone,
    begin_work,
    conclude_agreement,
    fail_agreement,
    finish_milestone,
    record_advance,
)
from models.actions.agreement_results import record_result
from models.actions.agreements import (
    confirm_filing,
    draft_agreement,
    edit_agreement,
    file_agreement,
    return_filing,
)
from models.actions.amendments import NewTerms, confirm_amendment, propose_amendment
from models.actions.needs import accept_request, ask_agency, decline_request, state_need
from models.clock import today
from models.queries.agreement_card import AgreementCard, agreement_card
from models.queries.agreement_terms import pair_taken_by
from models.queries.needs import need_card
from models.rules.agreement_life import Attribution, CostBearer
from models.rules.agreement_terms import AgreementTerms
from models.tables.agreements import Agreement, Filing
from seed.year.agreements import WORK, Pact
from seed.year.names import result_number
from seed.year.opening import filing
from seed.year.papers import paper
from seed.year.plot import RESULT_KIND
from seed.year.stage import Stage
from seed.year.timeline import at

_MORNING, _NOON, _AFTERNOON = 9 * 60 + 30, 11 * 60, 15 * 60
_SERIAL = 60_000
"""Result numbers of these agreements begin here: nobody else's do."""

WANTED = "演示：已有样机和技术交底书，希望尽快取得专利权。"

Course = Iterator[datetime]
Further = Callable[[Stage, Pact], Course]


def lives(stage: Stage, pacts: Iterable[Pact]) -> Iterator[tuple[Pact, Course]]:
    """The course of each agreement without a claim; the first that are worked on for a while get
    something more to happen, one each.

    Args:
        stage: what the courses act through.
        pacts: the agreements as they were planned.
    """
    further = iter(_FURTHER)
    long_ago = stage.timeline.back(stage.timeline.until, 12)
    for place, pact in enumerate(pacts):
        is_old = pact.started_on is not None and pact.started_on <= long_ago
        more = next(further, None) if is_old and pact.service in RESULT_KIND else None
        yield pact, _lived(stage, pact, place, more)


def _lived(stage: Stage, pact: Pact, place: int, more: Further | None) -> Course:
    if pact.filing is Filing.draft:
        yield from _paired(stage, pact)
        return
    _draft(stage, pact)
    _do(stage, pact, file_agreement, papers=(("服务协议（盖章）.pdf", _scan(stage, pact)),))
    if pact.filing is Filing.filed:
        return
    if pact.confirmed_on is None:
        yield at(stage.timeline.forward(pact.filed_on, 2), _AFTERNOON + place)
        _do(
            stage, pact, return_filing, who="bureau", reasons=("R01", "R18"),
            note="演示：第三页缺骑缝章；服务费请附定价说明。",
        )  # fmt: skip
        return
    if pact.confirmed_on > today():
        yield at(pact.confirmed_on, _AFTERNOON + place)
    _do(stage, pact, confirm_filing, who="bureau")
    if pact.started_on is None:
        return
    if pact.started_on > today():
        yield at(pact.started_on, _MORNING + place)
    _do(stage, pact, begin_work, started_on=pact.started_on)
    if pact.advance_fen:
        _do(stage, pact, record_advance, amount_fen=pact.advance_fen, advanced_on=pact.started_on)
    if more is not None:
        yield from more(stage, pact)


def failing(stage: Stage, pact: Pact) -> Course:
    """An agreement that is worked on and comes to nothing."""
    yield from filing(stage, pact)
    assert pact.fails_on is not None
    yield at(pact.fails_on, _AFTERNOON + pact.id % 90)
    bearer = CostBearer.shared if pact.attribution is Attribution.office else CostBearer.agency
    fail_agreement(
        stage.session, stage.actor(pact.house.username), pact.number, pact.attribution, bearer,
        _WHY[pact.attribution], stage.session.get_one(Agreement, pact.id).version,
    )  # fmt: skip


_WHY = {
    Attribution.agency: "演示：申报材料未按期补正，申请被视为撤回。",
    Attribution.enterprise: "演示：企业未提供技术资料，经双方确认终止。",
    Attribution.policy: "演示：申报口径调整，企业不再符合条件。",
    Attribution.office: "演示：受理窗口暂停受理，错过当年批次。",
}


def looking(stage: Stage) -> Course:
    """What two enterprises look for: one has asked an agency, the other was declined once."""
    first, second = stage.timeline.back(stage.timeline.until, 7), stage.cast.members[5]
    agency, other = stage.cast.houses[0], stage.cast.houses[1]
    intake, enterprise = stage.actor("intake"), stage.actor("enterprise01")
    by = stage.timeline.until + timedelta(days=75)
    yield at(first, _MORNING)
    declined = state_need(
        stage.session, intake, _free(stage, second.id), WANTED, by, second.entry.uscc
    )
    ask_agency(stage.session, intake, declined, other.uscc, 1)
    yield at(stage.timeline.forward(first, 2), _NOON)
    reason = "演示：近期人手已满，年底前不能开工。"
    decline_request(stage.session, stage.actor(other.username), declined, reason, 2)
    yield at(stage.timeline.forward(first, 3), _MORNING)
    service = _free(stage, stage.cast.members[0].id)
    own = state_need(stage.session, enterprise, service, WANTED, by)
    yield at(stage.timeline.forward(first, 3), _NOON)
    ask_agency(stage.session, enterprise, own, agency.uscc, 1)


def _free(stage: Stage, enterprise_id: int) -> str:
    """A service both agencies have and nobody serves the enterprise for."""
    return next(
        service
        for service in ("utility_model", "design_patent", "invention_patent")
        if not pair_taken_by(stage.session, enterprise_id, service)
    )


# ---------------------------------------------------------------- what else happens


def _with_milestones(stage: Stage, pact: Pact) -> Course:
    """Two milestones, one of them done."""
    begun = today()
    first = stage.timeline.forward(begun, 5)
    _do(stage, pact, add_milestone, name="技术交底与材料收集", due_on=first)
    _do(stage, pact, add_milestone, name="递交申请", due_on=stage.timeline.forward(begun, 15))
    yield at(first, _NOON)
    milestone = _card(stage, pact).milestones[0]
    _do(stage, pact, finish_milestone, milestone_id=milestone.id, done_on=first)


def _succeeding(stage: Stage, pact: Pact) -> Course:
    """A result, recorded with its proof; the agreement is concluded."""
    yield at(stage.timeline.back(stage.timeline.until, 4), _AFTERNOON)
    kind = RESULT_KIND[pact.service]
    printed = result_number(kind, today().year, _SERIAL + pact.member.id)
    proof = paper("成果证明", (f"编号：{printed}", f"取得日期：{today()}"))
    _do(
        stage, pact, record_result, kind_code=kind, printed=printed, obtained_on=today(),
        papers=(("成果证明.pdf", proof),),
    )  # fmt: skip
    _do(stage, pact, conclude_agreement, note="演示：成果已交付企业。")


def _failing(stage: Stage, pact: Pact) -> Course:
    """No result, put down to policy; the agency bears what it spent."""
    yield at(stage.timeline.back(stage.timeline.until, 6), _AFTERNOON)
    _do(
        stage, pact, fail_agreement, attribution=Attribution.policy,
        cost_bearer=CostBearer.agency, reason="演示：申报口径调整，企业不再符合条件。",
    )  # fmt: skip


def _amended(stage: Stage, pact: Pact) -> Course:
    """Other terms, proposed and confirmed."""
    yield from _amendment_waiting(stage, pact)
    yield at(stage.timeline.back(stage.timeline.until, 2), _AFTERNOON)
    _do(stage, pact, confirm_amendment, who="bureau")


def _amendment_waiting(stage: Stage, pact: Pact) -> Course:
    """Other terms, proposed and not yet answered."""
    yield at(stage.timeline.back(stage.timeline.until, 5), _NOON)
    before = _card(stage, pact).terms
    terms = NewTerms(
        before.fee_fen - before.fee_fen // 10, before.result_kind_code, before.expected,
        (before.due_on or today()) + timedelta(days=30), before.advance_fen,
    )  # fmt: skip
    supplement = paper("补充协议", (f"协议编号：{pact.number}", "服务费下调一成，期限顺延三十天"))
    _do(
        stage, pact, propose_amendment, terms=terms, reason="演示：企业资料补充较晚，双方同意顺延。",
        papers=(("补充协议（盖章）.pdf", supplement),),
    )  # fmt: skip


_FURTHER: tuple[Further, ...] = (
    _with_milestones, _succeeding, _amendment_waiting, _failing, _amended, _with_milestones,
)  # fmt: skip
"""What happens to the first agreements that are worked on, one each."""


# ---------------------------------------------------------------- pieces


def _paired(stage: Stage, pact: Pact) -> Course:
    """A draft that comes of a need: stated for the enterprise, accepted by the agency."""
    intake, agency = stage.actor("intake"), stage.actor(pact.house.username)
    wanted = "演示：一项软件著作权，源代码和说明书已有。"
    need = state_need(
        stage.session, intake, pact.service, wanted, _due(stage, pact, today()),
        pact.member.entry.uscc,
    )  # fmt: skip
    ask_agency(stage.session, intake, need, pact.house.uscc, 1)
    yield at(stage.timeline.forward(today(), 1), _NOON)
    seen = need_card(stage.session, agency, str(need), today()).version
    pact.number = accept_request(stage.session, agency, need, seen)
    _do(stage, pact, edit_agreement, terms=_terms(stage, pact, today()))


def _draft(stage: Stage, pact: Pact) -> None:
    pact.number = draft_agreement(
        stage.session, stage.actor(pact.house.username), pact.member.entry.uscc, pact.service,
        _terms(stage, pact, pact.signed_on),
    )  # fmt: skip


def _terms(stage: Stage, pact: Pact, signed_on: date) -> AgreementTerms:
    return AgreementTerms(
        signed_on=signed_on,
        fee_fen=pact.fee_fen,
        result_kind_code=RESULT_KIND.get(pact.service, ""),
        expected=stage.service_names[pact.service],
        due_on=_due(stage, pact, signed_on),
        advance_fen=pact.advance_fen,
    )


def _due(stage: Stage, pact: Pact, signed_on: date) -> date:
    _low, _high, _shortest, longest, _claims = WORK[pact.service]
    return stage.timeline.forward(signed_on, longest + 15)


def _scan(stage: Stage, pact: Pact) -> bytes:
    return paper(
        "科技创新服务协议",
        (
            f"协议编号：{pact.number}",
            f"服务：{stage.service_names[pact.service]}",
            f"签订日期：{pact.signed_on}",
            "取得成果前企业不支付任何费用。",
        ),
    )


def _card(stage: Stage, pact: Pact) -> AgreementCard:
    return agreement_card(stage.session, stage.actor(pact.house.username), pact.number)


def _do(
    stage: Stage, pact: Pact, action: Callable[..., object], *, who: str = "", **given: object
) -> None:
    """A step taken by somebody who has just opened the agreement; its agency when nobody is
    named."""
    actor = stage.actor(who or pact.house.username)
    seen = agreement_card(stage.session, actor, pact.number).version
    action(stage.session, actor, pact.number, seen_version=seen, **given)
