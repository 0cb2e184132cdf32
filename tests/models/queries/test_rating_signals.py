"""The rows behind a rating: they add up to its tallies, and say in words why each counts."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from models.database import session
from models.queries.rating_conduct import BESIDE, SOURCES, Basis, conduct_of
from models.queries.rating_facts import Standards
from models.queries.rating_rows import SignalRow, signal_rows
from models.queries.rating_signals import kept_signals, members_in
from models.rules.months import YearMonth
from models.rules.rating import COUNTED, Component, Gate, Penalty, Window
from tests.models.queries.rating_field import Field, make_field
from tests.world import TODAY, Opener

YEAR = Window.twelve_months(YearMonth(2026, 11))
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)


@pytest.fixture
def field(opened: Opener) -> Field:
    """The field, the test's own."""
    made: Field = opened(make_field)
    return made


def rows_of(field: Field, component: Component) -> list[SignalRow]:
    """The rows of all agencies."""
    with session(field.engine) as current:
        return [
            row
            for agency_id in members_in(current, YEAR, TODAY)
            for row in signal_rows(current, agency_id, component, YEAR, TODAY)
        ]


@ONE
def test_the_rows_add_up_to_what_is_kept(field: Field) -> None:
    with session(field.engine) as current:
        for one in kept_signals(current, YEAR, TODAY):
            for component in COUNTED:
                rows = signal_rows(current, one.agency_id, component, YEAR, TODAY)
                tally = one.tally(component)
                assert (len(rows), sum(row.good for row in rows)) == (tally.cases, tally.good)
                assert list(rows) == sorted(rows, key=lambda r: (r.on, r.number), reverse=True)
            against = signal_rows(current, one.agency_id, Component.conduct, YEAR, TODAY)
            lapses = Counter(row.conduct for row in against)
            assert {kind: lapses[kind] for kind in Penalty if lapses[kind]} == one.penalties
            assert {gate for gate in Gate if lapses[gate]} == one.gates


@ONE
@pytest.mark.parametrize(
    ("component", "words"),
    [
        (Component.outcome, ("未取得成果，归因于服务机构", "已取得成果：申请 C-", "已取得成果：协议办结")),
        (Component.satisfaction, ("企业评价 1 分", "企业评价 5 分（导入）")),
        (Component.first_pass, ("首次初审即通过", "首次初审退回补正", "首次初审不予支持")),
        (Component.timeliness, ("个工作日，标准 35 个工作日", "超过标准 35 个工作日", "工作日的两倍")),
        (Component.conduct, ("逾期未补正", "虚假，不予支持（R10）", "取得成果前已付 100.00 元", "协议约定预收 500.00 元")),
    ],
)  # fmt: skip
def test_each_row_says_why_it_counts(
    field: Field, component: Component, words: tuple[str, ...]
) -> None:
    rows = rows_of(field, component)
    said = [str(row.why) for row in rows]
    for part in words:
        assert any(part in one for one in said), (part, sorted(set(said)))
    assert all(row.enterprise.startswith("企业") and row.service_code for row in rows)
    assert all((row.number.startswith("C-")) == (row.basis is Basis.claim) for row in rows)
    assert all((row.conduct is not None) == (component is Component.conduct) for row in rows)


def test_conduct_is_read_from_its_sources(field: Field) -> None:
    with session(field.engine) as current:
        everything = conduct_of(current, YEAR, TODAY)
        beside = conduct_of(current, YEAR, TODAY, sources=BESIDE)
        of_one = conduct_of(current, YEAR, TODAY, everything[0].agency_id)
    assert {row.what for row in everything} == {
        Penalty.late_answer, Gate.fraud, Gate.fee_up_front
    }  # fmt: skip
    assert {row.what for row in beside} == {Gate.fee_up_front}
    assert set(BESIDE) < set(SOURCES)
    assert {row.agency_id for row in of_one} == {everything[0].agency_id}


@ONE
def test_whoever_was_admitted_in_the_window_is_there(field: Field) -> None:
    with session(field.engine) as current:
        half = members_in(current, Window.half_year(2026, 1), TODAY)
        year = members_in(current, YEAR, TODAY)
    assert 11 not in half and 14 not in half and 13 not in half
    assert half[12] == 27  # until it was removed
    assert half[1] == 30 and year[1] == 34
    assert year[13] == 3


def test_a_standard_holds_for_what_begins_in_its_days() -> None:
    begun, changed = date(2026, 1, 1), date(2026, 7, 1)
    known = Standards([("a", changed, 20), ("a", None, 30), ("b", None, None), ("c", begun, 5)])
    assert [known.on("a", day) for day in (begun, changed)] == [30, 20]
    assert known.on("b", begun) is None
    assert known.on("c", date(2025, 1, 1)) is None and known.on("d", begun) is None
    spans = [(span.service_code, span.first, span.last, span.days) for span in known.spans()]
    assert spans == [
        ("a", date.min, date(2026, 6, 30), 30), ("a", changed, date.max, 20),
        ("c", begun, date.max, 5),
    ]  # fmt: skip
