"""Notices: every line of the table can be said in both languages, reaches the right people, and nobody
is told of their own act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import Formatter

import pytest

from components.activity_words import SUBJECTS, VERBS
from components.language import ENGLISH, words_in
from components.site import SITE
from models.rules.claim_workflow import STEPS, Action, State
from models.rules.notice_table import NOTICES
from models.rules.notices import (
    HOME,
    OWN_PLACES,
    PLACES,
    facts_of,
    notices_of,
    place_of,
    said_by,
)
from models.rules.roles import Actor, GrantFacts, Role
from models.rules.told import Audience, Notice, Told
from models.rules.wording import say

SINCE = date(2026, 1, 1)
TOLD = Told(
    verb="return_pre_review",
    subject="claim:2026-11-0001",
    by="联盟初审员 1",
    by_account_id=9,
    before={"state": "submitted"},
    after={"state": "returned", "subsidy_fen": 5_000_000, "reward_fen": 2_000_000, "rows": 3,
           "role": "finance", "from": "2026-11-01", "on_behalf": 1},
    reasons=(say("材料不齐或未盖章"), say("发票与申请不符")),
    agency_id=1,
    enterprise_id=2,
    people=dict.fromkeys(Audience, 7),
)  # fmt: skip


def person(
    id_: int, role: Role | None, agency_id: int | None = None, enterprise_id: int | None = None
) -> Actor:
    """Somebody with one role, or none."""
    grants = (GrantFacts(id_, role, SINCE),) if role else ()
    return Actor(id_, f"{id_}", grants, agency_id, enterprise_id)


AGENCY, ENTERPRISE = person(1, Role.agency, 1), person(2, Role.enterprise, None, 2)
OTHER_AGENCY, OTHER_ENTERPRISE = person(3, Role.agency, 2), person(4, Role.enterprise, None, 1)
BUREAU, FINANCE, SEVENTH = (
    person(5, Role.bureau),
    person(6, Role.finance),
    person(7, Role.alliance_lead),
)
EVERYBODY = (AGENCY, ENTERPRISE, OTHER_AGENCY, OTHER_ENTERPRISE, BUREAU, FINANCE, SEVENTH)


def hear(told: Told, people: tuple[Actor, ...] = EVERYBODY) -> dict[int, str]:
    """Who is told what."""
    return {message.account_id: str(message.words) for message in notices_of(told, people)}


def test_every_verb_is_one_the_record_knows() -> None:
    known = {*VERBS, *(step.action.value for step in STEPS)}
    assert {notice.verb for notice in NOTICES} <= known
    assert PLACES.keys() <= SUBJECTS.keys()


def test_every_place_is_a_page_with_its_permission() -> None:
    pages = {page.address: page.permission for page in SITE}
    assert OWN_PLACES.keys() <= PLACES.keys()
    assert {pages[place.address] for place in OWN_PLACES.values()} == {
        place.permission for place in OWN_PLACES.values()
    }
    assert {kind: pages[place.address] for kind, place in PLACES.items()} == {
        kind: place.permission for kind, place in PLACES.items()
    }


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: f"{notice.verb}-{notice.to}")
def test_every_sentence_names_facts_there_are(notice: Notice) -> None:
    named = {name for _, name, _, _ in Formatter().parse(notice.words.template) if name}
    assert named <= facts_of(TOLD).keys() | dict(notice.words.facts).keys()
    told = replace(TOLD, verb=notice.verb, before={"state": "returned"})
    for words in hear(told, tuple(replace(one, account_id=one.account_id) for one in EVERYBODY)):
        assert words
    english = words_in(ENGLISH, notice.words)
    assert english.replace("—", "").isascii() or "“" in english or "’" in english


def test_a_return_names_every_reason_to_its_agency_alone() -> None:
    (message,) = notices_of(TOLD, EVERYBODY)
    assert (message.account_id, message.role, message.is_turn) == (1, Role.agency, True)
    assert str(message.words) == (
        "2026-11-0001 被退回补正：材料不齐或未盖章、发票与申请不符。请一次补正后重新提交"
    )


def test_nobody_is_told_of_their_own_act() -> None:
    assert hear(replace(TOLD, by_account_id=AGENCY.account_id)) == {}


# fmt: off
HEARERS = (
    # verb,                after,                                    who hears
    ("submit",             {"state": "submitted"},                          {}),
    ("submit",             {"state": "submitted", "on_behalf": 1},          {1: "2026-11-0001 已由联盟初审员 1代为提交，等待联盟初审"}),
    ("approve",            {"state": "approved", "subsidy_fen": 100},       {1: "2026-11-0001 审批通过，补贴 1.00 元；公示期满后支付"}),
    ("approve",            {"state": "approved", "subsidy_fen": 100, "reward_fen": 200},
        {1: "2026-11-0001 审批通过，补贴 1.00 元；公示期满后支付", 2: "为您提出的申请 2026-11-0001 审批通过，补贴支付后发放奖励 2.00 元"}),
    ("request_recall",     {"state": "applied"},                            {5: "联盟初审员 1请求撤回 2026-11-0001 的统一申请，请答复"}),
    ("request_recall",     {"state": "approved"},                           {6: "联盟初审员 1请求撤回 2026-11-0001 的统一申请，请答复"}),
    ("request_recall",     {"state": "closed"},                             {}),
    ("answer_recall",      {"state": "applied"},                            {7: "联盟初审员 1已答复您对 2026-11-0001 的撤回请求"}),
    ("send_month",         {"rows": 12},                                    {5: "2026-11-0001 的月度统一申请已送达，共 12 件"}),
    ("grant_role",         {"role": "finance", "from": "2026-11-01"},       {7: "您被授予角色“财政局”，自 2026-11-01 起"}),
    ("free_claim",         {"reason": "休假"},                              {7: "您接手的 2026-11-0001 已由联盟初审员 1收回并放回队列"}),
    ("sign_in",            {},                                              {}),
    ("file_agreement",     {"filing": "filed"},                             {5: "合作对子 2026-11-0001 提交备案，请确认"}),
    ("file_agreement",     {"filing": "confirmed"},                         {}),
    ("file_agreement",     {"filing": "filed", "on_behalf": 1},
        {1: "合作对子 2026-11-0001 已由联盟代为提交备案", 5: "合作对子 2026-11-0001 提交备案，请确认"}),
    ("draft_agreement",    {},                                              {}),
    ("draft_agreement",    {"on_behalf": 1},                                {1: "联盟已代贵机构起草合作对子 2026-11-0001，请核对"}),
    ("uphold_contest",     {"attribution": "policy"},
        {1: "合作对子 2026-11-0001 的归因异议成立，归因改为“政策”", 2: "合作对子 2026-11-0001 的归因异议成立，归因改为“政策”"}),
    ("fail_payment",       {"purpose": "subsidy"},                          {1: "2026-11-0001 的补贴银行未付成，将重新拨付。请核对收款账号"}),
    ("fail_payment",       {"purpose": "reward"},
        {2: "申请 2026-11-0001 的奖励银行未付成。请向联盟提供正确的收款账号",
         7: "2026-11-0001 的企业奖励银行未付成。请向企业核对收款账号，在名录中改正"}),
    ("draft_recovery",     {"amount_fen": 100},
        {6: "2026-11-0001 起草了追回 1.00 元，请由另一人确认", 7: "2026-11-0001 起草了追回 1.00 元，请由另一人确认"}),
    ("record_objection",   {},
        {1: "2026-11-0001 有公示异议，答复前暂不支付", 5: "2026-11-0001 收到公示异议，请由记录人以外的人答复；答复前不支付",
         6: "2026-11-0001 有公示异议，答复前不支付", 7: "2026-11-0001 收到公示异议，请由记录人以外的人答复；答复前不支付"}),
    ("draft_setting",      {},                                              {7: "设定有一份草稿，请由另一人确认"}),
    ("turn_down_setting",  {},                                              {7: "您起草的设定调整未被联盟初审员 1采用"}),
    ("ask_agency_for_need", {},                                             {1: "需求 N-2026-11-0001 询问贵机构能否承接，请答复"}),
)
# fmt: on


@pytest.mark.parametrize(("verb", "after", "expected"), HEARERS)
def test_who_hears_of_what(verb: str, after: dict[str, object], expected: dict[int, str]) -> None:
    assert hear(replace(TOLD, verb=verb, after=after)) == expected


def test_an_answer_goes_to_whoever_sent_it_back() -> None:
    told = replace(TOLD, verb="submit", before={"state": "returned"}, after={"state": "submitted"})
    (message,) = notices_of(told, EVERYBODY)
    assert (message.account_id, message.role, message.is_turn) == (7, Role.alliance_lead, True)


def test_somebody_of_both_audiences_is_told_once() -> None:
    both = Actor(
        11, "both", (GrantFacts(1, Role.agency, SINCE), GrantFacts(2, Role.enterprise, SINCE)), 1, 2
    )
    told = replace(TOLD, verb="approve", after={"state": "approved", "reward_fen": 1})
    assert [message.role for message in notices_of(told, (both,))] == [Role.agency]


def test_without_a_role_nobody_hears_anything() -> None:
    nobody = (person(7, None), person(1, None, 1), person(2, None, None, 2))
    for verb in ("answer_recall", "return_pre_review", "reward_enterprise"):
        assert hear(replace(TOLD, verb=verb), nobody) == {}


def test_without_parties_nobody_is_a_party() -> None:
    told = replace(TOLD, agency_id=None, enterprise_id=None)
    assert hear(told) == {}
    assert hear(replace(told, verb="reward_enterprise")) == {}


def test_without_coded_reasons_the_history_is_pointed_to() -> None:
    assert "见办理记录" in hear(replace(TOLD, reasons=()))[1]


@pytest.mark.parametrize(
    ("kind", "who", "place"),
    [
        ("claim", AGENCY, ("/claim", {"no": "7"})),
        ("claim", ENTERPRISE, (HOME, {})),
        ("month", BUREAU, ("/month", {"month": "7"})),
        ("month", AGENCY, (HOME, {})),
        ("agreement", AGENCY, ("/agreements", {"agreement": "7"})),
        ("policy_rule", SEVENTH, ("/policies", {"view": "changes"})),
        ("budget_move", FINANCE, ("/payments", {"view": "budget"})),
        ("need", AGENCY, ("/needs", {"need": "7"})),
        ("setting", AGENCY, (HOME, {})),
        ("rating", SEVENTH, ("/ratings", {"period": "7"})),
        ("rating", AGENCY, ("/my-rating", {"period": "7"})),
        ("unheard-of", SEVENTH, (HOME, {})),
    ],
)
def test_the_way_there_is_open_to_who_is_told(
    kind: str, who: Actor, place: tuple[str, dict[str, str]]
) -> None:
    assert place_of(kind, "7", who) == place


def test_what_nobody_did_was_the_systems() -> None:
    assert str(said_by(None)) == "系统"
    assert said_by("联盟负责人") == "联盟负责人"


def test_the_steps_an_agency_waits_for_are_all_told_to_it() -> None:
    told = {notice.verb for notice in NOTICES if notice.to is Audience.agency}
    own = {Action.submit, Action.withdraw}
    silent = {Action.return_office, Action.request_recall, Action.answer_recall}
    assert {step.action for step in STEPS} - own - silent <= {Action(v) for v in told & set(Action)}
    assert Told("x", "claim:1", "", after={"state": State.closed.value}).office is None
