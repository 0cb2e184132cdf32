"""An agency's own rating (我的考评), phone first: grade, score and bar, components, what would raise
it, the reply; then the rows behind it, what was answered, and what was before."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components import formats
from components.cache import way_up_of
from components.grade_words import missing_words, ranks_words
from components.language import _, words
from components.look import title_row
from components.rating_cases import draw_cases
from components.rating_grade import bar_html, grade_html
from components.rating_grades import draw_grades, draw_versions
from components.rating_parts import draw_parts
from components.rating_reply import draw_answers, draw_reply
from components.rating_ways import Known, draw_ways
from components.rating_words import points
from components.shell import Visit
from components.site import page_at
from models.queries.own_rating import OwnRatings
from models.queries.rating_card import PeriodLine, RatingCard
from models.rules.rating.period_life import PERIOD_STATES, PeriodState
from models.rules.rating.signals import GATE_NAMES


def draw_own(
    visit: Visit, own: OwnRatings, services: Mapping[str, str], reasons: Mapping[str, str]
) -> None:
    """The page, or what would fill it.

    Args:
        visit: the agency.
        own: what there is to read.
        services, reasons: names by code.
    """
    if own.card is None:
        title_row(_("我的考评"), visit.display_name)
        _draw_nothing_yet(own)
        return
    card = own.card
    summary = _("{agency} · {period} · {state}").format(
        agency=card.agency, period=words(card.period.window.name), state=state_words(card.period)
    )
    title_row(_("我的考评"), summary)
    if not own.is_newest:
        _draw_way_back()
    left, right = st.columns([0.56, 0.44], gap="medium")
    with left:
        _draw_standing(card)
        st.subheader(_("五项构成"), anchor=False)
        draw_parts(card.outcome.parts, sum(card.outcome.signals.penalties.values()))
        known = Known(own.matters, services, reasons)
        draw_ways(card.outcome, way_up_of(card, visit.actor), known, card.scheme)
        draw_reply(card)
    with right:
        draw_cases(visit, card, services)
        draw_answers(card.replies)
        draw_grades(own.history, card.scheme, is_own=True)
        draw_versions(card.versions)
        if own.under_way is not None:
            st.markdown(formats.small_grey(_under_way_words(own.under_way)))


def state_words(period: PeriodLine) -> str:
    """Where a period stands, as its agencies read it."""
    match period.state:
        case PeriodState.reply:
            return _("公布前预览")
        case PeriodState.review:
            return _("公布前预览，申辩期已过")
        case PeriodState.published:
            return _("{on} 公布").format(on=formats.day(period.published_on))
    return words(PERIOD_STATES[period.state])


def _draw_standing(card: RatingCard) -> None:
    read = card.outcome
    lines = [ranks_words(read), _before_words(card)]
    if read.unrated is not None:
        lines = [missing_words(read.signals, read.unrated, card.scheme), *lines]
    st.html(grade_html(read, lines, card.scheme) + bar_html(read, card.scheme))
    for gate in read.gates:
        st.markdown(f":red-badge[:material/block: {_('一票否决')}] {words(GATE_NAMES[gate])}")


def _before_words(card: RatingCard) -> str:
    """`上期 C 71.5，本期 +4.2 分`; empty where there was no published grade before."""
    if card.before is None or card.before.mark is None:
        return ""
    then, now = card.before.score_hundredths, card.outcome.score_hundredths
    said = _("上期 {mark} {score}").format(mark=card.before.mark, score=points(then))
    if now is None or then is None:
        return said
    sign = "+" if now >= then else "−"
    return _("{before}，本期 {change} 分").format(
        before=said, change=f"{sign}{points(abs(now - then))}"
    )


def _draw_way_back() -> None:
    st.page_link(
        page_at("/my-rating").script, label=_("返回最新一期"), icon=":material/arrow_back:"
    )


def _draw_nothing_yet(own: OwnRatings) -> None:
    if own.under_way is not None:
        st.markdown(_under_way_words(own.under_way))
        return
    st.markdown(_("还没有考评期。联盟开始考评并把预评发给机构后，这里显示等级、构成和提升办法。"))


def _under_way_words(period: PeriodLine) -> str:
    said = _("下一期（{period}）{state}：预评发给机构后在这里查看，并可提出意见。")
    return said.format(period=words(period.window.name), state=words(PERIOD_STATES[period.state]))
