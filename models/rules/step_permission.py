"""Whether somebody may take a step of the claim workflow now, with the reason in words.

Four questions, asked in this order: does the step exist for a claim in this place, is it this
person's, does the role or the import open it, does the person's relation to the claim forbid it.
"""

from __future__ import annotations

from models.rules.claim_workflow import (
    IMPORTERS,
    PAYS,
    STATE_NAMES,
    STEPS,
    UNDO_MINUTES,
    Action,
    Kind,
    Place,
    State,
    Step,
    office_of,
    roles_for,
)
from models.rules.roles import Actor, Answer, Office, Relation, barred_elsewhere, may_act
from models.rules.wording import Wording, say


def availability(step: Step, place: Place) -> Wording | None:
    """Why the step does not exist for a claim in this place; `None` if it does."""
    if place.state not in step.from_states:
        return say(
            "申请现为“{state}”，不能“{action}”",
            state=STATE_NAMES[place.state],
            action=step.name,
        )
    if place.is_recall_asked and step.kind is Kind.onward:
        return say("联盟请求撤回本件，请先答复或退回，再继续办理")
    if step.action in PAYS and place.objection is not None:
        return place.objection
    match step.action:
        case Action.withdraw if place.held_from is State.agency_paid:
            return say("补贴已付，不能撤回")
        case Action.reopen if place.was_reopened:
            return say("不予支持的申请只能重新受理一次")
        case Action.answer_recall if not place.is_recall_asked:
            return say("本件没有待答复的撤回请求")
        case Action.request_recall if place.is_recall_asked:
            return say("撤回请求已提出，等待办理环节答复")
        case Action.lapse if place.waits_until:
            return say("补正期限至 {until}，尚未逾期", until=place.waits_until)
    return _money_condition(step, place)


def _money_condition(step: Step, place: Place) -> Wording | None:
    """What of the claim's money keeps a step from being there."""
    match step.action:
        case Action.pay_agency if place.waits_until:
            return say("公示期至 {until}，期满后支付", until=place.waits_until)
        case Action.payment_failed if place.state is State.closed and place.has_reward:
            return say("企业奖励已发放：先登记奖励支付失败，或以“追回”记录银行退回的补贴")
        case Action.reward_enterprise if not place.has_reward:
            return say("本件没有应发的企业奖励")
        case Action.reward_failed if not place.has_reward:
            return say("本件没有发放过企业奖励")
        case Action.close_without_reward if place.has_reward:
            return say("本件有应发的企业奖励，发放后办结")
    return None


def personal_condition(step: Step, relation: Relation) -> Wording | None:
    """Why this person, of all who hold the role, may not take the step; `None` if nothing speaks
    against it."""
    if step.action is Action.reopen and relation.refused_it:
        return say("重新受理须由作出不予支持决定以外的人办理")
    if step.action is Action.undo_pre_review:
        minutes = relation.minutes_since_own_pass
        if minutes is None:
            return say("只有作出通过决定的本人可以在统一申请前撤销")
        if minutes > UNDO_MINUTES:
            return say("通过已超过 {minutes} 分钟，不能再撤销", minutes=UNDO_MINUTES)
    return None


def permission_to_step(
    step: Step, place: Place, actor: Actor, relation: Relation, *, on_behalf: bool = False
) -> Answer:
    """Whether this person may take this step on this claim now.

    Args:
        step: the row of the table.
        place: where the claim stands.
        actor: the person and today's grants.
        relation: how the person stands to the claim.
        on_behalf: the alliance's importer acts for the agency; the record says so, and the importer
            counts as having acted at the filing office.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.

    Source: `dalian-hightech` 五.3(2) for the offices; the separation of duties is this system's own
    promise.
    """
    if reason := availability(step, place):
        return Answer(False, reason)
    if step.by_system and not actor.is_system:
        return Answer(False, say("这一步由系统自动办理"))
    if reason := personal_condition(step, relation):
        return Answer(False, reason)
    if on_behalf:
        return permission_to_import(step, actor, relation)
    return may_act(actor, roles_for(step, place), office_of(step, place), relation)


def permission_to_import(step: Step, actor: Actor, relation: Relation) -> Answer:
    """Whether the alliance's importer may take a step for the agency (代机构录入)."""
    if not step.by_importer:
        return Answer(False, say("这一步不能由联盟代机构办理"))
    grant = actor.grant_for(IMPORTERS)
    if grant is None and not actor.is_system:
        return Answer(False, say("代机构录入由联盟办理"))
    if reason := barred_elsewhere(Office.filing, relation):
        return Answer(False, reason)
    return Answer(True, grant=grant)


def steps_open_to(place: Place, actor: Actor, relation: Relation) -> tuple[Step, ...]:
    """The steps this person may take on this claim now, in the table's order: the buttons."""
    return tuple(
        step
        for step in STEPS
        if not step.by_system and permission_to_step(step, place, actor, relation).is_allowed
    )
