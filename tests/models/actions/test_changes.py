"""Settings, services' terms, reasons' words and days: drafted by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from models.actions.changes import (
    Draft,
    confirm_change,
    draft_change,
    turn_down_change,
    withdraw_change,
)
from models.actions.daily import judge_changed
from models.actions.steps import system_actor
from models.clock import standing_at
from models.database import session
from models.queries.changes import change_card
from models.queries.policy_items import content_now, settings_listed
from models.queries.reasons import reasons_on
from models.queries.settings import calendar, setting, whole_number
from models.rules.changes import ChangeKind, ChangeState
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.tables.agreements import Agreement
from models.tables.record import Activity
from models.tables.reference import CalendarDay
from tests.rivals import at_once
from tests.town import Town
from tests.world import NOON, TODAY, World

K = ChangeKind
SOON = TODAY + timedelta(days=10)
WINDOW = Draft(K.setting, "filing_window_working_days", {"value": "5"}, TODAY, "照通知收紧")
TERMS = Draft(
    K.service_terms, "hnte_first",
    {"price_floor_fen": "20,000", "price_ceiling_fen": "30,000", "standard_working_days": "90"},
    TODAY, "市场价格下降",
)  # fmt: skip
TEXT = Draft(
    K.reason_text, "R99",
    {"name_zh": "其他情形", "name_en": "Another matter", "remedy_zh": "按告知函办理", "remedy_en": "As the letter says"},
    SOON, "用语统一",
)  # fmt: skip
SATURDAY = date(2026, 11, 28)
DAY = Draft(
    K.calendar_day, "2026-11-28", {"is_working": "working", "note": "补班"}, SATURDAY, "照通知"
)
EACH = {"setting": WINDOW, "service_terms": TERMS, "reason_text": TEXT, "calendar_day": DAY}


def act(world: World, who: str, verb: Callable[..., Any], *args: Any) -> Any:
    """Somebody does something in one transaction."""
    with world.session() as current:
        return verb(current, world.people[who], *args)


def changed(world: World, draft: Draft) -> int:
    """A change drafted by the reviewer and confirmed by the lead; its number."""
    number = int(act(world, "reviewer", draft_change, draft))
    act(world, "lead", confirm_change, number)
    return number


def state(world: World, number: int) -> tuple[ChangeState, str]:
    with session(world.engine) as current:
        line = change_card(current, world.people["auditor"], number).line
    return line.state, line.decided_reason


def verbs(world: World) -> list[tuple[str, str]]:
    with session(world.engine) as current:
        rows = current.execute(select(Activity.verb, Activity.subject).order_by(Activity.seq))
        return [tuple(row) for row in rows]


# ---------------------------------------------------------------- what comes of a confirmed change


def test_a_setting_holds_from_its_day_once_confirmed(town: Town) -> None:
    draft = replace(WINDOW, valid_from=SOON)
    number = act(town, "administrator", draft_change, draft)
    with session(town.engine) as current:
        assert setting(current, draft.subject, SOON).is_default
        (row,) = [
            one for one in settings_listed(current, town.people["leader"], TODAY) if one.waiting
        ]
        assert (row.key, row.waiting, row.value) == (draft.subject, number, 60)
    act(town, "lead", confirm_change, number)
    with session(town.engine) as current:
        assert whole_number(current, draft.subject, SOON - timedelta(days=1)) == 60
        assert whole_number(current, draft.subject, SOON) == 5
        listed = settings_listed(current, town.people["leader"], SOON)
        (row,) = [one for one in listed if one.key == draft.subject]
        assert (row.value, row.valid_from, row.confirmed_by) == (5, SOON, "lead 1")
    assert verbs(town)[-2:] == [
        ("draft_setting", f"setting:{draft.subject}"),
        ("confirm_setting", f"setting:{draft.subject}"),
    ]
    assert town.is_sound()


def test_open_claims_follow_a_setting_on_its_day(town: Town) -> None:
    number = town.file()  # obtained on 16 October, filed on 5 November: 14 working days
    with standing_at(NOON + timedelta(minutes=1)):
        changed(town, replace(WINDOW, valid_from=SOON))
        assert judge_changed(town.engine) == 0
        assert town.claim(number).findings_not_met == 0
    with standing_at(NOON + timedelta(days=10)):
        assert judge_changed(town.engine) == 1
        assert judge_changed(town.engine) == 0
    claim = town.claim(number)
    assert claim.findings_not_met + claim.findings_warning == 1
    assert town.is_sound()


def test_what_claims_do_not_read_judges_none(town: Town) -> None:
    town.file()
    with standing_at(NOON + timedelta(minutes=1)):
        changed(town, Draft(K.setting, "lease_minutes", {"value": "60"}, TODAY, "缩短"))
        changed(town, TEXT)
        assert judge_changed(town.engine) == 0


def test_the_price_band_of_the_day_of_signing_counts(town: Town) -> None:
    before = town.file()
    changed(town, TERMS)
    assert verdict(town, before, "F12") == "met"  # signed in April, 36,000 yuan
    town.change(Agreement, Agreement.id == town.agreement_id, signed_on=TODAY)
    assert verdict(town, before, "F12") == "not_met"
    assert "30,000" in fact(town, before, "F12")
    with session(town.engine) as current:
        people = town.people["finance"]
        now = content_now(current, people, K.service_terms, "hnte_first", TODAY)
        then = content_now(current, people, K.service_terms, "hnte_first", date(2026, 4, 18))
    assert (now["standard_working_days"], then["standard_working_days"]) == (90, 120)
    assert town.is_sound()


def verdict(town: Town, number: str, code: str) -> str:
    (found,) = [one for one in town.card("reviewer", number).findings if one.code == code]
    return found.verdict.value


def fact(town: Town, number: str, code: str) -> str:
    (found,) = [one for one in town.card("reviewer", number).findings if one.code == code]
    return str(found.fact)


def test_a_reason_is_worded_as_of_its_day(town: Town) -> None:
    changed(town, TEXT)
    with session(town.engine) as current:
        assert reasons_on(current)["R99"].name_zh == "其他"
        assert reasons_on(current, SOON)["R99"].name_zh == "其他情形"
        assert reasons_on(current, SOON)["R01"].name_zh == "材料不齐或未盖章"
        assert not current.dirty
    assert town.is_sound()


def test_a_day_is_added_changed_and_left_as_announced_again(town: Town) -> None:
    changed(town, DAY)
    with session(town.engine) as current:
        assert calendar(current).is_working_day(SATURDAY)
    changed(town, replace(DAY, written={"is_working": "resting", "note": "更正"}))
    with session(town.engine) as current:
        assert current.get_one(CalendarDay, SATURDAY).note == "更正"
        assert not calendar(current).is_working_day(SATURDAY)
    changed(town, replace(DAY, written={"is_working": "announced"}))
    with session(town.engine) as current:
        assert current.get(CalendarDay, SATURDAY) is None
    assert [verb for verb, subject in verbs(town) if "2026-11-28" in subject][1::2] == [
        "confirm_calendar_day", "confirm_calendar_day", "clear_calendar_day",
    ]  # fmt: skip
    assert town.is_sound()


# ---------------------------------------------------------------- two people


@pytest.mark.parametrize("kind", EACH)
def test_each_kind_is_turned_down_and_withdrawn_with_a_reason(sqlite_only: Town, kind: str) -> None:
    first = act(sqlite_only, "reviewer", draft_change, EACH[kind])
    act(sqlite_only, "lead", turn_down_change, first, "依据不足")
    assert state(sqlite_only, first) == (ChangeState.turned_down, "依据不足")
    second = act(sqlite_only, "reviewer", draft_change, EACH[kind])
    act(sqlite_only, "reviewer", withdraw_change, second, "写错")
    assert state(sqlite_only, second) == (ChangeState.withdrawn, "写错")
    made = [verb for verb, _ in verbs(sqlite_only)][-4:]
    assert made == [f"draft_{kind}", f"turn_down_{kind}", f"draft_{kind}", f"withdraw_{kind}"]
    third = act(sqlite_only, "reviewer", draft_change, EACH[kind])
    act(sqlite_only, "lead", confirm_change, third)
    assert sqlite_only.is_sound()


def test_the_drafter_does_not_confirm(town: Town) -> None:
    number = act(town, "lead", draft_change, WINDOW)
    with town.refused(NotAllowed, "另一人"):
        act(town, "lead", confirm_change, number)
    act(town, "lead2", confirm_change, number)


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("administrator", {"setting", "calendar_day"}),
        ("reviewer", set(EACH)),
        ("bureau", set()),
        ("auditor", set()),
        ("agency", set()),
    ],
)
def test_who_drafts_what(sqlite_only: Town, who: str, kinds: set[str]) -> None:
    for kind, draft in EACH.items():
        if kind in kinds:
            act(sqlite_only, who, draft_change, draft)
        else:
            with sqlite_only.refused(NotAllowed):
                act(sqlite_only, who, draft_change, draft)


def test_the_system_drafts_nothing(sqlite_only: Town) -> None:
    with pytest.raises(NotAllowed, match="两名人员"), sqlite_only.session() as current:
        draft_change(current, system_actor(), WINDOW)


def test_of_two_who_confirm_at_once_exactly_one_does(town: Town) -> None:
    number = act(town, "reviewer", draft_change, WINDOW)
    came_to = at_once(
        partial(act, town, "lead", confirm_change, number),
        partial(act, town, "lead2", confirm_change, number),
    )
    (refused,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(refused, SeenIsStale)
    assert [verb for verb, _ in verbs(town)].count("confirm_setting") == 1
    assert town.is_sound()


def test_confirming_and_withdrawing_at_once_come_to_one_of_them(town: Town) -> None:
    number = act(town, "reviewer", draft_change, TERMS)
    came_to = at_once(
        partial(act, town, "lead", confirm_change, number),
        partial(act, town, "reviewer", withdraw_change, number, "写错"),
    )
    (refused,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(refused, SeenIsStale)
    assert town.is_sound()


def test_two_who_draft_the_same_at_once_draft_it_once(town: Town) -> None:
    came_to = at_once(
        partial(act, town, "reviewer", draft_change, WINDOW),
        partial(act, town, "reviewer2", draft_change, WINDOW),
    )
    (refused,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(refused, AlreadyDone)
    assert "已有待确认的草稿" in str(refused)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("draft", "refusal", "words"),
    [
        (replace(WINDOW, written={"value": "x"}), FigureRefused, "不是整数"),
        (replace(WINDOW, subject="nothing"), NotFound, "没有“nothing”"),
        (replace(WINDOW, subject="\x00"), NotFound, "不能调整"),
        (replace(TERMS, subject="nothing"), NotFound, "不能调整"),
        (replace(TEXT, subject="R98"), NotFound, "不能调整"),
        (replace(DAY, subject="2026-11-29"), NotFound, "不能调整"),
        (
            replace(WINDOW, subject="is_demonstration", written={"value": "no"}),
            NotAllowed,
            "运维命令",
        ),
        (replace(WINDOW, valid_from=TODAY - timedelta(days=1)), NotAvailable, "已过"),
        (replace(DAY, subject="2026-11-19", valid_from=date(2026, 11, 19)), NotAvailable, "已过"),
        (replace(WINDOW, reason=" "), ReasonMissing, "写明理由"),
        (replace(WINDOW, reason="长" * 301), TextRefused, ""),
    ],
)
def test_what_cannot_be_drafted_is_refused_in_words(
    sqlite_only: Town, draft: Draft, refusal: type[Refusal], words: str
) -> None:
    with sqlite_only.refused(refusal, words):
        act(sqlite_only, "reviewer", draft_change, draft)


def test_one_thing_changes_once_on_a_day(sqlite_only: Town) -> None:
    for draft in (WINDOW, TERMS, TEXT):
        changed(sqlite_only, draft)
        with sqlite_only.refused(AlreadyDone, "已有生效的版本"):
            act(sqlite_only, "reviewer", draft_change, draft)


def test_a_draft_whose_day_has_passed_is_drafted_again(sqlite_only: Town) -> None:
    number = act(sqlite_only, "reviewer", draft_change, WINDOW)
    with standing_at(NOON + timedelta(days=1)):
        with sqlite_only.refused(NotAvailable, "已过"):
            act(sqlite_only, "lead", confirm_change, number)
        act(sqlite_only, "lead", turn_down_change, number, "过期")


def test_a_bank_account_is_sealed_in_the_record_and_masked_on_the_screen(town: Town) -> None:
    account = "6222020200009999"
    number = changed(
        town, Draft(K.setting, "alliance_payee_account", {"value": account}, TODAY, "开户")
    )
    with session(town.engine) as current:
        told = str(current.execute(select(Activity.before, Activity.after)).all())
        assert account not in told
        assert "hmac:" in told
        seen = {
            who: change_card(current, town.people[who], number).line.content["value"]
            for who in ("lead", "finance", "auditor", "reviewer")
        }
    assert seen == {
        "lead": account,
        "finance": account,
        "auditor": "**** 9999",
        "reviewer": "**** 9999",
    }
    assert town.is_sound()
