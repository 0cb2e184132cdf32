"""消息: my turn with counts that are links, messages with read and unread, the bell in every title row,
and which mails one wants."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from components.formats import plain
from components.inbox import tell_news
from models.actions.mails import set_email
from models.database import session
from models.queries.messages import ROWS_A_PAGE
from models.rules.claim_workflow import Action
from models.rules.mails import MailChoice
from models.tables.messages import Message
from models.tables.people import Account
from tests.desk import Desk, all_text, title

BACK: dict[str, Any] = {"reasons": ("R01",), "note": "见说明"}


def lines(page: Any) -> list[str]:
    """The messages on screen."""
    return [b.label for b in page.button if (b.key or "").startswith("open_message")]


def keys(page: Any) -> set[str]:
    """The keys of its buttons."""
    return {button.key for button in page.button}


def passed(desk: Desk, times: int = 1) -> list[str]:
    """Claims that passed the pre-review."""
    numbers = [desk.zone.file() for _ in range(times)]
    for number in numbers:
        desk.zone.world.step("reviewer", number, Action.pass_pre_review)
    return numbers


def test_an_agency_reads_what_became_of_its_claim(desk: Desk) -> None:
    number = desk.zone.file()
    desk.zone.world.step("reviewer", number, Action.return_pre_review, **BACK)
    page = desk.open("/inbox", "agency", show="unread")
    assert title(page) == "消息"
    assert lines(page)[0].startswith(f"**{plain(number)} 被退回补正：材料不齐")
    assert "等我补正或提交的申请" in [metric.label for metric in page.metric]
    page.button(key="read_all").click().run()
    assert "已标为已读" in all_text(page)
    assert lines(page) == []
    everything = desk.open("/inbox", "agency")
    assert not lines(everything)[0].startswith("**")


@pytest.mark.parametrize(
    ("who", "piles"),
    [
        ("reviewer", ("轮到我办理的申请", "逾期的任务")),
        ("lead", ("逾期的任务",)),
        ("bureau", ("轮到我办理的申请",)),
        ("enterprise", ()),
        ("leader", ("逾期的任务",)),
        ("auditor", ()),
    ],
)
def test_my_turn_is_told_first(desk: Desk, who: str, piles: tuple[str, ...]) -> None:
    page = desk.open("/inbox", who)
    assert {metric.label for metric in page.metric} == set(piles)
    assert ("现在没有等您办理的事项" in all_text(page)) is not bool(piles)


def test_the_address_filters_and_turns(desk: Desk) -> None:
    passed(desk, ROWS_A_PAGE + 1)
    first = desk.open("/inbox", "agency")
    assert len(lines(first)) == ROWS_A_PAGE
    first.button(key="older").click().run()
    assert first.query_params["before"]
    assert not set(lines(first)) & set(lines(desk.open("/inbox", "agency")))
    assert lines(desk.open("/inbox", "agency", about="claim"))
    for query in ({"about": "nonsense"}, {"before": "x"}, {"show": "%"}, {"before": "0"}):
        assert lines(desk.open("/inbox", "agency", **query)) == lines(desk.open("/inbox", "agency"))
    assert lines(desk.open("/inbox", "agency", before="1")) == []


def test_nobody_reads_another_ones_messages(desk: Desk) -> None:
    passed(desk)
    desk.open("/inbox", "agency")
    with session(desk.zone.world.engine) as current:
        told = set(current.exec(select(Message.account_id)))
    assert desk.zone.world.people["agency"].account_id in told
    assert not any("初审通过" in line for line in lines(desk.open("/inbox", "agency2")))
    assert lines(desk.open("/inbox", "leader")) == []


def test_the_bell_counts_on_every_page_and_asks_once_in_a_while(desk: Desk) -> None:
    passed(desk)
    page = desk.open("/", "agency")
    assert next(link.label for link in page.get("page_link")).startswith("未读 ")
    queue = desk.open("/claims", "agency")
    asked: list[str] = []

    def note(*given: Any) -> None:
        if "message" in given[2] and "count" in given[2]:
            asked.append(given[2])

    from models.database import default_engine

    event.listen(default_engine(), "before_cursor_execute", note)
    for _ in range(3):
        queue.run()
    event.remove(default_engine(), "before_cursor_execute", note)
    assert asked == []


def test_where_nothing_is_new_telling_writes_nothing(desk: Desk) -> None:
    tell_news()
    with session(desk.zone.world.engine) as current:
        before = len(current.exec(select(Message.id)).all())
    tell_news()
    with session(desk.zone.world.engine) as current:
        assert len(current.exec(select(Message.id)).all()) == before


def test_mails_are_chosen_once_there_is_an_address(desk: Desk) -> None:
    page = desk.open("/inbox", "agency")
    assert page.radio(key="mail_choice").disabled
    people = desk.zone.world.people
    with desk.zone.writing() as current:
        set_email(current, people["administrator"], people["agency"].account_id, "a@example.cn")
    page = desk.open("/inbox", "agency")
    assert "邮箱 a@example" in all_text(page)
    assert "没有配置邮件服务器" in all_text(page)
    page.radio(key="mail_choice").set_value(MailChoice.digest).run()
    assert "邮件提醒已更改" in all_text(page)
    with session(desk.zone.world.engine) as current:
        account = current.exec(select(Account).where(Account.username == "agency")).one()
    assert account.mails is MailChoice.digest


def test_an_empty_inbox_says_what_would_fill_it(desk: Desk) -> None:
    page = desk.open("/inbox", "leader")
    assert "没有消息" in all_text(page)
    assert "read_all" in keys(page)
