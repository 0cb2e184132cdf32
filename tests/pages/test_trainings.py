"""业务培训: the list, a training's card for an agency and for the alliance, and what others are not
shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.actions.trainings import mark_attendance, register_for_training
from models.clock import today
from models.rules.trainings import SeatState, TrainingState
from tests.conduct import AGENCY, AGENCY2, LETTER, announced, at_training, training, training_shown
from tests.desk import Desk, all_text, title
from tests.pages.test_members import names

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

TITLE = "**申报** $要点$ <b>"


def keys(page: AppTest) -> set[str]:
    """The buttons of a page."""
    return {str(button.key) for button in page.button}


def choose(page: AppTest, action: str) -> None:
    """Choose a step in the form."""
    (pills,) = [one for one in page.get("button_group") if str(one.key).count("_") == 2]
    pills.set_value(action).run()


def press(page: AppTest) -> None:
    """Press the form's button."""
    page.button(key="take_training_step").click().run()


def seat(desk: Desk, number: str, code: str) -> SeatState:
    """How an agency stands."""
    seats = training_shown(desk.zone.world, "lead", number).seats
    return next(one.state for one in seats if one.agency_uscc == code)


def test_the_list_shows_an_agency_its_own(desk: Desk) -> None:
    empty = desk.open("/trainings", "lead")
    assert "没有符合条件的培训" in all_text(empty)
    assert empty.button(key="announce_training").label == "通知培训"
    number = announced(desk.zone.world, title=TITLE, held_on=today(), services=("hnte_first",))
    for who in ("agency", "agency2", "auditor"):
        assert names(desk.open("/trainings", who)) == [number]
    assert names(desk.open("/trainings", "agency", pile="turn")) == [number]
    assert names(desk.open("/trainings", "lead", duty="yes", due="coming")) == [number]
    assert not desk.open("/trainings", "lead", duty="no").dataframe
    assert "announce_training" not in keys(desk.open("/trainings", "agency"))
    assert "培训等我办理 1" in [one.label for one in desk.open("/", "agency").get("page_link")]


def test_an_agency_registers_and_asks_leave(desk: Desk) -> None:
    number = announced(desk.zone.world, title=TITLE, held_on=today(), papers=LETTER)
    page = desk.open("/trainings", "agency", training=number)
    said = all_text(page)
    for words in ("培训材料 1", "证据.pdf", "待报名", "\\*\\*申报\\*\\*"):
        assert words in said, words
    assert "参训机构" not in said
    page.button(key="register_training").click().run()
    assert seat(desk, number, AGENCY) is SeatState.registered
    assert "register_training" not in keys(page)
    page.button(key="ask_leave").click().run()
    assert "请写明理由" in page.error[0].value
    page.text_input[0].set_value("出差")
    page.button(key="ask_leave").click().run()
    assert seat(desk, number, AGENCY) is SeatState.leave_asked
    assert "出差" in all_text(page)
    page.button(key="register_training").click().run()
    assert seat(desk, number, AGENCY) is SeatState.registered


def test_the_alliance_records_who_came_and_corrects_it(desk: Desk) -> None:
    world = desk.zone.world
    number = announced(world, held_on=today())
    at_training(world, "agency", register_for_training, number)
    page = desk.open("/trainings", "lead", training=number)
    assert "参训机构 2" in all_text(page)
    assert page.multiselect[0].value == [AGENCY]
    press(page)
    assert seat(desk, number, AGENCY) is SeatState.attended
    choose(page, "mark_missed")
    press(page)
    assert seat(desk, number, AGENCY2) is SeatState.missed
    choose(page, "correct_attendance")
    page.multiselect[0].set_value([AGENCY2]).run()
    press(page)
    assert "请写明理由" in page.error[0].value
    page.text_input[0].set_value("另一人代签")
    press(page)
    assert seat(desk, number, AGENCY2) is SeatState.attended
    assert "另一人代签" in all_text(page)
    assert title(page) == number.replace("-", "\\-")


def test_the_alliance_excuses_moves_and_cancels(desk: Desk) -> None:
    world = desk.zone.world
    number = announced(world, held_on=today() + timedelta(days=9))
    page = desk.open("/trainings", "reviewer", training=number)
    page.multiselect[0].set_value([AGENCY2]).run()
    page.text_input[0].set_value("已说明").run()
    press(page)
    assert seat(desk, number, AGENCY2) is SeatState.excused
    choose(page, "move_training")
    page.date_input[0].set_value(today() + timedelta(days=12))
    place, why = page.text_input
    place.set_value("线上")
    why.set_value("场地冲突")
    press(page)
    row = training(world, number)
    assert (row.held_on, row.place) == (today() + timedelta(days=12), "线上")
    choose(page, "cancel_training")
    page.text_input[0].set_value("讲师生病")
    press(page)
    assert training(world, number).state is TrainingState.cancelled
    assert "take_training_step" not in keys(page)
    own = desk.open("/trainings", "agency", training=number)
    assert not keys(own) & {"register_training", "ask_leave"}
    assert "讲师生病" in all_text(own)


def test_what_was_on_screen_must_still_be_so(desk: Desk) -> None:
    world = desk.zone.world
    number = announced(world, held_on=today())
    page = desk.open("/trainings", "lead", training=number)
    at_training(world, "reviewer", mark_attendance, number, [AGENCY], SeatState.missed, "")
    page.multiselect[0].set_value([AGENCY2])
    press(page)
    assert "未保存" in page.error[0].value
    assert seat(desk, number, AGENCY2) is SeatState.invited


def test_who_reads_is_offered_nothing_and_others_see_nothing(desk: Desk) -> None:
    world = desk.zone.world
    number = announced(world, held_on=today(), services=("software_copyright",))
    reader = desk.open("/trainings", "auditor", training=number)
    assert "参训机构 1" in all_text(reader)
    assert not keys(reader) & {"take_training_step", "register_training", "ask_leave"}
    other = desk.open("/trainings", "agency2", training=number)
    assert "没有这个编号的培训" in all_text(other)
    assert not desk.open("/trainings", "agency2").dataframe
