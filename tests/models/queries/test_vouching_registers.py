"""Verifying the registers: what somebody alters in them by SQL is named, row and field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select, update

from models.actions.actuals import confirm_actual, enter_actual
from models.actions.agencies import AgencyEntry, edit_agency
from models.actions.grants import NewGrant, NewTie, declare_tie, end_grant, grant_role
from models.actions.imports_confirming import confirm_budget_line
from models.actions.members import add_enterprise
from models.actions.record import record
from models.actions.steps import system_actor
from models.database import session
from models.exchange.sheets import SHEETS
from models.queries.sealing import recorded
from models.queries.verification import verify
from models.queries.vouching_registers import CONTACTS, REGISTERS
from models.rules.membership import EnterpriseEntry
from models.rules.roles import Role
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry
from models.rules.wording import Wording
from models.tables.agreements import Agreement, Confirmation
from models.tables.money import BudgetLine
from models.tables.organisations import Agency
from models.tables.reference import Setting
from tests.models.exchange.workbooks import code
from tests.models.queries.test_verification import alter, told, verified
from tests.town import Town, make_town
from tests.world import NOON, TODAY, Opener

AGENCY = "91210231MA0XY0002H"
FIGURE = FigureEntry(
    place_code="dalian-hightech", indicator_code="hnte_count", as_of=date(2025, 12, 31),
    value="1", unit="家", kind=ActualKind.reported, grade=Grade.low, source_title="测试公报",
)  # fmt: skip


@pytest.fixture
def kept(opened: Opener) -> Town:
    """A town whose registers were written by people: the record holds what they wrote."""
    town: Town = opened(_kept)
    return town


def _kept(engine: Engine) -> Town:
    town = make_town(engine)
    number, people = town.file(), town.people
    with town.session() as current:
        entry = EnterpriseEntry(
            uscc=code(8),
            name="大连测试8有限公司",
            joined_on=TODAY,
            payee_account="6222020200005555",
        )
        add_enterprise(current, people["reviewer"], entry)
        agency = current.execute(select(Agency).where(Agency.uscc == AGENCY)).scalar_one()
        changed = AgencyEntry(payee_name="大连示例甲机构有限公司", payee_account="6222020200007777")
        edit_agency(current, people["reviewer"], AGENCY, changed, agency.version)
        line = BudgetLine(
            year=2027, code="K09", ceiling_fen=500, drafted_by_id=people["reviewer"].account_id
        )
        current.add(line)
        current.flush()
        confirm_budget_line(current, people["lead"], line.id or 0)
        grant_role(
            current,
            people["administrator"],
            people["committee"].account_id,
            NewGrant(Role.auditor, TODAY),
        )
        figure = enter_actual(current, people["reviewer"], FIGURE)
        confirm_actual(current, people["lead"], figure)
        enter_actual(current, people["reviewer"], replace(FIGURE, value="2"))
        declare_tie(current, people["bureau"], people["bureau"].account_id,
                    NewTie("持股", TODAY, agency_id=town.agency2_id))  # fmt: skip
    with town.session() as current:
        _filed_elsewhere(current, town)
    assert number
    return town


def _filed_elsewhere(current: object, town: Town) -> None:
    """What the filing desk, the enterprise and the settings' keeper state, as they record it."""
    agreement = current.get_one(Agreement, town.agreement_id)  # type: ignore[attr-defined]
    stated = ("fee_fen", "filing", "filing_number", "filing_confirmed_on")
    after = recorded({name: getattr(agreement, name) for name in stated})
    _write(current, "confirm_filing", f"agreement:{agreement.number}", after)
    answer = current.execute(select(Confirmation)).scalars().one()  # type: ignore[attr-defined]
    after = recorded(
        {"paid_before_fen": answer.paid_before_fen, "confirmed_on": answer.confirmed_on}
    )
    _write(current, "confirm_service", f"confirmation:{agreement.number}:GR202621000001", after)
    current.add(Setting(key="place", value="大连高新区", valid_from=TODAY, confirmed_at_utc=NOON))  # type: ignore[attr-defined]
    _write(
        current,
        "confirm_setting",
        "setting:place",
        {"valid_from": str(TODAY), "value": "大连高新区"},
    )


def _write(current: object, verb: str, subject: str, after: dict[str, object]) -> None:
    record(current, system_actor(), verb, subject, None, after)  # type: ignore[arg-type]


# fmt: off
ATTACKS = {
    "a member's account":    ("UPDATE enterprise SET payee_account = '1' WHERE uscc = :uscc",           "收款账号"),
    "an agency's account":   ("UPDATE agency SET payee_account = '6222020200009999' WHERE uscc = :agency", "收款账号"),
    "a ceiling doubled":     ("UPDATE budget_line SET ceiling_fen = ceiling_fen * 2 WHERE code = 'K09'", "额度"),
    "an agreement's fee":    ("UPDATE agreement SET fee_fen = fee_fen + 1 WHERE id = :agreement",       "服务费"),
    "a filing backdated":    ("UPDATE agreement SET filing_confirmed_on = '2026-04-01' WHERE id = :agreement", "备案确认日期"),
    "a role made another":   ("UPDATE role_grant SET role = 'bureau' WHERE role = 'auditor' AND granted_by_id IS NOT NULL", "角色"),
    "a grant made longer":   ("UPDATE role_grant SET valid_from = '2020-01-01' WHERE granted_by_id IS NOT NULL", "起"),
    "a tie ended":           ("UPDATE tie SET to_on = from_on",                                         "止"),
    "a confirmation":        ("UPDATE confirmation SET paid_before_fen = 1",                            "企业确认的预付金额"),
    "a figure":              ("UPDATE actual SET value = '100000' WHERE id = 'E-00001'",                "取值"),
    "a figure's grade":      ("UPDATE actual SET grade = 'high' WHERE id = 'E-00001'",                  "可信度"),
    "a figure's day":        ("UPDATE actual SET as_of = '2020-12-31' WHERE id = 'E-00001'",            "截至日期"),
    "a figure confirmed":    ("UPDATE actual_entry SET state = 'confirmed' WHERE actual_id = 'E-00002'", "填报状态"),
    "who confirmed it":      ("UPDATE actual_entry SET decided_by_id = 2 WHERE actual_id = 'E-00001'",  "确认人"),
    "who entered it":        ("UPDATE actual_entry SET entered_by_id = 1 WHERE actual_id = 'E-00001'",  "填报人"),
    "what it replaces":      ("UPDATE actual_entry SET replaces_id = 'E-00002' WHERE actual_id = 'E-00001'", "替代编号"),
    "a setting":             ("UPDATE setting SET value = '\"别处\"' WHERE key = 'place'",              "取值"),
}
# fmt: on


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_register_row_is_named_with_its_field(kept: Town, attack: str) -> None:
    assert verified(kept).first_broken is None
    statement, field = ATTACKS[attack]
    values = {"uscc": code(8), "agency": AGENCY, "agreement": kept.agreement_id}
    alter(kept, statement, **{name: v for name, v in values.items() if f":{name}" in statement})
    assert f"的{field}与操作记录不符，可能被直接改动" in told(kept)


def test_a_figure_entered_past_the_actions_is_named(kept: Town) -> None:
    alter(kept, "INSERT INTO actual SELECT 'E-00009', place_code, indicator_code, as_of, period_start, '9', is_over, unit,"
                " kind, grade, source_title, source_url, published, note_zh FROM actual WHERE id = 'E-00001'")  # fmt: skip
    alter(kept, "INSERT INTO actual_entry (actual_id, state, reason, entered_by_id, entered_at_utc, decided_reason)"
                " SELECT 'E-00009', 'confirmed', '', entered_by_id, entered_at_utc, '' FROM actual_entry WHERE actual_id = 'E-00001'")  # fmt: skip
    assert "实绩“E-00009”没有操作记录，可能被直接写入" in told(kept)


def test_a_figure_without_its_entry_is_named(kept: Town) -> None:
    alter(kept, "DELETE FROM actual_entry WHERE actual_id = 'E-00002'")
    assert "实绩“E-00002”不见了，可能被直接删除" in told(kept)


def test_a_deleted_register_row_is_named(kept: Town) -> None:
    alter(kept, "DELETE FROM tie")
    assert "回避关系“bureau:" in told(kept)
    assert "不见了" in told(kept)


def test_what_is_changed_by_the_actions_stays_sound(kept: Town) -> None:
    with kept.session() as current:
        grants = select(Agency).where(Agency.uscc == AGENCY)
        agency = current.execute(grants).scalar_one()
        changed = AgencyEntry(payee_name=agency.payee_name, payee_account="6222020200008888")
        edit_agency(current, kept.people["reviewer"], AGENCY, changed, agency.version)
        end_grant(current, kept.people["administrator"], kept.people["committee2"].grants[0].id)
    assert verified(kept).first_broken is None


def test_contacts_a_file_brought_are_not_held_against_the_row(kept: Town) -> None:
    sheets = [sheet for sheet in SHEETS if sheet.kind.value in {one.sheet for one in REGISTERS}]
    assert [sheet.kind.value for sheet in sheets] == ["enterprises", "agencies"]
    for sheet in sheets:
        assert tuple(c.field for c in sheet.columns if c.is_contact) == CONTACTS
    with kept.session() as current:
        agency = current.execute(select(Agency).where(Agency.uscc == AGENCY)).scalar_one()
        changed = AgencyEntry(payee_name=agency.payee_name, contact_phone="0411-84790001")
        edit_agency(current, kept.people["reviewer"], AGENCY, changed, agency.version)
    _telephone(kept, "0411-84790002")
    assert verified(kept).first_broken is not None
    with kept.session() as current:
        brought = {"sheets": {"agencies": {"contact_updated": 1}}}
        record(current, kept.people["importer"], "import_workbook", "import:0", None, brought)
    assert verified(kept).first_broken is None


def _telephone(kept: Town, number: str) -> None:
    with kept.engine.begin() as connection:
        connection.execute(update(Agency).where(Agency.uscc == AGENCY).values(contact_phone=number))


def test_what_the_record_holds_nothing_of_is_counted(kept: Town) -> None:
    silent = {str(one.name): one.rows for one in verified(kept).unrecorded}
    assert silent["服务机构"] == 1
    assert silent["合作对子"] > 1
    assert "回避关系" not in silent


def test_progress_is_told_from_the_chain_to_the_claims(kept: Town) -> None:
    said: list[tuple[Wording, int, int]] = []
    with session(kept.engine) as current:
        verify(current, lambda what, done, of: said.append((what, done, of)))
    assert [str(what) for what, _, _ in said] == [
        "操作记录的首尾相接", "申请与办理记录", "月度统一申请、定稿会议、预算和名录",
    ]  # fmt: skip
    assert all(0 <= done <= of for _, done, of in said)
