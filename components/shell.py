"""Opening a page: who is here, may they be here, and what is drawn instead when not.

`open_page` is the first statement of every page. It reads the session from the browser's cookie on
every run, so a role taken away or an account locked acts on the next click.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from components.account_menu import LEFT
from components.auth import session_token
from components.language import _, language, use_language
from components.look import refusal
from components.navigation import is_at_a_page
from components.password_form import change_password_form
from components.sign_in_form import sign_in_screen
from components.this_run import this_run
from models.actions.sign_in import TOUCH_EVERY, keep_awake
from models.clock import now_utc, today
from models.database import session
from models.queries.sign_in import SignedIn, signed_in
from models.rules.roles import PERMISSIONS, ROLE_NAMES, Actor, Permission
from models.rules.wording import say


@dataclass(frozen=True, slots=True)
class Visit:
    """Who visits a page, and when.

    Attributes:
        actor: the account with today's grants; actions and queries ask it again.
        username: the account's name.
        display_name: the person's name.
        language: `zh_CN` or `en`.
        today: the office's day.
        is_demonstration: whether everything shown is generated (演示数据).
    """

    actor: Actor
    username: str
    display_name: str
    language: str
    today: date
    is_demonstration: bool

    def may(self, permission: Permission) -> bool:
        """Whether one of today's roles opens the door."""
        return self.actor.may(permission)


def open_page(permission: Permission) -> Visit:
    """Let somebody who may be here go on; for anybody else draw sign-in or refusal, and stop.

    Args:
        permission: what the page asks for.

    Returns:
        Who visits.
    """
    visitor = arrive()
    this_run.visitor = None
    if visitor is None:
        sign_in_screen(has_just_left=st.session_state.pop(LEFT, False))
        st.stop()
    visit = _visit_of(visitor)
    this_run.visit = visit
    if visitor.must_change_password:
        change_password_form(visit)
        st.stop()
    if not is_at_a_page():
        _draw_nowhere()
        st.stop()
    if not visit.may(permission):
        _draw_refusal(permission)
        st.stop()
    return visit


def arrive() -> SignedIn | None:
    """Who is at the browser, read once a run: the frame asks, the page takes the answer over."""
    if this_run.visitor is None:
        with session() as current:
            this_run.visitor = signed_in(current, session_token(), today())
        _settle(this_run.visitor)
    return this_run.visitor


def is_part_of_a_page() -> bool:
    """Whether a part of a page runs by itself (a fragment), without the guard above it."""
    return this_run.visit is None


def guard_part(actor: Actor) -> None:
    """The guard of such a part: for who left meanwhile, or has other roles now, the whole page runs
    again and answers.

    Args:
        actor: for whom the page was drawn.
    """
    if is_part_of_a_page():
        this_run.visitor = None
        visitor = arrive()
        if visitor is None or visitor.actor != actor:
            st.rerun()


def _settle(visitor: SignedIn | None) -> None:
    """Speak the visitor's language, and note now and then that the session is in use."""
    if visitor is None:
        st.session_state.pop("language", None)
        this_run.language = None
        return
    if visitor.language:
        use_language(visitor.language)
    if now_utc() - visitor.seen_at_utc > TOUCH_EVERY:
        with session(write=True) as current:
            keep_awake(current, visitor.session_id)


def _visit_of(visitor: SignedIn) -> Visit:
    return Visit(
        actor=visitor.actor,
        username=visitor.username,
        display_name=visitor.display_name,
        language=language(),
        today=today(),
        is_demonstration=visitor.is_demonstration,
    )


def _draw_refusal(permission: Permission) -> None:
    roles = tuple(ROLE_NAMES[role] for role in sorted(PERMISSIONS[permission]))
    refusal(
        say("这个页面不对您的角色开放"),
        say(
            "可打开它的角色：{roles}。需要时请联系系统管理员授予角色；其他页面在上方菜单中。",
            roles=roles,
        ),
    )


def _draw_nowhere() -> None:
    """A mistyped address, or one that was given up: say so, and show the way home."""
    refusal(
        say("没有这个页面"),
        say("地址可能有误，或页面已经取消。请从上方菜单选择，或返回总览。"),
    )
    st.markdown(f":material/arrow_back: [{_('返回总览')}](/)")
