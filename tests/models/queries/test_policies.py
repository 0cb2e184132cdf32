"""The registers of standards, settings, services, reasons, days and changes as they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.actions.changes import Draft, confirm_change, draft_change
from models.actions.standards import draft_standard
from models.database import session
from models.queries.changes import change_card, changes, changes_waiting
from models.queries.paging import PageRequest, everything
from models.queries.policy_items import (
    content_now,
    days_listed,
    reasons_worded,
    services_with_terms,
    settings_listed,
)
from models.queries.standards import (
    StandardFilter,
    VersionState,
    places_of_standards,
    result_kinds_of,
    standard_card,
    standards,
)
from models.rules.changes import ChangeKind, ChangeState
from models.rules.entitlement import Purpose
from models.rules.errors import NotAllowed, NotFound
from models.rules.settings import SETTINGS
from models.rules.standards import StandardEntry
from models.tables.money import Standing
from tests.models.queries.test_verification import alter, told
from tests.town import Town
from tests.world import TODAY

ENTRY = StandardEntry(
    service_code="hnte_first", amount="40,000", document="测试办法", clause="第三条",
    title_zh="高企认定补贴_新", title_en="HNTE subsidy", valid_from=TODAY + timedelta(days=5), reason="调整",
)  # fmt: skip
SATURDAY = date(2026, 11, 28)
DRAFTS = (
    Draft(
        ChangeKind.service_terms,
        "hnte_first",
        {"price_floor_fen": "1", "standard_working_days": "9"},
        TODAY,
        "降",
    ),
    Draft(
        ChangeKind.reason_text,
        "R99",
        {"name_zh": "其", "name_en": "O", "remedy_zh": "照", "remedy_en": "Do"},
        TODAY,
        "改",
    ),
    Draft(
        ChangeKind.calendar_day,
        "2026-11-28",
        {"is_working": "working", "note": "补班"},
        SATURDAY,
        "通知",
    ),
    Draft(ChangeKind.setting, "place", {"value": "大连高新区"}, TODAY, "写明"),
)


@pytest.fixture
def kept(town: Town) -> Town:
    """A future version, and one change of each other kind, all confirmed."""
    with town.session() as current:
        numbers = [draft_standard(current, town.people["reviewer"], ENTRY)]
        numbers += [draft_change(current, town.people["reviewer"], draft) for draft in DRAFTS]
    for number in numbers:
        with town.session() as current:
            confirm_change(current, town.people["lead"], number)
    return town


def asked(town: Town, on: date = TODAY, request: PageRequest | None = None, **wanted: Any) -> Any:
    with session(town.engine) as current:
        filter_ = StandardFilter(**wanted)
        return standards(current, town.people["bureau"], filter_, request or everything(), on)


def test_each_standard_once_by_the_version_that_holds(kept: Town) -> None:
    rows = {row.key: row for row in asked(kept)}
    assert len(rows) == 31  # 27 of weihai, one of dalian, three of the town
    held = rows["S-01-subsidy"]
    assert (held.version, held.versions, held.state) == (1, 2, VersionState.counting)
    assert held.ends_on == TODAY + timedelta(days=4)
    assert held.service.zh == "高企认定（首次）"
    later = {row.key: row for row in asked(kept, TODAY + timedelta(days=5))}["S-01-subsidy"]
    assert (later.version, later.ends_on, later.source) == (2, None, "测试办法 第三条")
    printed = rows["weihai-incubator-hnte"]
    assert (printed.state, printed.standing) == (VersionState.ended, Standing.reference)
    assert asked(kept).rows[-1].standing is Standing.reference


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"place": "威海市"}, 27),
        ({"standing": Standing.in_force}, 3),
        ({"service": "hnte_first"}, 2),
        ({"service": "hnte_first", "purpose": Purpose.reward}, 1),
        ({"text": "二.(四).2 孵化"}, 2),
        ({"text": "S-01"}, 2),
        ({"text": "%"}, 0),
        ({"place": "' OR 1=1"}, 0),
    ],
)
def test_the_filters_narrow_the_register(kept: Town, wanted: dict[str, Any], count: int) -> None:
    assert asked(kept, **wanted).count.rows == count


def test_pages_and_orders(kept: Town) -> None:
    page = asked(kept, request=PageRequest(2, 13, "-valid_from"))
    assert (page.number, page.pages, len(page.rows)) == (2, 3, 13)
    first = asked(kept, request=PageRequest(1, 1, "source")).rows[0]
    assert first.standard.document == "dalian"


def test_a_card_shows_every_version_the_newest_first(kept: Town) -> None:
    kept.file()
    with session(kept.engine) as current:
        card = standard_card(current, kept.people["auditor"], "S-01-subsidy", TODAY)
    assert [line.row.version for line in card.versions] == [2, 1]
    new, old = card.versions
    assert (new.row.state, new.drafted_by, new.confirmed_by) == (
        VersionState.future,
        "reviewer 1",
        "lead 1",
    )
    assert (old.used_by, new.used_by, card.row.version) == (1, 0, 1)
    for forged in ("nothing", "\x00", "' OR 1=1"):
        with pytest.raises(NotFound), session(kept.engine) as current:
            standard_card(current, kept.people["auditor"], forged, TODAY)


def test_what_a_form_offers(town: Town) -> None:
    with session(town.engine) as current:
        assert places_of_standards(current) == tuple(sorted(["大连市", "大连高新区", "威海市"]))
        kinds = result_kinds_of(current)
    assert [kind.code for kind in kinds["hnte_first"]] == ["hnte_first_cert"]


def test_the_lists_show_what_holds_and_since_when(kept: Town) -> None:
    people = kept.people["committee"]
    with session(kept.engine) as current:
        assert len(settings_listed(current, people, TODAY)) == len(SETTINGS)
        service = {one.code: one for one in services_with_terms(current, people, TODAY)}[
            "hnte_first"
        ]
        assert (service.price_floor_fen, service.price_ceiling_fen, service.since) == (
            100,
            None,
            TODAY,
        )
        reason = {one.code: one for one in reasons_worded(current, people, TODAY)}["R99"]
        assert (reason.text.name_zh, reason.since, reason.basis) == ("其", TODAY, "设定")
        (day,) = days_listed(current, people)
        assert (day.id, day.is_working, day.note) == ("2026-11-28", True, "补班")
        assert content_now(current, people, ChangeKind.setting, "place", TODAY) == {
            "value": "大连高新区"
        }
        assert (
            content_now(current, people, ChangeKind.calendar_day, "2026-11-28", TODAY)["note"]
            == "补班"
        )


@pytest.mark.parametrize(
    "kind", [kind for kind in ChangeKind if kind is not ChangeKind.policy_rule]
)
def test_what_is_not_there_is_not_found(sqlite_only: Town, kind: ChangeKind) -> None:
    for forged in ("nothing", "\x00"):
        with pytest.raises(NotFound), session(sqlite_only.engine) as current:
            content_now(current, sqlite_only.people["lead"], kind, forged, TODAY)


def test_the_changes_are_filtered_and_ordered(kept: Town) -> None:
    with kept.session() as current:
        entry = replace(ENTRY, valid_from=TODAY + timedelta(days=9))
        waiting = draft_standard(current, kept.people["reviewer"], entry)
    with session(kept.engine) as current:
        people = kept.people["finance"]
        assert changes_waiting(current, people) == 1
        every = changes(current, people, everything())
        assert len(every.rows) == 6
        (only,) = changes(
            current, people, everything(), ChangeKind.policy_rule, ChangeState.drafted
        )
        assert (only.id, only.itself, only.is_waiting) == (waiting, only, True)
        ordered = changes(current, people, PageRequest(1, 1, "-valid_from"))
        assert ordered.rows[0].id == waiting
        card = change_card(current, people, waiting)
        assert not (card.may_decide or card.may_withdraw or card.barred)


@pytest.mark.parametrize("who", ["agency", "enterprise"])
def test_strangers_are_refused(sqlite_only: Town, who: str) -> None:
    actor = sqlite_only.people[who]
    with session(sqlite_only.engine) as current:
        for ask in (
            lambda: standards(current, actor, StandardFilter(), everything(), TODAY),
            lambda: standard_card(current, actor, "S-01-subsidy", TODAY),
            lambda: settings_listed(current, actor, TODAY),
            lambda: services_with_terms(current, actor, TODAY),
            lambda: reasons_worded(current, actor, TODAY),
            lambda: days_listed(current, actor),
            lambda: content_now(current, actor, ChangeKind.setting, "place", TODAY),
            lambda: changes(current, actor, everything()),
            lambda: changes_waiting(current, actor),
            lambda: change_card(current, actor, 1),
        ):
            with pytest.raises(NotAllowed):
                ask()


# ---------------------------------------------------------------- vouched for

# fmt: off
ATTACKS = {
    "a price band":       ("UPDATE service_terms SET price_floor_fen = 2",                    "价格区间和服务标准“hnte_first:2026-11-20”的最低参考价"),
    "a service standard": ("UPDATE service_terms SET standard_working_days = 900",            "服务标准（工作日）与操作记录不符"),
    "a reason's words":   ("UPDATE reason_text SET remedy_zh = '不必办理'",                    "理由用语“R99:2026-11-20”"),
    "a day":              ("UPDATE calendar_day SET is_working = :no",                        "工作日历“2026-11-28”的是否工作日"),
    "a day taken out":    ("DELETE FROM calendar_day",                                        "工作日历“2026-11-28”不见了"),
    "terms taken out":    ("DELETE FROM service_terms",                                       "不见了"),
    "a setting":          ("UPDATE setting SET value = '\"别处\"' WHERE key = 'place'",       "取值"),
    "an amount":          ("UPDATE policy_rule SET parameters = '{\"amount_fen\": 1}' WHERE key = 'S-01-subsidy' AND version = 2", "参数"),
    "words slipped in":   (("INSERT INTO reason_text (id, code, valid_from, name_zh, name_en, remedy_zh, remedy_en, change_id)"
                           " VALUES (9, 'R01', '2026-01-01', 'x', 'x', 'x', 'x', 1)"),         "没有操作记录"),
}
# fmt: on


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_altered_behind_the_record_is_named(kept: Town, attack: str) -> None:
    assert kept.is_sound()
    statement, words = ATTACKS[attack]
    values = {"no": False} if ":no" in statement else {}
    alter(kept, statement, **values)
    assert words in told(kept)
