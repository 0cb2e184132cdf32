"""补贴申请 and 申请办理: what each office reads above the list, what a list marks, what the form offers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from components import claim_panel, decision_form
from components.claims_queue import QueueLine
from components.kept_list import KeptList
from models.actions.evidence import add_evidence
from models.actions.leases import take_claim
from models.clock import standing_at
from models.database import session
from models.queries.claims import Hindrance, Pile, QueueQuestion, queue_page
from models.queries.paging import PageRequest
from models.rules.claim_workflow import Action
from models.rules.months import YearMonth
from models.tables.claims import Claim, SampledClaim, SamplingDraw
from models.tables.people import Tie
from tests.desk import Desk, all_text, title
from tests.world import PAPERS, PDF

MONTH = str(YearMonth.containing(datetime.now(UTC).date()))


def buttons(page: AppTest) -> dict[str, str]:
    """The buttons drawn, by key and label."""
    assert not page.exception, page.exception[0].message
    return {button.key or "": button.label for button in page.button}


@pytest.mark.parametrize(
    ("who", "called", "has_next"),
    [
        ("reviewer", "待初审申请", True),
        ("lead", "待统一申请", True),
        ("bureau", "待复核申请", True),
        ("committee", "待审批申请", True),
        ("finance", "待支付申请", True),
        ("agency", "我的申请", True),
        ("auditor", "补贴申请", False),
        ("leader", "补贴申请", False),
    ],
)
def test_each_reads_what_the_list_is_to_them(
    desk: Desk, who: str, called: str, has_next: bool
) -> None:
    page = desk.open("/claims", who)
    assert title(page) == called
    assert ("open_next" in buttons(page)) is has_next
    assert ("轮到我" in all_text(page)) is has_next
    if not has_next:
        assert "本月全部 9 件" in all_text(page)
        assert "全部 13 件" in all_text(desk.open("/claims", pile="all"))


def test_another_month_and_its_claims(desk: Desk) -> None:
    before = str(YearMonth.parse(MONTH).previous())
    page = desk.open("/claims", "auditor", pile="month", month=before)
    assert f"{before[:4]} 年 {int(before[5:])} 月 全部 4 件" in all_text(page)
    (month,) = [box for box in page.selectbox if box.key == "filter_month"]
    assert month.value == before


def test_next_and_previous_walk_along_the_list_that_was_open(desk: Desk) -> None:
    numbers = [desk.zone.file(asked_fen=fen) for fen in (4_000_000, 3_000_000, 2_000_000)]
    actor = desk.zone.world.people["reviewer"]
    asked = QueueQuestion(Pile.month, MONTH, text=numbers[0][:8])
    kept = KeptList(asked, "asked_fen", 1, {"pile": "month"})
    with (
        patch.object(claim_panel, "kept_list", return_value=kept),
        session(desk.zone.world.engine) as current,
    ):
        way = claim_panel.way_of(current, actor, numbers[1])
    assert (way.position, way.previous, way.next) == (2, numbers[2], numbers[0])
    falling = replace(kept, order="-asked_fen", page=12)
    with (
        patch.object(claim_panel, "kept_list", return_value=falling),
        session(desk.zone.world.engine) as current,
    ):
        assert claim_panel.way_of(current, actor, "none").position == 0
    straight = KeptList(QueueQuestion(Pile.turn, MONTH), "", 1, {})
    with desk.zone.writing() as current:
        take_claim(current, desk.zone.world.people["reviewer2"], numbers[1])
    with (
        patch.object(claim_panel, "kept_list", return_value=straight),
        session(desk.zone.world.engine) as current,
    ):
        assert claim_panel.way_of(current, actor, numbers[0]).next == numbers[2]
        assert claim_panel.way_of(current, actor, numbers[1]).next == numbers[2]


def test_a_row_says_that_it_is_drawn_and_that_it_is_not_mine(desk: Desk) -> None:
    number = desk.zone.file()
    actor = desk.zone.world.people["reviewer"]
    with desk.zone.writing() as current:
        draw = SamplingDraw(
            month=MONTH, seed="s", drawn_at_utc=datetime.now(UTC), drawn_by_id=1, size=1
        )
        current.add(draw)
        current.flush()
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        current.add(SampledClaim(claim_id=claim.id, draw_id=draw.id, is_drawn=True))
        current.add(
            Tie(
                account_id=actor.account_id, agency_id=claim.agency_id, kind="亲属",
                from_on=date(2026, 1, 1), reported_by_id=1, reported_at_utc=datetime.now(UTC),
            )
        )  # fmt: skip
    with session(desk.zone.world.engine) as current:
        question = QueueQuestion(Pile.turn, text=number)
        (row,) = queue_page(current, actor, question, PageRequest()).rows
    line = QueueLine(row)
    assert line.findings == ("抽查", "全部符合")
    assert (row.hindrance, line.holder) == (Hindrance.tied, "须他人办理（回避）")
    page = desk.open("/claim", "reviewer2", no=number)
    assert "抽查：须逐件核对" in all_text(page)
    page = desk.open("/claim", "reviewer", no=number)
    assert "回避关系" in all_text(page)
    assert not [key for key in buttons(page) if key.startswith("decide_")]


def test_what_a_colleague_has_taken_shows_who_and_no_decision(desk: Desk) -> None:
    number = desk.zone.file()
    with desk.zone.writing() as current:
        take_claim(current, desk.zone.world.people["reviewer2"], number)
    page = desk.open("/claim", "reviewer", no=number)
    assert "联盟初审员 3已接手本件" in all_text(page)
    assert not [key for key in buttons(page) if key.startswith("decide_")]
    mine = desk.open("/claim", "reviewer2", no=number)
    assert [key for key in buttons(mine) if key.startswith("decide_")]


def test_the_lead_reads_why_it_came_back_and_with_which_month_it_goes(desk: Desk) -> None:
    number = desk.zone.applied()
    desk.zone.world.step(
        "bureau", number, Action.return_office, reasons=("R04",), note="证书编号请再核对"
    )
    page = desk.open("/claim", "lead", no=number)
    said = all_text(page)
    assert "科技创新局复核" in said
    assert "R04 成果编号有误" in said
    assert "证书编号请再核对" in said
    assert f"并入 {MONTH[:4]} 年 {int(MONTH[5:])} 月 统一申请" in said
    (decide,) = [button for button in page.button if (button.key or "").startswith("decide_")]
    assert decide.proto.type == "secondary"
    assert not decide.proto.shortcut
    (note,) = [area for area in page.text_area if (area.key or "").startswith("note_")]
    assert note.placeholder == "写明暂缓的原因，何时或何事之后再办"


def test_a_swapped_paper_is_marked_for_the_office_that_decides(desk: Desk) -> None:
    number = desk.zone.file(papers=PAPERS[:3])
    step = desk.zone.world.step
    step("reviewer", number, Action.return_pre_review, reasons=("R01",), note="缺发票")
    agency = desk.zone.world.people["agency"]
    with desk.zone.writing() as current:
        for code in ("M02", "M04"):
            add_evidence(current, agency, number, code, f"{code}.pdf", PDF + b"new")
    step("agency", number, Action.submit)
    said = all_text(desk.open("/claim", "reviewer", no=number))
    assert "材料有变" in said
    assert "（更换，" in said
    assert "（新交，" in said
    assert "缺发票" in said


def test_undo_on_the_claim_s_screen_says_until_when_and_ends(desk: Desk) -> None:
    number = desk.zone.file()
    desk.zone.world.step("reviewer", number, Action.pass_pre_review)
    page = desk.open("/claim", "reviewer", no=number)
    assert buttons(page)["undo_here"].startswith(f"撤销 {number} 的通过（")
    assert "undo_here" not in buttons(desk.open("/claim", "reviewer2", no=number))
    late = desk.zone.file()
    with standing_at(datetime.now(UTC) - timedelta(minutes=11)):
        desk.zone.world.step("reviewer", late, Action.pass_pre_review)
    assert "undo_here" not in buttons(desk.open("/claim", "reviewer", no=late))


@pytest.mark.parametrize(
    ("is_blocking", "label"), [(True, "说明（有待查证，必填）"), (False, "说明（可不填）")]
)
def test_a_note_is_asked_for_where_the_rule_asks_for_one(
    desk: Desk, is_blocking: bool, label: str
) -> None:
    number = desk.zone.file()
    with patch.object(decision_form, "blocking_unknown", return_value=("F13",) * is_blocking):
        page = desk.open("/claim", "reviewer", no=number)
    assert label in [field.label for field in page.text_input]
