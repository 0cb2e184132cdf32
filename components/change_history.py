"""The changes of one thing, the newest first: drafted by whom, what became of each, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import formats
from components.language import _
from components.plain_table import plain_table
from components.policy_words import STATE_COLOURS, in_short
from models.queries.changes import ChangeLine


def draw_history(lines: Sequence[ChangeLine]) -> None:
    """The changes as a table, each opening its own card.

    Args:
        lines: the newest first.
    """
    st.subheader(_("调整经过"), anchor=False)
    if not lines:
        st.markdown(formats.small_grey(_("还没有起草过调整。")))
        return
    with st.container(key="change_history"):
        plain_table(
            {
                _("调整"): [_link(line) for line in lines],
                _("改为"): [formats.plain(in_short(line)) for line in lines],
                _("生效日期"): [formats.day(line.valid_from) for line in lines],
                _("起草"): [_drafted(line) for line in lines],
                _("办理"): [_decided(line) for line in lines],
            },
        )


def state_badge(line: ChangeLine) -> str:
    """Where a change stands, as a badge."""
    return f":{STATE_COLOURS[line.state]}-badge[{formats.label(line.state)}]"


def _link(line: ChangeLine) -> str:
    number = _("调整 {number}").format(number=line.id)
    return f"[{number}](/policies?change={line.id}) {state_badge(line)}"


def _drafted(line: ChangeLine) -> str:
    return _told(line.drafted_by or _("导入"), formats.instant(line.drafted_at_utc), line.reason)


def _decided(line: ChangeLine) -> str:
    if line.decided_at_utc is None:
        return formats.NOTHING
    return _told(line.decided_by, formats.instant(line.decided_at_utc), line.decided_reason)


def _told(who: str, at: str, why: str) -> str:
    said = f"{formats.plain(who)} {formats.small_grey(at)}"
    return f"{said}  \n{formats.plain(why)}" if why else said
