"""The decision form: what this office may do with the claim now, bound to exactly what is on
screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt
from components.claim_facts import proposed
from components.claim_notes import draw_notes, reason_words, remedy_words
from components.language import _, words
from components.last_decision import draw_undo, keep_decision
from components.payment_card import voucher_fields
from components.shell import guard_part, is_part_of_a_page
from models.actions.screen_step import take_step_on_screen
from models.actions.steps import Seen
from models.clock import now_utc, today
from models.queries.claim_card import ClaimCard
from models.rules.claim_workflow import STEP_OF, Action, State
from models.rules.findings import Verdict, blocking_unknown
from models.rules.money import fen_from_yuan
from models.rules.payments import Voucher
from models.rules.roles import Actor
from models.rules.wording import Wording, say
from models.tables.reference import ReasonCode

# fmt: off
CHOICES: tuple[tuple[Action, str, Wording, Wording], ...] = (
    # action                    kind      on the segment        on the button
    (Action.pass_pre_review,   "pass",   say("通过"),           say("通过并打开下一件")),
    (Action.pass_re_review,    "pass",   say("复核通过"),       say("复核通过并打开下一件")),
    (Action.approve,           "pass",   say("审批通过"),       say("审批通过并打开下一件")),
    (Action.pay_agency,        "pass",   say("支付补贴"),       say("登记补贴已付并打开下一件")),
    (Action.reward_enterprise, "pass",   say("发放奖励"),       say("登记奖励已付并打开下一件")),
    (Action.return_pre_review, "return", say("退回补正|决定"),       say("退回并打开下一件")),
    (Action.ask_agency,        "return", say("请机构补正|决定"),     say("退回机构并打开下一件")),
    (Action.return_office,     "return", say("退上一环节|决定"),     say("退回上一环节并打开下一件")),
    (Action.payment_failed,    "return", say("支付失败|决定"),       say("登记支付失败并打开下一件")),
    (Action.refuse_pre_review, "refuse", say("不予支持|决定"),       say("不予支持并打开下一件")),
    (Action.refuse_office,     "refuse", say("不予支持|决定"),       say("不予支持并打开下一件")),
    (Action.hold,              "hold",   say("暂缓|决定"),           say("暂缓并打开下一件")),
    (Action.release,           "pass",   say("解除暂缓"),       say("解除暂缓")),
    (Action.reopen,            "return", say("重新受理"),       say("重新受理")),
)
# fmt: on
_TO_AGENCY = frozenset({Action.return_pre_review, Action.ask_agency})
_NO_AMOUNT = frozenset({Action.release, Action.reopen, Action.reward_enterprise})
_PAYS = frozenset({Action.pay_agency, Action.reward_enterprise})
_ON_SCREEN = "on_screen_since"
_PRESSED = "decision_pressed"

__all__ = ["choices_of", "draw_decision_form", "reason_words", "remedy_words"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One verdict the visitor may choose."""

    action: Action
    kind: str
    name: Wording
    button: Wording


def choices_of(card: ClaimCard) -> list[Choice]:
    """What the visitor may decide, in the form's order: nothing while a colleague has the claim,
    and nothing of a claim that is closed: what comes back then is entered where it was paid."""
    if card.claim.state is State.closed:
        return []
    return [
        Choice(*row)
        for row in CHOICES
        if card.may(row[0]) and not (card.is_with_colleague and STEP_OF[row[0]].respects_lease)
    ]


def draw_decision_form(
    card: ClaimCard, actor: Actor, reasons: Mapping[str, ReasonCode], next_number: str | None
) -> None:
    """The form, or the sentence why there is none.

    Args:
        card: the claim as it is on screen: the decision is bound to its version, digest and
            verdicts.
        actor: the visitor.
        reasons: every coded reason.
        next_number: the claim that opens after saving.
    """
    choices = choices_of(card)
    with st.container(border=True, key="decision"):
        draw_notes(card, reasons)
        draw_undo(card)
        if not choices:
            _draw_no_form(card)
            return
        _draw_form(card, actor, choices, reasons, next_number)


@st.fragment
def _draw_form(
    card: ClaimCard,
    actor: Actor,
    choices: Sequence[Choice],
    reasons: Mapping[str, ReasonCode],
    next_number: str | None,
) -> None:
    """The form itself: choosing a verdict or writing a note draws it anew and nothing else. What
    was decided concerns the whole page."""
    if st.session_state.pop(_PRESSED, False) and is_part_of_a_page():
        st.rerun()
    guard_part(actor)
    number, version = card.claim.number, card.claim.version
    chosen = _choose(card, choices, f"{number}_{version}")
    given = _fields(card, chosen, reasons, f"{number}_{version}_{chosen.action}")
    is_leading = any(choice.action is not Action.hold for choice in choices)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(formats.small_grey(_("J 下一件 · K 上一件")), width="content")
        st.button(
            words(chosen.button) if next_number else words(chosen.name),
            key=f"decide_{number}_{version}",
            type="primary" if is_leading else "secondary",
            shortcut="Ctrl+Enter" if is_leading else None,
            on_click=_decide,
            args=(card.claim.number, chosen, _seen(card), given, next_number),
        )


def _choose(card: ClaimCard, choices: Sequence[Choice], key: str) -> Choice:
    by_action = {choice.action.value: choice for choice in choices}
    wanted = proposed(card)
    preset = next((choice for choice in choices if choice.kind == wanted), choices[0])
    value = st.segmented_control(
        _("决定"),
        list(by_action),
        default=preset.action.value,
        required=True,
        format_func=lambda action: words(by_action[action].name),
        key=f"verdict_{key}",
        label_visibility="collapsed",
        width="stretch",
    )
    return by_action[value or preset.action.value]


def _fields(
    card: ClaimCard, chosen: Choice, reasons: Mapping[str, ReasonCode], key: str
) -> dict[str, str]:
    """Draws the fields of a choice; answers with the keys they are read from when saving."""
    if chosen.action in _PAYS:
        voucher_fields(key, today())
    if chosen.kind == "pass" and chosen.action not in _NO_AMOUNT:
        return _amount_and_note(card, key) | _voucher_keys(chosen, key)
    fields = {"note": f"note_{key}"} | _voucher_keys(chosen, key)
    if STEP_OF[chosen.action].needs_reason:
        fields["reasons"] = f"reasons_{key}"
        suggested = _suggested(card)
        ordered = [*suggested, *(code for code in reasons if code not in suggested)]
        st.multiselect(
            _("理由（可多选，一次性告知）") if _is_letter(chosen) else _("理由（可多选）"),
            ordered,
            key=fields["reasons"],
            format_func=lambda code: reason_words(reasons[code]),
            placeholder=_("选择理由代码；由不符合的条件得出的列在最前"),
        )
    st.text_area(
        _("告知机构") if _is_letter(chosen) else _("说明"),
        key=fields["note"],
        height=84,
        max_chars=2000,
        placeholder=_letter_hint(reasons, st.session_state.get(fields.get("reasons", ""), []))
        if _is_letter(chosen)
        else _why_hint(chosen),
    )
    return fields


def _voucher_keys(chosen: Choice, key: str) -> dict[str, str]:
    """Where a payment's voucher is read from when saving."""
    if chosen.action not in _PAYS:
        return {}
    return {"voucher": f"voucher_{key}", "paid_on": f"paid_on_{key}"}


def _amount_and_note(card: ClaimCard, key: str) -> dict[str, str]:
    fields = {"amount": f"amount_{key}", "note": f"note_{key}"}
    line = card.subsidy
    ceilings = [card.claim.asked_fen]
    if line is not None:
        ceilings += [fen for fen in (line.entitled_fen, line.approved_fen) if fen is not None]
    most = min(ceilings) / 100
    left, right = st.columns(2)
    left.number_input(
        _("核定金额（元，不高于上限）"),
        min_value=0.01,
        max_value=most,
        value=most,
        step=100.0,
        format="%.2f",
        key=fields["amount"],
    )
    is_needed = bool(blocking_unknown(card.findings))
    right.text_input(
        _("说明（有待查证，必填）") if is_needed else _("说明（可不填）"),
        key=fields["note"],
        max_chars=2000,
        live=True,
        placeholder=_("无"),
    )
    return fields


def _seen(card: ClaimCard) -> Seen:
    verdicts = {finding.code: finding.verdict.value for finding in card.findings}
    return Seen(card.claim.version, card.digest, verdicts, since_utc=_on_screen_since(card))


def _on_screen_since(card: ClaimCard) -> datetime:
    """Since when this claim has stood on this screen as it is now."""
    shown = (card.claim.number, card.claim.version, card.digest)
    before: tuple[Any, datetime] | None = st.session_state.get(_ON_SCREEN)
    if before is None or before[0] != shown:
        before = st.session_state[_ON_SCREEN] = (shown, now_utc())
    return before[1]


def _decide(
    number: str, chosen: Choice, seen: Seen, fields: Mapping[str, str], next_number: str | None
) -> None:
    """The callback: one action, then the next claim opens; refused, the same claim stays, with the
    reason."""
    state = st.session_state
    state[_PRESSED] = True
    given: dict[str, Any] = {"note": state.get(fields["note"], "") or ""}
    if "reasons" in fields:
        given["reasons"] = tuple(state.get(fields["reasons"], ()))
    if "amount" in fields:
        given["subsidy_fen"] = fen_from_yuan(f"{state[fields['amount']]:.2f}")
    if "voucher" in fields:
        given["voucher"] = Voucher(state.get(fields["voucher"]) or "", state[fields["paid_on"]])
    outcome = attempt(
        take_step_on_screen,
        number,
        chosen.action,
        seen,
        **given,
    )
    if not outcome.is_done:
        return
    said = say("{number} 已{action}", number=number, action=STEP_OF[chosen.action].name)
    keep_decision(number, said, is_undoable=chosen.action is Action.pass_pre_review)
    if next_number:
        st.query_params["no"] = next_number


def _suggested(card: ClaimCard) -> list[str]:
    """Reasons that follow from the failed findings, offered first, never chosen silently."""
    codes = [
        code
        for finding in card.findings
        if finding.verdict in (Verdict.not_met, Verdict.unknown)
        for code in finding.reason_codes
    ]
    return list(dict.fromkeys(codes))


def _is_letter(chosen: Choice) -> bool:
    """Whether the words go to the agency."""
    return chosen.kind == "refuse" or chosen.action in _TO_AGENCY


def _letter_hint(reasons: Mapping[str, ReasonCode], chosen: Sequence[str]) -> str:
    """What the agency will be told to do, from the chosen reasons: a hint, not a text."""
    remedies = [remedy_words(reasons[code]) for code in chosen if code in reasons]
    return " ".join(remedies) or _("写明须补正的每一处；其余已符合的不必再交")


def _draw_no_form(card: ClaimCard) -> None:
    if card.denial is not None:
        st.markdown(f":material/block: {formats.plain(words(card.denial))}")
        return
    if card.is_with_colleague and card.lease is not None and _has_turn(card):
        held = _("{who}已接手本件，{until} 前由其办理；您可以查看，不能决定。").format(
            who=card.lease.by, until=formats.instant(card.lease.until_utc)[-5:]
        )
        st.markdown(f":material/lock: {formats.plain(held)}")
        return
    st.markdown(formats.small_grey(_("本件现在不由您办理；您可以查看全部内容。")))


def _has_turn(card: ClaimCard) -> bool:
    return any(card.may(action) for action, *_rest in CHOICES)


def _why_hint(chosen: Choice) -> str:
    match chosen.action:
        case Action.hold:
            return _("写明暂缓的原因，何时或何事之后再办")
        case Action.release:
            return _("写明暂缓的原因如何消除")
        case Action.return_office:
            return _("写明请上一环节重新核对的每一处")
    return _("写明原因")
