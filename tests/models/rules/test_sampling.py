"""The sampling draw: repeatable from its seed, fair, and never nothing."""

from hypothesis import given
from hypothesis import strategies as st

from models.rules.sampling import draw, is_drawn

NUMBERS = st.lists(st.from_regex(r"2026-1[0-2]-[0-9]{4}", fullmatch=True), max_size=60)
SEED = st.text("0123456789abcdef", min_size=8, max_size=32)
PERCENT = st.integers(0, 100)


@given(NUMBERS, SEED, PERCENT)
def test_anybody_draws_the_same_claims_from_the_seed(
    numbers: list[str], seed: str, percent: int
) -> None:
    drawn = draw(numbers, seed, percent)
    assert drawn == draw(sorted(numbers, reverse=True), seed, percent)
    assert [row.number for row in drawn] == sorted(set(numbers))


@given(NUMBERS, SEED, PERCENT)
def test_at_least_one_is_drawn_where_any_can_be(
    numbers: list[str], seed: str, percent: int
) -> None:
    taken = [row for row in draw(numbers, seed, percent) if row.is_drawn]
    assert bool(taken) is bool(numbers and percent)


@given(NUMBERS, SEED, PERCENT)
def test_a_claim_that_comes_later_is_told_by_the_same_seed(
    numbers: list[str], seed: str, percent: int
) -> None:
    drawn = {row.number for row in draw(numbers, seed, percent) if row.is_drawn}
    told = {number for number in numbers if is_drawn(number, seed, percent)}
    assert drawn == told or (not told and len(drawn) == 1)


@given(st.lists(NUMBERS.map(str), min_size=1, max_size=3), SEED)
def test_all_and_none(numbers: list[str], seed: str) -> None:
    assert all(row.is_drawn for row in draw(numbers, seed, 100))
    assert not any(row.is_drawn for row in draw(numbers, seed, 0))


def test_the_share_is_about_what_was_asked() -> None:
    numbers = [f"2026-11-{number:05d}" for number in range(20_000)]
    for percent in (5, 20):
        taken = sum(row.is_drawn for row in draw(numbers, "seed", percent))
        assert abs(taken / 200 - percent) < 1


@given(SEED, PERCENT, PERCENT)
def test_a_larger_share_takes_what_a_smaller_one_takes(seed: str, one: int, other: int) -> None:
    numbers = [f"{number}" for number in range(40)]
    low, high = sorted((one, other))
    for number in numbers:
        assert not is_drawn(number, seed, low) or is_drawn(number, seed, high)
