"""Full-width characters become plain ones; everything else stays."""

import string

from hypothesis import given
from hypothesis import strategies as st

from models.rules.half_width import half_width

PLAIN = string.digits + string.ascii_letters + string.punctuation


def test_every_plain_character_has_a_full_width_twin() -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in PLAIN)
    assert half_width(wide) == PLAIN
    assert half_width("￥\u3000\u2212") == "¥ -"


def test_what_merely_resembles_a_digit_stays() -> None:
    assert half_width("①²٣零") == "①²٣零"


@given(st.text())
def test_once_is_enough_and_no_character_is_lost(written: str) -> None:
    plain = half_width(written)
    assert half_width(plain) == plain
    assert len(plain) == len(written)
