"""The fields of each step of an agreement: what is asked for before its button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.agreement_form import WrittenAmendment, WrittenAmount, terms_fields
from components.claim_notes import reason_words
from components.filters import FIRST_DAY, LAST_DAY
from components.language import CHINESE, _, language
from components.shell import Visit
from models.actions.agreement_progress import LONGEST_MILESTONE
from models.database import session
from models.queries.agreement_card import AgreementCard
from models.queries.claim_card import reasons_listed
from models.rules.agreement_life import Attribution, CostBearer, LifeAction
from models.rules.agreement_terms import LONGEST_REASON, MOST_PAPERS
from models.rules.identifiers import LONGEST_PRINTED


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


def _contest(form: Form) -> Mapping[str, Any]:
    said = _("只能提出一次，由联盟中与双方无关的人裁定；裁定前原归因有效。")
    st.markdown(formats.small_grey(said))
    claimed = _attribution(form, _("应归因于"), None)
    reason = _words(form, _("异议理由（记入操作记录）"))
    label = _("佐证材料（可不附，最多 {most} 份）")
    return {"claimed": claimed, "reason": reason, "papers": _papers(form, label)}


def _upholding(form: Form) -> Mapping[str, Any]:
    attribution = _attribution(form, _("归因改为"), form.card.claimed)
    return {"attribution": attribution, "reason": _words(form, _("理由（记入操作记录）"))}


def _attribution(form: Form, title: str, wanted: Attribution | None) -> Attribution:
    """Any attribution but the one that stands."""
    others = [one for one in Attribution if one is not form.card.attribution]
    chosen = st.segmented_control(
        title, others, default=wanted if wanted in others else others[0], required=True,
        key=f"{form.key}_attribution", format_func=formats.label, width="stretch",
    )  # fmt: skip
    assert chosen is not None
    return chosen


FIELDS: Mapping[LifeAction, Callable[[Form], Mapping[str, Any]]] = {
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
    LifeAction.contest_attribution: _contest,
    LifeAction.uphold_contest: _upholding,
    LifeAction.dismiss_contest: _reason,
}
"""What each step asks for; the keys are the parameters of its action."""


def _words(form: Form, title: str) -> str:
    return st.text_area(title, key=f"{form.key}_words", max_chars=LONGEST_REASON, height=84) or ""


def _papers(form: Form, label: str) -> tuple[tuple[str, bytes], ...]:
    files = st.file_uploader(
        label.format(most=MOST_PAPERS), type=["pdf", "png", "jpg", "jpeg"],
        key=f"{form.key}_papers", accept_multiple_files=True,
    )  # fmt: skip
    return tuple((file.name, file.getvalue()) for file in files or ())
