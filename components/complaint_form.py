"""Filing a complaint (投诉): an enterprise its own; the alliance on an enterprise's behalf, or a hint
that names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import ask
from components.language import _
from components.shell import Visit
from models.actions.complaints import file_complaint
from models.database import session
from models.queries.complaint_card import agencies_to_name, agreements_to_name
from models.rules.agreement_terms import MOST_PAPERS
from models.rules.complaints import LONGEST_COMPLAINT, ComplaintKind
from models.rules.roles import Role
from models.rules.wording import say


def file_dialog(visit: Visit, services: Mapping[str, Any]) -> None:
    """A new complaint; filed, its card opens.

    Args:
        visit: who files it.
        services: the service list by code.
    """
    is_own = Role.enterprise in visit.actor.roles

    @st.dialog(_("提出投诉"), width="medium", icon=":material/report:")
    def dialog() -> None:
        about = _own_agreement(visit, services) if is_own else _on_behalf()
        if not about.get("agreement_number"):
            about["agency_uscc"] = _agency(visit)
        kind = st.selectbox(
            _("投诉类别"), list(ComplaintKind), None, key="complaint_kind",
            format_func=formats.label, filter_mode=None, placeholder=_("选择一类"),
            on_change="ignore",
        )  # fmt: skip
        said = st.text_area(
            _("事实和请求"), key="complaint_said", max_chars=LONGEST_COMPLAINT, height=120,
            placeholder=_("何时、何地、发生了什么，有什么凭据"), on_change="ignore",
        )  # fmt: skip
        st.markdown(formats.small_grey(_protection(about)))
        papers = complaint_papers("complaint_papers", _("证据（匿名线索必附，最多 {most} 份）")
                                  if not is_own else _("证据（可不附，最多 {most} 份）"))  # fmt: skip
        answer = st.container()
        if st.button(_("提出投诉，等待受理"), key="save_complaint", type="primary"):
            outcome = attempt(
                file_complaint, kind=kind, said=said or "", papers=papers, **about, where=answer,
                done=lambda number: say("已提出投诉 {number}", number=number),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                ask("complaint", str(outcome.result))
                st.rerun()

    dialog()


def complaint_papers(key: str, label: str) -> tuple[tuple[str, bytes], ...]:
    """The field for papers, and what was put into it."""
    files = st.file_uploader(
        label.format(most=MOST_PAPERS), type=["pdf", "png", "jpg", "jpeg"], key=key,
        accept_multiple_files=True,
    )  # fmt: skip
    return tuple((file.name, file.getvalue()) for file in files or ())


def _own_agreement(visit: Visit, services: Mapping[str, Any]) -> dict[str, str]:
    """Which of one's own agreements it concerns; none where it concerns the agency as such."""
    with session() as current:
        own = {one.number: one for one in agreements_to_name(current, visit.actor)}
    number = st.selectbox(
        _("涉及的服务协议"), ["", *own], key="complaint_agreement",
        format_func=lambda one: _agreement(own[one], services) if one else _("不涉及具体协议"),
        filter_mode="contains" if len(own) > 8 else None,
    )  # fmt: skip
    named = own.get(number or "")
    return {
        "agreement_number": named.number if named else "",
        "agency_uscc": named.agency_uscc if named else "",
    }


def _agreement(one: Any, services: Mapping[str, Any]) -> str:
    service = services.get(one.service_code)
    return f"{one.agency} · {formats.named(service) if service else one.service_code}"


def _on_behalf() -> dict[str, str]:
    """For whom the alliance enters it, and the agreement by its number."""
    left, right = st.columns(2)
    uscc = left.text_input(
        _("投诉企业的统一社会信用代码（匿名线索不填）"), key="complaint_uscc", max_chars=40
    )
    number = right.text_input(_("涉及的协议编号（可不填）"), key="complaint_number", max_chars=40)
    return {
        "enterprise_uscc": uscc or "", "agreement_number": (number or "").strip(),
        "agency_uscc": "",
    }  # fmt: skip


def _agency(visit: Visit) -> str:
    with session() as current:
        agencies = agencies_to_name(current, visit.actor)
    return st.selectbox(
        _("被投诉的服务机构"), list(agencies), None, key="complaint_agency",
        format_func=lambda uscc: agencies[uscc], filter_mode="contains",
        placeholder=_("输入名称的一部分"), on_change="ignore",
    ) or ""  # fmt: skip


def _protection(about: Mapping[str, str]) -> str:
    if about.get("agreement_number"):
        return _("受理后机构看得到投诉人、这段文字和证据，以便就这份协议答复。")
    return _("受理后机构看得到这段文字，看不到投诉人和证据；请不要在文字里写出身份。")
