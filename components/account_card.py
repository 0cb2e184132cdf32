"""One account's card: facts, what the administrator can do, roles with their dates, ties."""

from __future__ import annotations

import streamlit as st

from components.account_list import OUTSIDE_ROLES, draw_one_time_password
from components.attempt import attempt, when_clicked
from components.facts import Fact, draw_facts
from components.filters import ask
from components.formats import NOTHING, days, instant, label, plain, small_grey
from components.language import _
from components.plain_table import plain_table
from components.shell import Visit
from components.tie_form import draw_ties, report_tie_dialog
from models.actions.accounts import (
    lift_sign_in_block,
    lock_account,
    reset_password,
    sign_out_everywhere,
    unlock_account,
)
from models.actions.grants import NewGrant, end_grant, end_tie, grant_role
from models.actions.mails import set_email
from models.database import session
from models.queries.accounts import AccountCard, GrantRow, TieRow, holders_of
from models.queries.sign_in_blocks import SignInBlock
from models.rules.mails import LONGEST_ADDRESS
from models.rules.roles import Permission, Role
from models.rules.wording import say


def draw_card(visit: Visit, card: AccountCard | None) -> None:
    """The card, or that there is no such account."""
    st.button(
        _("返回账号列表"),
        key="back",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=ask,
        args=("account", ""),
    )
    if card is None:
        st.markdown(_("没有这个账号。请从列表中打开。"))
        return
    _draw_facts(card)
    _draw_block(card.block)
    if visit.may(Permission.manage_accounts):
        _draw_actions(visit, card)
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _draw_grants(visit, card)
    with right:
        _draw_ties(visit, card)


def _draw_facts(card: AccountCard) -> None:
    account = card.account
    standing = _("已停用") if account.is_locked else _("在用")
    password = _("一次性，待本人修改") if account.must_change_password else _("本人已设")
    draw_facts(
        [
            Fact(_("姓名或称谓"), plain(account.display_name), 1.2),
            Fact(_("单位"), plain(account.organisation), 1.4),
            Fact(_("状态"), standing, 0.8),
            Fact(_("密码"), password, 1.1),
            Fact(_("登录中"), str(account.open_sessions), 0.8),
            Fact(_("最近使用"), instant(account.last_seen_at_utc), 1.1),
            Fact(_("邮箱"), plain(card.email) or NOTHING, 1.5),
        ]
    )


def _draw_block(block: SignInBlock | None) -> None:
    if block is None:
        return
    said = _("连续输错密码：{sources} 个来源被限制登录，至 {until}。").format(
        sources=block.sources, until=instant(block.until_utc)
    )
    st.markdown(f":orange-badge[:material/warning: {_('登录限制')}] {plain(said)}")


def _draw_actions(visit: Visit, card: AccountCard) -> None:
    account = card.account
    is_own = account.id == visit.actor.account_id
    with st.container(horizontal=True):
        if st.button(_("重设密码"), key="reset", icon=":material/key:"):
            _reset_dialog(account.id, account.username)
        if st.button(_("登记邮箱"), key="email", icon=":material/mail:"):
            _email_dialog(card)
        locking = (unlock_account, _("恢复账号"), say("账号已恢复")) if account.is_locked else (
            lock_account, _("停用账号"), say("账号已停用，登录已全部退出")
        )  # fmt: skip
        st.button(
            locking[1],
            key="lock",
            icon=":material/lock_open:" if account.is_locked else ":material/lock:",
            disabled=is_own,
            on_click=when_clicked(locking[0], account.id, done=locking[2]),
        )
        if card.block is not None:
            st.button(
                _("解除登录限制"),
                key="lift_block",
                icon=":material/lock_reset:",
                on_click=when_clicked(
                    lift_sign_in_block, account.id, done=say("登录限制已解除，可以立即登录")
                ),
            )
        st.button(
            _("退出全部登录"),
            key="everywhere",
            icon=":material/logout:",
            disabled=account.open_sessions == 0,
            on_click=when_clicked(
                sign_out_everywhere,
                account.id,
                done=lambda ended: say("已退出 {n} 处登录", n=ended),
            ),
        )


def _draw_grants(visit: Visit, card: AccountCard) -> None:
    st.subheader(_("角色"), anchor=False)
    if card.grants:
        plain_table(
            {
                _("角色"): [label(grant.role) for grant in card.grants],
                _("起止"): [days(grant.valid_from, grant.valid_to) for grant in card.grants],
                _("今天"): [_today(grant, visit) for grant in card.grants],
                _("代理"): [_cover(grant) for grant in card.grants],
                _("授予人"): [plain(grant.granted_by or _("系统")) for grant in card.grants],
            },
            alt=_("角色"),
        )
    else:
        st.markdown(small_grey(_("还没有角色：这个账号能登录，但打不开任何页面。")))
    if not visit.may(Permission.manage_accounts):
        return
    with st.container(horizontal=True):
        if st.button(_("授予角色"), key="grant", icon=":material/add:"):
            _grant_dialog(visit, card)
        lasting = [grant for grant in card.grants if not _is_over(grant, visit)]
        if lasting and st.button(_("终止授予"), key="end_grant"):
            _end_grant_dialog(lasting)


def _draw_ties(visit: Visit, card: AccountCard) -> None:
    st.subheader(_("回避关系"), anchor=False)
    draw_ties(card.ties)
    if not visit.may(Permission.manage_accounts):
        return
    with st.container(horizontal=True):
        if st.button(_("登记"), key="tie", icon=":material/add:"):
            report_tie_dialog(visit.actor, card.account.id, card.account.display_name)
        lasting = [tie for tie in card.ties if tie.to_on is None or tie.to_on > visit.today]
        if lasting and st.button(_("解除"), key="end_tie"):
            _end_tie_dialog(visit, lasting)


def _reset_dialog(account_id: int, username: str) -> None:
    @st.dialog(_("重设密码"))
    def dialog() -> None:
        answer = st.container()
        if not st.button(_("生成一次性密码"), key="reset_now", type="primary"):
            answer.markdown(_("原密码立即失效，已登录的浏览器全部退出。"))
            return
        outcome = attempt(reset_password, account_id, where=answer)
        if outcome.is_done:
            with answer:
                draw_one_time_password(username, outcome.result)

    dialog()


def _email_dialog(card: AccountCard) -> None:
    @st.dialog(_("登记邮箱"))
    def dialog() -> None:
        written = st.text_input(
            _("邮箱（留空则不再发送邮件）"), card.email, key=f"email_{card.account.id}",
            max_chars=LONGEST_ADDRESS, live=True,
        )  # fmt: skip
        answer = st.container()
        if st.button(_("保存邮箱"), key="email_save", type="primary"):
            done = say("邮箱已登记，邮件提醒由本人在“消息”中选择")
            if attempt(set_email, card.account.id, written, done=done, where=answer).is_done:
                st.rerun()

    dialog()


def _grant_dialog(visit: Visit, card: AccountCard) -> None:
    @st.dialog(_("授予角色"))
    def dialog() -> None:
        roles = _roles_for(card)
        role = st.selectbox(_("角色"), roles, key="grant_role", format_func=label)
        left, right = st.columns(2)
        from_on = left.date_input(_("开始日期"), visit.today, key="grant_from", format="YYYY-MM-DD")
        to_on = right.date_input(_("截止日期（可空）"), None, key="grant_to", format="YYYY-MM-DD")
        with session() as current:
            holders = dict(holders_of(current, role, from_on))
        holders.pop(card.account.id, None)
        covered = st.selectbox(
            _("代理谁（可空）"),
            [None, *holders],
            key="grant_covers",
            format_func=lambda account_id: holders[account_id] if account_id else _("不是代理"),
            help=_("代理须写明截止日期和事由，审计和科技创新局可见"),
        )
        reason = st.text_input(_("事由"), key="grant_reason", max_chars=400, live=True)
        answer = st.container()
        if st.button(_("授予角色"), key="grant_save", type="primary"):
            new = NewGrant(role, from_on, to_on, covered, reason)
            done = say("角色已授予，本人下一次点击即生效")
            if attempt(grant_role, card.account.id, new, done=done, where=answer).is_done:
                st.rerun()

    dialog()


def _end_grant_dialog(grants: list[GrantRow]) -> None:
    @st.dialog(_("终止授予"))
    def dialog() -> None:
        called = {
            grant.id: f"{label(grant.role)} {days(grant.valid_from, grant.valid_to)}"
            for grant in grants
        }
        picked = st.selectbox(
            _("哪一项"), list(called), key="end_which", format_func=called.__getitem__
        )
        answer = st.container()
        if st.button(_("立即终止"), key="end_now", type="primary"):
            done = say("授予已终止，本人下一次点击即失效")
            if attempt(end_grant, picked, done=done, where=answer).is_done:
                st.rerun()

    dialog()


def _end_tie_dialog(visit: Visit, ties: list[TieRow]) -> None:
    @st.dialog(_("解除回避关系"))
    def dialog() -> None:
        called = {tie.id: f"{tie.organisation} {tie.kind}" for tie in ties}
        picked = st.selectbox(
            _("哪一项"), list(called), key="tie_which", format_func=called.__getitem__
        )
        last_on = st.date_input(_("最后一天"), visit.today, key="tie_last", format="YYYY-MM-DD")
        answer = st.container()
        if st.button(_("解除回避关系"), key="tie_end_now", type="primary"):
            done = say("回避关系到期日已登记")
            if attempt(end_tie, picked, last_on, done=done, where=answer).is_done:
                st.rerun()

    dialog()


def _roles_for(card: AccountCard) -> list[Role]:
    """The roles an account can have: its organisation's, or any of the offices'."""
    if card.agency_id is not None:
        return [Role.agency]
    if card.enterprise_id is not None:
        return [Role.enterprise]
    return [role for role in Role if role not in OUTSIDE_ROLES]


def _today(grant: GrantRow, visit: Visit) -> str:
    if grant.holds_on(visit.today):
        return f":green[:material/check: {_('有效')}]"
    return _("已终止") if _is_over(grant, visit) else _("未开始")


def _is_over(grant: GrantRow, visit: Visit) -> bool:
    return grant.is_ended or (grant.valid_to is not None and grant.valid_to < visit.today)


def _cover(grant: GrantRow) -> str:
    if not grant.covers:
        return NOTHING
    return f"{plain(grant.covers)}：{plain(grant.reason)}"
