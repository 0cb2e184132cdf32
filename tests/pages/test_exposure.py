"""垫资敞口 and 办理时限 on the screens: in short on the start page, whole on `/agencies` and `/month`."""

from __future__ import annotations

import pytest

from components.cache import clocks_of_all
from models.clock import today
from models.database import session
from models.queries.exposure import exposure_report
from models.rules.months import YearMonth
from tests.desk import Desk, all_text, title


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test sees what another one's database said."""
    clocks_of_all.clear()


def names(page: object) -> list[str]:
    """The first column of the page's list."""
    return list(page.dataframe[0].value.iloc[:, 0])  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["lead", "leader", "agency", "bureau", "auditor"])
def test_the_start_page_tells_it_in_short(desk: Desk, who: str) -> None:
    text = all_text(desk.open("/", who))
    assert "垫资敞口（万元·天，按环节）" in text
    assert "30 天内若无进展，将达" in text


@pytest.mark.parametrize(
    ("who", "agencies"),
    [
        ("lead", ["大连示例甲机构有限公司", "大连示例乙机构有限公司"]),
        ("finance", ["大连示例甲机构有限公司", "大连示例乙机构有限公司"]),
        ("agency", ["大连示例甲机构有限公司"]),
        ("agency2", ["大连示例乙机构有限公司"]),
    ],
)
def test_an_agency_sees_its_own_and_the_offices_all(
    desk: Desk, who: str, agencies: list[str]
) -> None:
    page = desk.open("/agencies", who, view="exposure")
    assert title(page) == "服务机构"
    assert names(page) == agencies
    with session(desk.zone.world.engine) as current:
        report = exposure_report(current, desk.zone.world.people[who], today())
    assert f"{report.total.now.claims} 件" in all_text(page)
    for heading in ("账龄（取得成果以来）", "在谁手里（万元·天）"):
        assert heading in all_text(page)


@pytest.mark.parametrize("view", ["register", "nonsense", "\x00"])
def test_any_other_view_is_the_register(desk: Desk, view: str) -> None:
    page = desk.open("/agencies", "lead", view=view)
    assert "共 2 家。点表头换排序" in all_text(page)


def test_the_month_tells_its_days_and_the_clocks_of_the_bodies(desk: Desk) -> None:
    month = str(YearMonth.containing(today()).previous())
    text = all_text(desk.open("/month", "committee", month=month, view="clocks"))
    for words in ("本月安排", "截止（此后提交的计入下月）", "联盟统一申请", "已发送", "P90", "联盟初审",
                  "科技创新局复核", "财政局发放奖励", "逾期（件）"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(("who", "is_told"), [("lead", True), ("leader", True), ("bureau", False)])
def test_the_lead_and_the_leader_find_the_clocks_on_the_start_page(
    desk: Desk, who: str, is_told: bool
) -> None:
    text = all_text(desk.open("/", who))
    assert ("各环节办理时限（近三个月，工作日）" in text) is is_told


@pytest.mark.parametrize(
    ("who", "label"), [("bureau", "整批复核通过 4 件"), ("committee", ""), ("lead", "")]
)
def test_an_office_is_offered_the_month_as_a_whole(desk: Desk, who: str, label: str) -> None:
    month = str(YearMonth.containing(today()).previous())
    page = desk.open("/month", who, month=month)
    offered = [button.label for button in page.button if button.key == "whole_month"]
    assert offered == ([label] if label else [])
