"""What counts in an agency's conduct, who sees what of a complaint or training, what waits for whom,
and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.actions.complaints import (
    accept_complaint,
    answer_complaint,
    appeal_decision,
    appeal_refusal,
    dismiss_complaint,
    reopen_complaint,
    turn_away_complaint,
    uphold_complaint,
    withdraw_complaint,
)
from models.actions.messages import tell
from models.actions.trainings import (
    ask_leave,
    cancel_training,
    correct_attendance,
    mark_attendance,
    move_training,
    register_for_training,
)
from models.clock import now_utc, today
from models.database import session
from models.queries.complaint_card import (
    agencies_to_name,
    agreements_to_name,
    viewable_complaint_paper,
)
from models.queries.complaints import (
    ComplaintFilter,
    ComplaintPile,
    ComplaintRow,
    complaints,
    complaints_waiting,
)
from models.queries.conduct import ConductRow, late_answers, trainings_missed, upheld_complaints
from models.queries.homes import home_of
from models.queries.paging import Page, PageRequest
from models.queries.rating_conduct import Basis
from models.queries.rating_rows import signal_rows
from models.queries.rating_signals import counted_signals, kept_signals
from models.queries.training_card import viewable_training_paper
from models.queries.trainings import (
    Due,
    TrainingFilter,
    TrainingRow,
    trainings,
    trainings_waiting,
)
from models.queries.turns import TurnKind, turns_of
from models.rules.complaints import (
    ComplaintAction,
    ComplaintKind,
    ComplaintSide,
    ComplaintSource,
    ComplaintState,
)
from models.rules.errors import NotAllowed, NotFound
from models.rules.rating import Component, Gate, Penalty, Signals, Window
from models.rules.trainings import SeatState
from models.tables.conduct import ComplaintPaper, TrainingPaper
from models.tables.messages import Message
from tests.conduct import (
    AGENCY,
    AGENCY2,
    AGREEMENT,
    ANSWER,
    ENTERPRISE2,
    FOUND,
    HELD_ON,
    LETTER,
    SAID,
    accepted,
    announced,
    answered,
    at_training,
    complaint_shown,
    dismissed,
    filed,
    take,
    training_shown,
    upheld,
    year_end,
)
from tests.pacts import SOFTWARE
from tests.town import Town
from tests.world import PDF, TODAY, later

WINDOW = Window.half_year(2026, 2)
K, S = ComplaintKind, ComplaintState
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What a dialect does not decide is shown on one database."""
WHY = "理由充分"
EVERYBODY = ("reviewer", "lead", "auditor", "administrator", "agency", "agency2", "enterprise")


@pytest.fixture
def second(town: Town) -> Town:
    """A town whose second enterprise has an account."""
    town.people["enterprise2"] = replace(
        town.people["enterprise"], enterprise_id=town.enterprise2_id
    )
    return town


def listed(town: Town, who: str, **wanted: Any) -> list[str]:
    """The numbers somebody's list shows."""
    return [row.number for row in rows(town, who, **wanted)]


def rows(town: Town, who: str, order: str = "number", **wanted: Any) -> Page[ComplaintRow]:
    """Somebody's list of complaints."""
    with session(town.engine) as current:
        return complaints(
            current, town.people[who], ComplaintFilter(**wanted), PageRequest(order=order)
        )


def held(town: Town, who: str, **wanted: Any) -> Page[TrainingRow]:
    """Somebody's list of trainings."""
    with session(town.engine) as current:
        return trainings(current, town.people[who], TrainingFilter(**wanted), PageRequest())


def asked(town: Town, query: Any, *given: Any) -> Any:
    """What a query answers."""
    with session(town.engine) as current:
        return query(current, *given)


# ---------------------------------------------------------------- for the rating


def test_what_was_found_counts_and_only_where_it_stands(town: Town) -> None:
    one = answered(town)
    take(town, "lead", uphold_complaint, one, K.service, FOUND)
    two = upheld(town, kind=K.fraud)
    dismissed(town, kind=K.delay)
    period = year_end()
    counted = [
        ConductRow(town.agency_id, TODAY, "service", one),
        ConductRow(town.agency_id, TODAY, "fraud", two),
    ]
    assert list(asked(town, upheld_complaints, *period)) == counted
    assert asked(town, upheld_complaints, TODAY + timedelta(days=1), period[1]) == ()
    assert asked(town, upheld_complaints, period[0], TODAY - timedelta(days=1)) == ()
    take(town, "agency", appeal_decision, one, WHY)
    assert list(asked(town, upheld_complaints, *period)) == counted[1:]


def test_a_late_answer_counts_on_the_day_it_was_due(town: Town) -> None:
    in_time, late, silent, spared = (
        accepted(town, kind=kind) for kind in (K.service, K.delay, K.fraud, K.conduct)
    )
    take(town, "agency", answer_complaint, in_time, ANSWER)
    take(town, "enterprise", withdraw_complaint, spared, WHY)
    due = date(2026, 12, 1)
    with later(days=11):
        assert asked(town, late_answers, *year_end()) == ()
    with later(days=12):
        take(town, "agency", answer_complaint, late, ANSWER)
        counted = (
            ConductRow(town.agency_id, due, "late_answer", late),
            ConductRow(town.agency_id, due, "late_answer", silent),
        )
        assert asked(town, late_answers, *year_end()) == counted
        take(town, "enterprise", withdraw_complaint, silent, WHY)
        assert asked(town, late_answers, due, due) == counted, "withdrawn too late"
        assert asked(town, late_answers, due + timedelta(days=1), year_end()[1]) == ()


def test_a_missed_training_counts_where_it_was_obligatory(town: Town) -> None:
    must, may = announced(town), announced(town, is_obligatory=False)
    cancelled, unmarked = announced(town), announced(town)
    with later(days=7):
        for number in (must, may):
            at_training(town, "lead", mark_attendance, number, [AGENCY], SeatState.missed, "")
        at_training(town, "lead", mark_attendance, must, [AGENCY2], SeatState.attended, "")
        at_training(town, "lead", cancel_training, cancelled, WHY)
        missed = ConductRow(town.agency_id, HELD_ON, "training_missed", must)
        assert asked(town, trainings_missed, *year_end()) == (missed,)
        assert asked(town, trainings_missed, year_end()[0], HELD_ON - timedelta(days=1)) == ()
        at_training(town, "lead", correct_attendance, must, [AGENCY], SeatState.excused, WHY)
        assert asked(town, trainings_missed, *year_end()) == ()
    assert unmarked


@ONE
def test_an_upheld_fee_is_a_penalty_and_a_gate_of_the_rating_until_it_is_reviewed(
    town: Town,
) -> None:
    number = upheld(town)
    must = announced(town)
    with later(days=7):
        at_training(town, "lead", mark_attendance, must, [AGENCY], SeatState.missed, "")
        one = rated(town)
        assert one.penalties == {Penalty.complaint_upheld: 1, Penalty.training_missed: 1}
        assert one.gates == {Gate.fee_up_front}
        against = asked(
            town, signal_rows, town.agency_id, Component.conduct, WINDOW, HELD_ON
        )  # fmt: skip
        assert {(row.basis, row.number, row.conduct) for row in against} == {
            (Basis.complaint, number, Penalty.complaint_upheld),
            (Basis.complaint, number, Gate.fee_up_front),
            (Basis.training, must, Penalty.training_missed),
        }
        take(town, "agency", appeal_decision, number, WHY)
        assert rated(town).gates == frozenset()


def rated(town: Town) -> Signals:
    """What is read of the town's agency, kept and counted."""
    kept = asked(town, kept_signals, WINDOW, HELD_ON)
    assert kept == asked(town, counted_signals, WINDOW, HELD_ON)
    return next(one for one in kept if one.agency_id == town.agency_id)


# ---------------------------------------------------------------- who sees what of a complaint


@ONE
def test_the_agency_sees_a_complaint_once_it_is_accepted(town: Town) -> None:
    number = filed(town)
    sees = {who for who in EVERYBODY if listed(town, who) == [number]}
    assert sees == {"reviewer", "lead", "auditor", "administrator", "enterprise"}
    with pytest.raises(NotFound):
        complaint_shown(town, "agency", number)
    take(town, "reviewer", accept_complaint, number)
    assert {who for who in EVERYBODY if listed(town, who)} == set(EVERYBODY) - {"agency2"}
    with pytest.raises(NotFound):
        complaint_shown(town, "agency2", number)
    for who in ("bureau", "committee", "finance", "leader"):
        with pytest.raises(NotAllowed):
            listed(town, who)
        with pytest.raises(NotFound):
            complaint_shown(town, who, number)


@ONE
def test_another_enterprise_sees_nothing(second: Town) -> None:
    number = accepted(second)
    assert listed(second, "enterprise2") == []
    with pytest.raises(NotFound):
        complaint_shown(second, "enterprise2", number)
    own = filed(second, "lead", enterprise_uscc=ENTERPRISE2)
    assert listed(second, "enterprise2") == [own]
    assert listed(second, "enterprise") == [number]


@ONE
def test_who_complains_is_told_to_the_agency_only_about_an_agreement(town: Town) -> None:
    hidden = answered(town, papers=LETTER)
    shown = accepted(town, kind=K.delay, agreement_number=AGREEMENT, papers=LETTER)
    hint = filed(town, "lead", papers=LETTER)
    take(town, "reviewer", accept_complaint, hint)
    name = "大连示例子企业有限公司"
    told = {row.number: (row.enterprise, row.source) for row in rows(town, "agency")}
    assert told == {hidden: ("", None), shown: (name, ComplaintSource.account), hint: ("", None)}
    assert listed(town, "agency", text="示例子") == []
    assert listed(town, "agency", source=ComplaintSource.hint) == [hidden, shown, hint]
    assert listed(town, "lead", text="示例子") == [hidden, shown]
    assert listed(town, "lead", source=ComplaintSource.hint) == [hint]
    card = complaint_shown(town, "agency", hidden)
    assert (card.is_protected, card.said) == (True, SAID)
    assert {event.by for event in card.events} == {""}
    assert [event.side for event in card.events] == [
        ComplaintSide.complainant, ComplaintSide.alliance, ComplaintSide.agency,
    ]  # fmt: skip
    assert all(not event.papers for event in card.events)
    assert not complaint_shown(town, "agency", shown).is_protected
    assert complaint_shown(town, "agency", shown).events[0].papers
    assert [event.by for event in complaint_shown(town, "auditor", hidden).events] == [
        "enterprise 1", "reviewer 1", "agency 1",
    ]  # fmt: skip


@ONE
def test_papers_go_where_the_complaint_goes(town: Town) -> None:
    hidden = accepted(town, papers=LETTER)
    take(town, "agency", answer_complaint, hidden, ANSWER, papers=(("回复.pdf", PDF + b"2"),))
    announced(town, papers=LETTER, services=(SOFTWARE,))
    with session(town.engine) as current:
        theirs, answer = current.exec(select(ComplaintPaper.id).order_by(ComplaintPaper.id)).all()
        material = current.exec(select(TrainingPaper.id)).one()
        see = {
            who: tuple(
                bool(viewable(current, town.people[who], paper))
                for viewable, paper in (
                    (viewable_complaint_paper, theirs), (viewable_complaint_paper, answer),
                    (viewable_training_paper, material),
                )
            )
            for who in (*EVERYBODY, "bureau")
        }  # fmt: skip
        assert viewable_complaint_paper(current, town.people["lead"], 999) is None
    reader = (True, True, True)
    assert see == dict.fromkeys(("reviewer", "lead", "auditor", "administrator"), reader) | {
        "agency": (False, True, True), "agency2": (False, False, False),
        "enterprise": (True, True, False), "bureau": (False, False, False),
    }  # fmt: skip


@ONE
def test_what_lies_before_the_acceptance_is_not_the_agencys(town: Town) -> None:
    number = filed(town)
    take(town, "reviewer", turn_away_complaint, number, "企业名称：示例子")
    take(town, "enterprise", appeal_refusal, number, "企业名称：示例子")
    take(town, "reviewer2", accept_complaint, number)
    seen = [event.action for event in complaint_shown(town, "agency", number).events]
    assert seen == [ComplaintAction.file_complaint, ComplaintAction.accept_complaint]
    assert len(complaint_shown(town, "enterprise", number).events) == 4


@ONE
def test_on_whose_part_a_review_was_asked_for(town: Town) -> None:
    for who, side in (("agency", ComplaintSide.agency), ("enterprise", ComplaintSide.complainant)):
        number = upheld(town, kind=K.delay if who == "agency" else K.service)
        take(town, who, appeal_decision, number, WHY)
        assert complaint_shown(town, "lead", number).events[-1].side is side


@ONE
def test_the_list_is_filtered_and_ordered(town: Town) -> None:
    one = upheld(town, kind=K.fraud)
    take(town, "enterprise", appeal_decision, one, WHY)
    take(town, "reviewer2", uphold_complaint, one, K.service, FOUND)
    two, three = filed(town, kind=K.fraud), accepted(town, kind=K.delay)
    assert listed(town, "lead", kind=K.service) == [one]
    assert listed(town, "lead", kind=K.fraud) == [two]
    assert listed(town, "lead", state=S.accepted) == [three]
    assert listed(town, "lead", text=three) == [three]
    assert [row.number for row in rows(town, "lead", order="-due_on")] == [three, two, one]
    shown = {row.number: (row.days_left, row.due_on) for row in rows(town, "lead")}
    assert shown[two] == (5, date(2026, 11, 27))
    assert shown[one] == (None, None)


# ---------------------------------------------------------------- what waits for whom


def test_what_waits_follows_the_table(town: Town) -> None:
    entered = filed(town, "reviewer2", enterprise_uscc=ENTERPRISE2)
    heard = answered(town, kind=K.delay)
    unheard = accepted(town, kind=K.service)
    again = upheld(town, kind=K.fraud)
    take(town, "reviewer3", reopen_complaint, again, WHY)
    town.tie("reviewer3", agency_id=town.agency_id)
    waits = {
        who: listed(town, who, pile=ComplaintPile.turn)
        for who in ("reviewer", "reviewer2", "reviewer3", "lead", "agency", "enterprise", "auditor")
    }
    assert waits == {
        "reviewer": [entered], "reviewer2": [heard, again], "reviewer3": [],
        "lead": [entered, heard], "agency": [unheard], "enterprise": [], "auditor": [],
    }  # fmt: skip
    with later(days=12):
        assert listed(town, "lead", pile=ComplaintPile.turn) == [entered, heard, unheard]
    counts = {who: asked(town, complaints_waiting, town.people[who]) for who in ("lead", "auditor")}
    assert counts["lead"].rows == 2
    assert counts["auditor"] is None


@ONE
def test_the_start_page_and_the_inbox_name_what_waits(town: Town) -> None:
    accepted(town)
    number = announced(town)
    for who, complaints_, trainings_ in (("agency", 1, 1), ("lead", 0, 0), ("enterprise", None, 0)):
        home = asked(town, home_of, town.people[who], today())
        waiting = home.complaints_waiting
        assert (waiting and waiting.rows, home.trainings_waiting) == (complaints_, trainings_), who
    turns = asked(town, turns_of, town.people["agency"], today())
    assert {turn.kind for turn in turns} >= {TurnKind.complaints, TurnKind.trainings}
    at_training(town, "agency", register_for_training, number)
    assert asked(town, trainings_waiting, town.people["agency"]) == 0
    with later(days=7):
        assert asked(town, trainings_waiting, town.people["lead"]) == 1
        assert asked(town, trainings_waiting, town.people["bureau"]) == 0
        assert [row.number for row in held(town, "lead", waits=True)] == [number]


@ONE
def test_what_a_complaint_may_name(town: Town) -> None:
    own = asked(town, agreements_to_name, town.people["enterprise"])
    assert AGREEMENT in {one.number for one in own}
    assert asked(town, agreements_to_name, town.people["lead"]) == ()
    assert set(asked(town, agencies_to_name, town.people["enterprise"])) == {AGENCY, AGENCY2}
    with pytest.raises(NotAllowed):
        asked(town, agencies_to_name, town.people["agency"])


# ---------------------------------------------------------------- trainings


@ONE
def test_an_agency_sees_its_own_seat_alone(town: Town) -> None:
    number = announced(town)
    at_training(town, "agency", ask_leave, number, "内部事务")
    at_training(town, "agency2", register_for_training, number)
    card = training_shown(town, "agency2", number)
    assert [seat.agency_uscc for seat in card.seats] == [AGENCY2]
    assert "内部事务" not in str(card)
    assert [event.seat_to for event in card.events] == [SeatState.registered, None]
    (row,) = held(town, "agency2")
    assert (row.invited, row.own) == (1, SeatState.registered)
    (row,) = held(town, "auditor")
    assert (row.invited, row.own, row.attended, row.excused, row.missed) == (2, None, 0, 0, 0)
    whole = training_shown(town, "auditor", number)
    assert (len(whole.seats), whole.may_keep, whole.own) == (2, False, None)
    assert whole.events[0].agencies == ("大连示例乙机构有限公司",)
    with pytest.raises(NotAllowed):
        held(town, "enterprise")


@ONE
def test_the_list_of_trainings_is_filtered(town: Town) -> None:
    first = announced(town, services=(SOFTWARE,), is_obligatory=False, title="软著 100% 培训")
    second = announced(town)
    assert [row.number for row in held(town, "agency2")] == [second]
    assert [row.number for row in held(town, "lead", text="100%")] == [first]
    assert [row.number for row in held(town, "lead", is_obligatory=True)] == [second]
    assert [row.number for row in held(town, "lead", is_obligatory=False)] == [first]
    assert [row.number for row in held(town, "lead", due=Due.over)] == []
    with later(days=8):
        assert len(held(town, "lead", due=Due.over).rows) == 2
        at_training(town, "lead", mark_attendance, second, [AGENCY2], SeatState.missed, "")
        assert [row.number for row in held(town, "agency2", seat=SeatState.missed)] == [second]
        assert held(town, "agency", seat=SeatState.missed).rows == ()
        assert [row.missed for row in held(town, "lead", seat=SeatState.missed)] == [1]


# ---------------------------------------------------------------- who is told


def told(town: Town) -> dict[str, list[str]]:
    """What everybody was told since, by name."""
    with town.session() as current:
        tell(current)
    names = {town.people[who].account_id: who for who in (*EVERYBODY, "reviewer2", "bureau")}
    with session(town.engine) as current:
        found: dict[str, list[str]] = {}
        for message in current.exec(select(Message).order_by(Message.id)):
            if message.account_id in names and message.read_at_utc is None:
                found.setdefault(names[message.account_id], []).append(str(message.words))
    with town.session() as current:
        for message in current.exec(select(Message)):
            message.read_at_utc = now_utc()
            current.add(message)
    return found


@ONE
def test_each_step_of_a_complaint_is_told_to_whose_turn_it_is(town: Town) -> None:
    told(town)
    number = filed(town)
    assert set(told(town)) == {"reviewer", "reviewer2", "lead"}
    take(town, "reviewer", accept_complaint, number)
    heard = told(town)
    assert set(heard) == {"agency", "enterprise"}
    assert "请于 {due} 前答复" in heard["agency"][0]
    take(town, "agency", answer_complaint, number, ANSWER)
    assert set(told(town)) == {"reviewer", "reviewer2", "lead", "enterprise"}
    take(town, "lead", dismiss_complaint, number, FOUND)
    assert set(told(town)) == {"agency", "enterprise"}
    other = filed(town, "reviewer", enterprise_uscc="91210231MA0XY0001K")
    assert set(told(town)) == {"reviewer2", "lead", "enterprise"}
    take(town, "lead", turn_away_complaint, other, WHY)
    assert set(told(town)) == {"enterprise"}, "the agency never hears of it"


@ONE
def test_agencies_are_told_of_their_trainings(town: Town) -> None:
    told(town)
    number = announced(town)
    assert set(told(town)) == {"agency", "agency2"}
    at_training(town, "agency", ask_leave, number, WHY)
    assert set(told(town)) == {"reviewer", "reviewer2", "lead"}
    at_training(town, "reviewer", mark_attendance, number, [AGENCY], SeatState.excused, WHY)
    assert set(told(town)) == {"agency"}
    at_training(town, "lead", move_training, number, HELD_ON, "线上", WHY)
    assert set(told(town)) == {"agency", "agency2"}
