"""Money: the parse door, the figures and the capitals."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.rules.errors import AmountRefused
from models.rules.money import LARGEST_FEN, capitals, fen_from_yuan, yuan, yuan_whole
from tests.cases import cases

CASES = cases("money")
AMOUNTS = st.integers(-LARGEST_FEN, LARGEST_FEN)
GAIN = {"拾": 10, "佰": 100, "仟": 1000}
VALUE = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
SHAPE = re.compile(
    r"(?P<minus>负)?(?:(?:(?P<yi>.+)亿)?(?:(?P<wan>.+)万)?(?P<yuan>.*?)元)?"
    r"零?(?:(?P<jiao>.)角)?零?(?:(?P<fen>.)分)?整?"
)


def section(words: str | None) -> int:
    """What up to four places say, read character by character: an independent way back."""
    total = digit = 0
    for character in words or "":
        if character in GAIN:
            total, digit = total + digit * GAIN[character], 0
        else:
            digit = VALUE[character]
    return total + digit


def read_aloud(words: str) -> int:
    """The fen that an amount in capitals says."""
    parts = SHAPE.fullmatch(words)
    assert parts is not None, words
    whole = section(parts["yi"]) * 10**8 + section(parts["wan"]) * 10**4 + section(parts["yuan"])
    fen = whole * 100 + section(parts["jiao"]) * 10 + section(parts["fen"])
    return -fen if parts["minus"] else fen


# ---------------------------------------------------------------- the door


@pytest.mark.parametrize(("written", "fen"), CASES["readable"])
def test_an_amount_is_read(written: str, fen: int) -> None:
    assert fen_from_yuan(written) == fen


@pytest.mark.parametrize(("written", "why"), CASES["refused"])
def test_what_is_no_amount_is_refused_with_words(written: str, why: str) -> None:
    with pytest.raises(AmountRefused) as refusal:
        fen_from_yuan(written)
    assert str(refusal.value.wording), why


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (50_000, 5_000_000),
        (Decimal("50000.00"), 5_000_000),
        (Decimal("1.500"), 150),
        (Decimal("5E+4"), 5_000_000),
        (Decimal("-0.00"), 0),
        (Decimal("999999999999.99"), LARGEST_FEN),
    ],
)
def test_numbers_are_read_exactly(written: int | Decimal, fen: int) -> None:
    assert fen_from_yuan(written) == fen


@pytest.mark.parametrize(
    "written",
    [
        -1,
        10**12,
        pytest.param(10**5000, id="five-thousand-digits"),
        Decimal("0.001"),
        Decimal("1E-1000000"),
        Decimal("1." + "0" * 60 + "1"),
        Decimal("1E+999999"),
        Decimal(10**12),
        Decimal("-0.01"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        "9" * 10_000,
    ],
)
def test_numbers_that_are_no_amount_are_refused(written: Any) -> None:
    with pytest.raises(AmountRefused):
        fen_from_yuan(written)


@pytest.mark.parametrize("written", [1.0, True, None, b"1", 1j])
def test_floats_and_other_types_are_a_fault_of_the_program(written: Any) -> None:
    with pytest.raises(TypeError):
        fen_from_yuan(written)


@pytest.mark.parametrize("written", ["-5", "－5.00", "\u22125", -5, Decimal(-5)])
def test_corrections_may_be_negative(written: Any) -> None:
    assert fen_from_yuan(written, negative_allowed=True) == -500


@given(st.text() | st.from_regex(r"[-¥￥]?[0-9０-９,，.．]{1,20}元?", fullmatch=True))
def test_any_text_is_an_amount_or_refused(written: str) -> None:
    try:
        fen = fen_from_yuan(written)
    except AmountRefused:
        return
    assert 0 <= fen <= LARGEST_FEN


# ---------------------------------------------------------------- the figures


@given(AMOUNTS)
def test_what_is_shown_reads_back(fen: int) -> None:
    assert fen_from_yuan(yuan(fen), negative_allowed=True) == fen
    assert fen_from_yuan(yuan_whole(fen), negative_allowed=True) == fen
    assert fen_from_yuan(Decimal(fen) / 100, negative_allowed=True) == fen


@pytest.mark.parametrize(
    ("fen", "always", "briefly"),
    [
        (0, "0.00", "0"),
        (5, "0.05", "0.05"),
        (50, "0.50", "0.50"),
        (5_000_000, "50,000.00", "50,000"),
        (-5_000_001, "-50,000.01", "-50,000.01"),
        (LARGEST_FEN, "999,999,999,999.99", "999,999,999,999.99"),
    ],
)
def test_figures(fen: int, always: str, briefly: str) -> None:
    assert (yuan(fen), yuan_whole(fen)) == (always, briefly)


# ---------------------------------------------------------------- the capitals


@pytest.mark.parametrize(("figures", "words"), CASES["capitals"])
def test_capitals(figures: str, words: str) -> None:
    fen = fen_from_yuan(figures, negative_allowed=True)
    assert capitals(fen) == words
    assert read_aloud(words) == fen


@given(AMOUNTS | st.integers(0, 10**7) | st.integers(0, 10**6).map(lambda whole: whole * 100))
@example(10_000_000_000_000)
def test_capitals_say_the_amount_and_nothing_else(fen: int) -> None:
    words = capitals(fen)
    assert read_aloud(words) == fen
    assert "零零" not in words
    assert words.endswith("元整") == (fen % 100 == 0)
    assert words.startswith("负") == (fen < 0)


def test_every_amount_up_to_two_thousand_yuan_and_every_empty_place_reads_back() -> None:
    empty_places = (int(f"{bits:012b}") * 100 for bits in range(2**12))
    amounts = {*range(200_000), *empty_places}
    words = {capitals(fen): fen for fen in amounts}
    assert len(words) == len(amounts)
    assert all(read_aloud(spoken) == fen for spoken, fen in words.items())


@pytest.mark.parametrize("fen", [LARGEST_FEN + 1, -LARGEST_FEN - 1])
def test_beyond_the_largest_amount_there_are_no_capitals(fen: int) -> None:
    with pytest.raises(AmountRefused):
        capitals(fen)
