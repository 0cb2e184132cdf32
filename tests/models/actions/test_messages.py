"""Telling people: each is told what became of what is theirs, once, and nothing they may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.actions import messages as telling
from models.actions.changes import Draft, draft_change, turn_down_change
from models.actions.grants import NewGrant, NewTie, declare_tie, end_grant, grant_role
from models.actions.leases import free_claim, take_claim
from models.actions.messages import Telling, read_all_messages, read_message, tell
from models.actions.needs import ask_agency, decline_request, state_need
from models.actions.objections import answer_objection, record_objection
from models.actions.ratings import open_replies
from models.actions.recoveries import confirm_recovery, draft_recovery
from models.actions.steps import system_actor
from models.clock import now_utc, standing_at
from models.database import session
from models.queries.messages import (
    ROWS_A_PAGE,
    MessageFilter,
    kinds_told,
    messages,
    unread_messages,
)
from models.queries.told_links import has_news
from models.rules.changes import ChangeKind
from models.rules.claim_workflow import Action, State
from models.rules.entitlement import Purpose
from models.rules.errors import NotFound
from models.rules.objections import ObjectionEntry, ObjectionForm, ObjectionState
from models.rules.rating.period_life import PeriodState
from models.rules.roles import Role
from models.tables.agreements import Agreement
from models.tables.messages import Message, MessageCursor
from models.tables.people import Account
from tests.league import MONTH, League, make_league, stating
from tests.models.actions.small_words import BACK
from tests.pacts import ENTERPRISE2
from tests.rivals import at_once
from tests.town import Town
from tests.world import NOON, PDF, TODAY, Opener, later

A, S = Action, State
DAY = timedelta(days=30)
AGENCY = "91210231MA0XY0002H"
AFTER_A_WEEK = "2026-12-01"
NOBODY = Telling(0, 0, is_done=True)


def told(town: Town) -> Telling:
    """Tell what there is."""
    with town.session() as current:
        return tell(current)


def heard(town: Town, who: str) -> list[str]:
    """What somebody is shown, the newest first."""
    with session(town.engine) as current:
        found = messages(current, town.people[who], MessageFilter())
    return [str(row.words) for row in found.rows]


def fresh(town: Town) -> None:
    """Tell what happened so far, and forget it."""
    told(town)
    with town.session() as current:
        for message in current.execute(select(Message)).scalars():
            current.delete(message)


def test_an_agency_hears_of_its_claim_and_the_reviewer_of_the_answer(town: Town) -> None:
    number = town.file()
    fresh(town)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    town.step("agency", number, A.submit)
    town.step("reviewer2", number, A.pass_pre_review)
    assert told(town).messages == 3
    assert heard(town, "agency") == [
        f"{number} 初审通过，等待月度统一申请",
        f"{number} 被退回补正：材料不齐或未盖章。请一次补正后重新提交",
    ]
    assert heard(town, "reviewer") == [f"{number} 已补正重交，请您继续办理"]
    for who in ("agency2", "reviewer2", "enterprise", "leader", "auditor", "importer", "lead"):
        assert heard(town, who) == []


def test_a_whole_life_is_told_to_both_sides(town: Town) -> None:
    number = town.file()
    fresh(town)
    town.bring(number, S.closed)
    told(town)
    assert heard(town, "agency") == [
        f"{number} 已办结，企业奖励已发放",
        f"{number} 的补贴 50,000.00 元已支付",
        f"{number} 审批通过，补贴 50,000.00 元；公示期满后支付",
        f"{number} 复核通过，送管委会审批",
        f"{number} 已列入月度统一申请，送科技创新局复核",
        f"{number} 初审通过，等待月度统一申请",
    ]
    assert heard(town, "enterprise") == [
        f"申请 {number} 的奖励 20,000.00 元已发放",
        f"为您提出的申请 {number} 审批通过，补贴支付后发放奖励 20,000.00 元",
    ]
    assert heard(town, "agency2") == []


def test_the_offices_hear_of_what_was_theirs(town: Town) -> None:
    number = town.at(S.applied)
    fresh(town)
    town.step("lead", number, A.request_recall, reasons=("R99",), note="请退回")
    town.step("bureau", number, A.answer_recall, reasons=("R99",), note="不退")
    town.step("bureau", number, A.return_office, **BACK)
    told(town)
    asks = f"lead 1请求撤回 {number} 的统一申请，请答复"
    assert heard(town, "bureau") == heard(town, "bureau2") == [asks]
    assert heard(town, "lead") == [
        f"{number} 由bureau 1退回本环节：材料不齐或未盖章",
        f"bureau 1已答复您对 {number} 的撤回请求",
    ]
    assert heard(town, "lead2") == heard(town, "committee") == []


def test_who_had_taken_a_claim_hears_that_it_was_freed(town: Town) -> None:
    number = town.file()
    fresh(town)
    with town.session() as current:
        take_claim(current, town.people["reviewer"], number)
        free_claim(current, town.people["lead"], number, "休假")
    told(town)
    assert heard(town, "reviewer") == [f"您接手的 {number} 已由lead 1收回并放回队列"]


def test_roles_and_ties_are_told_to_their_holder_alone(town: Town) -> None:
    fresh(town)
    account_id, admin = town.people["leader"].account_id, town.people["administrator"]
    with town.session() as current:
        granted = grant_role(current, admin, account_id, NewGrant(Role.auditor, TODAY))
        end_grant(current, admin, granted)
        tie = NewTie("亲属", TODAY, agency_id=town.agency_id)
        declare_tie(current, admin, account_id, tie)
    told(town)
    assert heard(town, "leader") == [
        "administrator 1为您登记了一项回避关系",
        "您的角色“审计”已终止",
        f"您被授予角色“审计”，自 {TODAY} 起",
    ]
    assert heard(town, "auditor") == heard(town, "administrator") == []


def test_what_is_told_once_is_not_told_again(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.pass_pre_review)
    assert told(town).messages
    with session(town.engine) as current:
        assert not has_news(current)
    assert told(town) == NOBODY
    town.step("reviewer", number, A.undo_pre_review)
    with session(town.engine) as current:
        assert has_news(current)
    assert told(town) == Telling(1, 1, is_done=True)


def test_two_who_tell_at_the_same_moment_tell_once(town: Town) -> None:
    for _ in range(3):
        town.step("reviewer", town.file(), A.pass_pre_review)
    came_to = at_once(*[lambda: told(town)] * 3)
    assert all(isinstance(one, Telling) for one in came_to), came_to
    assert len(heard(town, "agency")) == 6  # filed for it, and passed
    assert sum(one.messages for one in came_to) == 6


def test_telling_and_a_step_do_not_hinder_each_other(town: Town) -> None:
    number, other = town.file(), town.file()
    town.step("reviewer", other, A.pass_pre_review)
    came_to = at_once(
        lambda: town.step("reviewer", number, A.pass_pre_review).version,
        *[lambda: told(town).is_done] * 2,
    )
    assert not [one for one in came_to if isinstance(one, Exception)], came_to
    told(town)
    for one in (number, other):
        assert heard(town, "agency").count(f"{one} 初审通过，等待月度统一申请") == 1


def test_a_long_record_is_told_piece_by_piece(
    sqlite_only: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = sqlite_only
    monkeypatch.setattr(telling, "LINKS_AT_ONCE", 2)
    for _ in range(3):
        town.step("reviewer", town.file(), A.pass_pre_review)
    first, second, third, last = (told(town) for _ in range(4))
    assert [one.is_done for one in (first, second, third, last)] == [False, False, False, True]
    assert (first.links, last.links) == (2, 0)
    assert len(heard(town, "agency")) == 6


def test_where_nobody_was_told_yet_only_the_last_days_are(sqlite_only: Town) -> None:
    town = sqlite_only
    town.file()  # fifteen days ago
    with later(days=telling.FIRST_LOOK_DAYS):
        number = town.file()
        assert told(town).messages == 1
        assert heard(town, "agency") == [f"{number} 已由importer 1代为提交，等待联盟初审"]


def test_an_empty_record_is_told_to_the_end(sqlite_only: Town) -> None:
    with sqlite_only.session() as current:
        assert tell(current) == NOBODY
        assert current.get_one(MessageCursor, 1).seq >= 0


# ---------------------------------------------------------------- who may know


def test_a_draft_and_a_locked_account_are_told_of_nothing(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.pass_pre_review)
    town.change(Account, col(Account.username) == "agency", is_locked=True)
    told(town)
    assert heard(town, "agency") == []


def test_messages_of_a_role_that_ended_are_shown_no_more(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    town.step("agency", number, A.submit)
    told(town)
    reviewer = town.people["reviewer"]
    assert heard(town, "reviewer")
    town.people["reviewer"] = type(reviewer)(reviewer.account_id, reviewer.name, ())
    assert heard(town, "reviewer") == []
    with session(town.engine) as current:
        assert unread_messages(current, town.people["reviewer"]) == 0


def test_filings_are_told_to_both_sides_and_to_no_others(town: Town) -> None:
    from models.actions.record import record

    with town.session() as current:
        number = current.get_one(Agreement, town.agreement_id).number
        for subject in (f"agreement:{number}", "agreement:XY-UNKNOWN"):
            record(current, town.people["bureau"], "confirm_filing", subject, None, {})
        for who in ("91210231MA0XY0002H", "unknown"):
            record(current, town.people["lead"], "lift_suspension", f"agency:{who}", None, {})
        record(current, system_actor(), "send_month", "month:2026-10", None, {"rows": 1})
        record(current, town.people["lead"], "grant_role", "account:nobody", None, {})
        record(current, town.people["lead"], "lapse", "claim:unknown", None, {"event": 1})
    told(town)
    assert heard(town, "agency") == [
        "贵机构的服务资格暂停已解除", f"合作对子 {number} 备案已确认，可以开始服务",
    ]  # fmt: skip
    assert heard(town, "enterprise") == [f"合作对子 {number} 备案已确认"]
    assert heard(town, "bureau") == ["2026-10 的月度统一申请已送达，共 1 件"]
    assert heard(town, "agency2") == []


def test_drafters_hear_what_became_of_their_drafts(town: Town) -> None:
    from models.actions.record import record

    drafted = {"drafted_by": town.people["reviewer"].account_id}
    with town.session() as current:
        lead = town.people["lead"]
        record(current, lead, "confirm_policy_rule", "policy_rule:S-01:2", None, drafted)
        record(current, lead, "discard_budget_line", "budget_line:2027:K01", drafted, None)
    told(town)
    assert heard(town, "reviewer") == [
        "您起草的预算额度 2027:K01 已由lead 1撤回",
        "您起草的补贴标准 S-01:2 已由lead 1确认",
    ]


# ---------------------------------------------------------------- reading them


def test_messages_are_read_one_by_one_and_all_at_once(town: Town) -> None:
    agency, stranger = town.people["agency"], town.people["agency2"]
    for _ in range(2):
        town.step("reviewer", town.file(), A.pass_pre_review)
    told(town)
    with town.session() as current:
        rows = messages(current, agency, MessageFilter()).rows
        assert unread_messages(current, agency) == len(rows) == 4
        read_message(current, agency, rows[0].id)
        read_message(current, agency, rows[0].id)
        assert unread_messages(current, agency) == 3
        for who, number in ((stranger, rows[1].id), (agency, 999_999)):
            with pytest.raises(NotFound, match="没有这条消息"):
                read_message(current, who, number)
        assert [row.is_read for row in messages(current, agency, MessageFilter()).rows] == [
            True, False, False, False,
        ]  # fmt: skip
        assert read_all_messages(current, stranger, rows[0].id) == 0
        assert read_all_messages(current, agency, rows[2].id, "month") == 0
        assert read_all_messages(current, agency, rows[2].id, "claim") == 2
        assert unread_messages(current, agency) == 1
        assert [r.id for r in messages(current, agency, MessageFilter(is_unread=True)).rows] == [
            rows[1].id
        ]


def test_pages_follow_each_other_by_key(sqlite_only: Town) -> None:
    town, agency = sqlite_only, sqlite_only.people["agency"]
    number = town.file()
    for _ in range(ROWS_A_PAGE):
        town.step("reviewer", number, A.pass_pre_review)
        town.step("reviewer", number, A.undo_pre_review)
    told(town)
    with session(town.engine) as current:
        first = messages(current, agency, MessageFilter())
        second = messages(current, agency, MessageFilter(), first.older)
        third = messages(current, agency, MessageFilter(), second.older)
        assert [len(page.rows) for page in (first, second, third)] == [ROWS_A_PAGE] * 2 + [1]
        assert third.older is None
        ids = [row.id for page in (first, second, third) for row in page.rows]
        assert ids == sorted(ids, reverse=True)
        assert kinds_told(current, agency) == ("claim",)
        assert messages(current, agency, MessageFilter(kind="month")).rows == ()
        assert len(messages(current, agency, MessageFilter(kind="claim")).rows) == ROWS_A_PAGE


def test_a_message_remembers_when_it_happened(town: Town) -> None:
    number = town.file()
    town.step("reviewer", number, A.pass_pre_review)
    happened = now_utc()
    with later(hours=3):
        told(town)
    with session(town.engine) as current:
        newest = messages(current, town.people["agency"], MessageFilter()).rows[0]
        stored = current.get_one(Message, newest.id)
    assert (newest.at_utc, newest.kind, newest.number) == (happened, "claim", number)
    assert stored.told_at_utc == happened + timedelta(hours=3)


# ---------------------------------------------------------------- beside claims


def test_an_objection_is_told_on_its_claim_my_turn_first(town: Town) -> None:
    number = town.at(S.approved)
    fresh(town)
    entry = ObjectionEntry(
        "王某某", ObjectionForm.named, TODAY, "成果与申请不符", (("异议书.pdf", PDF),)
    )
    with town.session() as current:
        one = record_objection(current, town.people["reviewer2"], number, entry)
    told(town)
    asks = f"{number} 收到公示异议，请由记录人以外的人答复；答复前不支付"
    assert heard(town, "bureau") == heard(town, "lead") == heard(town, "reviewer") == [asks]
    assert heard(town, "finance") == [f"{number} 有公示异议，答复前不支付"]
    assert heard(town, "agency") == [f"{number} 有公示异议，答复前暂不支付"]
    assert heard(town, "reviewer2") == heard(town, "agency2") == heard(town, "enterprise") == []
    with session(town.engine) as current:
        (row,) = messages(current, town.people["bureau"], MessageFilter()).rows
    assert (row.kind, row.number, row.is_turn) == ("claim", number, True)
    fresh(town)
    with town.session() as current:
        answer_objection(current, town.people["lead"], one, ObjectionState.dismissed, "不属实")
    told(town)
    assert heard(town, "reviewer2") == [f"您记录的对 {number} 的异议已由lead 1答复：不成立"]
    assert heard(town, "finance") == [f"{number} 的公示异议不成立，可以继续支付"]


def test_a_reward_that_came_back_is_told_to_whoever_puts_the_account_right(town: Town) -> None:
    number = town.at(S.closed)
    fresh(town)
    town.step("finance", number, A.reward_failed, reasons=("R12",), note="账号已销户")
    told(town)
    (asked,) = heard(town, "reviewer")
    assert asked.startswith(f"{number} 的企业奖励被银行退回：")
    assert heard(town, "lead") == [asked]
    (own,) = heard(town, "enterprise")
    assert own.startswith(f"申请 {number} 的奖励支付失败：")
    assert heard(town, "agency") == [f"{number} 的企业奖励被银行退回，将重新发放；补贴不受影响"]
    assert heard(town, "finance2") == heard(town, "agency2") == []


def test_a_recovery_is_told_to_its_second_person_and_then_to_who_pays_back(town: Town) -> None:
    number = town.at(S.closed)
    fresh(town)
    with town.session() as current:
        one = draft_recovery(
            current, town.people["finance"], number, Purpose.subsidy, 100_000, "核减"
        )
    told(town)
    asks = f"{number} 起草了追回 1,000.00 元，请由另一人确认"
    assert heard(town, "finance2") == heard(town, "lead") == [asks]
    assert heard(town, "finance") == []
    fresh(town)
    with town.session() as current:
        confirm_recovery(current, town.people["lead"], one)
    told(town)
    assert heard(town, "finance") == [f"您起草的 {number} 的追回 1,000.00 元已由lead 1确认"]
    assert heard(town, "agency") == [f"{number} 的补贴追回 1,000.00 元"]
    assert heard(town, "enterprise") == []


def test_needs_are_told_to_whom_they_ask_and_back(town: Town) -> None:
    fresh(town)
    with town.session() as current:
        reviewer = town.people["reviewer"]
        need = state_need(
            current, reviewer, "software_copyright", "一项软件著作权", TODAY + DAY, ENTERPRISE2
        )
        ask_agency(current, reviewer, need, AGENCY, 1)
    told(town)
    assert heard(town, "agency") == [f"需求 N-{need} 询问贵机构能否承接，请答复"]
    assert heard(town, "reviewer2") == [f"企业提出对接需求 N-{need}"]
    assert heard(town, "reviewer") == heard(town, "enterprise") == heard(town, "agency2") == []
    with town.session() as current:
        decline_request(current, town.people["agency"], need, "人手已满", 2)
    told(town)
    assert heard(town, "reviewer") == [f"需求 N-{need} 未获承接，请另选机构"]
    with session(town.engine) as current:
        (row,) = messages(current, town.people["reviewer"], MessageFilter()).rows
    assert (row.kind, row.number, row.is_turn) == ("need", str(need), True)


def test_a_change_of_a_setting_is_told_to_its_second_person_and_back(town: Town) -> None:
    fresh(town)
    draft = Draft(ChangeKind.setting, "notice_period_working_days", {"value": "7"},
                  TODAY + DAY, "公示期延长")  # fmt: skip
    with town.session() as current:
        one = draft_change(current, town.people["reviewer"], draft)
    told(town)
    assert heard(town, "lead") == ["设定有一份草稿，请由另一人确认"]
    assert heard(town, "reviewer2") == []
    with town.session() as current:
        turn_down_change(current, town.people["lead"], one, "暂不调整")
    told(town)
    assert heard(town, "reviewer") == ["您起草的设定调整未被lead 1采用"]


def test_a_rating_period_is_told_to_who_is_rated_and_to_who_answers(opened: Opener) -> None:
    league: League = opened(make_league)
    with stating(league):
        league.bring(PeriodState.preview)
        fresh(league)
        with standing_at(NOON):
            league.go("reviewer", open_replies)
        told(league)
        (asked,) = heard(league, "agency")
        assert asked == f"{MONTH} 为止的考评预评可以查看，如有异议请于 {AFTER_A_WEEK} 前申辩"
        assert heard(league, "agency2") == [asked]
        assert heard(league, "enterprise") == heard(league, "bureau") == []
        fresh(league)
        one = league.reply()
        told(league)
        asks = f"{MONTH} 为止的考评收到申辩，请由预评人以外的人答复"
        assert heard(league, "reviewer2") == heard(league, "lead") == [asks]
        assert heard(league, "agency") == heard(league, "agency2") == []
        fresh(league)
        league.answer(one)
        told(league)
        assert heard(league, "agency") == [f"贵机构对 {MONTH} 为止的考评提出的申辩已答复"]
        assert heard(league, "agency2") == []
