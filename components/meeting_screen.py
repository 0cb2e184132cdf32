"""One slide on the whole screen (会议模式): large type, one message, keys, nothing to click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from components.attempt import found, say_kept_outcome
from components.cache import meeting_on, targets_on
from components.charts.standing_bars import DARK, LIGHT, standing_bars
from components.charts.target_path import target_path
from components.filters import ask, asked, asked_number
from components.language import _, words
from components.meeting_index import DIALOG, FROZEN, index_dialog
from components.meeting_words import (
    GROUP_NAMES,
    Stamp,
    alternative_of,
    caveat_line,
    headline_of,
    overview_alternative,
    parts_of,
    path_of,
    slide_legend,
    source_line,
    stamp,
)
from components.shell import Visit
from components.target_words import name
from models.queries.meetings import Frozen, KeptDeck, deck_of, frozen_meeting
from models.rules.targets.slides import Deck, Difference, Slide, differences, overview

SLIDE = "slide"
_WIDE, _HIGH, _LOW = 1184, 484, 436
_ONE_LINE = 58
"""Columns of a headline at 40 pixels on one line of 1,184; a Chinese character takes two."""

_CSS = """<style>
:root {--u: min(100vw / 1280, 100vh / 720)}
[data-testid=stHeader] {display: none}
.stMainBlockContainer {padding: calc(14 * var(--u)) 0 0; max-width: none}
.st-key-page {width: calc(1184 * var(--u)); margin-inline: auto}
.st-key-page > div {gap: 0}
.st-key-title_row {position: absolute; clip-path: inset(50%)}
.st-key-meeting {gap: calc(10 * var(--u))}
.st-key-meeting h1 {
  font-size: calc(40 * var(--u)); line-height: 1.25; font-weight: 600; margin: 0; padding: 0;
  letter-spacing: 0
}
.st-key-meeting h1:lang(en) {font-size: calc(36 * var(--u)); text-wrap: balance}
.st-key-meeting .kicker, .st-key-meeting .foot div {
  display: flex; justify-content: space-between; gap: 0 24px;
  color: light-dark(#525D6B, #A9B4C1)
}
.st-key-meeting .kicker {font-size: calc(18 * var(--u)); padding-bottom: calc(6 * var(--u))}
.st-key-meeting .foot {
  border-top: 1px solid light-dark(#E3E7ED, #2A333E); padding-top: calc(8 * var(--u));
  font-size: calc(16 * var(--u)); line-height: 1.5
}
.st-key-meeting .foot span:last-child {text-align: right; flex: none}
.st-key-meeting .caveat {font-size: calc(18 * var(--u)); color: light-dark(#7F5000, #E6BC62)}
.st-key-meeting .foot .differs {color: light-dark(#7F5000, #E6BC62)}
.st-key-meeting .groups {
  display: flex; flex-wrap: wrap; gap: 4px calc(22 * var(--u)); font-size: calc(18 * var(--u))
}
.st-key-meeting .groups i {
  display: inline-block; width: .78em; height: .78em; margin-right: .4em; vertical-align: -.06em
}
.st-key-chart_wide div {height: auto !important; max-width: none; overflow: visible}
.st-key-chart_wide svg.marks {
  width: calc(1184 * var(--u)) !important; height: auto !important; display: block
}
.st-key-chart_narrow {display: none}
.st-key-meeting_keys {position: fixed; bottom: 0; left: 0; right: 0; padding: 6px 40px; opacity: 0}
.st-key-meeting_keys:is(:hover, :focus-within) {
  opacity: 1; background: light-dark(#FFFFFF, #12171E)
}
@media (hover: none) {.st-key-meeting_keys {opacity: 1; position: static; padding-inline: 0}}
@media (max-width: 800px) {
  :root {--u: .78px}
  .stMainBlockContainer {padding: 12px 16px 0}
  .st-key-page {width: 100%}
  .st-key-meeting h1, .st-key-meeting h1:lang(en) {font-size: 24px}
  .st-key-meeting .kicker, .st-key-meeting .foot, .st-key-meeting .groups {font-size: 14px}
  .st-key-meeting .foot div {flex-wrap: wrap}
  .st-key-chart_wide {display: none}
  .st-key-chart_narrow {display: flex}
}
</style>"""


def draw_meeting(visit: Visit) -> None:
    """The slide the address asks for, of the meeting it asks for: `?frozen=3&slide=2`.

    Args:
        visit: who is here, and today.
    """
    st.html(_CSS)
    with st.container(key="title_row"):
        st.header(_("会议模式"), anchor=False)
    say_kept_outcome()
    live = meeting_on(visit.today)
    if not live.deck.standings:
        st.markdown(_("还没有目标。运维写入基础数据（seed reference）后出现在这里。"))
        return
    frozen = found(frozen_meeting, visit.actor, asked_number(FROZEN, 0)) if asked(FROZEN) else None
    kept = KeptDeck(frozen.deck, frozen.line.digest) if frozen else live
    differing = _differing(frozen, visit) if frozen else ()
    number = min(max(asked_number(SLIDE), 1), len(kept.deck.slides) + 1)
    foot = stamp(kept.deck, kept.digest, frozen.line.taken_by if frozen else "")
    mark = _("演示数据") if visit.is_demonstration else ""
    _draw_slide(kept.deck, number, foot, _told(kept.deck, number, frozen, differing), mark)
    if _draw_keys(kept.deck, number):
        index_dialog(visit, kept, frozen, differing)


def _differing(frozen: Frozen, visit: Visit) -> tuple[Difference, ...]:
    chosen = [slide.target_id for slide in frozen.deck.slides]
    return differences(frozen.deck, deck_of(targets_on(visit.today), chosen, visit.today))


def _told(deck: Deck, number: int, frozen: Frozen | None, differing: Sequence[Difference]) -> str:
    """What stands in amber at the foot of a frozen slide."""
    if frozen is None:
        return ""
    if not frozen.is_whole:
        return _("这份定稿的内容与它的摘要不符，可能被直接改动；请核验操作记录。")
    if number == 1:
        said = _("定稿之后有 {count} 处数字变化，见目录“定稿”页").format(count=len(differing))
        return said if differing else ""
    here = [one for one in differing if one.target_id == deck.slides[number - 2].target_id]
    return _("；").join(words(one.words) for one in here)


def _draw_slide(deck: Deck, number: int, foot: Stamp, differing: str, mark: str) -> None:
    page = " · ".join(part for part in (mark, f"{number} / {len(deck.slides) + 1}") if part)
    with st.container(key="meeting"):
        if number == 1:
            _draw_overview(deck, page, foot, differing)
        else:
            _draw_path(deck.slides[number - 2], page, foot, differing)


def _draw_keys(deck: Deck, number: int) -> bool:
    """Forward, back, first, last and the index: by key, and by a bar that shows when pointed at.

    Returns:
        Whether the index was asked for.
    """
    last = len(deck.slides) + 1
    moves = (
        (_("上一页 ←"), "Left", number - 1), (_("下一页 →"), "Right", number + 1),
        (_("后退|翻页"), "PageUp", number - 1), (_("前进|翻页"), "PageDown", number + 1),
        (_("第一页"), "Home", 1), (_("最后一页"), "End", last),
    )  # fmt: skip
    with st.container(
        key="meeting_keys", horizontal=True, horizontal_alignment="center", gap="small"
    ):
        for label, shortcut, to in moves:
            st.button(
                label, key=f"to_{shortcut}", type="tertiary", shortcut=shortcut,
                disabled=not 1 <= to <= last or to == number,
                on_click=ask, args=(SLIDE, str(to)),
            )  # fmt: skip
        return st.button(words(DIALOG), key="meeting_index", type="tertiary", shortcut="M")


def _draw_overview(deck: Deck, page: str, foot: Stamp, differing: str) -> None:
    _top(_("城市目标"), page, words(overview(deck)))
    shades = zip(LIGHT, DARK, strict=True)
    groups = "".join(
        f'<span><i style="background:light-dark({light[0]},{dark[0]})"></i>'
        f"{escape(words(said))}</span>"
        for said, (light, dark) in zip(GROUP_NAMES.values(), shades, strict=True)
    )
    st.html(f'<div class="groups">{groups}</div>')
    draw = partial(standing_bars, parts_of(deck.standings), is_dark=_is_dark())
    _draw_chart(draw, _HIGH - 50, overview_alternative(deck))
    _foot((_("各项只与自身目标比，不跨地区排名"), foot.as_of), (differing, foot.digest))


def _draw_path(slide: Slide, page: str, foot: Stamp, differing: str) -> None:
    said = headline_of(slide)
    _top(f"{_('城市目标')} · {name(slide.place)}", page, said)
    doubts = caveat_line(slide)
    if doubts:
        st.html(f'<div class="caveat">{escape(doubts)}</div>')
    height = (_HIGH if _columns(said) <= _ONE_LINE else _LOW) - (28 if doubts else 0)
    _draw_chart(
        partial(target_path, path_of(slide), is_dark=_is_dark()), height, alternative_of(slide)
    )
    lines = [(slide_legend(slide), foot.as_of), (source_line(slide), foot.digest)]
    _foot(*lines, *([(differing, "")] if differing else []))


def _draw_chart(draw: Callable[..., dict[str, Any]], height: int, alternative: str) -> None:
    """The chart twice: made for 1,280 × 720 and grown with the window, and as wide as a phone."""
    with st.container(key="chart_wide"):
        st.vega_lite_chart(
            spec=draw(height=height, size=18, width=_WIDE), width=_WIDE, alt=alternative
        )
    with st.container(key="chart_narrow"):
        st.vega_lite_chart(spec=draw(height=320, size=12), width="stretch", alt=alternative)


def _top(kicker: str, page: str, headline: str) -> None:
    st.html(
        f'<div class="kicker"><span>{escape(kicker)}</span><span>{escape(page)}</span></div>'
        f"<h1>{escape(headline)}</h1>"
    )


def _foot(*lines: tuple[str, str]) -> None:
    rows = "".join(
        f"<div{_class(at)}><span>{escape(left)}</span><span>{escape(right)}</span></div>"
        for at, (left, right) in enumerate(lines)
    )
    st.html(f'<div class="foot">{rows}</div>')


def _class(at: int) -> str:
    return ' class="differs"' if at > 1 else ""


def _columns(said: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in said)


def _is_dark() -> bool:
    return st.context.theme.type == "dark"
