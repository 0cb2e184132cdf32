"""What the agency does on its returned claim (补正): all faults at once, papers, correctable fields,
submit, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from components import formats
from components.attempt import Outcome, attempt, keep, when_clicked
from components.decision_form import reason_words, remedy_words
from components.language import _, words
from models.actions.claims import Correction, correct_claim
from models.actions.evidence import add_evidence, remove_evidence
from models.actions.filing import submit_draft
from models.actions.screen_step import take_step_on_screen
from models.actions.steps import Seen, StepTaken
from models.database import session
from models.queries.claim_card import ClaimCard, EventLine
from models.queries.evidence import removable_papers
from models.rules.claim_entries import ENTRY_NAMES, whole_number
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import StandardKind
from models.rules.findings import CONDITION_OF, Verdict
from models.rules.money import fen_from_yuan
from models.rules.wording import Wording, say
from models.tables.reference import ReasonCode

_RETURNS = frozenset({Action.return_pre_review, Action.ask_agency})
_OF_A_BASE = frozenset({StandardKind.percent, StandardKind.match_ratio})
"""Standards that pay a share of an amount the agency names."""


def draw_agency_answer(card: ClaimCard, reasons: Mapping[str, ReasonCode]) -> None:
    """The agency's column: what was asked for, and everything it may do about it."""
    with st.container(border=True, key="answer"):
        _draw_letter(card, reasons)
        if card.may(Action.submit):
            _draw_upload(card)
            _draw_correction(card)
            _draw_submit(card)
        if card.may(Action.withdraw):
            _draw_withdraw(card, reasons)


def is_agency_turn(card: ClaimCard) -> bool:
    """Whether the visitor speaks for the claim's agency and may do something now."""
    return card.may(Action.submit) or card.may(Action.withdraw)


def _draw_letter(card: ClaimCard, reasons: Mapping[str, ReasonCode]) -> None:
    """The last return: who, when, every reason with what to do, and the letter's own words."""
    asked = _last_return(card)
    if card.claim.state is not State.returned or asked is None:
        return
    st.markdown(
        f"**{_('一次性告知')}** &nbsp; "
        + formats.small_grey(f"{formats.plain(asked.by)} · {formats.instant(asked.at_utc)}")
    )
    for code in asked.reasons:
        if code in reasons:
            reason = reasons[code]
            st.markdown(f"**{reason_words(reason)}**  \n→ {remedy_words(reason)}")
    if asked.note:
        st.markdown(formats.plain(asked.note))


def _draw_upload(card: ClaimCard) -> None:
    code = _kind_chosen(card)
    file = st.file_uploader(
        _("选择文件"),
        type=["pdf", "png", "jpg", "jpeg"],
        key=f"paper_file_{card.claim.number}_{card.claim.version}",
        label_visibility="collapsed",
        help=_("PDF、PNG 或 JPEG；按内容识别"),
    )
    is_clicked = st.button(_("上传这份材料"), key="upload_paper", disabled=file is None or not code)
    if is_clicked and file is not None:
        outcome = attempt(
            add_evidence, card.claim.number, code, file.name, file.getvalue(),
            done=say("已上传 {name}", name=file.name),
        )  # fmt: skip
        if outcome.is_done and _missing(card) - {code}:  # the next one is proposed
            st.session_state.pop(f"paper_kind_{card.claim.number}", None)
        _run_again(outcome)
    _draw_own_papers(card)


def _missing(card: ClaimCard) -> set[str]:
    """The kinds of papers the result needs that are not there."""
    return {code for code, _name in card.facts.result.papers_needed} - card.facts.papers


def _kind_chosen(card: ClaimCard) -> str | None:
    """Which paper is uploaded next; what was chosen stays chosen, also when the box is drawn anew.

    Streamlit forgets a choice whose words change, and uploading takes the mark off the words.
    """
    names = dict(card.facts.result.papers_needed)
    kept = f"paper_kind_{card.claim.number}"
    missing = [code for code in names if code not in card.facts.papers]
    first = next(iter([*missing, *names]), None)
    wanted = st.session_state.get(kept, first)
    code = st.selectbox(
        _("上传材料"),
        list(names),
        index=list(names).index(wanted) if wanted in names else None,
        key=f"{kept}_{card.claim.version}",
        format_func=lambda code: (
            f"{code} {_(names[code])}{_('（未上传）') if code in missing else ''}"
        ),
    )
    st.session_state[kept] = code
    return code


def _draw_own_papers(card: ClaimCard) -> None:
    """What was uploaded since the claim came back: it can still be taken out."""
    with session() as current:
        papers = removable_papers(current, card.claim)
    for paper in papers:
        with st.container(
            key=f"own_paper_{paper.id}", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.markdown(formats.small_grey(f"{paper.kind_code} {formats.plain(paper.file_name)}"))
            st.button(
                _("移除"),
                key=f"remove_{paper.id}",
                type="tertiary",
                icon=":material/delete:",
                help=_("只能移除尚未提交的材料"),
                on_click=when_clicked(
                    remove_evidence, card.claim.number, paper.id,
                    done=say("已移除 {name}", name=paper.file_name),
                ),
            )  # fmt: skip


def _draw_correction(card: ClaimCard) -> None:
    number = card.claim.number
    with st.expander(_("更正申请内容"), icon=":material/edit:"):
        written = _amounts_written(card)
        correction = _correction_written(card)
        if st.button(_("保存更正"), key="save_correction"):
            done = say("{number} 的更正已保存", number=number)
            _run_again(attempt(_correct, number, written, correction, done=done))


def _correction_written(card: ClaimCard) -> Correction:
    """The entries that are no figures, as they are typed."""
    claim, result, at = card.claim, card.facts.result, card.claim.number
    return Correction(
        result_printed=st.text_input(
            _("成果编号"), result.reading.printed, key=f"fix_result_{at}", max_chars=200,
            help=_("更正为另一项成果时，企业确认须就该成果重新取得"),
        ),
        obtained_on=st.date_input(
            _("取得日期"), result.obtained_on, key=f"fix_obtained_{at}", format="YYYY-MM-DD",
            min_value=None, max_value=max(card.facts.today, result.obtained_on),
        ),
        payee_name=st.text_input(
            _("收款户名"), claim.payee_name, key=f"fix_payee_{at}", max_chars=120
        ),
        payee_account=st.text_input(
            _("收款账号"), claim.payee_account, key=f"fix_account_{at}", max_chars=40
        ),
        invoice_number=st.text_input(
            _("发票号码"), claim.invoice_number, key=f"fix_invoice_{at}", max_chars=40
        ),
        note=st.text_area(_("备注"), claim.note, key=f"fix_note_{at}", max_chars=1000),
    )  # fmt: skip


def _amounts_written(card: ClaimCard) -> dict[str, str]:
    """The figures as they are typed: entry → text; only those the standard reads are asked for."""
    claim = card.claim
    kind = card.facts.subsidy.standard.kind if card.facts.subsidy else None
    written = {
        "asked_fen": _amount(_("申请金额（元）"), claim.asked_fen, f"fix_asked_{claim.number}"),
        "invoice_fen": _amount(
            _("发票金额（元）"), claim.invoice_fen, f"fix_invoice_amount_{claim.number}"
        ),
    }
    if kind in _OF_A_BASE or claim.basis_fen is not None:
        written["basis_fen"] = _amount(
            _("计算基数（元）"), claim.basis_fen, f"fix_basis_{claim.number}"
        )
    if kind is StandardKind.per_unit or claim.units is not None:
        units = "" if claim.units is None else str(claim.units)
        written["units"] = st.text_input(
            _("数量"), units, key=f"fix_units_{claim.number}", max_chars=12
        )
    return written


def _amount(label: str, fen: int | None, key: str) -> str:
    return st.text_input(label, "" if fen is None else f"{fen / 100:.2f}", key=key, max_chars=24)


def _correct(
    current: Any, actor: Any, number: str, written: Mapping[str, str], correction: Correction
) -> None:
    """The figures are read inside the attempt, so that a wrong one is refused in words."""
    figures: dict[str, Any] = {
        entry: whole_number(text, ENTRY_NAMES[entry]) if entry == "units" else fen_from_yuan(text)
        for entry, text in written.items()
        if text.strip() or entry == "asked_fen"
    }
    correct_claim(current, actor, number, replace(correction, **figures))


def _draw_submit(card: ClaimCard) -> None:
    if faults := _faults(card):
        st.markdown(faults)
    seen = Seen(card.claim.version, card.digest)
    st.button(
        _("补正完毕，重新提交") if card.claim.state is State.returned else _("提交申请"),
        key="submit_claim",
        type="primary",
        width="stretch",
        on_click=_keep_attempt,
        args=(card.claim.number, Action.submit, seen),
    )


def _faults(card: ClaimCard) -> str:
    """Which conditions still fail, and what to do; it hinders nobody from submitting."""
    failing = [one.code for one in card.findings if one.verdict is Verdict.not_met]
    if not failing:
        return ""
    named = _("、").join(f"{code} {words(CONDITION_OF[code].title)}" for code in failing)
    said = _("仍有 {count} 项不符合：{named}。").format(count=len(failing), named=named)
    remedy = _("请按初审条件中“→”所写逐项补正；照此提交很可能再次退回，确有理由的写在备注里。")
    return f":red[:material/close:] **{formats.plain(said)}**  \n{formats.small_grey(remedy)}"


def _draw_withdraw(card: ClaimCard, reasons: Mapping[str, ReasonCode]) -> None:
    with st.popover(_("撤回申请"), type="tertiary", icon=":material/undo:"):
        chosen = st.multiselect(
            _("理由"), list(reasons), key="withdraw_reasons",
            format_func=lambda code: reason_words(reasons[code]), placeholder=_("选择理由代码"),
        )  # fmt: skip
        note = st.text_input(_("说明"), key="withdraw_note", max_chars=2000)
        st.button(
            _("撤回这件申请"),
            key="withdraw_claim",
            disabled=not chosen,
            on_click=_keep_attempt,
            args=(card.claim.number, Action.withdraw, Seen(card.claim.version, card.digest)),
            kwargs={"reasons": tuple(chosen), "note": note},
        )


def _keep_attempt(number: str, action: Action, seen: Seen, **given: Any) -> None:
    def done(taken: StepTaken | None) -> Wording:
        if action is Action.withdraw:
            return say("{number} 已撤回", number=number)
        if taken is not None and taken.why_again is not None:
            return say("{number} 已提交：{why}", number=number, why=taken.why_again)
        return say("{number} 已提交", number=number)

    if action is Action.submit:
        keep(attempt(submit_draft, number, seen, done=done))
    else:
        keep(attempt(take_step_on_screen, number, action, seen, done=done, **given))


def _run_again(outcome: Outcome) -> None:
    if outcome.is_done:
        keep(outcome)
        st.rerun()


def _last_return(card: ClaimCard) -> EventLine | None:
    return next((event for event in reversed(card.events) if event.action in _RETURNS), None)
