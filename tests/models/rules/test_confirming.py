"""The enterprise's answer as it is filled in, and whether its link serves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules.confirming import (
    Answer,
    Happened,
    LinkState,
    Written,
    answer_fault,
    answer_read,
    link_state,
)

LAST = date(2026, 11, 20)


# fmt: off
@pytest.mark.parametrize(("written", "answer"), [
    (Written("free", satisfaction="5"),                      Answer(False, 0, 0, 5)),
    (Written("free", "900", "900", "1"),                     Answer(False, 0, 0, 1)),
    (Written("paid", "0", "1,200.50", "3"),                  Answer(False, 0, 120_050, 3)),
    (Written("paid", "５００", "¥8元", "2"),                  Answer(False, 50_000, 800, 2)),
    (Written("denied", "5", "x", "9"),                       Answer(is_denied=True)),
])
# fmt: on
def test_what_is_filled_in_is_the_answer(written: Written, answer: Answer) -> None:
    reading = answer_read(written)
    assert reading.answer == answer
    assert not reading.faults
    assert answer_fault(answer) is None


# fmt: off
@pytest.mark.parametrize(("written", "fields"), [
    (Written(),                                      {"happened", "satisfaction"}),
    (Written("perhaps", satisfaction="6"),           {"happened", "satisfaction"}),
    (Written("free", satisfaction="五"),             {"satisfaction"}),
    (Written("paid", satisfaction="5"),              {"before", "after"}),
    (Written("paid", "-1", "1.005", "5"),            {"before", "after"}),
    (Written("paid", "一百", "0", "0"),              {"before", "satisfaction"}),
    (Written("paid", "9" * 24, "0", "4"),            {"before"}),
])
# fmt: on
def test_every_fault_is_told_at_once(written: Written, fields: set[str]) -> None:
    reading = answer_read(written)
    assert reading.answer is None
    assert set(reading.faults) == fields
    assert all(str(fault) for fault in reading.faults.values())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(False, 0, 0, None),
        Answer(False, None, 0, 5),
        Answer(True, 0, None, None),
        Answer(True, None, None, 1),
    ],
)
def test_an_answer_says_neither_too_little_nor_too_much(answer: Answer) -> None:
    assert answer_fault(answer)


def test_a_link_serves_on_its_last_day_and_once() -> None:
    def state(*, used: bool = False, withdrawn: bool = False, days: int = 0) -> LinkState:
        return link_state(
            is_used=used, is_withdrawn=withdrawn, expires_on=LAST, today=LAST + timedelta(days=days)
        )

    assert state() is LinkState.open
    assert state(days=1) is LinkState.expired
    assert state(withdrawn=True) is LinkState.withdrawn
    assert state(used=True, days=9) is LinkState.used
    assert set(Happened) == {"free", "paid", "denied"}
