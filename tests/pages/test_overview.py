"""总览 and 月度统一申请: what each role finds, and that figures say what they count."""

import pytest

from models.rules.claim_workflow import Action
from tests.desk import Desk, all_text


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("enterprise", ("请您确认", "合作对子", "补贴申请", "无须事先支付任何费用")),
        ("agency", ("缺什么", "的资金", "全部在办")),
        (
            "administrator",
            ("登录限制", "即将到期的授予", "尚无账号的机构", "无可办理人", "代理授予", "的资金"),
        ),
        ("leader", ("的资金", "零费程度", "办理时长", "全部在办")),
        ("auditor", ("的资金", "零费程度", "代理授予", "全部在办")),
        ("bureau", ("等我办理", "代理授予", "的资金")),
        ("lead", ("等我办理", "无可办理人")),
    ],
)
def test_everybody_finds_something_of_theirs(desk: Desk, who: str, said: tuple[str, ...]) -> None:
    page = desk.open("/", who)
    assert not page.exception
    text = all_text(page)
    for words in said:
        assert words in text, words


def test_a_figure_without_a_list_of_its_own_is_no_link(desk: Desk) -> None:
    page = desk.open("/", "reviewer")
    text = all_text(page)
    assert "可批量通过" not in text
    assert "其中第 2 轮及以后" in text


def test_the_lead_is_told_what_she_sends_and_that_the_month_is_not_over(desk: Desk) -> None:
    world = desk.zone.world
    numbers = [desk.zone.file() for _ in range(2)]
    for number in numbers:
        world.step("reviewer", number, Action.pass_pre_review)
    page = desk.open("/month", "lead")
    text = all_text(page)
    assert "合计 2 件，100,000.00 元" in text
    assert "本月还没有结束" in text
    assert "K01 余额" in text
    assert list(page.dataframe[0].value.iloc[:, 0]) == numbers
    assert "全部符合" in str(page.dataframe[0].value["初审条件"].iloc[0])
