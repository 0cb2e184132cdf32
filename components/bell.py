"""The bell (消息) in every title row: how many messages are unread, one click from reading them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from components import formats
from components.language import _
from components.navigation import is_declared
from components.site import page_at
from models.clock import now_utc
from models.database import session
from models.queries.messages import COUNTED, unread_messages

if TYPE_CHECKING:
    from components.shell import Visit

FRESH = timedelta(seconds=30)
"""How old the figure may be: a queue that is worked through asks once in a while, not every run."""
_KEPT = "unread_messages"


def draw_bell(visit: Visit) -> None:
    """The link to the messages, with how many are unread."""
    if not is_declared():
        return
    unread = _unread(visit)
    shown = f"{COUNTED}+" if unread > COUNTED else formats.count(unread)
    st.page_link(
        page_at("/inbox").script,
        label=_("未读 {count}").format(count=shown) if unread else _("消息"),
        icon=":material/notifications_unread:" if unread else ":material/notifications:",
    )


def forget_unread() -> None:
    """Count anew at the next run: something was read or told just now."""
    st.session_state.pop(_KEPT, None)


def _unread(visit: Visit) -> int:
    """Kept in the visit for a while; another account at the same browser is counted at once."""
    kept: tuple[int, datetime, int] | None = st.session_state.get(_KEPT)
    account_id, now = visit.actor.account_id, now_utc()
    if kept is not None and kept[0] == account_id and now - kept[1] < FRESH:
        return kept[2]
    with session() as current:
        unread = unread_messages(current, visit.actor)
    st.session_state[_KEPT] = (account_id, now, unread)
    return unread
