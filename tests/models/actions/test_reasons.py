"""Reasons: one is required in words, or by codes of the table; what the record cannot keep is none."""

import pytest

from models.actions.reasons import NOT_GIVEN, known_codes, required_text
from models.rules.errors import ReasonMissing, TextRefused
from models.rules.wording import say
from tests.world import World

MISSING = say("请写明培训名称和地点")


@pytest.mark.parametrize("written", ["", "  \n", "\x00\x07", "\ud800"])
def test_nothing_said_is_no_reason(written: str) -> None:
    with pytest.raises(ReasonMissing) as refused:
        required_text(written, 10)
    assert refused.value.wording == NOT_GIVEN
    with pytest.raises(ReasonMissing) as refused:
        required_text(written, 10, MISSING)
    assert refused.value.wording == MISSING


def test_what_is_said_is_kept_without_what_no_record_keeps() -> None:
    assert required_text(" 材料\x00不全 ", 4) == "材料不全"
    with pytest.raises(TextRefused):
        required_text("材料不全", 3)


def test_codes_are_those_of_the_table_each_once(world: World) -> None:
    with world.session() as current:
        assert known_codes(current, ("R02", "R01", "R02"), MISSING) == ("R02", "R01")
        assert known_codes(current, (), None) == ()
        with pytest.raises(ReasonMissing) as refused:
            known_codes(current, (), MISSING)
        assert refused.value.wording == MISSING
        for unknown in ("R98", "'; --", "\x00"):
            with pytest.raises(ReasonMissing):
                known_codes(current, ("R01", unknown), None)
