"""The month's calendar (月度安排): until when a claim counts for a month, and by when each body is to
have done its part.

Source: `dalian-hightech` 五.3(2) names the bodies and says monthly; it prints no days. All of them
are settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from models.rules.wording import Wording, say
from models.rules.working_days import Calendar

LAST_DAY = 31
"""The cut-off day that is every month's last."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: how long a claim may lie in a state (办理时限).

    Attributes:
        state: while it stands there the clock runs.
        setting: the name of its time in working days.
        is_of_cycle: the body works on the month's application, so it has a day of its own in the
            month's calendar.
    """

    state: State
    name: Wording
    setting: str
    is_of_cycle: bool = True


# fmt: off
CLOCKS: tuple[Clock, ...] = (
    Clock(State.submitted,   say("联盟初审"),       "pre_review_due_working_days", is_of_cycle=False),
    Clock(State.applied,     say("科技创新局复核"), "re_review_due_working_days"),
    Clock(State.re_reviewed, say("管委会审批"),     "approve_due_working_days"),
    Clock(State.approved,    say("财政局支付补贴"), "pay_due_working_days"),
    Clock(State.agency_paid, say("财政局发放奖励"), "reward_due_working_days", is_of_cycle=False),
)
# fmt: on
CLOCK_STATES = frozenset(clock.state for clock in CLOCKS)
LEAVES = frozenset(
    {
        Action.pass_pre_review, Action.return_pre_review, Action.refuse_pre_review,
        Action.pass_re_review, Action.approve, Action.return_office, Action.refuse_office,
        Action.ask_agency, Action.pay_agency, Action.reward_enterprise,
    }
)  # fmt: skip
"""The steps by which a body lets go of a claim: its own decisions, not what the agency withdrew."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """By when one body is to have done its part of a month."""

    name: Wording
    due_on: date


@dataclass(frozen=True, slots=True)
class MonthCalendar:
    """The days of one month (月度安排).

    Attributes:
        cutoff_on: the last day whose claims count for the month (截止日).
        due: sending it, then each body, in the order of the course.
    """

    month: YearMonth
    cutoff_on: date
    due: tuple[DueDay, ...]


def cutoff_of(month: YearMonth, cutoff_day: int) -> date:
    """The last day whose claims count for a month; a day it does not have is its last."""
    return month.first_day.replace(day=min(cutoff_day, month.last_day.day))


def filing_month(on: date, cutoff_day: int) -> YearMonth:
    """The month a claim filed on a day counts for: after the cut-off, the next."""
    month = YearMonth.containing(on)
    return month if on <= cutoff_of(month, cutoff_day) else month.next()


def month_calendar(
    calendar: Calendar,
    month: YearMonth,
    cutoff_day: int,
    apply_days: int,
    body_days: tuple[tuple[Wording, int], ...],
) -> MonthCalendar:
    """The days of a month: each body's time begins where the one before it must have ended.

    Args:
        calendar: the working days of the deployment.
        month: the month of account.
        cutoff_day: the day of the month until which claims count for it.
        apply_days: working days after the cut-off in which it is sent.
        body_days: then each body with its working days.
    """
    cutoff_on = cutoff_of(month, cutoff_day)
    due, day = [], cutoff_on
    for name, days in ((say("联盟统一申请"), apply_days), *body_days):
        day = calendar.add_working_days(day, days)
        due.append(DueDay(name, day))
    return MonthCalendar(month, cutoff_on, tuple(due))
