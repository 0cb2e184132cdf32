"""The year's ratings (服务质量考评): a half-year published, with an appeal that made a second version; the
months after it sent to the agencies, with replies that wait; the running ones collecting; a version of
the scheme that waits for a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models.actions.rating_consequences import confirm_consequence, turn_down_consequence
from models.actions.rating_replies import Verdict, answer, appeal, reply
from models.actions.rating_schemes import draft_scheme
from models.actions.ratings import (
    begin_review,
    compute_preview,
    open_period,
    open_replies,
    publish_ratings,
)
from models.clock import today
from models.queries.rating_results import outcomes_now
from models.rules.months import YearMonth
from models.rules.rating.adjusting import Adjustment
from models.rules.rating.consequences import Consequence
from models.rules.rating.schemes import DEFAULT, scheme_content
from models.rules.rating.signals import Component
from models.rules.rating.window import Window
from models.tables.ratings import RatingConsequence, RatingPeriod
from seed.year.cast import House
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import Timeline, at

_HALF = 6
_RATER, _ANSWERER, _THIRD = "reviewer3", "reviewer2", "intake"
_TIED_HOUSE = 7
"""The answerer is tied to it."""
_DAYS_AHEAD = 6
"""Working days between the last window's end and the year's: below that a month less is rated."""
_PREVIEWED_BEFORE, _SENT_BEFORE, _REPLIED_BEFORE = 5, 4, 2


def rating(stage: Stage) -> Iterator[datetime]:
    """Three periods, one after the other."""
    published, sent, running = windows(stage.timeline)
    yield from _published(stage, published, sent)
    yield from _sent(stage, sent, running)


def rating_time(stage: Stage) -> datetime:
    """When the year's first period is opened."""
    first_day = windows(stage.timeline)[0].first_day
    opens = max(first_day, stage.timeline.opens_on)
    return at(stage.timeline.forward(opens, 2), 10 * 60)


def windows(timeline: Timeline) -> tuple[Window, Window, Window]:
    """The months of the three periods: published, with the agencies, running."""
    last = timeline.current.previous()
    first = _back(last, _HALF - 1)
    published = Window(_back(first, _HALF), first.previous())
    if timeline.calendar.working_days_between(last.last_day, timeline.until) < _DAYS_AHEAD:
        last = last.previous()
    running = Window(last.next(), _back(last, -_HALF))
    return published, Window(first, last), running


def _back(month: YearMonth, months: int) -> YearMonth:
    for _ in range(abs(months)):
        month = month.previous() if months > 0 else month.next()
    return month


# ---------------------------------------------------------------- published


def _published(stage: Stage, window: Window, following: Window) -> Iterator[datetime]:
    line, month = stage.timeline, str(window.last)
    open_period(stage.session, stage.actor(_RATER), window)
    yield at(line.forward(window.last_day, 4), 9 * 60 + 40)
    _open_next(stage, following)
    _step(stage, _RATER, compute_preview, month)
    yield at(line.forward(today(), 1), 10 * 60)
    _step(stage, _RATER, open_replies, month)
    yield at(line.forward(today(), 3), 15 * 60)
    asked = _weakest(stage, month, 6)[:2]
    upheld = _reply(stage, asked[0], month, Component.timeliness, _LATE)
    dismissed = _reply(stage, asked[1], month, Component.satisfaction, _STARS)
    yield at(line.forward(today(), 3), 11 * 60)
    _answer(stage, _ANSWERER, upheld, _LATE_ANSWER, _good(Component.timeliness))
    _answer(stage, _ANSWERER, dismissed, _STARS_ANSWER)
    yield at(line.forward(today(), 3), 9 * 60 + 30)
    _step(stage, _RATER, begin_review, month)
    yield at(line.forward(today(), 2), 16 * 60)
    _step(stage, "lead", publish_ratings, month)
    yield at(line.forward(today(), 4), 14 * 60)
    house = _weakest(stage, month, 10)[-1]
    one = appeal(
        stage.session, stage.actor(house.username), month, Component.first_pass, _RETURN,
        (("退回说明.pdf", paper("退回说明", (house.name, _RETURN))),),
    )  # fmt: skip
    yield at(line.forward(today(), 3), 10 * 60 + 20)
    _answer(stage, _THIRD, one, _RETURN_ANSWER, _good(Component.first_pass))
    yield at(line.forward(today(), 2), 15 * 60 + 30)
    _decide(
        stage, Consequence.spot_check, confirm_consequence, "演示：经联盟会议研究，列入重点抽查。"
    )
    _decide(
        stage, Consequence.priority, turn_down_consequence, "演示：该机构在办件较多，本期不优先。"
    )


_LATE = "演示：有一件因企业推迟提供材料而超期，附企业书面说明。"
_LATE_ANSWER = "演示：经与企业核实，推迟由企业提出，该件改计为按时。"
_STARS = "演示：有一家企业评分偏低，请求不计。"
_STARS_ANSWER = "演示：评分由企业本人给出，无证据表明有误，维持原数。"
_RETURN = "演示：有一件退回补正系审核时限内系统未显示附件所致，请求复核。"
_RETURN_ANSWER = "演示：经查附件在提交时已上传，该件改计为一次通过。"


# ---------------------------------------------------------------- with the agencies, and running


def _sent(stage: Stage, window: Window, running: Window) -> Iterator[datetime]:
    line, month = stage.timeline, str(window.last)
    yield at(line.forward(running.first_day - timedelta(days=1), 1), 9 * 60 + 10)
    open_period(stage.session, stage.actor(_RATER), running)
    yield at(_since(line, window, _PREVIEWED_BEFORE), 9 * 60 + 50)
    _step(stage, _RATER, compute_preview, month)
    yield at(line.back(line.until, _SENT_BEFORE), 10 * 60 + 30)
    _step(stage, _RATER, open_replies, month)
    yield at(line.back(line.until, _REPLIED_BEFORE), 14 * 60)
    asked = _weakest(stage, month, 8)
    answered = _reply(stage, asked[0], month, Component.timeliness, _LATE)
    _reply(stage, asked[1], month, Component.outcome, _RESULT)
    _reply(stage, asked[2], month, Component.satisfaction, _STARS)
    yield at(line.last_working_day, 10 * 60)
    _answer(stage, _ANSWERER, answered, _LATE_ANSWER, _good(Component.timeliness))
    _reply(stage, asked[3], month, Component.conduct, _LAPSE)
    written = scheme_content(DEFAULT) | {"weight_outcome": "35", "weight_satisfaction": "25"}
    draft_scheme(stage.session, stage.actor(_ANSWERER), written, "演示：提高企业满意度的权重。")


_RESULT = "演示：有一件已取得证书，失败归因应为企业，附证书。"
_LAPSE = "演示：补正已按期提交，系统记为逾期，附提交截图。"


def _since(line: Timeline, window: Window, before: int) -> date:
    """So many working days before the year's end, and after the window's."""
    return max(line.back(line.until, before), line.forward(window.last_day, 1))


# ---------------------------------------------------------------- pieces


def _open_next(stage: Stage, window: Window) -> None:
    open_period(stage.session, stage.actor(_RATER), window)


def _step(stage: Stage, who: str, act: Callable[..., Any], month: str) -> None:
    act(stage.session, stage.actor(who), month, _period(stage, month).version)


def _period(stage: Stage, month: str) -> RatingPeriod:
    statement = select(RatingPeriod).where(col(RatingPeriod.last_month) == month)
    return stage.session.execute(statement).scalar_one()


def _weakest(stage: Stage, month: str, count: int) -> list[House]:
    """The rated agencies with the lowest scores that somebody is free to answer and that came late
    once, the lowest first."""
    houses = {house.id: house for house in stage.cast.houses if house.number != _TIED_HOUSE}
    found = sorted(
        (one for one in outcomes_now(stage.session, _period(stage, month)).values()
         if one.score_hundredths is not None and one.agency_id in houses and _has_room(one)),
        key=lambda one: (one.score_hundredths or 0, one.agency_id),
    )  # fmt: skip
    return [houses[one.agency_id] for one in found[:count]]


def _has_room(one: Any) -> bool:
    """Whether a case more may be good in time and at pre-review."""
    signals = one.signals
    return all(tally.cases - tally.good >= 1 for tally in (signals.timeliness, signals.first_pass))


def _reply(stage: Stage, house: House, month: str, component: Component, said: str) -> int:
    content = paper("申辩说明", (house.name, said))
    return reply(
        stage.session, stage.actor(house.username), month, component, said,
        (("申辩说明.pdf", content),),
    )  # fmt: skip


def _good(component: Component) -> Adjustment:
    return Adjustment(component, good_quarters=4)


def _answer(stage: Stage, who: str, one: int, words: str, *made: Adjustment) -> None:
    answer(stage.session, stage.actor(who), one, Verdict(bool(made), words, made))


def _decide(stage: Stage, kind: Consequence, act: Callable[..., Any], reason: str) -> None:
    """The lead decides on the first proposal of a kind, where there is one."""
    first = (
        select(col(RatingConsequence.id))
        .where(
            col(RatingConsequence.kind) == kind,
            col(RatingConsequence.decided_at_utc).is_(None),
        )
        .order_by(col(RatingConsequence.id))
        .limit(1)
    )
    one = stage.session.execute(first).scalar_one_or_none()
    if one is not None:
        act(stage.session, stage.actor("lead"), one, reason)
