"""Meetings: choosing targets, freezing what the slides say, opening it again to the digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from models.actions.meetings import add_slide, choose_slides, freeze_meeting
from models.actions.steps import system_actor
from models.clock import now_utc, today
from models.queries.meetings import (
    SHORT_DECK,
    chosen_targets,
    content_of,
    deck_from,
    deck_of,
    digest_of,
    frozen_lines,
    frozen_meeting,
    live_deck,
)
from models.queries.targets import figures_version, target_lines
from models.queries.verification import verify
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, NotFound, TextRefused
from models.rules.targets import ActualKind, Grade
from models.rules.targets.slides import differences
from models.tables.meetings import ActualEntry, EntryState, MeetingSnapshot
from models.tables.record import Activity, Anchor
from models.tables.targets import Actual
from seed.target_data import seed_target_data
from tests.town import Town, make_town
from tests.world import Opener


@pytest.fixture
def planned(opened: Opener) -> Town:
    """A town that knows the five plans."""
    town: Town = opened(_planned)
    return town


def _planned(engine: Engine) -> Town:
    town = make_town(engine)
    with town.session() as current:
        seed_target_data(current, system_actor())
    return town


def freeze(town: Town, who: str = "leader", title: str = "十一月调度会") -> int:
    with town.session() as current:
        seen = digest_of(live_deck(current, today()))
        return freeze_meeting(current, town.people[who], title, seen)


def replace_figure(town: Town, actual_id: str, value: int) -> None:
    """Somebody entered another figure for the same day, and a second person confirmed it."""
    with town.session() as current:
        old = current.get(Actual, actual_id)
        assert old is not None
        new = Actual(**old.model_dump() | {"id": "E-1", "value": Decimal(value)})
        new.kind, new.grade = ActualKind.reported, Grade.high
        current.add(new)
        current.flush()
        current.add(
            ActualEntry(
                actual_id="E-1", state=EntryState.confirmed, replaces_id=actual_id,
                entered_by_id=town.people["reviewer"].account_id, entered_at_utc=now_utc(),
                decided_by_id=town.people["lead"].account_id, decided_at_utc=now_utc(),
            )
        )  # fmt: skip


def test_a_frozen_meeting_opens_again_to_the_digit_and_says_what_differs(planned: Town) -> None:
    number = freeze(planned)
    with planned.session() as current:
        before = frozen_meeting(current, planned.people["leader"], number)
        assert before.deck == live_deck(current, today())
        row = current.get(MeetingSnapshot, number)
        assert row is not None
        stored = row.content
        figure = current.execute(
            select(Actual.id).where(
                Actual.place_code == "dalian-hightech", Actual.indicator_code == "hnte_count",
                Actual.as_of == date(2020, 12, 31),
            )
        ).scalar_one()  # fmt: skip
        version = figures_version(current)
    replace_figure(planned, figure, 1010)
    with planned.session() as current:
        after = frozen_meeting(current, planned.people["leader"], number)
        live = live_deck(current, today())
        assert figures_version(current) != version
        assert after == before
        assert content_of(after.deck) == stored
        assert after.is_whole
        told = [str(one.words) for one in differences(after.deck, live)]
    assert told == [
        "2020 年：定稿 851（推算，低可信），现行 1,010",
        "状态：定稿“逾期达成（2021）”，现行“按期达成”",
    ]


def test_who_froze_it_when_and_under_which_head(planned: Town) -> None:
    number = freeze(planned)
    with planned.session() as current:
        line = frozen_lines(current)[0]
        assert (line.id, line.title, line.taken_by) == (number, "十一月调度会", "leader 1")
        anchored = current.exec(select(Anchor).order_by(Anchor.id.desc())).first()  # type: ignore[union-attr]
        link = current.exec(select(Activity).where(Activity.verb == "freeze_meeting")).one()
        row = current.get(MeetingSnapshot, number)
        assert anchored is not None and row is not None
        assert row.chain_head == anchored.hash == link.hash
        assert anchored.occasion == link.subject == f"meeting:{line.digest[:12]}"
        assert link.after == {
            "as_of": today().isoformat(),
            "slides": SHORT_DECK,
            "digest": line.digest,
        }
        assert verify(current).is_sound


@pytest.mark.parametrize(
    "who", ["agency", "enterprise", "bureau", "finance", "auditor", "administrator"]
)
def test_who_keeps_no_meetings_is_refused(planned: Town, who: str) -> None:
    with pytest.raises(NotAllowed, match="领导"):
        freeze(planned, who)
    with planned.session() as current, pytest.raises(NotAllowed):
        choose_slides(current, planned.people[who], ["DH-005"])


def test_who_sees_no_meetings_opens_none(planned: Town) -> None:
    number = freeze(planned)
    with planned.session() as current:
        with pytest.raises(NotAllowed):
            frozen_meeting(current, planned.people["agency"], number)
        with pytest.raises(NotFound, match="没有编号为 99"):
            frozen_meeting(current, planned.people["auditor"], 99)


def test_the_same_slides_are_kept_once(planned: Town) -> None:
    number = freeze(planned)
    with pytest.raises(AlreadyDone, match=f"leader 1 定稿（第 {number} 号）"):
        freeze(planned, "lead")
    with planned.session() as current:
        assert len(frozen_lines(current)) == 1
        choose_slides(current, planned.people["lead"], ["WF-001"])
    assert freeze(planned, "lead") != number
    with pytest.raises(AlreadyDone, match="lead 1 定稿"):
        freeze(planned)


def test_what_was_not_seen_is_not_frozen(planned: Town) -> None:
    with planned.session() as current:
        seen = digest_of(live_deck(current, today()))
        choose_slides(current, planned.people["lead"], ["WF-001"])
    with planned.session() as current, pytest.raises(NotAvailable, match="在您打开后变了"):
        freeze_meeting(current, planned.people["leader"], "", seen)


def test_a_title_has_an_end(planned: Town) -> None:
    with pytest.raises(TextRefused):
        freeze(planned, title="会" * 81)


def test_targets_are_shown_in_the_order_they_were_chosen(planned: Town) -> None:
    with planned.session() as current:
        assert choose_slides(current, planned.people["leader"], ["WF-001", "DH-005", "WF-001"]) == 2
        assert chosen_targets(current) == ("WF-001", "DH-005")
        deck = live_deck(current, today())
        assert [slide.target_id for slide in deck.slides] == ["WF-001", "DH-005"]
    with planned.session() as current:
        with pytest.raises(AlreadyDone):
            choose_slides(current, planned.people["leader"], ["WF-001", "DH-005"])
        with pytest.raises(NotFound, match="XX-1"):
            choose_slides(current, planned.people["leader"], ["DH-005", "XX-1"])
    with planned.session() as current:
        assert choose_slides(current, planned.people["leader"], []) == 0
        assert len(live_deck(current, today()).slides) == SHORT_DECK


def test_one_more_target_follows_those_shown(planned: Town) -> None:
    with planned.session() as current:
        usual = [slide.target_id for slide in live_deck(current, today()).slides]
        assert add_slide(current, planned.people["reviewer"], "WF-002") == SHORT_DECK + 1
        assert chosen_targets(current) == (*usual, "WF-002")
    with planned.session() as current:
        with pytest.raises(AlreadyDone, match="已在会议材料中"):
            add_slide(current, planned.people["reviewer"], "WF-002")
        with pytest.raises(NotFound):
            add_slide(current, planned.people["reviewer"], "XX-1")
        with pytest.raises(NotAllowed):
            add_slide(current, planned.people["auditor"], "WF-003")


def test_the_usual_choice_tells_each_place_and_says_silence(planned: Town) -> None:
    with planned.session() as current:
        lines = target_lines(current, today())
    deck = deck_of(lines, (), today())
    ids = [slide.target_id for slide in deck.slides]
    assert "DH-005" in ids
    assert "DH-004" not in ids, "a multiple says the same as its total"
    assert {slide.place.code for slide in deck.slides} >= {
        "wafangdian",
        "jinpu",
        "weihai",
        "harbin",
    }
    assert sum(one.total for one in deck.standings) == sum(
        line.reading.target.is_read for line in lines
    )
    assert deck_from(content_of(deck)) == deck


@pytest.mark.parametrize(
    ("forgery", "told"),
    [
        (
            "UPDATE meeting_snapshot SET content = replace(content, '1000', '1001')",
            "第 1 号定稿会议与操作记录不符",
        ),
        (
            "UPDATE meeting_snapshot SET digest = 'f' || substr(digest, 2)",
            "第 1 号定稿会议与操作记录不符",
        ),
        ("DELETE FROM meeting_snapshot", "的定稿会议不见了"),
    ],
)
def test_a_forged_snapshot_is_named(planned: Town, forgery: str, told: str) -> None:
    freeze(planned)
    without_triggers(planned, forgery)
    with planned.session() as current:
        found = verify(current)
        assert told in str(found.first_broken)
        if "content" in forgery:
            assert not frozen_meeting(current, planned.people["lead"], 1).is_whole


@pytest.mark.parametrize(
    "verb", ["UPDATE meeting_snapshot SET title = 'x'", "DELETE FROM meeting_snapshot"]
)
def test_a_snapshot_is_never_changed(planned: Town, verb: str) -> None:
    freeze(planned)
    with pytest.raises(DBAPIError, match="append-only"), planned.session() as current:
        current.execute(text(verb))


def without_triggers(town: Town, statement: str) -> None:
    """A change made past the program, by somebody who may do anything."""
    drop: dict[str, tuple[str, ...]] = {
        "sqlite": (
            "DROP TRIGGER meeting_snapshot_no_update", "DROP TRIGGER meeting_snapshot_no_delete",
        ),
        "postgresql": ("DROP TRIGGER meeting_snapshot_append_only ON meeting_snapshot",),
    }  # fmt: skip
    with town.session() as current:
        for one in (*drop[current.get_bind().dialect.name], statement):
            current.execute(text(one))


def test_two_people_freeze_at_once_and_one_is_told(planned: Town) -> None:
    from tests.rivals import at_once

    done = at_once(lambda: freeze(planned, "leader"), lambda: freeze(planned, "lead"))
    refused: list[Any] = [one for one in done if isinstance(one, AlreadyDone)]
    assert len(refused) == 1
    with planned.session() as current:
        assert len(frozen_lines(current)) == 1
        assert verify(current).is_sound
