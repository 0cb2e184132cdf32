"""Versions of the rating scheme: drafted by one person, decided on by another, used by the previews
that come after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from models.actions.rating_schemes import (
    confirm_scheme,
    draft_scheme,
    turn_down_scheme,
    withdraw_scheme,
)
from models.actions.ratings import compute_preview
from models.database import session
from models.queries.rating_schemes import scheme_in_force, scheme_numbered, scheme_versions
from models.rules.changes import ChangeState
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotFound,
    ReasonMissing,
    SeenIsStale,
)
from models.rules.rating.period_life import PeriodState
from models.rules.rating.schemes import DEFAULT, scheme_content
from models.rules.rating.signals import Component
from models.tables.ratings import RatingScheme
from tests.league import League, make_league, stating
from tests.models.queries.test_verification import alter, told
from tests.rivals import at_once
from tests.world import Opener

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
STRICTER = scheme_content(DEFAULT) | {"weight_outcome": "30", "weight_conduct": "20"}


@pytest.fixture
def league(opened: Opener) -> Iterator[League]:
    """A league of the test's own, its signals stated."""
    made: League = opened(make_league)
    with stating(made):
        yield made


def draft(league: League, who: str = "reviewer", why: str = "加重规范经营", **more: str) -> int:
    """Somebody drafts a version."""
    with league.session() as current:
        return draft_scheme(current, league.people[who], STRICTER | more, why)


def act(league: League, step: Callable[..., Any], who: str, *more: Any) -> None:
    """Somebody decides on version 2."""
    with league.session() as current:
        step(current, league.people[who], 2, *more)


def states(league: League) -> list[ChangeState]:
    """Where each version stands."""
    with session(league.engine) as current:
        statement = select(RatingScheme.state).order_by(col(RatingScheme.version))
        return list(current.exec(statement).all())


def test_a_version_holds_once_another_person_confirmed_it(league: League) -> None:
    league.bring(PeriodState.preview)
    assert draft(league, "lead") == 2
    with league.session() as current:
        assert scheme_in_force(current) == DEFAULT
    with league.refused(NotAllowed, "起草人不能确认自己的草稿"):
        act(league, confirm_scheme, "lead")
    act(league, confirm_scheme, "lead2")
    with league.session() as current:
        assert scheme_in_force(current).weights[Component.conduct] == 20
        assert scheme_numbered(current, 1) == DEFAULT
    assert league.board().scheme == DEFAULT
    league.go("reviewer", compute_preview)
    assert league.board().scheme.version == 2
    with session(league.engine) as current:
        second, first = scheme_versions(current, league.people["leader"])
    assert (second.drafted_by, second.decided_by, first.id) == ("lead 1", "lead2 1", 0)
    assert league.is_sound()
    alter(league, "UPDATE rating_scheme SET content = '{}'")
    assert "考评方案“2”的考评方案参数与操作记录不符" in told(league)


@ONE
def test_who_drafts_and_decides(league: League) -> None:
    for who in ("agency", "bureau", "leader"):
        with league.refused(NotAllowed, "联盟初审员"):
            draft(league, who)
    draft(league)
    for who in ("reviewer2", "bureau"):
        with league.refused(NotAllowed, "联盟负责人"):
            act(league, confirm_scheme, who)
        with league.refused(NotAllowed, "联盟负责人"):
            act(league, turn_down_scheme, who, "x")
    with league.refused(NotAllowed, "只有起草人可以撤回"):
        act(league, withdraw_scheme, "lead")
    with league.refused(ReasonMissing, "请写明理由"):
        act(league, turn_down_scheme, "lead", " ")
    with league.refused(NotFound, "没有第 9 版"), league.session() as current:
        confirm_scheme(current, league.people["lead"], 9)
    act(league, turn_down_scheme, "lead", "暂不调整")
    with league.refused(SeenIsStale, "lead 1已于 .*未采用"):
        act(league, confirm_scheme, "lead2")
    assert states(league) == [ChangeState.turned_down]


@ONE
def test_what_a_draft_needs(league: League) -> None:
    with league.refused(FigureRefused, "合计须为 100，现为 101"):
        draft(league, weight_outcome="31")
    with league.refused(FigureRefused, "参评最少入会月数：须在 0 至 60 之间"):
        draft(league, least_months="x")
    with league.refused(ReasonMissing, "请写明理由"):
        draft(league, why=" ")
    with league.refused(AlreadyDone, "与现行考评方案相同"):
        draft(league, **scheme_content(DEFAULT))
    draft(league)
    with league.refused(AlreadyDone, "待确认"):
        draft(league, "lead")
    act(league, withdraw_scheme, "reviewer")
    with session(league.engine) as current:
        assert scheme_in_force(current) == DEFAULT
    assert draft(league) == 3
    assert states(league) == [ChangeState.withdrawn, ChangeState.drafted]


def test_two_decide_at_once(league: League) -> None:
    draft(league)
    came = at_once(
        lambda: act(league, confirm_scheme, "lead"),
        lambda: act(league, turn_down_scheme, "lead2", "暂不调整"),
    )
    assert sorted(type(one) for one in came if one is not None) == [SeenIsStale]
    assert league.is_sound()
