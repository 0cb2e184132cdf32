"""对接需求: the list, a need's card with its suggestions, asking, answering; and what a party is not
shown."""

from __future__ import annotations

from datetime import timedelta

from models.actions.needs import ask_agency, state_need
from models.clock import today
from models.database import session
from models.queries.needs import NeedCard, need_card
from models.rules.pairing import NeedState
from tests.desk import Desk, all_text, title
from tests.pacts import SOFTWARE, act
from tests.pages.test_members import names

AGENCY = "91210231MA0XY0002H"


def stated(desk: Desk, *, asked: bool = False) -> int:
    """A need of the first enterprise, perhaps with the first agency asked."""
    world = desk.zone.world
    by = today() + timedelta(days=60)
    need_id = int(act(world, "enterprise", state_need, SOFTWARE, "**一项** $软著$", by))
    if asked:
        act(world, "enterprise", ask_agency, need_id, AGENCY, 1)
    return need_id


def card(desk: Desk, need_id: int) -> NeedCard:
    """The need as the alliance sees it now."""
    with session(desk.zone.world.engine) as current:
        return need_card(current, desk.zone.world.people["lead"], str(need_id), today())


def test_the_list_shows_each_its_own(desk: Desk) -> None:
    empty = desk.open("/needs", "enterprise")
    assert "没有符合条件的需求" in all_text(empty)
    assert empty.button(key="state_need").label == "提出需求"
    need_id = stated(desk)
    assert names(desk.open("/needs", "enterprise")) == [f"N-{need_id}"]
    assert names(desk.open("/needs", "auditor")) == [f"N-{need_id}"]
    agency = desk.open("/needs", "agency")
    assert not agency.dataframe
    assert "state_need" not in {button.key for button in agency.button}
    assert names(desk.open("/needs", "lead", state="open", q="软著")) == [f"N-{need_id}"]
    assert not desk.open("/needs", "lead", state="paired").dataframe


def test_the_enterprise_asks_one_of_those_suggested(desk: Desk) -> None:
    need_id = stated(desk)
    page = desk.open("/needs", "enterprise", need=str(need_id))
    assert title(page) == f"N\\-{need_id}"
    said = all_text(page)
    for words in (
        "建议机构 1",
        "大连示例甲机构有限公司",
        "本服务尚无办结记录",
        "尚无考评等级",
        "\\*\\*一项\\*\\*",
    ):
        assert words in said, words
    page.button(key=f"ask_{AGENCY}").click().run()
    assert card(desk, need_id).is_asked
    assert "正在等“大连示例甲机构有限公司”答复" in all_text(page)
    page.button(key="take_back").click().run()
    assert not card(desk, need_id).is_asked


def test_the_agency_declines_with_a_reason(desk: Desk) -> None:
    need_id = stated(desk, asked=True)
    page = desk.open("/needs", "agency", need=str(need_id))
    assert "建议机构" not in all_text(page)
    page.button(key="decline_need").click().run()
    assert "请写明理由" in page.error[0].value
    (reason,) = page.text_input
    reason.set_value("人手不足")
    page.button(key="decline_need").click().run()
    assert card(desk, need_id).requests[0].reason == "人手不足"
    assert "已谢绝过本需求" in all_text(desk.open("/needs", "enterprise", need=str(need_id)))


def test_the_agency_accepts_and_the_need_is_paired(desk: Desk) -> None:
    need_id = stated(desk, asked=True)
    desk.open("/needs", "agency", need=str(need_id)).button(key="accept_need").click().run()
    done = card(desk, need_id)
    assert done.row.state is NeedState.paired
    assert done.row.agreement in all_text(
        desk.open("/agreements", "enterprise", agreement=done.row.agreement)
    ).replace("\\", "")


def test_a_need_is_withdrawn_with_a_reason(desk: Desk) -> None:
    need_id = stated(desk)
    page = desk.open("/needs", "enterprise", need=str(need_id))
    (reason,) = page.text_input
    reason.set_value("不再需要")
    page.button(key="withdraw_need").click().run()
    assert card(desk, need_id).row.state is NeedState.withdrawn


def test_who_reads_is_offered_nothing(desk: Desk) -> None:
    need_id = stated(desk, asked=True)
    page = desk.open("/needs", "auditor", need=str(need_id))
    keys = {str(button.key) for button in page.button}
    assert not keys & {"accept_need", "decline_need", "withdraw_need", "take_back", f"ask_{AGENCY}"}
    other = desk.open("/needs", "agency2", need=str(need_id))
    assert "没有这个编号的需求" in all_text(other)
