"""Choosing one organisation (单位) out of thousands: type a part of its name, then pick."""

from __future__ import annotations

import streamlit as st

from components.language import _
from models.database import session
from models.queries.accounts import Organisation, organisations_named
from models.rules.roles import Actor

SHORTEST = 2


def organisation_choice(
    actor: Actor, key: str, label: str, named: str = "", *, agencies_only: bool = False
) -> Organisation | None:
    """The organisation picked, `None` while there is none.

    Args:
        actor: who asks; the query refuses whoever may not read the registers.
        key: the widgets' keys begin with it.
        label: what the organisation is chosen for.
        named: what stands in the field at first.
        agencies_only: enterprises are left out.
    """
    text = st.text_input(
        label,
        named,
        key=f"{key}_name",
        placeholder=_("名称的一部分，或统一社会信用代码"),
        live="400ms",
        max_chars=40,
    ).strip()
    if len(text) < SHORTEST:
        return None
    with session() as current:
        found = organisations_named(current, actor, text)
    if agencies_only:
        found = [one for one in found if one.agency_id is not None]
    return st.selectbox(
        _("选定单位"),
        found,
        key=f"{key}_picked",
        format_func=_called,
        placeholder=_("没有名称相符的单位"),
        filter_mode=None,
    )


def _called(found: Organisation) -> str:
    kind = _("服务机构") if found.agency_id is not None else _("企业会员")
    return f"{found.name}（{kind}）"
