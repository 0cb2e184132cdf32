"""Agency quality ratings (服务质量考评): fair to small samples, explained, answerable.

    window     the months looked at
    cases      what of a claim or an agreement counts, and whether it was good
    signals    what is known of an agency: cases, and how many of them were good
    scheme     weights, thresholds, minimums; versioned
    score      each component shrunk to the peers' mean, the score and its interval
    raising    the fewest good cases that would lead to a better grade

Source: `dalian-hightech` 五.1 asks for agencies of quality; no document prints a formula. The scheme
is a setting, its properties are tested, and its cases can be followed by hand.
"""

from models.rules.rating.raising import (
    Raise,
    Together,
    WayUp,
    what_would_raise,
    with_more_good,
    with_more_good_everywhere,
)
from models.rules.rating.scheme import Mark, Scheme
from models.rules.rating.score import Part, Rating, Unrated, rating, ratings
from models.rules.rating.signals import (
    COUNTED,
    Component,
    Gate,
    Penalty,
    Signals,
    Tally,
    satisfaction_good,
    tally_of,
)
from models.rules.rating.window import Window, months_between

__all__ = [
    "COUNTED",
    "Component",
    "Gate",
    "Mark",
    "Part",
    "Penalty",
    "Raise",
    "Rating",
    "Scheme",
    "Signals",
    "Tally",
    "Together",
    "Unrated",
    "WayUp",
    "Window",
    "months_between",
    "rating",
    "ratings",
    "satisfaction_good",
    "tally_of",
    "what_would_raise",
    "with_more_good",
    "with_more_good_everywhere",
]
