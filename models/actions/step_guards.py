"""What stops a step that its person may take: something changed, a colleague has it, a condition,
a reason."""

from __future__ import annotations

from sqlmodel import Session

from models.actions.course import Course, Seen
from models.actions.meanwhile import Change, Recorded, at_office, last_recorded, who
from models.actions.reasons import known_codes
from models.clock import now_utc
from models.rules.claim_workflow import STEP_OF, Action
from models.rules.errors import (
    ClaimHeld,
    ConfirmationNeeded,
    FindingsBlock,
    ReasonMissing,
    SeenIsStale,
)
from models.rules.findings import blocking_not_met, blocking_unknown
from models.rules.roles import Actor
from models.rules.wording import Wording, say
from models.tables.claims import Claim
from models.tables.people import Account

OTHER_VERBS = {
    "draft_claim": say("起草"),
    "correct_claim": say("更正"),
    "add_evidence": say("补充材料"),
    "remove_evidence": say("移除材料"),
    "hear_enterprise": say("记录企业答复"),
    "date_claim": say("更新申报日期"),
    "follow_agreement": say("随协议更新"),
}
"""What changes a claim beside the workflow's steps."""


def compare_with_seen(session: Session, course: Course, seen: Seen | None) -> None:
    """Go on only if what the claim rests on is what the person saw.

    Raises:
        SeenIsStale: somebody changed it since, with who and when.
        TypeError: an office's decision that does not say what it saw; a fault of the program.
    """
    if seen is None:
        if course.step.is_bound_to_seen:
            raise TypeError(f"{course.step.action} is bound to what was seen")
    elif seen.digest != course.digest:
        raise _changed_around(session, course)


def refuse_changed(session: Session, claim: Claim, seen: Seen) -> None:
    """Go on only if nobody changed the claim itself since the person saw it.

    Raises:
        SeenIsStale: somebody did, with who, what and when.
    """
    if seen.version != claim.version:
        raise _changed_by_step(session, claim)


def respect_lease(session: Session, actor: Actor, course: Course) -> None:
    """Go on unless a colleague has taken the claim and the lease still runs.

    Raises:
        ClaimHeld: who, since when, until when.
    """
    if course.step.respects_lease and not actor.is_system:
        refuse_held(session, actor, course.claim)


def refuse_held(session: Session, actor: Actor, claim: Claim) -> None:
    """Go on unless somebody else has taken the claim and the lease still runs.

    Raises:
        ClaimHeld: who, since when, until when.
    """
    if claim.lease_account_id in (None, actor.account_id) or not lease_runs(claim):
        return
    assert claim.lease_until_utc is not None
    assert claim.lease_taken_at_utc is not None
    holder = session.get_one(Account, claim.lease_account_id)
    raise ClaimHeld(
        held_by=holder.display_name,
        since=at_office(claim.lease_taken_at_utc),
        until=at_office(claim.lease_until_utc),
    )


def lease_runs(claim: Claim) -> bool:
    """Whether somebody has taken the claim and the time is not over."""
    return claim.lease_until_utc is not None and claim.lease_until_utc > now_utc()


def known_reasons(session: Session, course: Course, given: tuple[str, ...]) -> tuple[str, ...]:
    """The coded reasons of the decision, each once.

    Raises:
        ReasonMissing: none where the step needs one, or a code that is not in the table.
    """
    missing = say("“{action}”须至少选择一项理由", action=course.step.name)
    return known_codes(session, given, missing if course.step.needs_reason else None)


def guard_findings(course: Course, seen: Seen | None, note: str) -> None:
    """Go on only if the findings allow the step and are those the person decided on.

    Raises:
        FindingsBlock: a blocking condition is not met and the step stands for it.
        ConfirmationNeeded: a verdict is not what the person saw.
        ReasonMissing: a blocking condition is unknown and nothing was written about it.
    """
    if course.step.is_guarded and (blocked := blocking_not_met(course.found)):
        codes = tuple(finding.code for finding in blocked)
        raise FindingsBlock(codes, tuple(finding.fact for finding in blocked))
    if seen is not None and course.step.is_bound_to_seen and (flipped := _flipped(course, seen)):
        raise ConfirmationNeeded(flipped)
    unknown = tuple(finding.code for finding in blocking_unknown(course.found))
    needs_note = course.step.is_guarded and course.step.action is not Action.apply
    if unknown and needs_note and not note:
        raise ReasonMissing(
            say("条件 {codes} 待查证，通过须写明理由，后续环节都会看到", codes=unknown)
        )


def _flipped(course: Course, seen: Seen) -> tuple[str, ...]:
    if seen.flips_confirmed:
        return ()
    return tuple(
        finding.code
        for finding in course.found
        if seen.verdicts.get(finding.code, finding.verdict) != finding.verdict
    )


def _changed_by_step(session: Session, claim: Claim) -> SeenIsStale:
    """Somebody changed the claim itself."""
    last = last_recorded(session, f"claim:{claim.number}") or Recorded(
        who(None), claim.changed_at_utc, Action.submit
    )
    return last.stale(
        say("未保存：{name}已于 {at} 对本件“{what}”，您看到的内容已过时。请核对最新内容后再办理",
            name=last.by, at=last.at, what=_verb(last.verb))
    )  # fmt: skip


def _changed_around(session: Session, course: Course) -> SeenIsStale:
    """The claim itself is unchanged, what it rests on is not: its parties, its agreement, or
    anything else."""
    facts = course.gathered.facts
    last = last_recorded(
        session,
        f"agreement:{facts.agreement.number}",
        f"agency:{facts.agency.uscc}",
        f"enterprise:{facts.enterprise.uscc}",
        *(
            f"policy_rule:{standard.key}:{standard.version}"
            for standard in (facts.subsidy, facts.reward)
            if standard is not None
        ),
        since=f"claim:{facts.number}",
    )
    if last is None:
        return Change(who(None), course.at_utc).stale(
            say("未保存：本件所依据的标准、期限或相关申请有变化。请核对最新内容后再办理")
        )
    if last.verb == "confirm_policy_rule":
        return last.stale(
            say("未保存：{name}已于 {at} 确认了本件适用的补贴标准。请核对最新内容后再办理",
                name=last.by, at=last.at)
        )  # fmt: skip
    return last.stale(
        say("未保存：{name}已于 {at} 更改了本件协议、机构或企业的登记。请核对最新内容后再办理",
            name=last.by, at=last.at)
    )  # fmt: skip


def _verb(verb: str) -> Wording | str:
    names: dict[str, Wording] = {
        action.value: STEP_OF[action].name for action in Action
    } | OTHER_VERBS
    return names.get(verb, verb)
