"""Words of the quality rating (服务质量考评): grades, scores, components, why somebody takes no part."""

from __future__ import annotations

from components import formats
from components.language import _, words
from components.rating_words import group_name, mark_said, points, rate
from models.rules.rating import Component, Mark, Scheme, Signals, Unrated
from models.rules.rating.freezing import PartShown
from models.rules.rating.outcome import Outcome
from models.rules.wording import say

# fmt: off
CASES = {
    Component.outcome:      say("{count} 件|样本"),
    Component.satisfaction: say("{count} 份|样本"),
    Component.first_pass:   say("{count} 件|样本"),
    Component.timeliness:   say("{count} 件|样本"),
}
# fmt: on
_BOTH_TENTHS = 5
"""Per cent below and above an interval of nine tenths."""


def component_name(component: Component) -> str:
    """What a component is called."""
    return formats.label(component)


def mark_words(mark: Mark | None) -> str:
    """A grade with its name, `B 良好`; 未参评 for none."""
    return _("未参评") if mark is None else mark_said(mark)


def interval_words(low: int | None, high: int | None, scheme: Scheme) -> str:
    """`九成把握在 80.2 – 89.4 之间`."""
    ends = {"low": points(low), "high": points(high)}
    if scheme.interval_percent == _BOTH_TENTHS:
        return _("九成把握在 {low} – {high} 之间").format(**ends)
    sure = 100 - 2 * scheme.interval_percent
    return _("{sure}% 把握在 {low} – {high} 之间").format(sure=sure, **ends)


def ranks_words(read: Outcome) -> str:
    """`专利代理类 23 家中第 6 – 11 位`; empty for who takes no part."""
    if read.rank_from is None or read.rank_to is None:
        return ""
    facts = {"group": group_name(read.peer_group), "of": read.ranked_of}
    if read.rank_from == read.rank_to:
        return _("{group} {of} 家中第 {rank} 位").format(rank=read.rank_from, **facts)
    said = _("{group} {of} 家中第 {best} – {worst} 位")
    return said.format(best=read.rank_from, worst=read.rank_to, **facts)


def cases_words(part: PartShown) -> str:
    """How many cases a component counts: `38 件`, `31 份`; none for conduct."""
    if part.component is Component.conduct:
        return formats.NOTHING
    return words(CASES[part.component]).format(count=formats.count(part.cases))


def own_words(part: PartShown, lapses: int) -> str:
    """The agency's own rate; of conduct, how many lapses."""
    if part.component is Component.conduct:
        return _("{count} 起|样本").format(count=lapses)
    return rate(part, part.own_millionths)


def missing_words(signals: Signals, why: Unrated, scheme: Scheme) -> str:
    """Why an agency takes no part, and what is missing."""
    if why is Unrated.young:
        return _("入会满 {least} 个月起参评；到期末满 {months} 个月，还差 {missing} 个月。").format(
            least=scheme.least_months,
            months=signals.months,
            missing=scheme.least_months - signals.months,
        )
    return _("办结满 {least} 份协议起参评；本期计 {count} 份，还差 {missing} 份。").format(
        least=scheme.least_concluded,
        count=signals.concluded,
        missing=scheme.least_concluded - signals.concluded,
    )
