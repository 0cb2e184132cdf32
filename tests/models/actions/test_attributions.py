"""Contested attributions: who contests, who decides, what stands afterwards, and that the record vouches
for all of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from models.actions.agreement_progress import fail_agreement
from models.actions.attributions import contest_attribution, dismiss_contest, uphold_contest
from models.database import session
from models.queries.agreements import AgreementFilter, AgreementPile, agreements, turn_size
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.agreement_life import Attribution, Contest, CostBearer
from models.rules.errors import (
    FileRefused,
    NotAllowed,
    NotAvailable,
    ReasonMissing,
    SeenIsStale,
)
from tests.pacts import SCAN, card, events, newest_link, row, step, under_way, version
from tests.rivals import at_once
from tests.town import Town

SERVED = "XY-2026-001"
"""An agreement of the town's own agency and enterprise."""
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)


def fail(town: Town, who: str = "enterprise", to: Attribution = Attribution.agency) -> None:
    """Somebody records that no result came."""
    step(town, who, fail_agreement, SERVED, to, CostBearer.agency, "逾期未取得证书")


def contest(
    town: Town, who: str = "agency", to: Attribution = Attribution.policy, **more: Any
) -> None:
    """The other side contests it."""
    step(town, who, contest_attribution, SERVED, to, "申报口径年中调整", **more)


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


def turns(town: Town, who: str) -> list[str]:
    """The agreements that wait for somebody."""
    wanted = AgreementFilter(pile=AgreementPile.turn)
    with session(town.engine) as current:
        rows = agreements(current, town.people[who], wanted, PageRequest()).rows
        size = turn_size(current, town.people[who], AgreementFilter())
    assert size is not None
    assert size.rows == len(rows)
    return [one.number for one in rows]


def test_an_upheld_contest_puts_the_failure_down_to_somebody_else(town: Town) -> None:
    fail(town)
    assert turns(town, "reviewer") == []
    contest(town, papers=SCAN)
    seen = card(town, "enterprise", SERVED)
    assert (seen.contest, seen.claimed, seen.attribution) == (
        Contest.raised, Attribution.policy, Attribution.agency,
    )  # fmt: skip
    assert turns(town, "reviewer") == turns(town, "lead") == [SERVED]
    step(town, "reviewer", uphold_contest, SERVED, Attribution.office, "主管环节延误属实")
    done = row(town, SERVED)
    assert (done.contest, done.attribution) == (Contest.upheld, Attribution.office)
    assert newest_link(town).before == {"contest": "raised", "attribution": "agency"}
    assert [event.action.value for event in events(town, SERVED)] == [
        "fail_agreement", "contest_attribution", "uphold_contest",
    ]  # fmt: skip
    assert turns(town, "reviewer") == []
    assert is_sound(town)


def test_a_dismissed_contest_leaves_what_was_recorded(town: Town) -> None:
    fail(town, "agency", Attribution.enterprise)
    contest(town, "enterprise", Attribution.agency)
    step(town, "lead", dismiss_contest, SERVED, "材料齐全，归因无误")
    done = row(town, SERVED)
    assert (done.contest, done.attribution) == (Contest.dismissed, Attribution.enterprise)
    with pytest.raises(NotAllowed, match="只能提出一次"):
        contest(town, "enterprise", Attribution.agency)
    assert card(town, "enterprise", SERVED).claimed is Attribution.agency
    assert is_sound(town)


@ONE
def test_only_the_other_side_contests_and_only_what_failed(town: Town) -> None:
    with pytest.raises(NotAvailable, match="没有“对失败归因提出异议”这一步"):
        contest(town)
    fail(town)
    with pytest.raises(NotAllowed, match="由贵方登记"):
        contest(town, "enterprise")
    with pytest.raises(NotAllowed, match="服务机构"):
        contest(town, "lead")
    with pytest.raises(NotAvailable, match="归因现在就是“服务机构”"):
        contest(town, to=Attribution.agency)
    with pytest.raises(ReasonMissing):
        step(town, "agency", contest_attribution, SERVED, Attribution.policy, " ")
    with pytest.raises(FileRefused):
        contest(town, papers=(("x.exe", b"MZ"),))
    assert row(town, SERVED).contest is Contest.none


@ONE
def test_who_decides_has_no_part_in_it(town: Town) -> None:
    fail(town)
    contest(town)
    for who in ("agency", "bureau", "committee", "finance", "auditor"):
        with pytest.raises(NotAllowed):
            step(town, who, dismiss_contest, SERVED, "理由")
    town.tie("reviewer", agency_id=town.agency_id)
    with pytest.raises(NotAllowed, match="回避关系"):
        step(town, "reviewer", uphold_contest, SERVED, Attribution.policy, "理由")
    assert {one.is_open for one in card(town, "reviewer", SERVED).steps} == {False}
    with pytest.raises(ReasonMissing):
        step(town, "lead", uphold_contest, SERVED, Attribution.policy, "")
    with pytest.raises(NotAvailable, match="归因现在就是"):
        step(town, "lead", uphold_contest, SERVED, Attribution.agency, "理由")


def test_of_two_decisions_at_once_one_is_taken(town: Town) -> None:
    fail(town)
    contest(town)
    seen = version(town, SERVED)

    def decide(who: str, action: Any, *given: Any) -> Any:
        return lambda: step(town, who, action, SERVED, *given, seen_version=seen)

    came_to = at_once(
        decide("reviewer", uphold_contest, Attribution.policy, "属实"),
        decide("lead", dismiss_contest, "不属实"),
    )
    (told,) = [one for one in came_to if isinstance(one, Exception)]
    assert isinstance(told, SeenIsStale)
    assert len(events(town, SERVED)) == 3
    assert is_sound(town)


@ONE
def test_what_did_not_fail_is_not_contested_in_the_table(town: Town) -> None:
    number = under_way(town)
    change = text("UPDATE agreement SET contest = 'raised' WHERE number = :number")
    with pytest.raises(Exception, match="contested_failure"), town.engine.begin() as connection:
        connection.execute(change, {"number": number})


@ONE
def test_a_forged_attribution_is_found(town: Town) -> None:
    fail(town)
    with town.engine.begin() as connection:
        connection.execute(text("UPDATE agreement SET contest = 'upheld', attribution = 'policy'"
                                " WHERE outcome = 'failed'"))  # fmt: skip
    with session(town.engine) as current:
        assert "可能被直接改动" in str(verify(current).first_broken)
