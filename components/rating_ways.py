"""What would raise a grade (怎样提升): each way with the points it brings and what lies behind it; a
gate is named instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components import formats
from components.grade_words import component_name
from components.language import _, words
from components.rating_grade import INK, MUTED
from components.rating_words import points
from models.queries.rating_behind import Matter
from models.rules.rating import Component, Mark, Raise, Scheme, WayUp
from models.rules.rating.outcome import Outcome
from models.rules.rating.raising import MOST_CASES, MOST_NAMED
from models.rules.rating.scheme import MARKS
from models.rules.rating.signals import GATE_NAMES
from models.rules.wording import say

# fmt: off
NEXT_GOOD = {
    Component.outcome:      say("再办成 {cases} 件{service}"),
    Component.satisfaction: say("再有 {cases} 份五星评价"),
    Component.first_pass:   say("再有 {cases} 件一次通过初审"),
    Component.timeliness:   say("再按时办成 {cases} 件"),
}
TIMES = {
    Component.outcome:      say("本期未取得成果 {times} 件"),
    Component.satisfaction: say("本期低于 4 星 {times} 份"),
    Component.first_pass:   say("本期退回 {times} 次"),
    Component.timeliness:   say("本期超过服务标准 {times} 件"),
}
MOST = {
    Component.outcome:      say("{most} 件是{name}"),
    Component.satisfaction: say("{most} 份是{name}"),
    Component.first_pass:   say("{most} 次因“{name}”"),
    Component.timeliness:   say("{most} 件是{name}"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Known:
    """What an agency's ways up are told with.

    Attributes:
        matters: what was most often the matter, by component.
        services, reasons: names by code.
    """

    matters: Sequence[Matter]
    services: Mapping[str, str]
    reasons: Mapping[str, str]

    def said(self, component: Component) -> str:
        """What was most often the matter in a component, where anything was more than once."""
        one = next((one for one in self.matters if one.component is component), None)
        if one is None:
            return ""
        said = words(TIMES[component]).format(times=one.times)
        if one.most == 1 < one.times:
            return said
        names = self.reasons if component is Component.first_pass else self.services
        most = words(MOST[component]).format(most=one.most, name=names.get(one.code, one.code))
        return _("{times}，其中 {most}").format(times=said, most=most)


def draw_ways(read: Outcome, way: WayUp, known: Known, scheme: Scheme) -> None:
    """The ways up, the shortest first; for the best grade, that it is the best.

    Args:
        read: the result; nothing is drawn for who takes no part.
        way: what would raise it.
        known: what was the matter, and the names of services and reasons.
        scheme: by which it was rated.
    """
    if read.mark is None:
        return
    if read.mark is MARKS[0]:
        st.subheader(_("怎样保持 {mark}").format(mark=read.mark), anchor=False)
        said = _("已是最高等级：得分不低于 {least} 分，并且区间下限高于 {sure} 分时保持。")
        least, sure = scheme.thresholds[Mark.a], scheme.thresholds[Mark.b]
        st.markdown(said.format(least=least, sure=sure))
        return
    goal = MARKS[MARKS.index(read.mark) - 1]
    st.subheader(_("怎样升到 {mark}").format(mark=goal), anchor=False)
    if way.gates:
        st.markdown(_gate_words(way))
        return
    rows, note = _rows(read, way, known), _note(way)
    line = _("{mark} 级线 {least} 分。").format(mark=goal, least=scheme.thresholds[goal])
    st.html(
        f'<ul style="list-style:none;margin:0;padding:0">{"".join(rows)}</ul>'
        f'<div style="font-size:12.25px;color:{MUTED};padding-top:4px">{escape(note + line)}</div>'
    )


def _rows(read: Outcome, way: WayUp, known: Known) -> list[str]:
    now = read.score_hundredths or 0
    named = [one.component for one in way.raises]
    matters = [
        _item(None, component_name(one.component), known.said(one.component))
        for one in known.matters
        if one.component not in named
    ]
    if way.raises:
        ways = [
            _item(one.score_hundredths - now, _raise_words(one, known), known.said(one.component))
            for one in way.raises
        ]
        return [*ways, *matters[: MOST_NAMED - len(ways)]]
    if way.together is None:
        return matters
    said = _("各项都再做好 {cases} 件，约 {score} 分，升到 {mark}").format(
        cases=way.together.cases, score=points(way.together.score_hundredths),
        mark=way.together.mark,
    )  # fmt: skip
    return [_item(way.together.score_hundredths - now, said, ""), *matters]


def _note(way: WayUp) -> str:
    if way.raises:
        return _("各项单独做到即可，同类其他机构按现状不变估算。")
    if way.together:
        return _("任一项单独再做好 {most} 件还不够，须几项一起改进。").format(most=MOST_CASES)
    return _("各项都再做好 {most} 件还不够；先解决上面各项的主要问题。").format(most=MOST_CASES)


def _gate_words(way: WayUp) -> str:
    gates = _("、").join(words(GATE_NAMES[gate]) for gate in way.gates)
    said = _("须先消除一票否决事项：{gates}。消除以前，其他各项再好也不升级。")
    return f":red-badge[:material/block: {_('一票否决')}] " + formats.plain(
        said.format(gates=gates)
    )


def _raise_words(one: Raise, known: Known) -> str:
    service = known.services.get(one.service, one.service)
    what = words(NEXT_GOOD[one.component]).format(
        cases=one.cases, service=_("（{service}）").format(service=service) if service else ""
    )
    return _("{component}：{what}，约 {score} 分，升到 {mark}").format(
        component=component_name(one.component), what=what,
        score=points(one.score_hundredths), mark=one.mark,
    )  # fmt: skip


def _item(gain: int | None, said: str, behind: str) -> str:
    head = "" if gain is None else _("+{gain} 分").format(gain=points(gain))
    below = f'<span style="display:block;color:{MUTED}">{escape(behind)}</span>' if behind else ""
    return (
        f'<li style="display:flex;gap:12px;margin:0;padding:6px 0;line-height:1.5">'
        f'<b style="flex:none;width:76px;font-weight:600;font-variant-numeric:tabular-nums;'
        f'color:{INK}">{escape(head)}</b>'
        f'<span style="min-width:0">{escape(said)}{below}</span></li>'
    )
