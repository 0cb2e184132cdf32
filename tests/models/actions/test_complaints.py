"""Complaints: filed, accepted, answered, decided by another, reviewed once; on behalf and as a hint;
what is refused leaves nothing; two at once; what the record vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from models.actions.complaint_steps import look_again
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
from models.actions.evidence import evidence_path, files_missing
from models.database import session
from models.queries.complaint_sight import complaint_standing
from models.queries.verification import verify
from models.rules.complaints import (
    COMPLAINT_STEP_OF,
    ComplaintAction,
    ComplaintKind,
    ComplaintSource,
    ComplaintState,
    may_take,
)
from models.rules.errors import (
    AlreadyDone,
    FileRefused,
    NotAllowed,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.tables.conduct import Complaint, ComplaintEvent, ComplaintPaper
from models.tables.record import Activity
from tests.conduct import (
    AGENCY,
    AGENCY2,
    AGREEMENT,
    ANSWER,
    ENTERPRISE,
    ENTERPRISE2,
    FOUND,
    LETTER,
    SAID,
    accepted,
    answered,
    complaint,
    complaint_shown,
    dismissed,
    filed,
    take,
    upheld,
)
from tests.pacts import act, newest_link
from tests.rivals import at_once
from tests.town import Town
from tests.world import PDF, later

A, K, S = ComplaintAction, ComplaintKind, ComplaintState
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""
WHY = "理由充分"


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


def events(town: Town, number: str) -> list[ComplaintEvent]:
    """The steps of a complaint."""
    with session(town.engine) as current:
        wanted = select(ComplaintEvent).join(Complaint).where(Complaint.number == number)
        return list(current.exec(wanted.order_by(ComplaintEvent.position)))


# ---------------------------------------------------------------- the straight way


def test_a_complaint_is_accepted_answered_and_upheld_by_another(town: Town) -> None:
    number = filed(town, papers=LETTER)
    row = complaint(town, number)
    assert (number, row.source, row.due_on) == (
        "TS-2026-00001", ComplaintSource.account, date(2026, 11, 27),
    )  # fmt: skip
    take(town, "reviewer", accept_complaint, number)
    row = complaint(town, number)
    assert (row.accepted_on, row.answer_due_on, row.due_on) == (
        date(2026, 11, 20), date(2026, 12, 1), date(2026, 12, 1),
    )  # fmt: skip
    take(town, "agency", answer_complaint, number, ANSWER, papers=(("回复.pdf", PDF + b"1"),))
    assert complaint(town, number).answered_on == date(2026, 11, 20)
    take(town, "lead", uphold_complaint, number, K.conduct, FOUND)
    row = complaint(town, number)
    assert (row.state, row.kind, row.found_kind) == (S.upheld, K.fee_up_front, K.conduct)
    assert (row.due_on, row.settled_on, row.version) == (None, date(2026, 11, 20), 4)
    assert [event.action for event in events(town, number)] == [
        A.file_complaint, A.accept_complaint, A.answer_complaint, A.uphold_complaint,
    ]  # fmt: skip
    assert is_sound(town)


@ONE
def test_the_record_holds_neither_the_words_nor_who_complains(town: Town) -> None:
    number = filed(town, papers=LETTER)
    link = newest_link(town, f"complaint:{number}")
    assert link.after is not None
    assert (link.verb, link.after["complaint_kind"], link.after["agency"]) == (
        "file_complaint", "fee_up_front", AGENCY,
    )  # fmt: skip
    assert str(link.after["complainant"]).startswith("hmac:")
    assert ENTERPRISE not in str(link.after)
    assert SAID not in str(link.after)
    with session(town.engine) as current:
        assert current.exec(select(ComplaintPaper.file_name)).all() == ["证据.pdf"]
        sha256 = current.exec(select(ComplaintPaper.sha256)).one()
        assert files_missing(current) == []
        evidence_path(sha256).rename(evidence_path(sha256).with_suffix(".away"))
        assert files_missing(current) == [sha256]
        evidence_path(sha256).with_suffix(".away").rename(evidence_path(sha256))


def test_a_refusal_is_reviewed_once_by_another_person(town: Town) -> None:
    number = filed(town)
    take(town, "reviewer", turn_away_complaint, number, WHY)
    row = complaint(town, number)
    assert (row.state, row.settled_on) == (S.not_accepted, date(2026, 11, 20))
    with pytest.raises(NotFound):
        take(town, "agency", answer_complaint, number, ANSWER)
    take(town, "enterprise", appeal_refusal, number, WHY)
    row = complaint(town, number)
    assert (row.state, row.was_reopened, row.settled_on) == (S.filed, True, None)
    with pytest.raises(NotAllowed, match="须由另一人办理"):
        take(town, "reviewer", accept_complaint, number)
    take(town, "reviewer2", turn_away_complaint, number, WHY)
    with pytest.raises(NotAllowed, match="已复核过一次"):
        take(town, "enterprise", appeal_refusal, number, WHY)
    assert is_sound(town)


@pytest.mark.parametrize("who", ["agency", "enterprise"])
def test_either_party_has_a_decision_reviewed_by_a_third(town: Town, who: str) -> None:
    number = upheld(town)
    take(town, who, appeal_decision, number, WHY)
    row = complaint(town, number)
    assert (row.state, row.found_kind, row.settled_on) == (S.reopened, None, None)
    for earlier in ("reviewer", "lead"):
        with pytest.raises(NotAllowed, match="须由另一人办理"):
            take(town, earlier, dismiss_complaint, number, FOUND)
    take(town, "reviewer2", dismiss_complaint, number, FOUND)
    assert complaint(town, number).state is S.not_upheld
    for party in ("agency", "enterprise"):
        with pytest.raises(NotAllowed, match="已复核过一次"):
            take(town, party, appeal_decision, number, WHY)
    assert is_sound(town)


@ONE
def test_the_alliance_opens_it_again_by_another_than_who_decided(town: Town) -> None:
    number = dismissed(town)
    with pytest.raises(NotAllowed, match="须由另一人办理"):
        take(town, "lead", reopen_complaint, number, WHY)
    take(town, "reviewer3", reopen_complaint, number, WHY)
    take(town, "reviewer2", uphold_complaint, number, K.fraud, FOUND)
    assert complaint(town, number).found_kind is K.fraud
    assert is_sound(town)


@ONE
def test_a_review_is_asked_for_in_time(town: Town) -> None:
    number = dismissed(town)
    with later(days=11):
        with_time = complaint_shown(town, "enterprise", number)
        assert with_time.appeal_until == date(2026, 12, 1)
        assert with_time.may(A.appeal_decision)
    with later(days=12), pytest.raises(NotAllowed, match="期限已过"):
        take(town, "enterprise", appeal_decision, number, WHY)


@ONE
def test_who_does_not_answer_is_decided_upon_when_the_time_is_over(town: Town) -> None:
    number = accepted(town)
    with pytest.raises(NotAllowed, match="答复期限未满"):
        take(town, "lead", uphold_complaint, number, K.delay, FOUND)
    with later(days=12):
        take(town, "lead", uphold_complaint, number, K.delay, FOUND)
    row = complaint(town, number)
    assert (row.state, row.answered_on) == (S.upheld, None)


@ONE
@pytest.mark.parametrize("made", [filed, accepted, answered])
def test_who_complains_may_withdraw_until_it_is_decided(town: Town, made: Any) -> None:
    number = made(town)
    take(town, "enterprise", withdraw_complaint, number, WHY)
    row = complaint(town, number)
    assert (row.state, row.due_on) == (S.withdrawn, None)
    assert complaint_shown(town, "enterprise", number).appeal_until is None
    assert is_sound(town)


# ---------------------------------------------------------------- on behalf, as a hint


@ONE
def test_the_alliance_enters_it_on_behalf_and_is_then_a_party(town: Town) -> None:
    number = filed(town, "reviewer", enterprise_uscc=f" {ENTERPRISE2.lower()} ")
    row = complaint(town, number)
    assert (row.source, row.enterprise_id) == (ComplaintSource.on_behalf, town.enterprise2_id)
    assert events(town, number)[0].is_on_behalf
    assert newest_link(town).after["on_behalf"] == 1  # type: ignore[index]
    with pytest.raises(NotAllowed, match="您已对这件投诉办理过“提出投诉”"):
        take(town, "reviewer", accept_complaint, number)
    take(town, "reviewer2", turn_away_complaint, number, WHY)
    take(town, "reviewer", appeal_refusal, number, WHY)
    take(town, "reviewer", withdraw_complaint, number, WHY)
    assert is_sound(town)


@ONE
def test_a_hint_needs_evidence_and_nobody_speaks_for_it(town: Town) -> None:
    with pytest.raises(FileRefused, match="匿名线索须附证据材料"):
        filed(town, "lead")
    number = filed(town, "lead", papers=LETTER)
    row = complaint(town, number)
    assert (row.source, row.enterprise_id) == (ComplaintSource.hint, None)
    steps = {step.action for step in complaint_shown(town, "lead", number).steps}
    assert steps == {A.accept_complaint, A.turn_away_complaint}
    with pytest.raises(NotFound, match="投诉人没有编号"):
        filed(town, "lead", papers=LETTER, agreement_number=AGREEMENT)
    filed(town, "lead", papers=LETTER)
    take(town, "reviewer", accept_complaint, number)
    assert is_sound(town)


# ---------------------------------------------------------------- what is refused


@ONE
def test_what_is_not_accepted_says_what_to_do(town: Town) -> None:
    refused: tuple[tuple[type[Refusal], str, str, dict[str, Any]], ...] = (
        (NotFound, "服务机构名录中没有", "enterprise", {"agency_uscc": "9121"}),
        (NotFound, "服务机构名录中没有", "enterprise", {"agency_uscc": "\ud800"}),
        (NotFound, "投诉人没有编号", "enterprise", {"agreement_number": "XY-0"}),
        (NotFound, "投诉人没有编号", "enterprise", {"agreement_number": "\n"}),
        (NotFound, "不是与这家机构签订的", "enterprise",
         {"agreement_number": AGREEMENT, "agency_uscc": AGENCY2}),
        (NotFound, "会员企业名录中没有", "lead", {"enterprise_uscc": "9121"}),
        (NotFound, "会员企业名录中没有", "lead", {"enterprise_uscc": "\x00"}),
        (ReasonMissing, "请选择投诉类别", "enterprise", {"kind": None}),
        (ReasonMissing, "请写明理由和事实", "enterprise", {"said": " "}),
        (TextRefused, "最长 1000 个字", "enterprise", {"said": "长" * 1_001}),
        (FileRefused, "", "enterprise", {"papers": (("x.exe", b"MZ"),)}),
        (NotAllowed, "您当前的角色不能这样做", "agency", {}),
        (NotAllowed, "您当前的角色不能这样做", "auditor", {}),
    )  # fmt: skip
    for kind, words, who, changes in refused:
        with pytest.raises(kind, match=words or None):
            filed(town, who, **changes)
    with session(town.engine) as current:
        assert current.exec(select(Complaint)).all() == []


@ONE
def test_an_account_of_no_enterprise_complains_for_nobody(town: Town) -> None:
    town.people["nobody"] = replace(town.people["enterprise"], enterprise_id=None)
    with pytest.raises(NotAllowed, match="没有关联企业"):
        filed(town, "nobody")


@ONE
def test_the_same_matter_is_complained_of_once_at_a_time(town: Town) -> None:
    number = filed(town)
    with pytest.raises(AlreadyDone, match=number):
        filed(town)
    filed(town, kind=K.delay)
    other = filed(town, agency_uscc="", agreement_number=AGREEMENT)
    with pytest.raises(AlreadyDone, match=other):
        filed(town, agreement_number=AGREEMENT)
    take(town, "enterprise", withdraw_complaint, number, WHY)
    assert filed(town) not in (number, other)


_STEPS = (
    (accept_complaint, ()),
    (turn_away_complaint, (WHY,)),
    (answer_complaint, (WHY,)),
    (uphold_complaint, (K.delay, WHY)),
    (dismiss_complaint, (WHY,)),
    (appeal_refusal, (WHY,)),
    (appeal_decision, (WHY,)),
    (reopen_complaint, (WHY,)),
    (withdraw_complaint, (WHY,)),
)
_MADE = {"filed": filed, "accepted": accepted, "answered": answered, "upheld": upheld}


@ONE
@pytest.mark.parametrize("made", _MADE)
def test_every_step_by_everybody_does_what_the_table_says(town: Town, made: str) -> None:
    number = _MADE[made](town)
    people = (
        "reviewer",
        "reviewer2",
        "lead",
        "agency",
        "enterprise",
        "agency2",
        "auditor",
        "bureau",
    )
    for (action, given), who in product(_STEPS, people):
        with session(town.engine) as current:
            row = current.exec(select(Complaint).where(Complaint.number == number)).one()
            standing = complaint_standing(current, town.people[who], row)
        step = COMPLAINT_STEP_OF[A(action.__name__)]
        allowed = may_take(step, town.people[who], standing).is_allowed
        try:
            with town.session() as current:
                action(current, town.people[who], number, *given, seen_version=row.version)
                outcome = complaint_state(current, number)
                current.rollback()
        except Refusal as refusal:
            assert not allowed, (who, step.action, str(refusal))
        else:
            assert allowed, (who, step.action)
            assert outcome is step.to


def complaint_state(current: Any, number: str) -> ComplaintState:
    """Where a complaint stands in a transaction."""
    return current.exec(select(Complaint.state).where(Complaint.number == number)).one()  # type: ignore[no-any-return]


@ONE
def test_a_step_without_its_reason_is_refused(town: Town) -> None:
    at_work = (
        (filed(town), "reviewer2", turn_away_complaint, ("",)),
        (accepted(town, kind=K.delay), "agency", answer_complaint, ("",)),
        (answered(town, kind=K.service), "lead", uphold_complaint, (None, WHY)),
        (answered(town, kind=K.conduct), "lead", uphold_complaint, (K.delay, " ")),
        (upheld(town, kind=K.fraud), "enterprise", appeal_decision, ("",)),
    )
    for number, who, action, given in at_work:
        with pytest.raises(ReasonMissing):
            take(town, who, action, number, *given)


@ONE
def test_who_is_tied_to_either_side_neither_accepts_nor_decides(town: Town) -> None:
    number = answered(town, agreement_number=AGREEMENT)
    town.tie("lead", agency_id=town.agency_id)
    town.tie("reviewer2", enterprise_id=town.enterprise_id)
    town.tie("reviewer3", agency_id=town.agency2_id)
    for who, party in (("lead", "大连示例甲机构"), ("reviewer2", "大连示例子企业")):
        with pytest.raises(NotAllowed, match=f"您与“{party}有限公司”有回避关系"):
            take(town, who, dismiss_complaint, number, FOUND)
    take(town, "reviewer3", dismiss_complaint, number, FOUND)


@ONE
def test_what_is_not_there_and_what_is_not_theirs_look_the_same(town: Town) -> None:
    number = filed(town)
    for who, wanted in (
        ("reviewer", "TS-2026-09999"), ("reviewer", "\n"), ("agency", number), ("agency2", number),
        ("bureau", number),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="没有编号为"):
            act(town, who, accept_complaint, wanted, 1)


# ---------------------------------------------------------------- two at once


@ONE
def test_what_was_seen_must_still_be_so(town: Town) -> None:
    number = answered(town)
    seen = complaint(town, number).version
    take(town, "enterprise", withdraw_complaint, number, WHY)
    with pytest.raises(SeenIsStale, match="未保存：enterprise 1已于 2026-11-20 .* “撤回投诉”"):
        act(town, "lead", dismiss_complaint, number, FOUND, seen)
    with pytest.raises(SeenIsStale, match="未保存：他人已于"):
        act(town, "agency", look_again, number, seen)
    act(town, "lead", look_again, number, seen + 1)


def test_of_two_who_decide_at_the_same_moment_one_is_told(town: Town) -> None:
    number = answered(town)
    seen = complaint(town, number).version

    outcomes = at_once(
        lambda: act(town, "lead", dismiss_complaint, number, FOUND, seen),
        lambda: act(town, "reviewer2", dismiss_complaint, number, FOUND, seen),
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "SeenIsStale"]
    assert complaint(town, number).version == seen + 1
    assert is_sound(town)


def test_of_two_who_file_the_same_at_the_same_moment_one_is_told(town: Town) -> None:
    outcomes = at_once(lambda: filed(town), lambda: filed(town))
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDone", "str"]
    assert is_sound(town)


# ---------------------------------------------------------------- the record


def _forge(town: Town, statement: Any) -> str:
    with session(town.engine, write=True) as current:
        current.execute(statement)
    with session(town.engine) as current:
        return str(verify(current).first_broken)


@ONE
def test_the_record_names_what_was_altered(town: Town) -> None:
    number = upheld(town, papers=LETTER)
    assert is_sound(town)
    for changes in ({"found_kind": K.delay}, {"answer_due_on": date(2027, 1, 1)}, {"version": 9}):
        was = {name: getattr(complaint(town, number), name) for name in changes}
        mine = Complaint.number == number
        said = _forge(town, update(Complaint).where(mine).values(**changes))
        assert f"{number} 的登记内容与其记录不符" in said
        _forge(town, update(Complaint).where(mine).values(**was))
    said = _forge(town, update(ComplaintPaper).values(file_name="别的.pdf"))
    assert f"{number} 的第 1 条记录与操作记录不符" in said


@ONE
def test_the_record_names_what_was_forged_or_taken_away(town: Town) -> None:
    number = filed(town)
    copied = complaint(town, number).model_dump(exclude={"id"}) | {"number": "TS-2026-00099"}
    with session(town.engine, write=True) as current:
        current.add(Complaint(**copied))
    with session(town.engine) as current:
        assert "TS-2026-00099 没有操作记录" in str(verify(current).first_broken)
    with session(town.engine, write=True) as current:
        connection = current.connection()
        connection.exec_driver_sql("DROP TRIGGER complaint_event_no_delete")
        connection.exec_driver_sql("DELETE FROM complaint_event")
        connection.exec_driver_sql("DELETE FROM complaint")
    with session(town.engine) as current:
        assert f"{number} 的第 1 条记录不见了" in str(verify(current).first_broken)
        assert current.exec(select(Activity).where(Activity.verb == "file_complaint")).all()
