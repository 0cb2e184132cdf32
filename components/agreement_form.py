"""Drafting a service agreement and its terms: one dialog, all faults named at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import FIRST_DAY, LAST_DAY, ask
from components.language import _, words
from components.organisation_choice import organisation_choice
from components.shell import Visit
from models.actions.agreements import draft_agreement, draft_for_agency
from models.actions.amendments import NewTerms
from models.database import session
from models.queries.agreement_terms import result_kinds_listed, services_in_scope
from models.rules.agreement_terms import LONGEST_EXPECTED, AgreementTerms
from models.rules.membership import Fault
from models.rules.money import fen_from_yuan, yuan
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.reference import ResultKind, Track

LONGEST_AMOUNT = 20


@runtime_checkable
class Written(Protocol):
    """Something typed whose amounts are still text: read where a refusal is said."""

    def read(self) -> Any:
        """What it says; an amount that is none is refused."""


@dataclass(frozen=True, slots=True)
class WrittenAmount:
    """An amount as it was typed."""

    text: str

    def read(self) -> int:
        """In fen."""
        return fen_from_yuan(self.text or "0")


@dataclass(frozen=True, slots=True)
class WrittenTerms:
    """Terms as they were typed."""

    signed_on: date
    fee: WrittenAmount
    result_kind_code: str
    expected: str
    due_on: date | None
    advance: WrittenAmount

    def read(self) -> AgreementTerms:
        """The terms of an agreement."""
        return AgreementTerms(
            self.signed_on, self.fee.read(), self.result_kind_code, self.expected, self.due_on,
            self.advance.read(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenAmendment:
    """Terms as they were typed into an amendment: the day of signing stays."""

    terms: WrittenTerms

    def read(self) -> NewTerms:
        """The terms as they shall be."""
        read = self.terms.read()
        return NewTerms(
            read.fee_fen, read.result_kind_code, read.expected, read.due_on, read.advance_fen
        )


def draft_dialog(visit: Visit, services: Mapping[str, Any]) -> None:
    """A new agreement; drafted, its card opens. At the counter it is entered for an agency."""

    @st.dialog(_("起草服务协议"), width="large")
    def dialog() -> None:
        agency_id = visit.actor.agency_id
        if not visit.may(Permission.draft_agreements):
            agency_id = _agency_chosen(visit)
        with session() as current:
            offered = services_in_scope(current, agency_id)
        left, right = st.columns(2, gap="medium")
        uscc = left.text_input(
            _("企业统一社会信用代码 *"), key="draft_uscc", max_chars=40, on_change="ignore",
            placeholder=_("协议另一方；须已入会"),
        )  # fmt: skip
        service = right.selectbox(
            _("服务 *"), offered, None, key="draft_service", placeholder=_("从本机构的服务范围选择"),
            format_func=lambda code: formats.named(services[code]), filter_mode=None,
            disabled=agency_id is None,
        )  # fmt: skip
        kinds = _kinds_of(service)
        draw_track(services, service)
        blank = AgreementTerms(visit.today, 0)
        written = terms_fields(blank, kinds, f"draft_{service}", visit.today)
        answer = st.container()
        if st.button(_("保存草稿并打开"), key="save_draft", type="primary"):
            outcome = attempt(
                _draft, agency_id, uscc or "", service or "", written, where=answer,
                done=lambda number: say("已起草 {number}，附上扫描件后提交备案", number=number),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                ask("agreement", outcome.result)
                st.rerun()

    dialog()


def terms_fields(
    before: AgreementTerms,
    kinds: Sequence[ResultKind],
    key: str,
    today: date,
    *,
    may_sign: bool = True,
) -> WrittenTerms:
    """The fields of the terms, two columns; the up-front fee is stated and cannot be typed.

    Args:
        before: what stands in them at first.
        kinds: the kinds of result the service knows.
        key: the widgets' keys begin with it.
        today: the latest day of signing.
        may_sign: whether the day of signing may be changed.
    """
    left, right = st.columns(2, gap="medium")
    signed_on = left.date_input(
        _("签订日期"), before.signed_on, key=f"{key}_signed", format="YYYY-MM-DD",
        min_value=min(FIRST_DAY, before.signed_on), max_value=max(today, before.signed_on),
        disabled=not may_sign, on_change="ignore",
    )  # fmt: skip
    fee = right.text_input(
        _("服务费（元，成功后支付）"), _amount(before.fee_fen), key=f"{key}_fee",
        max_chars=LONGEST_AMOUNT, on_change="ignore",
    )  # fmt: skip
    names = {kind.code: formats.named(kind) for kind in kinds}
    kind = left.selectbox(
        _("预期成果"), list(names),
        list(names).index(before.result_kind_code) if before.result_kind_code in names else None,
        key=f"{key}_kind", format_func=lambda code: names[code], placeholder=_("未填"),
        filter_mode=None, on_change="ignore",
    )  # fmt: skip
    due_on = right.date_input(
        _("预计完成日期"), before.due_on, key=f"{key}_due", format="YYYY-MM-DD",
        min_value=FIRST_DAY, max_value=LAST_DAY, on_change="ignore",
    )  # fmt: skip
    expected = left.text_input(
        _("预期成果说明"), before.expected, key=f"{key}_expected", max_chars=LONGEST_EXPECTED,
        on_change="ignore",
    )  # fmt: skip
    advance = right.text_input(
        _("约定垫资（元）"), _amount(before.advance_fen), key=f"{key}_advance",
        max_chars=LONGEST_AMOUNT, on_change="ignore",
    )  # fmt: skip
    st.markdown(
        formats.small_grey(_("预收费用固定为 0 元：企业在取得成果前不付任何费用（五.2 一是）。"))
    )
    return WrittenTerms(
        signed_on, WrittenAmount(fee or ""), kind or "", expected or "", due_on,
        WrittenAmount(advance or ""),
    )  # fmt: skip


def draw_faults(faults: Sequence[Fault]) -> None:
    """What is wrong with the terms, blocking faults first; nothing where all is well."""
    for fault in faults:
        colour, icon = ("red", "close") if fault.is_blocking else ("orange", "warning")
        said = formats.plain(words(fault.words))
        name = _("不符合") if fault.is_blocking else _("请注意")
        st.markdown(f":{colour}-badge[:material/{icon}: {name}] {said}")


def draw_track(services: Mapping[str, Any], service: str | None) -> None:
    """That a service stays out of public money, where it does."""
    if service is not None and services[service].track is Track.market_rule:
        st.markdown(
            f":gray-badge[{_('市场化规则')}] "
            + formats.small_grey(_("政策未覆盖：成功后由企业付费，不进入财政补贴（五.3(1)）。"))
        )


def _agency_chosen(visit: Visit) -> int | None:
    """The agency the counter enters an agreement for."""
    chosen = organisation_choice(
        visit.actor, "draft_agency", _("代哪家服务机构录入 *"), agencies_only=True
    )
    said = _("记录写明由联盟代为录入；录入人不能确认这份备案，也不能裁定它的归因异议。")
    st.markdown(formats.small_grey(said))
    return chosen.agency_id if chosen else None


def _draft(
    current: Any,
    actor: Actor,
    agency_id: int | None,
    uscc: str,
    service: str,
    written: WrittenTerms,
) -> str:
    if actor.may(Permission.draft_agreements):
        return draft_agreement(current, actor, uscc, service, written.read())
    return draft_for_agency(current, actor, agency_id or 0, uscc, service, written.read())


def _kinds_of(service: str | None) -> Sequence[ResultKind]:
    if service is None:
        return ()
    with session() as current:
        return result_kinds_listed(current, service)


def _amount(fen: int) -> str:
    return yuan(fen) if fen else ""
