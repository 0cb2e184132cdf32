"""One service agreement: terms, filing, milestones, results, claims, every step with its papers;
beside them what this person may do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.agreement_form import draw_faults, draw_track
from components.agreement_step import draw_step_form
from components.agreement_words import FIELDS, state_badge
from components.attempt import found
from components.claim_notes import reason_words, remedy_words
from components.enterprise_asking import draw_asking
from components.facts import Fact, draw_facts
from components.language import _, words
from components.letters import filing_letter_address, letter_links
from components.look import title_row
from components.member_card import back_button, few, record_link
from components.new_claim import new_claim_address
from components.plain_table import plain_table
from components.shell import Visit
from components.tables import draw_list, label, money, text
from models.database import session
from models.queries.agreement_card import (
    AgreementCard,
    AmendmentLine,
    EventLine,
    ResultLine,
)
from models.queries.agreement_terms import result_kinds_listed
from models.queries.claim_card import reasons_listed
from models.queries.confirming import asking_of
from models.queries.filing import may_file
from models.queries.life_lines import PaperLine
from models.rules.agreement_life import (
    LIFE_STEP_OF,
    AgreementState,
    Attribution,
    Contest,
    LifeAction,
)
from models.rules.claim_workflow import State
from models.rules.roles import Permission
from models.tables.reference import Track

PARAMETER = "agreement"
Names = Mapping[str, str]


def draw_agreement(visit: Visit, card: AgreementCard | None, services: Mapping[str, Any]) -> None:
    """The card, or that there is no such agreement.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code.
    """
    if card is None:
        title_row(_("合作对子"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的服务协议。请从列表中打开，或核对地址。"))
        return
    row = card.row
    title_row(row.number, formats.named(services[row.service_code]), state_badge(row.state))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        if card.row.filing_confirmed_on and not card.row.is_imported:
            letter = letter_links(filing_letter_address(card.row.number))
            st.markdown(f":small[{_('备案确认书')} {letter}]", width="content")
        record_link(visit, f"agreement:{row.number}")
    with session() as current:
        kinds = {
            one.code: formats.named(one) for one in result_kinds_listed(current, row.service_code)
        }
        reasons = reasons_listed(current)
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        _draw_parties(visit, card)
        _draw_terms(card, kinds)
        draw_track(services, row.service_code)
        _draw_state(card, reasons)
        _draw_amendment(card, kinds)
        _draw_milestones(card)
        _draw_results(visit, card, kinds)
        _draw_claims(visit, card)
    with right:
        draw_step_form(visit, card)
        _draw_history(card, reasons)


# ---------------------------------------------------------------- facts


def _draw_parties(visit: Visit, card: AgreementCard) -> None:
    row = card.row
    sees = visit.may(Permission.see_members)
    enterprise = _party(row.enterprise, row.enterprise_uscc, "/members", is_link=sees)
    is_link = visit.may(Permission.see_agencies)
    draw_facts(
        [
            Fact(_("企业"), enterprise, 2.3),
            Fact(
                _("服务机构"),
                _party(row.agency, row.agency_uscc, "/agencies", is_link=is_link),
                2.3,
            ),
        ]
    )


def _party(name: str, uscc: str, address: str, *, is_link: bool) -> str:
    return f"[{formats.plain(name)}]({address}?uscc={uscc})" if is_link else formats.plain(name)


def _draw_terms(card: AgreementCard, kinds: Names) -> None:
    row, terms = card.row, card.terms
    upfront = formats.yuan(card.upfront_fee_fen)
    draw_facts(
        [
            Fact(_("签订日期"), formats.day(row.signed_on)),
            Fact(_("服务费（元）"), formats.yuan(row.fee_fen)),
            Fact(_("预收费用（元）"), upfront, help=_("企业在取得成果前不付任何费用（五.2 一是）")),
            Fact(_("付费方式"), formats.label(row.track)),
        ]
    )
    advanced = _("约定 {agreed} · 已垫 {advanced}").format(
        agreed=formats.yuan(terms.advance_fen), advanced=formats.yuan(card.advanced_fen)
    )
    draw_facts(
        [
            Fact(_("预期成果"), formats.plain(kinds.get(terms.result_kind_code, ""))),
            Fact(_("说明"), formats.plain(terms.expected)),
            Fact(_("预计完成"), formats.day(terms.due_on)),
            Fact(_("垫资（元）"), advanced),
        ]
    )
    filed = formats.day(card.filed_on)
    if card.is_entered_for:
        filed = _("{on}（联盟代为录入）").format(on=filed)
    confirmed = formats.day(row.filing_confirmed_on)
    if row.is_imported:
        confirmed = _("{on}（导入，未经系统确认）").format(on=confirmed)
    draw_facts(
        [
            Fact(_("提交备案"), filed),
            Fact(_("备案号"), formats.plain(row.filing_number)),
            Fact(_("备案确认"), confirmed),
            Fact(_("开工"), formats.day(row.work_started_on)),
        ]
    )


def _draw_state(card: AgreementCard, reasons: Mapping[str, Any]) -> None:
    """What is missing before the filing, why it came back, or how it came out."""
    draw_faults(card.faults)
    if card.row.state is AgreementState.returned:
        _draw_return(card, reasons)
    if card.outcome_reason:
        parts = [formats.plain(card.outcome_reason)]
        if card.attribution is not None:
            said = _("归因：{to} · 费用：{bearer}")
            parts.append(formats.small_grey(said.format(
                to=formats.label(card.attribution), bearer=formats.label(card.cost_bearer)
            )))  # fmt: skip
        if card.contest is not Contest.none:
            parts.append(_contest(card))
        ended = formats.day(card.row.concluded_on)
        st.markdown(f"**{formats.label(card.row.state)}** {formats.small_grey(ended)}  \n"
                    + "  \n".join(parts))  # fmt: skip


def _contest(card: AgreementCard) -> str:
    """The objection to the attribution, and what became of it."""
    colour = "orange" if card.contest is Contest.raised else "gray"
    said = _("归因异议：主张归因于“{to}”").format(to=formats.label(card.claimed))
    return f":{colour}-badge[{formats.label(card.contest)}] {formats.small_grey(said)}"


def _draw_return(card: AgreementCard, reasons: Mapping[str, Any]) -> None:
    back = next((one for one in card.events if one.action is LifeAction.return_filing), None)
    if back is None:
        return
    lines = [f"**{_('备案退回')}** {formats.small_grey(_who(back))}"]
    for code in back.reasons:
        if code in reasons:
            lines.append(formats.plain(reason_words(reasons[code])))
            lines.append(formats.small_grey(formats.plain(remedy_words(reasons[code]))))
    if back.note:
        lines.append(formats.plain(back.note))
    with st.container(key="filing_returned"):
        st.markdown("  \n".join(lines))


def _draw_amendment(card: AgreementCard, kinds: Names) -> None:
    """The amendment that waits, beside what holds."""
    new, old = card.amendment, card.terms
    if new is None:
        return
    st.subheader(_("待确认的变更"), anchor=False)
    rows = (
        ("fee_fen", formats.yuan(old.fee_fen), formats.yuan(new.fee_fen)),
        ("result_kind", kinds.get(old.result_kind_code, ""), kinds.get(new.result_kind_code, "")),
        ("expected", old.expected, new.expected),
        ("due_on", formats.day(old.due_on), formats.day(new.due_on)),
        ("advance_fen", formats.yuan(old.advance_fen), formats.yuan(new.advance_fen)),
    )
    changed = [row for row in rows if row[1] != row[2]]
    plain_table(
        {
            _("项目|协议"): [_term(name) for name, _before, _after in changed],
            _("现行"): [formats.plain(before) for _name, before, _after in changed],
            _("变更为"): [formats.plain(after) for _name, _before, after in changed],
        },
        alt=_("待确认的变更"),
    )
    st.markdown(formats.small_grey(_proposed(new)))


def _term(name: str) -> str:
    return {"fee_fen": _("服务费（元）"), "result_kind": _("预期成果")}.get(
        name, words(FIELDS[name]) if name in FIELDS else name
    )


def _proposed(new: AmendmentLine) -> str:
    said = _("{by} {at} 提出：{reason}").format(
        by=new.by, at=formats.instant(new.at_utc), reason=new.reason
    )
    return formats.plain(said)


# ---------------------------------------------------------------- progress


def _draw_milestones(card: AgreementCard) -> None:
    done = sum(one.done_on is not None for one in card.milestones)
    st.subheader(
        _("进度节点 {done} / {count}").format(done=done, count=len(card.milestones)), anchor=False
    )
    if not card.milestones:
        st.markdown(formats.small_grey(_("没有进度节点。备案确认后由服务机构登记。")))
        return
    plain_table(
        {
            _("进度节点"): [formats.plain(one.name) for one in card.milestones],
            _("节点日期"): [formats.day(one.due_on) for one in card.milestones],
            _("完成日期"): [formats.day(one.done_on) for one in card.milestones],
        },
        alt=_("进度节点"),
    )


def _draw_results(visit: Visit, card: AgreementCard, kinds: Names) -> None:
    st.subheader(_("成果 {count}").format(count=len(card.results)), anchor=False)
    if not card.results:
        st.markdown(formats.small_grey(_("还没有登记成果。开工后由服务机构附证明登记。")))
        return
    columns = {
        _("成果类型"): [formats.plain(kinds.get(one.kind_code, "")) for one in card.results],
        _("成果编号"): [formats.plain(one.normalised) for one in card.results],
        _("取得日期"): [formats.day(one.obtained_on) for one in card.results],
    }
    if may_file(visit.actor) and card.row.track is Track.subsidised:
        columns[_("补贴申请")] = [_claim_of(card, one) for one in card.results]
    plain_table(
        columns,
        alt=_("成果"),
    )
    if visit.may(Permission.ask_enterprises):
        for one in card.results:
            asking = found(asking_of, visit.actor, card.id, one.result_id)
            draw_asking(visit, asking, one.normalised)


def _claim_of(card: AgreementCard, result: ResultLine) -> str:
    """The claim on a result, or the way to one."""
    stands = (one for one in card.claims if one.state not in (State.refused, State.withdrawn))
    if claimed := next((one.number for one in stands if one.result == result.normalised), ""):
        return f"[{formats.plain(claimed)}](/claim?no={claimed})"
    address = new_claim_address(
        card.row.number, result.kind_code, result.printed, result.obtained_on
    )
    return f"[{_('提出申请')}]({address})"


def _draw_claims(visit: Visit, card: AgreementCard) -> None:
    if not visit.may(Permission.see_claims):
        return
    st.subheader(_("补贴申请 {count}").format(count=len(card.claims)), anchor=False)
    columns = [
        text("number", _("申请号"), 140),
        text("result", _("成果编号"), 220),
        label("state", _("状态"), 120),
        money("asked_fen", _("申请（元）"), 120),
    ]
    draw_list(
        "agreement_claims", columns, few(card.claims), title=_("补贴申请"),
        empty=_("没有补贴申请。取得成果后由服务机构提出。"), row_id="number", opens=("/claim", "no"),
    )  # fmt: skip


# ---------------------------------------------------------------- history


def _draw_history(card: AgreementCard, reasons: Mapping[str, Any]) -> None:
    st.subheader(_("协议记录"), anchor=False)
    if not card.events:
        st.markdown(formats.small_grey(_("本系统中没有逐步记录：协议由导入或启用前的资料写入。")))
        return
    with st.container(key="agreement_history"):
        for event in card.events:
            st.markdown("  \n".join(_event_lines(event, reasons)))


def _event_lines(event: EventLine, reasons: Mapping[str, Any]) -> list[str]:
    name = words(LIFE_STEP_OF[event.action].name)
    lines = [f"**{formats.plain(name)}** {formats.small_grey(_who(event))}"]
    if what := _what(event):
        lines.append(formats.plain(what))
    if event.reasons:
        told = _("；").join(
            reason_words(reasons[code]) for code in event.reasons if code in reasons
        )
        lines.append(formats.plain(told))
    if event.note:
        lines.append(formats.plain(event.note))
    lines += [_paper(paper) for paper in event.papers]
    return lines


def _what(event: EventLine) -> str:
    """Of which milestone, result, amount or attribution a step speaks; empty where of none."""
    if "claimed" in event.detail:
        return _("主张归因于“{to}”").format(to=formats.label(Attribution(event.detail["claimed"])))
    if "amount_fen" in event.detail:
        return _("{amount} 元").format(amount=formats.yuan(event.detail["amount_fen"]))
    return str(event.detail.get("milestone_name") or event.detail.get("result") or "")


def _who(event: EventLine) -> str:
    by = event.by
    if event.detail.get("on_behalf"):
        by = _("{by}（代服务机构）").format(by=by)
    return formats.plain(f"{by} {formats.instant(event.at_utc)}")


def _paper(paper: PaperLine) -> str:
    address = f"/files/agreements/{paper.id}"
    size = formats.size(paper.size_bytes)
    return (
        f":material/attach_file: [{formats.plain(paper.file_name)}]({address}?inline=1)"
        f" :small[:gray[{size}] [{_('下载')}]({address})]"
    )
