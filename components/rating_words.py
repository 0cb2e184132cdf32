"""How ratings are said: scores, rates, intervals, ranks, grades, the words on buttons."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from components import formats
from components.language import _, words
from models.rules.rating.freezing import PartShown
from models.rules.rating.outcome import Outcome
from models.rules.rating.period_life import PeriodAction
from models.rules.rating.scheme import Mark
from models.rules.rating.signals import Component
from models.rules.rating.standings import GROUP_NAMES
from models.rules.wording import Wording, say

# fmt: off
MARK_NAMES: Mapping[Mark, Wording] = {
    Mark.a: say("优秀"),
    Mark.b: say("良好|等级"),
    Mark.c: say("合格|等级"),
    Mark.d: say("整改"),
}
BUTTONS: Mapping[PeriodAction, Wording] = {
    PeriodAction.compute_preview: say("计算预评结果"),
    PeriodAction.cancel_preview:  say("撤销预评"),
    PeriodAction.open_replies:    say("发给各机构申辩"),
    PeriodAction.begin_review:    say("申辩期满，转入复核"),
    PeriodAction.publish_ratings: say("公布考评结果"),
}
DONE: Mapping[PeriodAction, Wording] = {
    PeriodAction.compute_preview: say("已计算预评结果，只有联盟能看到"),
    PeriodAction.cancel_preview:  say("预评已撤销"),
    PeriodAction.open_replies:    say("已发给各机构，各机构只看到自己的预评"),
    PeriodAction.begin_review:    say("已转入复核"),
    PeriodAction.publish_ratings: say("考评结果已公布"),
}
NEXT: Mapping[PeriodAction, Wording] = {
    PeriodAction.compute_preview: say("按今天的记录归集各机构的件数并定格；计算人不得答复申辩，也不得公布。"),
    PeriodAction.cancel_preview:  say("回到归集；已算的结果留存备查。"),
    PeriodAction.open_replies:    say("各机构逐项看到自己的件数、同类和得分，可附材料申辩。"),
    PeriodAction.begin_review:    say("申辩期满后不再接受申辩；未答复的继续答复。"),
    PeriodAction.publish_ratings: say("件数、方案版本和摘要就此定格；等级对各机构公开，分项只给联盟和机构本身。"),
}
# fmt: on


def points(hundredths: int | None) -> str:
    """A score: `85.4`."""
    return formats.NOTHING if hundredths is None else f"{hundredths / 100:.1f}"


def interval(outcome: Outcome) -> str:
    """Where the score lies: `80.2 – 89.4`."""
    if outcome.low_hundredths is None:
        return formats.NOTHING
    return f"{points(outcome.low_hundredths)} – {points(outcome.high_hundredths)}"


def rank(outcome: Outcome) -> str:
    """`第 6 – 11 位，共 23 家`; `第 1 位` where it is sure."""
    if outcome.rank_from is None:
        return formats.NOTHING
    if outcome.rank_from == outcome.rank_to:
        return _("第 {rank} 位").format(rank=outcome.rank_from)
    return _("第 {first} – {last} 位").format(first=outcome.rank_from, last=outcome.rank_to)


def moved(hundredths: int | None) -> str:
    """A change of the score: `▲ 2.1`, `▼ 0.8`; nothing where there are not two."""
    if hundredths is None:
        return formats.NOTHING
    if not hundredths:
        return _("持平")
    return f"{'▲' if hundredths > 0 else '▼'} {abs(hundredths) / 100:.1f}"


def group_name(group: str) -> str:
    """A peer group's name."""
    return words(GROUP_NAMES[group])


def mark_said(mark: Mark) -> str:
    """`A 优秀`."""
    return f"{mark.value} {words(MARK_NAMES[mark])}"


def rate(part: PartShown, millionths: int | None) -> str:
    """A rate of a component: stars for satisfaction, else percent; nothing for conduct."""
    if millionths is None or part.component is Component.conduct:
        return formats.NOTHING
    if part.component is Component.satisfaction:
        return f"{1 + 4 * millionths / 1_000_000:.1f}"
    return f"{millionths / 10_000:.0f}%"


def good_said(good: Fraction) -> str:
    """Good cases: whole, or with quarters."""
    return str(good.numerator) if good.denominator == 1 else f"{float(good):.2f}"
