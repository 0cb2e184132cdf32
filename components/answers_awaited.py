"""What waits for enterprises (待企业答复): who was asked and has not answered, for the alliance."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.language import _, words
from components.plain_table import plain_table
from components.shell import Visit
from models.database import session
from models.queries.confirming import Unanswered, how_many_unanswered, unanswered
from models.rules.confirming import LinkState
from models.rules.roles import Permission
from models.rules.wording import say

SHOWN = 6
# fmt: off
_LINKS = {
    None:                say("未发链接"),
    LinkState.open:      say("有效|链接"),
    LinkState.withdrawn: say("已作废"),
    LinkState.expired:   say("已过期"),
    LinkState.used:      say("已答复"),
}
# fmt: on


def draw_unanswered(visit: Visit) -> None:
    """The oldest requests without an answer, each opening its claim or agreement; nothing for who
    asks none."""
    if not visit.may(Permission.ask_enterprises):
        return
    with session() as current:
        count = how_many_unanswered(current, visit.actor)
        rows = unanswered(current, visit.actor, at_most=SHOWN)
    st.subheader(_("待企业答复 {count}").format(count=formats.count(count)), anchor=False)
    if not rows:
        st.markdown(
            formats.small_grey(
                _("没有等企业答复的确认。在申请页或协议页发出确认链接后出现在这里。")
            )
        )
        return
    plain_table(
        {
            _("申请号"): [_claim(row) for row in rows],
            _("企业"): [formats.plain(row.enterprise) for row in rows],
            _("联系人"): [formats.plain(row.contact_name) for row in rows],
            _("请求确认"): [formats.day(row.requested_on, beside=visit.today) for row in rows],
            _("已等（日）"): [row.waiting_working_days for row in rows],
            _("视为确认自"): [_deemed(row, visit) for row in rows],
            _("确认链接"): [_link(row, visit) for row in rows],
        },
        alt=_("待企业答复"),
    )
    if count > len(rows):
        said = _("最久的 {shown} 项；从申请页或协议页可以催办或重新发出链接。")
        st.markdown(formats.small_grey(said.format(shown=len(rows))))


def _claim(row: Unanswered) -> str:
    if not row.number:
        return f"[{formats.plain(row.agreement)}](/agreements?agreement={row.agreement})"
    return f"[{formats.plain(row.number)}](/claim?no={row.number})"


def _deemed(row: Unanswered, visit: Visit) -> str:
    on = formats.day(row.deemed_on, beside=visit.today)
    return _("{on}（已到）").format(on=on) if row.is_deemed else on


def _link(row: Unanswered, visit: Visit) -> str:
    said = words(_LINKS[row.link])
    if row.reminded_at_utc is None:
        return said
    at = formats.instant(row.reminded_at_utc, beside=visit.today)[:5]
    return _("{link}（{at} 催办）").format(link=said, at=at)
