"""The overview's pieces: what waits for me, the next five, the month's money, and how long it
takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from components import formats
from components.cache import money_of_all
from components.claims_queue import QueueLine
from components.figures import draw_figures
from components.language import _, words
from components.shell import Visit
from components.site import page_at
from models.queries.claims import Pile, Verdicts, offices_of
from models.queries.overview import BudgetStanding, Duration, MyTurn
from models.queries.overview_money import MonthMoney, StageMoney, ZeroLevel, month_money
from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from models.rules.roles import Permission, Role
from models.rules.wording import say

# fmt: off
_DURATIONS = {
    Action.pass_pre_review: say("初审"),
    Action.pass_re_review:  say("复核"),
    Action.approve:         say("审批"),
}
# fmt: on
DURATION_ACTIONS = tuple(_DURATIONS)


def has_turn(visit: Visit) -> bool:
    """Whether claims can wait for this visitor at all."""
    return bool(offices_of(visit.actor))


def draw_my_turn(turn: MyTurn, services: Mapping[str, Any], visit: Visit) -> None:
    """Counts that are links into the queue, and the next five; nothing for who has no office."""
    if not has_turn(visit):
        return
    st.subheader(_("等我办理"), anchor=False)
    if Role.agency in visit.actor.roles:
        _draw_agency_turn(turn)
    else:
        _draw_office_turn(turn)
    _draw_next(turn, services)


def _draw_office_turn(turn: MyTurn) -> None:
    oldest = turn.counts.oldest_working_days
    turn_only = {"pile": Pile.turn.value}
    boxes = (
        (_("轮到我"), turn.counts.turn, _oldest(oldest), turn_only),
        (
            _("其中全部符合"),
            turn.all_met,
            _("十五项条件均符合"),
            {**turn_only, "verdicts": Verdicts.all_met.value},
        ),
        (_("我办理中"), turn.counts.mine, _("已接手"), {"pile": Pile.mine.value}),
        (_("补正后重交"), turn.again, _("其中第 2 轮及以后"), None),
    )
    for column, box in zip(st.columns(4), boxes, strict=True):
        with column:
            _link_metric(*box)


def _draw_next(turn: MyTurn, services: Mapping[str, Any]) -> None:
    """The next five claims of my turn, each opening its screen."""
    st.subheader(_("接下来五件"), anchor=False)
    if not turn.next_rows:
        st.markdown(formats.small_grey(_("没有等您办理的申请。新的申请提交后出现在这里。")))
        return
    lines = [QueueLine(row) for row in turn.next_rows]
    amount = _("申请（元）")
    frame = pd.DataFrame(
        {
            _("申请号"): [f"[{line.number}](/claim?no={line.number})" for line in lines],
            _("服务"): [formats.named(services[line.service_code]) for line in lines],
            _("企业"): [formats.plain(line.enterprise) for line in lines],
            amount: [line.asked_fen // 100 for line in lines],
            _("初审条件"): [_("、").join(line.exceptions) for line in lines],
            _("已等（日）"): [line.waiting_working_days for line in lines],
        }
    )
    st.table(frame.style.format({amount: "{:,}"}), hide_index=True, border="horizontal")


def draw_month_money(money: MonthMoney, month: YearMonth) -> None:
    """The month's money: asked, approved, paid."""
    st.subheader(_("{month}的资金").format(month=formats.month(month)), anchor=False)
    rows = (
        (_("本月申请（补贴）"), money.asked),
        (_("本月审批通过（补贴和奖励）"), money.approved),
        (_("本月拨付（补贴和奖励）"), money.paid),
    )
    draw_figures(
        (_("本月"), _("件"), _("金额（元）")),
        [(name, formats.count(one.claims), formats.yuan(one.fen)) for name, one in rows],
    )


def draw_stages(stages: Sequence[StageMoney]) -> None:
    """Everything that is open, of every month, by stage: what is asked, once approved what was
    approved."""
    st.subheader(_("全部在办（各月）"), anchor=False)
    rows = [
        (_stage_name(stage), formats.count(stage.claims), formats.yuan(stage.fen))
        for stage in stages
        if stage.claims
    ]
    if not rows:
        st.markdown(formats.small_grey(_("没有在办的申请。机构提交后出现在这里。")))
        return
    draw_figures((_("环节"), _("件"), _("金额（元）")), rows)


def _stage_name(stage: StageMoney) -> str:
    name = _("、").join(formats.label(state) for state in stage.states)
    if State.approved in stage.states:
        return _("{state}，待拨付（审批金额）").format(state=name)
    return _("{state}（申请金额）").format(state=name)


def draw_year(budget: BudgetStanding | None) -> None:
    """The year's line: paid, committed, the unchanged ceiling; nothing where no line is
    confirmed."""
    if budget is None:
        return
    st.subheader(_("{year}的额度").format(year=formats.year(budget.year)), anchor=False)
    draw_figures(
        (_("全年"), _("金额（元）")),
        [
            (_("本年已拨付"), formats.yuan(budget.paid_fen)),
            (_("已批待付（含奖励）"), formats.yuan(budget.committed_fen)),
            (_("本年额度（总额不变）"), formats.yuan(budget.ceiling_fen)),
        ],
    )
    used = formats.percent(budget.paid_fen + budget.committed_fen, budget.ceiling_fen, digits=1)
    said = _("预算中性：已付与已批占额度 {used} · 五.3 效果一").format(used=used)
    st.markdown(formats.small_grey(said))


def draw_zero_level(level: ZeroLevel) -> None:
    """How zero the zero is (零费程度): nothing before the result, and what was paid afterwards."""
    st.subheader(_("零费程度"), anchor=False)
    if not level.answered:
        st.markdown(formats.small_grey(_("还没有企业确认，缺数，不估计。")))
        return
    share = formats.percent(level.nothing_before, level.answered, digits=1)
    first, second = st.columns(2)
    with first:
        st.metric(_("取得成果前未付费"), share, border=True)
    with second:
        st.metric(_("取得成果后付费（元）"), formats.yuan_in_list(level.after_fen), border=True)
    said = _(
        "依据企业确认 {n} 项：{before} 项取得成果前未付任何费用，{after} 项之后付过费。两者不相加。五.2 一是"
    )
    said = said.format(
        n=formats.count(level.answered),
        before=formats.count(level.nothing_before),
        after=formats.count(level.paid_after),
    )
    st.markdown(formats.small_grey(said))


def draw_durations(rows: Sequence[Duration]) -> None:
    """Median working days of each stage, with its last six months."""
    st.subheader(_("办理时长（工作日，中位数）"), anchor=False)
    for column, row in zip(st.columns(len(rows)), rows, strict=True):
        known = [value for value in row.medians if value is not None]
        with column:
            st.metric(
                words(_DURATIONS[row.action]),
                f"{known[-1]:g}" if known else formats.NOTHING,
                chart_data=known if len(known) > 1 else None,
                chart_type="line",
                border=True,
            )


def sees_offices(visit: Visit) -> bool:
    """Whether the visitor sees the money of the whole zone, or only their own."""
    return visit.may(Permission.see_month) or Role.leader in visit.actor.roles


def money_now(session: Any, visit: Visit) -> MonthMoney:
    """The month's money: the whole zone's from the cache, an agency's own as it is."""
    if sees_offices(visit):
        return money_of_all(visit.today)
    return month_money(session, visit.actor, YearMonth.containing(visit.today))


def sees_stuck(visit: Visit) -> bool:
    """Whether claims nobody may decide are this visitor's business."""
    return bool(visit.actor.roles & {Role.alliance_lead, Role.administrator})


def leads_with_money(visit: Visit) -> bool:
    """Whether money stands first: for who reads and has nothing to do here."""
    return not has_turn(visit) and not visit.may(Permission.manage_accounts)


def _draw_agency_turn(turn: MyTurn) -> None:
    boxes = (
        (_("等我补正"), turn.counts.turn, _("一次告知全部问题"), {"pile": Pile.turn.value}),
        (_("暂缓"), turn.counts.hold, _("由主管环节说明"), {"pile": Pile.hold.value}),
        (_("本月提出"), turn.counts.month, _("全部状态"), {"pile": Pile.month.value}),
    )
    for column, box in zip(st.columns(3), boxes, strict=True):
        with column:
            _link_metric(*box)


def _link_metric(label: str, count: int, note: str, query: Mapping[str, str] | None) -> None:
    """A figure that opens the list it counts; only a figure where no list shows just that."""
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.metric(label, formats.count(count))
        if query is None:
            st.markdown(formats.small_grey(note))
            return
        st.page_link(
            page_at("/claims").script, label=note, icon=":material/arrow_forward:",
            icon_position="right", query_params=dict(query),
        )  # fmt: skip


def _oldest(days: int | None) -> str:
    return _("最久 {days} 个工作日").format(days=days) if days else _("打开列表")
