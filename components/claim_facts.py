"""A claim's head: state and holder, the six facts, the money table, and the course it took (经过)."""

from __future__ import annotations

from html import escape

import streamlit as st

from components import formats
from components.claim_filed import draw_remarks
from components.facts import Fact, draw_facts
from components.figures import draw_figures
from components.language import CHINESE, _, language, words
from models.queries.claim_card import ClaimCard, EventLine, Lease
from models.rules.claim_workflow import ENDED, HOLDER, STEP_OF, State
from models.rules.entitlement import Purpose
from models.rules.findings import Verdict
from models.rules.roles import OFFICE_NAMES, Office

_STATE_COLOURS = {
    State.submitted: "blue",
    State.returned: "orange",
    State.on_hold: "orange",
    State.refused: "red",
    State.closed: "green",
}


def state_badges(card: ClaimCard) -> list[str]:
    """The state with its round: `待初审 · 第 1 轮`; and that the draw took it, while it must be
    opened."""
    colour = _STATE_COLOURS.get(card.claim.state, "gray")
    said = (
        f"{formats.label(card.claim.state)} · {_('第 {round} 轮').format(round=card.claim.round)}"
    )
    badges = [f":{colour}-badge[{said}]"]
    if card.is_drawn and card.claim.state is State.submitted:
        badges.append(f":orange-badge[{_('抽查：须逐件核对')}]")
    return badges


def holder_words(card: ClaimCard) -> str:
    """Who holds the claim now, since when and until when."""
    if card.lease is not None:
        return _lease_words(card.lease)
    office = HOLDER.get(card.claim.held_from or card.claim.state)
    if office is None:
        return ""
    held = _("在{office}").format(office=words(OFFICE_NAMES[office]))
    if card.lapses_on is not None:
        return f"{held} · {_('{day} 前须补正').format(day=card.lapses_on)}"
    return held


def _lease_words(lease: Lease) -> str:
    """Mine runs on while the page is open; a colleague's is told with its end."""
    said = _("由{who}办理，始于 {since}，{until} 释放")
    if lease.is_mine:
        said = _("由我办理，始于 {since}，闲置 {minutes} 分钟后释放")
        if lease.until_utc >= lease.latest_utc:
            said = _("由我办理，始于 {since}，最迟 {until} 释放")
    return said.format(
        who=lease.by,
        since=formats.instant(lease.since_utc)[-5:],
        until=formats.instant(lease.until_utc)[-5:],
        minutes=lease.idle_minutes,
    )


def draw_claim_facts(card: ClaimCard) -> None:
    """The six facts above everything, and what the agency wrote beside them."""
    facts, claim = card.facts, card.claim
    service = facts.service.name if language() == CHINESE else card.service_en
    waiting = since = formats.day(claim.waiting_since_on, beside=facts.today)
    if claim.state not in ENDED:
        waiting = _("{day} · 已等 {days} 个工作日").format(
            day=since, days=card.waiting_working_days
        )
    exposure = formats.NOTHING
    if card.exposure_fen:
        exposure = _("{amount} 元 × {days} 天").format(
            amount=formats.yuan_in_list(card.exposure_fen), days=card.exposure_days
        )
    draw_facts(
        (
            Fact(_("企业"), _card_link(card, "members"), 1.35),
            Fact(_("服务机构"), _card_link(card, "agencies"), 1.5),
            Fact(_("服务"), formats.plain(service), 1.3),
            Fact(_("成果取得"), facts.result.obtained_on.isoformat(), 0.75),
            Fact(_("到达本环节"), waiting, 1.2),
            Fact(_("垫资敞口"), exposure, 1.0),
        )
    )
    draw_remarks(card)


def draw_money(card: ClaimCard) -> None:
    """Asked, entitled, proposed or approved, and paid: one line a purpose."""
    names = {Purpose.subsidy: _("机构补贴"), Purpose.reward: _("企业奖励（随后触发）")}
    is_paid = any(line.paid_fen for line in card.monies)
    rows = [
        (
            names[line.purpose],
            formats.yuan(line.asked_fen),
            formats.yuan(line.entitled_fen),
            formats.yuan(line.paid_fen if is_paid else line.approved_fen or line.entitled_fen),
        )
        for line in card.monies
    ]
    if not rows:
        st.markdown(formats.small_grey(_("没有适用的补贴标准，不能核定金额。")))
        return
    heads = (_("金额（元）"), _("申请"), _("核定上限"), _("已付") if is_paid else _("拟核定"))
    draw_figures(heads, rows, is_last_strong=True)


def draw_computation(card: ClaimCard) -> None:
    """How the entitlements were computed, each with its clause, on one quiet line."""
    amounts = (card.amounts.subsidy, card.amounts.reward)
    said = [
        _("{words}（{clause}）").format(words=words(amount.words), clause=amount.clause)
        for amount in amounts
        if amount is not None
    ]
    if said:
        st.markdown(formats.small_grey(formats.plain(_("；").join(said))))


def draw_course(card: ClaimCard) -> None:
    """The course (经过): filing, result, confirmation, and the last events, as one row of steps."""
    facts = card.facts
    steps: list[tuple[str, str]] = []
    if facts.agreement.filing_confirmed_on:
        steps.append(
            (formats.day(facts.agreement.filing_confirmed_on, beside=facts.today), _("备案确认"))
        )
    steps.append((formats.day(facts.result.obtained_on, beside=facts.today), _("取得成果")))
    if facts.confirmation and facts.confirmation.confirmed_on:
        on = formats.day(facts.confirmation.confirmed_on, beside=facts.today)
        steps.append((on, _("企业确认")))
    steps += [
        (formats.instant(event.at_utc, beside=facts.today)[:5], event_words(event))
        for event in card.events[-(6 - len(steps)) :]
    ]
    last = len(steps) - 1
    boxes = "".join(
        f'<div style="flex:1;min-width:110px;padding:0 8px 2px 9px;border-left:2px solid '
        f"{'light-dark(#1D4F91,#93BCF0)' if at == last else 'light-dark(#D6DCE4,#323C48)'}"
        f'"><div style="font-size:12.25px;color:light-dark(#525D6B,#A9B4C1)">{escape(on)}</div>'
        f"<div>{escape(said)}</div></div>"
        for at, (on, said) in enumerate(steps)
    )
    st.html(
        f'<div style="display:flex;flex-wrap:wrap;gap:6px 0;align-items:flex-start;'
        f'font-variant-numeric:tabular-nums"><b style="font-weight:600;padding:8px 14px 0 0">'
        f"{escape(_('经过'))}</b>{boxes}</div>"
    )


def event_words(event: EventLine) -> str:
    """Who did what: `联盟初审员 1 退回补正`."""
    by = event.by or words(OFFICE_NAMES[Office.system])
    who = f"{by}{_('（代机构）') if event.on_behalf else ''}"
    return f"{who} {words(STEP_OF[event.action].name)}"


def proposed(card: ClaimCard) -> str:
    """The verdict the findings propose: all met → pass; a blocking one not met → return."""
    verdicts = {finding.verdict for finding in card.findings}
    return "pass" if Verdict.not_met not in verdicts else "return"


def _card_link(card: ClaimCard, register: str) -> str:
    """A party's name, opening its card in the register."""
    party = card.facts.enterprise if register == "members" else card.facts.agency
    return f"[{formats.plain(party.name)}](/{register}?uscc={party.uscc})"
