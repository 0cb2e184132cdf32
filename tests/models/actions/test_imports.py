"""Importing a workbook: dry run, whole or nothing, what is already there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models.actions.imports import ImportPlan, ImportResult, Upload, commit_import, plan_import
from models.actions.steps import system_actor
from models.queries.imports import recent_imports
from models.rules.claim_workflow import Action, State
from models.rules.errors import FileRefused, NotAllowed, NotAvailable, Refusal
from models.rules.wording import say
from models.tables.agreements import Advance, Agreement, Confirmation, Filing
from models.tables.claims import Claim, ClaimEvent
from models.tables.money import BudgetLine, PolicyRule
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Tie
from models.tables.record import Activity
from tests.models.exchange.workbooks import (
    AGENCY,
    ENTERPRISE,
    Rows,
    actual,
    agency,
    agreement,
    claim,
    code,
    enterprise,
    one_of_each,
    policy,
    workbook,
)
from tests.world import World

MADE: dict[str, bytes] = {}


def upload(sheets: Rows) -> Upload:
    """The same rows are the same file: a workbook made twice carries two times of making."""
    content = MADE.setdefault(repr(sheets), workbook(sheets))
    return Upload("名单.xlsx", content)


def plan(world: World, sheets: Rows, who: str = "importer") -> ImportPlan:
    with world.session() as current:
        return plan_import(current, world.people[who], upload(sheets))


def commit(
    world: World, sheets: Rows, who: str = "importer", seen: str | None = None
) -> ImportResult:
    with world.session() as current:
        return commit_import(current, world.people[who], upload(sheets), seen)


def rows_of(world: World, table: type) -> int:
    with world.session() as current:
        return int(current.execute(select(func.count()).select_from(table)).scalar_one())


def said(found: ImportPlan) -> list[tuple[str, str, str]]:
    return [(p.sheet, p.place, str(p.wrong)) for p in found.problems]


def test_one_of_each_sheet_comes_in(world: World) -> None:
    found = plan(world, one_of_each())
    assert said(found) == []
    assert [(count.kind.value, count.new) for count in found.counts] == [
        ("enterprises", 1), ("agencies", 1), ("agreements", 1), ("claims", 1),
        ("policy_rules", 1), ("budget_lines", 1), ("ties", 1), ("actuals", 1),
    ]  # fmt: skip
    assert rows_of(world, Enterprise) == 1, "a dry run writes nothing"
    done = commit(world, one_of_each(), seen=found.digest)
    assert done.changes == 8
    assert len(done.chain_hash) == 64
    with world.session() as current:
        stored = current.execute(
            select(Agreement).where(col(Agreement.number) == "XY-T-0001")
        ).scalar_one()
        assert (stored.filing, stored.filing_is_imported) == (Filing.confirmed, True)
        assert (
            current.execute(
                select(Advance.amount_fen).where(col(Advance.agreement_id) == stored.id)
            ).scalar_one()
            == 500_000
        )
        filed = current.execute(
            select(Claim).where(col(Claim.number) == "T-2026-0001")
        ).scalar_one()
        assert (filed.state, filed.asked_fen) == (State.submitted, 5_000_000)
        event = current.execute(
            select(ClaimEvent).where(col(ClaimEvent.claim_id) == filed.id)
        ).scalar_one()
        assert (event.on_behalf, event.account_id) == (True, world.people["importer"].account_id)
        answer = current.execute(
            select(Confirmation).where(col(Confirmation.result_id) == filed.result_id)
        ).scalar_one()
        assert (answer.satisfaction, answer.paid_before_fen) == (5, 0)
        rule = current.execute(
            select(PolicyRule).where(col(PolicyRule.document) == "测试办法")
        ).scalar_one()
        assert rule.confirmed_at_utc is None
        assert rule.drafted_by_id == world.people["importer"].account_id
        line = current.execute(select(BudgetLine).where(col(BudgetLine.code) == "T01")).scalar_one()
        assert (line.ceiling_fen, line.confirmed_by_id) == (100_000_000, None)
        scopes = current.execute(
            select(AgencyScope.service_code)
            .join(Agency, col(Agency.id) == AgencyScope.agency_id)
            .where(col(Agency.uscc) == AGENCY)
        ).scalars()
        assert set(scopes) == {"hnte_first", "software_copyright"}
        assert current.execute(select(Tie.kind)).scalar_one() == "任职"


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(world: World) -> None:
    commit(world, one_of_each())
    before = rows_of(world, Activity)
    again = plan(world, one_of_each())
    assert said(again) == []
    assert (again.changes, again.errors) == (0, 0)
    assert all(count.unchanged == count.rows for count in again.counts)
    assert commit(world, one_of_each()) == ImportResult(again.counts)
    assert rows_of(world, Activity) == before


def test_past_imports_are_found_again(world: World) -> None:
    commit(world, one_of_each())
    with world.session() as current:
        (past,) = recent_imports(current, world.people["lead"])
        with pytest.raises(NotAllowed):
            recent_imports(current, world.people["agency"])
    assert (past.account, past.file_name) == ("importer 1", "名单.xlsx")
    assert past.counts["claims"] == {"new": 1, "contact_updated": 0, "unchanged": 0}


def test_contact_fields_are_updated_and_nothing_else(world: World) -> None:
    commit(world, one_of_each())
    changed = {"企业会员": [enterprise(联系人="王五", 联系电话=None)]}
    found = plan(world, changed)
    assert [c.contact_updated for c in found.counts] == [1]
    commit(world, changed)
    with world.session() as current:
        stored = current.execute(
            select(Enterprise).where(col(Enterprise.uscc) == ENTERPRISE)
        ).scalar_one()
        assert (stored.contact_name, stored.contact_phone) == ("王五", "0411-84790000")
        assert stored.version == 2


@pytest.mark.parametrize(
    ("sheets", "place", "columns"),
    [
        ({"企业会员": [enterprise(企业名称="改名", 行业="其他")]}, "B2", "企业名称、行业"),
        ({"服务机构": [agency(服务范围="软件著作权登记")]}, "E2", "服务范围"),
        ({"合作对子": [agreement(**{"协议金额(元)": 1})]}, "F2", "协议金额(元)"),
        ({"补贴申请": [claim(**{"申请金额(元)": 1})]}, "G2", "申请金额(元)"),
        ({"补贴标准": [policy(**{"定额(元)": 2000})]}, "H2", "定额(元)"),
        ({"预算额度": [[2026, "T01", 5]]}, "C2", "额度(元)"),
        ({"实绩": [actual(可信度="低", 说明="另一说明")]}, "I2", "可信度、说明"),
        ({"回避关系": [["reviewer", AGENCY, "任职", date(2026, 1, 1), date(2026, 9, 9)]]}, "E2", "止"),
    ],
)  # fmt: skip
def test_anything_else_on_an_existing_key_is_an_error(
    world: World, sheets: Rows, place: str, columns: str
) -> None:
    commit(world, one_of_each())
    found = plan(world, sheets)
    name = next(iter(sheets))
    assert (name, place, f"系统中已有，但内容不同：{columns}") in said(found)
    with pytest.raises(FileRefused, match="没有导入任何内容"):
        commit(world, sheets)


def test_one_error_keeps_the_whole_file_out(world: World) -> None:
    sheets = one_of_each() | {"企业会员": [enterprise(), enterprise(2, 入会日期="不知道")]}
    assert [p.place for p in plan(world, sheets).problems] == ["L3"]
    with pytest.raises(FileRefused):
        commit(world, sheets)
    assert rows_of(world, Enterprise) == 1


def test_a_claim_that_cannot_be_filed_keeps_the_whole_file_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise NotAvailable(say("不行"))

    monkeypatch.setattr("models.actions.imports_writing.file_claim", refuse)
    with pytest.raises(FileRefused, match="T-2026-0001"):
        commit(world, one_of_each())
    assert rows_of(world, Enterprise) == 1


def test_the_commit_is_bound_to_what_was_seen(world: World) -> None:
    seen = plan(world, one_of_each())
    commit(world, {"企业会员": [enterprise()]})
    with pytest.raises(NotAvailable, match="重新试运行"):
        commit(world, one_of_each(), seen=seen.digest)


def test_only_the_alliance_exchanges(world: World) -> None:
    for who in ("agency", "leader", "bureau", "finance", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            plan(world, one_of_each(), who)
        with pytest.raises(NotAllowed):
            commit(world, one_of_each(), who)


def test_the_importer_may_not_pre_review_what_she_brought(world: World) -> None:
    commit(world, one_of_each())
    with pytest.raises(Refusal, match="一人在一件申请中只办理一个环节"):
        world.step("importer", "T-2026-0001", Action.return_pre_review, reasons=("R01",))


def test_references_lead_into_the_file_or_the_database(world: World) -> None:
    sheets: Rows = {
        "合作对子": [
            agreement(1, 企业信用代码="91210231MA0XY0001K", 机构信用代码="91210231MA0XY0002H"),
            agreement(2),
        ],
        "补贴申请": [claim(1), claim(2, 协议编号="XY-2026-001"), claim(3, 协议编号="没有")],
    }
    errors = [p for p in plan(world, sheets).problems if p.is_error]
    assert [(p.sheet, p.place, str(p.wrong)) for p in errors] == [
        ("合作对子", "B3", "“企业会员”中没有这个信用代码，系统中也没有"),
        ("合作对子", "C3", "“服务机构”中没有这个信用代码，系统中也没有"),
        ("补贴申请", "B4", "“合作对子”中没有这个协议编号，系统中也没有"),
    ]


def test_a_faulty_row_is_still_there_to_be_referred_to(world: World) -> None:
    """One cause, one problem: an agreement does not also complain about the party's wrong date."""
    sheets = one_of_each() | {"企业会员": [enterprise(入会日期="哪天")]}
    assert [p.sheet for p in plan(world, sheets).problems] == ["企业会员"]


def test_a_result_claimed_before_is_a_warning(world: World) -> None:
    commit(world, one_of_each())
    sheets: Rows = {
        "合作对子": [agreement(2)],
        "补贴申请": [claim(2, 成果编号="gr 2026 2100 0001"), claim(3, 协议编号="XY-T-0002", 成果编号="GR202621000001")],
    }  # fmt: skip
    found = plan(world, sheets)
    assert found.errors == 0
    assert ("补贴申请", "E2", "与申请 T-2026-0001 是同一成果") in said(found)
    assert commit(world, sheets).changes == 3


def test_two_versions_of_one_standard(world: World) -> None:
    both = [policy(), policy(生效日期=date(2026, 7, 1), **{"定额(元)": 1500})]
    sheets: Rows = {"补贴标准": both, "预算额度": [[2026, "T01", 100]]}
    commit(world, sheets)
    with world.session() as current:
        found = current.execute(
            select(PolicyRule.version, PolicyRule.valid_from)
            .where(col(PolicyRule.document) == "测试办法")
            .order_by(col(PolicyRule.version))
        ).all()
    assert [tuple(row) for row in found] == [(1, date(2026, 1, 1)), (2, date(2026, 7, 1))]


def test_a_file_that_cannot_be_read_is_a_plan_with_one_problem(world: World) -> None:
    with world.session() as current:
        found = plan_import(current, world.people["importer"], Upload("图.xlsx", b"\x89PNG"))
    assert (found.errors, found.counts) == (1, ())
    assert "不是 Excel 工作簿" in str(found.problems[0].wrong)


def test_how_far_a_filing_has_come(world: World) -> None:
    sheets = one_of_each() | {
        "补贴申请": [],
        "合作对子": [
            agreement(1, 备案编号=None, 备案确认日期=None, **{"垫付金额(元)": None, "垫付日期": None}),
            agreement(2, 备案确认日期=None, **{"垫付金额(元)": None, "垫付日期": None}),
        ],
    }  # fmt: skip
    commit(world, sheets)
    with world.session() as current:
        found = current.execute(
            select(Agreement.filing, Agreement.filing_is_imported)
            .where(col(Agreement.number).startswith("XY-T"))
            .order_by(col(Agreement.number))
        ).all()
    assert [tuple(row) for row in found] == [(Filing.draft, False), (Filing.filed, True)]


def test_another_writing_of_the_same_is_the_same(world: World) -> None:
    commit(world, one_of_each())
    again: Rows = {
        "服务机构": [agency(服务范围="软件著作权登记；高企认定（首次）")],
        "补贴申请": [claim(成果编号="gr2026-2100 0001", 发票号码=None)],
        "回避关系": [["Reviewer", AGENCY.lower(), "任职", "2026年1月1日", None]],
    }
    found = plan(world, again)
    assert (said(found), found.changes, found.warnings) == ([], 0, 0)


def test_the_operator_may_import_too(world: World) -> None:
    sheets: Rows = {"预算额度": [[2031, "T01", 100]]}
    with world.session() as current:
        commit_import(current, system_actor(), upload(sheets))
        line = current.execute(select(BudgetLine).where(col(BudgetLine.year) == 2031)).scalar_one()
    assert line.drafted_by_id is None


def test_many_parties_in_one_file(world: World) -> None:
    sheets: Rows = {"企业会员": [enterprise(number) for number in range(1, 2_502)]}
    assert commit(world, sheets).changes == 2_501
    assert plan(world, sheets).counts[0].unchanged == 2_501
    assert code(2_501) != code(2_500)
