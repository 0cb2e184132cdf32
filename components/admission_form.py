"""Filling in an application for admission: who applies for what, and the answer to one criterion
with its papers; each in its dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.admission_words import in_language
from components.attempt import Outcome, attempt, keep
from components.filters import FIRST_DAY, ask
from components.language import _
from components.shell import Visit
from models.actions.admissions import answer_criterion, edit_application, enter_application
from models.database import session
from models.queries.admission_card import AdmissionCard, CriterionLine
from models.queries.admission_entry import blank_application
from models.rules.admission_terms import (
    LONGEST_ANSWER,
    MOST_PAPERS,
    MOST_STAFF,
    ApplicationEntry,
)
from models.rules.membership import LONGEST
from models.rules.roles import Role
from models.rules.wording import say

Services = Mapping[str, Any]


def enter_dialog(visit: Visit, services: Services) -> None:
    """A new application; entered, its card opens."""
    is_own = Role.agency in visit.actor.roles

    @st.dialog(_("填报入会申请") if is_own else _("代为录入申请"), width="large")
    def dialog() -> None:
        with session() as current:
            blank = blank_application(current, visit.actor)
        said = _("录入后逐项填报入会条件，附证明材料，再提交。")
        if not is_own:
            said += _("申请单位还没有账号时由联盟代为录入；录入人不得审查或决定。")
        st.markdown(formats.small_grey(said))
        entry = _fields(visit, blank.entry, services, blank.offered, is_fixed=is_own)
        answer = st.container()
        if st.button(_("保存申请并打开"), key="save_application", type="primary"):
            outcome = attempt(
                enter_application, entry, where=answer,
                done=lambda number: say("已录入 {number}，逐项填报条件后提交", number=number),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                ask("application", outcome.result)
                st.rerun()

    dialog()


def edit_dialog(visit: Visit, card: AdmissionCard, services: Services) -> None:
    """What an application says, before it is handed in or after it came back."""

    @st.dialog(_("修改入会申请"), width="large")
    def dialog() -> None:
        row = card.row
        entry = ApplicationEntry(
            row.uscc, row.name, card.registered_on, row.services, card.staff_count,
            card.contact_name, card.contact_phone, card.payee_name, card.payee_bank,
            card.payee_account if card.has_account else None,
        )  # fmt: skip
        with session() as current:
            offered = blank_application(current, visit.actor).offered
        every = tuple(dict.fromkeys((*offered, *row.services)))
        hint = "" if card.has_account else card.payee_account
        is_fixed = bool(card.agency_uscc)
        given = _fields(visit, entry, services, every, is_fixed=is_fixed, hint=hint, has_code=True)
        _save(
            _("保存修改"),
            lambda where: attempt(
                edit_application, row.number, given, card.version, where=where,
                done=say("已保存修改"),
            ),
        )  # fmt: skip

    dialog()


def answer_dialog(card: AdmissionCard, line: CriterionLine) -> None:
    """What is said of one criterion, and its papers: new ones, and those that count no more."""

    @st.dialog(f"{line.code} {formats.named(line.text)}", width="medium")
    def dialog() -> None:
        st.markdown(formats.plain(in_language(line.text, "shows")))
        evidence = _("证明材料：{papers}").format(papers=in_language(line.text, "evidence"))
        st.markdown(formats.small_grey(formats.plain(evidence)))
        answer = st.text_area(
            _("说明"), line.answer, key=f"answer_{line.code}", max_chars=LONGEST_ANSWER,
            height=90, on_change="ignore",
        )  # fmt: skip
        gone = [
            paper.id
            for paper in line.papers
            if st.checkbox(
                _("移除 {name}").format(name=formats.plain(paper.file_name)),
                key=f"drop_{paper.id}",
                on_change="ignore",
            )
        ]
        files = st.file_uploader(
            _("材料（PDF、PNG 或 JPEG，一次最多 {most} 份）").format(most=MOST_PAPERS),
            type=["pdf", "png", "jpg", "jpeg"], key=f"papers_{line.code}_{card.version}",
            accept_multiple_files=True,
        )  # fmt: skip
        papers = tuple((file.name, file.getvalue()) for file in files or ())
        _save(
            _("保存这项条件"),
            lambda where: attempt(
                answer_criterion, card.row.number, line.code, answer or "", papers, card.version,
                gone, where=where, done=say("已保存条件 {code}", code=line.code),
            ),
        )  # fmt: skip

    dialog()


# ---------------------------------------------------------------- fields


def _fields(
    visit: Visit,
    entry: ApplicationEntry,
    services: Services,
    offered: Sequence[str],
    *,
    is_fixed: bool,
    hint: str = "",
    has_code: bool = False,
) -> ApplicationEntry:
    """The fields of an application, two columns.

    Args:
        visit: who fills them in.
        entry: what stands in them at first.
        services: the service list by code, for names.
        offered: codes that can be applied for.
        is_fixed: code, name and registration are the register's.
        hint: the masked account, where it may not be seen.
        has_code: the code stays as it is.
    """
    left, right = st.columns(2, gap="medium")
    uscc = _line(left, "uscc", _("统一社会信用代码 *"), entry.uscc, 40, is_off=is_fixed or has_code)
    name = _line(right, "name", _("机构名称 *"), entry.name, LONGEST["name"], is_off=is_fixed)
    registered_on = left.date_input(
        _("注册日期 *"), entry.registered_on, key="application_registered_on",
        format="YYYY-MM-DD", min_value=FIRST_DAY, max_value=visit.today,
        disabled=is_fixed and entry.registered_on is not None, on_change="ignore",
    )  # fmt: skip
    staff = right.number_input(
        _("从业人数 *"), 1, MOST_STAFF, entry.staff_count, key="application_staff",
        on_change="ignore",
    )  # fmt: skip
    wanted = st.multiselect(
        _("申请的服务 *"), list(offered), list(entry.services), key="application_services",
        format_func=lambda code: formats.named(services[code]),
        placeholder=_("从服务清单中选择"), on_change="ignore",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    contact = _line(left, "contact_name", _("联系人 *"), entry.contact_name, 64)
    phone = _line(right, "contact_phone", _("联系电话 *"), entry.contact_phone, 40)
    payee = _line(left, "payee_name", _("收款户名"), entry.payee_name, LONGEST["payee_name"])
    bank = _line(right, "payee_bank", _("开户行"), entry.payee_bank, LONGEST["payee_bank"])
    kept = f"{hint} {_('留空则不变')}" if hint else ""
    account = _line(left, "payee_account", _("收款账号"), entry.payee_account or "", 60, kept)
    is_kept = entry.payee_account is None and not account
    return ApplicationEntry(
        uscc, name, registered_on, tuple(wanted), staff, contact, phone, payee, bank,
        None if is_kept else account,
    )  # fmt: skip


def _line(
    place: Any,
    key: str,
    title: str,
    value: str,
    longest: int,
    hint: str = "",
    *,
    is_off: bool = False,
) -> str:
    return (
        place.text_input(
            title, value, key=f"application_{key}", max_chars=longest, placeholder=hint,
            disabled=is_off, on_change="ignore",
        )
        or ""
    )  # fmt: skip


def _save(button: str, save: Callable[[Any], Outcome]) -> None:
    where = st.container()
    if st.button(button, key="save_application", type="primary"):
        outcome = save(where)
        if outcome.is_done:
            keep(outcome)
            st.rerun()
