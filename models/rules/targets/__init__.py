"""Targets (城市目标): what a plan promised, what became of it, and how that is said.

    facts      a target and its actuals, as the rules see them
    choosing   which of contradicting figures counts, and why
    entries    what somebody enters of a figure, and what is wrong with it
    reading    where the target stands on a day
    path       the value expected by now, the pace still needed, a projection
    saying     one sentence for a slide
    slides     what a meeting shows, as facts that can be kept

Source: the five plans; `3-domain` of each figure is its document and clause.
"""

from models.rules.targets.facts import (
    Actual,
    ActualKind,
    Comparison,
    Direction,
    Fit,
    Grade,
    IndicatorKind,
    Measure,
    Target,
)
from models.rules.targets.path import (
    Growth,
    Pace,
    expected_on,
    implied_pace,
    needed_pace,
    projected,
)
from models.rules.targets.reading import Reading, Status, drawn, reading
from models.rules.targets.saying import headline, spoken

__all__ = [
    "Actual",
    "ActualKind",
    "Comparison",
    "Direction",
    "Fit",
    "Grade",
    "Growth",
    "IndicatorKind",
    "Measure",
    "Pace",
    "Reading",
    "Status",
    "Target",
    "drawn",
    "expected_on",
    "headline",
    "implied_pace",
    "needed_pace",
    "projected",
    "reading",
    "spoken",
]
