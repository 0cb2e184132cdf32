"""Amending a filed agreement: proposed by a side, reviewed by the office, followed by the claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models.actions.agreement_progress import end_agreement
from models.actions.amendments import (
    NewTerms,
    confirm_amendment,
    propose_amendment,
    turn_down_amendment,
)
from models.database import session
from models.queries.agreements import AgreementFilter, AgreementPile, agreements
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.agreement_life import LifeAction
from models.rules.claim_workflow import Action
from models.rules.errors import (
    FileRefused,
    NotAllowed,
    NotAvailable,
    ReasonMissing,
    Refusal,
    SeenIsStale,
)
from models.tables.agreement_life import Amendment, AmendmentState
from models.tables.reference import ServiceType
from tests.pacts import SCAN, act, card, events, newest_link, row, step, under_way, version
from tests.town import Town

SERVED = "XY-2026-001"
NEW = NewTerms(4_000_000, "hnte_first_cert", "首次认定", date(2027, 3, 1), 100_000)
WHY = "企业增加一次预评审"


ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""


def propose(town: Town, who: str = "agency", number: str = SERVED, **changes: Any) -> None:
    """Somebody proposes other terms."""
    given = {"terms": NEW, "reason": WHY, "papers": SCAN} | changes
    step(town, who, propose_amendment, number, **given)


def amendments(town: Town) -> list[Amendment]:
    """Every amendment there is."""
    with session(town.engine) as current:
        return list(current.exec(select(Amendment)))


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


@pytest.mark.parametrize("who", ["agency", "enterprise"])
def test_an_amendment_holds_once_the_office_confirms_it(town: Town, who: str) -> None:
    propose(town, who)
    waiting = card(town, "bureau", SERVED).amendment
    assert waiting is not None
    assert (waiting.fee_fen, waiting.reason, waiting.by) == (4_000_000, WHY, f"{who} 1")
    assert row(town, SERVED).fee_fen == 3_600_000
    step(town, "bureau", confirm_amendment, SERVED)
    after = row(town, SERVED)
    assert (after.fee_fen, after.due_on, after.advance_fen) == (
        4_000_000,
        date(2027, 3, 1),
        100_000,
    )
    assert after.upfront_fee_fen == 0
    (kept,) = amendments(town)
    assert (kept.state, kept.decided_by_id) == (
        AmendmentState.confirmed, town.people["bureau"].account_id,
    )  # fmt: skip
    assert [one.action for one in events(town, SERVED)] == [
        LifeAction.propose_amendment, LifeAction.confirm_amendment,
    ]  # fmt: skip
    assert newest_link(town).before["fee_fen"] == 3_600_000  # type: ignore[index]
    assert card(town, "bureau", SERVED).amendment is None
    assert is_sound(town)


def test_claims_on_it_follow_and_an_old_decision_is_stale(town: Town) -> None:
    claim = town.file()
    seen = town.seen("reviewer", claim)
    propose(town)
    assert town.claim(claim).version == seen.version
    step(town, "bureau", confirm_amendment, SERVED)
    assert town.claim(claim).version == seen.version + 1
    with pytest.raises(SeenIsStale, match="随协议更新"):
        town.step("reviewer", claim, Action.pass_pre_review, seen=seen)
    assert town.is_sound()


@ONE
def test_a_change_no_finding_rests_on_leaves_the_claims_alone(town: Town) -> None:
    claim = town.file()
    before = town.claim(claim).version
    propose(town, terms=replace(NEW, fee_fen=3_600_000))
    step(town, "bureau", confirm_amendment, SERVED)
    assert town.claim(claim).version == before


@ONE
def test_an_amendment_is_turned_down_with_a_reason(town: Town) -> None:
    propose(town)
    with pytest.raises(ReasonMissing):
        step(town, "bureau", turn_down_amendment, SERVED, " ")
    step(town, "bureau", turn_down_amendment, SERVED, "补充协议未盖章")
    (kept,) = amendments(town)
    assert (kept.state, kept.decided_reason) == (AmendmentState.turned_down, "补充协议未盖章")
    assert row(town, SERVED).fee_fen == 3_600_000
    propose(town)
    assert len(amendments(town)) == 2
    assert is_sound(town)


def test_one_amendment_waits_at_a_time_and_somebody_else_answers(town: Town) -> None:
    propose(town)
    with pytest.raises(NotAllowed, match="已有一项协议变更等待答复"):
        propose(town, "enterprise")
    for action, given in ((confirm_amendment, ()), (turn_down_amendment, ("理由",))):
        with pytest.raises(NotAllowed, match="科技创新局"):
            step(town, "agency", action, SERVED, *given)
    step(town, "bureau", confirm_amendment, SERVED)
    with pytest.raises(NotAllowed, match="没有等待答复的协议变更"):
        step(town, "bureau", confirm_amendment, SERVED)


@ONE
def test_what_waits_for_the_office_is_in_its_pile(town: Town) -> None:
    propose(town)
    with session(town.engine) as current:
        page = agreements(
            current, town.people["bureau"], AgreementFilter(pile=AgreementPile.turn), PageRequest()
        )
    assert [one.number for one in page] == [SERVED]


# fmt: off
REFUSALS: tuple[tuple[dict[str, Any], type[Refusal], str], ...] = (
    ({"reason": " "},                                       ReasonMissing, "请写明理由"),
    ({"papers": ()},                                        FileRefused,   "请附上盖章的扫描件"),
    ({"terms": NewTerms(3_600_000)},                        NotAvailable,  "变更内容不能确认：请选择预期成果"),
    ({"terms": replace(NEW, due_on=date(2026, 1, 1), fee_fen=-1)}, NotAvailable, "不能早于签订日期、服务费须为"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "kind", "words"), REFUSALS)
@ONE
def test_what_is_no_amendment_is_refused_in_words(
    town: Town, changes: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind, match=words):
        propose(town, **changes)
    assert amendments(town) == []


@ONE
def test_an_amendment_changes_something(town: Town) -> None:
    number = under_way(town)
    same = NewTerms(200_000, "software_registration", "一项软件著作权", date(2027, 1, 20), 30_000)
    with pytest.raises(NotAvailable, match="与现行协议相同"):
        propose(town, number=number, terms=same)


@ONE
def test_terms_that_no_longer_hold_are_not_confirmed(town: Town) -> None:
    propose(town)
    town.change(ServiceType, ServiceType.code == "hnte_first", valid_to=date(2026, 1, 1))
    with pytest.raises(NotAvailable, match="不在服务清单内"):
        step(town, "bureau", confirm_amendment, SERVED)


@ONE
def test_an_ended_agreement_is_amended_no_more(town: Town) -> None:
    propose(town)
    step(town, "agency", end_agreement, SERVED, "双方终止")
    with pytest.raises(NotAvailable, match="协议“已终止”"):
        step(town, "bureau", confirm_amendment, SERVED)


@ONE
def test_a_stale_answer_is_refused(town: Town) -> None:
    seen = version(town, SERVED)
    propose(town)
    with pytest.raises(SeenIsStale, match="提出协议变更"):
        act(town, "bureau", confirm_amendment, SERVED, seen)
