"""新建申请 and 代机构录入: the form on 补贴申请, what stands beside it, and where it leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models.clock import office_day
from models.database import session
from models.rules.claim_workflow import State
from models.tables.claims import Claim
from tests.desk import Desk, all_text, title

NUMBER = "GR202621000990"


def field(page: Any, kind: str, beginning: str) -> Any:
    """The one field whose key begins like this."""
    (found,) = [one for one in page.get(kind) if (one.key or "").startswith(beginning)]
    return found


def fill(page: Any, number: str = NUMBER) -> Any:
    """Choose the agreement, then say which result."""
    if len(page.selectbox) == 1:
        page.selectbox(key="new_agreement").set_value("XY-2026-001").run()
    field(page, "text_input", "new_printed").set_value(number).run()
    day = office_day(datetime.now(UTC)) - timedelta(days=30)
    return field(page, "date_input", "new_obtained").set_value(day).run()


def newest(desk: Desk) -> Claim:
    """The claim filed last."""
    with session(desk.zone.world.engine) as current:
        found = current.exec(select(Claim).order_by(Claim.id.desc())).first()  # type: ignore[union-attr]
    assert found is not None
    return found


def test_the_agency_sees_what_will_be_found_and_saves_a_draft(desk: Desk) -> None:
    page = desk.open("/claims", "agency")
    page.button(key="new_claim").click().run()
    assert title(page) == "新建申请"
    assert not page.table
    fill(page)
    text = all_text(page)
    assert "定额 50,000 元（S" in text
    assert "F05" in text
    assert "保存后上传" in text
    assert field(page, "text_input", "new_account").value == "6222020200001111"
    field(page, "text_input", "new_asked").set_value("六万").run()
    assert "写法有误" in all_text(page)
    field(page, "text_input", "new_asked").set_value("60,000").run()
    assert "60,000" in all_text(page)
    field(page, "text_input", "new_asked").set_value("").run()
    page.button(key="save_new_claim").click().run()
    claim = newest(desk)
    assert (claim.state, claim.asked_fen) == (State.draft, 5_000_000)


def test_a_faulty_number_is_told_while_it_is_typed(desk: Desk) -> None:
    page = fill(desk.open("/claims", "agency", new="XY-2026-001"), "GR2026")
    assert page.selectbox(key="new_agreement").value == "XY-2026-001"
    assert ":material/warning:" in all_text(page)


def test_an_address_may_bring_a_result_that_is_known(desk: Desk) -> None:
    day = office_day(datetime.now(UTC)) - timedelta(days=20)
    known = {"kind": "hnte_first_cert", "result": NUMBER, "obtained": day.isoformat()}
    page = desk.open("/claims", "agency", new="XY-2026-001", **known)
    assert field(page, "text_input", "new_printed").value == NUMBER
    assert field(page, "date_input", "new_obtained").value == day
    assert "保存后上传" in all_text(page)
    odd = {"kind": "nothing", "result": "x" * 500, "obtained": "2999-01-01"}
    page = desk.open("/claims", "agency", new="XY-2026-001", **odd)
    assert field(page, "date_input", "new_obtained").value is None


def test_the_counter_files_for_an_agency_without_seeing_its_account(desk: Desk) -> None:
    page = desk.open("/claims", "reviewer")
    page.button(key="new_claim").click().run()
    assert title(page) == "代机构录入"
    fill(page)
    account = field(page, "text_input", "new_account")
    assert account.value == ""
    assert "6222020200001111" not in all_text(page)
    assert len(page.get("file_uploader")) == 4
    page.button(key="save_new_claim").click().run()
    claim = newest(desk)
    assert (claim.state, claim.payee_account) == (State.submitted, "6222020200001111")


@pytest.mark.parametrize("who", ["leader", "bureau", "auditor", "finance", "administrator"])
def test_nobody_else_is_offered_the_form(desk: Desk, who: str) -> None:
    page = desk.open("/claims", who, new="1")
    assert title(page) not in ("新建申请", "代机构录入")
    assert not [button for button in page.button if button.key == "new_claim"]


def test_another_agencys_agreement_is_not_offered(desk: Desk) -> None:
    page = desk.open("/claims", "agency2", new="XY-2026-001")
    assert "没有可以申请的协议" in all_text(page)


@pytest.mark.parametrize("named", ["' OR 1=1 --", "%", "<script>", "x" * 500])
def test_nonsense_in_the_address_offers_nothing(desk: Desk, named: str) -> None:
    page = desk.open("/claims", "reviewer", new=named)
    assert title(page) == "代机构录入"
    assert not page.table
