"""Budget lines (预算额度) with what is committed, reserved, paid and free; moves between them by two
persons (预算调剂)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep, when_clicked
from components.figures import draw_figures
from components.filters import ask, asked
from components.language import CHINESE, _, language
from components.plain_table import plain_table
from components.shell import Visit
from models.actions.budget_moves import (
    confirm_budget_move,
    discard_budget_move,
    draft_budget_move,
)
from models.queries.budget import (
    LineStanding,
    MoveLine,
    budget_moves,
    budget_standing,
    budget_years,
)
from models.rules.money import fen_from_yuan
from models.rules.payments import LONGEST_REASON
from models.rules.roles import Permission
from models.rules.wording import say
from models.tables.payments import DraftState


def draw_budget(visit: Visit, session: Any) -> None:
    """One year's lines, and the moves between them.

    Args:
        visit: who looks.
        session: a reading transaction.
    """
    years = budget_years(session)
    if not years:
        st.markdown(formats.small_grey(_("还没有生效的预算额度。导入并由另一人确认后出现在这里。")))
        return
    year = _year_asked(years, visit.today.year)
    lines = budget_standing(session, visit.actor, year)
    moves = budget_moves(session, visit.actor, year)
    _draw_lines(lines)
    left, right = st.columns([0.66, 0.34], gap="medium")
    with left:
        _draw_moves(visit, moves)
    with right:
        if visit.may(Permission.confirm_money):
            _draw_form(lines)


def _year_asked(years: Sequence[int], this: int) -> int:
    """Draw the years, and read which one the address asks for; this year's where it has lines."""
    wanted = asked("year")
    standard = this if this in years else years[0]
    year = int(wanted) if wanted in {str(one) for one in years} else standard

    def chosen() -> None:
        ask("year", str(st.session_state["budget_year"]))

    st.selectbox(
        _("年度"), years, index=years.index(year), key="budget_year", width=120,
        format_func=formats.year, label_visibility="collapsed", on_change=chosen,
    )  # fmt: skip
    return year


def _draw_lines(lines: Sequence[LineStanding]) -> None:
    heads = (
        _("预算科目"), _("额度（元）"), _("已批待付（元）"), _("其中奖励预留（元）"), _("已付（元）"),
        _("已用"), _("余额（元）"), _("已追回（元）"),
    )  # fmt: skip
    rows = [_figures(_name(line), line) for line in lines]
    rows.append(_figures(_("合计（总额不变）"), _total(lines)))
    draw_figures(heads, rows)


def _figures(name: str, line: LineStanding) -> tuple[str, ...]:
    return (
        name,
        formats.yuan(line.ceiling_fen),
        formats.yuan(line.committed_fen),
        formats.yuan(line.reserved_fen),
        formats.yuan(line.paid_fen),
        formats.percent(line.committed_fen + line.paid_fen, line.ceiling_fen, digits=1),
        formats.yuan(line.free_fen),
        formats.yuan(line.recovered_fen) if line.recovered_fen else formats.NOTHING,
    )


def _total(lines: Sequence[LineStanding]) -> LineStanding:
    def summed(figure: str) -> int:
        return sum(getattr(line, figure) for line in lines)

    return LineStanding(
        0, 0, "", "", "", summed("ceiling_fen"), summed("committed_fen"),
        summed("reserved_fen"), summed("paid_fen"), summed("recovered_fen"),
    )  # fmt: skip


def _name(line: LineStanding) -> str:
    name = line.name_zh if language() == CHINESE or not line.name_en else line.name_en
    return f"{line.code} {name}" if name and name != line.code else line.code


def _draw_moves(visit: Visit, moves: Sequence[MoveLine]) -> None:
    st.subheader(_("预算调剂"), anchor=False)
    if not moves:
        st.markdown(
            formats.small_grey(_("本年没有调剂。起草后由另一人确认，总额不变，两个科目同时变动。"))
        )
        return
    for move in (one for one in moves if one.state is DraftState.drafted):
        _draw_waiting(visit, move)
    decided = [move for move in moves if move.state is not DraftState.drafted]
    if decided:
        plain_table(
            {
                _("调剂"): [_route(move) for move in decided],
                _("金额（元）"): [formats.yuan(move.amount_fen) for move in decided],
                _("原因"): [formats.plain(move.reason) for move in decided],
                _("结果"): [formats.label(move.state) for move in decided],
                _("起草 / 确认"): [_people(move) for move in decided],
            },
        )


def _draw_waiting(visit: Visit, move: MoveLine) -> None:
    with st.container(border=True, key=f"move_{move.id}"):
        amount = _("{amount} 元").format(amount=formats.yuan(move.amount_fen))
        badge = f":orange-badge[:material/schedule: {_('待另一人确认')}]"
        st.markdown(f"{badge} {_route(move)} **{amount}** {formats.plain(move.reason)}")
        at = formats.instant(move.drafted_at_utc)
        st.markdown(formats.small_grey(f"{formats.plain(move.drafted_by)} {at}"))
        if not visit.may(Permission.confirm_money):
            return
        with st.container(horizontal=True):
            if move.drafted_by_id != visit.actor.account_id:
                st.button(
                    _("确认调剂"), key=f"confirm_move_{move.id}", type="primary",
                    on_click=when_clicked(
                        confirm_budget_move, move.id, done=say("预算调剂已确认")
                    ),
                )  # fmt: skip
            st.button(
                _("撤回调剂"), key=f"discard_move_{move.id}",
                on_click=when_clicked(discard_budget_move, move.id, done=say("预算调剂已撤回")),
            )  # fmt: skip


def _route(move: MoveLine) -> str:
    return f"{formats.plain(move.from_code)} → {formats.plain(move.to_code)}"


def _people(move: MoveLine) -> str:
    return f"{formats.plain(move.drafted_by)} / {formats.plain(move.decided_by)}"


def _draw_form(lines: Sequence[LineStanding]) -> None:
    """Draft a move; somebody else confirms it."""
    if len(lines) < 2:
        return
    named = {line.id: line for line in lines}
    with st.container(border=True, key="move_form"):
        st.subheader(_("起草预算调剂"), anchor=False)
        left, right = st.columns(2)
        giving = left.selectbox(
            _("调出科目"), list(named), key="move_from", format_func=lambda one: named[one].code
        )
        taking = right.selectbox(
            _("调入科目"), list(named), index=1, key="move_to",
            format_func=lambda one: named[one].code,
        )  # fmt: skip
        free = formats.yuan(named[giving].free_fen)
        amount = st.text_input(
            _("金额（元，调出科目余额 {free}）").format(free=free), key="move_amount", live=True
        )
        reason = st.text_input(_("调剂原因"), key="move_reason", max_chars=LONGEST_REASON)
        if st.button(
            _("起草调剂，交另一人确认"), key="draft_move", type="primary", width="stretch"
        ):
            outcome = attempt(
                _draft, giving, taking, amount or "", reason or "",
                done=say("预算调剂已起草，待另一人确认"),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()


def _draft(session: Any, actor: Any, giving: int, taking: int, amount: str, reason: str) -> int:
    """Read the amount as it was typed, and draft the move."""
    return draft_budget_move(session, actor, giving, taking, fen_from_yuan(amount), reason)
