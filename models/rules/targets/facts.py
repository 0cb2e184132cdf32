"""A target (目标) and its actuals (实绩), as the rules see them: numbers, days, and how far to trust
them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.wording import say


class Comparison(StrEnum):
    """How a plan words its number."""

    at_least = "at_least"  # 以上
    at_most = "at_most"  # 以内
    reach = "reach"  # 达到
    more_than = "more_than"  # 超过
    about = "about"  # 左右
    range = "range"  # 2—3
    increase_by = "increase_by"  # 新增
    growth_rate = "growth_rate"  # 增长
    share = "share"  # 占比
    threshold = "threshold"  # 条件: says whom a promise is for, and is never read


class Measure(StrEnum):
    """What the number of a target measures."""

    stock = "stock"  # 期末存量
    increment = "increment"  # 期内新增
    flow = "flow"  # 当年流量
    rate = "rate"  # 比率
    growth = "growth"  # 累计增幅
    annual_growth = "annual_growth"  # 年均增速
    multiple = "multiple"  # 倍数


class IndicatorKind(StrEnum):
    """What an indicator (指标) counts; kinds never share an axis."""

    stock = "stock"  # 存量
    cumulative = "cumulative"  # 累计
    flow = "flow"  # 年度
    rate = "rate"  # 比率
    growth = "growth"  # 增速


class Direction(StrEnum):
    """Which way is better."""

    up = "up"
    down = "down"
    reach = "reach"


class ActualKind(StrEnum):
    """Where an actual (实绩) comes from."""

    reported = "reported"  # 公开通报
    part_year = "part_year"  # 期中
    derived = "derived"  # 推算
    forecast = "forecast"  # 预计


class Grade(StrEnum):
    """How far a source is to be trusted (可信度)."""

    high = "high"
    medium = "medium"
    low = "low"


class Fit(StrEnum):
    """How an actual's indicator stands to the target's (口径)."""

    same = "same"  # 同口径
    narrower = "narrower"  # 口径较窄
    broader = "broader"  # 口径较宽
    proxy = "proxy"  # 替代指标


# fmt: off
KIND_NAMES = {
    ActualKind.reported:  say("公开通报"),
    ActualKind.part_year: say("期中数"),
    ActualKind.derived:   say("推算"),
    ActualKind.forecast:  say("预计"),
}
GRADE_NAMES = {
    Grade.high:   say("可信度高"),
    Grade.medium: say("可信度中"),
    Grade.low:    say("可信度低"),
}
FIT_NAMES = {
    Fit.same:     say("同口径"),
    Fit.narrower: say("口径较窄"),
    Fit.broader:  say("口径较宽"),
    Fit.proxy:    say("替代指标"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Target:
    """One quantified promise of a plan (目标).

    Attributes:
        value: the promise, in the indicator's unit; with `value_max` the lower end of a range.
        base_year: the year it is counted from, where printed or fixed by the plan's period.
        base_value: what stood at the end of that year, printed or implied.
        base_is_implied: the base follows from the plan's own multiple and is printed nowhere.
        is_derived: it is such a base itself, kept beside what is printed, and promises nothing.
        is_multiple: the plan words it as a multiple (翻两番), so that the way there is geometric.
        about_percent: how far 左右 reaches to either side (setting).
    """

    id: str
    comparison: Comparison
    value: Decimal
    target_year: int
    measure: Measure
    kind: IndicatorKind
    direction: Direction = Direction.up
    value_max: Decimal | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    base_is_implied: bool = False
    is_derived: bool = False
    is_multiple: bool = False
    about_percent: int = 5

    @property
    def due_on(self) -> date:
        """The last day on which it is in time."""
        return date(self.target_year, 12, 31)

    @property
    def is_read(self) -> bool:
        """Whether there is anything to read: a threshold or an implied base promises nothing."""
        return self.comparison is not Comparison.threshold and not self.is_derived

    def is_met_by(self, value: Decimal, *, is_over: bool = False) -> bool:
        """Whether a value keeps the promise; `is_over`: its source says that it is more (突破)."""
        match self.comparison:
            case Comparison.at_most:
                return value <= self.value
            case Comparison.more_than:
                return value > self.value or (is_over and value == self.value)
            case Comparison.about:
                slack = abs(self.value) * self.about_percent / 100
                return abs(value - self.value) <= slack or self._is_beyond(value)
        if self.value_max is not None and self.value <= value <= self.value_max:
            return True
        return value == self.value or self._is_beyond(value)

    def _is_beyond(self, value: Decimal) -> bool:
        """Whether a value lies on the better side of the promise."""
        if self.direction is Direction.down:
            return value < self.value
        return value > self.value and self.direction is Direction.up


@dataclass(frozen=True, slots=True)
class Actual:
    """One published figure (实绩) of an indicator at a place.

    Attributes:
        as_of: the last day it speaks of.
        value: in the indicator's unit.
        fit: how its indicator stands to the one it is read for.
        is_over: the source says that it is more than the value (突破, 以上).
        since: the first day of the stretch of time it speaks of; `None`: it speaks of one day.
        published_on: when its source appeared, if known.
    """

    id: str
    as_of: date
    value: Decimal
    kind: ActualKind = ActualKind.reported
    grade: Grade = Grade.high
    fit: Fit = Fit.same
    published_on: date | None = None
    is_over: bool = False
    since: date | None = None

    @property
    def is_period(self) -> bool:
        """Whether it speaks of a stretch of time, not of one day."""
        return self.since is not None

    @property
    def is_plain(self) -> bool:
        """Whether nothing need be said beside it: reported, not of a low grade, of the target's own
        scope."""
        is_sure = self.kind is not ActualKind.derived and self.grade is not Grade.low
        return is_sure and self.fit is Fit.same

    @property
    def year(self) -> int:
        """The year it speaks of."""
        return self.as_of.year
