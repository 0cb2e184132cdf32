"""What the alliance changes of an agency: contact and payee, scopes, suspension, leaving; each in
its dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components.attempt import Outcome, attempt, keep
from components.formats import label, named, small_grey
from components.language import _
from components.shell import Visit
from models.actions.agencies import (
    AgencyEntry,
    edit_agency,
    lift_suspension,
    remove_agency,
    set_agency_scopes,
    suspend_agency,
)
from models.queries.agencies import AgencyCard
from models.queries.visibility import sight_of_agency
from models.rules.admission_terms import LONGEST_REFERENCE, Cause, Ground
from models.rules.wording import Wording, say


def edit_agency_dialog(visit: Visit, card: AgencyCard) -> None:
    """Contact, staff and payee; refused if somebody else changed them meanwhile."""
    sees_account = sight_of_agency(visit.actor, card.row.id).has_account

    @st.dialog(_("修改机构"), width="medium")
    def dialog() -> None:
        left, right = st.columns(2, gap="medium")
        contact = _line(left, "contact_name", _("联系人"), card.row.contact_name or "", 64)
        phone = _line(left, "contact_phone", _("联系电话"), card.contact_phone, 40)
        staff = left.number_input(
            _("从业人数"), 1, 100_000, card.row.staff_count, key="agency_staff", on_change="ignore"
        )
        payee = _line(right, "payee_name", _("收款户名"), card.payee_name, 120)
        bank = _line(right, "payee_bank", _("开户行"), card.payee_bank, 120)
        hint = "" if sees_account else f"{card.payee_account} {_('留空则不变')}".strip()
        account = _line(
            right,
            "payee_account",
            _("收款账号"),
            card.payee_account if sees_account else "",
            40,
            hint,
        )
        is_kept = not sees_account and not account
        entry = AgencyEntry(contact, phone, staff, payee, bank, None if is_kept else account)
        _save(
            _("保存修改"),
            lambda where: attempt(
                edit_agency,
                card.row.uscc,
                entry,
                card.version,
                where=where,
                done=_done(say("已保存修改")),
            ),
        )

    dialog()


def scopes_dialog(card: AgencyCard, services: Mapping[str, Any]) -> None:
    """What the agency is admitted for."""

    @st.dialog(_("调整服务范围"), width="medium")
    def dialog() -> None:
        chosen = st.multiselect(
            _("服务范围"),
            list(services),
            list(card.row.services),
            key="agency_scopes",
            format_func=lambda code: named(services[code]),
            placeholder=_("从服务清单中选择"),
            on_change="ignore",
        )
        reason = _reason()
        st.markdown(small_grey(_("范围以外签订的协议，初审条件 F02 不符合；已签订的不受影响。")))
        _save(
            _("保存服务范围"),
            lambda where: attempt(
                set_agency_scopes, card.row.uscc, chosen, reason,
                where=where, done=_done(say("服务范围已调整")),
            ),
        )  # fmt: skip

    dialog()


def suspend_dialog(visit: Visit, card: AgencyCard) -> None:
    """From when until when the agency may not sign agreements under the zone's rules."""

    @st.dialog(_("暂停服务资格"), width="medium")
    def dialog() -> None:
        left, right = st.columns(2)
        from_on = left.date_input(
            _("暂停起"), visit.today, key="agency_from", format="YYYY-MM-DD", on_change="ignore"
        )
        to_on = right.date_input(
            _("暂停止（留空为另行通知）"),
            None,
            key="agency_to",
            format="YYYY-MM-DD",
            on_change="ignore",
        )
        cause, reason = _cause(), _reason()
        _save(
            _("暂停该机构"),
            lambda where: attempt(
                suspend_agency, card.row.uscc, from_on, to_on, reason, cause,
                where=where, done=say("已暂停“{name}”", name=card.row.name),
            ),
            is_ready=cause is not None,
        )  # fmt: skip

    dialog()


def lift_dialog(card: AgencyCard) -> None:
    """The suspension ends with yesterday."""

    @st.dialog(_("解除暂停"), width="medium")
    def dialog() -> None:
        reason = _reason()
        _save(
            _("自今日起解除暂停"),
            lambda where: attempt(
                lift_suspension, card.row.uscc, reason,
                where=where, done=say("已解除“{name}”的暂停", name=card.row.name),
            ),
        )  # fmt: skip

    dialog()


def remove_dialog(visit: Visit, card: AgencyCard) -> None:
    """The agency leaves the register; what it did stays on record."""

    @st.dialog(_("退出名录"), width="medium")
    def dialog() -> None:
        on = st.date_input(
            _("退出日期"), visit.today, key="agency_removed", format="YYYY-MM-DD",
            max_value=visit.today, on_change="ignore",
        )  # fmt: skip
        cause, reason = _cause(), _reason()
        st.markdown(small_grey(_("该机构的协议与申请保留；此后签订的协议不再符合 F02。")))
        _save(
            _("登记退出"),
            lambda where: attempt(
                remove_agency, card.row.uscc, on, reason, cause,
                where=where, done=say("“{name}”已退出名录", name=card.row.name),
            ),
            is_ready=cause is not None,
        )  # fmt: skip

    dialog()


def _line(place: Any, key: str, title: str, value: str, longest: int, hint: str = "") -> str:
    return (
        place.text_input(
            title,
            value,
            key=f"agency_{key}",
            max_chars=longest,
            placeholder=hint,
            on_change="ignore",
        )
        or ""
    )


def _cause() -> Cause | None:
    """The coded ground, with the complaint or rating it rests on; `None` before one is chosen."""
    left, right = st.columns(2)
    ground: Any = left.selectbox(
        _("事由 *"), list(Ground), None, key="agency_ground", format_func=label, filter_mode=None,
    )  # fmt: skip
    reference = right.text_input(
        _("投诉编号或考评期次"), key="agency_reference", max_chars=LONGEST_REFERENCE,
        placeholder=_("投诉查实、考评不合格时必填"), on_change="ignore",
    )  # fmt: skip
    return Cause(ground, reference or "") if ground else None


def _reason() -> str:
    return (
        st.text_area(
            _("理由（记入操作记录）"),
            key="agency_reason",
            max_chars=400,
            height=90,
            on_change="ignore",
        )
        or ""
    )


def _save(button: str, save: Callable[[Any], Outcome], *, is_ready: bool = True) -> None:
    where = st.container()
    if st.button(button, key="save_agency", type="primary", disabled=not is_ready):
        outcome = save(where)
        if outcome.is_done:
            keep(outcome)
            st.rerun()


def _done(sentence: Wording) -> Callable[[bool], Wording]:
    return lambda changed: sentence if changed else say("没有改动")
