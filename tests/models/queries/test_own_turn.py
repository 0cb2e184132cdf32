"""What a list says is mine to decide, and what the rule says of each claim, is the same."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from models.actions.claims import take_claim
from models.actions.safe_set import draw_sample, pass_safe_claim
from models.clock import now_utc
from models.database import session
from models.queries.claims import (
    Hindrance,
    Pile,
    QueueQuestion,
    months_filed,
    next_to_decide,
    offices_of,
    queue_counts,
    queue_numbers,
    queue_page,
)
from models.queries.paging import PageRequest
from models.queries.relations import place_of, relation_of
from models.queries.safe_set import passable_in_bulk
from models.rules.claim_workflow import OFFICE_ROLE, Action, State, states_held_by
from models.rules.errors import Refusal
from models.rules.roles import Role, may_act
from models.tables.claims import Claim
from models.tables.people import Tie
from tests.town import Town, cover
from tests.world import NOON

A, S = Action, State
MINE = QueueQuestion(Pile.turn, "2026-11", is_mine_to_decide=True)
PEOPLE = (
    "importer", "reviewer", "reviewer2", "lead", "bureau", "committee", "finance", "agency",
    "agency2", "auditor",
)  # fmt: skip


def tie(town: Town, who: str, **to: int) -> None:
    """Somebody declares a tie to an organisation."""
    account_id = town.people[who].account_id
    with town.session() as current:
        current.add(
            Tie(
                account_id=account_id, kind="亲属", from_on=date(2026, 1, 1),
                reported_by_id=account_id, reported_at_utc=NOON, **to,
            )
        )  # fmt: skip


def test_the_column_says_what_the_rule_says(crowded: Town) -> None:
    town = crowded
    tie(town, "reviewer2", agency_id=town.agency_id)
    tie(town, "bureau", enterprise_id=town.enterprise_id)
    everybody = {who: town.people[who] for who in PEOPLE}
    everybody["both"] = cover(town.people["reviewer"], Role.alliance_lead)
    everybody["own side"] = replace(
        cover(town.people["reviewer"], Role.finance), agency_id=town.agency_id
    )
    with session(town.engine) as current:
        claims = {c.number: c for c in current.execute(select(Claim)).scalars()}
        for who, actor in everybody.items():
            states = states_held_by(offices_of(actor))
            question = QueueQuestion(Pile.all)
            for row in queue_page(current, actor, question, PageRequest(size=100)):
                claim = claims[row.number]
                office = place_of(claim).holder
                relation = relation_of(current, actor, claim)
                forbids = (
                    claim.state in states
                    and office is not None
                    and not may_act(
                        actor, frozenset({OFFICE_ROLE[office]}), office, relation
                    ).is_allowed
                )
                assert bool(row.hindrance) is forbids, (who, row.number, claim.state)
                if row.hindrance is Hindrance.tied:
                    assert relation.ties


def test_next_leaves_out_what_a_colleague_has_and_what_is_not_mine(town: Town) -> None:
    first, second, third = town.file(), town.file(), town.file()
    with town.session() as current:
        take_claim(current, town.people["reviewer2"], first)
    with session(town.engine) as current:
        reviewer = town.people["reviewer"]
        assert queue_numbers(current, reviewer, MINE) == [second, third]
        assert queue_numbers(current, reviewer, MINE, beside=first) == [first, second, third]
        assert queue_numbers(current, town.people["reviewer2"], MINE)[0] == first
        assert queue_numbers(current, town.people["importer"], MINE) == []
        rows = queue_page(current, town.people["importer"], QueueQuestion(), PageRequest()).rows
        assert {row.hindrance for row in rows} == {Hindrance.acted}
    tie(town, "reviewer", agency_id=town.agency_id)
    with session(town.engine) as current:
        assert queue_numbers(current, town.people["reviewer"], MINE) == []


def test_the_next_one_is_read_off_the_page_where_it_can_be(crowded: Town) -> None:
    """Whatever page is shown, of whatever length: the same claim as the list of what is mine."""
    town = crowded
    tie(town, "reviewer2", agency_id=town.agency_id)
    with session(town.engine) as current:
        waiting = queue_numbers(current, town.people["reviewer"], MINE)
    with town.session() as current:
        take_claim(current, town.people["reviewer"], waiting[0])
    questions = (QueueQuestion(month="2026-11"), QueueQuestion(Pile.all),
                 QueueQuestion(service="hnte_first"))  # fmt: skip
    requests = (PageRequest(), PageRequest(size=1), PageRequest(2, 1), PageRequest(order="-number"))
    found = set()
    with session(town.engine) as current:
        for who in PEOPLE:
            actor = town.people[who]
            first = next(iter(queue_numbers(current, actor, MINE)), None)
            for question in questions:
                for request in requests:
                    page = queue_page(current, actor, question, request)
                    assert next_to_decide(current, actor, question, page) == first, (who, request)
            found.add(first)
    assert None in found
    assert len(found) > 3


def test_what_would_pass_in_bulk_is_what_this_person_may_pass(town: Town) -> None:
    numbers = [town.file(), town.file()]
    with session(town.engine) as current:
        assert passable_in_bulk(current, town.people["reviewer"]) == dict.fromkeys(
            numbers, 5_000_000
        )
        assert passable_in_bulk(current, town.people["importer"]) == {}
    tie(town, "reviewer", enterprise_id=town.enterprise_id)
    with session(town.engine) as current:
        assert passable_in_bulk(current, town.people["reviewer"]) == {}


def test_what_became_clean_after_the_draw_counts_as_the_seed_says(town: Town) -> None:
    town.file()
    with town.session() as current:
        draw_sample(current, town.people["reviewer"], "2026-11")
    late = [town.file() for _ in range(30)]
    with session(town.engine) as current:
        passable = passable_in_bulk(current, town.people["reviewer"])

    for number in late:
        try:
            with town.session() as current:
                pass_safe_claim(current, town.people["reviewer"], number)
            passed = True
        except Refusal:
            passed = False
        assert passed is (number in passable), number


def test_everything_in_sight_is_found_newest_first_and_by_month(town: Town) -> None:
    old = town.file(filed_month="2026-09")
    new = town.file()
    town.step("reviewer", old, A.refuse_pre_review, reasons=("R01",))
    with session(town.engine) as current:
        auditor = town.people["auditor"]
        counts = queue_counts(current, auditor, "2026-09")
        assert (counts.all, counts.month, counts.turn) == (2, 1, 0)
        assert months_filed(current) == ["2026-11", "2026-09"]

        def found(pile: Pile, order: str = "", **asked: str) -> list[str]:
            question = QueueQuestion(pile, **asked)  # type: ignore[arg-type]
            page = queue_page(current, auditor, question, PageRequest(order=order), counts)
            assert page.count.rows == len(page.rows)
            assert queue_numbers(current, auditor, question, order=order) == [
                row.number for row in page
            ]
            return [row.number for row in page]

        assert found(Pile.all) == found(Pile.all, "asked_fen") == [new, old]
        assert found(Pile.all, "number") == sorted([new, old])
        assert found(Pile.month, month="2026-09") == [old]
        assert found(Pile.all, text=old) == [old]
        assert found(Pile.all, text="子企业") == [new, old]
        assert found(Pile.all, text="没有这个名字") == []
        assert queue_numbers(current, auditor, QueueQuestion(Pile.all), after=1) == [old]
        agency = queue_counts(current, town.people["agency"], "2026-09")
        assert (agency.all, agency.month) == (2, 1)
        assert now_utc() == NOON
