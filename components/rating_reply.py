"""What an agency says to its rating (申辩、复议): the button with the days that are left, the form, and
what was answered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.grade_words import component_name
from components.language import _, words
from models.actions.rating_replies import appeal, reply
from models.queries.rating_card import PeriodLine, RatingCard
from models.queries.rating_replies import FileLine, ReplyLine
from models.rules.rating.period_life import (
    LONGEST_TEXT,
    MOST_FILES,
    REPLY_STAGES,
    REPLY_STATES,
    PeriodAction,
    ReplyStage,
    ReplyState,
)
from models.rules.rating.signals import Component
from models.rules.wording import Wording, say

STAGE_OF = {
    PeriodAction.reply_to_rating: ReplyStage.reply,
    PeriodAction.appeal_rating: ReplyStage.appeal,
}
_COLOURS = {
    ReplyState.open: "orange",
    ReplyState.dismissed: "gray",
    ReplyState.upheld: "green",
}


def draw_reply(card: RatingCard) -> None:
    """The one button, with the days left; where nothing can be said any more, why.

    Args:
        card: the agency's own.
    """
    for step in card.steps:
        stage = STAGE_OF[step.action]
        left = unsaid(card, stage)
        if step.barred is not None:
            st.markdown(formats.small_grey(formats.plain(words(step.barred))))
        elif not left:
            st.markdown(formats.small_grey(_("五项都已提出过意见，答复在下面。")))
        else:
            label = _("对本结果提出意见") if stage is ReplyStage.reply else _("对本结果申请复议")
            if st.button(label, key="rating_reply", type="primary", width="stretch"):
                reply_dialog(card, stage, left)
            st.markdown(formats.small_grey(_days_words(card.period, stage)))


def unsaid(card: RatingCard, stage: ReplyStage) -> tuple[Component, ...]:
    """The components on which the agency has not spoken yet: once each."""
    said = {line.component for line in card.replies if line.stage is stage}
    return tuple(part.component for part in card.outcome.parts if part.component not in said)


def reply_dialog(card: RatingCard, stage: ReplyStage, left: Sequence[Component]) -> None:
    """The form: which component, what is wrong, with which papers.

    Args:
        card: the agency's own.
        stage: before or after publication.
        left: the components that may be chosen.
    """
    is_reply = stage is ReplyStage.reply

    @st.dialog(words(_TITLES[stage]), width="medium", icon=":material/rate_review:")
    def dialog() -> None:
        st.markdown(
            formats.small_grey(_("由未参与计分的人答复；每项可以提出一次，请一次写全并附上材料。"))
        )
        component = st.selectbox(
            _("对哪一项"), list(left), key="reply_component", format_func=component_name, index=None,
            placeholder=_("请选择"),
        )  # fmt: skip
        said = st.text_area(
            _("意见和理由"), key="reply_said", max_chars=LONGEST_TEXT, height=140,
            placeholder=_("写明哪一件算错了、应当怎样算、依据是什么"),
        )  # fmt: skip
        files = st.file_uploader(
            _("材料（PDF、PNG 或 JPEG，一次最多 {most} 份）").format(most=MOST_FILES),
            type=["pdf", "png", "jpg", "jpeg"], key="reply_files", accept_multiple_files=True,
        )  # fmt: skip
        label = _("提交意见") if is_reply else _("提交复议申请")
        pressed = st.button(
            label, key="reply_save", type="primary", width="stretch", disabled=component is None
        )
        if pressed and component is not None:
            papers = tuple((file.name, file.getvalue()) for file in files or ())
            outcome = attempt(
                reply if is_reply else appeal, card.period.last_month, component, said or "",
                papers, done=_DONE[stage], where=st.container(),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def draw_answers(lines: Sequence[ReplyLine]) -> None:
    """What the agency said so far, and what was answered; nothing where it said nothing."""
    if not lines:
        return
    st.subheader(_("意见和答复"), anchor=False)
    for line in lines:
        _draw_answer(line)


def _draw_answer(line: ReplyLine) -> None:
    with st.container(key=f"rating_reply_{line.id}", gap="xsmall"):
        badge = f":{_COLOURS[line.state]}-badge[{words(REPLY_STATES[line.state])}]"
        head = _("{stage} · {component}").format(
            stage=words(REPLY_STAGES[line.stage]), component=component_name(line.component)
        )
        said = _("{who} 于 {at} 提出").format(
            who=formats.plain(line.replied_by), at=formats.instant(line.replied_at_utc)
        )
        st.markdown(f"{badge} **{head}**  \n{formats.plain(line.said)}")
        if line.files:
            st.markdown("  \n".join(_file(file) for file in line.files))
        st.markdown(formats.small_grey(said))
        if line.answer:
            answered = _("{who} 于 {at} 答复").format(
                who=formats.plain(line.answered_by), at=formats.instant(line.answered_at_utc)
            )
            st.markdown(
                f"**{_('答复')}** {formats.plain(line.answer)}  \n{formats.small_grey(answered)}"
            )


def _file(file: FileLine) -> str:
    address = f"/files/ratings/{file.id}"
    return (
        f":material/attach_file: [{formats.plain(file.file_name)}]({address}?inline=1)"
        f" :small[:gray[{formats.size(file.size_bytes)}] [{_('下载')}]({address})]"
    )


def _days_words(period: PeriodLine, stage: ReplyStage) -> str:
    is_reply = stage is ReplyStage.reply
    left = period.reply_days_left if is_reply else period.appeal_days_left
    until = period.reply_until_on if is_reply else period.appeal_until_on
    if not left:
        return _("今天是最后一天（{until}）").format(until=formats.day(until))
    return _("还可在 {days} 个工作日内提出，至 {until}").format(days=left, until=formats.day(until))


_TITLES: dict[ReplyStage, Wording] = {
    ReplyStage.reply: say("对本结果提出意见"),
    ReplyStage.appeal: say("对本结果申请复议"),
}
_DONE: dict[ReplyStage, Wording] = {
    ReplyStage.reply: say("意见已提交，由未参与计分的人答复"),
    ReplyStage.appeal: say("复议申请已提交，由未参与计分的人答复"),
}
