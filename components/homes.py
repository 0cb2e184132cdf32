"""The start page's own part for who has no queue: enterprise, agency, administrator, lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.account_list import invitation_address
from components.decision_form import reason_words
from components.language import _, words
from components.letters import filing_letter_address, letter_links
from components.plain_table import plain_table
from components.shell import Visit
from components.site import page_at
from models.database import session
from models.queries.claim_card import reasons_listed
from models.queries.homes import (
    AnswerAsked,
    GrantEnding,
    Home,
    OwnAgreement,
    OwnClaim,
    Stuck,
    ToPutRight,
    WithoutAccount,
)
from models.queries.sign_in_blocks import SignInBlock
from models.rules.roles import Permission, Role

Services = Mapping[str, Any]


def draw_enterprise(home: Home, services: Services, visit: Visit) -> None:
    """An enterprise's own: what it is asked, its agreements, its claims; nothing for anybody
    else."""
    if Role.enterprise not in visit.actor.roles:
        return
    st.markdown(
        _(
            "您所在企业的服务、成果和奖励由服务机构提出申请，结果由联盟通知您。您无须事先支付任何费用。"
        )
    )
    _draw_answers(home.answers, services)
    _draw_agreements(home.agreements, services)
    _draw_claims(home.claims, services)


def draw_waiting(home: Home) -> None:
    """Applications for admission, agreements, needs, complaints and trainings that wait for this
    person, each a link to their list; nothing where none waits."""
    waiting, complaints = home.agreements_waiting, home.complaints_waiting
    applications = home.admissions_waiting
    piles = (waiting, complaints, applications)
    is_quiet = not any(pile is not None and pile.rows for pile in piles)
    if is_quiet and not home.needs_waiting and not home.trainings_waiting:
        return
    with st.container(horizontal=True, key="waiting"):
        if applications is not None and applications.rows:
            size = formats.count(applications.rows, is_exact=applications.is_exact)
            st.page_link(
                page_at("/admissions").script, icon=":material/how_to_reg:",
                label=_("入会申请等我办理 {count}").format(count=size), query_params={"pile": "turn"},
            )  # fmt: skip
        if waiting is not None and waiting.rows:
            size = formats.count(waiting.rows, is_exact=waiting.is_exact)
            st.page_link(
                page_at("/agreements").script, icon=":material/handshake:",
                label=_("合作对子等我办理 {count}").format(count=size), query_params={"pile": "turn"},
            )  # fmt: skip
        if home.needs_waiting:
            size = formats.count(home.needs_waiting)
            st.page_link(
                page_at("/needs").script, icon=":material/forum:",
                label=_("对接需求等我答复 {count}").format(count=size),
                query_params={"state": "open"},
            )  # fmt: skip
        if complaints is not None and complaints.rows:
            size = formats.count(complaints.rows, is_exact=complaints.is_exact)
            st.page_link(
                page_at("/complaints").script, icon=":material/report:",
                label=_("投诉等我办理 {count}").format(count=size), query_params={"pile": "turn"},
            )  # fmt: skip
        if home.trainings_waiting:
            size = formats.count(home.trainings_waiting)
            st.page_link(
                page_at("/trainings").script, icon=":material/school:",
                label=_("培训等我办理 {count}").format(count=size), query_params={"pile": "turn"},
            )  # fmt: skip


def draw_agency(rows: Sequence[ToPutRight], services: Services, visit: Visit) -> None:
    """What is missing, claim by claim; nothing for who speaks for no agency."""
    if Role.agency not in visit.actor.roles:
        return
    st.subheader(_("缺什么"), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("没有退回的申请。退回后，这里逐件列出要补正的全部问题。")))
        return
    with session() as current:
        reasons = reasons_listed(current)
    plain_table(
        {
            _("申请号"): [_claim(row.number) for row in rows],
            _("企业"): [formats.plain(row.enterprise) for row in rows],
            _("服务"): [_service(services, row.service_code) for row in rows],
            _("要补正的"): [formats.plain(_missing(row, reasons)) for row in rows],
            _("补正期限"): [formats.plain(words(row.due)) for row in rows],
        },
        alt=_("缺什么"),
    )


def draw_administrator(home: Home, visit: Visit) -> None:
    """Blocked sign-ins, grants that end soon, agencies without an account; nothing for anybody
    else."""
    if not visit.may(Permission.manage_accounts):
        return
    _draw_blocks(home.blocks)
    _draw_endings(home.endings)
    _draw_without_account(home.without_account)
    st.page_link(page_at("/accounts").script, label=_("管理账号"), icon=":material/group:")


def draw_stuck(stuck: Stuck) -> None:
    """Claims nobody may decide, each a link; a sentence where there are none."""
    st.subheader(_("无可办理人 {count}").format(count=formats.count(stuck.claims)), anchor=False)
    if not stuck.claims:
        said = _("每件在办的申请都至少有一人可以办理。")
        st.markdown(formats.small_grey(said))
        return
    said = _("所在环节的人都因职责分离或回避不能办理；请系统管理员授予角色或代理。")
    links = _("、").join(_claim(number) for number in stuck.numbers)
    more = stuck.claims - len(stuck.numbers)
    rest = _("等 {count} 件").format(count=formats.count(stuck.claims)) if more else ""
    st.markdown(f"{links} {rest}  \n{formats.small_grey(said)}")


# ---------------------------------------------------------------- an enterprise


def _draw_answers(rows: Sequence[AnswerAsked], services: Services) -> None:
    st.subheader(_("请您确认 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("没有等您确认的服务。联盟请您确认后出现在这里。")))
        return
    plain_table(
        {
            _("服务机构"): [formats.plain(row.agency) for row in rows],
            _("服务"): [_service(services, row.service_code) for row in rows],
            _("成果编号"): [formats.plain(row.result) for row in rows],
            _("请求确认"): [formats.day(row.requested_on) for row in rows],
        },
        alt=_("请您确认"),
    )
    st.markdown(formats.small_grey(_("确认由联盟发给您的一次性链接办理，不经服务机构。")))


def _draw_agreements(rows: Sequence[OwnAgreement], services: Services) -> None:
    st.subheader(_("合作对子 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("还没有服务协议。与服务机构签订并备案后出现在这里。")))
        return
    plain_table(
        {
            _("协议编号"): [_agreement(row.number) for row in rows],
            _("服务机构"): [formats.plain(row.agency) for row in rows],
            _("服务"): [_service(services, row.service_code) for row in rows],
            _("签订日期"): [formats.day(row.signed_on) for row in rows],
            _("服务费（元）"): [formats.yuan_in_list(row.fee_fen) for row in rows],
            _("预收（元）"): [formats.yuan_in_list(row.upfront_fee_fen) for row in rows],
            _("备案"): [_filing(row) for row in rows],
        },
        alt=_("合作对子"),
    )


def _draw_claims(rows: Sequence[OwnClaim], services: Services) -> None:
    st.subheader(_("补贴申请 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("还没有申请。取得成果、服务机构提出申请后出现在这里。")))
        return
    plain_table(
        {
            _("申请号"): [formats.plain(row.number) for row in rows],
            _("服务机构"): [formats.plain(row.agency) for row in rows],
            _("服务"): [_service(services, row.service_code) for row in rows],
            _("状态"): [formats.label(row.state) for row in rows],
            _("奖励（元）"): [formats.yuan_in_list(row.reward_fen) for row in rows],
            _("已付奖励（元）"): [formats.yuan_in_list(row.reward_paid_fen) for row in rows],
        },
        alt=_("补贴申请"),
    )


# ---------------------------------------------------------------- the administrator


def _draw_blocks(rows: Sequence[SignInBlock]) -> None:
    st.subheader(_("登录限制 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("没有被限制登录的账号。连续输错密码后出现在这里。")))
        return
    plain_table(
        {
            _("账号"): [_account(row.username) for row in rows],
            _("来源数"): [formats.count(row.sources) for row in rows],
            _("限制至"): [formats.instant(row.until_utc) for row in rows],
        },
        alt=_("登录限制"),
    )


def _draw_endings(rows: Sequence[GrantEnding]) -> None:
    st.subheader(_("即将到期的授予 {count}").format(count=len(rows)), anchor=False)
    if not rows:
        st.markdown(formats.small_grey(_("三十天内没有到期的角色授予。")))
        return
    cover = _("（代理）")
    plain_table(
        {
            _("账号"): [_account(row.username) for row in rows],
            _("姓名或称谓"): [formats.plain(row.name) for row in rows],
            _("角色"): [formats.label(row.role) + cover * row.is_cover for row in rows],
            _("最后一天"): [formats.day(row.valid_to) for row in rows],
        },
        alt=_("即将到期的授予"),
    )


def _draw_without_account(lacking: WithoutAccount) -> None:
    count = formats.count(lacking.agencies)
    st.subheader(_("尚无账号的机构 {count}").format(count=count), anchor=False)
    if not lacking.newest:
        st.markdown(formats.small_grey(_("每家已准入的机构都有账号。")))
        return
    plain_table(
        {
            _("服务机构"): [formats.plain(row.name) for row in lacking.newest],
            _("入会日期"): [formats.day(row.joined_on) for row in lacking.newest],
            _("账号"): [
                f"[{_('新增账号')}]({invitation_address(row.uscc)})" for row in lacking.newest
            ],
        },
        alt=_("尚无账号的机构"),
    )


# ---------------------------------------------------------------- pieces


def _missing(row: ToPutRight, reasons: Mapping[str, Any]) -> str:
    listed = [reason_words(reasons[code]) for code in row.reasons if code in reasons]
    return _("；").join([*listed, *([row.note] if row.note else [])])


def _service(services: Services, code: str) -> str:
    return formats.plain(formats.named(services[code]) if code in services else code)


def _claim(number: str) -> str:
    return f"[{formats.plain(number)}](/claim?no={number})"


def _agreement(number: str) -> str:
    return f"[{formats.plain(number)}](/agreements?agreement={number})"


def _filing(row: OwnAgreement) -> str:
    """How the filing stands, with its letter where it was confirmed here."""
    said = formats.label(row.filing)
    links = letter_links(filing_letter_address(row.number))
    return f"{said} :small[{links}]" if row.has_letter else said


def _account(username: str) -> str:
    if not username:
        return _("没有这个账号的登录名")
    return f"[{formats.plain(username)}](/accounts?account={username})"
