"""Needs and pairing: stated, asked, declined, accepted into a draft; on behalf; who sees what; two at
once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.actions.needs import (
    accept_request,
    ask_agency,
    decline_request,
    state_need,
    take_back_request,
    withdraw_need,
)
from models.actions.steps import system_actor
from models.database import session
from models.queries.needs import (
    NeedCard,
    NeedFilter,
    may_see_need,
    need_card,
    needs,
    requests_waiting,
)
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.agreement_life import AgreementState
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
)
from models.rules.pairing import NeedState, RequestState
from models.tables.needs import Need, NeedRequest
from models.tables.organisations import Agency, AgencyScope, Enterprise
from tests.pacts import ENTERPRISE2, SOFTWARE, act, drafted, newest_link, row, state
from tests.rivals import at_once
from tests.town import Town
from tests.world import TODAY

AGENCY, AGENCY2 = "91210231MA0XY0002H", "91210231MA0XY0004D"
BY = TODAY + timedelta(days=60)
WANTED = "一项软件著作权，源代码已有"


ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""


@pytest.fixture
def open_town(town: Town) -> Town:
    """A town whose second enterprise has an account, and whose second agency does software too."""
    with town.session() as current:
        current.add(AgencyScope(agency_id=town.agency2_id, service_code=SOFTWARE))
    town.people["enterprise2"] = replace(
        town.people["enterprise"], enterprise_id=town.enterprise2_id
    )
    return town


def stated(town: Town, who: str = "enterprise2", **changes: Any) -> int:
    """A need, stated."""
    values = {"service_code": SOFTWARE, "wanted": WANTED, "wanted_by": BY} | changes
    return int(act(town, who, state_need, **values))


def version(town: Town, need_id: int) -> int:
    """What somebody who has just opened it has on screen."""
    with session(town.engine) as current:
        return current.get_one(Need, need_id).version


def step(town: Town, who: str, action: Any, need_id: int, *given: Any) -> Any:
    """Somebody who has just opened a need does something."""
    return act(town, who, action, need_id, *given, seen_version=version(town, need_id))


def card(town: Town, who: str, need_id: object) -> NeedCard:
    """A need as somebody sees it."""
    with session(town.engine) as current:
        return need_card(current, town.people[who], str(need_id), TODAY)


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


# ---------------------------------------------------------------- the straight way


def test_a_need_becomes_a_draft_agreement_once_both_sides_agree(open_town: Town) -> None:
    need_id = stated(open_town)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    assert card(open_town, "agency", need_id).may_answer
    with session(open_town.engine) as current:
        waiting = {
            who: requests_waiting(current, open_town.people[who])
            for who in ("agency", "agency2", "lead")
        }
    assert waiting == {"agency": 1, "agency2": 0, "lead": 0}
    number = step(open_town, "agency", accept_request, need_id)
    made = row(open_town, number)
    assert (made.enterprise_id, made.agency_id, made.service_code) == (
        open_town.enterprise2_id, open_town.agency_id, SOFTWARE,
    )  # fmt: skip
    assert (made.expected, made.due_on, made.holds_pair) == (WANTED, BY, True)
    assert state(open_town, number) is AgreementState.draft
    done = card(open_town, "enterprise2", need_id)
    assert (done.row.state, done.row.agreement, done.row.asked) == (
        NeedState.paired, number, "大连示例甲机构有限公司",
    )  # fmt: skip
    assert not done.may_ask
    link = newest_link(open_town)
    assert (link.verb, link.subject) == ("accept_request", f"need:{need_id}")
    assert link.after["agreement"] == number  # type: ignore[index]
    assert is_sound(open_town)


def test_declined_with_a_reason_another_agency_is_asked(open_town: Town) -> None:
    need_id = stated(open_town)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    with pytest.raises(ReasonMissing):
        step(open_town, "agency", decline_request, need_id, "")
    step(open_town, "agency", decline_request, need_id, "近期人手不足")
    with pytest.raises(AlreadyDone, match="已谢绝本需求"):
        step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    shown = card(open_town, "enterprise2", need_id)
    assert shown.requests[0].reason == "近期人手不足"
    assert [one.candidate.key for one in shown.suggestions] == [AGENCY2, AGENCY]
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY2)
    assert step(open_town, "agency2", accept_request, need_id)
    assert is_sound(open_town)


@ONE
def test_the_alliance_acts_on_behalf_and_the_record_says_so(open_town: Town) -> None:
    need_id = stated(open_town, "reviewer", enterprise_uscc=f" {ENTERPRISE2.lower()}")
    assert newest_link(open_town).after["on_behalf"] == 1  # type: ignore[index]
    assert card(open_town, "reviewer", need_id).row.is_on_behalf
    step(open_town, "lead", ask_agency, need_id, AGENCY)
    assert card(open_town, "agency", need_id).requests[0].is_on_behalf
    assert step(open_town, "agency", accept_request, need_id)


def test_a_need_is_withdrawn_and_its_request_with_it(open_town: Town) -> None:
    need_id = stated(open_town)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    step(open_town, "enterprise2", withdraw_need, need_id, "改为自行办理")
    with session(open_town.engine) as current:
        (request,) = current.exec(select(NeedRequest))
    assert request.state is RequestState.taken_back
    assert card(open_town, "enterprise2", need_id).closed_reason == "改为自行办理"
    with pytest.raises(NotAvailable, match="需求已撤回"):
        step(open_town, "agency", accept_request, need_id)
    assert stated(open_town) != need_id
    step(
        open_town,
        "enterprise2",
        withdraw_need,
        stated(open_town, service_code="utility_model"),
        "不再需要",
    )


@ONE
def test_a_request_is_taken_back_to_ask_another(open_town: Town) -> None:
    need_id = stated(open_town)
    with pytest.raises(NotAvailable, match="没有等待答复的询问"):
        step(open_town, "enterprise2", take_back_request, need_id)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    with pytest.raises(AlreadyDone, match="一次只询问一家"):
        step(open_town, "enterprise2", ask_agency, need_id, AGENCY2)
    step(open_town, "enterprise2", take_back_request, need_id)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY2)
    with pytest.raises(NotAvailable, match="没有等待本机构答复"):
        step(open_town, "agency", accept_request, need_id)


# ---------------------------------------------------------------- who may, who sees


@ONE
def test_every_role_is_answered(open_town: Town) -> None:
    may = {"importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2", "enterprise2"}
    for who in open_town.people:
        if who in may or who == "enterprise":
            continue
        with pytest.raises(NotAllowed):
            stated(open_town, who, enterprise_uscc=ENTERPRISE2)
    need_id = stated(open_town)
    for who in open_town.people:
        if who in ("agency", "agency2"):
            continue
        for action, given in ((accept_request, ()), (decline_request, ("理由",))):
            with pytest.raises(NotAllowed):
                step(open_town, who, action, need_id, *given)


@ONE
def test_an_enterprise_states_its_own_needs_only(open_town: Town) -> None:
    with pytest.raises(NotAllowed, match="只能为本企业"):
        stated(open_town, enterprise_uscc="91210231MA0XY0001K")
    open_town.people["lost"] = replace(open_town.people["enterprise"], enterprise_id=None)
    with pytest.raises(NotAllowed, match="没有关联企业"):
        stated(open_town, "lost")
    with pytest.raises(NotAllowed), open_town.session() as current:
        state_need(current, system_actor(), SOFTWARE, WANTED, BY)


@ONE
def test_a_need_is_seen_by_its_enterprise_the_alliance_and_whom_it_asked(open_town: Town) -> None:
    need_id = stated(open_town)

    def seeing() -> set[str]:
        with session(open_town.engine) as current:
            need = current.get_one(Need, need_id)
            return {
                who for who, actor in open_town.people.items() if may_see_need(current, actor, need)
            }

    readers = {
        "importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2", "auditor",
        "administrator", "enterprise2",
    }  # fmt: skip
    assert seeing() == readers
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    assert seeing() == readers | {"agency"}
    for action, given in ((ask_agency, (AGENCY2,)), (withdraw_need, ("理由",))):
        with pytest.raises(NotFound):
            step(open_town, "enterprise", action, need_id, *given)
    with pytest.raises(NotFound):
        step(open_town, "agency2", accept_request, need_id)
    with pytest.raises(NotAllowed):
        step(open_town, "agency", ask_agency, need_id, AGENCY2)


@pytest.mark.parametrize("number", ["", "x", "９", "9" * 12, "77"])
@ONE
def test_a_forged_number_names_nothing(open_town: Town, number: str) -> None:
    with pytest.raises(NotFound):
        card(open_town, "lead", number)


def test_the_list_filters(open_town: Town) -> None:
    first = stated(open_town)
    second = stated(open_town, "lead", enterprise_uscc=ENTERPRISE2, service_code="utility_model",
                    wanted="实用新型", wanted_by=TODAY)  # fmt: skip
    step(open_town, "lead", withdraw_need, second, "重复")

    def listed(who: str, **wanted: Any) -> list[int]:
        with session(open_town.engine) as current:
            page = needs(current, open_town.people[who], NeedFilter(**wanted), PageRequest())
        return [one.id for one in page]

    assert listed("lead") == [second, first]
    assert listed("lead", text="源代码") == listed("lead", service=SOFTWARE) == [first]
    assert listed("lead", state=NeedState.withdrawn) == [second]
    assert listed("enterprise") == listed("agency") == []
    with pytest.raises(NotAllowed):
        listed("finance")


# ---------------------------------------------------------------- what is refused

# fmt: off
NEEDS: tuple[tuple[dict[str, Any], type[Refusal], str], ...] = (
    ({"service_code": "nothing"},               NotFound,      "没有代码为 nothing"),
    ({"service_code": "\x00"},                  NotFound,      "没有代码为"),
    ({"wanted": " "},                           ReasonMissing, "请写明理由"),
    ({"wanted_by": TODAY - timedelta(days=1)},  NotAvailable,  "已经过去"),
    ({"service_code": "hnte_first"},            AlreadyDone,   "已有在办协议"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "kind", "words"), NEEDS)
@ONE
def test_what_is_no_need_is_refused_in_words(
    open_town: Town, changes: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    with pytest.raises(kind, match=words):
        stated(open_town, **changes)


@ONE
def test_who_has_left_or_never_joined_states_none(open_town: Town) -> None:
    for uscc in ("91210231MA0XY9999B", "\x00"):
        with pytest.raises(NotFound, match="会员企业名录中没有"):
            stated(open_town, "lead", enterprise_uscc=uscc)
    open_town.change(
        Enterprise, Enterprise.id == open_town.enterprise2_id, left_on=date(2026, 11, 1)
    )
    with pytest.raises(NotAvailable, match="2026-11-01 已退会"):
        stated(open_town)


def test_one_need_per_service_also_at_the_same_moment(open_town: Town) -> None:
    came_to = at_once(*[lambda: stated(open_town)] * 3)
    assert sorted(type(one).__name__ for one in came_to) == ["AlreadyDone", "AlreadyDone", "int"]


@ONE
def test_only_an_admitted_agency_in_scope_is_asked(open_town: Town) -> None:
    need_id = stated(open_town, service_code="utility_model")
    for uscc, kind, words in (
        ("91210231MA0XY9999B", NotFound, "没有信用代码为"),
        ("\x00", NotFound, "没有信用代码为"),
        (AGENCY, NotAvailable, "不在“大连示例甲机构有限公司”的服务范围内"),
    ):
        with pytest.raises(kind, match=words):
            step(open_town, "enterprise2", ask_agency, need_id, uscc)
    assert card(open_town, "enterprise2", need_id).suggestions == ()
    software = stated(open_town)
    open_town.change(Agency, Agency.uscc == AGENCY, suspended_from=date(2026, 11, 1))
    with pytest.raises(NotAvailable, match="起暂停"):
        step(open_town, "enterprise2", ask_agency, software, AGENCY)
    assert [one.candidate.key for one in card(open_town, "lead", software).suggestions] == [AGENCY2]


@ONE
def test_an_agency_suspended_meanwhile_cannot_accept(open_town: Town) -> None:
    need_id = stated(open_town)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    open_town.change(Agency, Agency.uscc == AGENCY, suspended_from=date(2026, 11, 1))
    with pytest.raises(NotAvailable):
        step(open_town, "agency", accept_request, need_id)


@ONE
def test_a_pair_made_meanwhile_is_told(open_town: Town) -> None:
    need_id = stated(open_town)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    number = drafted(open_town)
    with pytest.raises(AlreadyDone, match=number):
        step(open_town, "agency", accept_request, need_id)


def test_a_double_click_accepts_once_and_a_stale_page_is_told(open_town: Town) -> None:
    need_id = stated(open_town)
    old = version(open_town, need_id)
    step(open_town, "enterprise2", ask_agency, need_id, AGENCY)
    with pytest.raises(SeenIsStale, match="有变化"):
        act(open_town, "enterprise2", withdraw_need, need_id, "理由", old)
    seen = version(open_town, need_id)
    came_to = at_once(*[lambda: act(open_town, "agency", accept_request, need_id, seen)] * 2)
    assert sorted(type(one).__name__ for one in came_to) == ["SeenIsStale", "str"]
    assert is_sound(open_town)
