"""Passing clean claims in bulk (批量通过): drawn first, then one guarded step a row, each with its
result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt
from components.language import _, words
from components.plain_table import plain_table
from models.actions.safe_set import draw_sample, pass_safe_claim
from models.database import session
from models.queries.own_step import is_own_last_step
from models.queries.safe_set import drawn_claims, months_to_draw
from models.rules.claim_workflow import Action
from models.rules.roles import Actor
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What happened to one row of a bulk pass."""

    number: str
    refusal: Wording | None


def bulk_pass_button(passable: Mapping[str, int], ticked: Sequence[str]) -> None:
    """The button, with how many rows it would pass; the ticked ones if any are ticked.

    Args:
        passable: the claims that would pass in bulk: number → amount asked in fen.
        ticked: numbers of ticked rows.
    """
    chosen = [number for number in passable if number in ticked] if ticked else [*passable]
    words_ = _("批量通过 {count} 件全符合").format(count=len(chosen))
    if st.button(words_, key="bulk_pass", disabled=not chosen):
        st.session_state.pop("bulk_outcomes", None)
        _dialog(tuple(chosen), sum(passable[number] for number in chosen))


@st.dialog(" ", width="large", icon=":material/done_all:")
def _dialog(numbers: tuple[str, ...], asked_fen: int) -> None:
    count, amount = len(numbers), formats.yuan(asked_fen)
    heading = _("批量通过 {count} 件全符合，合计 {amount} 元")
    st.subheader(heading.format(count=count, amount=amount), anchor=False)
    with session() as current:
        undrawn = months_to_draw(current, numbers)
        drawn = drawn_claims(current)
    if undrawn and "bulk_outcomes" not in st.session_state:
        _ask_for_draw(undrawn[0])
        return
    st.markdown(
        formats.small_grey(
            _("逐件按同一规则重新核算；不再全部符合、被他人接手或刚变更的不会通过，并逐件说明。")
        )
    )
    if drawn:
        listed = _("、").join(drawn)
        st.markdown(f"{_('抽中须逐件打开的')} {len(drawn)}{_('：')}{listed}")
    outcomes = st.session_state.get("bulk_outcomes")
    if outcomes is None:
        st.markdown(_("、").join(numbers[:40]) + (" …" if len(numbers) > 40 else ""))
        label = _("通过这 {count} 件").format(count=len(numbers))
        if st.button(label, key="bulk_pass_now", type="primary"):
            st.session_state["bulk_outcomes"] = _pass_each(numbers)
            st.rerun(scope="fragment")
        return
    _draw_outcomes(outcomes)


def _ask_for_draw(month: str) -> None:
    st.markdown(
        _("批量通过前，先从全部符合的申请中抽取抽查名单。每月只抽一次，种子和名单记入操作记录。")
    )
    if st.button(_("抽取 {month} 抽查名单").format(month=month), key="draw_sample", type="primary"):
        done = attempt(
            draw_sample,
            month,
            where=st.container(),
            done=lambda made: say(
                "已从 {safe} 件全符合中抽取 {drawn} 件", safe=made.safe, drawn=made.drawn
            ),
        )
        if done.is_done:
            st.rerun(scope="fragment")


def _pass_each(numbers: tuple[str, ...]) -> list[RowOutcome]:
    """One transaction a row: a refusal keeps no other row from passing, and what passed stays
    passed."""
    bar = st.progress(0.0, text=_("正在办理"))
    outcomes = []
    for done, number in enumerate(numbers, start=1):
        came_to = attempt(_pass_once, number, where=st.empty())
        outcomes.append(RowOutcome(number, came_to.refusal.wording if came_to.refusal else None))
        bar.progress(done / len(numbers), text=f"{done} / {len(numbers)}")
    return outcomes


def _pass_once(session: Any, actor: Actor, number: str) -> None:
    """Pass one row; the second click of a double click begins anew, and finds the first rows
    passed."""
    if not is_own_last_step(session, actor, number, Action.pass_pre_review):
        pass_safe_claim(session, actor, number)


def _draw_outcomes(outcomes: list[RowOutcome]) -> None:
    passed = sum(outcome.refusal is None for outcome in outcomes)
    st.markdown(
        _("通过 {passed} 件，未通过 {left} 件").format(passed=passed, left=len(outcomes) - passed)
    )
    plain_table(
        {
            _("申请号"): [f"[{outcome.number}](/claim?no={outcome.number})" for outcome in outcomes],
            _("结果"): [
                _came_to(outcome) for outcome in outcomes
            ],
        },
    )  # fmt: skip
    st.markdown(formats.small_grey(_("通过的每一件，十分钟内可打开本件撤销。")))
    if st.button(_("返回列表"), key="bulk_close", type="primary"):
        st.session_state.pop("bulk_outcomes", None)
        st.rerun()


def _came_to(outcome: RowOutcome) -> str:
    if outcome.refusal is not None:
        return formats.plain(words(outcome.refusal))
    return f":green[:material/check: {_('已通过')}]"
