"""The claim workflow walked whole: every action × place × role × grant × relation against
`cases/workflow.toml`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from models.rules.claim_workflow import (
    BEFORE_APPROVAL,
    ENDED,
    HOLDER,
    OFFICE_ROLE,
    ONE_OFFICE_BACK,
    STATE_NAMES,
    STEP_OF,
    STEPS,
    WAITING,
    Action,
    Place,
    State,
    office_of,
    place_after,
    possible_targets,
    roles_for,
    states_held_by,
    target,
)
from models.rules.replay import round_after
from models.rules.roles import Actor, GrantFacts, Office, Relation, Role, TieFacts
from models.rules.step_permission import (
    availability,
    permission_to_import,
    permission_to_step,
    steps_open_to,
)
from tests.cases import cases

TABLE = cases("workflow")
TODAY = date(2026, 11, 20)
GRANTS = {
    "own": GrantFacts(1, Role.leader, date(2026, 1, 1)),
    "cover": GrantFacts(2, Role.leader, TODAY, TODAY, is_cover=True),
    "expired": GrantFacts(3, Role.leader, date(2026, 1, 1), date(2026, 11, 19)),
    "none": None,
}


def places() -> Iterator[Place]:
    """Every place a claim can be in; held and returned claims from every office, closed ones with
    and without a reward."""
    yield Place(State.closed, has_reward=False)
    for state in State:
        if state is State.on_hold:
            yield from (Place(state, held_from=held) for held in HELD_FROM)
        elif state is State.returned:
            yield from (Place(state, resume_at=asked) for asked in (None, *ONE_OFFICE_BACK))
        else:
            yield Place(state)


HELD_FROM = tuple(State(name) for name in TABLE["step"]["hold"]["leads"])
PLACES = tuple(places())


def actor(role: Role | None, grant: str) -> Actor:
    """Somebody with one role, held today as the name of the grant says."""
    held = GRANTS[grant]
    if role is None or held is None or not held.holds_on(TODAY):
        return Actor(7, "某人")
    return Actor(7, "某人", (replace(held, role=role),))


def relation(row: dict[str, Any]) -> Relation:
    """A row of the table as the rules see it."""
    return Relation(
        acted_at=frozenset(map(Office, row.get("acted_at", ()))),
        ties=(TieFacts("大连示例子企业有限公司", "亲属"),) if row.get("tied") else (),
        is_own_agency=row.get("own_agency", False),
        is_own_enterprise=row.get("own_enterprise", False),
        refused_it=row.get("refused_it", False),
        minutes_since_own_pass=row.get("minutes_since_own_pass"),
    )


def office(step: dict[str, Any], place: Place) -> str:
    """The office that takes a step, by the table alone."""
    if step["who"] != "holder":
        return str(step["who"])
    return str(TABLE["holders"][place.held_from or place.state])


def expected(name: str, place: Place, role: Role, row: dict[str, Any]) -> bool:
    """Whether the table lets somebody with this role and relation take the step here."""
    step = TABLE["step"][name]
    if name == "reward_failed" and not place.has_reward:
        return False
    if place.state not in step["leads"] or step["who"] == "system":
        return False
    if place.held_from in step.get("not_held_from", ()):
        return False
    if place.state in step.get("not_rewarded", ()) and place.has_reward:
        return False
    if name == "answer_recall" or (
        name == "undo_pre_review" and "undo_pre_review" not in row.get("and_also", ())
    ):
        return False  # nobody asked; not one's own pass
    at = office(step, place)
    return TABLE["offices"][at] == role and at in row["may"] and name not in row.get("but_not", ())


def test_the_table_and_the_workflow_name_the_same_steps_in_the_same_words() -> None:
    assert [step.action.value for step in STEPS] == list(TABLE["step"])
    assert {a.value: s.name.template for a, s in STEP_OF.items()} == {
        name: step["name"] for name, step in TABLE["step"].items()
    }


@pytest.mark.parametrize("name", TABLE["step"])
def test_who_may_take_a_step(name: str) -> None:
    wrong = []
    for place, role, grant, row in product(PLACES, Role, GRANTS, TABLE["relation"]):
        answer = permission_to_step(STEP_OF[Action(name)], place, actor(role, grant), relation(row))
        allowed = grant in ("own", "cover") and expected(name, place, role, row)
        is_told = answer.reason is None if allowed else bool(str(answer.reason))
        if answer.is_allowed is not allowed or not is_told:
            wrong.append((place, role, grant, row["who"], str(answer.reason)))
        elif allowed:
            assert answer.grant is not None
            assert answer.grant.is_cover is (grant == "cover")
    assert wrong == []


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_buttons_are_the_steps_one_may_take(place: Place) -> None:
    for role, row in product(Role, TABLE["relation"]):
        shown = [
            step.action.value for step in steps_open_to(place, actor(role, "own"), relation(row))
        ]
        assert shown == [name for name in TABLE["step"] if expected(name, place, role, row)]


@pytest.mark.parametrize("name", TABLE["step"])
def test_who_may_take_a_step_for_the_agency(name: str) -> None:
    step = TABLE["step"][name]
    for place, role, grant, row in product(PLACES, Role, GRANTS, TABLE["relation"]):
        answer = permission_to_step(
            STEP_OF[Action(name)], place, actor(role, grant), relation(row), on_behalf=True
        )
        is_importer = role in ("alliance_reviewer", "alliance_lead") and grant in ("own", "cover")
        allowed = (
            step.get("importer", False)
            and place.state in step["leads"]
            and is_importer
            and row.get("may_import", True)
        )
        assert answer.is_allowed is allowed, (place, role, grant, row["who"])
        assert allowed or str(answer.reason)


def test_the_system_imports_too() -> None:
    system = Actor(0, "系统", is_system=True)
    assert permission_to_import(STEP_OF[Action.submit], system, Relation()).is_allowed


@pytest.mark.parametrize("name", TABLE["step"])
def test_only_the_system_takes_the_steps_of_the_system(name: str) -> None:
    system = Actor(0, "系统", is_system=True)
    first = next(place for place in PLACES if place.state in TABLE["step"][name]["leads"])
    place = replace(first, has_reward=False)
    personal = name in ("undo_pre_review", "reward_enterprise", "reward_failed", "answer_recall")
    assert (
        permission_to_step(STEP_OF[Action(name)], place, system, Relation()).is_allowed
        is not personal
    )
    if TABLE["step"][name]["who"] == "system":
        assert roles_for(STEP_OF[Action(name)], place) == frozenset()
        assert office_of(STEP_OF[Action(name)], place) is Office.system


@pytest.mark.parametrize("name", TABLE["step"])
def test_where_a_step_leads(name: str) -> None:
    step, leads = STEP_OF[Action(name)], TABLE["step"][name]["leads"]
    assert {state.value for state in step.from_states} == set(leads)
    for place in PLACES:
        if place.state not in leads:
            assert availability(step, place) is not None
            continue
        to = leads[place.state]
        changed = {"held_from": place.held_from, "resume_or_submitted": State.submitted}
        stands = {"held_from": place.held_from, "resume_or_submitted": place.resume_at}
        assert target(step, place) == changed.get(to, to)
        assert target(step, place, facts_stand=True) == (stands.get(to, to) or State.submitted)
        assert possible_targets(step, place) == {
            target(step, place), target(step, place, facts_stand=True),
        }  # fmt: skip


@pytest.mark.parametrize("name", TABLE["step"])
def test_what_a_step_asks_and_opens(name: str) -> None:
    step, row = STEP_OF[Action(name)], TABLE["step"][name]
    is_agency, is_system = row["who"] == "filing", row["who"] == "system"
    assert step.needs_reason is row.get("reason", False)
    assert step.is_guarded is row.get("guarded", False)
    assert step.decides is row.get("decides", True)
    assert step.by_importer is row.get("importer", False)
    assert step.respects_lease is (row.get("leased", True) and not is_agency and not is_system)
    assert step.is_bound_to_seen is (step.decides and not is_agency and not is_system)
    assert round_after(step.action, 3) == (4 if row.get("new_round") else 3)


def test_where_the_claim_stands_after_a_step() -> None:
    for place in PLACES:
        for step in STEPS:
            if place.state not in step.from_states:
                continue
            for asked in (False, True):
                before = replace(place, is_recall_asked=asked, was_reopened=asked)
                for to in possible_targets(step, before):
                    after = place_after(step, before, to)
                    assert after.state is to
                    assert after.held_from is (place.state if step.action == "hold" else None)
                    assert after.resume_at is (place.state if step.action == "ask_agency" else None)
                    assert after.was_reopened is (asked or step.action == "reopen")
                    keeps = asked and step.action in ("hold", "release", "request_recall")
                    assert after.is_recall_asked is (keeps or step.action == "request_recall")


@pytest.mark.parametrize("state", ["applied", "re_reviewed", "approved"])
def test_a_request_to_recall_stops_the_course_until_it_is_answered(state: str) -> None:
    asked = Place(State(state), is_recall_asked=True)
    role = Role(TABLE["offices"][TABLE["holders"][state]])
    open_steps = {
        step.action.value for step in steps_open_to(asked, actor(role, "own"), Relation())
    }
    assert open_steps == {
        "return_office", "ask_agency", "answer_recall", "hold",
        *(() if state == "approved" else ("refuse_office",)),
    }  # fmt: skip
    lead = steps_open_to(asked, actor(Role.alliance_lead, "own"), Relation())
    assert [step.action for step in lead] == []


# fmt: off
@pytest.mark.parametrize(("action", "place", "reason"), [
    (Action.reopen,               Place(State.refused, was_reopened=True),                    "不予支持的申请只能重新受理一次"),
    (Action.answer_recall,        Place(State.applied),                                       "本件没有待答复的撤回请求"),
    (Action.request_recall,       Place(State.applied, is_recall_asked=True),                 "撤回请求已提出，等待办理环节答复"),
    (Action.pass_re_review,       Place(State.applied, is_recall_asked=True),                 "联盟请求撤回本件，请先答复或退回，再继续办理"),
    (Action.pay_agency,           Place(State.approved, waits_until=date(2026, 11, 27)),      "公示期至 2026-11-27，期满后支付"),
    (Action.lapse,                Place(State.returned, waits_until=date(2026, 12, 1)),       "补正期限至 2026-12-01，尚未逾期"),
    (Action.reward_enterprise,    Place(State.agency_paid, has_reward=False),                 "本件没有应发的企业奖励"),
    (Action.reward_failed,        Place(State.closed, has_reward=False),                      "本件没有发放过企业奖励"),
    (Action.payment_failed,       Place(State.closed),                                        "企业奖励已发放：先登记奖励支付失败，或以“追回”记录银行退回的补贴"),
    (Action.close_without_reward, Place(State.agency_paid),                                   "本件有应发的企业奖励，发放后办结"),
    (Action.approve,              Place(State.draft),                                         "申请现为“草稿”，不能“审批通过”"),
])
# fmt: on
def test_why_a_step_does_not_exist(action: Action, place: Place, reason: str) -> None:
    assert str(availability(STEP_OF[action], place)) == reason


# fmt: off
@pytest.mark.parametrize(("action", "state", "role", "given", "reason"), [
    ("pass_pre_review", State.submitted,    Role.bureau,            Relation(),                                        "这一步由“联盟初审员”办理，您当前没有该角色"),
    ("pass_pre_review", State.submitted,    Role.alliance_reviewer, Relation(acted_at=frozenset({Office.payment})),    "您已在“财政局支付”环节办理过本件；一人在一件申请中只办理一个环节（职责分离）"),
    ("pass_pre_review", State.submitted,    Role.alliance_reviewer, Relation(ties=(TieFacts("甲机构", "亲属"),)),      "您与“甲机构”有回避关系（亲属），不得接手或办理本件"),
    ("pass_pre_review", State.submitted,    Role.alliance_reviewer, Relation(is_own_enterprise=True),                  "您代表本件的当事一方，不得作为主管环节办理"),
    ("submit",          State.draft,        Role.agency,            Relation(),                                        "本件不属于您所在的服务机构"),
    ("reopen",          State.refused,      Role.alliance_reviewer, Relation(refused_it=True),                         "重新受理须由作出不予支持决定以外的人办理"),
    ("undo_pre_review", State.pre_reviewed, Role.alliance_reviewer, Relation(),                                        "只有作出通过决定的本人可以在统一申请前撤销"),
    ("undo_pre_review", State.pre_reviewed, Role.alliance_reviewer, Relation(minutes_since_own_pass=11),               "通过已超过 10 分钟，不能再撤销"),
    ("lapse",           State.returned,     Role.alliance_lead,     Relation(),                                        "这一步由系统自动办理"),
])
# fmt: on
def test_why_a_person_may_not(
    action: str, state: State, role: Role, given: Relation, reason: str
) -> None:
    answer = permission_to_step(STEP_OF[Action(action)], Place(state), actor(role, "own"), given)
    assert str(answer.reason) == reason


def test_holders_and_piles_follow_the_table() -> None:
    assert {state.value: office.value for state, office in HOLDER.items()} == TABLE["holders"]
    assert {office.value: role.value for office, role in OFFICE_ROLE.items()} == TABLE["offices"]
    assert frozenset(State) == WAITING | ENDED
    assert WAITING & ENDED == frozenset()
    assert Place(State.closed).holder is None
    assert Place(State.on_hold, held_from=State.applied).holder is Office.re_review
    assert states_held_by([Office.payment]) == (State.approved, State.agency_paid)
    assert BEFORE_APPROVAL == WAITING - {State.draft, State.approved, State.agency_paid}
    assert set(STATE_NAMES) == set(State)
