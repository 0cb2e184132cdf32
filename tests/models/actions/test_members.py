"""The registers' actions: who may, what is refused, what is recorded, and what follows for open
claims."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models.actions.agencies import (
    AgencyEntry,
    edit_agency,
    lift_suspension,
    remove_agency,
    set_agency_scopes,
    suspend_agency,
)
from models.actions.members import add_enterprise, edit_enterprise
from models.clock import standing_at
from models.database import session
from models.queries.verification import verify
from models.rules.claim_workflow import Action
from models.rules.errors import (
    AlreadyDone,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
)
from models.rules.membership import EnterpriseEntry
from models.rules.roles import OFFICE_NAMES, Office
from models.tables.claims import Claim
from models.tables.organisations import Admission, Agency, AgencyScope, Enterprise
from models.tables.record import Activity
from tests.world import NOON, TODAY, World

ENTERPRISE, AGENCY, NEW = "91210231MA0XY0001K", "91210231MA0XY0002H", "91210200716904902K"
ENTRY = EnterpriseEntry(
    uscc=" ９1210200716904902k ",
    name="大连示例丑企业 ",
    joined_on=TODAY,
    growth_stage="startup",
    hnte_status="recognised",
    hnte_certificate_no="gr202421001234",
    certified_on=date(2024, 11, 12),
    contact_name="张三",
    contact_phone="0411-84790000",
    payee_account="6222 0202 0000 9999",
)
Verb = Callable[..., Any]


def acting(world: World, who: str, verb: Verb, *args: Any) -> Any:
    """Somebody does something in one transaction."""
    with world.session() as current:
        return verb(current, world.people[who], *args)


def newest(world: World) -> Activity:
    """The newest link of the record."""
    with session(world.engine) as current:
        link = current.exec(select(Activity).order_by(col(Activity.seq).desc())).first()
    assert link is not None
    return link


def links(world: World) -> int:
    """How many links the record has."""
    return newest(world).seq


def the(world: World, kind: type[Any], uscc: str) -> Any:
    """A party as it stands now."""
    with session(world.engine) as current:
        return current.exec(select(kind).where(kind.uscc == uscc)).one()


def as_entry(enterprise: Enterprise, **changes: Any) -> EnterpriseEntry:
    """The form as it is filled from the record; the account is not retyped."""
    names = set(EnterpriseEntry.__slots__) - {"payee_account"}
    filled = EnterpriseEntry(**{name: getattr(enterprise, name) for name in names})
    return replace(filled, **changes)


# ---------------------------------------------------------------- who may

REGISTER_VERBS: dict[str, tuple[Verb, tuple[Any, ...]]] = {
    "add_enterprise": (add_enterprise, (ENTRY,)),
    "edit_enterprise": (edit_enterprise, (ENTERPRISE, ENTRY, 1)),
    "edit_agency": (edit_agency, (AGENCY, AgencyEntry(contact_name="李四"), 1)),
    "set_agency_scopes": (set_agency_scopes, (AGENCY, ["hnte_first"], "缩小范围")),
    "suspend_agency": (suspend_agency, (AGENCY, TODAY, None, "核查")),
    "lift_suspension": (lift_suspension, (AGENCY, "核查无误")),
    "remove_agency": (remove_agency, (AGENCY, TODAY, "自愿退出")),
}
MAY = {"importer", "reviewer", "reviewer2", "lead"}
DECIDES = {"set_agency_scopes", "suspend_agency", "lift_suspension", "remove_agency"}
"""What touches an agency's qualification is the lead's to decide."""


def test_every_verb_and_every_role(world: World) -> None:
    """The alliance keeps the registers; everybody else is refused before anything is looked at."""
    for name, (verb, args) in REGISTER_VERBS.items():
        may = {"lead"} if name in DECIDES else MAY
        for who in set(world.people) - may:
            with pytest.raises(NotAllowed):
                acting(world, who, verb, *args)
        for who in may:
            with pytest.raises((_Undo, Refusal)) as ended, world.session() as current:
                verb(current, world.people[who], *args)
                raise _Undo
            assert not isinstance(ended.value, NotAllowed)
    assert newest(world).verb not in REGISTER_VERBS


class _Undo(Exception):
    """Lets a transaction go without a trace."""


# ---------------------------------------------------------------- enterprises


def test_adding_a_member(world: World) -> None:
    assert acting(world, "reviewer", add_enterprise, ENTRY) == NEW
    added = the(world, Enterprise, NEW)
    assert (added.name, added.hnte_certificate_no) == ("大连示例丑企业", "GR202421001234")
    assert (added.payee_account, added.version) == ("6222020200009999", 1)
    link = newest(world)
    assert (link.verb, link.subject, link.before) == (
        "add_enterprise",
        f"enterprise:{NEW}",
        None,
    )
    assert link.after is not None
    assert link.after["name"] == "大连示例丑企业"
    assert "left_on" not in link.after


def test_personal_values_are_recorded_sealed(world: World) -> None:
    acting(world, "reviewer", add_enterprise, ENTRY)
    written = json.dumps(newest(world).after, ensure_ascii=False)
    for personal in ("张三", "84790000", "62220202"):
        assert personal not in written
    after = newest(world).after or {}
    assert all(
        after[name].startswith("hmac:")
        for name in ("contact_name", "contact_phone", "payee_account")
    )


def test_a_member_is_added_once(world: World) -> None:
    acting(world, "reviewer", add_enterprise, ENTRY)
    with pytest.raises(AlreadyDone):
        acting(world, "lead", add_enterprise, replace(ENTRY, uscc=NEW.lower()))


def test_a_code_whose_check_digit_fails_is_a_warning_and_bars_nothing(world: World) -> None:
    number = acting(world, "reviewer", add_enterprise, replace(ENTRY, uscc="91440300192203821Y"))
    assert number == "91440300192203821Y"


def test_a_faulty_entry_changes_nothing(world: World) -> None:
    before = links(world)
    with pytest.raises(NotAvailable):
        acting(world, "reviewer", add_enterprise, replace(ENTRY, name=" "))
    entry = as_entry(the(world, Enterprise, ENTERPRISE), joined_on=None)
    with pytest.raises(NotAvailable):
        acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1)
    assert links(world) == before


def test_editing_records_what_changed_and_only_that(world: World) -> None:
    entry = as_entry(the(world, Enterprise, ENTERPRISE), district="凌水街道", left_on=TODAY)
    assert acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1)
    edited = the(world, Enterprise, ENTERPRISE)
    assert (edited.district, edited.version, edited.payee_account) == (
        "凌水街道",
        2,
        "6222020200002222",
    )
    link = newest(world)
    assert (link.before, link.after) == (
        {"district": "", "left_on": None},
        {"district": "凌水街道", "left_on": "2026-11-20"},
    )


def test_a_faulty_code_on_record_does_not_bar_editing_and_the_code_stays(world: World) -> None:
    entry = as_entry(the(world, Enterprise, ENTERPRISE), uscc=NEW, industry="软件")
    assert acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1)
    assert the(world, Enterprise, ENTERPRISE).industry == "软件"


def test_nothing_changed_is_nothing_written(world: World) -> None:
    before = links(world)
    entry = as_entry(the(world, Enterprise, ENTERPRISE))
    assert not acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1)
    assert links(world) == before


def test_an_old_form_is_refused_with_who_and_when(world: World) -> None:
    entry = as_entry(the(world, Enterprise, ENTERPRISE), industry="软件")
    acting(world, "lead", edit_enterprise, ENTERPRISE, entry, 1)
    with pytest.raises(SeenIsStale) as refused:
        acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1)
    assert (refused.value.changed_by, refused.value.changed_at_utc) == ("lead 1", NOON)


def test_an_old_form_is_refused_even_if_the_record_is_silent(world: World) -> None:
    """A contact updated by import raises the version under another subject."""
    with world.session() as current:
        agency = current.exec(select(Agency).where(Agency.uscc == AGENCY)).one()
        agency.version = 2
    with pytest.raises(SeenIsStale) as refused:
        acting(world, "reviewer", edit_agency, AGENCY, AgencyEntry(), 1)
    assert (refused.value.changed_by, refused.value.changed_at_utc) == (
        OFFICE_NAMES[Office.system],
        NOON,
    )


def test_no_such_party(world: World) -> None:
    with pytest.raises(NotFound):
        acting(world, "reviewer", edit_enterprise, NEW, ENTRY, 1)
    with pytest.raises(NotFound):
        acting(world, "lead", suspend_agency, NEW, TODAY, None, "核查")


def test_a_new_account_reaches_the_open_claims(world: World) -> None:
    """F13 compares the claim's payee with the record: its digest changes, so a stale decision is
    refused."""
    number = world.file()
    seen = world.seen("reviewer", number)
    entry = AgencyEntry(payee_name="大连示例甲机构有限公司", payee_account="7777 0000 0000 1111")
    acting(world, "lead", edit_agency, AGENCY, entry, 1)
    with session(world.engine) as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        assert claim.findings_not_met == 1
    with pytest.raises(Refusal):
        world.step("reviewer", number, Action.pass_pre_review, seen=seen)


# ---------------------------------------------------------------- agencies


def test_editing_an_agency(world: World) -> None:
    entry = AgencyEntry(" 李四 ", "0411-1", 26, "大连示例甲机构有限公司", "示例银行大连分行")
    assert acting(world, "reviewer", edit_agency, AGENCY, entry, 1)
    agency = the(world, Agency, AGENCY)
    assert (agency.contact_name, agency.staff_count, agency.version) == ("李四", 26, 2)
    assert agency.payee_account == "6222020200001111"
    assert not acting(world, "reviewer", edit_agency, AGENCY, entry, 2)
    assert acting(world, "reviewer", edit_agency, AGENCY, replace(entry, staff_count=None), 2)
    assert the(world, Agency, AGENCY).staff_count is None


@pytest.mark.parametrize(
    "entry", [AgencyEntry(staff_count=0), AgencyEntry(payee_account="账号 1")], ids=str
)
def test_an_agency_s_faulty_entry(world: World, entry: AgencyEntry) -> None:
    with pytest.raises(NotAvailable):
        acting(world, "reviewer", edit_agency, AGENCY, entry, 1)


def scopes(world: World) -> set[str]:
    """The services of the world's agency."""
    with session(world.engine) as current:
        return set(current.exec(select(AgencyScope.service_code)).all())


def test_scopes_are_set_as_a_whole(world: World) -> None:
    wanted = ["hnte_first", "hnte_renewal"]
    assert acting(world, "lead", set_agency_scopes, AGENCY, wanted, " 已提交资质 ")
    assert scopes(world) == set(wanted)
    assert newest(world).after == {"reason": "已提交资质", "scopes": wanted}
    assert not acting(world, "lead", set_agency_scopes, AGENCY, wanted, "再来一次")


def test_scopes_come_from_the_service_list(world: World) -> None:
    for wanted in ([], ["no_such_service"], ["hnte_first", "no_such_service"]):
        with pytest.raises(NotAvailable):
            acting(world, "lead", set_agency_scopes, AGENCY, wanted, "理由")
    assert scopes(world) == {"hnte_first", "software_copyright"}


def test_a_service_taken_away_shows_in_open_claims(world: World) -> None:
    number = world.file()
    acting(world, "lead", set_agency_scopes, AGENCY, ["software_copyright"], "缩小范围")
    verdicts = {finding.code: finding.verdict for finding in world.card("lead", number).findings}
    assert verdicts["F02"] == "not_met"
    with session(world.engine) as current:
        assert current.exec(select(Claim.findings_not_met)).one() == 1


def suspension(world: World) -> tuple[date | None, date | None]:
    """From when until when the world's agency is suspended."""
    agency = the(world, Agency, AGENCY)
    return agency.suspended_from, agency.suspended_to


def test_a_suspension_is_lifted_from_the_day_on(world: World) -> None:
    acting(world, "lead", suspend_agency, AGENCY, TODAY, date(2026, 12, 31), "核查")
    assert suspension(world) == (TODAY, date(2026, 12, 31))
    with pytest.raises(AlreadyDone):
        acting(world, "lead", suspend_agency, AGENCY, TODAY, None, "又一次")
    with standing_at(NOON + timedelta(days=3)):
        acting(world, "lead", lift_suspension, AGENCY, "核查无误")
        with pytest.raises(NotAvailable):
            acting(world, "lead", lift_suspension, AGENCY, "再解除")
    assert suspension(world) == (TODAY, TODAY + timedelta(days=2))


def test_a_suspension_that_has_not_begun_is_taken_back_whole(world: World) -> None:
    acting(world, "lead", suspend_agency, AGENCY, TODAY + timedelta(days=5), None, "预告")
    acting(world, "lead", lift_suspension, AGENCY, "取消")
    assert suspension(world) == (None, None)
    with pytest.raises(NotAvailable):
        acting(world, "lead", lift_suspension, AGENCY, "没有暂停")


def test_an_earlier_suspension_is_kept_when_the_next_one_begins(world: World) -> None:
    """An agreement signed in its days stays outside the rules, whatever came after."""
    signed_on = world.card("lead", world.file()).facts.agreement.signed_on
    acting(world, "lead", suspend_agency, AGENCY, signed_on, signed_on, "核查")
    acting(world, "lead", suspend_agency, AGENCY, TODAY, TODAY, "再次核查")
    assert suspension(world) == (TODAY, TODAY)
    facts = world.card("lead", world.file()).facts.agency
    assert facts.ended_suspensions == ((signed_on, signed_on),)
    assert facts.is_suspended_on(signed_on)
    assert not facts.is_suspended_on(signed_on + timedelta(days=1))


def test_a_suspension_s_days_are_in_order(world: World) -> None:
    with pytest.raises(NotAvailable):
        acting(world, "lead", suspend_agency, AGENCY, TODAY, TODAY - timedelta(days=1), "颠倒")


def test_removing_an_agency(world: World) -> None:
    for on in (date(2025, 11, 19), TODAY + timedelta(days=1)):
        with pytest.raises(NotAvailable):
            acting(world, "lead", remove_agency, AGENCY, on, "理由")
    acting(world, "lead", remove_agency, AGENCY, TODAY, "自愿退出")
    agency = the(world, Agency, AGENCY)
    assert (agency.admission, agency.removed_on) == (Admission.removed, TODAY)
    with pytest.raises(AlreadyDone):
        acting(world, "lead", remove_agency, AGENCY, TODAY, "再退")
    with pytest.raises(NotAvailable):
        acting(world, "lead", suspend_agency, AGENCY, TODAY, None, "暂停")


@pytest.mark.parametrize("name", sorted(DECIDES))
def test_what_an_agency_may_do_changes_only_with_a_reason(world: World, name: str) -> None:
    verb, args = REGISTER_VERBS[name]
    with pytest.raises(ReasonMissing):
        acting(world, "lead", verb, *args[:-1], "  ")


def test_the_record_stays_sound(world: World) -> None:
    world.file()
    acting(world, "reviewer", add_enterprise, ENTRY)
    acting(world, "lead", suspend_agency, AGENCY, TODAY, None, "核查")
    acting(world, "lead", lift_suspension, AGENCY, "核查无误")
    with session(world.engine) as current:
        assert verify(current).is_sound


def test_two_at_once_one_of_them_is_told(world: World) -> None:
    """The row is locked and its version compared: the second form is refused, on either
    database."""
    from concurrent.futures import ThreadPoolExecutor

    original = the(world, Enterprise, ENTERPRISE)

    def edit(industry: str) -> bool:
        with standing_at(NOON):
            try:
                entry = as_entry(original, industry=industry)
                return bool(acting(world, "reviewer", edit_enterprise, ENTERPRISE, entry, 1))
            except SeenIsStale:
                return False

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(edit, ("甲", "乙", "丙", "丁"))) == [False, False, False, True]


# ---------------------------------------------------------------- sealing


def test_a_seal_is_this_deployment_s_own(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.database import deployment
    from models.queries import sealing

    def in_folder(name: str) -> str:
        monkeypatch.setattr(deployment(), "data_folder", tmp_path / name)
        return sealing.sealed("0411-84790000")

    first, other = in_folder("a"), in_folder("b")
    assert first != other
    assert in_folder("a") == first
    sealing._key.cache_clear()
    assert in_folder("a") == first
    assert sealing.sealed("") == ""
    key = tmp_path / "a" / sealing.KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "a") == [sealing.KEY_FILE]


def test_of_two_keys_made_at_once_one_stands(tmp_path: Any) -> None:
    from models.queries import sealing

    file = tmp_path / sealing.KEY_FILE
    sealing._make(file)
    key = file.read_text()
    sealing._make(file)
    assert file.read_text() == key
    assert os.listdir(tmp_path) == [sealing.KEY_FILE]
