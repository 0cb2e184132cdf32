"""Applying for admission, examining and deciding: who may, what is refused in words, what it does to
the register, two at once, and what the record vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.actions.admission_review import (
    admit_agency,
    ask_review_again,
    examine_criteria,
    pass_to_decision,
    recuse_oneself,
    refuse_admission,
    return_application,
)
from models.actions.admission_steps import look_again
from models.actions.admissions import (
    answer_criterion,
    apply_again,
    apply_for_admission,
    edit_application,
    enter_application,
    give_up_application,
    take_back_application,
)
from models.actions.agencies import lift_suspension, remove_agency, suspend_agency
from models.actions.agreements import draft_agreement
from models.actions.changes import Draft, confirm_change, draft_change
from models.actions.evidence import evidence_path, files_missing
from models.actions.grants import NewTie, declare_tie
from models.actions.needs import ask_agency, state_need
from models.clock import today
from models.database import session
from models.queries.admission_card import qualification_events, viewable_admission_paper
from models.queries.admission_entry import blank_application
from models.queries.admissions import (
    AdmissionFilter,
    AdmissionPile,
    admissions,
    admissions_waiting,
)
from models.queries.needs import need_card
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.admission import STEP_OF, AdmissionAction, AdmissionKind, AdmissionState, Desk
from models.rules.admission_terms import AdmissionReason, Cause, CriterionVerdict, Ground
from models.rules.changes import LONGEST_CRITERION, ChangeKind
from models.rules.errors import (
    AlreadyDone,
    FigureRefused,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.rules.roles import Actor
from models.tables.admissions import AdmissionAnswer, AdmissionPaper
from models.tables.organisations import Admission, Agency, EndedSuspension
from models.tables.reference import ServiceType
from tests.applicants import (
    AGENCY,
    ENTRY,
    MET,
    NEW,
    OWN,
    UNMET,
    agency,
    applied,
    card,
    codes,
    entered,
    events,
    examined,
    reviewed,
    row,
    scope,
    state,
    step,
)
from tests.pacts import ENTERPRISE2, TERMS, act, newest_link
from tests.rivals import at_once
from tests.town import Town
from tests.world import PDF, TODAY, later

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""
S, A = AdmissionState, AdmissionAction
REASONS = (AdmissionReason.bad_record, AdmissionReason.pledge_missing)


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


def broken(town: Town, statement: str) -> str:
    """What verifying says once somebody has changed a row directly."""
    with town.engine.begin() as connection:
        connection.execute(text(statement))
    with session(town.engine) as current:
        return str(verify(current).first_broken)


def refused(town: Town, kind: type[Refusal], words: str, who: str, *given: Any) -> None:
    """A step that is refused in these words and leaves no trace."""
    action, number, *rest = given
    before = row(town, number).version
    with pytest.raises(kind, match=words):
        step(town, who, action, number, *rest)
    assert row(town, number).version == before


# ---------------------------------------------------------------- the straight way


def test_refused_and_later_granted(town: Town) -> None:
    number = applied(town)
    assert (number, row(town, number).kind) == ("RH-2026-00001", AdmissionKind.first)
    examined(town, number, A06=UNMET, A04=(CriterionVerdict.unknown, "无合同"))
    step(town, "reviewer", pass_to_decision, number, "建议不予准入")
    refused(
        town, NotAllowed, "必备条件 A06 不符合", "lead", admit_agency, number, ENTRY.services, ""
    )
    step(town, "lead", refuse_admission, number, REASONS, "信用修复后可再申请")
    said = events(town, number)[-1]
    assert (said.to_state, said.reasons) == (S.refused, ["bad_record", "pledge_missing"])
    assert said.detail == {"faults": ["A04", "A06"]}
    step(town, "importer", apply_again, number)
    assert {one.verdict for one in card(town, "importer", number).criteria} == {None}
    step(town, "importer", answer_criterion, number, "A06", "已修复", (("新.pdf", PDF + b"new"),))
    step(town, "importer", apply_for_admission, number)
    examined(town, number, who="reviewer2")
    step(town, "reviewer2", pass_to_decision, number, "")
    assert step(town, "lead", admit_agency, number, ENTRY.services, "") == NEW
    made = agency(town)
    assert (made.admission, made.joined_on, made.name) == (Admission.admitted, TODAY, ENTRY.name)
    assert (made.staff_count, made.payee_account) == (9, ENTRY.payee_account)
    assert scope(town) == ["hnte_first", "software_copyright"]
    done = row(town, number)
    assert (done.agency_id, done.decided_on, done.admitted_services) == (
        made.id, TODAY, ["hnte_first", "software_copyright"],
    )  # fmt: skip
    link = newest_link(town)
    assert (link.verb, link.subject) == ("admit_agency", f"admission:{number}")
    assert link.after is not None
    assert (link.after["application_state"], link.grant_id) == (
        "admitted", town.people["lead"].grants[0].id,
    )  # fmt: skip
    assert is_sound(town)


def test_personal_values_stand_sealed_in_the_record(town: Town) -> None:
    number = entered(town)
    after = newest_link(town, f"admission:{number}").after
    assert after is not None
    for name in ("contact_name", "contact_phone", "payee_account"):
        assert str(after[name]).startswith("hmac:")
    assert (after["on_behalf"], after["name"], after["kind"]) == (1, ENTRY.name, "first")


def test_an_agency_applies_for_further_services_by_itself(town: Town) -> None:
    number = reviewed(town, "agency", OWN)
    made = row(town, number)
    assert (made.kind, made.uscc, made.name, made.is_on_behalf) == (
        AdmissionKind.extend, AGENCY, "大连示例甲机构有限公司", False,
    )  # fmt: skip
    step(town, "lead", admit_agency, number, ("design_patent",), "")
    assert scope(town, AGENCY) == ["design_patent", "hnte_first", "software_copyright"]
    after = newest_link(town, f"agency:{AGENCY}").after
    assert after is not None
    assert after["scopes"] == ["design_patent", "hnte_first", "software_copyright"]
    assert (after["application"], agency(town, AGENCY).staff_count) == (number, 9)
    assert agency(town, AGENCY).payee_account == "6222020200001111"
    assert is_sound(town)


def test_some_of_the_services_are_granted_with_a_reason(town: Town) -> None:
    number = reviewed(town)
    one = ("hnte_first",)
    refused(town, ReasonMissing, "只准入部分服务", "lead", admit_agency, number, one, " ")
    for wrong in ((), ("design_patent",)):
        refused(town, NotAvailable, "至少选一项", "lead", admit_agency, number, wrong, "理由")
    step(town, "lead", admit_agency, number, one, "软件著作权尚无业绩")
    assert scope(town) == ["hnte_first"]
    assert row(town, number).admitted_services == ["hnte_first"]


@ONE
def test_an_unknown_criterion_is_granted_only_with_a_reason(town: Town) -> None:
    number = applied(town)
    examined(town, number, A05=(CriterionVerdict.unknown, "报表未审计"))
    step(town, "reviewer", pass_to_decision, number, "")
    refused(town, ReasonMissing, "待查证", "lead", admit_agency, number, ENTRY.services, "")
    step(town, "lead", admit_agency, number, ENTRY.services, "三个月内补交")
    assert state(town, number) is S.admitted


# ---------------------------------------------------------------- the applicant's side


@ONE
def test_everything_that_is_missing_is_told_at_once(town: Town) -> None:
    bare = replace(ENTRY, services=(), staff_count=None, contact_name="")
    number = entered(town, entry=bare)
    with pytest.raises(NotAvailable) as told:
        step(town, "importer", apply_for_admission, number)
    words = str(told.value)
    for fault in ("至少选一项服务", "从业人数", "联系人", "A01 缺少证明材料", "A07 缺少证明材料"):
        assert fault in words
    step(town, "importer", edit_application, number, ENTRY)
    step(town, "importer", answer_criterion, number, "A01", " ", (("a.pdf", PDF),))
    refused(town, NotAvailable, "A01 没有填写说明", "importer", apply_for_admission, number)
    assert [one.field for one in card(town, "importer", number).faults][:1] == ["A01"]


@ONE
def test_a_returned_application_is_put_right_and_handed_in_again(town: Town) -> None:
    number = applied(town)
    refused(
        town,
        NotAllowed,
        "A01、A02.*还没有审查意见",
        "reviewer",
        return_application,
        number,
        REASONS,
        "",
    )
    examined(town, number, A02=UNMET)
    for given in ((), ("R01",)):
        refused(
            town,
            ReasonMissing,
            "至少选择一项理由",
            "reviewer",
            return_application,
            number,
            given,
            "",
        )
    step(town, "reviewer", return_application, number, REASONS[:1], "请一次补齐")
    back = events(town, number)[-1]
    assert (back.to_state, back.detail["faults"]) == (S.returned, ["A02"])
    (old,) = [one for one in card(town, "importer", number).criteria if one.code == "A02"]
    assert (old.verdict, old.examined_by) == (CriterionVerdict.not_met, "reviewer 1")
    dropped = [paper.id for paper in old.papers]
    step(
        town, "importer", answer_criterion, number, "A02", "已补", (("新.pdf", PDF + b"2"),),
        dropped=dropped,
    )  # fmt: skip
    (new,) = [one for one in card(town, "importer", number).criteria if one.code == "A02"]
    assert ([paper.file_name for paper in new.papers], new.verdict) == (["新.pdf"], None)
    step(town, "importer", apply_for_admission, number)
    assert state(town, number) is S.applied
    assert is_sound(town)


@ONE
def test_an_application_is_taken_back_given_up_and_taken_up_again(town: Town) -> None:
    number = applied(town)
    step(town, "importer", take_back_application, number)
    assert state(town, number) is S.draft
    refused(town, ReasonMissing, "请写明理由", "importer", give_up_application, number, " ")
    step(town, "importer", give_up_application, number, "暂不入会")
    other = entered(town)
    refused(town, AlreadyDone, other, "importer", apply_again, number)
    step(town, "importer", give_up_application, other, "重复")
    step(town, "importer", apply_again, number)
    assert (state(town, number), row(town, number).kind) == (S.draft, AdmissionKind.first)


@ONE
def test_what_is_kept_of_an_entry(town: Town) -> None:
    number = entered(town, entry=replace(ENTRY, uscc=" ９1210200716904902k ", name=" 大连 丙 "))
    assert (row(town, number).uscc, row(town, number).name) == (NEW, "大连 丙")
    wrong = replace(ENTRY, uscc="12", name="", staff_count=0)
    with pytest.raises(NotAvailable, match="申请内容有误.*机构名称.*从业人数"):
        entered(town, entry=wrong)
    with pytest.raises(NotAvailable):
        entered(town, entry=replace(ENTRY, uscc="\x00"))
    step(
        town, "importer", edit_application, number, replace(ENTRY, payee_account=None, uscc="别的")
    )
    kept = row(town, number)
    assert (kept.uscc, kept.payee_account) == (NEW, ENTRY.payee_account)


@ONE
def test_the_register_names_an_agency_that_applies(town: Town) -> None:
    on_behalf = replace(ENTRY, uscc=AGENCY, name="改名", services=("design_patent",))
    number = entered(town, entry=on_behalf)
    made = row(town, number)
    assert (made.name, made.kind, made.is_on_behalf) == (
        "大连示例甲机构有限公司", AdmissionKind.extend, True,
    )  # fmt: skip
    assert made.agency_id == town.agency_id
    assert card(town, "agency", number).may(A.edit_application)


@ONE
def test_an_agency_applied_for_in_the_register_joins(town: Town) -> None:
    with town.session() as current:
        one = current.exec(select(Agency).where(Agency.uscc == AGENCY)).one()
        one.admission = Admission.applied
    number = reviewed(town, "agency", replace(OWN, services=("design_patent",)))
    assert row(town, number).kind is AdmissionKind.first
    step(town, "lead", admit_agency, number, ("design_patent",), "")
    assert agency(town, AGENCY).admission is Admission.admitted


@ONE
def test_papers_are_told_by_content_and_stay_with_their_criterion(town: Town) -> None:
    number = entered(town)
    with pytest.raises(FileRefused, match="不是 PDF"):
        step(town, "importer", answer_criterion, number, "A01", "", (("a.pdf", b"MZ"),))
    for code in ("A99", "\x00", "甲" * 20):
        with pytest.raises(NotFound, match="入会条件中没有代码"):
            step(town, "importer", answer_criterion, number, code, "", ())
    with pytest.raises(TextRefused):
        step(town, "importer", answer_criterion, number, "A01", "长" * 401, ())
    step(town, "importer", answer_criterion, number, "A01", "有", (("a.pdf", PDF),))
    with pytest.raises(NotFound, match="不在该条件下"):
        step(town, "importer", answer_criterion, number, "A02", "有", (), dropped=[1])
    with session(town.engine) as current:
        paper = current.exec(select(AdmissionPaper)).one()
        assert evidence_path(paper.sha256).read_bytes() == PDF
        assert files_missing(current) == []
        assert paper.id is not None
        for who, sees in (
            ("reviewer", True),
            ("auditor", True),
            ("agency", False),
            ("bureau", False),
        ):
            found = viewable_admission_paper(current, town.people[who], paper.id)
            assert (found is not None) == sees, who
        assert viewable_admission_paper(current, town.people["reviewer"], 999) is None
    evidence_path(paper.sha256).unlink()
    with session(town.engine) as current:
        assert files_missing(current) == [paper.sha256]


# ---------------------------------------------------------------- who sees it


@ONE
def test_what_an_agency_has_not_handed_in_is_its_own_business(town: Town) -> None:
    number = entered(town, "agency", OWN)
    for who in set(town.people) - {"agency"}:
        with pytest.raises(NotFound):
            card(town, who, number)
    assert card(town, "agency", number).row.number == number


@ONE
def test_a_stranger_and_other_agencies_see_nothing(town: Town) -> None:
    number = applied(town)
    own = applied(town, "agency", OWN)
    officials = {
        "importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2", "auditor",
        "administrator",
    }  # fmt: skip
    listed = {who: [own, number] for who in officials} | {"agency": [own], "agency2": []}
    for who in town.people:
        for one in (number, own, "RH-\x00", "RH-2026-99999"):
            if one in listed.get(who, []):
                assert card(town, who, one).row.number == one
            else:
                with pytest.raises(NotFound, match="没有编号为"):
                    card(town, who, one)
    with session(town.engine) as current:
        for who, actor in town.people.items():
            if who in listed:
                page = admissions(current, actor, AdmissionFilter(), PageRequest())
                assert [found.number for found in page.rows] == listed[who]
            else:
                with pytest.raises(NotAllowed):
                    admissions(current, actor, AdmissionFilter(), PageRequest())


@ONE
def test_the_bank_account_is_masked_for_who_may_not_see_it(town: Town) -> None:
    number = applied(town)
    assert card(town, "lead", number).payee_account == ENTRY.payee_account
    assert card(town, "reviewer", number).payee_account == "**** 5555"
    own = applied(town, "agency", replace(OWN, payee_account="6222020200009999"))
    assert card(town, "agency", own).payee_account == "6222020200009999"


@ONE
def test_the_list_is_filtered_and_tells_what_waits(town: Town) -> None:
    first, own = applied(town), applied(town, "agency", OWN)
    with session(town.engine) as current:

        def found(who: str, **wanted: Any) -> list[str]:
            actor = town.people[who]
            page = admissions(current, actor, AdmissionFilter(**wanted), PageRequest())
            return [one.number for one in page.rows]

        def waiting(who: str) -> int | None:
            size = admissions_waiting(current, town.people[who])
            return None if size is None else size.rows

        assert found("lead", text="丙机构") == found("lead", text=NEW) == [first]
        assert found("lead", kind=AdmissionKind.extend) == [own]
        assert found("lead", state=S.reviewed) == []
        assert found("reviewer", pile=AdmissionPile.turn) == [own, first]
        assert found("importer", pile=AdmissionPile.turn) == [own]
        assert (waiting("reviewer"), waiting("importer"), waiting("lead")) == (2, 1, 0)
        assert (waiting("agency"), waiting("auditor"), waiting("bureau")) == (0, None, None)
    examined(town, first)
    step(town, "reviewer", pass_to_decision, first, "")
    step(town, "reviewer2", recuse_oneself, own, "配偶在该机构任职")
    draft = entered(town, "agency2", replace(OWN, services=("software_copyright",)))
    with session(town.engine) as current:
        assert (waiting("lead"), waiting("lead2"), waiting("reviewer2")) == (1, 1, 0)
        assert waiting("agency2") == 1
        assert found("agency2", pile=AdmissionPile.turn) == [draft]


@ONE
def test_what_a_new_application_begins_with(town: Town) -> None:
    with session(town.engine) as current:
        blank = blank_application(current, town.people["agency"])
        assert (blank.entry.uscc, "hnte_first" in blank.offered) == (AGENCY, False)
        others = blank_application(current, town.people["importer"])
        assert (others.entry.uscc, "hnte_first" in others.offered) == ("", True)
    with town.session() as current:
        gone = current.get_one(ServiceType, "design_patent")
        gone.valid_to = TODAY - timedelta(days=1)
    act(town, "lead", remove_agency, AGENCY, TODAY, "自愿")
    with session(town.engine) as current:
        blank = blank_application(current, town.people["agency"])
        assert ("hnte_first" in blank.offered, "design_patent" in blank.offered) == (True, False)


# ---------------------------------------------------------------- who may

STEPS: dict[AdmissionAction, tuple[Any, tuple[Any, ...], Any]] = {
    A.edit_application: (edit_application, (ENTRY,), entered),
    A.answer_criterion: (answer_criterion, ("A01", "有", ()), entered),
    A.apply_for_admission: (apply_for_admission, (), entered),
    A.take_back_application: (take_back_application, (), applied),
    A.give_up_application: (give_up_application, ("不入了",), entered),
    A.examine_criteria: (examine_criteria, ({"A01": MET},), applied),
    A.return_application: (return_application, (REASONS, ""), applied),
    A.pass_to_decision: (pass_to_decision, ("",), applied),
    A.recuse_oneself: (recuse_oneself, ("亲属",), applied),
    A.ask_review_again: (ask_review_again, ("再看 A06",), reviewed),
    A.admit_agency: (admit_agency, (ENTRY.services, ""), reviewed),
    A.refuse_admission: (refuse_admission, (REASONS, ""), reviewed),
}


@ONE
@pytest.mark.parametrize("action", STEPS)
def test_every_step_and_every_role(town: Town, action: AdmissionAction) -> None:
    verb, given, stand = STEPS[action]
    number = stand(town)
    desk = STEP_OF[action].desk
    alliance = {"importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2"}
    may = {
        Desk.applicant: alliance,
        Desk.reviewer: {"reviewer", "reviewer2", "reviewer3"},
        Desk.decider: {"lead", "lead2"},
    }[desk]
    if action is A.recuse_oneself:
        may = may | {"importer"}
    for who in sorted(set(town.people)):
        with pytest.raises((_Undo, Refusal)) as ended, town.session() as current:
            verb(current, town.people[who], number, *given, seen_version=row(town, number).version)
            raise _Undo
        was_refused = isinstance(ended.value, NotAllowed | NotFound)
        unexamined = "还没有审查意见" in str(ended.value)
        assert was_refused == (who not in may) or unexamined, (who, ended.value)


class _Undo(Exception):
    """Lets a transaction go without a trace."""


@ONE
def test_who_entered_examines_nothing_and_who_examined_decides_nothing(town: Town) -> None:
    by_lead = applied(town, "lead")
    refused(town, NotAllowed, "“审查”由|这一步由", "lead", examine_criteria, by_lead, {"A01": MET})
    examined(town, by_lead)
    step(town, "reviewer", pass_to_decision, by_lead, "")
    refused(town, NotAllowed, "“申请方”环节", "lead", admit_agency, by_lead, ENTRY.services, "")
    step(town, "lead2", ask_review_again, by_lead, "再看")
    with town.session() as current:
        both = Actor(
            town.people["lead2"].account_id, "lead2",
            (*town.people["lead2"].grants, *town.people["reviewer"].grants),
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="“决定”环节"):
            version = row(town, by_lead).version
            examine_criteria(current, both, by_lead, {"A01": MET}, version)
    own = applied(town, "importer", replace(ENTRY, uscc="914403001922038216"))
    refused(town, NotAllowed, "“申请方”环节", "importer", examine_criteria, own, {"A01": MET})


def test_a_tie_by_code_and_a_recusal_keep_out(town: Town) -> None:
    own = applied(town, "agency", OWN)
    reviewer = town.people["reviewer"]
    tie = NewTie("亲属", today(), agency_id=town.agency_id)
    act(town, "reviewer", declare_tie, reviewer.account_id, tie)
    refused(town, NotAllowed, "有回避关系（亲属）", "reviewer", examine_criteria, own, {"A01": MET})
    lead = town.people["lead"]
    act(town, "lead", declare_tie, lead.account_id, tie)
    with pytest.raises(NotAllowed, match="有回避关系"):
        act(town, "lead", suspend_agency, AGENCY, TODAY, None, "核查")
    member = replace(ENTRY, uscc="91210231MA0XY0001K", name="企业同名机构")
    joint = applied(town, "importer", member)
    kin = NewTie("持股", today(), enterprise_id=town.enterprise_id)
    reviewer2 = town.people["reviewer2"]
    act(town, "reviewer2", declare_tie, reviewer2.account_id, kin)
    refused(town, NotAllowed, "（持股）", "reviewer2", examine_criteria, joint, {"A01": MET})
    step(town, "reviewer3", recuse_oneself, joint, "曾任职")
    refused(town, NotAllowed, "申请回避", "reviewer3", examine_criteria, joint, {"A01": MET})
    refused(town, NotAllowed, "您已申请回避", "reviewer3", recuse_oneself, joint, "再次")
    steps = {one.action for one in card(town, "reviewer3", joint).steps}
    assert A.recuse_oneself not in steps
    assert is_sound(town)


@ONE
def test_who_speaks_for_the_applicant_decides_nothing_even_as_the_lead(town: Town) -> None:
    number = reviewed(town, "agency", OWN)
    lead = town.people["lead"]
    inside = Actor(lead.account_id, lead.name, lead.grants, agency_id=town.agency_id)
    outside = Actor(lead.account_id, lead.name, lead.grants, enterprise_id=town.enterprise_id)
    with town.session() as current:
        version = row(town, number).version
        with pytest.raises(NotAllowed, match="您代表申请机构"):
            admit_agency(current, inside, number, ("design_patent",), "", version)
        assert admit_agency(current, outside, number, ("design_patent",), "", version) == AGENCY


@ONE
def test_an_account_without_an_agency_enters_nothing(town: Town) -> None:
    alone = replace(town.people["agency"], agency_id=None)
    with town.session() as current, pytest.raises(NotAllowed, match="没有关联服务机构"):
        enter_application(current, alone, OWN)
    for who in ("bureau", "enterprise", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            act(town, who, enter_application, ENTRY)


@ONE
def test_verdicts_are_given_on_criteria_that_are_there_and_say_why(town: Town) -> None:
    number = applied(town)
    refused(town, ReasonMissing, "至少填写一项", "reviewer", examine_criteria, number, {})
    refused(town, NotFound, "没有代码 A77", "reviewer", examine_criteria, number, {"A77": MET})
    bare = {"A01": (CriterionVerdict.unknown, ""), "A02": (CriterionVerdict.not_met, " ")}
    refused(town, ReasonMissing, "条件 A01、A02", "reviewer", examine_criteria, number, bare)
    step(town, "reviewer", examine_criteria, number, {"A01": UNMET, "A05": MET})
    step(town, "reviewer2", examine_criteria, number, {"A01": MET})
    first = card(town, "lead", number).criteria[0]
    assert (first.verdict, first.note, first.examined_by) == (
        CriterionVerdict.met, "", "reviewer2 1",
    )  # fmt: skip


# ---------------------------------------------------------------- two at once


def test_two_reviewers_at_the_same_moment(town: Town) -> None:
    number = applied(town)
    examined(town, number)
    seen = row(town, number).version

    def returned() -> Any:
        return act(town, "reviewer", return_application, number, REASONS, "", seen_version=seen)

    def passed() -> Any:
        return act(town, "reviewer2", pass_to_decision, number, "", seen_version=seen)

    came_to = at_once(returned, passed)
    (told,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(told, SeenIsStale)
    assert state(town, number) in (S.returned, S.reviewed)
    assert is_sound(town)


def test_one_organisation_applies_once_at_a_time(town: Town) -> None:
    came_to = at_once(
        lambda: act(town, "importer", enter_application, ENTRY),
        lambda: act(town, "reviewer", enter_application, ENTRY),
    )
    (told,) = [one for one in came_to if isinstance(one, Refusal)]
    assert isinstance(told, AlreadyDone)
    assert "RH-2026-00001" in str(told)


@ONE
def test_what_changed_meanwhile_is_told(town: Town) -> None:
    number = applied(town)
    examined(town, number)
    with pytest.raises(SeenIsStale, match="reviewer 1已于 .*“填写审查意见”"):
        act(town, "importer", take_back_application, number, seen_version=1)
    with pytest.raises(SeenIsStale):
        act(town, "lead", look_again, number, 1)
    act(town, "lead", look_again, number, row(town, number).version)


# ---------------------------------------------------------------- the agency's qualification


def test_an_agency_that_left_comes_back_by_an_application(town: Town) -> None:
    act(town, "lead", suspend_agency, AGENCY, date(2026, 9, 1), None, "核查")
    act(
        town, "lead", remove_agency, AGENCY, date(2026, 10, 20), "考评不合格",
        Cause(Ground.rating, "2026 年上半年"),
    )  # fmt: skip
    number = reviewed(town, "agency", replace(OWN, services=("hnte_first",)))
    assert row(town, number).kind is AdmissionKind.rejoin
    step(town, "lead", admit_agency, number, ("hnte_first",), "")
    back = agency(town, AGENCY)
    assert (back.admission, back.removed_on, back.suspended_from) == (
        Admission.admitted,
        None,
        None,
    )
    assert (back.joined_on, scope(town, AGENCY)) == (date(2025, 11, 20), ["hnte_first"])
    yesterday = TODAY - timedelta(days=1)
    with session(town.engine) as current:
        kept = {(one.from_on, one.to_on) for one in current.exec(select(EndedSuspension))}
        lines = qualification_events(current, town.people["lead"], town.agency_id)
        assert qualification_events(current, town.people["agency2"], town.agency_id) == ()
        assert qualification_events(current, town.people["bureau"], town.agency_id) == ()
    assert kept == {(date(2026, 9, 1), yesterday), (date(2026, 10, 21), yesterday)}
    assert [one.action for one in lines] == [
        A.admit_agency, A.readmit_agency, A.remove_agency, A.suspend_agency,
    ]  # fmt: skip
    assert dict(lines[2].detail) == {
        "ground": "rating", "reference": "2026 年上半年", "on": "2026-10-20",
    }  # fmt: skip
    assert is_sound(town)


@ONE
def test_days_outside_keep_the_longer_of_two_and_none_the_wrong_way_round(town: Town) -> None:
    act(town, "lead", suspend_agency, AGENCY, date(2026, 11, 2), date(2026, 11, 3), "核查")
    act(town, "lead", suspend_agency, AGENCY, date(2026, 11, 2), date(2026, 11, 10), "再查")
    act(town, "lead", remove_agency, AGENCY, TODAY, "自愿", Cause(Ground.own_wish))
    number = reviewed(town, "agency", replace(OWN, services=("hnte_first",)))
    step(town, "lead", admit_agency, number, ("hnte_first",), "")
    with session(town.engine) as current:
        kept = [(one.from_on, one.to_on) for one in current.exec(select(EndedSuspension))]
    assert kept == [(date(2026, 11, 2), date(2026, 11, 10))]


@ONE
@pytest.mark.parametrize("is_dated", [True, False])
def test_one_that_left_without_a_suspension_comes_back(town: Town, *, is_dated: bool) -> None:
    """A workbook may bring an agency that has left and does not say when."""
    act(town, "lead", remove_agency, AGENCY, TODAY - timedelta(days=3), "自愿")
    if not is_dated:
        with town.session() as current:
            current.exec(select(Agency).where(Agency.uscc == AGENCY)).one().removed_on = None
    number = reviewed(town, "agency", replace(OWN, services=("hnte_first",)))
    step(town, "lead", admit_agency, number, ("hnte_first",), "")
    with session(town.engine) as current:
        kept = [(one.from_on, one.to_on) for one in current.exec(select(EndedSuspension))]
    days = (TODAY - timedelta(days=2), TODAY - timedelta(days=1))
    assert kept == ([days] if is_dated else [])


@ONE
def test_suspension_has_a_ground_and_what_it_rests_on(town: Town) -> None:
    with pytest.raises(ReasonMissing, match="“投诉查实”须注明"):
        act(town, "lead", suspend_agency, AGENCY, TODAY, None, "核查", Cause(Ground.complaint))
    cause = Cause(Ground.complaint, "TS-2026-00003")
    act(town, "lead", suspend_agency, AGENCY, TODAY, None, "投诉查实", cause)
    after = newest_link(town).after
    assert after is not None
    assert (after["ground"], after["reference"]) == ("complaint", "TS-2026-00003")
    assert (after["qualification"], after["suspended_from"]) == ("suspended", str(TODAY))
    with pytest.raises(AlreadyDone):
        act(town, "lead", suspend_agency, AGENCY, TODAY, None, "再次", cause)
    with later(days=5):
        act(town, "lead", lift_suspension, AGENCY, "已整改")
    assert agency(town, AGENCY).suspended_to == TODAY + timedelta(days=4)
    with later(days=6):
        act(town, "lead", remove_agency, AGENCY, TODAY, "自愿")
        with pytest.raises(NotAvailable, match="已退出"):
            act(town, "lead", suspend_agency, AGENCY, TODAY, None, "核查")
    assert is_sound(town)


# ---------------------------------------------------------------- paired for its services only


def test_an_agency_is_paired_for_its_services_only(town: Town) -> None:
    number = reviewed(town)
    step(town, "lead", admit_agency, number, ("software_copyright",), "先准入一项")
    wanted = (TODAY + timedelta(days=60),)
    software = act(town, "importer", state_need, "software_copyright", "软件", *wanted, ENTERPRISE2)
    design = act(town, "importer", state_need, "design_patent", "外观", *wanted, ENTERPRISE2)

    def suggested(need: int) -> set[str]:
        with session(town.engine) as current:
            found = need_card(current, town.people["importer"], str(need), today())
            return {one.candidate.key for one in found.suggestions}

    assert NEW in suggested(software)
    assert NEW not in suggested(design)
    with pytest.raises(NotAvailable, match="不在“大连示例丙机构有限公司”的服务范围内"):
        act(town, "importer", ask_agency, design, NEW, 1)
    speaker = replace(town.people["agency"], agency_id=agency(town).id)
    with town.session() as current:
        with pytest.raises(NotAvailable, match="请先申请增加服务"):
            draft_agreement(current, speaker, ENTERPRISE2, "design_patent", TERMS)
        assert draft_agreement(current, speaker, ENTERPRISE2, "software_copyright", TERMS)


@ONE
@pytest.mark.parametrize("action", [suspend_agency, remove_agency])
def test_an_agency_that_is_out_drafts_nothing(town: Town, action: Any) -> None:
    more = (None,) if action is suspend_agency else ()
    act(town, "lead", action, AGENCY, TODAY, *more, "核查")
    with pytest.raises(NotAvailable, match="不能签订新的协议"):
        act(town, "agency", draft_agreement, ENTERPRISE2, "software_copyright", TERMS)


# ---------------------------------------------------------------- the criteria


def test_the_criteria_are_changed_by_two_people(town: Town) -> None:
    number = applied(town)
    texts = dict.fromkeys(LONGEST_CRITERION, "新的条件") | {
        "is_required": "yes", "is_in_force": "yes",
    }  # fmt: skip
    added = Draft(ChangeKind.admission_criterion, "A09", texts, today(), "补充条件")
    dropped = Draft(
        ChangeKind.admission_criterion, "A05", texts | {"is_in_force": "no"}, today(), "取消"
    )
    made = [act(town, "reviewer", draft_change, draft) for draft in (added, dropped)]
    assert "A09" not in codes(town)
    for change in made:
        act(town, "lead", confirm_change, change)
    assert codes(town) == ["A01", "A02", "A03", "A04", "A06", "A07", "A08", "A09"]
    assert [one.code for one in card(town, "reviewer", number).criteria][-1] == "A09"
    assert is_sound(town)
    said = broken(town, "UPDATE admission_criterion SET is_required = false WHERE code = 'A09'")
    assert "入会条件“A09:2026-11-20”的是否必备与操作记录不符" in said


@ONE
def test_a_criterion_is_drafted_whole(town: Town) -> None:
    texts = dict.fromkeys(LONGEST_CRITERION, "字") | {"is_required": "yes", "is_in_force": "yes"}
    with pytest.raises(NotFound):
        act(
            town, "reviewer", draft_change,
            Draft(ChangeKind.admission_criterion, "A42", texts, today(), "补充"),
        )  # fmt: skip
    for wrong in ({"name_zh": ""}, {"name_zh": "长" * 61}, {"is_required": "perhaps"}):
        draft = Draft(ChangeKind.admission_criterion, "A09", texts | wrong, today(), "补充")
        with pytest.raises(FigureRefused):
            act(town, "reviewer", draft_change, draft)


@ONE
def test_an_application_is_held_against_the_criteria_of_the_day_it_was_handed_in(
    town: Town,
) -> None:
    number = applied(town)
    with later(days=10):
        texts = dict.fromkeys(LONGEST_CRITERION, "新的条件") | {
            "is_required": "yes", "is_in_force": "yes",
        }  # fmt: skip
        draft = Draft(ChangeKind.admission_criterion, "A09", texts, today(), "补充条件")
        act(town, "lead", confirm_change, act(town, "reviewer", draft_change, draft))
        assert "A09" not in {one.code for one in card(town, "reviewer", number).criteria}
        step(town, "importer", take_back_application, number)
        assert "A09" in {one.code for one in card(town, "importer", number).criteria}


# ---------------------------------------------------------------- the record

# fmt: off
FORGED = {
    "UPDATE admission_application SET state = 'refused'": "状态与其记录不符",
    "UPDATE admission_application SET name = '别名'": "入会申请“RH-2026-00001”的",
    "UPDATE admission_application SET services = '[]'": "入会申请“RH-2026-00001”的申请的服务",
    "UPDATE admission_answer SET answer = '另' WHERE criterion_code = 'A01'": "条件说明或审查意见与其记录不符",
    "UPDATE admission_answer SET verdict = 'not_met' WHERE criterion_code = 'A02'": "条件说明或审查意见与其记录不符",
    "UPDATE admission_paper SET is_dropped = true WHERE criterion_code = 'A03'": "替换标记与其记录不符",
    "UPDATE admission_paper SET sha256 = 'x' WHERE criterion_code = 'A03'": "条入会记录与操作记录不符",
    "DELETE FROM admission_paper WHERE criterion_code = 'A03'": "条入会记录与操作记录不符",
}
# fmt: on


@pytest.mark.parametrize("statement", FORGED)
@ONE
def test_what_somebody_changes_directly_is_named(town: Town, statement: str) -> None:
    reviewed(town)
    assert is_sound(town)
    assert FORGED[statement] in broken(town, statement)


def test_the_events_are_append_only_and_a_missing_one_is_named(town: Town) -> None:
    number = entered(town)
    for statement in ("UPDATE admission_event SET note = 'x'", "DELETE FROM admission_event"):
        with pytest.raises(Exception, match="append-only"), town.engine.begin() as connection:
            connection.execute(text(statement))
    if town.engine.dialect.name == "sqlite":
        told = broken(town, "DROP TRIGGER admission_event_no_delete")
        assert told == "None"
        assert f"{number} 的第 1 条入会记录不见了" in broken(town, "DELETE FROM admission_event")


def test_a_decision_leaves_no_trace_where_it_is_refused(town: Town) -> None:
    number = reviewed(town)
    before = newest_link(town).seq
    with pytest.raises(NotAvailable), town.session() as current:
        admit_agency(current, town.people["lead"], number, (), "", row(town, number).version)
    with pytest.raises(NotFound):
        act(town, "lead", admit_agency, "RH-\x00", (), "", 1)
    assert newest_link(town).seq == before


@ONE
def test_an_answer_of_a_criterion_that_nobody_gave_is_examined_all_the_same(town: Town) -> None:
    """A criterion that is not required may be left out; its verdict stands by itself."""
    number = applied(town)
    examined(town, number)
    with session(town.engine) as current:
        kept = {one.criterion_code: one for one in current.exec(select(AdmissionAnswer))}
    assert (kept["A04"].answer, kept["A04"].verdict) == ("", CriterionVerdict.met)
