"""Trainings: announced, registered for, moved, cancelled; who came, recorded and corrected; what is
refused leaves nothing; two at once; what the record vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from models.actions.agencies import remove_agency, suspend_agency
from models.actions.evidence import files_missing
from models.actions.trainings import (
    add_training_material,
    ask_leave,
    cancel_training,
    correct_attendance,
    invite_agencies,
    mark_attendance,
    move_training,
    register_for_training,
)
from models.database import session
from models.queries.verification import verify
from models.rules.errors import (
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.rules.trainings import SeatState, TrainingAction, TrainingState
from models.tables.conduct import Training, TrainingEvent, TrainingSeat
from models.tables.organisations import AgencyScope
from tests.conduct import (
    AGENCY,
    AGENCY2,
    HELD_ON,
    LETTER,
    announced,
    at_training,
    training,
    training_shown,
)
from tests.pacts import SOFTWARE, act, newest_link
from tests.rivals import at_once
from tests.town import Town
from tests.world import TODAY, later

A, S = TrainingAction, SeatState
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""
WHY = "在外地出差"


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


def seats(town: Town, number: str) -> dict[str, SeatState]:
    """How every agency stands."""
    card = training_shown(town, "lead", number)
    return {seat.agency_uscc: seat.state for seat in card.seats}


def mark(town: Town, who: str, number: str, codes: list[str], to: SeatState, why: str = "") -> None:
    """Somebody who has just opened a training records attendance."""
    at_training(town, who, mark_attendance, number, codes, to, why)


def correct(town: Town, number: str, codes: list[str], to: SeatState, why: str = WHY) -> None:
    """The lead corrects attendance."""
    at_training(town, "lead", correct_attendance, number, codes, to, why)


# ---------------------------------------------------------------- the straight way


def test_a_training_is_announced_registered_for_and_attended(town: Town) -> None:
    number = announced(town, papers=LETTER)
    assert (number, training(town, number).version) == ("PX-2026-00001", 1)
    assert seats(town, number) == {AGENCY: S.invited, AGENCY2: S.invited}
    at_training(town, "agency", register_for_training, number)
    at_training(town, "agency2", ask_leave, number, WHY)
    own = training_shown(town, "agency2", number).own
    assert own is not None
    assert (own.state, own.reason, own.version) == (S.leave_asked, WHY, 2)
    mark(town, "reviewer", number, [AGENCY2], S.excused, "同意")
    with later(days=7):
        mark(town, "lead", number, [AGENCY], S.attended)
        assert seats(town, number) == {AGENCY: S.attended, AGENCY2: S.excused}
        correct(town, number, [AGENCY, AGENCY2], S.missed)
        assert seats(town, number) == {AGENCY: S.missed, AGENCY2: S.missed}
    with session(town.engine) as current:
        wanted = select(TrainingEvent).order_by(TrainingEvent.position)
        kept = [(one.action, one.seat_to, one.agencies) for one in current.exec(wanted)]
        assert files_missing(current) == []
    assert kept == [
        (A.announce_training, None, [AGENCY, AGENCY2]),
        (A.register_for_training, S.registered, [AGENCY]),
        (A.ask_leave, S.leave_asked, [AGENCY2]),
        (A.mark_excused, S.excused, [AGENCY2]),
        (A.mark_attended, S.attended, [AGENCY]),
        (A.correct_attendance, S.missed, [AGENCY, AGENCY2]),
    ]
    assert is_sound(town)


@ONE
def test_who_offers_the_service_is_invited_if_admitted(town: Town) -> None:
    number = announced(town, services=(SOFTWARE, SOFTWARE))
    assert seats(town, number) == {AGENCY: S.invited}
    assert training(town, number).service_codes == [SOFTWARE]
    with town.session() as current:
        suspend_agency(current, town.people["lead"], AGENCY2, TODAY, None, "整改")
    assert set(seats(town, announced(town))) == {AGENCY, AGENCY2}
    with town.session() as current:
        remove_agency(current, town.people["lead"], AGENCY, TODAY, "退出")
    assert set(seats(town, announced(town))) == {AGENCY2}
    with pytest.raises(NotAvailable, match="没有已准入且提供这些服务的机构"):
        announced(town, services=(SOFTWARE,))


@ONE
def test_agencies_admitted_since_are_invited_too(town: Town) -> None:
    number = announced(town, services=(SOFTWARE,))
    with pytest.raises(NotAvailable, match="没有新准入的机构"):
        at_training(town, "lead", invite_agencies, number)
    with town.session() as current:
        current.add(AgencyScope(agency_id=town.agency2_id, service_code=SOFTWARE))
    assert at_training(town, "lead", invite_agencies, number) == 1
    assert set(seats(town, number)) == {AGENCY, AGENCY2}
    assert is_sound(town)


@ONE
def test_the_alliance_registers_and_excuses_for_an_agency(town: Town) -> None:
    number = announced(town)
    act(town, "reviewer", register_for_training, number, 1, AGENCY)
    link = newest_link(town)
    assert link.after is not None
    assert (link.after["on_behalf"], link.after["agencies"]) == (1, [AGENCY])
    act(town, "reviewer", ask_leave, number, WHY, 2, AGENCY)
    assert seats(town, number) == {AGENCY: S.leave_asked, AGENCY2: S.invited}
    with pytest.raises(ReasonMissing, match="请选择机构"):
        act(town, "reviewer", register_for_training, number, 3)


@ONE
def test_a_training_is_put_off_with_its_registrations(town: Town) -> None:
    number = announced(town)
    at_training(town, "agency", register_for_training, number)
    seen = training_shown(town, "agency2", number).own
    assert seen is not None
    at_training(
        town, "lead", move_training, number, HELD_ON + timedelta(days=3), "线上", "场地冲突"
    )
    row = training(town, number)
    assert (row.held_on, row.place) == (HELD_ON + timedelta(days=3), "线上")
    assert seats(town, number)[AGENCY] is S.registered
    with pytest.raises(SeenIsStale, match="“培训改期”"):
        act(town, "agency2", register_for_training, number, seen.version)
    assert is_sound(town)


@ONE
def test_a_training_is_cancelled_with_the_reason_and_counts_for_nobody(town: Town) -> None:
    number = announced(town)
    at_training(town, "lead", cancel_training, number, "讲师因故不能到场")
    assert training(town, number).state is TrainingState.cancelled
    with pytest.raises(NotAvailable, match="培训已取消"):
        at_training(town, "agency", register_for_training, number)
    assert is_sound(town)


@ONE
def test_materials_are_added_before_and_after(town: Town) -> None:
    number = announced(town)
    at_training(town, "lead", add_training_material, number, LETTER)
    with later(days=20), pytest.raises(FileRefused):
        at_training(town, "lead", add_training_material, number, ())
    assert [paper.file_name for paper in training_shown(town, "agency", number).materials] == [
        "证据.pdf"
    ]
    assert is_sound(town)


# ---------------------------------------------------------------- what is refused


@ONE
def test_what_cannot_be_announced_says_why(town: Town) -> None:
    refused: tuple[tuple[type[Refusal], str, dict[str, Any]], ...] = (
        (ReasonMissing, "请写明培训名称和地点", {"title": " "}),
        (ReasonMissing, "请写明培训名称和地点", {"place": ""}),
        (TextRefused, "最长 120 个字", {"title": "长" * 121}),
        (NotAvailable, "已经过去", {"held_on": TODAY - timedelta(days=1)}),
        (NotAvailable, "学时须在 1 至 80 之间", {"study_hours": 0}),
        (NotAvailable, "学时须在 1 至 80 之间", {"study_hours": 81}),
        (NotFound, "服务清单中没有", {"services": ("nothing",)}),
        (FileRefused, "", {"papers": (("x.exe", b"MZ"),)}),
    )
    for kind, words, changes in refused:
        with pytest.raises(kind, match=words or None):
            announced(town, **changes)
    town.people["lead"] = town.people["bureau"]
    with pytest.raises(NotAllowed):
        announced(town)
    with session(town.engine) as current:
        assert current.exec(select(Training)).all() == []


@ONE
def test_what_cannot_be_moved_or_cancelled_says_why(town: Town) -> None:
    number = announced(town)
    for given, kind in (
        ((HELD_ON, "", WHY), ReasonMissing),
        ((HELD_ON, "线上", " "), ReasonMissing),
        ((TODAY - timedelta(days=1), "线上", WHY), NotAvailable),
    ):
        with pytest.raises(kind):
            at_training(town, "lead", move_training, number, *given)
    with pytest.raises(ReasonMissing):
        at_training(town, "lead", cancel_training, number, "")
    with later(days=7):
        mark(town, "lead", number, [AGENCY], S.missed)
        for action, given in ((move_training, (HELD_ON, "线上", WHY)), (cancel_training, (WHY,))):
            with pytest.raises(NotAvailable, match="已登记到场或缺席"):
                at_training(town, "lead", action, number, *given)
    with later(days=8), pytest.raises(NotAvailable, match="培训日期已过"):
        at_training(town, "lead", cancel_training, number, WHY)


@ONE
def test_what_cannot_be_recorded_says_why(town: Town) -> None:
    number = announced(town)
    with pytest.raises(NotAvailable, match="“大连示例甲机构有限公司”：培训日期未到"):
        mark(town, "lead", number, [AGENCY], S.attended)
    with later(days=7):
        for codes, to, why, kind, words in (
            ([], S.attended, "", ReasonMissing, "请选择机构"),
            ([AGENCY], S.excused, " ", ReasonMissing, "请写明理由"),
            (["9121"], S.attended, "", NotFound, "不在参训名单中"),
            (["\n"], S.attended, "", NotFound, "不在参训名单中"),
        ):
            with pytest.raises(kind, match=words):
                mark(town, "lead", number, codes, to, why)
        mark(town, "lead", number, [AGENCY], S.attended)
        with pytest.raises(NotAvailable, match="“大连示例甲机构有限公司”：该机构“已到场”"):
            mark(town, "lead", number, [AGENCY2, AGENCY], S.attended)
        assert seats(town, number)[AGENCY2] is S.invited, "all of them or none"
        with pytest.raises(NotAvailable, match="登记的已是这一情况"):
            correct(town, number, [AGENCY], S.attended)
        with pytest.raises(ReasonMissing):
            correct(town, number, [AGENCY], S.missed, "")
        with pytest.raises(TypeError):
            correct(town, number, [AGENCY], S.invited)
        with pytest.raises(NotAllowed, match="“联盟负责人、联盟初审员”办理"):
            at_training(town, "agency", mark_attendance, number, [AGENCY], S.missed, "")


@ONE
def test_who_is_tied_to_an_agency_records_nothing_of_it(town: Town) -> None:
    number = announced(town)
    town.tie("lead", agency_id=town.agency_id)
    with later(days=7):
        mark(town, "lead", number, [AGENCY2], S.attended)
        with pytest.raises(NotAllowed, match="您与“大连示例甲机构有限公司”有回避关系"):
            mark(town, "lead", number, [AGENCY], S.attended)
        mark(town, "reviewer", number, [AGENCY], S.missed)


@ONE
def test_what_is_not_there_and_what_is_not_theirs_look_the_same(town: Town) -> None:
    number = announced(town, services=(SOFTWARE,))
    town.people["nobody"] = replace(town.people["agency"], agency_id=None)
    for who, wanted in (
        ("agency", "PX-2026-09999"), ("agency", "\n"), ("agency2", number), ("enterprise", number),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="没有编号为"):
            act(town, who, ask_leave, wanted, WHY, 1) if who == "agency" else training_shown(
                town, who, wanted
            )
    with pytest.raises(NotAllowed, match="没有关联服务机构"):
        act(town, "nobody", register_for_training, number, 1)


# ---------------------------------------------------------------- two at once


def test_two_agencies_register_at_the_same_moment(town: Town) -> None:
    number = announced(town)
    outcomes = at_once(
        lambda: act(town, "agency", register_for_training, number, 1),
        lambda: act(town, "agency2", register_for_training, number, 1),
    )
    assert outcomes == [None, None]
    assert set(seats(town, number).values()) == {S.registered}
    assert is_sound(town)


def test_of_two_who_record_at_the_same_moment_one_is_told(town: Town) -> None:
    number = announced(town)
    with later(days=7):
        outcomes = at_once(
            lambda: act(town, "lead", mark_attendance, number, [AGENCY], S.missed, "", 1),
            lambda: act(town, "reviewer", mark_attendance, number, [AGENCY], S.attended, "", 1),
        )
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "SeenIsStale"]
    assert is_sound(town)


# ---------------------------------------------------------------- the record


@ONE
def test_the_record_names_what_was_altered(town: Town) -> None:
    number = announced(town)
    with later(days=7):
        mark(town, "lead", number, [AGENCY], S.missed)

    def found(statement: Any) -> str:
        with session(town.engine, write=True) as current:
            current.execute(statement)
        with session(town.engine) as current:
            return str(verify(current).first_broken)

    words = f"{number} 的登记内容与其记录不符"
    missed = TrainingSeat.state == S.missed
    assert words in found(update(TrainingSeat).where(missed).values(state=S.attended))
    attended = TrainingSeat.state == S.attended
    assert found(update(TrainingSeat).where(attended).values(state=S.missed)) == "None"
    assert words in found(update(Training).values(is_obligatory=False))
