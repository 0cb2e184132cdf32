"""Filing a claim on screen (`/claims?new=…`): the agency for itself, the alliance's counter on
behalf of an agency; what the offices will find stands beside the form while it is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from components import formats
from components.attempt import attempt, found, keep
from components.claims_queue import open_claim
from components.filters import FIRST_DAY, ask, ask_nothing, asked, asked_day
from components.findings_list import draw_findings
from components.language import CHINESE, _, language, words
from components.look import title_row
from components.shell import Visit
from models.actions.filing import Paper, file_on_behalf, start_claim
from models.clock import now_utc
from models.database import session
from models.queries.claims import services_listed
from models.queries.filing import (
    LISTED,
    OfferedAgreement,
    Prospect,
    files_for_own_agency,
    kinds_of_result,
    may_file,
    offered_agreements,
    prospect,
)
from models.queries.visibility import masked_account
from models.rules.claim_entries import ENTRY_NAMES, LONGEST, whole_number
from models.rules.entitlement import StandardKind
from models.rules.filing import NewClaim
from models.rules.identifiers import IdentifierVerdict
from models.rules.money import fen_from_yuan
from models.rules.roles import Permission
from models.rules.wording import say
from models.tables.reference import ResultKind

NEW = "new"
"""The parameter of the address: an agreement's number, or `1` for any."""
KIND, PRINTED, OBTAINED = "kind", "result", "obtained"
"""More of the address, where a result is known: its kind, its number, since when."""
_OF_A_BASE = frozenset({StandardKind.percent, StandardKind.match_ratio})


class _Choice(NamedTuple):
    """What the claim is about."""

    agreement: OfferedAgreement
    kind: ResultKind
    printed: str
    obtained_on: date


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures as they are typed."""

    asked: str = ""
    basis: str = ""
    units: str = ""
    invoice: str = ""


def new_claim_address(agreement: str, kind_code: str, printed: str, obtained_on: date) -> str:
    """Where a claim on an agreement's result begins, with what is known of it filled in."""
    known = {NEW: agreement, KIND: kind_code, PRINTED: printed, OBTAINED: obtained_on.isoformat()}
    return f"/claims?{urlencode(known)}"


def draw_new_claim_button(visit: Visit) -> None:
    """The way to a new claim, for who files claims."""
    if may_file(visit.actor):
        st.button(
            _("新建申请") if files_for_own_agency(visit.actor) else _("代机构录入"),
            key="new_claim",
            type="tertiary",
            icon=":material/add:",
            on_click=ask,
            args=(NEW, "1"),
        )


def draw_new_claim_if_asked(visit: Visit) -> None:
    """The form instead of the list, where the address asks for it and the visitor files claims."""
    if not asked(NEW) or not may_file(visit.actor):
        return
    is_own = files_for_own_agency(visit.actor)
    title_row(_("新建申请") if is_own else _("代机构录入"), _said(is_own))
    st.button(
        _("返回列表"), key="back", type="tertiary", icon=":material/arrow_back:",
        on_click=ask_nothing,
    )  # fmt: skip
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left, st.container(border=True, key="new_claim_form"):
        choice = _choice(visit)
        if choice is not None:
            _draw_rest(visit, choice, right)
    st.stop()


def _said(is_own: bool) -> str:
    if is_own:
        return _("保存为草稿后上传材料，核对无误再提交；提交当日为申报日期")
    return _("按机构在窗口交来的材料录入；录入人不得办理本件")


# ---------------------------------------------------------------- what it is about


def _choice(visit: Visit) -> _Choice | None:
    agreement = _agreement(visit)
    if agreement is None:
        return None
    with session() as current:
        kinds = {kind.code: kind for kind in kinds_of_result(current, agreement.service_code)}
    at = agreement.number
    if not kinds:
        st.markdown(formats.small_grey(_("这类服务没有登记成果类型，不能提出申请。")))
        return None
    codes = list(kinds)
    code = st.selectbox(
        _("成果类型"), codes, key=f"new_kind_{at}",
        index=codes.index(asked(KIND)) if asked(KIND) in kinds else 0,
        format_func=lambda code: formats.named(kinds[code]),
    )  # fmt: skip
    kind = kinds[code]
    left, right = st.columns(2)
    printed = left.text_input(
        _("成果编号"), asked(PRINTED), key=f"new_printed_{at}",
        max_chars=LONGEST["result_printed"], live="600ms",
    )  # fmt: skip
    obtained_on = right.date_input(
        _("取得日期（{what}）").format(
            what=kind.date_zh if language() == CHINESE else kind.date_en
        ),
        asked_day(OBTAINED, visit.today),
        key=f"new_obtained_{at}",
        format="YYYY-MM-DD",
        min_value=FIRST_DAY,
        max_value=visit.today,
    )
    if not printed.strip() or obtained_on is None:
        st.markdown(
            formats.small_grey(_("填写成果编号和取得日期后，核定金额和各项条件显示在旁边。"))
        )
        return None
    return _Choice(agreement, kind, printed, obtained_on)


def _agreement(visit: Visit) -> OfferedAgreement | None:
    """One of the confirmed agreements in reach; the address may name it."""
    is_own = files_for_own_agency(visit.actor)
    named = "" if asked(NEW) == "1" else asked(NEW)
    with session() as current:
        offered = offered_agreements(current, visit.actor)
    if len(offered) == LISTED or named:
        looked_for = st.text_input(
            _("查找协议"), named, key="new_search", type="search", live="400ms",
            placeholder=_("协议编号、企业或机构名称"), icon=":material/search:",
        )  # fmt: skip
        with session() as current:
            offered = offered_agreements(current, visit.actor, looked_for)
    if not offered:
        st.markdown(
            formats.small_grey(_("没有可以申请的协议。协议备案确认后，取得成果即可在这里申请。"))
        )
        return None
    with session() as current:
        services = services_listed(current)
    by_number = {one.number: one for one in offered}
    number = st.selectbox(
        _("服务协议（已备案）"), list(by_number), key="new_agreement",
        index=0 if named in by_number or len(by_number) == 1 else None,
        placeholder=_("选择协议"),
        format_func=lambda number: _agreement_words(by_number[number], services, is_own),
    )  # fmt: skip
    return by_number.get(number or "")


def _agreement_words(one: OfferedAgreement, services: Mapping[str, Any], is_own: bool) -> str:
    service = services.get(one.service_code)
    said = [one.number, one.enterprise, formats.named(service) if service else one.service_code]
    return " · ".join(said if is_own else [*said, one.agency])


# ---------------------------------------------------------------- the rest, and what it comes to


def _draw_rest(visit: Visit, choice: _Choice, right: Any) -> None:
    at = f"{choice.agreement.number}_{choice.kind.code}"
    about = NewClaim(choice.agreement.id, choice.kind.code, choice.printed, choice.obtained_on)
    first = found(prospect, visit.actor, about)
    if first is None:
        st.markdown(_("这份协议已不在可申请的范围内，请返回列表。"))
        return
    _draw_reading(first)
    figures = _figures(first, at)
    about = replace(about, **_texts(visit, first, at))
    papers = () if files_for_own_agency(visit.actor) else _papers(first, at)
    entry = found(_entry, about, figures)
    if entry is None:
        st.markdown(f":red[:material/close: {_('金额或数量写法有误，请改为数字，例如 50,000.00')}]")
    else:
        codes = {paper.kind_code for paper in papers}
        expected = found(prospect, visit.actor, entry, codes)
        if expected is not None:
            with right:
                _draw_expected(visit, expected)
    _draw_save(visit, about, figures, papers)


def _draw_reading(expected: Prospect) -> None:
    """How the number reads, where it reads as anything but well-formed."""
    read = expected.facts.result.reading
    if read.verdict is not IdentifierVerdict.well_formed:
        st.markdown(f":orange[:material/warning: {formats.plain(words(read.words))}]")
    elif read.normalised != read.printed:
        st.markdown(
            formats.small_grey(_("识别为 {number}").format(number=formats.plain(read.normalised)))
        )


def _figures(first: Prospect, at: str) -> _Figures:
    kind = first.facts.subsidy.standard.kind if first.facts.subsidy else None
    basis = units = ""
    if kind in _OF_A_BASE:
        basis = st.text_input(_("计算基数（元）"), key=f"new_basis_{at}", max_chars=24)
    if kind is StandardKind.per_unit:
        units = st.text_input(_("数量"), "1", key=f"new_units_{at}", max_chars=12)
    left, right = st.columns(2)
    asked_for = left.text_input(
        _("申请金额（元）"), key=f"new_asked_{at}", max_chars=24,
        placeholder=_asked_hint(first), help=_("不填则按核定上限申请"),
    )  # fmt: skip
    invoice = right.text_input(_("发票金额（元）"), key=f"new_invoice_{at}", max_chars=24)
    return _Figures(asked_for, basis, units, invoice)


def _asked_hint(first: Prospect) -> str:
    if first.asked_fen is None:
        return _("现行标准没有直接核定的金额，请填写")
    return _("按核定上限 {amount}").format(amount=formats.yuan(first.asked_fen))


def _texts(visit: Visit, first: Prospect, at: str) -> dict[str, Any]:
    left, right = st.columns(2)
    number = right.text_input(
        _("发票号码"), key=f"new_invoice_no_{at}", max_chars=LONGEST["invoice_number"]
    )
    payee = first.payee
    name, account = (payee.name, payee.account) if payee else ("", "")
    sees = files_for_own_agency(visit.actor) or visit.may(Permission.see_bank_accounts)
    written_name = left.text_input(
        _("收款户名"), name, key=f"new_payee_{at}", max_chars=LONGEST["payee_name"]
    )
    written_account = st.text_input(
        _("收款账号"), account if sees else "", key=f"new_account_{at}",
        max_chars=LONGEST["payee_account"],
        placeholder="" if sees else _("按登记：{account}").format(account=masked_account(account)),
    )  # fmt: skip
    note = st.text_area(_("备注"), key=f"new_note_{at}", max_chars=LONGEST["note"], height=68)
    is_registered = not sees and not written_account.strip()
    return {
        "invoice_number": number,
        "payee_name": written_name,
        "payee_account": None if is_registered else written_account,
        "note": note or "",
    }


def _papers(first: Prospect, at: str) -> tuple[Paper, ...]:
    """What was handed in at the counter: a place for each kind the result needs."""
    handed_in = []
    for code, name in first.facts.result.papers_needed:
        file = st.file_uploader(
            f"{code} {_(name)}", type=["pdf", "png", "jpg", "jpeg"], key=f"new_paper_{at}_{code}"
        )
        if file is not None:
            handed_in.append(Paper(code, file.name, file.getvalue()))
    return tuple(handed_in)


def _entry(_session: Any, about: NewClaim, figures: _Figures) -> NewClaim:
    """The figures read: inside an attempt a wrong one is refused in words."""
    return replace(
        about,
        asked_fen=_fen(figures.asked),
        basis_fen=_fen(figures.basis),
        invoice_fen=_fen(figures.invoice),
        units=whole_number(figures.units, ENTRY_NAMES["units"]) if figures.units.strip() else None,
    )


def _fen(written: str) -> int | None:
    return fen_from_yuan(written) if written.strip() else None


def _draw_expected(visit: Visit, expected: Prospect) -> None:
    """The computed entitlement and the fifteen conditions, as the offices would find them now."""
    subsidy, reward = expected.amounts.subsidy, expected.amounts.reward
    said = [
        _("{name} {amount} 元：{words}（{clause}）").format(
            name=name,
            amount=formats.yuan(given.amount_fen),
            words=words(given.words),
            clause=given.clause,
        )
        for name, given in ((_("机构补贴"), subsidy), (_("企业奖励"), reward))
        if given is not None
    ]
    st.markdown(f"**{_('核定上限')}**")
    st.markdown(
        "  \n".join(map(formats.plain, said))
        or formats.small_grey(_("没有适用的补贴标准，不能核定金额。"))
    )
    draw_findings(expected.findings, now_utc(), expected.digest)
    if files_for_own_agency(visit.actor):
        names = _("、").join(_(name) for _code, name in expected.facts.result.papers_needed)
        if names:
            said_papers = _("保存后上传：{papers}。").format(papers=names)
            st.markdown(formats.small_grey(formats.plain(said_papers)))


def _draw_save(visit: Visit, about: NewClaim, figures: _Figures, papers: Sequence[Paper]) -> None:
    is_own = files_for_own_agency(visit.actor)
    if st.button(
        _("保存草稿，去上传材料") if is_own else _("代机构提交这件申请"),
        key="save_new_claim",
        type="primary",
        width="stretch",
    ):
        outcome = attempt(
            _start if is_own else _file, about, figures, papers,
            done=lambda number: (
                say("{number} 已存为草稿，请上传材料后提交", number=number)
                if is_own
                else say("{number} 已代机构提交", number=number)
            ),
        )  # fmt: skip
        if outcome.is_done:
            keep(outcome)
            open_claim(outcome.result)


def _start(
    current: Any, actor: Any, about: NewClaim, figures: _Figures, _papers: Sequence[Paper]
) -> str:
    return start_claim(current, actor, _entry(current, about, figures))


def _file(
    current: Any, actor: Any, about: NewClaim, figures: _Figures, papers: Sequence[Paper]
) -> str:
    return file_on_behalf(current, actor, _entry(current, about, figures), papers)
