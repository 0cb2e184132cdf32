"""Filters and lists: what the address holds, what a page shows, what the workbook holds of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from components import tables
from components.downloads import when_asked_for
from components.language import CHINESE
from components.this_run import in_one_run, this_run
from models.actions.sign_in import leave
from models.database import session
from models.rules.errors import NotAllowed
from models.rules.roles import Role
from models.tables.organisations import GrowthStage
from tests.components.conftest import Browser

SCRIPT = """
import streamlit as st
from dataclasses import dataclass
from components import filters, tables
from models.queries.paging import Count, Page
from models.tables.organisations import GrowthStage

@dataclass
class Row:
    id: int
    name: str

PILES = {"mine": "我", "turn": "轮到我"}

with filters.toolbar():
    st.session_state.read = {
        "q": filters.search_box("搜索"),
        "stage": filters.choice("stage", GrowthStage, "全部"),
        "pile": filters.segments("pile", tuple(PILES), "范围", called=PILES, default="turn"),
        "on": filters.period("on", "日期"),
        "number": filters.asked_number("number"),
    }
    filters.clear_button()
request = tables.page_asked("name")
rows = tuple(Row(n, f"第 {n} 行") for n in range(3))
page = Page(rows, request.number, 4, Count(11), request.order)
columns = [tables.text("name", "名称", 200, sorts=True), tables.number("id", "编号")]
st.session_state.ticked = tables.draw_list(
    "rows", columns, page, title="行", empty="没有", footer="按名称", is_selectable=True,
    opens=(None, "row"),
)
tables.draw_list("none", columns, Page((), 1, 1, Count(0)), title="行", empty="没有行，新增后出现")
"""


def run(**query: str) -> AppTest:
    """The script at an address."""
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, str]:
    """What the address holds."""
    held = dict(app.query_params)
    return {name: value if isinstance(value, str) else value[0] for name, value in held.items()}


def test_the_address_is_read() -> None:
    app = run(q="软件", stage="listed", pile="mine", on="2026-11-01..2026-11-30", number="7")
    read = app.session_state.read
    assert (read["q"], read["stage"], read["pile"]) == ("软件", GrowthStage.listed, "mine")
    assert (read["on"].from_on, read["on"].to_on) == (date(2026, 11, 1), date(2026, 11, 30))
    assert read["number"] == 7


# fmt: off
UNKNOWN = (
    {"stage": "nobility"}, {"pile": "x"}, {"on": "2026-11-31..2026-12-01"}, {"on": "2026-11-30..2026-11-01"},
    {"on": "2026-11-01"}, {"on": "0001-01-01..9999-12-31"}, {"number": "-1"}, {"number": "１"}, {"number": "9" * 30},
    {"page": "x"}, {"q": "\0"},
)
# fmt: on


@pytest.mark.parametrize("query", UNKNOWN, ids=str)
def test_unknown_values_are_ignored(query: dict[str, str]) -> None:
    read = run(**query).session_state.read
    assert (read["q"], read["stage"], read["pile"], read["number"]) == ("", None, "turn", 1)
    assert read["on"].from_on is read["on"].to_on is None


def test_a_long_value_is_cut() -> None:
    assert len(run(q="长" * 5000).session_state.read["q"]) == 60


def test_a_choice_is_written_and_the_list_turns_to_its_first_page() -> None:
    app = run(page="3", order="-name")
    app.selectbox(key="filter_stage").set_value("growing").run()
    assert address(app) == {"order": "-name", "stage": "growing"}
    app.selectbox(key="filter_stage").set_value("").run()
    assert address(app) == {"order": "-name"}


def test_a_range_is_written_once_it_is_whole() -> None:
    app = run()
    app.date_input(key="filter_on").set_value((date(2026, 11, 1), date(2026, 11, 2))).run()
    assert address(app)["on"] == "2026-11-01..2026-11-02"
    app.date_input(key="filter_on").set_value((date(2026, 11, 5),)).run()
    assert address(app)["on"] == "2026-11-01..2026-11-02"


def test_filters_are_left_all_at_once() -> None:
    app = run(q="a", stage="listed", page="2")
    app.button(key="clear_filters").click().run()
    assert address(app) == {}
    assert "clear_filters" not in {button.key for button in run(page="2", order="name").button}


def test_a_list_shows_its_order_and_an_empty_one_what_would_fill_it() -> None:
    app = run(order="-name")
    assert list(app.dataframe[0].value.columns) == ["名称 ↓", "编号"]
    assert list(run().dataframe[0].value.columns) == ["名称 ↑", "编号"]
    assert len(app.dataframe) == 1
    assert "没有行，新增后出现" in " ".join(element.value for element in app.markdown)
    assert app.session_state.ticked == ()


def test_a_page_is_turned_in_the_address() -> None:
    app = run()
    pager = next(iter(app.get("pagination")), None)
    assert pager is not None


# ---------------------------------------------------------------- columns


@dataclass(frozen=True)
class Line:
    """A row with one value of every kind."""

    id: int = 1
    name: str = "=1+1"
    stage: GrowthStage | None = GrowthStage.listed
    on: date | None = date(2026, 11, 20)
    at_utc: datetime = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
    fen: int | None = 5_000_050
    words: tuple[str, ...] = ("不符合 1", "符合 12")
    waited: int = 12
    code: str = "x"


NIGHT = datetime(2026, 11, 20)  # noqa: DTZ001 - a spreadsheet's day
COLUMNS = [
    tables.text("name", "名称", 100),
    tables.label("stage", "阶段", 100),
    tables.day("on", "日期"),
    tables.instant("at_utc", "时间"),
    tables.money("fen", "金额（元）"),
    tables.number("id", "编号"),
    tables.chips("words", "条件", 200, {"不符合 1": "red", "符合 12": "green"}),
    tables.meter("waited", "已等", 100, 15),
    tables.chosen("code", "服务", 100, {"x": "高企认定"}),
]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The tests speak Chinese."""
    with in_one_run():
        this_run.language = CHINESE
        yield


def test_what_the_screen_shows() -> None:
    assert [column.cell(Line()) for column in COLUMNS] == [
        "=1+1", "上市", "2026-11-20", "2026-11-20 09:12", 50_000.5, 1, ["不符合 1", "符合 12"], 12, "高企认定",
    ]  # fmt: skip
    nothing = Line(name="", stage=None, on=None, fen=None, words=())
    assert [column.cell(nothing) for column in COLUMNS][:7] == [
        "—", "—", "—", "2026-11-20 09:12", None, 1, None,
    ]  # fmt: skip


def test_what_the_workbook_holds(browser: Browser) -> None:
    """Dates and money are dates and numbers, a formula is only text."""
    browser.sign_in(browser.add("lead", Role.alliance_lead))
    made: Any = when_asked_for(
        lambda current, actor: tables._workbook(
            "清单",
            COLUMNS,
            lambda _current, _actor: [Line(), Line(fen=None, on=None)],
            current,
            actor,
        )
    )
    sheet = load_workbook(BytesIO(made())).active
    assert [cell.value for cell in sheet[2]] == [column.title for column in COLUMNS]
    assert [cell.value for cell in sheet[3]] == [
        "'=1+1", "上市", NIGHT, "2026-11-20 09:12", 50_000.5, 1, "不符合 1、符合 12", 12, "高企认定",
    ]  # fmt: skip
    assert sheet["A1"].value.startswith("清单")


def test_a_file_is_refused_to_who_signed_out_meanwhile(browser: Browser) -> None:
    browser.sign_in(browser.add("lead", Role.alliance_lead))
    made = when_asked_for(lambda current, actor: actor.name.encode())
    assert made() == b"lead 1"
    with session(browser.engine, write=True) as current:
        leave(current, browser.cookies["zero_fee_session"])
    with pytest.raises(NotAllowed):
        made()


# ---------------------------------------------------------------- a phone


CARDS = SCRIPT.replace("@dataclass", "from datetime import date\n\n@dataclass", 1).replace(
    "    name: str", "    name: str\n    fen: int = 123_456\n    due_on: date | None = None\n    left: str = ''"
).replace(
    'tables.number("id", "编号")]',
    'tables.number("id", "编号"), tables.money("fen", "金额（元）"), tables.day("due_on", "到期"),'
    ' tables.chips("name", "提醒", 90, {"第 0 行": "red"}, shown=lambda name: [name]),'
    ' tables.text("left", "备注", 90, on_phone=False)]',
)  # fmt: skip


def cards(monkeypatch: pytest.MonkeyPatch, **query: str) -> tuple[AppTest, str]:
    """The list as a phone is given it, and its HTML."""
    monkeypatch.setattr(tables, "has_narrow_window", lambda: True)
    app = AppTest.from_string(CARDS, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app, "".join(str(html.value) for html in app.get("html"))


def test_a_phone_is_given_cards_that_say_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app, html = cards(monkeypatch)
    assert not app.dataframe
    assert html.count("<li>") == 3
    assert "<small>金额（元）</small> 1,234.56" in html
    assert "<small>编号</small> 2" in html
    assert "#A5340B" in html, "a chip keeps its colour"
    assert "到期" not in html, "what is empty is left out"
    assert "备注" not in html
    assert app.session_state.ticked == ()


def test_a_card_opens_its_row_and_keeps_the_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    html = cards(monkeypatch, q="软件&<b>")[1]
    assert 'href="?q=%E8%BD%AF%E4%BB%B6%26%3Cb%3E&amp;row=1"' in html
