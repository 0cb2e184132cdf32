"""Replies and appeals to ratings (申辩、复议): those that wait first; answering one, with what it
corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.language import _, words
from components.rating_league import agency_address
from components.shell import Visit
from models.actions.rating_replies import Verdict, answer
from models.queries.rating_card import StepOffered
from models.queries.rating_replies import FileLine, ReplyLine
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.period_life import LONGEST_TEXT, PeriodAction, ReplyStage, ReplyState
from models.rules.rating.schemes import PENALTY_NAMES
from models.rules.rating.signals import COMPONENT_NAMES, Component, Gate, Penalty
from models.rules.roles import Permission
from models.rules.wording import say

COLOURS = {
    ReplyState.open: "orange",
    ReplyState.dismissed: "gray",
    ReplyState.upheld: "blue",
}
_ANSWERS = {
    ReplyStage.reply: PeriodAction.answer_reply,
    ReplyStage.appeal: PeriodAction.answer_appeal,
}
_MOST = 100
"""More cases than this are not corrected one reply at a time."""

Services = Mapping[str, Any]
Steps = Mapping[int, Sequence[StepOffered]]


def draw_replies(
    visit: Visit, lines: Sequence[ReplyLine], steps: Steps, services: Services
) -> None:
    """Every reply and appeal with what was answered, and answering those that wait.

    Args:
        visit: who looks.
        lines: those that wait first.
        steps: agency → what this person may do with its part, or why not.
        services: the service list by code.
    """
    if not lines:
        said = _("还没有申辩或复议。预评发给机构后，机构逐项提出的意见出现在这里。")
        st.markdown(formats.small_grey(said))
    for line in lines:
        _draw_reply(visit, line, steps.get(line.agency_id, ()), services)


def _draw_reply(
    visit: Visit, line: ReplyLine, steps: Sequence[StepOffered], services: Services
) -> None:
    with st.container(key=f"rating_reply_{line.id}", gap="xsmall"):
        address = agency_address(line.last_month, line.agency_id)
        st.markdown(
            f":{COLOURS[line.state]}-badge[{formats.label(line.state)}] "
            f"**{formats.label(line.stage)} · {formats.label(line.component)}** "
            f"[{formats.plain(line.agency)}]({address}) "
            + formats.small_grey(
                formats.plain(f"{line.replied_by} {formats.instant(line.replied_at_utc)}")
            )
        )
        st.markdown(formats.plain(line.said))
        if line.files:
            st.markdown("  \n".join(file_link(file) for file in line.files))
        if line.answer:
            _draw_answer(line, services)
        elif visit.may(Permission.rate_agencies):
            _draw_way(line, steps, services)


def file_link(file: FileLine) -> str:
    """A file of a reply as a link that opens it."""
    address = f"/files/ratings/{file.id}"
    size = formats.size(file.size_bytes)
    return (
        f":material/attach_file: [{formats.plain(file.file_name)}]({address}?inline=1)"
        f" :small[:gray[{size}] [{_('下载')}]({address})]"
    )


def correction_words(one: Adjustment, services: Services) -> str:
    """What a correction changes, in words: `件数 +1，其中好的 +1（发明专利代理）`."""
    parts = []
    if one.cases:
        parts.append(_("件数 {change}").format(change=_signed(one.cases)))
    if one.good_quarters:
        parts.append(_("其中好的 {change}").format(change=_quarters(one.good_quarters)))
    if one.penalty is not None and one.lapses:
        name = words(PENALTY_NAMES[one.penalty])
        parts.append(f"{name} {_signed(one.lapses)}")
    if one.cleared is not None:
        parts.append(_("取消一票否决：{gate}").format(gate=formats.label(one.cleared)))
    said = _("，").join(parts)
    if one.service:
        name = formats.named(services[one.service]) if one.service in services else one.service
        said += f"（{name}）"
    return said


# ---------------------------------------------------------------- pieces


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}"


def _quarters(quarters: int) -> str:
    sign = "+" if quarters > 0 else "−"
    return f"{sign}{abs(quarters) / 4:g}"


def _draw_answer(line: ReplyLine, services: Services) -> None:
    said = f"**{_('答复')}** {formats.plain(line.answer)}"
    for one in line.adjustments:
        told = _("更正：{what}").format(what=correction_words(one, services))
        said += f"  \n{formats.plain(told)}"
    who = formats.plain(f"{line.answered_by} {formats.instant(line.answered_at_utc)}")
    st.markdown(f"{said}  \n{formats.small_grey(who)}")


def _draw_way(line: ReplyLine, steps: Sequence[StepOffered], services: Services) -> None:
    step = next((one for one in steps if one.action is _ANSWERS[line.stage]), None)
    if step is None:
        return
    if step.barred is not None:
        st.markdown(formats.small_grey(formats.plain(words(step.barred))))
    elif st.button(words(step.name), key=f"answer_rating_{line.id}"):
        _answer_dialog(line, services)


def _answer_dialog(line: ReplyLine, services: Services) -> None:
    """Right or not, why, and what it corrects."""

    @st.dialog(_("答复{stage}").format(stage=formats.label(line.stage)), width="medium")
    def dialog() -> None:
        st.markdown(
            f"**{formats.plain(line.agency)} · {words(COMPONENT_NAMES[line.component])}**  \n"
            + formats.plain(line.said)
        )
        to = st.segmented_control(
            _("答复"), [ReplyState.upheld, ReplyState.dismissed], key=f"rating_to_{line.id}",
            format_func=formats.label, width="stretch", label_visibility="collapsed",
        )  # fmt: skip
        made = _corrected(line, services) if to is ReplyState.upheld else None
        written = st.text_area(
            _("答复理由"), key=f"rating_answer_{line.id}", max_chars=LONGEST_TEXT, height=110,
            placeholder=_("写明核实的经过和结论；机构看得到这段文字"),
        )  # fmt: skip
        if line.stage is ReplyStage.appeal:
            said = _("予以采纳：同类不变，为这家机构产生新版本，原版本保留。")
        else:
            said = _("予以采纳：更正进入本期计算，公布时定格。")
        st.markdown(formats.small_grey(said))
        if st.button(
            _("保存答复"), key=f"rating_answered_{line.id}", type="primary", disabled=to is None
        ):
            verdict = Verdict(
                to is ReplyState.upheld, written or "", (made,) if made is not None else ()
            )
            outcome = attempt(
                answer, line.id, verdict, where=st.container(),
                done=say("已答复“{agency}”", agency=line.agency),
            )  # fmt: skip
            if outcome.is_done:
                keep(outcome)
                st.rerun()

    dialog()


def _corrected(line: ReplyLine, services: Services) -> Adjustment:
    """The fields of a correction, as the component has them."""
    if line.component is Component.conduct:
        return _conduct(line)
    service = ""
    if line.component is Component.outcome:
        chosen = st.selectbox(
            _("哪一项服务"), list(services), key=f"rating_service_{line.id}",
            format_func=lambda code: formats.named(services[code]), filter_mode="contains",
        )  # fmt: skip
        service = chosen or ""
    left, right = st.columns(2)
    cases = left.number_input(_("件数增减"), -_MOST, _MOST, 0, 1, key=f"rating_cases_{line.id}")
    is_starred = line.component is Component.satisfaction
    step = 0.25 if is_starred else 1.0
    good = right.number_input(
        _("其中好的增减"), float(-_MOST), float(_MOST), 0.0, step, key=f"rating_good_{line.id}",
        format="%.2f" if is_starred else "%.0f",
        help=_("满意度一颗星为四分之一") if is_starred else None,
    )  # fmt: skip
    return Adjustment(line.component, int(cases), round(good * 4), service)


def _conduct(line: ReplyLine) -> Adjustment:
    left, right = st.columns(2)
    penalty = left.selectbox(
        _("扣分事项"), list(Penalty), key=f"rating_penalty_{line.id}",
        format_func=lambda one: words(PENALTY_NAMES[one]), filter_mode=None,
    )  # fmt: skip
    lapses = right.number_input(_("次数增减"), -_MOST, _MOST, 0, 1, key=f"rating_lapses_{line.id}")
    cleared = st.selectbox(
        _("取消一票否决（没有则不选）"), list(Gate), index=None, key=f"rating_gate_{line.id}",
        format_func=formats.label, filter_mode=None, placeholder=_("不取消"),
    )  # fmt: skip
    return Adjustment(Component.conduct, penalty=penalty, lapses=int(lapses), cleared=cleared)
