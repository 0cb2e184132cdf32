"""A target's path in words, the same on its screen and in a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from components.charts.target_path import Path, Point
from components.language import CHINESE, _, language, words
from models.rules.targets import Growth, Target
from models.rules.targets.saying import amount as in_chinese
from models.rules.targets.saying import figure, goal_words, with_unit
from models.rules.targets.slides import Mark, MarkKind, Named
from models.rules.wording import Stored, Wording


def name(named: Named) -> str:
    """A name in the visitor's language."""
    return named.zh if language() == CHINESE else named.en


def amount(value: Decimal, unit: Named) -> str:
    """A number with its unit: `1,000 家`, `2.4%`; in English money is told in millions."""
    return amount_of(figure(value), unit)


def amount_of(number: str, unit: Named) -> str:
    """A written number with its unit, as the visitor's language has it."""
    if language() == CHINESE or unit.zh == "%":
        return in_chinese(number, unit.zh)
    value = Decimal(number.replace(",", "").replace("−", "-"))
    if unit.zh in _LARGE:
        return _LARGE[unit.zh][0].format(figure(value / _share(unit)))
    return f"{number} {_singular(unit.en) if value == 1 else unit.en}"


def _singular(plural: str) -> str:
    """One of a unit that is named in the plural: `rounds per month` → `round per month`."""
    first, space, rest = plural.partition(" ")
    return f"{first.removesuffix('s')}{space}{rest}"


def _share(unit: Named) -> Decimal:
    """How many of a unit make the one the visitor's language counts in."""
    is_large = language() != CHINESE and unit.zh in _LARGE
    return _LARGE[unit.zh][1] if is_large else Decimal(1)


_LARGE = {
    "亿元": ("CNY {} billion", Decimal(10)),
    "万元": ("CNY {} million", Decimal(100)),
    "元": ("CNY {}", Decimal(1)),
    "万人次": ("{} visits", Decimal("0.0001")),
    "亿尾": ("{} million fry", Decimal("0.01")),
}
"""How English tells a unit that counts in ten thousands, and how many of it make one of those."""


def goal_said(target: Target, unit: Named) -> str:
    """The promise as the plan words it, with its unit: `>1,000 亿元`, `2–3 家`."""
    return put_unit(goal_words(target), unit)


def put_unit(number: Stored, unit: Named) -> str:
    """A bare number, or the words around one, with its unit."""
    said = with_unit(number, lambda bare: amount_of(bare, unit))
    return words(said) if isinstance(said, Wording) else str(said)


def spoken_path(
    marks: Iterable[Mark],
    goal: Decimal,
    goal_words: Stored,
    target_year: int,
    unit: Named,
    gap: Decimal | None,
) -> Path:
    """The path as its chart draws it.

    Args:
        marks: figures, the way there, a projection.
        goal: the target's value.
        goal_words: as the plan words it, bare.
        target_year: its year.
        unit: of all of them.
        gap: how far the target year fell short; `None` where it did not.
    """
    share = _share(unit)
    return Path(
        points=tuple(_point(mark, share) for mark in marks),
        goal=float(goal / share),
        goal_said=_("目标 {amount}（{year} 年）").format(
            amount=put_unit(goal_words, unit), year=target_year
        ),
        target_year=target_year,
        gap_said=_("差 {amount}").format(amount=amount(gap, unit)) if gap else "",
    )


def legend(marks: Iterable[Mark], growth: Growth | None, silent: Sequence[int]) -> str:
    """What the marks mean, of those that are there; years without a figure in words."""
    kinds = {mark.kind for mark in marks}
    actual = [mark for mark in marks if mark.kind is MarkKind.actual]
    parts = [
        _("● 公开通报") if any(not mark.is_hollow for mark in actual) else "",
        _("○ 推算") if any(mark.is_hollow for mark in actual) else "",
        _("浅色：可信度低") if any(mark.is_weak for mark in actual) else "",
        _("◇ 基数") if MarkKind.base in kinds else "",
        _way_words(growth),
        _("··· 外推") if MarkKind.projected in kinds else "",
        silent_words(silent),
    ]
    return "　".join(part for part in parts if part)


def silent_words(years: Sequence[int]) -> str:
    """Years for which nothing was published."""
    if not years:
        return ""
    said = _("、").join(_spans(years))
    return _("{years} 年无公开数据，不连线").format(years=said)


def _way_words(growth: Growth | None) -> str:
    if growth is None:
        return ""
    is_multiple = growth is Growth.geometric
    return _("- - 应达进度（按倍增推算）") if is_multiple else _("- - 应达进度（按等量推算）")


def _spans(years: Sequence[int]) -> list[str]:
    """Years as people list them: `2016`, `2018–2020`."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return [f"{span[0]}–{span[-1]}" if len(span) > 2 else _("、").join(map(str, span))
            for span in spans]  # fmt: skip


def _point(mark: Mark, share: Decimal) -> Point:
    value = mark.value / share
    return Point(
        mark.year, float(value), mark.kind.value, mark.is_hollow, mark.is_weak,
        _said(mark, figure(value)),
    )  # fmt: skip


def _said(mark: Mark, value: str) -> str:
    match mark.kind:
        case MarkKind.base:
            return _("基数 {value}").format(value=value)
        case MarkKind.expected:
            return ""
        case MarkKind.projected:
            return _("外推 {value}").format(value=value)
    trust = [_("推算")] if mark.is_hollow else []
    trust += [_("低可信")] if mark.is_weak else []
    return " ".join([value, _("、").join(trust)]).strip()
