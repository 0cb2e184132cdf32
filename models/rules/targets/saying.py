"""One sentence for a slide (会议标题句), computed from the figures and never written by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from models.rules.targets.facts import (
    FIT_NAMES,
    GRADE_NAMES,
    KIND_NAMES,
    Actual,
    ActualKind,
    Comparison,
    Fit,
    Grade,
    Target,
)
from models.rules.targets.reading import Reading, Status
from models.rules.wording import Fact, Stored, Wording, say

# fmt: off
_AROUND = {  # "at least" is what a target is taken for
    Comparison.at_most:   say("≤{amount}"),
    Comparison.more_than: say(">{amount}"),
    Comparison.about:     say("约 {amount}"),
}
# fmt: on
_AMOUNTS = frozenset({"target", "value", "expected", "gap"})

# fmt: off
_SENTENCES = {
    Status.met_early:   say("{indicator} {year} 年达到 {value}，早于目标年 {target_year}（目标 {target}）"),
    Status.met_on_time: say("{indicator} {year} 年达到 {value}，目标 {target}按期达成"),
    Status.met_late:    say("{indicator} {target_year} 年未到 {target}，{year} 年达到 {value}"),
    Status.met_by:      say("{indicator} {year} 年为 {value}，已过目标 {target}；{target_year} 年没有公开数据"),
    Status.missed:      say("{indicator} {year} 年为 {value}，未到目标 {target}（{target_year} 年）"),
    Status.not_shown:   say("{indicator}目标 {target}（{target_year} 年）：已知 {year} 年 {value}，不足以判定"),
    Status.on_track:    say("{indicator} {year} 年为 {value}，不落后于应达的 {expected}"),
    Status.behind:      say("{indicator} {year} 年为 {value}，落后于应达的 {expected}"),
    Status.under_way:   say("{indicator} {year} 年为 {value}，目标 {target}（{target_year} 年）"),
    Status.no_data:     say("{indicator}目标 {target}（{target_year} 年）：没有公开数据"),
    Status.only_part:   say("{indicator}目标 {target}（{target_year} 年）：只有期中、单年或预计数，不作判定"),
    Status.not_read:    say("{indicator}：{target}是申报条件，不作判定"),
}
# fmt: on
_IMPLIED = say("{indicator}：{target}是隐含基数，不作判定")
_SHORT = say("{indicator} {target_year} 年差 {gap}，{year} 年达到 {value}")
_FAR_SHORT = say("{indicator} {target_year} 年为 {value}，差 {gap}")


def headline(reading: Reading) -> Wording:
    """What a slide says of a target, its numbers bare and its name left open for `spoken`.

    Args:
        reading: where it stands.
    """
    target, decided_by = reading.target, reading.decided_by
    facts: dict[str, Fact] = {
        "target": goal_words(target),
        "target_year": target.target_year,
        "year": decided_by.year if decided_by else None,
        "value": _value_words(decided_by) if decided_by else None,
        "expected": figure(reading.expected) if reading.expected is not None else None,
        "gap": figure(abs(reading.gap)) if reading.gap is not None else None,
    }
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return say(_template(reading).template, **known)


def spoken(sentence: Wording, indicator: str, amount: Callable[[str], str]) -> Wording:
    """A headline with the indicator's name and its numbers with their unit.

    Args:
        sentence: what `headline` gave.
        indicator: the indicator's name.
        amount: puts the unit to a number: `1,000` → `1,000 家`.
    """
    facts = {
        name: with_unit(fact, amount) if name in _AMOUNTS else fact for name, fact in sentence.facts
    }
    return Wording(sentence.template, tuple({**facts, "indicator": indicator}.items()))


def with_unit(number: Stored, amount: Callable[[str], str]) -> Stored:
    """A number, or the words around one, with its unit; of a range the last has it."""
    if not isinstance(number, Wording):
        return amount(str(number))
    facts = ((name, amount(str(fact)) if name == "amount" else fact) for name, fact in number.facts)
    return Wording(number.template, tuple(facts))


def goal_words(target: Target) -> Wording | str:
    """The promise as the plan words it, its number bare: `1,000`, `>1,000`, `2–3`."""
    if target.value_max is not None:
        return say("{low}–{amount}", low=figure(target.value), amount=figure(target.value_max))
    around = _AROUND.get(target.comparison)
    if around is None:
        return figure(target.value)
    return say(around.template, amount=figure(target.value))


def caveats(reading: Reading) -> tuple[Wording, ...]:
    """What must be said beside the figures of the headline: how far each is to be trusted."""
    told = dict.fromkeys(one for one in (reading.at_target, reading.decided_by) if one is not None)
    return tuple(
        say("{year} 年数为{trust}", year=one.year, trust=trust(one))
        for one in told
        if not one.is_plain
    )


def trust(actual: Actual) -> tuple[Wording, ...]:
    """How a figure came about where that must be said; nothing for a plain one."""
    said = [KIND_NAMES[actual.kind]] if actual.kind is ActualKind.derived else []
    said += [GRADE_NAMES[actual.grade]] if actual.grade is Grade.low else []
    said += [FIT_NAMES[actual.fit]] if actual.fit is not Fit.same else []
    return tuple(said)


def amount(number: str, unit: str) -> str:
    """A number with its unit as Chinese writes it: `1,000 家`, `2.4%`."""
    return f"{number}%" if unit == "%" else f"{number} {unit}"


def figure(value: Decimal, places: int = 2) -> str:
    """A number as it is read aloud: grouped, at most so many decimals, none that say nothing, and a
    true minus."""
    text = f"{round(value, places):,f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if plain == "-0" else plain.replace("-", "−")


def _value_words(actual: Actual) -> Wording | str:
    value = figure(actual.value)
    return say(">{amount}", amount=value) if actual.is_over else value


def _template(reading: Reading) -> Wording:
    """Where the target year itself is known to be short, the sentence says by how much."""
    if reading.at_target is not None and reading.status is Status.met_late:
        return _SHORT
    if reading.at_target is not None and reading.status is Status.missed:
        return _FAR_SHORT
    if reading.status is Status.not_read and reading.target.is_derived:
        return _IMPLIED
    return _SENTENCES[reading.status]
