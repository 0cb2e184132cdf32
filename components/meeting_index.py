"""The presenter's index (目录与定稿): every slide, the frozen meetings, files to take away, the choice
of targets."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import formats
from components.attempt import Outcome, attempt, keep
from components.cache import targets_on
from components.downloads import XLSX, offer_file
from components.filters import ask
from components.language import _, words
from components.meeting_files import PPTX, ZIP, meeting_pictures_zip, meeting_pptx, meeting_xlsx
from components.meeting_words import grouped, headline_of
from components.shell import Visit
from components.target_words import name
from models.actions.meetings import LONGEST_TITLE, choose_slides, freeze_meeting
from models.database import session
from models.queries.meetings import Frozen, KeptDeck, chosen_targets, frozen_lines
from models.queries.targets import TargetLine
from models.rules.roles import Permission
from models.rules.targets.slides import Difference, overview
from models.rules.wording import Wording, say

FROZEN = "frozen"
DIALOG = say("目录与定稿")


def index_dialog(
    visit: Visit, kept: KeptDeck, frozen: Frozen | None, differing: tuple[Difference, ...]
) -> None:
    """Open the index over the slide.

    Args:
        visit: who is here.
        kept: the meeting on screen.
        frozen: the frozen meeting it is, where it is one.
        differing: what it says otherwise than today.
    """

    @st.dialog(words(DIALOG), width="large")
    def index() -> None:
        slides, freezing, files, choosing = st.tabs(
            [_("目录"), _("定稿"), _("下载"), _("选择目标")]
        )
        with slides:
            _draw_slides(kept)
        with freezing:
            _draw_freezing(visit, kept, frozen, differing)
        with files:
            _draw_files(kept, frozen)
        with choosing:
            _draw_choice(visit)

    index()


def _draw_slides(kept: KeptDeck) -> None:
    heads = [words(overview(kept.deck))]
    heads += [f"{name(slide.place)} · {headline_of(slide)}" for slide in kept.deck.slides]
    place = st.container(gap="xxsmall")
    for number, head in enumerate(heads, start=1):
        if place.button(f"{number}　{formats.plain(head)}", key=f"index_{number}", type="tertiary"):
            ask("slide", str(number))
            st.rerun()
    st.markdown(f":material/close_fullscreen: [{_('离开会议模式')}](/targets)")


def _draw_freezing(
    visit: Visit, kept: KeptDeck, frozen: Frozen | None, differing: tuple[Difference, ...]
) -> None:
    if frozen is not None:
        _draw_comparison(frozen, differing)
    elif visit.may(Permission.keep_meeting):
        _draw_freezing_form(kept)
    with session() as current:
        lines = frozen_lines(current)
    st.subheader(_("已定稿的会议"), anchor=False)
    if not lines:
        st.markdown(
            formats.small_grey(_("还没有定稿。定稿后，下次打开数字不变，并列出与现行数字的差别。"))
        )
    for line in lines:
        label = _("第 {number} 号 · {title} · 数据截至 {day} · {name} · {digest}").format(
            number=line.id, title=line.title or _("未命名"), day=formats.day(line.as_of),
            name=line.taken_by, digest=grouped(line.digest),
        )  # fmt: skip
        is_open = frozen is not None and frozen.line.id == line.id
        if st.button(
            formats.plain(label), key=f"open_frozen_{line.id}", type="tertiary", disabled=is_open
        ):
            ask(FROZEN, str(line.id), slide="1")
            st.rerun()


def _draw_comparison(frozen: Frozen, differing: tuple[Difference, ...]) -> None:
    """What the frozen meeting on screen says otherwise than today."""
    if not frozen.is_whole:
        st.error(_("这份定稿的内容与它的摘要不符，可能被直接改动；请核验操作记录。"))
    st.subheader(_("与现行数字的差别"), anchor=False)
    if not differing:
        st.markdown(_("没有差别：定稿的每个数字与现行一致。"))
    slides = {slide.target_id: slide for slide in frozen.deck.slides}
    for one in differing:
        slide = slides[one.target_id]
        head = f"{name(slide.place)} · {name(slide.indicator)}"
        st.markdown(f"{formats.plain(head)}{_('：')}{formats.plain(words(one.words))}")
    if st.button(_("回到现行会议"), key="leave_frozen"):
        ask(FROZEN, "", slide="1")
        st.rerun()


def _draw_freezing_form(kept: KeptDeck) -> None:
    st.markdown(
        _("定稿把 {slides} 页的全部数字存为不可改动的一份：数据截至 {day}，摘要 {digest}。").format(
            slides=len(kept.deck.slides) + 1, day=formats.day(kept.deck.as_of),
            digest=grouped(kept.digest),
        )
    )  # fmt: skip
    title = st.text_input(_("会议名称"), key="meeting_title", max_chars=LONGEST_TITLE)
    if st.button(_("定稿本次会议"), key="freeze", type="primary"):
        place = st.empty()
        outcome = attempt(freeze_meeting, title, kept.digest, where=place, done=_frozen_words)
        if outcome.is_done:
            ask(FROZEN, str(outcome.result))
            _and_close(outcome)


def _frozen_words(number: int) -> Wording:
    return say("已定稿为第 {number} 号会议", number=number)


def _draw_files(kept: KeptDeck, frozen: Frozen | None) -> None:
    number = frozen.line.id if frozen is not None else None
    stem = _("城市目标会议-{day}").format(day=formats.day(kept.deck.as_of))
    st.markdown(
        formats.small_grey(
            _("PowerPoint 的图表可以直接编辑；图片每页一张；工作簿含全部数据和来源。")
        )
    )
    with st.container(horizontal=True):
        offer_file("PowerPoint", f"{stem}.pptx", partial(meeting_pptx, number),
                   kind=PPTX, key="meeting_pptx")  # fmt: skip
        offer_file(_("图片"), f"{stem}.zip", partial(meeting_pictures_zip, number),
                   kind=ZIP, key="meeting_png")  # fmt: skip
        offer_file("Excel", f"{stem}.xlsx", partial(meeting_xlsx, number),
                   kind=XLSX, key="meeting_xlsx")  # fmt: skip


def _draw_choice(visit: Visit) -> None:
    """Which targets are shown, in the order they are chosen."""
    lines = {line.id: line for line in targets_on(visit.today) if line.reading.target.is_read}
    with session() as current:
        chosen = [one for one in chosen_targets(current) if one in lines]
    wanted = st.multiselect(
        _("按选择的先后成页；不选则为常用的 12 页"), list(lines), default=chosen,
        key="meeting_choice", format_func=lambda one: _called(lines[one]),
        disabled=not visit.may(Permission.keep_meeting),
    )  # fmt: skip
    if visit.may(Permission.keep_meeting) and st.button(_("更新会议材料"), key="choose_slides"):
        place = st.empty()
        outcome = attempt(choose_slides, wanted, where=place, done=say("会议材料已更新"))
        if outcome.is_done:
            ask("slide", "1")
            _and_close(outcome)


def _called(line: TargetLine) -> str:
    year = line.reading.target.target_year
    return f"{name(line.place)} · {name(line.indicator)} · {year} · {line.id}"


def _and_close(outcome: Outcome) -> None:
    keep(outcome)
    st.rerun()
