"""Advance exposure equals what an official computes by hand, and adds up however it is split."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.exposure import (
    FORECAST_DAYS,
    OutOfPocket,
    by_agency,
    by_holder,
    exposure,
    outlook,
)
from models.rules.money import fen_from_yuan
from models.rules.roles import Office
from tests.cases import cases

CASES = cases("exposure")["cases"]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
ITEMS = st.lists(
    st.builds(
        OutOfPocket,
        agency_id=st.integers(1, 3),
        holder=st.sampled_from(list(Office)),
        since_on=DAYS,
        fen=st.integers(1, 10**12),
        paid_on=st.none() | DAYS,
        claims=st.integers(1, 5),
    ),
    max_size=12,
)
BOUNDS = st.lists(st.integers(1, 400), max_size=4)


def fen(yuan: str) -> int:
    """Written yuan in fen."""
    return fen_from_yuan(yuan) if yuan != "0" else 0


def items_of(case: dict[str, Any]) -> list[OutOfPocket]:
    """The money of a case."""
    return [
        OutOfPocket(
            agency, Office(holder), date.fromisoformat(since), fen(yuan),
            date.fromisoformat(paid) if paid else None,
        )
        for agency, holder, since, yuan, paid in case["items"]
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_equals_the_hand_computation(case: dict[str, Any]) -> None:
    on, items = date.fromisoformat(case["on"]), items_of(case)
    found = outlook(items, on)
    assert (found.now.claims, found.now.fen, found.now.fen_days, found.now.oldest_days) == (
        case["claims"], fen(case["yuan"]), fen(case["yuan_days"]), case["oldest_days"],
    )  # fmt: skip
    assert [band.fen for band in found.now.bands] == [fen(yuan) for yuan in case["bands_yuan"]]
    assert found.later.fen_days == fen(case["later_yuan_days"])
    assert [band.fen for band in found.later.bands] == [
        fen(yuan) for yuan in case["later_bands_yuan"]
    ]
    agencies = {
        str(agency): exposure(own, on)
        for agency, own in by_agency(items).items()
    }  # fmt: skip
    holders = {office.value: exposure(held, on) for office, held in by_holder(items).items()}
    for told, of in ((agencies, "agencies_yuan_days"), (holders, "holders_yuan_days")):
        assert {key: one.fen_days for key, one in told.items()} == {
            key: fen(yuan) for key, yuan in case[of].items()
        }


@given(ITEMS, DAYS, BOUNDS)
def test_bands_agencies_and_holders_each_add_up_to_the_whole(
    items: list[OutOfPocket], on: date, bounds: list[int]
) -> None:
    whole = exposure(items, on, bounds)
    parts = (
        whole.bands,
        [exposure(own, on, bounds) for own in by_agency(items).values()],
        [exposure(held, on, bounds) for held in by_holder(items).values()],
    )
    for split in parts:
        assert sum(part.claims for part in split) == whole.claims
        assert sum(part.fen for part in split) == whole.fen
        assert sum(part.fen_days for part in split) == whole.fen_days
    assert len(whole.bands) == len(set(bounds)) + 1


@given(ITEMS, DAYS)
def test_it_grows_by_its_money_each_day_and_stops_with_payment(
    items: list[OutOfPocket], on: date
) -> None:
    unpaid = [item for item in items if item.paid_on is None and item.since_on <= on]
    seen = outlook(unpaid, on)
    assert seen.later.fen_days - seen.now.fen_days == seen.now.fen * FORECAST_DAYS
    for item in items:
        if item.paid_on is not None:
            day_before = item.paid_on - timedelta(days=1)
            assert item.is_open(day_before)
            assert not item.is_open(item.paid_on)
            assert item.days(item.paid_on + timedelta(days=9)) == item.days(item.paid_on)
