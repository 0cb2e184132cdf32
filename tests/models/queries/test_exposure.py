"""Exposure from the claims: what counts, whose eyes, and that paying ends it."""

from __future__ import annotations

from datetime import date

from models.database import session
from models.queries.claims import Pile, QueueQuestion, queue_page
from models.queries.exposure import (
    ExposureReport,
    exposure_report,
    exposure_standing,
    out_of_pocket,
)
from models.queries.paging import PageRequest
from models.rules.claim_workflow import Action, State
from models.rules.roles import Office
from models.tables.agreements import Advance
from models.tables.reference import Setting
from tests.town import Town
from tests.world import NOON, TODAY

DAYS = 35  # from 2026-10-16 to 2026-11-20
AMOUNT = 5_000_000


def report(town: Town, who: str = "lead") -> ExposureReport:
    """What somebody sees."""
    with session(town.engine) as current:
        return exposure_report(current, town.people[who], TODAY)


def test_only_what_waits_for_its_subsidy_counts(town: Town) -> None:
    for state in (State.submitted, State.applied, State.approved, State.agency_paid, State.closed):
        town.at(state)
    held = town.at(State.submitted)
    town.step("reviewer2", held, Action.hold, reasons=("R01",))
    paid_and_held = town.at(State.agency_paid)
    town.step("finance", paid_and_held, Action.hold, reasons=("R10",))
    refused = town.at(State.submitted)
    town.step("reviewer", refused, Action.refuse_pre_review, reasons=("R05",))
    seen = report(town)
    assert (seen.total.now.claims, seen.total.now.fen) == (4, 4 * AMOUNT)
    assert seen.total.now.fen_days == 4 * AMOUNT * DAYS
    assert {held.office: held.exposure.claims for held in seen.holders} == {
        Office.pre_review: 2, Office.re_review: 1, Office.payment: 1,
    }  # fmt: skip
    assert seen.total.later.fen_days == 4 * AMOUNT * (DAYS + 30)
    assert [band.claims for band in seen.total.now.bands] == [0, 4, 0, 0]


def test_a_claim_and_its_row_in_the_list_stop_counting_with_the_exposure(sqlite_only: Town) -> None:
    town = sqlite_only
    numbers = [town.at(state) for state in (State.submitted, State.agency_paid, State.closed)]
    numbers.append(town.at(State.submitted))
    town.step("reviewer", numbers[-1], Action.refuse_pre_review, reasons=("R05",))
    with session(town.engine) as current:
        every = QueueQuestion(Pile.all)
        rows = queue_page(current, town.people["lead"], every, PageRequest()).rows
    counted = {row.number: row.exposure_fen_days for row in rows}
    assert [counted[number] for number in numbers] == [AMOUNT * DAYS, 0, 0, 0]
    cards = [town.card("lead", number) for number in numbers]
    assert [card.exposure_fen for card in cards] == [AMOUNT, 0, 0, 0]


def test_it_is_told_by_agency_the_most_exposed_first_and_an_agency_sees_its_own(
    town: Town,
) -> None:
    town.at(State.submitted)
    for _ in range(2):
        town.file(agreement_id=town.agreements["second"])
    seen = report(town)
    assert [(row.name, row.claims, row.fen, row.fen_days) for row in seen.agencies] == [
        ("大连示例乙机构有限公司", 2, 2 * AMOUNT, 2 * AMOUNT * DAYS),
        ("大连示例甲机构有限公司", 1, AMOUNT, AMOUNT * DAYS),
    ]
    assert (seen.agencies[1].oldest_days, seen.agencies[1].bands_fen) == (DAYS, (0, AMOUNT, 0, 0))
    assert seen.agencies[1].later_fen_days == AMOUNT * (DAYS + 30)
    (own,) = report(town, "agency").agencies
    assert own.name == "大连示例甲机构有限公司"
    assert not report(town, "enterprise").agencies
    with session(town.engine) as current:
        for who in ("lead", "agency", "agency2", "enterprise"):
            actor = town.people[who]
            short = exposure_standing(current, actor, TODAY)
            whole = exposure_report(current, actor, TODAY)
            assert (short.total, short.holders) == (whole.total, whole.holders)
            together = out_of_pocket(current, actor, of_agencies=False)
            assert sum(item.fen for item in together) == whole.total.now.fen


def test_what_was_approved_counts_before_what_was_asked(sqlite_only: Town) -> None:
    number = sqlite_only.at(State.submitted)
    sqlite_only.step("reviewer", number, Action.pass_pre_review, subsidy_fen=4_000_000, note="核减")
    assert report(sqlite_only).total.now.fen == 4_000_000


def test_dated_advances_are_a_figure_of_their_own(sqlite_only: Town) -> None:
    town = sqlite_only
    paid = town.agreements["other"]
    with town.session() as current:
        for agreement_id, day in (
            (town.agreement_id, date(2026, 11, 10)),
            (town.agreements["second"], date(2026, 11, 19)),
            (town.agreements["second"], date(2026, 11, 21)),
            (paid, date(2026, 11, 1)),
        ):
            current.add(Advance(agreement_id=agreement_id, amount_fen=100_000, advanced_on=day))
    town.at(State.submitted)
    town.at(State.agency_paid, agreement_id=paid)
    seen = report(town).advances
    assert (seen.agreements, seen.fen, seen.fen_days) == (2, 200_000, 100_000 * 11)
    own = report(town, "agency").advances
    assert (own.agreements, own.fen, own.fen_days) == (1, 100_000, 1_000_000)
    assert report(town, "enterprise").advances.agreements == 0
    assert report(town).total.now.fen == AMOUNT


def test_the_bands_are_a_setting(sqlite_only: Town) -> None:
    sqlite_only.at(State.submitted)
    with sqlite_only.session() as current:
        current.add(
            Setting(key="exposure_bands_days", value=[34], valid_from=date(2026, 1, 1),
                    confirmed_at_utc=NOON)
        )  # fmt: skip
    bands = report(sqlite_only).total.now.bands
    assert [(band.from_days, band.to_days, band.claims) for band in bands] == [
        (0, 34, 0), (35, None, 1),
    ]  # fmt: skip
