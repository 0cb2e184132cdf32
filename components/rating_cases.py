"""The rows behind a component (考评明细): what was not good first, each with the agreement or claim it
rests on."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from html import escape

import streamlit as st

from components import formats
from components.attempt import found
from components.grade_words import component_name
from components.language import _, words
from components.list_cards import chip
from components.shell import Visit
from models.queries.rating_card import RatingCard, rows_behind
from models.queries.rating_conduct import Basis
from models.queries.rating_rows import SignalRow
from models.rules.rating.freezing import PartShown
from models.rules.rating.schemes import PENALTY_NAMES
from models.rules.rating.signals import GATE_NAMES, Component, Gate

_SHARES = {Fraction(0): "0", Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}


def draw_cases(visit: Visit, card: RatingCard, services: Mapping[str, str]) -> None:
    """One fold for each component; its rows are read when it is opened.

    Args:
        visit: who looks.
        card: the rating they lie behind.
        services: names by code.
    """
    st.subheader(_("每一项的依据"), anchor=False)
    lapses = sum(card.outcome.signals.penalties.values()) + len(card.outcome.gates)
    with st.container(gap="xxsmall"):
        for part in card.outcome.parts:
            count = lapses if part.component is Component.conduct else part.cases
            name = component_name(part.component)
            fold = st.expander(
                _("{component}：{count} 行").format(component=name, count=count),
                key=f"cases_{part.component}", on_change="rerun", type="compact",
            )  # fmt: skip
            if fold.open:
                with fold:
                    _draw(visit, card, part, count, services)


def _draw(
    visit: Visit, card: RatingCard, part: PartShown, count: int, services: Mapping[str, str]
) -> None:
    rows = found(rows_behind, visit.actor, card.period.last_month, card.agency_id, part.component)
    if not rows:
        st.markdown(formats.small_grey(_NOTHING_COUNTED[part.component is Component.conduct]()))
        return
    bad_first = sorted(rows, key=lambda row: row.good)
    items = "".join(_item(row, services) for row in bad_first)
    title = escape(component_name(part.component))
    st.html(f'<ul class="cards" aria-label="{title}">{items}</ul>')
    if len(rows) != count:
        said = _("计分时为 {then} 行，现为 {now} 行：之后有更正或撤销，计分以定格时为准。")
        st.markdown(formats.small_grey(said.format(then=count, now=len(rows))))


_NOTHING_COUNTED = {
    True: lambda: _("本期没有失信或违规记录。"),
    False: lambda: _("本期没有计入这一项的个案，按同类平均计分。"),
}


def _item(row: SignalRow, services: Mapping[str, str]) -> str:
    where = [formats.day(row.on), row.enterprise, services.get(row.service_code, row.service_code)]
    return (
        f"<li>{_number(row)}{_chip(row)}<div>{escape(words(row.why))}</div>"
        f"<div><small>{escape(' · '.join(part for part in where if part))}</small></div></li>"
    )


def _number(row: SignalRow) -> str:
    if not row.number:
        return ""
    number = escape(row.number)
    address = f"{_ADDRESSES[row.basis]}{number}"
    return f'<a href="{address}" target="_self" style="display:inline-block">{number}</a> '


_ADDRESSES = {
    Basis.claim: "/claim?no=",
    Basis.agreement: "/agreements?agreement=",
    Basis.complaint: "/complaints?complaint=",
    Basis.training: "/trainings?training=",
}


def _chip(row: SignalRow) -> str:
    if row.conduct is not None:
        is_gate = isinstance(row.conduct, Gate)
        names = GATE_NAMES if is_gate else PENALTY_NAMES
        return chip(words(names[row.conduct]), "red" if is_gate else "orange")  # type: ignore[index]
    if row.good == 1:
        return ""
    return chip(
        _("计 {share} 件").format(share=_SHARES[row.good]), "gray" if row.good else "orange"
    )
