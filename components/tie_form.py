"""Ties (回避关系): declaring one's own (account menu), reporting somebody's (their card)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.attempt import attempt
from components.formats import NOTHING, days, plain, small_grey
from components.language import _
from components.organisation_choice import organisation_choice
from components.plain_table import plain_table
from models.actions.grants import NewTie, declare_tie
from models.clock import today
from models.database import session
from models.queries.accounts import TieRow, own_ties
from models.rules.roles import Actor
from models.rules.wording import say


def own_ties_dialog(actor: Actor) -> None:
    """One's own ties, and a new one."""

    @st.dialog(_("我的回避关系"), width="medium")
    def dialog() -> None:
        with session() as current:
            draw_ties(own_ties(current, actor))
        _tie_fields(actor, actor.account_id, "own")

    dialog()


def report_tie_dialog(actor: Actor, account_id: int, name: str) -> None:
    """A tie of somebody else."""

    @st.dialog(_("登记回避关系"), width="medium")
    def dialog() -> None:
        st.markdown(small_grey(plain(name)))
        _tie_fields(actor, account_id, f"of_{account_id}")

    dialog()


def draw_ties(ties: Sequence[TieRow]) -> None:
    """Ties as a table, or that there are none."""
    if not ties:
        st.markdown(small_grey(_("没有登记的回避关系。")))
        return
    plain_table(
        {
            _("单位"): [plain(tie.organisation) for tie in ties],
            _("关系"): [plain(tie.kind) for tie in ties],
            _("起止"): [days(tie.from_on, tie.to_on) for tie in ties],
            _("登记人"): [plain(tie.reported_by) or NOTHING for tie in ties],
        },
        alt=_("回避关系"),
    )


def _tie_fields(actor: Actor, account_id: int, key: str) -> None:
    organisation = organisation_choice(actor, f"tie_{key}", _("与哪家单位有关系"))
    kind = st.text_input(
        _("什么关系"),
        key=f"tie_{key}_kind",
        placeholder=_("如：近亲属任职、曾任职、投资关系"),
        max_chars=40,
        live=True,
    )
    left, right = st.columns(2)
    from_on = left.date_input(_("开始日期"), today(), key=f"tie_{key}_from", format="YYYY-MM-DD")
    to_on = right.date_input(_("截止日期（可空）"), None, key=f"tie_{key}_to", format="YYYY-MM-DD")
    st.markdown(small_grey(_("登记后不得接手或办理该单位的申请；已接手的立即释放。")))
    if st.button(
        _("登记回避关系"),
        key=f"tie_{key}_save",
        type="primary",
        disabled=organisation is None or not kind.strip(),
    ):
        tie = NewTie(
            kind,
            from_on,
            to_on,
            organisation.agency_id if organisation else None,
            organisation.enterprise_id if organisation else None,
        )
        done = say("回避关系已登记")
        if attempt(declare_tie, account_id, tie, done=done, where=st.container()).is_done:
            st.rerun()
