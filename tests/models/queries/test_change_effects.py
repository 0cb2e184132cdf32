"""What a change would do to open claims: counted and listed before anybody confirms it, and nothing
is written by looking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.actions.changes import Draft, confirm_change, draft_change
from models.actions.standards import draft_standard
from models.database import session
from models.queries import change_effects
from models.queries.change_effects import Preview, claims_changed, preview_of
from models.queries.changes import change_card
from models.queries.settings import calendar
from models.rules.changes import ChangeKind
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import StandardKind
from models.rules.findings import Verdict
from models.rules.standards import StandardEntry
from models.tables.record import Activity
from tests.town import Town
from tests.world import TODAY

ENTRY = StandardEntry(
    service_code="hnte_first", amount="40,000", document="测试办法", clause="第三条",
    title_zh="高企认定补贴", budget_code="K01", agency_year_cap="800,000", valid_from=date(2026, 10, 1), reason="调整",
)  # fmt: skip
WINDOW = Draft(ChangeKind.setting, "filing_window_working_days", {"value": "5"}, TODAY, "收紧")


def drafted(town: Town, what: StandardEntry | Draft) -> int:
    verb: Any = draft_standard if isinstance(what, StandardEntry) else draft_change
    with town.session() as current:
        return int(verb(current, town.people["reviewer"], what))


def preview(town: Town, number: int, who: str = "lead") -> Preview:
    with session(town.engine) as current:
        actor = town.people[who]
        return preview_of(current, actor, change_card(current, actor, number).line, TODAY)


def test_a_lower_standard_is_counted_listed_and_writes_nothing(town: Town) -> None:
    first, second = town.file(), town.file()
    town.step("reviewer", second, Action.pass_pre_review)
    town.at(State.approved)
    town.software()
    number = drafted(town, ENTRY)
    traces = town.traces()
    found = preview(town, number)
    assert town.traces() == traces
    assert (found.concerned, found.computed) == (2, 2)
    assert [effect.number for effect in found.effects] == [first, second]
    effect = found.effects[0]
    assert (effect.entitled_before_fen, effect.entitled_after_fen) == (7_000_000, 6_000_000)
    assert effect.flips == {"F08": (Verdict.met, Verdict.not_met)}
    assert (effect.enterprise, effect.agency) == (
        "大连示例子企业有限公司",
        "大连示例甲机构有限公司",
    )
    assert (found.before_fen, found.after_fen) == (14_000_000, 12_000_000)


def test_the_preview_is_what_confirming_comes_to(town: Town) -> None:
    number = town.file()
    found = preview(
        town,
        change := drafted(
            town, replace(ENTRY, amount="", ceiling="30,000", kind=StandardKind.up_to)
        ),
    )
    with town.session() as current:
        confirm_change(current, town.people["lead"], change)
    after = {one.code: one.verdict for one in town.card("reviewer", number).findings}
    (effect,) = found.effects
    assert {code: now for code, (_, now) in effect.flips.items()}.items() <= after.items()
    assert effect.entitled_after_fen == 2_000_000  # the reward; the subsidy is decided case by case


def test_only_results_from_its_first_day_on_are_concerned(town: Town) -> None:
    town.file()
    assert (
        preview(town, drafted(town, replace(ENTRY, valid_from=date(2026, 10, 17)))).concerned == 0
    )
    of_kind = replace(ENTRY, result_kind_code="hnte_first_cert", valid_from=date(2026, 10, 16))
    assert preview(town, drafted(town, of_kind)).concerned == 1


def test_a_setting_and_a_day_are_supposed_and_forgotten(town: Town) -> None:
    number = town.file()
    found = preview(town, drafted(town, WINDOW))
    (effect,) = found.effects
    assert effect.number == number
    assert set(effect.flips) == {"F11"}
    assert effect.entitled_before_fen == effect.entitled_after_fen
    saturday = TODAY + timedelta(days=8)
    for works in ("working", "announced"):
        day = Draft(
            ChangeKind.calendar_day, saturday.isoformat(), {"is_working": works}, saturday, "通知"
        )
        change = drafted(town, day)
        assert preview(town, change) == Preview(1, 1, (), 7_000_000, 7_000_000)
        with town.session() as current:
            confirm_change(current, town.people["lead"], change)
    with session(town.engine) as current:
        assert not calendar(current).is_working_day(saturday)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(ChangeKind.setting, "lease_minutes", {"value": "60"}, TODAY, "缩短"),
        Draft(ChangeKind.service_terms, "hnte_first", {"price_ceiling_fen": "1"}, TODAY, "调整"),
        Draft(
            ChangeKind.reason_text, "R99",
            {"name_zh": "其", "name_en": "O", "remedy_zh": "照", "remedy_en": "Do"}, TODAY, "统一",
        ),
    ],
    ids=lambda draft: draft.kind,
)  # fmt: skip
def test_what_open_claims_do_not_rest_on_concerns_none(sqlite_only: Town, draft: Draft) -> None:
    sqlite_only.file()
    assert preview(sqlite_only, drafted(sqlite_only, draft)).concerned == 0


def test_of_many_claims_the_oldest_are_computed(
    sqlite_only: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_effects, "MOST_COMPUTED", 2)
    numbers = [sqlite_only.file() for _ in range(3)]
    found = preview(sqlite_only, drafted(sqlite_only, ENTRY))
    assert (found.concerned, found.computed) == (3, 2)
    assert [effect.number for effect in found.effects] == numbers[:2]


def test_a_stranger_to_claims_sees_none_of_them(sqlite_only: Town) -> None:
    sqlite_only.file()
    number = drafted(sqlite_only, ENTRY)
    with session(sqlite_only.engine) as current:
        line = change_card(current, sqlite_only.people["lead"], number).line
        assert preview_of(current, sqlite_only.people["enterprise"], line, TODAY).concerned == 0


def test_without_open_claims_there_is_nothing_to_judge(sqlite_only: Town) -> None:
    with sqlite_only.session() as current:
        number = draft_standard(current, sqlite_only.people["reviewer"], ENTRY)
    with sqlite_only.session() as current:
        confirm_change(current, sqlite_only.people["lead"], number)
    with session(sqlite_only.engine) as current:
        assert claims_changed(current, TODAY) == []
        assert current.execute(select(func.count()).select_from(Activity)).scalar_one() >= 2
