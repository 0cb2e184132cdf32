"""Objections: who records and answers, what is refused in words, and that nothing is paid over
one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models.actions.daily import take_daily_steps
from models.actions.evidence import evidence_path, files_missing
from models.actions.objections import answer_objection, record_objection
from models.database import session
from models.queries.notices import public_standing
from models.queries.objections import objections_of_month, viewable_objection_paper
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ObjectionRefused,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.rules.objections import (
    LONGEST_OBJECTION,
    MOST_PAPERS,
    ObjectionEntry,
    ObjectionForm,
    ObjectionState,
)
from models.rules.roles import PERMISSIONS, Permission
from models.tables.objections import Objection, ObjectionPaper
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.models.queries.test_verification import alter, told
from tests.rivals import at_once, crossed
from tests.town import NOTICE_DAYS, Town
from tests.world import NOON, PDF, TODAY, later

LETTER = ObjectionEntry(
    "王某某", ObjectionForm.named, TODAY, "该成果系他人完成", (("异议书.pdf", PDF),)
)
DISMISSED, UPHELD = ObjectionState.dismissed, ObjectionState.upheld


def object_to(
    town: Town, number: str, entry: ObjectionEntry = LETTER, who: str = "reviewer2"
) -> int:
    """Somebody records an objection."""
    with town.session() as current:
        return record_objection(current, town.people[who], number, entry)


def answer(
    town: Town, one: int, to: ObjectionState = DISMISSED, who: str = "bureau2", why: str = "已核实"
) -> None:
    """Somebody answers one."""
    with town.session() as current:
        answer_objection(current, town.people[who], one, to, why)


def kept(town: Town) -> list[Objection]:
    """Every objection there is."""
    with session(town.engine) as current:
        return list(current.exec(select(Objection).order_by(col(Objection.id))))


def newest_link(town: Town) -> Activity:
    """The newest link of the record."""
    with session(town.engine) as current:
        link = current.exec(select(Activity).order_by(col(Activity.seq).desc())).first()
    assert link is not None
    return link


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything."""
    with session(town.engine) as current:
        return verify(current).is_sound


def test_every_role_is_answered(sqlite_only: Town) -> None:
    town = sqlite_only
    number, may = town.at(State.approved), PERMISSIONS[Permission.keep_objections]
    for at, (who, actor) in enumerate(town.people.items()):
        entry = replace(LETTER, said=f"第 {at} 项")
        if actor.roles & may:
            assert object_to(town, number, entry, who)
        else:
            with town.refused(NotAllowed, "联盟初审员"):
                object_to(town, number, entry, who)
    waiting = len(kept(town))
    assert waiting == sum(bool(actor.roles & may) for actor in town.people.values())
    for who, actor in town.people.items():
        if not actor.roles & may:
            with town.refused(NotAllowed, "联盟初审员"):
                answer(town, 1, who=who)
    assert {one.state for one in kept(town)} == {ObjectionState.open}


def test_an_objection_is_kept_with_its_evidence_and_stands_in_the_record(town: Town) -> None:
    number = town.at(State.approved)
    papers = (("C:\\信\\异议书.pdf", PDF), ("C:\\信\\异议书.pdf", PDF))
    entry = replace(LETTER, objector="  王 某某\x00 ", said=f" {LETTER.said}\r\n", papers=papers)
    one = object_to(town, number, entry)
    (row,) = kept(town)
    assert (row.id, row.objector, row.said, row.state, row.received_on) == (
        one, "王 某某", LETTER.said, ObjectionState.open, TODAY,
    )  # fmt: skip
    with session(town.engine) as current:
        (paper,) = current.exec(select(ObjectionPaper)).all()
        assert files_missing(current) == []
    assert (paper.file_name, paper.media_type) == ("异议书.pdf", "application/pdf")
    assert evidence_path(paper.sha256).read_bytes() == PDF
    link = newest_link(town)
    assert (link.verb, link.subject, link.before) == (
        "record_objection", f"objection:{one}", None,
    )  # fmt: skip
    assert link.after is not None
    assert link.after["claim"] == number
    assert link.after["objector"].startswith("hmac:")
    assert "王" not in str(link.after)
    answer(town, one, UPHELD, why="经查属实")
    link = newest_link(town)
    assert (link.verb, link.before["objection_state"], link.after["objection_state"]) == (
        "uphold_objection", "open", "upheld",
    )  # fmt: skip
    assert is_sound(town)
    alter(town, "UPDATE objection SET answer = '不属实'")
    assert "公示异议“1”的答复与操作记录不符" in told(town)


FORGED_ANSWER = (
    "UPDATE objection SET state = 'dismissed', answered_by_id = 2, answer = 'x',"
    " answered_at_utc = recorded_at_utc, answered_after_event = 9 WHERE id = 1"
)
ATTACKS = {
    "answered by nobody": (FORGED_ANSWER, "的异议状态与"),
    "another objector": ("UPDATE objection SET objector = '别人' WHERE id = 1", "的异议人与"),
    "another paper": ("UPDATE objection_paper SET file_name = 'x.pdf'", "的材料与"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_altered_past_the_actions_is_named(sqlite_only: Town, attack: str) -> None:
    statement, words = ATTACKS[attack]
    object_to(sqlite_only, sqlite_only.at(State.approved))
    assert is_sound(sqlite_only)
    alter(sqlite_only, statement)
    assert words in told(sqlite_only)


# fmt: off
REFUSALS: tuple[tuple[dict[str, Any], type[Refusal], str], ...] = (
    ({"objector": " \x00"},                            ObjectionRefused, "匿名的不予受理"),
    ({"said": "\n"},                                   ObjectionRefused, "请写明对什么有异议"),
    ({"papers": ()},                                   ObjectionRefused, "没有证据的不予受理"),
    ({"received_on": TODAY + timedelta(days=1)},       ObjectionRefused, "还没有到"),
    ({"received_on": TODAY - timedelta(days=1)},       ObjectionRefused, "不在公示期 2026-11-20 至 2026-11-27 之内"),
    ({"objector": "名" * 121},                         TextRefused,      "文字最长 120 个字"),
    ({"said": "长" * (LONGEST_OBJECTION + 1)},         TextRefused,      "文字最长 1000 个字"),
    ({"papers": (("a.pdf", PDF), ("b.pdf", b"MZ"))},   FileRefused,      "“b.pdf”的内容不是 PDF"),
    ({"papers": tuple((f"{at}.pdf", PDF) for at in range(MOST_PAPERS + 1))}, FileRefused, "一次最多附 10 份材料"),
)
# fmt: on


def test_what_cannot_be_recorded_is_refused_in_words(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    for changes, kind, words in REFUSALS:
        with town.refused(kind, words):
            object_to(town, number, replace(LETTER, **changes))
    for missing in ("2026-11-9999", "\x00"):
        with town.refused(NotFound, "没有编号为"):
            object_to(town, missing)
    assert kept(town) == []
    object_to(town, number, replace(LETTER, said="长" * LONGEST_OBJECTION))


def test_only_a_claim_in_notice_can_be_objected_to(sqlite_only: Town) -> None:
    town = sqlite_only
    for state in (State.submitted, State.re_reviewed, State.closed):
        number = town.at(state)
        with town.refused(NotAvailable, "审批通过以后、办结以前"):
            object_to(town, number)
    held = town.at(State.approved)
    town.step("finance", held, Action.hold, reasons=("R10",))
    assert object_to(town, held)
    with town.session() as current:
        current.add(
            Setting(key="notice_period_working_days", value=0, valid_from=date(2026, 1, 1),
                    confirmed_at_utc=NOON)
        )  # fmt: skip
    without = town.at(State.approved)
    with town.refused(NotAvailable, "设定中没有公示期"):
        object_to(town, without)


def test_who_is_tied_neither_records_nor_answers(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    one = object_to(town, number)
    for who in ("reviewer3", "bureau2"):
        town.tie(who, agency_id=town.agency_id)
    with town.refused(NotAllowed, "有回避关系（亲属），不得办理本件的异议"):
        object_to(town, number, replace(LETTER, said="另一项"), "reviewer3")
    with town.refused(NotAllowed, "有回避关系"):
        answer(town, one, who="bureau2")


def test_whoever_recorded_it_does_not_answer_it_and_an_answer_has_reasons(
    sqlite_only: Town,
) -> None:
    town = sqlite_only
    one = object_to(town, town.at(State.approved))
    with town.refused(NotAllowed, "须由另一人答复"):
        answer(town, one, who="reviewer2")
    with town.refused(ReasonMissing, "请写明答复的理由"):
        answer(town, one, why=" \n")
    with town.refused(NotFound, "没有编号为 99 的异议"):
        answer(town, 99)
    with pytest.raises(TypeError):
        answer(town, one, ObjectionState.open)
    answer(town, one)
    with town.refused(SeenIsStale, "bureau2 1已于 2026-11-20 12:00 答复这项异议（异议不成立）"):
        answer(town, one, UPHELD, who="lead")


def test_a_double_click_is_one_objection_and_a_second_letter_another(town: Town) -> None:
    number = town.at(State.approved)
    came_to = at_once(*[lambda: object_to(town, number)] * 3)
    assert sorted(type(one).__name__ for one in came_to) == ["AlreadyDone", "AlreadyDone", "int"]
    with pytest.raises(AlreadyDone, match="已经记录"):
        object_to(town, number, who="lead")
    object_to(town, number, replace(LETTER, objector="大连某某有限公司", form=ObjectionForm.sealed))
    assert len(kept(town)) == 2
    assert is_sound(town)


# ---------------------------------------------------------------- nothing is paid


def test_while_one_is_open_neither_subsidy_nor_reward_is_paid(town: Town) -> None:
    number = town.at(State.approved)
    one = object_to(town, number)
    with later(days=NOTICE_DAYS):
        seen = town.seen("finance", number)
        with town.refused(NotAvailable, "有 1 项公示异议待答复；答复前不支付补贴，也不发放奖励"):
            town.step("finance", number, Action.pay_agency, seen=seen)
        answer(town, one)
        town.step("finance", number, Action.pay_agency)
        late = replace(LETTER, received_on=date(2026, 11, 27))  # came in time, recorded late
        two = object_to(town, number, late)
        with town.refused(NotAvailable, "有 1 项公示异议待答复"):
            town.step("finance", number, Action.reward_enterprise)
        answer(town, two)
        town.step("finance", number, Action.reward_enterprise)
    assert town.state(number) is State.closed
    assert town.is_sound()


def test_one_that_is_upheld_keeps_it_so_until_the_office_has_acted(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    answer(town, object_to(town, number), UPHELD)
    with later(days=NOTICE_DAYS):
        with town.refused(NotAvailable, "公示异议成立：办理环节须先退回、请机构补正或暂缓"):
            town.step("finance", number, Action.pay_agency)
        town.step("finance", number, Action.hold, reasons=("R10",))
        town.step("finance", number, Action.release, reasons=("R10",), note="已核减")
        town.step("finance", number, Action.pay_agency)
    returned = town.at(State.approved)
    answer(town, object_to(town, returned), UPHELD)
    town.step("finance", returned, Action.return_office, reasons=("R10",))
    assert town.state(returned) is State.re_reviewed
    town.step("committee", returned, Action.approve)
    with later(days=NOTICE_DAYS):
        town.step("finance", returned, Action.pay_agency)
    assert town.is_sound()


def test_a_hold_before_the_answer_does_not_count_as_acting_on_it(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    one = object_to(town, number)
    town.step("finance", number, Action.hold, reasons=("R10",))
    answer(town, one, UPHELD)
    town.step("finance", number, Action.release, reasons=("R10",))
    with later(days=NOTICE_DAYS), town.refused(NotAvailable, "公示异议成立"):
        town.step("finance", number, Action.pay_agency)


def test_the_system_closes_nothing_over_an_objection(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.bring(town.software(), State.agency_paid)
    one = object_to(town, number)
    (step,) = take_daily_steps(town.engine)
    assert "待答复" in str(step.refusal)
    answer(town, one)
    (step,) = take_daily_steps(town.engine)
    assert step.refusal is None
    assert town.state(number) is State.closed


def test_whoever_objects_and_whoever_pays_at_once_are_served_one_after_the_other(
    town: Town,
) -> None:
    number = town.at(State.approved)
    in_time = replace(LETTER, received_on=date(2026, 11, 25))
    with later(days=NOTICE_DAYS):
        seen = town.seen("finance", number)
        objected, paid = crossed(
            town.engine,
            lambda: object_to(town, number, in_time),
            lambda: town.step("finance", number, Action.pay_agency, seen=seen),
        )
    assert isinstance(objected, int)
    is_paid = town.state(number) is State.agency_paid
    assert is_paid is not isinstance(paid, NotAvailable)
    assert town.is_sound()


def test_two_who_answer_at_once_are_told_who_was_first(town: Town) -> None:
    one = object_to(town, town.at(State.approved))
    came_to = at_once(
        lambda: answer(town, one, DISMISSED), lambda: answer(town, one, UPHELD, "lead")
    )
    assert sorted(type(found).__name__ for found in came_to) == ["NoneType", "SeenIsStale"]
    assert is_sound(town)


# ---------------------------------------------------------------- who reads what


def test_the_parties_learn_that_somebody_objects_and_not_who(sqlite_only: Town) -> None:
    town = sqlite_only
    number = town.at(State.approved)
    object_to(town, number)
    with session(town.engine) as current:
        claim = town.claim(number)
        (own,) = public_standing(current, town.people["agency"], claim).objections
        (full,) = public_standing(current, town.people["finance"], claim).objections
        assert (own.objector, own.said, own.papers, own.form) == ("", "", (), None)
        assert (full.objector, full.said) == (LETTER.objector, LETTER.said)
        paper = full.papers[0].id
        may = {
            who
            for who, actor in town.people.items()
            if viewable_objection_paper(current, actor, paper) is not None
        }
        assert {"agency", "agency2", "enterprise"} == set(town.people) - may
        assert viewable_objection_paper(current, town.people["finance"], 99) is None
        with pytest.raises(NotAllowed):
            objections_of_month(current, town.people["agency"], "2026-11")
        assert objections_of_month(current, town.people["finance"], "2026-11") == ()
