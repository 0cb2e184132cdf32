"""The sampling draw: repeatable from its seed, fair, and never nothing."""

from hypothesis import given
from hypothesis import strategies as st

from models.rules.rating import Mark
from models.rules.sampling import LOW_MARKS, Shares, draw, is_drawn

NUMBER = st.from_regex(r"2026-1[0-2]-[0-9]{4}", fullmatch=True)
SEED = st.text("0123456789abcdef", min_size=8, max_size=32)
PERCENT = st.integers(0, 100)
PERCENTS = st.dictionaries(NUMBER, PERCENT, max_size=60)


@given(PERCENTS, SEED)
def test_anybody_draws_the_same_claims_from_the_seed(percents: dict[str, int], seed: str) -> None:
    drawn = draw(percents, seed)
    assert drawn == draw(dict(sorted(percents.items(), reverse=True)), seed)
    assert [row.number for row in drawn] == sorted(percents)


@given(PERCENTS, SEED)
def test_at_least_one_is_drawn_where_any_can_be(percents: dict[str, int], seed: str) -> None:
    taken = {row.number for row in draw(percents, seed) if row.is_drawn}
    assert bool(taken) is any(percents.values())
    assert all(percents[number] for number in taken)


@given(PERCENTS, SEED)
def test_a_claim_that_comes_later_is_told_by_the_same_seed(
    percents: dict[str, int], seed: str
) -> None:
    drawn = {row.number for row in draw(percents, seed) if row.is_drawn}
    told = {number for number, share in percents.items() if is_drawn(number, seed, share)}
    assert drawn == told or (not told and len(drawn) == 1)


@given(st.sets(NUMBER, min_size=1, max_size=30), SEED)
def test_all_and_none(numbers: set[str], seed: str) -> None:
    assert all(row.is_drawn for row in draw(dict.fromkeys(numbers, 100), seed))
    assert not any(row.is_drawn for row in draw(dict.fromkeys(numbers, 0), seed))


def test_the_share_is_about_what_was_asked() -> None:
    numbers = [f"2026-11-{number:05d}" for number in range(20_000)]
    for percent in (5, 20):
        taken = sum(row.is_drawn for row in draw(dict.fromkeys(numbers, percent), "seed"))
        assert abs(taken / 200 - percent) < 1


def test_a_low_grade_is_drawn_by_its_own_share_and_nobody_else_s_changes() -> None:
    shares = Shares(usual=5, low_grade=20)
    numbers = [f"2026-11-{number:05d}" for number in range(20_000)]
    low = set(numbers[::2])
    mixed = draw({number: shares.of(is_low=number in low) for number in numbers}, "seed")
    plain = draw(dict.fromkeys(numbers, shares.of(is_low=False)), "seed")
    taken = sum(row.is_drawn for row in mixed if row.number in low)
    assert abs(taken / 100 - shares.low_grade) < 1
    others = [row for row in mixed if row.number not in low]
    assert others == [row for row in plain if row.number not in low]


def test_the_two_lower_grades_are_low() -> None:
    assert {Mark.c, Mark.d} == LOW_MARKS


@given(SEED, PERCENT, PERCENT)
def test_a_larger_share_takes_what_a_smaller_one_takes(seed: str, one: int, other: int) -> None:
    numbers = [f"{number}" for number in range(40)]
    low, high = sorted((one, other))
    for number in numbers:
        assert not is_drawn(number, seed, low) or is_drawn(number, seed, high)
