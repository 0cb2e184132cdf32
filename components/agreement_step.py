"""The step form of an agreement's card: what this person may do with it now, each with its fields
and one button; and what they may not, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.agreement_form import Written, WrittenAmendment, WrittenAmount, terms_fields
from components.agreement_words import BUTTONS
from components.attempt import attempt, keep
from components.claim_notes import reason_words
from components.filters import FIRST_DAY, LAST_DAY
from components.language import CHINESE, _, language, words
from components.shell import Visit
from models.actions.agreement_progress import (
    LONGEST_MILESTONE,
    add_milestone,
    begin_work,
    conclude_agreement,
    end_agreement,
    fail_agreement,
    finish_milestone,
    record_advance,
)
from models.actions.agreement_results import record_result
from models.actions.agreement_steps import look_again
from models.actions.agreements import (
    confirm_filing,
    edit_agreement,
    file_agreement,
    return_filing,
    take_back_filing,
)
from models.actions.amendments import (
    confirm_amendment,
    propose_amendment,
    turn_down_amendment,
)
from models.database import session
from models.queries.agreement_card import AgreementCard
from models.queries.agreement_terms import result_kinds_listed
from models.queries.claim_card import reasons_listed
from models.rules.agreement_life import LIFE_STEP_OF, Attribution, CostBearer, LifeAction
from models.rules.agreement_terms import LONGEST_REASON, MOST_PAPERS
from models.rules.identifiers import LONGEST_PRINTED
from models.rules.roles import Actor
from models.rules.wording import say

PREFERRED = (
    LifeAction.confirm_amendment,
    LifeAction.confirm_filing,
    LifeAction.file_agreement,
    LifeAction.begin_work,
    LifeAction.record_result,
)
"""What stands chosen at first, where it is open."""


_PRESSED = "agreement_step_pressed"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A step's button as it was on screen: of which agreement, at which version."""

    number: str
    version: int
    action: LifeAction


@dataclass(frozen=True, slots=True)
class Form:
    """What a step's fields are drawn from.

    Attributes:
        key: the widgets' keys begin with it; another version of the agreement has other widgets.
        kinds: the kinds of result of its service.
    """

    visit: Visit
    card: AgreementCard
    key: str
    kinds: tuple[Any, ...]


def draw_step_form(visit: Visit, card: AgreementCard) -> None:
    """The form, or the reason why there is none; nothing for a reader.

    Args:
        visit: who looks, and when.
        card: the agreement as it is on screen: a step is bound to its version.
    """
    pressed = _pressed(card)
    if not card.steps:
        return
    open_steps = [step.action for step in card.steps if step.is_open]
    with st.container(border=True, key="agreement_step"):
        st.subheader(_("办理"), anchor=False)
        if open_steps:
            _draw_open(visit, card, open_steps, pressed)
        for step in card.steps:
            if step.barred is not None:
                said = _("{step}：{why}").format(step=words(step.name), why=words(step.barred))
                st.markdown(formats.small_grey(formats.plain(said)))


def _draw_open(
    visit: Visit,
    card: AgreementCard,
    open_steps: list[LifeAction],
    pressed: LifeAction | None,
) -> None:
    first = next((action for action in PREFERRED if action in open_steps), open_steps[0])
    key = f"step_{card.row.number}_{card.version}"
    action = st.pills(
        _("这一步"), open_steps, default=first, key=key, required=True, width="stretch",
        format_func=lambda one: words(LIFE_STEP_OF[one].name), label_visibility="collapsed",
    )  # fmt: skip
    assert action is not None
    with session() as current:
        kinds = result_kinds_listed(current, card.row.service_code)
    fields = _FIELDS[action](Form(visit, card, f"{key}_{action}", kinds))
    st.button(
        words(BUTTONS[action]), key="take_step", type="primary", width="stretch",
        on_click=_press, args=(Pressed(card.row.number, card.version, action),),
    )  # fmt: skip
    if pressed is not action:
        return
    outcome = attempt(
        _take, action, card.row.number, card.version, fields,
        done=say("{number}：已{step}", number=card.row.number, step=LIFE_STEP_OF[action].name),
    )  # fmt: skip
    if outcome.is_done:
        keep(outcome)
        st.rerun()


def _press(pressed: Pressed) -> None:
    """What was on screen when the button was pressed: the run that follows may see more."""
    st.session_state[_PRESSED] = pressed


def _pressed(card: AgreementCard) -> LifeAction | None:
    """The step whose button was pressed on this agreement; pressed on what is no longer so, it is
    told who changed it, and nothing else happens."""
    pressed: Pressed | None = st.session_state.pop(_PRESSED, None)
    if pressed is None or pressed.number != card.row.number:
        return None
    if pressed.version != card.version:
        attempt(look_again, pressed.number, pressed.version)
        return None
    return pressed.action


# ---------------------------------------------------------------- the steps' fields


def _nothing(form: Form) -> Mapping[str, Any]:
    return {}


def _terms(form: Form) -> Mapping[str, Any]:
    fields = terms_fields(form.card.terms, form.kinds, form.key, form.visit.today)
    return {"terms": fields}


def _scan(form: Form) -> Mapping[str, Any]:
    label = _("盖章的协议扫描件（PDF、PNG 或 JPEG，最多 {most} 份）")
    return {"papers": _papers(form, label)}


def _confirmation(form: Form) -> Mapping[str, Any]:
    said = _("确认后发给备案号，协议内容锁定；此后只能提出变更，由本单位审核。")
    st.markdown(formats.small_grey(said))
    return {}


def _return(form: Form) -> Mapping[str, Any]:
    with session() as current:
        known = reasons_listed(current)
    reasons = st.multiselect(
        _("理由（一次告知全部问题）"), list(known), key=f"{form.key}_reasons",
        format_func=lambda code: reason_words(known[code]), placeholder=_("可选多项"),
    )  # fmt: skip
    return {"reasons": tuple(reasons), "note": _words(form, _("补充说明"))}


def _day(form: Form, title: str) -> Any:
    return st.date_input(
        title, form.visit.today, key=f"{form.key}_day", format="YYYY-MM-DD",
        min_value=FIRST_DAY, max_value=form.visit.today,
    )  # fmt: skip


def _start(form: Form) -> Mapping[str, Any]:
    return {"started_on": _day(form, _("开工日期"))}


def _milestone(form: Form) -> Mapping[str, Any]:
    name = st.text_input(_("节点名称"), key=f"{form.key}_name", max_chars=LONGEST_MILESTONE)
    due_on = st.date_input(
        _("节点日期"), form.card.terms.due_on or form.visit.today, key=f"{form.key}_due",
        format="YYYY-MM-DD", min_value=FIRST_DAY, max_value=LAST_DAY,
    )  # fmt: skip
    return {"name": name or "", "due_on": due_on}


def _done(form: Form) -> Mapping[str, Any]:
    waiting = {one.id: one for one in form.card.milestones if one.done_on is None}
    chosen = st.selectbox(
        _("进度节点"), list(waiting), key=f"{form.key}_milestone",
        format_func=lambda one: f"{formats.day(waiting[one].due_on)} {waiting[one].name}",
        filter_mode=None,
    )  # fmt: skip
    label = _("佐证材料（可不附，最多 {most} 份）")
    return {
        "milestone_id": chosen,
        "done_on": _day(form, _("完成日期")),
        "papers": _papers(form, label),
    }


def _advance(form: Form) -> Mapping[str, Any]:
    amount = st.text_input(_("垫资金额（元）"), key=f"{form.key}_amount", max_chars=20)
    return {
        "amount_fen": WrittenAmount(amount or ""),
        "advanced_on": _day(form, _("垫资日期")),
    }


def _result(form: Form) -> Mapping[str, Any]:
    names = {kind.code: formats.named(kind) for kind in form.kinds}
    in_chinese = language() == CHINESE
    dates = {kind.code: kind.date_zh if in_chinese else kind.date_en for kind in form.kinds}
    expected = form.card.terms.result_kind_code
    kind = st.selectbox(
        _("成果类型"), list(names), list(names).index(expected) if expected in names else 0,
        key=f"{form.key}_kind", format_func=lambda code: names[code], filter_mode=None,
    ) if names else ""  # fmt: skip
    printed = st.text_input(
        _("成果编号（照证书填写）"), key=f"{form.key}_printed", max_chars=LONGEST_PRINTED
    )
    on = _day(form, _("取得日期（{date}）").format(date=dates[kind]) if kind else _("取得日期"))
    papers = _papers(form, _("成果证明（PDF、PNG 或 JPEG，最多 {most} 份）"))
    return {
        "kind_code": kind or "",
        "printed": printed or "",
        "obtained_on": on,
        "papers": papers,
    }


def _amendment(form: Form) -> Mapping[str, Any]:
    written = terms_fields(form.card.terms, form.kinds, form.key, form.visit.today, may_sign=False)
    reason = _words(form, _("变更理由"))
    papers = _papers(form, _("盖章的补充协议（PDF、PNG 或 JPEG，最多 {most} 份）"))
    return {"terms": WrittenAmendment(written), "reason": reason, "papers": papers}


def _reason(form: Form) -> Mapping[str, Any]:
    return {"reason": _words(form, _("理由（记入操作记录）"))}


def _closing(form: Form) -> Mapping[str, Any]:
    st.markdown(formats.small_grey(_("办结后企业可就这项服务另签协议；补贴申请不受影响。")))
    return {"note": _words(form, _("说明（可不填）"))}


def _failure(form: Form) -> Mapping[str, Any]:
    attribution = st.segmented_control(
        _("失败归因"), list(Attribution), default=Attribution.agency, required=True,
        key=f"{form.key}_attribution", format_func=formats.label, width="stretch",
    )  # fmt: skip
    bearer = st.segmented_control(
        _("费用由谁承担"), list(CostBearer), default=CostBearer.agency, required=True,
        key=f"{form.key}_bearer", format_func=formats.label, width="stretch",
    )  # fmt: skip
    said = _("归因于服务机构的计入考评，其余不计；企业事前未付任何费用。")
    st.markdown(formats.small_grey(said))
    label = _("佐证材料（可不附，最多 {most} 份）")
    reason = _words(form, _("未取得成果的原因"))
    return {
        "attribution": attribution, "cost_bearer": bearer, "reason": reason,
        "papers": _papers(form, label),
    }  # fmt: skip


def _ending(form: Form) -> Mapping[str, Any]:
    label = _("佐证材料（可不附，最多 {most} 份）")
    return {"reason": _words(form, _("终止理由")), "papers": _papers(form, label)}


_FIELDS: Mapping[LifeAction, Callable[[Form], Mapping[str, Any]]] = {
    LifeAction.edit_agreement: _terms,
    LifeAction.file_agreement: _scan,
    LifeAction.take_back_filing: _nothing,
    LifeAction.confirm_filing: _confirmation,
    LifeAction.return_filing: _return,
    LifeAction.begin_work: _start,
    LifeAction.add_milestone: _milestone,
    LifeAction.finish_milestone: _done,
    LifeAction.record_advance: _advance,
    LifeAction.record_result: _result,
    LifeAction.propose_amendment: _amendment,
    LifeAction.confirm_amendment: _nothing,
    LifeAction.turn_down_amendment: _reason,
    LifeAction.conclude_agreement: _closing,
    LifeAction.fail_agreement: _failure,
    LifeAction.end_agreement: _ending,
}


def _words(form: Form, title: str) -> str:
    return st.text_area(title, key=f"{form.key}_words", max_chars=LONGEST_REASON, height=84) or ""


def _papers(form: Form, label: str) -> tuple[tuple[str, bytes], ...]:
    files = st.file_uploader(
        label.format(most=MOST_PAPERS), type=["pdf", "png", "jpg", "jpeg"],
        key=f"{form.key}_papers", accept_multiple_files=True,
    )  # fmt: skip
    return tuple((file.name, file.getvalue()) for file in files or ())


# ---------------------------------------------------------------- taking the step

_ACTIONS: Mapping[LifeAction, Callable[..., Any]] = {
    LifeAction.edit_agreement: edit_agreement,
    LifeAction.file_agreement: file_agreement,
    LifeAction.take_back_filing: take_back_filing,
    LifeAction.confirm_filing: confirm_filing,
    LifeAction.return_filing: return_filing,
    LifeAction.begin_work: begin_work,
    LifeAction.add_milestone: add_milestone,
    LifeAction.finish_milestone: finish_milestone,
    LifeAction.record_advance: record_advance,
    LifeAction.record_result: record_result,
    LifeAction.propose_amendment: propose_amendment,
    LifeAction.confirm_amendment: confirm_amendment,
    LifeAction.turn_down_amendment: turn_down_amendment,
    LifeAction.conclude_agreement: conclude_agreement,
    LifeAction.fail_agreement: fail_agreement,
    LifeAction.end_agreement: end_agreement,
}


def _take(
    current: Any,
    actor: Actor,
    action: LifeAction,
    number: str,
    seen_version: int,
    given: Mapping[str, Any],
) -> Any:
    """The chosen step with what its fields hold; amounts are read here, where a refusal is said."""
    read = {
        name: value.read() if isinstance(value, Written) else value for name, value in given.items()
    }
    return _ACTIONS[action](current, actor, number, seen_version=seen_version, **read)
