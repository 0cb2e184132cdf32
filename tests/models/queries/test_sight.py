"""Who sees which claims: condition and predicate agree row by row; lists, cards and files obey the
same rule."""

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select

from models.database import session
from models.queries.claim_card import claim_card
from models.queries.claims import (
    Pile,
    QueueQuestion,
    Verdicts,
    offices_of,
    queue_counts,
    queue_numbers,
    queue_page,
    services_listed,
)
from models.queries.evidence import papers_of, viewable_evidence
from models.queries.paging import PageRequest
from models.queries.sight import claims_in_sight, may_see_claim
from models.rules.claim_workflow import Action, State
from models.rules.errors import NotFound
from models.rules.roles import Actor, Office, Role
from models.tables.claims import Claim, Evidence
from tests.town import Town, cover

A, S = Action, State

# Who sees what: every filed claim; their own, drafts too; nothing.
ALL, OWN, NOTHING = "all", "own", "nothing"
SIGHT = {
    "reviewer": ALL, "lead": ALL, "leader": ALL, "bureau": ALL, "committee": ALL, "finance": ALL, "auditor": ALL,
    "administrator": ALL, "agency": OWN, "agency2": OWN, "enterprise": NOTHING,
}  # fmt: skip


def expected(who: str, town: Town, claim: Claim) -> bool:
    """Whether the table lets somebody see a claim."""
    is_own = town.people[who].agency_id == claim.agency_id
    return {ALL: claim.state is not S.draft, OWN: is_own, NOTHING: False}[SIGHT[who]]


def test_every_role_every_state_every_door(crowded: Town) -> None:
    with session(crowded.engine) as current:
        claims = {claim.number: claim for claim in current.execute(select(Claim)).scalars()}
        assert {claim.state for claim in claims.values()} == set(State)
        papers = list(current.execute(select(Evidence)).scalars())
        by_id = {claim.id: claim for claim in claims.values()}
        for who in SIGHT:
            actor = crowded.people[who]
            seen = {number for number, claim in claims.items() if expected(who, crowded, claim)}
            listed = current.execute(select(Claim.number).where(claims_in_sight(actor))).scalars()
            assert set(listed) == seen, who
            assert {n for n, claim in claims.items() if may_see_claim(actor, claim)} == seen, who
            assert {number for number in claims if _has_card(current, actor, number)} == seen, who
            month = QueueQuestion(Pile.month, "2026-11")
            everything = PageRequest(size=100)
            page = queue_page(current, actor, month, everything)
            assert {row.number for row in page} == seen, who
            assert page.count.rows == len(seen), who
            assert set(queue_numbers(current, actor, month)) == seen, who
            counts = queue_counts(current, actor, "2026-11")
            assert counts.month == len(seen), who
            for paper in papers:
                found = viewable_evidence(current, actor, paper.id or 0)
                assert (found is not None) is (by_id[paper.claim_id].number in seen)
            assert viewable_evidence(current, actor, 99_999) is None


def _has_card(current: object, actor: Actor, number: str) -> bool:
    try:
        claim_card(current, actor, number)  # type: ignore[arg-type]
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("number", ["2026-11-9999", "", "\0", "\ud800", "' OR 1=1 --", "x" * 5_000])
def test_what_is_not_there_and_what_may_not_be_seen_sound_alike(town: Town, number: str) -> None:
    hidden = town.file()
    with session(town.engine) as current:
        with pytest.raises(NotFound, match="或它不在您的可见范围内"):
            claim_card(current, town.people["reviewer"], number)
        with pytest.raises(NotFound, match="或它不在您的可见范围内"):
            claim_card(current, town.people["agency2"], hidden)


def test_without_a_grant_of_today_nothing_is_seen(town: Town) -> None:
    number = town.file()
    with session(town.engine) as current:
        for who in SIGHT:
            nobody = replace(town.people[who], grants=())
            assert not may_see_claim(nobody, town.claim(number))
            assert (
                list(current.execute(select(Claim).where(claims_in_sight(nobody))).scalars()) == []
            )
            counts = queue_counts(current, nobody, "2026-11")
            assert (counts.turn, counts.hold, counts.month, counts.mine) == (0, 0, 0, 0)


def test_an_agencys_role_without_an_agency_sees_nothing(town: Town) -> None:
    number = town.file()
    stray = replace(town.people["agency"], agency_id=None)
    with session(town.engine) as current:
        assert not may_see_claim(stray, town.claim(number))
        assert list(current.execute(select(Claim).where(claims_in_sight(stray))).scalars()) == []


def test_somebody_with_two_roles_sees_what_either_shows(crowded: Town) -> None:
    both = cover(crowded.people["agency"], Role.auditor)
    with session(crowded.engine) as current:
        listed = set(current.execute(select(Claim.id).where(claims_in_sight(both))).scalars())
        for claim in current.execute(select(Claim)).scalars():
            assert may_see_claim(both, claim) is (claim.id in listed)


def test_similar_claims_are_those_in_sight(crowded: Town) -> None:
    mine = crowded.file()
    assert len(crowded.card("reviewer", mine).similar) == 8
    assert {row.state for row in crowded.card("agency", mine).similar} <= set(State)


# ---------------------------------------------------------------- the queue


def test_the_piles(crowded: Town) -> None:
    turns = {
        "reviewer": 2,
        "lead": 2,
        "bureau": 2,
        "committee": 2,
        "finance": 4,
        "agency": 2,
        "leader": 0,
    }
    with session(crowded.engine) as current:
        for who, turn in turns.items():
            actor = crowded.people[who]
            page = queue_page(current, actor, QueueQuestion(), PageRequest())
            counts = queue_counts(current, actor, "2026-11")
            assert len(page.rows) == counts.turn == turn, who
            assert counts.turn_asked_fen == sum(row.asked_fen for row in page)
            held = queue_page(current, actor, QueueQuestion(Pile.hold), PageRequest())
            assert len(held.rows) == counts.hold == (1 if who == "agency" else 2)
            assert (counts.oldest_working_days is None) is (who in ("agency", "leader"))
        assert offices_of(crowded.people["finance"]) == (Office.payment,)
        assert "hnte_first" in services_listed(current)


def test_filters_orders_and_naughty_questions(town: Town) -> None:
    first, second = town.file(asked_fen=1_000_000), town.file(papers=())
    third = town.software()
    with session(town.engine) as current:
        actor = town.people["reviewer"]

        def asked(order: str = "", **question: object) -> list[str]:
            page = queue_page(current, actor, QueueQuestion(**question), PageRequest(order=order))  # type: ignore[arg-type]
            assert page.count.rows == len(page.rows)
            return [row.number for row in page]

        assert asked() == [first, second, third]
        assert asked("-number") == [third, second, first]
        assert asked("asked_fen") == [third, first, second]
        assert asked("nonsense; DROP") == [first, second, third]
        assert asked(service="software_copyright") == [third]
        assert asked(service="nothing\0") == []
        assert asked(state=S.approved) == []
        assert asked(verdicts=Verdicts.not_met) == [second]
        assert asked(verdicts=Verdicts.all_met) == [first, third]
        assert asked(verdicts=Verdicts.unknown) == []
        assert asked(verdicts=Verdicts.warning) == []
        assert asked(text=" 示例甲 ") == [first, second, third]
        assert asked(text="子企业") == [first, second, third]
        assert asked(text=first[:-1]) == [first, second, third]
        for naughty, role in product(
            ("%", "_", "\0", "\ud800", "'", "\\", "🙂"), (Pile.turn, Pile.month)
        ):
            asked(text=naughty, pile=role, month=naughty)


def test_what_i_have_taken_is_mine(town: Town) -> None:
    from models.actions.claims import take_claim

    number = town.file()
    with town.session() as current:
        take_claim(current, town.people["reviewer"], number)
    with session(town.engine) as current:
        for who, mine in (("reviewer", 1), ("reviewer2", 0)):
            actor = town.people[who]
            page = queue_page(current, actor, QueueQuestion(Pile.mine), PageRequest())
            assert len(page.rows) == queue_counts(current, actor, "").mine == mine
        (row,) = queue_page(current, town.people["reviewer2"], QueueQuestion(), PageRequest())
        assert (row.held_by, row.held_by_me) == ("reviewer 1", False)
        assert row.exposure_fen_days == 5_000_000 * 35


def test_a_card_shows_money_and_papers(town: Town) -> None:
    number = town.at(S.agency_paid)
    card = town.card("finance", number)
    assert card.subsidy is not None
    assert (card.exposure_fen, card.sees_bank_accounts) == (0, True)
    assert not town.card("reviewer", number).sees_bank_accounts
    assert town.card("agency", number).sees_bank_accounts
    assert card.may(A.reward_enterprise)
    assert not card.may(A.close_without_reward)
    with session(town.engine) as current:
        assert len(papers_of(current, card.claim.id or 0)) == 4
    waiting = town.at(S.pre_reviewed)
    town.people["reviewer"] = cover(town.people["reviewer"], Role.alliance_lead)
    assert "职责分离" in str(town.card("reviewer", waiting).denial)
    assert town.card("bureau", waiting).denial is None
    assert town.card("bureau", waiting).exposure_fen == 5_000_000
