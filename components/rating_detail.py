"""One agency's part in a rating period: grade and interval, each component with its numbers and
peers, the rows behind, replies and answers, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.attempt import found
from components.facts import Fact, draw_facts
from components.figures import draw_figures
from components.filters import ask
from components.language import _, words
from components.look import title_row
from components.rating_answers import correction_words, draw_replies
from components.rating_bars import interval_bar, scale
from components.rating_league import PARAMETER
from components.rating_words import (
    good_said,
    group_name,
    interval,
    mark_said,
    moved,
    points,
    rank,
    rate,
)
from components.shell import Visit
from models.queries.rating_card import RatingCard, rows_behind
from models.rules.rating.freezing import PartShown
from models.rules.rating.period_life import PERIOD_STEP_OF
from models.rules.rating.schemes import PENALTY_NAMES
from models.rules.rating.signals import Component
from models.rules.rating.standings import why_unrated

Services = Mapping[str, Any]


def draw_agency(visit: Visit, card: RatingCard | None, services: Services) -> None:
    """The card, or that there is none to see.

    Args:
        visit: who looks.
        card: what may be seen; `None` for an address that names nothing.
        services: the service list by code.
    """
    title_row(_("服务质量考评"), _summary(card) if card else "")
    st.button(
        _("返回本期"), key="back_to_period", icon=":material/arrow_back:", type="tertiary",
        on_click=ask, args=(PARAMETER, ""),
    )  # fmt: skip
    if card is None:
        st.markdown(_("没有这家机构的结果，或者预评还没有公布。请从本期位次中打开。"))
        return
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _draw_head(card)
        _draw_parts(card)
        _draw_rows(visit, card, services)
    with right:
        _draw_replies(visit, card, services)
        _draw_versions(card)


def parts_table(card: RatingCard) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows of the components: cases, own, peers, counted, points."""
    heads = (
        _("项 · 权重"), _("样本"), _("本机构"), _("同类"), _("计分用"), _("得分"),
    )  # fmt: skip
    return heads, [_part_row(card, part) for part in card.outcome.parts]


# ---------------------------------------------------------------- left


def _summary(card: RatingCard) -> str:
    parts = (words(card.period.window.name), formats.label(card.period.state))
    return " · ".join(parts)


def _draw_head(card: RatingCard) -> None:
    one = card.outcome
    address = f"/agencies?uscc={card.uscc}"
    st.markdown(f"**[{formats.plain(card.agency)}]({address})**")
    if one.unrated is not None:
        why = words(why_unrated(one.unrated, card.scheme))
        st.markdown(f":gray-badge[{_('未参评')}] {formats.plain(why)}")
        return
    assert one.mark is not None
    before = card.before
    moves = None
    if before is not None and before.score_hundredths is not None:
        moves = (one.score_hundredths or 0) - before.score_hundredths
    score = f"**{points(one.score_hundredths)}**"
    if moves is not None:
        score += " " + formats.small_grey(moved(moves))
    of = _("{group} {count} 家中").format(group=group_name(one.peer_group), count=one.ranked_of)
    draw_facts(
        [
            Fact(_("等级"), f"**{mark_said(one.mark)}**"),
            Fact(_("得分"), score),
            Fact(_("九成把握"), interval(one)),
            Fact(of, rank(one), 1.6),
        ]
    )
    for gate in one.gates:
        said = _("一票否决：{gate}，等级最高为 D").format(gate=formats.label(gate))
        st.markdown(f":red-badge[:material/block: {formats.plain(said)}]")
    st.html(f'<div style="font-size:12.25px">{interval_bar(one, card.scheme)}'
            f"{scale(card.scheme)}</div>")  # fmt: skip


def _draw_parts(card: RatingCard) -> None:
    st.subheader(_("五项构成"), anchor=False)
    heads, rows = parts_table(card)
    draw_figures(heads, rows, is_last_strong=True)
    said = _("计分用 = 样本少时向同类平均靠拢后的数；方案第 {version} 版，取数截至 {on}").format(
        version=card.scheme.version, on=formats.day(card.as_of)
    )
    st.markdown(formats.small_grey(formats.plain(said)))


def _part_row(card: RatingCard, part: PartShown) -> tuple[str, ...]:
    name = f"{formats.label(part.component)} {part.weight}"
    if part.component is Component.conduct:
        lapses = sum(card.outcome.signals.penalties.values())
        own = _("{count} 起").format(count=lapses)
        return (name, formats.NOTHING, own, formats.NOTHING, formats.NOTHING,
                points(part.points_hundredths))  # fmt: skip
    own = rate(part, part.own_millionths)
    peers, counted = rate(part, part.peers_millionths), rate(part, part.mean_millionths)
    return name, _cases(part), own, peers, counted, points(part.points_hundredths)


def _cases(part: PartShown) -> str:
    if part.component is Component.satisfaction:
        return _("{count} 份").format(count=part.cases)
    return _("{good} / {count} 件").format(good=good_said(part.good), count=part.cases)


def _draw_rows(visit: Visit, card: RatingCard, services: Services) -> None:
    """The rows behind one component, chosen."""
    st.subheader(_("逐件明细"), anchor=False)
    component = st.segmented_control(
        _("考评项目"), list(Component), default=Component.outcome, required=True,
        key=f"behind_{card.agency_id}", format_func=formats.label, label_visibility="collapsed",
    )  # fmt: skip
    assert component is not None
    rows = found(rows_behind, visit.actor, card.period.last_month, card.agency_id, component) or ()
    if rows:
        st.dataframe(
            {
                _("日期"): [row.on for row in rows],
                _("编号"): [row.number for row in rows],
                _("企业"): [row.enterprise for row in rows],
                _("服务"): [_service(services, row.service_code) for row in rows],
                _("计为"): [good_said(row.good) for row in rows],
                _("原因|考评"): [words(row.why) for row in rows],
            },
            hide_index=True, row_height=34, key=f"rows_{card.agency_id}_{component}",
            height=min(len(rows), 8) * 34 + 36, alt=_("逐件明细"),
        )  # fmt: skip
    else:
        st.markdown(formats.small_grey(_("这一项没有记录。")))
    if component is Component.conduct:
        _draw_penalties(card)
    made = [one for one in card.adjustments if one.component is component]
    for one in made:
        told = _("更正：{what}").format(what=correction_words(one, services))
        st.markdown(f":blue-badge[{_('申辩采纳')}] {formats.plain(told)}")


def _draw_penalties(card: RatingCard) -> None:
    told = [
        f"{words(PENALTY_NAMES[kind])} {count}"
        for kind, count in card.outcome.signals.penalties.items()
        if count
    ]
    if told:
        st.markdown(formats.small_grey(formats.plain(_("，").join(told))))


def _service(services: Services, code: str) -> str:
    return formats.named(services[code]) if code in services else code


# ---------------------------------------------------------------- right


def _draw_replies(visit: Visit, card: RatingCard, services: Services) -> None:
    st.subheader(_("申辩和复议 {count}").format(count=len(card.replies)), anchor=False)
    if card.replies:
        draw_replies(visit, card.replies, {card.agency_id: card.steps}, services)
    else:
        st.markdown(formats.small_grey(_("这家机构没有提出申辩或复议。")))


def _draw_versions(card: RatingCard) -> None:
    if not card.versions:
        return
    st.subheader(_("公布的版本"), anchor=False)
    with st.container(key="rating_versions", gap="xsmall"):
        for one in card.versions:
            name = _("第 {number} 版").format(number=one.number)
            mark = one.outcome.mark
            said = f"{mark.value} {points(one.outcome.score_hundredths)}" if mark else _("未参评")
            made = words(PERIOD_STEP_OF[one.event].name)
            who = f"{made} · {formats.instant(one.frozen_at_utc)} {one.frozen_by}"
            digest = _("摘要 {digest}").format(digest=one.digest[:12])
            st.markdown(
                f"**{formats.plain(name)}** {said}  \n"
                + formats.small_grey(formats.plain(f"{who} · {digest}"))
            )
