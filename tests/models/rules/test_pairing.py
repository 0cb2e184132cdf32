"""Suggesting agencies for a need: a total order, honest about small samples, with its reasons."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from models.rules.pairing import (
    EXPERIENCE_WEIGHT,
    GRADE_WEIGHT,
    LOAD_WEIGHT,
    SUCCESS_WEIGHT,
    Candidate,
    suggested,
)
from models.rules.rating import Mark

PLAIN = Candidate("91A", "甲", succeeded=8, failed=2, open_agreements=5, staff_count=20)


def order(*candidates: Candidate) -> str:
    """The names in the order of the suggestion."""
    return "".join(one.candidate.name for one in suggested(candidates))


def told(candidate: Candidate) -> list[str]:
    """The reasons told of one candidate."""
    (one,) = suggested([candidate])
    return [str(reason) for reason in one.reasons]


def test_more_success_less_load_more_experience_come_first() -> None:
    assert order(PLAIN, replace(PLAIN, key="91B", name="乙", failed=0)) == "乙甲"
    assert order(PLAIN, replace(PLAIN, key="91B", name="乙", open_agreements=2)) == "乙甲"
    assert order(PLAIN, replace(PLAIN, key="91B", name="乙", staff_count=60)) == "乙甲"
    assert order(PLAIN, replace(PLAIN, key="91B", name="乙", succeeded=16, failed=4)) == "乙甲"


def test_one_of_one_never_stands_before_many_of_many() -> None:
    proven = replace(PLAIN, succeeded=38, failed=2)
    lucky = replace(PLAIN, key="91B", name="乙", succeeded=1, failed=0)
    assert order(lucky, proven) == "甲乙"


def test_who_declined_comes_last_and_a_tie_falls_to_the_code() -> None:
    declined = replace(PLAIN, failed=0, name="乙", has_declined=True)
    assert order(declined, replace(PLAIN, succeeded=0, failed=9)) == "甲乙"
    assert order(replace(PLAIN, key="91C", name="丙"), PLAIN) == "甲丙"


def test_a_better_grade_comes_first_and_none_counts_neither_way() -> None:
    graded = [replace(PLAIN, key=f"9{mark}", name=mark, grade=mark) for mark in Mark]
    assert order(*reversed(graded)) == "ABCD"
    ungraded = replace(PLAIN, key="91Z", name="未")
    assert order(ungraded, graded[0], graded[-1]) == "A未D"
    perfect = Candidate("7", "全", succeeded=1_000, staff_count=50)
    assert suggested([perfect])[0].points == suggested([replace(perfect, grade=Mark.a)])[0].points


def test_who_was_given_priority_stands_first_unless_it_declined() -> None:
    given = replace(PLAIN, key="91B", name="乙", succeeded=0, has_priority=True)
    assert order(PLAIN, given) == "乙甲"
    assert order(PLAIN, replace(given, has_declined=True)) == "甲乙"
    assert told(given)[-1] == "按考评结果优先对接"


def test_the_order_does_not_depend_on_the_database() -> None:
    four = [
        replace(PLAIN, key=f"9{at}", name=name, succeeded=at, open_agreements=3 * at)
        for at, name in enumerate("子丑寅卯")
    ]
    assert len({order(*shuffled) for shuffled in permutations(four)}) == 1


def test_points_stay_within_a_hundred() -> None:
    assert SUCCESS_WEIGHT + LOAD_WEIGHT + GRADE_WEIGHT + EXPERIENCE_WEIGHT == 100
    best = Candidate("9", "甲", succeeded=1_000, staff_count=50, grade=Mark.a)
    worst = Candidate("8", "乙", failed=1_000, open_agreements=10_000, grade=Mark.d)
    points = [one.points for one in suggested([best, worst])]
    assert 0 <= points[1] < points[0] <= 100
    assert suggested([]) == ()


def test_the_reasons_say_what_was_counted() -> None:
    assert told(PLAIN) == ["本服务办成 8 / 10 件", "在办 5 份，从业 20 人", "尚无考评等级，不计入"]
    few = replace(PLAIN, succeeded=1, failed=0, staff_count=None, grade=Mark.a, has_declined=True)
    assert told(few) == [
        "本服务办成 1 / 1 件，样本少", "在办 5 份，从业人数未填", "考评 A 级", "已谢绝过本需求",
    ]  # fmt: skip
    assert told(Candidate("9", "甲"))[0] == "本服务尚无办结记录"
